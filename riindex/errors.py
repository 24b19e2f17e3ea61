"""Every error a user can cause, as one tree.

RiError
├── InputError            a source cannot be read, or has nothing to read
├── ConfigError           a setting is unknown, or its value is out of range
├── BuildError            a stage failed; ``.stage`` names it
├── IndexNotFound         no index at that path
├── IndexBusy             another build holds the target
├── StaleIndex            the file was replaced while it was open; ``reopen()`` helps
├── UnsafeIndex           a file that carries code in the place of riindex's or DuckDB's own
├── QueryError            a question that cannot be answered as given
└── MissingExtra          an optional library is not installed (also an ImportError)
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

# Message of the RuntimeError that DuckDB's client raises on Ctrl-C while a statement runs.
INTERRUPTED = "Query interrupted"
# Messages of DuckDB about a statement that failed because an earlier one did.
CONSEQUENCES = ("Current transaction is aborted", "connection has an open result")


class RiError(Exception):
    """Problem that the user can mend: ``message`` names it, ``hint`` the remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class InputError(RiError):
    """A source cannot be read, or has nothing to read."""


class ConfigError(RiError):
    """A setting is unknown, or its value is out of range."""


class BuildError(RiError):
    """A stage failed; ``stage`` names it."""

    def __init__(self, message: str, hint: str = "", stage: str = "") -> None:
        super().__init__(message, hint)
        self.stage = stage


class IndexNotFound(RiError):  # noqa: N818 - the public name reads as the event
    """No index at the path given."""


class IndexBusy(RiError):  # noqa: N818
    """Another build holds the target."""


class StaleIndex(RiError):  # noqa: N818
    """The file was replaced while it was open; ``RIIndex.reopen()`` shows the new one."""


class UnsafeIndex(RiError):  # noqa: N818
    """A file carries code that riindex did not write, in the place of riindex's or DuckDB's own."""


class QueryError(RiError):
    """A question that cannot be answered as given."""


class MissingExtra(RiError, ImportError):  # noqa: N818
    """An optional library is not installed; the hint is the exact ``pip install``."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"{library} is needed for this and not installed", f"pip install {library}   (riindex's extra [{extra}])"
        )


def first_error(problem: BaseException) -> BaseException:
    """Return the first error: to every later statement DuckDB reports only that the transaction is aborted."""
    found: BaseException = problem
    while (before := found.__cause__ or found.__context__) is not None and any(t in str(found) for t in CONSEQUENCES):
        found = before
    return found


@contextmanager
def as_build_error(doing: str, stage: str = "", resumed: bool = True) -> Iterator[None]:
    """Re-raise any library error as a BuildError that names the step (``doing``) and the remedy.

    ``resumed``: the same command goes on from where it stopped; else nothing was done.
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
        raise BuildError(f"{doing} failed: {_first_line(first)}", _remedy(first, resumed), stage) from last


def _first_line(problem: BaseException) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0][:300]


def _remedy(problem: BaseException, resumed: bool) -> str:
    kept = "what was done so far is kept: the same command goes on from there"
    hint = kept if resumed else "nothing was changed: give the same command again"
    text, number = str(problem), getattr(problem, "errno", None)
    if "No space left" in text or "File too large" in text or number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some disk space; " + hint
    if isinstance(problem, MemoryError) or "Out of Memory" in text or number == errno.ENOMEM:
        return "allow more with --memory, close other programs, or lower --set fit.max_documents; " + hint
    if number == errno.EMFILE or "Too many open files" in text:
        return "allow more open files: ulimit -n 1024; " + hint
    return hint
