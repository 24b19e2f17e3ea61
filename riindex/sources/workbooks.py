"""Read a workbook in a process of its own, which the system limits: ``python -m riindex.sources.workbooks``.

A workbook states itself how large its sheets are, and its reader allocates all of that: a file of 2 kB can require half
a terabyte, and running out of memory there ends the process.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import InputError
from riindex.machine.clock import start_clock
from riindex.sources.base import EMPTY_HINT, distinct_names
from riindex.sources.columns import ROLES, join_names, normalised_name

if TYPE_CHECKING:
    import pyarrow as pa


# Bytes of data and seconds of work that reading may take: 200,000 rows of six columns take 0.5 GB and 4 s.
MAX_MEMORY = 6 << 30
MAX_SECONDS = 600
# Exit code where the workbook itself is at fault.
EXIT_REFUSED = 3


def read_sheet(path: Path, wanted: str | None) -> pa.Table:
    """Return the sheet named, else the first that has a column of text. Its first row with a cell is the header."""
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if wanted is not None and wanted not in names:
                raise InputError(f"{path.name} has no sheet {wanted!r}", f"it has: {join_names(names)}")
            pages = [book.get_sheet_by_name(name).to_python() for name in ([wanted] if wanted else names)]
    except (CalamineError, OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read: {problem}", "save it again, without password") from problem
    filled = [rows for rows in (_filled(page) for page in pages) if rows]
    if not filled:
        raise InputError(f"{path} is empty", EMPTY_HINT)
    rows = next((rows for rows in filled if _has_text(rows[0])), filled[0])
    header, body = rows[0], rows[1:]
    columns = list(zip(*body, strict=True)) or [()] * len(header)
    names = distinct_names([_cell(name) or "" for name in header])
    return pa.table(
        {name: pa.array([_cell(v) for v in column], pa.string()) for name, column in zip(names, columns, strict=True)}
    )


def _filled(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows from the first that has a cell on, without those that are empty."""
    return [row for row in rows if any(value not in ("", None) for value in row)]


def _has_text(header: list[Any]) -> bool:
    return any(normalised_name(str(name)) in ROLES["text"] for name in header)


def _cell(value: Any) -> str | None:
    """Return a cell as text; a whole number without its point, a date as ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f") if abs(value) < 1e30 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _limit_process() -> None:
    """Limit the memory and time of this process, where the system can (Windows cannot)."""
    if sys.platform == "win32":
        return
    import resource

    for limit, maximum in (
        (resource.RLIMIT_DATA, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (maximum if hard == resource.RLIM_INFINITY else min(maximum, hard), hard))


def main(path: str, target: str, wanted: str | None = None) -> int:
    """Write a sheet as an Arrow file; an error of the workbook goes to standard output, as JSON."""
    import pyarrow as pa

    start_clock(float("inf"))  # the time is bounded below; this ends it with its parent
    _limit_process()
    try:
        table = read_sheet(Path(path), wanted)
    except InputError as problem:
        print(json.dumps([problem.message, problem.hint]))  # noqa: T201 - the parent reads it
        return EXIT_REFUSED
    with pa.OSFile(target, "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
