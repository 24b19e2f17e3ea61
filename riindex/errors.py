"""Every error a user can cause, as one tree.

RiError
├── InputError            a source cannot be read, or has nothing to read
├── ConfigError           a setting is unknown, or its value is out of range
├── BuildError            a stage failed; ``.stage`` names it
├── IndexNotFound         no index at that path
├── IndexBusy             another build holds the target
├── StaleIndex            the file was replaced while it was open; ``reopen()`` helps
├── UnsafeIndex           a file that carries code in the place of riindex's or DuckDB's own
├── QueryError            a question that cannot be answered as asked
└── MissingExtra          an optional library is not installed (also an ImportError)
"""

from __future__ import annotations


class RiError(Exception):
    """A problem the user can mend: ``message`` says what is wrong, ``hint`` what to do."""

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
    """A file carries code that riindex did not write, in the place of what it or DuckDB has."""


class QueryError(RiError):
    """A question that cannot be answered as asked."""


class MissingExtra(RiError, ImportError):  # noqa: N818
    """An optional library is not installed; the hint is the exact ``pip install``."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"{library} is needed for this and not installed", f"pip install {library}   (riindex's extra [{extra}])"
        )
