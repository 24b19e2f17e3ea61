"""Who follows long work: a terminal, a log, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

# Told how many more are done.
Advance = Callable[[int], None]
# Told what is being done now.
Message = Callable[[str], None]


class Progress(Protocol):
    """Who follows a build: a terminal, a log, or nobody."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def progress(self, done: int, total: int, unit: str) -> None:
        """``done`` of ``total`` units of the current stage are through."""

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """A stage has ended; ``reused``: its result was still good."""

    def note(self, text: str) -> None:
        """A fact about the current stage."""

    def detail(self, text: str) -> None:
        """A fact for those who ask for details."""

    def warn(self, text: str) -> None:
        """Something the user should look at."""


class NullProgress:
    """Progress that nobody follows."""

    def stage(self, name: str) -> None:
        """Do nothing."""

    def progress(self, done: int, total: int, unit: str) -> None:
        """Do nothing."""

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""

    def detail(self, text: str) -> None:
        """Do nothing."""

    def warn(self, text: str) -> None:
        """Do nothing."""
