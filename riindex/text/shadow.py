"""Folded text with the original positions of its signs: characters disguised from patterns are unfolded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import unescape
from unicodedata import category, digit, normalize

# Stands for a hidden character: not a letter, digit or blank.
FILLER = "\ufffc"
# Signs without ink that are no format characters (Cf) of Unicode.
_BLANK = frozenset("\u034f\u0640\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Signs that NFKC leaves though they look like ASCII.
_LOOKALIKES = str.maketrans(
    {
        "\u3002": ".", "\uff61": ".", "\u06d4": ".", "\u0964": ".", "\u060c": ",", "\u3001": ",", "\u201a": ",",
        "\u2212": "-", "\u02da": "\u00b0", "\u2044": "/", "\u2215": "/", "\u29f8": "/", "\u2018": "'", "\u2019": "'",
        "\u201c": '"', "\u201d": '"', "\u2032": "'", "\u3010": "[", "\u3011": "]", "\u3014": "(", "\u3015": ")",
        "\u300c": "[",
        "\u300d": "]", "\u2039": "<", "\u203a": ">", "\u00ab": "<", "\u00bb": ">", "\u27e8": "<", "\u27e9": ">",
        "\u00b7": "\u2022", "\u2219": "\u2022", "\u25cf": "\u2022", "\u2027": "\u2022", "\u30fb": "\u2022",
        "\u22c5": "\u2022", "\u25aa": "\u2022", "\u2217": "*", "\u2236": ":", "\uff5e": "~", "\u301c": "~",
    }
)  # fmt: skip
# Every sign but plain ASCII, and what may be an escape of links, of pages or of JSON.
_ODD = re.compile(
    r"%(?:25)*[2-7][0-9A-Fa-f]|&(?:amp;){0,3}(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,5}|[A-Za-z]{2,8});|\\u00[2-7][0-9a-fA-F]"
    r"|[^\t\n\r -~]"
)
# A hidden span: from, to, and the mask in its place.
Span = tuple[int, int, str]
# Finds spans of a folded text, in order and without overlap.
Rule = Callable[[str], Iterable[Span]]


def rule(pattern: str | re.Pattern[str], mask: str | Callable[[re.Match[str]], str | None]) -> Rule:
    """Return a rule that hides a pattern's matches, or their group ``secret`` if there is one.

    ``mask`` is the mask of a match, or a function that returns it; None leaves the match.
    """
    known = pattern if isinstance(pattern, str) else pattern.pattern
    group = "secret" if "(?P<secret>" in known else 0

    @cache
    def compiled() -> re.Pattern[str]:  # at the first text: reading this module takes no time
        return re.compile(pattern)

    def spans(text: str) -> Iterator[Span]:
        for found in compiled().finditer(text):
            shown = mask if isinstance(mask, str) else mask(found)
            if shown is not None:
                yield (*found.span(group), shown)

    return spans


class Shadow:
    """A text folded to plain signs, with found spans hidden; ``masked`` is the text with the masks."""

    __slots__ = ("_original", "_origins", "_spans", "folded")

    def __init__(self, text: str) -> None:
        self._original = text
        self._origins: Sequence[int] = ()
        self._spans: list[Span] = []
        self.folded = text
        if _ODD.search(text):
            self._fold()

    def _fold(self) -> None:
        text, pieces, origins, last = self._original, list[str](), list[int](), 0
        for found in _ODD.finditer(text):
            start, end = found.span()
            plain = _FOLDS[ord(text[start])] if end - start == 1 else _unescaped(found[0])
            pieces += (text[last:start], plain)
            origins += range(last, start)
            origins += [start] * len(plain)
            last = end
        pieces.append(text[last:])
        origins += range(last, len(text) + 1)
        self.folded, self._origins = "".join(pieces), origins

    @property
    def hidden(self) -> int:
        """Number of spans that are hidden, handles and hosts not counted."""
        return sum(mask != "@user" and "." not in mask for _, _, mask in self._spans)

    def hide(self, spans: Iterable[Span]) -> None:
        """Hide spans (from, to, mask) of ``folded``, in order and without overlap."""
        found = list(spans)
        if not found:
            return
        pieces, last = list[str](), 0
        for start, end, _ in found:
            pieces += (self.folded[last:start], FILLER * (end - start))
            last = end
        pieces.append(self.folded[last:])
        self.folded = "".join(pieces)
        self._spans += found

    def apply(self, rules: Iterable[Rule]) -> None:
        """Hide the spans that rules find, one rule after the other."""
        for find in rules:
            self.hide(find(self.folded))

    def spans(self) -> list[Span]:
        """Return the hidden spans as (from, to, mask) of the original text, in order."""
        if not self._origins:
            return sorted(self._spans)
        return sorted((self._origins[start], self._origins[end], mask) for start, end, mask in self._spans)

    def masked(self) -> str:
        """Return the original text, with the masks in the place of the hidden spans."""
        text, pieces, last = self._original, list[str](), 0
        for start, end, mask in self.spans():
            pieces += (text[last:start], mask)
            last = max(end, last)
        return "".join((*pieces, text[last:])) if pieces else text


class _Folds(dict[int, str]):
    """Code point → the plain signs it looks like, none for an invisible one; computed at first access."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        found = self[code] = _folded(sign)
        return found


_FOLDS = _Folds()


def _folded(sign: str) -> str:
    if sign == "\u00ba":
        return "\u00b0"
    kind = category(sign)
    if kind in {"Cf", "Cc", "Mn", "Me"} or sign in _BLANK:
        return ""
    if kind[0] == "Z":
        return " "
    if kind == "Pd":
        return "-"
    number = digit(sign, None)
    if number is not None:
        return str(number)
    return sign if kind == "No" else normalize("NFKC", sign).translate(_LOOKALIKES)


def _unescaped(escape: str) -> str:
    if escape[0] == "&":
        while "&amp;" in escape[:5] and len(escape) > 5:
            escape = "&" + escape[5:]
        return "".join(s if " " <= s <= "~" else _FOLDS[ord(s)] for s in unescape(escape)) or escape
    sign = chr(int(escape[-2:], 16))
    return "|" if sign == " " else sign  # a blank would end the link that it stands in
