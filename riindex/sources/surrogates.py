"""Unpaired surrogates: what is left where a text was cut in the middle of an emoji."""

from __future__ import annotations

import re
from pathlib import Path

from riindex.sources.encodings import BLOCK_BYTES, open_binary

HIGH, LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
# An escaped backslash and a whole pair are passed over; any escape left is unpaired.
UNPAIRED = re.compile(rb"(\\\\|" + HIGH + LOW + rb")|" + HIGH + rb"|" + LOW)
MAYBE_UNPAIRED = re.compile(HIGH + rb"(?!" + LOW + rb")|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})" + LOW)
# Longer than a pair, so that none is missed between two blocks.
OVERLAP = 16
# U+FFFD, the replacement character, as JSON writes it.
REPLACEMENT = rb"\ufffd"


def has_unpaired_escapes(path: Path, packed: bool) -> bool:
    """Check that a JSON file may escape an unpaired surrogate, which no JSON reader takes."""
    tail = b""
    with open_binary(path, packed) as handle:
        while block := handle.read(BLOCK_BYTES):
            if MAYBE_UNPAIRED.search(tail + block):
                return True
            tail = block[-OVERLAP:]
    return False


def replace_unpaired_escapes(path: Path, packed: bool, target: Path) -> int:
    """Write the file with U+FFFD for every unpaired surrogate, line by line; return their number."""
    unpaired = 0

    def whole(match: re.Match[bytes]) -> bytes:
        nonlocal unpaired
        unpaired += match[1] is None
        return match[1] or REPLACEMENT

    with open_binary(path, packed) as handle, target.open("wb") as out:
        out.writelines(UNPAIRED.sub(whole, line) for line in handle)
    return unpaired
