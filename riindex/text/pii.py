"""Personal data in a text, masked."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Sequence
from decimal import Decimal
from ipaddress import ip_address
from math import isnan
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

if TYPE_CHECKING:
    import pyarrow as pa

_EMAIL = r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+\b"
# name@bank, as Indians pay, with the banks' own names for themselves.
_PAYEE = (
    r"(?i)(?<![\w.+'@/-])[\w.+-]{2,64}@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|apl|upi|paytm|pt(?:sbi|yes|hdfc|axis)|icici"
    r"|sbi|hdfcbank|axisbank|axisb|kotak|pnb|barodampay|airtel|yesbank|freecharge|ikwik|jupiteraxis|fam|wa(?:icici|axis|sbi))\b"
)
# "5 @ 3.99" is a price.
_HANDLE = r"(?<![@/])@(?:(?!\d+[.,]\d|(?<=\d@)\d)\w{1,30}|(?<!\w@)\s(?=[A-Za-z_])\w{1,30})"
_AT = r"\s*(?:\(at\)|\[at\]|\bat\b|@)\s*"
_DOT = r"\s*(?:\(dot\)|\[dot\]|\bdot\b)\s*"
_MAILER = r"(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|aol|gmx|proton(?:mail)?|rediffmail|mail|zoho|yandex)"
_SPELLED_EMAIL = (
    rf"(?i)(?<![\w.+-])[\w.+-]{{1,64}}(?:{_AT}[\w-]+(?:{_DOT}[a-z]{{2,6}}\b)+|\s*[(\[]at[)\]]\s*[\w-]+(?:\.[a-z]{{2,6}}\b)+"
    rf"|{_AT}{_MAILER}\s*\.\s*[a-z]{{2,6}}\b)"
)
_URL = r"(?i)\b(?:https?://|www\.)(?:[^\s/@]+@)?([\w-]+(?:\.[\w-]+)*)[^\s]*"
_BARE_URL = r"(?i)(?<![\w@.-])((?:[a-z0-9-]+\.)+[a-z]{2,6})/[^\s)]+"
_IBAN = r"\b[A-Z]{2}\d{2}(?:[\s-]?[A-Z0-9]{4}){2,7}(?:[\s-]?[A-Z0-9]{1,3})?\b"
_SOLID_IBAN = re.compile(r"(?i)(?<!#)\b[a-z]{2}\d{2}(?=[a-z]*\d)[a-z0-9]{11,30}\b")
_ORDER = (
    r"(?i)\b((?:order|ticket|case|booking|ref(?:erence)?|awb|tracking|pnr|invoice|consignment|account|a/c)"
    r"(?:\s{0,3}(?:no\.?|number|id|#))?(?:\s{1,3}is\b)?(?:\s{0,3}[:#])?\s{0,3})"
    # Neither a year, years from and to, nor a date.
    r"(?!(?:19|20)\d\d(?:-(?:19|20)?\d\d){0,2}(?![\w-])|\d\d?-\d\d?-\d{2,4}(?![\w-]))"
    r"(?=[A-Z0-9-]*\d[A-Z0-9-]*\d)[A-Z0-9-]{6,}"
)
# Neither a price nor the end of a longer number or the name of a hole in software (CVE-2016-2208).
_NO_PRICE = r"(?<![\w.,$€£₹#])(?<!CVE-)"
_DASH = r"[\s.\u2010-\u2015-]"
_GROUPED_PHONE = _NO_PRICE + (
    rf"(?:\+\d{{1,3}}{_DASH}?\(?\d{{1,5}}\)?{_DASH}?\d{{3,5}}{_DASH}?\d{{3,4}}"
    rf"|\(\d{{2,5}}\){_DASH}?\d{{3,5}}{_DASH}\d{{3,4}}"
    # Neither years from and to nor thousands with points.
    rf"|(?!(?:19|20)\d\d{_DASH}(?:19|20)\d\d(?!{_DASH}?\d))(?!\d{{1,3}}(?:\.\d{{3}})+(?!{_DASH}?\d))(?=(?:{_DASH}?\d){{7}})"
    rf"\d{{3,5}}{_DASH}\d{{3,4}})(?:{_DASH}\d{{3,4}})?(?![\w.,]*\d)"
)
_HALVED_PHONE = _NO_PRICE + rf"\d{{5}}{_DASH}\d{{5}}(?![\w.,]*\d)"
# With the 0 of long distance, grouped in any way and no date: a phone if it is one of some country.
_TRUNK_PHONE = re.compile(
    rf"(?<![\w.,$€£₹#/:-])(?=(?:(?:{_DASH}|/)?\d){{9}})(?!\d\d?([./-])\d\d?\1(?:\d{{4}}|\d\d)\b)"
    rf"0\d{{1,4}}(?:(?:{_DASH}|/)?\d{{2,4}}){{2,4}}(?![\w.,]*\d)"
)
_TRUNK_COUNTRIES = tuple("GB IN DE FR IT AU NL JP TR ID ZA NG PH BR IE SE CH BE".split())  # noqa: SIM905
_PAN = r"\b(?:(?i:[A-Z]{5}\d{4}[A-Z])|[A-Z]{5}\s\d{4}\s[A-Z])\b"
_ADDRESS = re.compile(
    r"(?i)\b((?:\d{1,3}\.){3}\d{1,3})(?::\d{2,5})?\b(?!\.?\w)"
    r"|(?<![\w:.])(?=[0-9a-f:]*[0-9a-f]{2})((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![\w:])"
)

# Smaller whole numbers are counts, larger ones nobody's number.
LEAST_NUMBER, MOST_NUMBER = 10**8, 10**19
# What replaces what, in the order they are tried: longer, surer kinds first.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (_URL, r"[\1]"),
        (_EMAIL, "[email]"),
        (_SPELLED_EMAIL, "[email]"),
        (_BARE_URL, r"[\1]"),
        (_PAYEE, "[email]"),
        (_HANDLE, "@user"),
        (_IBAN, "[iban]"),
        (_ORDER, r"\1[order]"),
        (r"\b(?:\d[\s\u2010-\u2015-]{0,2}){12,18}\d\b", "[number]"),
        (_PAN, "[id]"),
        # With its country's code a number is one however it is grouped: E.164 has at most fifteen digits.
        (r"(?<![\w.])\+\d(?:[\s().-]{0,2}\d){7,14}(?!\d)", "[phone]"),
        (_GROUPED_PHONE, "[phone]"),
        (_HALVED_PHONE, "[phone]"),
        (_NO_PRICE + r"\+?\d{10,12}(?!\w)", "[phone]"),
    )
)


# What stands in a masked text in the place of something; sql/text.sql (prose) leaves out the same.
_MASKS = re.compile(r"\[(?:email|phone|iban|order|number|id|ip|[a-z0-9-]+(?:\.[a-z0-9-]+)+)\]")


def without_masks(text: str) -> str:
    """A masked text without what stands in the place of personal data; it says nothing of its author's subject."""
    return _MASKS.sub(" ", text)


