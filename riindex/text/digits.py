"""Phones, cards and other long numbers in a folded text, however their digits are grouped."""

from __future__ import annotations

import re

from riindex.text.shadow import Rule, rule

# Neither a price nor the end of a longer number or the name of a hole in software (CVE-2016-2208).
_NO_PRICE = r"(?<![\w.,$\u20ac\u00a3\u20b9#])(?<!CVE-)"
_DASH = r"[\s.-]"
_GROUPED_PHONE = _NO_PRICE + (
    rf"(?:\+\d{{1,3}}{_DASH}?\(?\d{{1,5}}\)?{_DASH}?\d{{3,5}}{_DASH}?\d{{3,4}}"
    rf"|\(\d{{2,5}}\){_DASH}?\d{{3,5}}{_DASH}\d{{3,4}}"
    # Neither years from and to nor thousands with points.
    rf"|(?!(?:19|20)\d\d{_DASH}(?:19|20)\d\d(?!{_DASH}?\d))(?!\d{{1,3}}(?:\.\d{{3}})+(?!{_DASH}?\d))(?="
    rf"(?:{_DASH}?\d){{7}})"
    rf"\d{{3,5}}{_DASH}\d{{3,4}})(?:{_DASH}\d{{3,4}})?(?![\w.,]{{0,40}}\d|\s?[ap]m(?!\w))"
)
_HALVED_PHONE = _NO_PRICE + rf"\d{{5}}{_DASH}\d{{5}}(?![\w.,]{{0,40}}\d)"
# With the 0 of long distance, grouped in any way and no date: a phone if it is one of some country.
_TRUNK_PHONE = (
    rf"(?<![\w.,$\u20ac\u00a3\u20b9#/:-])(?=(?:(?:{_DASH}|/)?\d){{9}})(?!\d\d?([./-])\d\d?\1(?:\d{{4}}|\d\d)\b)"
    rf"0\d{{1,4}}(?:(?:{_DASH}|/)?\d{{2,4}}){{2,4}}(?![\w.,]{{0,40}}\d)"
)
_TRUNK_COUNTRIES = tuple("GB IN DE FR IT AU NL JP TR ID ZA NG PH BR IE SE CH BE".split())  # noqa: SIM905
# With its country's code a number is one however it is grouped: E.164 has at most fifteen digits.
_E164 = r"(?<![\d.])\+\s?\(?\d(?:[\s().\-/_*|~\u2022]{0,3}\d){7,14}(?!\d)"
_LABELLED_PHONE = (
    r"(?i)(?<![a-z])(?:tel(?:ephone)?|phone|ph|mob(?:ile)?|cell|contact|whats?app|wa|fax|call|sms|txt|ring|dial"
    r"|reach|viber|signal)"
    r"(?:[\s_-]?(?:no|number|num|me|us|him|her|on|at|is|me on|me at)(?![a-z])\.?){0,3}[\s:.#=\"'>-]{0,5}"
    r"(?P<secret>\+?\(?\d(?:[\s().\-/_*|~\u2022]{0,3}\d){6,14})(?![\d%]|[.,]\d)"
)
# Digits with any signs between them; what the groups say decides.
_BETWEEN = r"[\s.:/_*\u2022|~()\[\]\ufffd#'+-]"
_CARD = rf"(?<!\d)(?<!\d[.,])\d(?:(?:{_BETWEEN}|,){{0,3}}\d){{12,18}}(?!\d)"
_SPREAD_PHONE = rf"(?<!\d)(?<!\d[.,])\d(?:(?:{_BETWEEN}|,){{0,3}}\d){{8,13}}(?!\d|[.,]\d)"
_SOLID_PHONE = r"(?<!\d)(?<!\d[.,])(?<!CVE-)\+?(?P<digits>\d{10,12})(?!\d|[.,]\d)"
# Ten digits that are a mobile number of India, or of North America where grouped as it is there.
_MOBILE = re.compile(r"(?:0{0,2}(?:91)?|0)[6-9]\d{9}\Z")
_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}\Z")
_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 2, 6, 1), (4, 4, 4, 1), (6, 8, 4)})
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{0,3})+")
# As the West and as India group them.
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d\d)*,\d{3}")
_WORD = (
    r"(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|nought|shunya|ek|do|teen|char|paanch|chhe|saat|aath|nau)"
)
_SPOKEN = (
    rf"(?i)(?<![a-z])(?:(?:double|triple)\s)?{_WORD}(?:[\s,.-]{{1,2}}(?:(?:double|triple)\s)?{_WORD}){{6,18}}(?![a-z])"
)


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = [int(d) for d in reversed(digits)]
    return sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(doubled)) % 10 == 0


def _card(found: re.Match[str]) -> str | None:
    run = found[0]
    if re.fullmatch(r"(?:\d[\s-]{0,2})+", run):
        # Cut out of a longer word it would have to be somebody's by its check digit.
        return (
            None if _in_word(found) and not (luhn_holds("".join(re.findall(r"\d", run))) or "-" in run) else "[number]"
        )
    groups = tuple(len(group) for group in re.findall(r"\d+", run))
    signs = {re.sub(r"[\s()\[\]]", "", between) for between in re.split(r"\d+", run)[1:-1]}
    if "," in signs and (_YEARS.fullmatch(run) or groups not in _CARD_GROUPS):
        return None
    checked = len(signs) == 1 and min(groups) > 1 and luhn_holds("".join(re.findall(r"\d", run)))
    return "[number]" if groups in _CARD_GROUPS or max(groups) == 1 or checked else None


def _in_word(found: re.Match[str]) -> bool:
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return before.isalpha() and after.isalpha()


def _spread_phone(found: re.Match[str]) -> str | None:
    run = found[0]
    groups = re.findall(r"\d+", run)
    digits, sizes = "".join(groups), {len(group) for group in groups}
    signs = {re.sub(r"[\s()\[\]]", "", between) for between in re.split(r"\d+", run)[1:-1]}
    if len(groups) == 1 or len(signs - {"", "-"}) > 1 or ("." in signs and len(signs) > 1):
        return None
    if "," in signs and _THOUSANDS.fullmatch(run):
        return None
    if sizes == {1}:
        return "[phone]" if len(signs) == 1 and len(digits) in {10, 11, 12} else None
    if [len(group) for group in groups] == [4, 4, 4] and signs - {"", "-"} and not _YEARS.fullmatch(run):
        return "[number]"
    if min(sizes) == 1 and groups[0] not in {"0", "1"}:
        return None
    american = [len(group) for group in groups[-3:]] == [3, 3, 4] and _AMERICAN.match(digits)
    return "[phone]" if _MOBILE.match(digits) or american else None


def _grouped_phone(found: re.Match[str]) -> str | None:
    decimal = re.fullmatch(r"\d{3,5}\.\d{3,4}", found[0])
    return "[phone]" if sum(sign.isdigit() for sign in found[0]) > 6 and not decimal else None


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


CARDS: tuple[Rule, ...] = (rule(_CARD, _card),)
PHONES: tuple[Rule, ...] = (
    rule(_E164, "[phone]"),
    rule(_LABELLED_PHONE, _labelled_phone),
    rule(_GROUPED_PHONE, _grouped_phone),
    rule(_HALVED_PHONE, "[phone]"),
    rule(_SPREAD_PHONE, _spread_phone),
    rule(_SOLID_PHONE, _solid_phone),
    rule(_TRUNK_PHONE, _trunk_phone),
)
SPOKEN: tuple[Rule, ...] = (rule(_SPOKEN, "[phone]"),)
