"""Receivers of the progress of long work: a terminal, a log, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

# Called with the number of further units done.
Advance = Callable[[int], None]
# Called with a description of the current work.
Message = Callable[[str], None]


class Progress(Protocol):
    """Receiver of a build's progress: a terminal, a log, or none."""

    def stage(self, name: str) -> None:
        """Begin a stage."""

    def progress(self, done: int, total: int, unit: str) -> None:
        """Report ``done`` of ``total`` units of the current stage."""

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """End a stage; ``reused``: its former result was still valid."""

    def note(self, text: str) -> None:
        """Report a fact about the current stage."""

    def detail(self, text: str) -> None:
        """Report a fact that is shown on request only."""

    def warn(self, text: str) -> None:
        """Report something that the user should check."""


class NullProgress:
    """Receiver that discards all progress."""

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
