"""Excel and OpenDocument workbooks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from riindex.errors import InputError
from riindex.sources import workbooks
from riindex.sources.base import Source
from riindex.sources.workbooks import EXIT_REFUSED, MAX_MEMORY
from riindex.store.folders import private_folder


def sheet_source(path: Path, wanted: str | None) -> Source:
    """Read the sheet named, else those that hold the texts.

    It is read by a child process with limits of its own. Raises InputError for one that cannot be read, or not within
    them.
    """
    import pyarrow as pa

    with path.open("rb"), private_folder() as folder:
        target = folder / "sheet.arrow"
        # No module of the current folder is imported (-P).
        command = [
            sys.executable,
            "-P",
            "-m",
            workbooks.__name__,
            str(path.absolute()),
            str(target),
            *([wanted] if wanted else []),
        ]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode == EXIT_REFUSED:
            message, hint = json.loads(done.stdout.splitlines()[-1])
            raise InputError(message.replace(str(path.absolute()), str(path)), hint)
        if done.returncode > 0 and "MemoryError" not in done.stderr:
            reason = (done.stderr.strip().splitlines() or ["its reader ended"])[-1][:200]
            raise InputError(f"{path} cannot be read: {reason}", "save the sheet as CSV")
        if done.returncode:
            raise InputError(
                f"{path} needs more than {MAX_MEMORY >> 30} GB of memory or ten minutes: a cell may lie far outside",
                "delete the empty rows and columns behind its table, or save the sheet as CSV",
            )
        with pa.OSFile(str(target)) as file:
            note = json.loads(done.stdout.splitlines()[-1])
            return Source(str(path), frame=pa.ipc.open_file(file).read_all(), note=note)
