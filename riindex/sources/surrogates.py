"""Halves of characters: what is left where a text was cut in the middle of an emoji."""

from __future__ import annotations

import re
from pathlib import Path

from riindex.sources.encodings import BLOCK_BYTES, open_binary

HIGH, LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
# An escaped backslash and a whole pair are passed over; what is left of the escapes is a half.
UNPAIRED = re.compile(rb"(\\\\|" + HIGH + LOW + rb")|" + HIGH + rb"|" + LOW)
MAYBE_UNPAIRED = re.compile(HIGH + rb"(?!" + LOW + rb")|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})" + LOW)
# Longer than a pair, so that none is missed between two blocks.
OVERLAP = 16
# U+FFFD, the character for one that is missing, as JSON writes it.
REPLACEMENT = rb"\ufffd"


def has_unpaired_escapes(path: Path, packed: bool) -> bool:
    """Whether a JSON file may escape one half of a surrogate pair, which no JSON reader takes."""
    tail = b""
    with open_binary(path, packed) as handle:
        while block := handle.read(BLOCK_BYTES):
            if MAYBE_UNPAIRED.search(tail + block):
                return True
            tail = block[-OVERLAP:]
    return False


def replace_unpaired_escapes(path: Path, packed: bool, target: Path) -> int:
    """Write the file with U+FFFD for every half, line by line; the answer is how many there were."""
    halves = 0

    def whole(match: re.Match[bytes]) -> bytes:
        nonlocal halves
        halves += match[1] is None
        return match[1] or REPLACEMENT

    with open_binary(path, packed) as handle, target.open("wb") as out:
        out.writelines(UNPAIRED.sub(whole, line) for line in handle)
    return halves
