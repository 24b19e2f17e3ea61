"""In which language a text is written, where its source does not say: by its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

# Letters of a script → its name; Latin is told apart by words.
SCRIPTS = {
    "Devanagari": "[\u0900-\u097f]",
    "Arabic script": "[\u0600-\u06ff]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Greek": "[\u0370-\u03ff]",
    "Hebrew": "[\u0590-\u05ff]",
    "Thai": "[\u0e00-\u0e7f]",
    "Hangul": "[\uac00-\ud7af]",
    "Kana": "[\u3040-\u30ff]",
    "Han": "[\u3400-\u9fff]",
}
_OTHER = re.compile("[\u0370-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
# A handle, a hashtag or a link has no language.
_PLAIN = re.compile(r"[@#]\w+|https?://\S+")
# Different common words that settle it; one alone may stand in any language.
ENOUGH = 2


@cache
def _common() -> dict[str, tuple[str, ...]]:
    """Word → the languages in which it is one of the commonest (``languages.txt``)."""
    found: dict[str, tuple[str, ...]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        language, *words = line.split()
        for word in words:
            found[word] = (*found.get(word, ()), language)
    return found


def language_of(text: str) -> str | None:
    """The language, or the script where it is not Latin; None where too few of its words tell.

    The language with the most of its commonest words in the text (Grefenstette 1995), if they are ENOUGH and no other
    has as many.
    """
    plain = _PLAIN.sub(" ", text.lower())
    words = _WORD.findall(plain)
    strange = _OTHER.findall(plain)
    if 2 * len(strange) > sum(map(len, words)):
        counts = {name: len(re.findall(letters, plain)) for name, letters in SCRIPTS.items()}
        return max(counts, key=lambda name: counts[name]) if any(counts.values()) else None
    hits: Counter[str] = Counter()
    for word in set(words):
        hits.update(_common().get(word.replace("\u2019", "'"), ()))
    best, second = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    return best[0] if best[1] >= ENOUGH and best[1] > second[1] else None
