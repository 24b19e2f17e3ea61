"""Words that tell nothing of a subject: English, Hindi in both scripts, and what Twitter adds."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def stop_words() -> tuple[str, ...]:
    """The words of ``stop_words.txt``, lower case, sorted."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return tuple(sorted({word for line in lines if not line.startswith("#") for word in line.split()}))
