"""Streams of a command: texts from outside reach a terminal as text, in any encoding."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO, cast

from riindex.errors import RiError
from riindex.text.display import terminal_text


class Shown:
    """Stream of text that shows control characters instead of passing them on; otherwise it behaves like its stream.

    ``raw``: True to pass them on. After the reader of a pipe has closed it, further output is discarded, and the
    command continues: its work and its exit code do not depend on the reader.
    """

    def __init__(self, stream: TextIO, raw: bool = False) -> None:
        self._stream = stream
        self._raw = raw

    def write(self, text: str) -> int:
        """Write a text with control characters made visible."""
        try:
            self._stream.write(text if self._raw else terminal_text(text))
        except BrokenPipeError:
            self._write_nowhere()
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
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
    """Make standard output and error show texts as text; RiError if there is no standard output."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stderr is None:
        sys.stderr = io.StringIO()  # without standard error, messages are discarded
    if not isinstance(sys.stderr, Shown):
        sys.stderr = cast(TextIO, Shown(sys.stderr))
    if sys.stdout is None:
        raise RiError("standard output is closed", "redirect it to a file: > answer.txt")
    if not isinstance(sys.stdout, Shown):
        sys.stdout = cast(TextIO, Shown(sys.stdout))


def empty_line() -> None:
    """Clear the current line of a terminal on standard error."""
    stream = sys.stderr._stream if isinstance(sys.stderr, Shown) else sys.stderr
    stream.write("\r\033[K")


def data_stream() -> TextIO:
    """Return standard output for data: unchanged for a file, with visible control characters for a terminal."""
    stream = sys.stdout
    if isinstance(stream, Shown) and not stream.isatty():
        return cast(TextIO, Shown(stream._stream, raw=True))
    return stream
