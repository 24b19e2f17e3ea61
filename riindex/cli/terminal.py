"""The streams of a command: texts from outside reach a terminal as text, whatever its encoding."""

from __future__ import annotations

import io
import sys
from typing import Any, TextIO, cast

from riindex.errors import RiError
from riindex.text.display import shown


class Shown:
    """A stream of text that shows control characters instead of handing them on; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text as it may be shown."""
        self._stream.write(shown(text))
        return len(text)

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
    return stream._stream if isinstance(stream, Shown) and not stream.isatty() else stream
