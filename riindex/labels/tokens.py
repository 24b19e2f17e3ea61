"""Words, signs and emoji of many texts at once, as hashes: array operations on the bytes of the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Ints

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

# Characters of a chunk that stand for the whole: a mention, a link, a ticker such as $ABC. No text has them.
MENTION, LINK, TICKER = 1, 2, 3
BLANK, WORD, SIGN = 0, 1, 2
SIGNS = b'!?^$%"*&.:#()+=<>|~' + bytes((MENTION, LINK, TICKER))
# Lead bytes of emoji, arrows, dingbats and general punctuation in UTF-8: each such character is a token by itself.
SYMBOL_LEADS = (0xE2, 0xF0)
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}".encode()
LONGEST_WORD = 64  # bytes of a word that count
# Odd multipliers of SplitMix64 (Steele et al. 2014), which mix the bits of a hash.
MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def _kinds() -> Bytes:
    kinds = np.full(256, BLANK, np.uint8)
    kinds[0x80:] = WORD
    for first, last in (b"az", b"AZ", b"09"):
        kinds[first : last + 1] = WORD
    kinds[list(SIGNS)] = SIGN
    kinds[list(SYMBOL_LEADS)] = SIGN
    return kinds


def _folded() -> Bytes:
    """Return byte → the byte that it counts as: capitals as small letters, every digit as 0."""
    folded = np.arange(256, dtype=np.uint8)
    folded[ord("A") : ord("Z") + 1] += 32
    folded[ord("0") : ord("9") + 1] = ord("0")
    return folded


KINDS, FOLDED = _kinds(), _folded()


@dataclass(frozen=True)
class Tokens:
    """Tokens of n texts, in order: ``hashes``, ``rows`` (the text of each), ``kinds`` (WORD or SIGN), ``stems``.

    ``stems``: hashes of the first five bytes of a word. ``capitals``: words of two letters or more, all capitals.
    """

    count: int
    hashes: Hashes
    rows: Ints
    kinds: Bytes
    stems: Hashes
    capitals: Flags


def mixed(values: Hashes) -> Hashes:
    """Return well distributed hashes of 64-bit values (the finaliser of SplitMix64)."""
    values = values + MIX[0]
    values = (values ^ (values >> np.uint64(30))) * MIX[1]
    values = (values ^ (values >> np.uint64(27))) * MIX[2]
    return np.asarray(values ^ (values >> np.uint64(31)), np.uint64)


_WEIGHTS = mixed(np.arange(LONGEST_WORD, dtype=np.uint64)) | np.uint64(1)


def read_tokens(texts: Sequence[str]) -> Tokens:
    """Split texts into words, signs and emoji.

    Case, digits, apostrophes and letters beyond the second of a run do not count. A mention, a link and a ticker are
    one sign each, whatever they say.
    """
    encoded = [text.encode("utf-8", "replace") for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    data = np.frombuffer(b"".join(text + b"\n" for text in encoded), np.uint8)
    data, rows = _placeholders(data, np.repeat(np.arange(len(texts)), lengths + 1))
    data, rows = _without_apostrophes(data, rows)
    folded = FOLDED[data]
    kept = _not_drawn_out(folded)
    return _hashed(len(texts), data[kept], folded[kept], rows[kept])


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of the first token of each word, for comparison with those of texts; 0 where it has none."""
    tokens = read_tokens(words)
    found = np.zeros(len(words), np.uint64)
    found[tokens.rows[::-1]] = tokens.hashes[::-1]
    return found


def _placeholders(data: Bytes, rows: Ints) -> tuple[Bytes, Ints]:
    """Replace each run without blanks that is a mention, a link or a ticker by one byte."""
    blank = data <= 32
    begins = ~blank
    begins[1:] &= blank[:-1]
    starts = np.flatnonzero(begins)
    if not len(starts):
        return data, rows
    padded = np.concatenate([data, np.zeros(4, np.uint8)])
    first, second = padded[starts], padded[starts + 1]
    letter = KINDS[second] == WORD
    code = np.zeros(len(starts), np.uint8)
    code[(first == ord("@")) & letter] = MENTION
    code[(first == ord("$")) & letter & ((second < ord("0")) | (second > ord("9")))] = TICKER
    http = (FOLDED[first] == ord("h")) & (FOLDED[second] == ord("t"))
    http &= (FOLDED[padded[starts + 2]] == ord("t")) & (FOLDED[padded[starts + 3]] == ord("p"))
    code[http] = LINK
    chunk = np.cumsum(begins) - 1
    inside = ~blank & (code[np.maximum(chunk, 0)] > 0)
    inside[starts] = False
    replaced = data.copy()
    replaced[starts[code > 0]] = code[code > 0]
    return replaced[~inside], rows[~inside]


def _without_apostrophes(data: Bytes, rows: Ints) -> tuple[Bytes, Ints]:
    kept = data != ord("'")
    if (data == APOSTROPHE[0]).any():
        places = np.flatnonzero(data[:-2] == APOSTROPHE[0])
        places = places[(data[places + 1] == APOSTROPHE[1]) & (data[places + 2] == APOSTROPHE[2])]
        for offset in range(3):
            kept[places + offset] = False
    return data[kept], rows[kept]


def _not_drawn_out(folded: Bytes) -> Flags:
    """Return False for the third and later of equal ASCII letters or digits in a row, as in soooo."""
    kept = np.ones(len(folded), np.bool_)
    same = (folded[2:] == folded[1:-1]) & (folded[1:-1] == folded[:-2])
    kept[2:] = ~(same & (KINDS[folded[2:]] == WORD) & (folded[2:] < 0x80))
    return kept


def _hashed(count: int, data: Bytes, folded: Bytes, rows: Ints) -> Tokens:
    """Find where tokens begin and end, and hash each."""
    places = np.arange(len(data))
    whole = (data & 0xC0) != 0x80  # the first byte of a character
    lead = np.maximum.accumulate(np.where(whole, places, 0))
    kinds = KINDS[data[lead]]
    before = np.full(len(kinds), BLANK, np.uint8)
    before[1:] = kinds[:-1]
    begins = whole & ((kinds == SIGN) | ((kinds == WORD) & (before != WORD)))
    starts = np.flatnonzero(begins)
    if not len(starts):
        nothing = np.empty(0, np.uint64)
        return Tokens(count, nothing, np.empty(0, np.int64), np.empty(0, np.uint8), nothing, np.empty(0, np.bool_))
    token = np.maximum(np.cumsum(begins) - 1, 0)
    depth = places - starts[token]
    inside = (kinds != BLANK) & (depth >= 0)
    values = np.where(
        inside & (depth < LONGEST_WORD),
        (folded.astype(np.uint64) + np.uint64(1)) * _WEIGHTS[np.clip(depth, 0, LONGEST_WORD - 1)],
        np.uint64(0),
    )
    hashes = mixed(np.add.reduceat(values, starts))
    stems = mixed(np.add.reduceat(np.where(depth < 5, values, np.uint64(0)), starts) ^ MIX[1])
    small = np.add.reduceat((inside & ((data < ord("A")) | (data > ord("Z")))).astype(np.int64), starts)
    sizes = np.add.reduceat(inside.astype(np.int64), starts)
    return Tokens(count, hashes, rows[starts], kinds[starts], stems, (small == 0) & (sizes > 1))
