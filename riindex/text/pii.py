"""Personal data in a text, masked."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_EMAIL = r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"
_SPELLED_EMAIL = (
    r"(?i)\b[\w.+-]+\s*(?:\(at\)|\[at\]|\bat\b)\s*[\w-]+\s*(?:\(dot\)|\[dot\]|\bdot\b)\s*(?:com|net|org|in|co|io|uk)\b"
)
_URL = r"(?i)\b(?:https?://|www\.)(?:[\w-]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)[^\s]*"
_IBAN = r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b"
_ORDER = (
    r"(?i)\b((?:order|ticket|case|booking|ref(?:erence)?|awb|tracking)\s*(?:no\.?|number|id|#)?\s*[:#]?\s*)"
    r"[A-Z0-9-]*\d[A-Z0-9-]{5,}"
)
# Neither a price nor the end of a longer number.
_NO_PRICE = r"(?<![\w.,$€£₹#])"
_GROUPED_PHONE = _NO_PRICE + (
    r"(?:\+\d{1,3}[\s.-]?\(?\d{1,5}\)?[\s.-]?\d{3,5}[\s.-]?\d{3,4}|\(\d{2,5}\)[\s.-]?\d{3,5}[\s.-]\d{3,4}"
    r"|\d{3,5}[\s.-]\d{3,4})(?:[\s.-]\d{3,4})?(?![\w.,]*\d)"
)
_PAN = r"\b[A-Z]{5}\d{4}[A-Z]\b"

# What replaces what, in the order they are tried: longer, surer kinds first.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (_EMAIL, "[email]"),
        (_SPELLED_EMAIL, "[email]"),
        (_URL, r"[\1]"),
        (r"(?<![\w@/])@\s?\w{1,30}", "@user"),
        (_IBAN, "[iban]"),
        (_ORDER, r"\1[order]"),
        (r"\b(?:\d[ -]?){12,18}\d\b", "[number]"),
        (r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "[ip]"),
        (_PAN, "[id]"),
        # With its country's code a number is one however it is grouped: E.164 has at most fifteen digits.
        (r"(?<![\w.])\+\d(?:[\s().-]{0,2}\d){7,14}(?!\d)", "[phone]"),
        (_GROUPED_PHONE, "[phone]"),
        (_NO_PRICE + r"\+?\d{10,12}(?!\w)", "[phone]"),
    )
)


def mask(text: str) -> str:
    """``text`` with e-mail addresses, links' paths, handles, cards, IBANs, phones, ids and order numbers masked."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def mask_columns(table: pa.Table, plain: Container[str] = ()) -> pa.Table:
    """An Arrow table with every column of text masked but those in ``plain``; of authors nothing is left."""
    import pyarrow as pa

    for number, field in enumerate(table.schema):
        if field.name in plain or not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            continue
        values = table.column(number).to_pylist()
        shown = [None if v is None else "@user" if field.name == "author" else mask(v) for v in values]
        table = table.set_column(number, field.name, pa.array(shown, pa.string()))
    return table