def shown_words(words: Sequence[tuple[str, float]], masked: str) -> list[tuple[str, float]]:
    """Words of a text with their figures; those that its ``masked`` form does not have are an ellipsis."""
    held = masked.lower()
    held += "".join(sign for sign in normalize("NFD", held) if not combining(sign))
    return [(word if word in held else "…", figure) for word, figure in words]


def mask(text: str) -> str:
    """``text`` with e-mail addresses, links' paths, handles, cards, IBANs, phones, ids and order numbers masked."""
    text = text.replace("\uff20", "@")  # the wide one of East Asian keyboards
    text = _SOLID_IBAN.sub(_masked_iban, text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _ADDRESS.sub(_masked_address, _TRUNK_PHONE.sub(_masked_phone, text))


def _masked_iban(found: re.Match[str]) -> str:
    from stdnum import iban

    return "[iban]" if iban.is_valid(found[0]) else found[0]


def _masked_phone(found: re.Match[str]) -> str:
    import phonenumbers

    for country in _TRUNK_COUNTRIES:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(found[0], country)):
                return "[phone]"
        except phonenumbers.NumberParseException:
            continue
    return found[0]


def _masked_address(found: re.Match[str]) -> str:
    try:
        ip_address(found[1] or found[2])
    except ValueError:  # a time of day, a version
        return found[0]
    return "[ip]"


def mask_value(value: Any) -> Any:
    """A value of any type: what it holds of text is masked, and a whole number that would be as text."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes):
        told = value.decode(errors="replace")
        return value if mask(told) == told else mask(told)
    if isinstance(value, list | tuple):
        return [mask_value(part) for part in value]
    if isinstance(value, dict):
        return {mask(str(key)): mask_value(part) for key, part in value.items()}
    if isinstance(value, int | float | Decimal) and LEAST_NUMBER <= abs(float(value)) < MOST_NUMBER:
        told = str(int(value))
        shown = mask(told)
        return shown if shown != told and value == int(value) else value
    return value


def mask_columns(table: pa.Table, plain: Container[str] = ()) -> pa.Table:
    """An Arrow table with every column masked but those in ``plain``; of authors nothing is left.

    A column of numbers in which one is masked becomes text, and so does one of dictionaries or of bytes.
    """
    import pyarrow as pa

    for number, field in enumerate(table.schema):
        kind = field.type
        if field.name in plain or _holds_nobody(table.column(number)):
            continue
        values = table.column(number).to_pylist()
        shown = [None if v is None else "@user" if field.name == "author" else mask_value(v) for v in values]
        if all(one is other or one == other for one, other in zip(values, shown, strict=True)):
            continue
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_list_of_text(kind)):
            shown, kind = [_as_text(v) for v in shown], pa.string()
        table = table.set_column(number, field.name, pa.array(shown, kind))
    return table


def _as_text(value: Any) -> str | None:
    """A value of a column that becomes text: NULL stays, and so becomes what is no number."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _holds_nobody(column: pa.ChunkedArray) -> bool:
    """Whether a column has truths, times, or numbers none of which is large enough to be somebody's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return bool(pa.types.is_boolean(kind) or pa.types.is_temporal(kind))
    most = pc.min_max(column).as_py()
    return bool(max(abs(most["min"] or 0), abs(most["max"] or 0)) < LEAST_NUMBER)


def _is_list_of_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind)) and bool(
        pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
    )
