"""The keywords of a text, as the macro ``keywords`` of an index returns them."""

from __future__ import annotations

import re

# Spelled out, since pattern languages differ on whether the vertical tab is white space.
_LINK = re.compile(r"(?:https?://|www\.)[^\t\n\f\r ]+")
_KEYWORD = re.compile(r"[a-z0-9]+")


def ascii_keywords(text: str) -> list[str] | None:
    """Return the keywords of an ASCII text, in order; None for any other text.

    Accents and letters beyond ASCII are left to DuckDB.
    """
    return _KEYWORD.findall(_LINK.sub(" ", text).lower()) if text.isascii() else None
