"""The type of a source: one file, or one table in memory."""

from __future__ import annotations

import errno
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riindex.errors import InputError
from riindex.store.folders import make_private, remove_private

TEXT_FORMATS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".js", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
DATABASES = (".db", ".sqlite", ".sqlite3", ".duckdb", ".ddb")
# Files of a build: each takes 15 ms and 100 kB, whatever is in it.
MAX_FILES = 2_000
EMPTY_HINT = "export it again"  # remedy for a file without rows
TARS = (".tar", ".tgz", ".tbz2", ".txz")
COMPRESSED = (".bz2", ".xz", ".zst")  # unpacked before they are read; gzip is read as it is
FORMATS = (".parquet", *TEXT_FORMATS, *WORKBOOKS, *DATABASES, ".zip", *TARS)


def check_free_space(problem: BaseException) -> None:
    """Raise InputError where the temporary folder is full, not the source at fault."""
    if getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        raise InputError(
            f"the temporary folder is full: {tempfile.gettempdir()}",
            "free some space there, or name another folder: TMPDIR=/path",
        ) from problem


def check_file_count(files: int, name: str) -> None:
    """Raise InputError for more files than are read in one build."""
    if files > MAX_FILES:
        raise InputError(
            f"{name} holds {files:,} files; {MAX_FILES:,} are read at most", "put their rows together into fewer files"
        )


class ScratchFolder:
    """Private folder that is removed with its last reference."""

    def __init__(self) -> None:
        self.path, held = make_private()
        weakref.finalize(self, remove_private, self.path, held)


@dataclass(frozen=True)
class Source:
    """One file, or one table in memory (then ``frame`` is set).

    ``name`` stands in messages and in the build's record; it holds no password. ``keep`` is whatever must live as long
    as the source does, such as the folder that an archive was unpacked to. ``note``: what a user should know of it.
    """

    name: str
    path: Path | None = None
    frame: Any = None
    keep: Any = field(default=None, repr=False, compare=False)
    note: str = field(default="", compare=False)

    @property
    def format(self) -> str:
        """Format of the file as a suffix, for ``.gz`` that of what is in it; empty for a frame."""
        if self.path is None:
            return ""
        suffixes = [s.lower() for s in self.path.suffixes]
        if suffixes and suffixes[-1] in (".gz", *COMPRESSED):
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @property
    def file_name(self) -> str | None:
        """Name of the file, or of the member of an archive, without its folders; None for a table in memory."""
        in_memory = self.frame is not None and self.name.isidentifier()
        return None if in_memory else Path(self.name).name.encode("utf-8", "replace").decode()

    @property
    def packed(self) -> bool:
        """True for a file compressed by gzip."""
        return self.path is not None and self.path.suffix.lower() == ".gz"


def as_arrow(frame: Any) -> Any:
    """Return an Arrow table of a Polars, pandas or Arrow frame; raise InputError for anything else."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "collect") and hasattr(frame, "lazy"):
        frame = frame.lazy().collect()
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    if type(frame).__module__.startswith("pandas"):
        return pa.Table.from_pandas(frame, preserve_index=False)
    raise InputError(f"a {type(frame).__name__} is not a source", "give a path, or an Arrow, Polars or pandas table")


def distinct_names(names: list[str]) -> list[str]:
    """Return column names, the blank ones numbered, repeats made distinct by a number."""
    unique: list[str] = []
    taken: set[str] = set()
    for number, given in enumerate(names):
        name = base = given.strip() or f"column{number}"
        again = 1
        while name.lower() in taken:
            name = f"{base}_{again}"
            again += 1
        taken.add(name.lower())
        unique.append(name)
    return unique
