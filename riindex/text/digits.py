"""Phones, cards and other long numbers in a folded text, with digits grouped in any way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from riindex.text.shadow import Rule, Span, rule

# Neither a price nor the end of a longer number or the name of a hole in software (CVE-2016-2208).
_NO_PRICE = r"(?<![\w.,$\u20ac\u00a3\u20b9#])(?<!CVE-)"
_DASH = r"[\s.-]"
_GROUPED_PHONE = _NO_PRICE + (
    rf"(?:\+\d{{1,3}}{_DASH}?\(?\d{{1,5}}\)?{_DASH}?\d{{3,5}}{_DASH}?\d{{3,4}}"
    rf"|\(\d{{2,5}}\){_DASH}?\d{{3,5}}{_DASH}\d{{3,4}}"
    # Neither years from and to nor thousands with points.
    rf"|(?!(?:19|20)\d\d(?:{_DASH}(?:19|20)\d\d|\s\d{{3}})(?!{_DASH}?\d))(?!\d{{1,3}}(?:\.\d{{3}})+(?!{_DASH}?\d))(?="
    rf"(?:{_DASH}?\d){{7}})"
    rf"\d{{3,5}}{_DASH}\d{{3,4}})(?:{_DASH}\d{{3,4}})?(?![\w.,]{{0,40}}\d|\s?[ap]m(?!\w))"
)
_HALVED_PHONE = _NO_PRICE + rf"\d{{5}}{_DASH}\d{{5}}(?![\w.,]{{0,40}}\d)"
# With the 0 of long distance, grouped in any way and not a date: a phone if it is valid in some country.
_TRUNK_PHONE = (
    rf"(?<![\w.,$\u20ac\u00a3\u20b9#/:-])(?=(?:(?:{_DASH}|/)?\d){{9}})(?!\d\d?([./-])\d\d?\1(?:\d{{4}}|\d\d)\b)"
    rf"0\d{{1,4}}(?:(?:{_DASH}|/)?\d{{2,4}}){{2,4}}(?![\w.,]{{0,40}}\d)"
)
_TRUNK_COUNTRIES = tuple("GB IN DE FR IT AU NL JP TR ID ZA NG PH BR IE SE CH BE".split())  # noqa: SIM905
# With a country code, a number is a phone in any grouping: E.164 has at most fifteen digits.
_E164 = r"(?<![\d.])\+\s?\(?\d(?:[\s().\-/_*|~\u2022]{0,3}\d){7,14}(?!\d)"
_LABELLED_PHONE = (
    r"(?i)(?<![a-z])(?:tel(?:ephone)?|phone|ph|mob(?:ile)?|cell|contact|whats?app|wa|fax|call|sms|txt|ring|dial"
    r"|reach|viber|signal)"
    r"(?:[\s_-]?(?:no|number|num|me|us|him|her|on|at|is|me on|me at)(?![a-z])\.?){0,3}[\s:.#=\"'>-]{0,5}"
    r"(?P<secret>\+?\(?\d(?:[\s().\-/_*|~\u2022]{0,3}\d){6,14})(?![\d%]|[.,]\d)"
)
_CARD = r"(?<!\d)(?<!\d[.,])\d(?:[\s-]{0,3}\d){12,60}(?!\d)"
# After a card number, which is hidden by then.
_EXPIRY = (
    r"(?i)\ufffc[\s,;]{0,3}(?:exp(?:iry|ires?)?|valid thru"
    r"|valid till)[\s.:]{0,3}(?P<secret>\d\d?\s?[/-]\s?\d{2,4})(?!\d)"
)
# Groups of digits with any signs between them: the groups decide which of them belong together.
_RUN = re.compile(r"\d+(?:[\s.,:/_*\u2022|~()\[\]\ufffd#'+-]{1,3}\d+)+")
_GROUPS = re.compile(r"(\d+)(\D*)")
# Most groups of one number, except single digits, and its fewest and most digits.
_MAX_GROUPS, _MIN_DIGITS, _MAX_DIGITS = 6, 9, 19
_SOLID_PHONE = r"(?<!\d)(?<!\d[.,])(?<!CVE-)\+?(?P<digits>\d{10,12})(?!\d|[.,]\d)"
# Ten digits that are a mobile number of India, or of North America where grouped as it is there.
_MOBILE = re.compile(r"(?:0{0,2}(?:91)?|0)[6-9]\d{9}\Z")
_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}\Z")
_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 2, 6, 1), (4, 4, 4, 1), (6, 8, 4)})
# As the West and as India group them.
_THOUSANDS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d\d)*,\d{3})\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_WORD = (
    r"(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|nought|shunya|ek|do|teen|char|paanch|chhe|saat|aath|nau)"
)
_SPOKEN = (
    rf"(?i)(?<![a-z])(?:(?:double|triple)\s)?{_WORD}(?:[\s,.-]{{1,2}}(?:(?:double|triple)\s)?{_WORD}){{6,18}}(?![a-z])"
)


def is_luhn_valid(digits: str) -> bool:
    """Check that the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = [int(d) for d in reversed(digits)]
    return sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(doubled)) % 10 == 0


def _card(found: re.Match[str]) -> str | None:
    return None if all(map(_YEAR.match, re.findall(r"\d+", found[0]))) else "[number]"


