"""Masking of personal data in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Sequence
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from riindex.text import addresses, digits, identifiers
from riindex.text.personal_columns import kind_of_column
from riindex.text.shadow import Rule, Shadow, Span
from riindex.text.wordlists import word_set

if TYPE_CHECKING:
    import pyarrow as pa

# Smaller whole numbers are counts, larger ones are not personal numbers.
MIN_NUMBER, MAX_NUMBER = 10**8, 10**19
# Longest text that is read as a dictionary of Python.
MAX_PYTHON_CHARS = 20_000
# Kinds of masks in a masked text, besides hosts; sql/shared/text.sql (prose) leaves out the same.
KINDS = ("email", "phone", "iban", "order", "number", "id", "ip", "place", "date", "key", "wallet", "link")
_HOST = r"[\w-]+(?:\.[\w-]+)+"
_MASKS = re.compile(rf"\[(?:{'|'.join(KINDS)}|{_HOST})\]")
# Masks, except hosts, that a text may hold already: they are not read again.
_MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)})\](?![\w@])|@user(?![\w.@])")
# Which rules a text can meet: words and signs that each of them needs.
_LETTERS = re.compile(r"[a-z]+")
_FIGURES = re.compile(r"\d\D{0,40}\d")
_THREE_FIGURES = re.compile(r"\d[\w/ .-]{0,9}\d[\w/ .-]{0,9}\d")
_LONG_FIGURES = re.compile(r"\d(?:\D{0,5}\d){5}")
_LONG_WORD = re.compile(r"[\w/+-]{15}")
_DECIMALS = re.compile(r"\.\d{3}|\u00b0")
_DOTTED = re.compile(r"\w\.[\w-]{1,63}\.[A-Za-z]|\w\.eth")
_SPOKEN = word_set("zero oh o five seven nine double paanch saat")
_SECRETS = word_set("password passwort pass passwd pswd pwd passphrase secret key apikey token")
_CODES = word_set("otp pin mpin tpin cvv cvc passcode code time password fa o")
_BIRTHS = word_set("dob b birth birthday birthdate bday day born geb geboren nacimiento")
_BIRTHS |= word_set("nacido nacida nascita nascimento janam janamdin jan e le")
_PLACES = word_set("lat latitude pin pincode post postcode postal zip zipcode")
Steps = tuple[tuple[Callable[[str, frozenset[str]], object], tuple[Rule, ...]], ...]
# The precondition of rules in a text, and the rules: longer and more certain kinds first.
_STEPS: Steps = (
    (lambda text, words: "/" in text or "\\" in text or "?" in text or "www" in words, addresses.LINKS),
    (lambda text, words: not words.isdisjoint(_SECRETS) or "bearer" in words, identifiers.SECRETS),
    (lambda text, words: "@" in text or not words.isdisjoint(("at", "arroba", "a", "et")), addresses.AT),
    (lambda text, words: _LONG_WORD.search(text), identifiers.KEYS),
    (lambda text, words: not words.isdisjoint(("com", "in")), addresses.NO_AT),
    (lambda text, words: _THREE_FIGURES.search(text), identifiers.IBANS),
    (lambda text, words: _DOTTED.search(text), addresses.HOSTS),
    (lambda text, words: text.count(":") > 1 or text.count(".") > 1 or text.count("-") > 4, addresses.MACHINES),
)
_STEPS_OF_FIGURES: Steps = (
    (lambda text, words: not words.isdisjoint(_CODES), identifiers.CODES),
    (lambda text, words: not words.isdisjoint(_BIRTHS), identifiers.BIRTHS),
    (lambda text, words: not words.isdisjoint(_PLACES) or _DECIMALS.search(text), identifiers.PLACES),
    (lambda text, words: _THREE_FIGURES.search(text), (*identifiers.LABELLED, *digits.CARDS)),
    (lambda text, words: True, identifiers.PAPERS),
    (lambda text, words: _LONG_FIGURES.search(text), digits.PHONES),
)
_LAST_STEPS: Steps = (
    (lambda text, words: not words.isdisjoint(identifiers.NETWORKS), identifiers.ACCOUNTS),
    (lambda text, words: "#" in text, identifiers.TAGGED),
    (lambda text, words: len(words & _SPOKEN) > 1, digits.SPOKEN),
    (lambda text, words: "+" in text or "///" in text, identifiers.CODED_PLACES),
)
# Rounds at most until a text is found free of personal data: a mask can uncover something next to it.
_ROUNDS = 3


def remove_masks(text: str) -> str:
    """Remove the masks from a masked text; they carry nothing of its author's subject."""
    return _MASKS.sub(" ", text)


def mask_words(words: Sequence[tuple[str, float]], masked: str) -> list[tuple[str, float]]:
    """Replace words of a text that its ``masked`` form does not have by an ellipsis; their figures stay."""
    held = masked.lower()
    held += "".join(sign for sign in normalize("NFD", held) if not combining(sign))
    return [(word if word in held else "…", figure) for word, figure in words]


