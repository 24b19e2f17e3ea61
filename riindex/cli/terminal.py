"""The streams of a command: texts from outside reach a terminal as text, whatever its encoding."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO, cast

from riindex.errors import RiError
from riindex.text.display import terminal_text


class Shown:
    """A stream of text that shows control characters instead of handing them on; all else is the stream's own.

    ``raw``: whether they are handed on all the same. When the reader of a pipe has left, the rest is written nowhere,
    and the command goes on: what it does, and its exit code, do not depend on who reads.
    """

    def __init__(self, stream: TextIO, raw: bool = False) -> None:
        self._stream = stream
        self._raw = raw

    def write(self, text: str) -> int:
        """Write a text as it may be shown."""
        try:
            self._stream.write(text if self._raw else terminal_text(text))
        except BrokenPipeError:
            self._write_nowhere()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._write_nowhere()

    def _write_nowhere(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard_streams() -> None:
    """Make standard output and error show texts as text; RiError where there is no standard output."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stderr is None:
        sys.stderr = io.StringIO()  # what nobody can read is said to nobody
    if not isinstance(sys.stderr, Shown):
        sys.stderr = cast(TextIO, Shown(sys.stderr))
    if sys.stdout is None:
        raise RiError("standard output is closed, so there is nowhere to write to", "send it to a file: > answer.txt")
    if not isinstance(sys.stdout, Shown):
        sys.stdout = cast(TextIO, Shown(sys.stdout))


def empty_line() -> None:
    """Go back to the beginning of the line of a terminal on standard error, and empty it."""
    stream = sys.stderr._stream if isinstance(sys.stderr, Shown) else sys.stderr
    stream.write("\r\033[K")


def data_stream() -> TextIO:
    """Return standard output for data: a file gets them as they are, a terminal as they may be shown."""
    stream = sys.stdout
    if isinstance(stream, Shown) and not stream.isatty():
        return cast(TextIO, Shown(stream._stream, raw=True))
    return stream
