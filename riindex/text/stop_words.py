"""Stop words: words without a subject in English, in Hindi in both scripts, on Twitter, and in 57 other languages.

Those of the other languages are Stopwords ISO, by the library stopwordsiso.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from riindex.text.languages import language_name

_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ARABIC = re.compile("[\u0620-\u064a]")
_HAMZA = str.maketrans("\u0623\u0625\u0622", "\u0627\u0627\u0627")
ROMANISED_HEADING = "# Hindi in Latin script"


@cache
def _lines() -> tuple[str, ...]:
    return tuple(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines())


@cache
def stop_words() -> tuple[str, ...]:
    """Return the words of ``stop_words.txt``, lower case, sorted."""
    return tuple(sorted({word for line in _lines() if not line.startswith("#") for word in line.split()}))


@cache
def stop_words_by_language() -> tuple[tuple[str, str], ...]:
    """Return (language, word in lower case) of Stopwords ISO, sorted; 58 languages, English among them."""
    from stopwordsiso import langs, stopwords

    listed = [(language_name(code), stopwords(code)) for code in langs()]
    found = {(language, word.lower()) for language, words in listed for word in words if not re.search(r"\s", word)}
    return tuple(sorted(found))


@cache
def term_stop_words() -> tuple[str, ...]:
    """Return the words to leave out of terms in texts of any language: those in Latin letters may be terms elsewhere.

    "die" is an article in German and a subject in English; ``enrich/terms/foreign_words`` decides by its texts.
    """
    others = {word for _, word in stop_words_by_language() if not _LATIN.search(word)}.union(stop_words())
    # "And" and "so" are written together with the word that follows, and a hamza is often left out.
    spelled = {form for word in others if _ARABIC.match(word) for form in (word, word.translate(_HAMZA))}
    joined = {conjunction + word for word in spelled for conjunction in "\u0648\u0641"}
    return tuple(sorted(others | spelled | joined))


def romanised_hindi() -> frozenset[str]:
    """Return the function words of Hindi in Latin script, less those that have a meaning in English too."""
    found: set[str] = set()
    inside = False
    for line in _lines():
        if line.startswith("#"):
            inside = line.startswith(ROMANISED_HEADING)
        elif inside:
            found.update(line.split())
    return frozenset(found)
