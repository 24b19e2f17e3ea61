"""Where what a library raises becomes an error that says what failed and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riindex.errors import BuildError, RiError

# What DuckDB's client makes of Ctrl-C while a statement runs: a RuntimeError of these words.
INTERRUPTED = "Query interrupted"
# What DuckDB says of a statement that failed because an earlier one did.
CONSEQUENCES = ("Current transaction is aborted", "connection has an open result")


def expanded(name: str | Path) -> Path:
    """Return a path, its ``~`` expanded where a shell would: not in ``~$a.csv``, the name of a file that is there.

    What no home folder is known for stays as it is.
    """
    path = Path(name)
    try:
        return path if path.exists() else path.expanduser()
    except (OSError, RuntimeError, ValueError):
        return path


def first_error(problem: BaseException) -> BaseException:
    """Return what went wrong first: DuckDB tells every later statement only that the transaction is aborted."""
    found: BaseException = problem
    while (before := found.__cause__ or found.__context__) is not None and any(t in str(found) for t in CONSEQUENCES):
        found = before
    return found


@contextmanager
def told(what: str, stage: str = "", resumed: bool = True) -> Iterator[None]:
    """Raise what a library raises while ``what`` is done as a BuildError that says so, and what to do.

    ``resumed``: whether the same command goes on from where it stopped; else nothing was done.
    """
    try:
        yield
    except RiError as problem:
        if isinstance(problem, BuildError) and not problem.stage:
            problem.stage = stage
        raise
    except BaseException as last:
        # A panic of a library written in Rust is not an Exception.
        if not isinstance(last, Exception) and type(last).__name__ != "PanicException":
            raise
        first = first_error(last)
        if INTERRUPTED in str(first):
            raise KeyboardInterrupt from last
        raise BuildError(f"{what} failed: {_first_line(first)}", _way_out(first, resumed), stage) from last


def _first_line(problem: BaseException) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0][:300]


def _way_out(problem: BaseException, resumed: bool) -> str:
    kept = "what was done so far is kept: the same command goes on from there"
    hint = kept if resumed else "nothing was changed: give the same command again"
    said, number = str(problem), getattr(problem, "errno", None)
    if "No space left" in said or "File too large" in said or number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "make room on the disk; " + hint
    if isinstance(problem, MemoryError) or "Out of Memory" in said or number == errno.ENOMEM:
        return "allow more with --memory, close other programs, or lower --set fit.max_documents; " + hint
    if number == errno.EMFILE or "Too many open files" in said:
        return "allow more open files: ulimit -n 1024; " + hint
    return hint
