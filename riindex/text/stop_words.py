"""Stop words: words without a subject in English, in Hindi in both scripts, and on Twitter."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROMANISED_HEADING = "# Hindi in Latin script"


@cache
def _lines() -> tuple[str, ...]:
    return tuple(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines())


@cache
def stop_words() -> tuple[str, ...]:
    """Return the words of ``stop_words.txt``, lower case, sorted."""
    return tuple(sorted({word for line in _lines() if not line.startswith("#") for word in line.split()}))


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