def mask_text(text: str) -> str:
    """Return ``text`` with personal data masked.

    E-mail addresses, payment ids, handles, links but their hosts, cards, IBANs, phones, papers, numbers of orders and
    accounts, addresses of machines, birth dates, places by coordinates, passwords, keys and wallets. Invisible signs,
    digits of other scripts and escapes hide nothing.
    """
    return _searched(text).masked()


def find_spans(text: str) -> list[Span]:
    """Find the spans that ``mask_text`` would mask: (from, to, mask) in the order of the text."""
    return _searched(text).spans()


def _searched(text: str) -> Shadow:
    shadow = Shadow(text)
    if "[" in shadow.folded or "@user" in shadow.folded:
        shadow.hide([(*mask.span(), mask[0]) for mask in _MASKED.finditer(shadow.folded)])
    for _ in range(_ROUNDS):
        before = shadow.hidden
        _hide(shadow, _STEPS)
        if _FIGURES.search(shadow.folded):
            _hide(shadow, _STEPS_OF_FIGURES)
        _hide(shadow, _LAST_STEPS)
        if shadow.hidden == before:
            break
    return shadow


def _hide(shadow: Shadow, steps: Steps) -> None:
    """Hide the spans that applicable rules find, in the order of ``steps``."""
    words = frozenset(_LETTERS.findall(shadow.folded.lower()))
    for needed, rules in steps:
        if needed(shadow.folded, words):
            shadow.apply(rules)


def mask_value(value: Any, name: str = "") -> Any:
    """Return a value of any type masked: whole where ``name``, its column or key, is personal, else by its contents.

    A whole number becomes text where the same figures in a text would be masked; JSON in a text is read by its keys.
    """
    kind = kind_of_column(name)
    if kind is not None and not isinstance(value, bool):
        return _all_masked(value, kind)
    if isinstance(value, str):
        return _masked_json(value)
    if isinstance(value, bytes):
        return _masked_bytes(value)
    if isinstance(value, list | tuple):
        return [mask_value(part) for part in value]
    if isinstance(value, dict):
        return {mask_text(str(key)): mask_value(part, str(key)) for key, part in value.items()}
    return _masked_number(value) if isinstance(value, int | float | Decimal) else value


def _masked_bytes(value: bytes) -> bytes | str:
    read = value.decode(errors="replace")
    shown = mask_text(read)
    return value if shown == read else shown


def _masked_number(value: float | Decimal) -> Any:
    if not MIN_NUMBER <= abs(float(value)) < MAX_NUMBER or value != int(value):
        return value
    read = str(int(value))
    shown = mask_text(read)
    return value if shown == read else shown


def _all_masked(value: Any, kind: str) -> Any:
    """Return ``kind`` in the place of every value that is not empty; empty values stay."""
    if isinstance(value, list | tuple):
        return [_all_masked(part, kind) for part in value]
    empty = value is None or value in ("", b"") or (isinstance(value, float) and isnan(value))
    return value if empty else kind


def _masked_json(text: str) -> str:
    """Return JSON, or a dictionary as Python writes it, masked by its keys; any other text as a text."""
    read = _read(text) if text[:1] in {"{", "["} and ":" in text else None
    if not isinstance(read, list | dict):
        return mask_text(text)
    shown = mask_value(read)
    return text if shown == read else json.dumps(shown, default=str, ensure_ascii=False)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if len(text) > MAX_PYTHON_CHARS or "'" not in text:
        return None
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes in text that is not Python
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return None


def mask_columns(table: pa.Table, plain: Container[str] = ()) -> pa.Table:
    """Return an Arrow table with every column masked but those in ``plain``: by its name, else by its contents.

    A column of names, ids of persons, places or birth dates has one mask throughout. A column of numbers in which one
    is masked becomes text, and so does one of dictionaries or of bytes.
    """
    import pyarrow as pa

    for number, field in enumerate(table.schema):
        kind = field.type
        personal = kind_of_column(field.name) is not None and not pa.types.is_boolean(kind)
        if field.name in plain or (not personal and _is_impersonal(table.column(number))):
            continue
        values = table.column(number).to_pylist()
        shown = [mask_value(value, field.name) for value in values]
        if all(one is other or one == other for one, other in zip(values, shown, strict=True)):
            continue
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_list_of_text(kind)):
            shown, kind = [_as_text(v) for v in shown], pa.string()
        table = table.set_column(number, field.name, pa.array(shown, kind))
    return table


def _as_text(value: Any) -> str | None:
    """Return a value of a column that becomes text: NULL stays, and NaN becomes NULL."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _is_impersonal(column: pa.ChunkedArray) -> bool:
    """Check that a column has booleans, times, or numbers all too small to be somebody's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return bool(pa.types.is_boolean(kind) or pa.types.is_temporal(kind))
    maximum = pc.min_max(column).as_py()
    return bool(max(abs(maximum["min"] or 0), abs(maximum["max"] or 0)) < MIN_NUMBER)


def _is_list_of_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind)) and bool(
        pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
    )
