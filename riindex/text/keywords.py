"""The keywords of a text, as the macro ``keywords`` of an index returns them."""

from __future__ import annotations

import re

# Spelled out, since pattern languages differ on whether the vertical tab is white space.
_LINK = re.compile(r"(?:https?://|www\.)[^\t\n\f\r ]+")
# Letters of scripts other than Latin, and those of which one is a word, as sql/words/macros.sql has them.
_BEYOND_LATIN = re.compile("[\u0370-\U0010ffff]")
_CHARACTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0002fa1f]")
_KEYWORD = re.compile(r"[a-z0-9]+")


def ascii_keywords(text: str) -> list[str] | None:
    """Return the keywords of an ASCII text, in order; None for any other text.

    Accents and letters beyond ASCII are left to DuckDB.
    """
    return _KEYWORD.findall(_LINK.sub(" ", text).lower()) if text.isascii() else None


def is_found_inside(keyword: str) -> bool:
    """Return True for a keyword that is also found inside longer ones: beyond the Latin script, articles and endings.

    A single letter is not, unless it is a character of a script without blanks.
    """
    return bool(_BEYOND_LATIN.search(keyword)) and (len(keyword) > 1 or bool(_CHARACTERS.search(keyword)))
