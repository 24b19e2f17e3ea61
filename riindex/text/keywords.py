"""The keywords of a text, as the macro ``keywords`` of an index tells them."""

from __future__ import annotations

import re

# To the letter; what is white space differs between pattern languages in the vertical tab.
_LINK = re.compile(r"(?:https?://|www\.)[^\t\n\f\r ]+")
_KEYWORD = re.compile(r"[a-z0-9]+")


def ascii_keywords(text: str) -> list[str] | None:
    """Those of a text of ASCII, in order; None for any other, whose accents and letters are DuckDB's to judge."""
    return _KEYWORD.findall(_LINK.sub(" ", text).lower()) if text.isascii() else None
