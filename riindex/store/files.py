"""Database files on the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb

from riindex.errors import BuildError, IndexBusy, IndexNotFound


def remove_database(path: Path) -> None:
    """Remove a database file with its write-ahead log."""
    for suffix in ("", ".wal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def check_readable(path: Path) -> None:
    """Raise IndexNotFound for a file that does not exist or cannot be read."""
    if not path.is_file():
        raise IndexNotFound(f"there is no index {path}", "build one: ri build tweets.parquet")
    try:
        path.open("rb").close()
    except OSError as problem:
        raise IndexNotFound(f"{path} cannot be read: {problem.strerror}", "check its permissions") from problem


# Errors of the system that pass: a file behind one of them may be whole.
_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOMEM,
            errno.EROFS)  # fmt: skip


def is_passing(problem: BaseException) -> bool:
    """Return True for an error whose cause is the system (disk, memory, rights) and not the content of a file."""
    causes = [problem, *(cause for cause in (problem.__cause__, problem.__context__) if cause is not None)]
    if any(isinstance(cause, duckdb.OutOfMemoryException | MemoryError) for cause in causes):
        return True
    texts = " ".join(map(str, causes))
    return any(os.strerror(number) in texts for number in _PASSING)


def attach_error(path: Path, read_only: bool, problem: duckdb.Error) -> Exception:
    """Return an error of DuckDB on opening a file as an error of this program with a hint."""
    text = str(problem)
    if "lock" in text.lower() and "conflicting" in text.lower():
        return IndexBusy(f"another program has {path} open for writing", "wait for it to end, then try again")
    if read_only:
        with path.open("rb") as handle:
            if handle.read(12)[8:] != b"DUCK":
                return IndexNotFound(f"{path} is not an index", "name one: a .duckdb file that ri build wrote")
        first = text.splitlines()[0]
        return IndexNotFound(f"{path} is not a readable index: {first}", "build it again: ri build SOURCE")
    return BuildError(f"{path} cannot be written: {text.splitlines()[0]}", "check the folder and the disk")
