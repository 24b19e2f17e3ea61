"""Where what a library raises becomes an error that says what failed and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from riindex.errors import BuildError, RiError

# What DuckDB's client makes of Ctrl-C while a statement runs: a RuntimeError of these words.
INTERRUPTED = "Query interrupted"


@contextmanager
def told(what: str, stage: str = "") -> Iterator[None]:
    """A boundary: what a library raises while ``what`` is done becomes a BuildError that says so and what to do."""
    try:
        yield
    except RiError as problem:
        if isinstance(problem, BuildError) and not problem.stage:
            problem.stage = stage
        raise
    except Exception as problem:
        if INTERRUPTED in str(problem):
            raise KeyboardInterrupt from problem
        raise BuildError(f"{what} failed: {_first_line(problem)}", _way_out(problem), stage) from problem


def _first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0][:300]


def _way_out(problem: Exception) -> str:
    hint = "what was done so far is kept: the same command goes on from there"
    said, number = str(problem), getattr(problem, "errno", None)
    if "No space left" in said or "File too large" in said or number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "make room on the disk; " + hint
    if isinstance(problem, MemoryError):
        return "close other programs, or lower --set fit.max_documents; " + hint
    return hint
