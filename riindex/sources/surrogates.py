"""Unpaired surrogates: what is left where a text was cut in the middle of an emoji."""

from __future__ import annotations

import re
from pathlib import Path

from riindex.sources.survey import HIGH, LOW, open_binary

# An escaped backslash and a whole pair are passed over; any escape left is unpaired.
UNPAIRED = re.compile(rb"(\\\\|" + HIGH + LOW + rb")|" + HIGH + rb"|" + LOW)
# U+FFFD, the replacement character, as JSON writes it.
REPLACEMENT = rb"\ufffd"


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