def _in_groups(text: str) -> Iterator[Span]:
    """Yield the numbers among groups of digits: of those that begin at a group the longest."""
    for run in _RUN.finditer(text):
        parts = [(run.start() + part.start(), part[1], part[2].strip(" ()[]\t\n")) for part in _GROUPS.finditer(run[0])]
        first = 0
        while first < len(parts) - 1:
            last, shown = _longest(parts, first)
            if shown is not None:
                yield parts[first][0], parts[last][0] + len(parts[last][1]), shown
            first = last + 1 if shown is not None else first + 1


def _longest(parts: Sequence[tuple[int, str, str]], first: int) -> tuple[int, str | None]:
    """Return the last group of the longest number that begins at a group, and its mask."""
    if first and parts[first - 1][2] in {".", ","} and parts[first][2] != parts[first - 1][2]:
        return first, None  # the decimals of a price
    alone = first
    while alone < min(first + _MAX_DIGITS, len(parts)) and len(parts[alone][1]) == 1 and _follows(parts, first, alone):
        alone += 1
    if alone - first >= 10:
        return alone - 1, "[phone]" if alone - first < 13 else "[number]"
    for last in range(min(first + _MAX_GROUPS, len(parts)) - 1, first, -1):
        groups = [digits for _, digits, _ in parts[first : last + 1]]
        if _MIN_DIGITS <= sum(map(len, groups)) <= _MAX_DIGITS:
            shown = _number(groups, {sign for _, _, sign in parts[first:last]})
            if shown is not None:
                while last + 1 < len(parts) and len(parts[last + 1][1]) > 2 and parts[last][2] == parts[last - 1][2]:
                    last += 1
                return last, shown
    return first, None


def _follows(parts: Sequence[tuple[int, str, str]], first: int, group: int) -> bool:
    """Check that the sign before a group is that behind the first, so that the number is not cut."""
    return group == first or parts[group - 1][2] == parts[first][2]


def _number(groups: Sequence[str], signs: set[str]) -> str | None:
    """Return the mask of groups of digits, with ``signs`` between them besides blanks and brackets; None for none."""
    sizes, digits = tuple(map(len, groups)), "".join(groups)
    if "," in signs and (_THOUSANDS.match(",".join(groups)) or all(map(_YEAR.match, groups))):
        return None
    checked = len(signs) == 1 and len(digits) > 12 and min(sizes) > 1 and "," not in signs and is_luhn_valid(digits)
    if (sizes in _CARD_GROUPS and not all(map(_YEAR.match, groups))) or checked:
        return "[number]"
    if len(signs - {"", "-"}) > 1 or ("." in signs and len(signs) > 1):
        return None
    fours = len(digits) == 12 and not any(size % 4 for size in sizes) and not any(map(_YEAR.match, groups))
    if fours and digits[0] > "1" and "#" not in signs and (signs - {"", "-"} or 8 in sizes):
        return "[number]"
    american = sizes[-3:] == (3, 3, 4) and _AMERICAN.match(digits)
    begun = min(sizes) > 1 or groups[0] in {"0", "1"}
    return "[phone]" if begun and (_MOBILE.match(digits) or american) else None


def _grouped_phone(found: re.Match[str]) -> str | None:
    decimal = re.fullmatch(r"\d{3,5}\.\d{3,4}|\d{1,5}(?:\.000)+", found[0])
    if decimal or all(map(_YEAR.match, re.findall(r"\d+", found[0]))):
        return None
    return "[phone]" if sum(sign.isdigit() for sign in found[0]) > 6 else None


def _labelled_phone(found: re.Match[str]) -> str | None:
    run = found["secret"]
    version = re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d+\.\d+", run)
    prices = "." in run and "/" in run
    return None if version or prices else "[phone]"


def _solid_phone(found: re.Match[str]) -> str | None:
    digits = found["digits"]
    start, text = found.start(), found.string
    before, after = text[start - 1 : start], text[found.end() : found.end() + 1]
    likely = bool(_MOBILE.match(digits) or _AMERICAN.match(digits)) and not digits.endswith("0000")
    if digits.endswith("000000"):  # a round sum
        return None
    doubtful = before.isalpha() or after.isalpha() or before == "_" or before in {"$", "\u20ac", "\u00a3", "\u20b9"}
    return "[phone]" if likely or not doubtful else None


def _trunk_phone(found: re.Match[str]) -> str | None:
    import phonenumbers

    for country in _TRUNK_COUNTRIES:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(found[0], country)):
                return "[phone]"
        except phonenumbers.NumberParseException:
            continue
    return None


CARDS: tuple[Rule, ...] = (rule(_CARD, _card), rule(_EXPIRY, "[date]"))
PHONES: tuple[Rule, ...] = (
    rule(_E164, "[phone]"),
    rule(_LABELLED_PHONE, _labelled_phone),
    _in_groups,
    rule(_GROUPED_PHONE, _grouped_phone),
    rule(_HALVED_PHONE, "[phone]"),
    rule(_SOLID_PHONE, _solid_phone),
    rule(_TRUNK_PHONE, _trunk_phone),
)
SPOKEN: tuple[Rule, ...] = (rule(_SPOKEN, "[phone]"),)
