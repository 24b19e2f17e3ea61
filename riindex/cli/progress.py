"""Progress of a build on the terminal: stages, rates, remaining times."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from riindex.cli.terminal import empty_line

# Seconds before a stage shows its progress.
PATIENCE = 2.0


class Terminal:
    """Progress report on stderr; ``details`` shows details too, ``begin`` is called at the first stage."""

    def __init__(self, details: bool = False, begin: Callable[[], None] | None = None) -> None:
        self._details = details
        self._begin = begin
        self._live = sys.stderr.isatty()
        self._started = 0.0
        self._shown = 0.0
        self.warnings: list[str] = []
        self._notes: list[str] = []

    def stage(self, name: str) -> None:
        """Start a stage."""
        if self._begin is not None:
            self._begin()
            self._begin = None
        self._started = self._shown = time.monotonic()
        self._notes = []
        if self._live:
            empty_line()
            click.echo(f"  {name} …", nl=False, err=True)

    def progress(self, done: int, total: int, unit: str) -> None:
        """Show rate and time left, at most twice a second, once the stage has run for two seconds."""
        now = time.monotonic()
        if not self._live or now - self._started < PATIENCE or now - self._shown < 0.5:
            return
        self._shown = now
        rate = done / (now - self._started)
        left = (total - done) / max(rate, 1e-9)
        empty_line()
        click.echo(f"  {done:,} of {total:,} {unit}, {rate:,.0f}/s, {left:,.0f} s left", nl=False, err=True)

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """End a stage."""
        took = "unchanged" if reused else f"{seconds:.1f} s"
        notes = "; ".join(self._notes)
        if not reused or self._details:
            if self._live:
                empty_line()
            click.echo(f"  {name:<9}{took:>10}  {notes}".rstrip(), err=True)

    def note(self, text: str) -> None:
        """Add a fact about the current stage."""
        self._notes.append(text)

    def detail(self, text: str) -> None:
        """Add a detail about the current stage, shown with --verbose."""
        if self._details:
            self._notes.append(text)

    def warn(self, text: str) -> None:
        """Show a warning at once, and again at the end."""
        self.warnings.append(text)
        if self._live:
            empty_line()
        click.echo(f"  ! {text}", err=True)
