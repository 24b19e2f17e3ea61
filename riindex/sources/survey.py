"""Survey of a file: all that one pass over its bytes shows."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

# Errors of reading a file that cannot be read, is cut short or was damaged in packed form.
READ_ERRORS = (OSError, EOFError, zlib.error)
# Bytes read at a time.
BLOCK_BYTES = 1 << 22
# Bytes kept: from the beginning, and about the first place that is not UTF-8.
HEAD_BYTES, INVALID_BYTES = 1 << 18, 1 << 14
# JSON escapes of the two halves of a surrogate pair, and one that may have lost the other.
HIGH, LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
MAYBE_UNPAIRED = re.compile(HIGH + rb"(?!" + LOW + rb")|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})" + LOW)
# Longer than a pair, so that none is missed between two blocks.
OVERLAP = 16


@dataclass(frozen=True)
class Survey:
    """Hash of the bytes of a file; size, lines and beginning of its content, unpacked.

    ``invalid``: the bytes about the first place that is not UTF-8, empty where all is; ``unpaired``: whether a JSON
    escape may lack its other half; ``error``: the exception raised while the content was unpacked.
    """

    digest: str
    size: int
    lines: int
    head: bytes
    invalid: bytes
    unpaired: bool
    error: Exception | None = None


class _Hashed(io.RawIOBase):
    """File whose bytes are hashed as they are read."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.hasher = hashlib.blake2b(digest_size=16)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into a buffer, and hash what was read."""
        count = self._raw.readinto(buffer)  # type: ignore[attr-defined]
        self.hasher.update(buffer[:count])
        return int(count)


def survey_file(path: Path, packed: bool) -> Survey:
    """Read a file once, and keep what was seen while the file stays as it is. OSError if it cannot be read."""
    status = path.stat()
    return _survey(path, packed, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=64)
def _survey(path: Path, packed: bool, *_: int) -> Survey:
    size = lines = 0
    head = invalid = tail = b""
    unpaired, error = False, None
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb", buffering=0) as raw:
        hashed = _Hashed(cast("BinaryIO", raw))
        opened = io.BufferedReader(hashed, BLOCK_BYTES)
        try:
            with gzip.open(opened) if packed else opened as content:
                while block := content.read(BLOCK_BYTES):
                    head += block[: max(0, HEAD_BYTES - len(head))]
                    size, lines = size + len(block), lines + block.count(b"\n")
                    invalid = invalid or _invalid(decoder, block)
                    unpaired = unpaired or MAYBE_UNPAIRED.search(tail + block) is not None
                    tail = block[-OVERLAP:]
                invalid = invalid or _invalid(decoder, b"")
        except READ_ERRORS as problem:
            if not packed:
                raise
            error = problem.with_traceback(None)
        if packed:
            while opened.read(BLOCK_BYTES):  # what lies behind the packed content belongs to the file
                pass
    return Survey(hashed.hasher.hexdigest(), size, lines, head, invalid, unpaired, error)


def _invalid(decoder: codecs.IncrementalDecoder, block: bytes) -> bytes:
    """Return the bytes about the first place of a block that is not UTF-8; the last block is empty."""
    try:
        decoder.decode(block, final=not block)
    except UnicodeDecodeError as problem:
        start = max(0, problem.start - INVALID_BYTES // 2)
        return problem.object[start : start + INVALID_BYTES]
    return b""


def open_binary(path: Path, packed: bool) -> BinaryIO:
    """Open the file's bytes, unpacked; reading a damaged one raises one of READ_ERRORS."""
    return cast("BinaryIO", gzip.open(path, "rb") if packed else path.open("rb"))
