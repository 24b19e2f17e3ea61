"""Personal data in a text, masked."""

from __future__ import annotations

import re

# Each pattern with what replaces it, in the order they are tried: longer, surer kinds first.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "[email]"),
    (re.compile(r"\b[\w.+-]+\s*(?:\(at\)|\[at\]|\bat\b)\s*[\w-]+\s*(?:\(dot\)|\[dot\]|\bdot\b)\s*(?:com|net|org|in|co|io|uk)\b", re.I), "[email]"),
    (re.compile(r"(?i)\b(?:https?://|www\.)(?:[\w-]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)[^\s]*"), r"[\1]"),
    (re.compile(r"(?<![\w@/])@\s?\w{1,30}"), "@user"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b"), "[iban]"),
    (re.compile(r"\b(?:\d[ -]?){13,19}\b"), "[number]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), "[ip]"),
    (re.compile(r"\b[A-Z]{5}\d{4}[A-Z]\b"), "[id]"),
    (re.compile(r"(?<![\w.,$€£₹#])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?\d{3,5}[\s.-]\d{3,4}(?:[\s.-]\d{3,4})?(?![\w.,]*\d)"), "[phone]"),
    (re.compile(r"(?<![\w.,$€£₹#])\+?\d{10,12}(?!\w)"), "[phone]"),
    (re.compile(r"(?i)\b((?:order|ticket|case|booking|ref(?:erence)?|awb|tracking)\s*(?:no\.?|number|id|#)?\s*[:#]?\s*)[A-Z0-9-]*\d[A-Z0-9-]{5,}"), r"\1[order]"),
)  # fmt: skip


def mask(text: str) -> str:
    """``text`` with e-mail addresses, links' paths, handles, cards, IBANs, phones, ids and order numbers masked."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
