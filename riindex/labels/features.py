"""Features of short texts for a linear head: hashed words, pairs and negation, and signs that vectors cannot see."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Floats, Ints
from riindex.labels.tokens import LINK, MENTION, TICKER, WORD, Hashes, Tokens, hashes_of, mixed, read_tokens

SIGNS_FILE = Path(__file__).parent / "signs.toml"
BUCKET_BITS = 16
BUCKETS = 1 << BUCKET_BITS
NEGATION_REACH = 4  # words after a negator that are negated, unless a sign comes between (Pang et al. 2002)
PRAYING = "🙏"

# Names of the dense features, in their order, as reasons are worded.
SIGNALS = (
    "is short", "is long", "asks (?)", "ends with ?", "exclaims (!)", "exclaims often", "words in capitals",
    "begins with a mention", "has a mention", "has a link", "has a ticker", "many tickers", "has a hashtag",
    "has numbers", "has money or percents", "begins as a question", "a negation", "speaks of oneself",
    "speaks to somebody", "a glad emoji", "a sad or angry emoji", "praying hands", "signs like an agent",
    "has quotation marks", "trails off (...)", "begins with a capital", "is a retweet", "has a colon", "has no words",
)  # fmt: skip


def sparse_features(tokens: Tokens) -> Any:
    """Return a CSR matrix (n, BUCKETS) of float32: hashed words, stems and pairs; each row of unit length.

    A word within NEGATION_REACH of a negator counts as another one too; the first word of a text likewise.
    Hashing as by Weinberger et al. 2009, without signs.
    """
    from scipy.sparse import csr_array

    columns, rows = _columns(tokens)
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=tokens.count)
    weights = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    values = np.repeat(weights, counts)
    return csr_array((values, columns[order], starts), shape=(tokens.count, BUCKETS))


def _columns(tokens: Tokens) -> tuple[npt.NDArray[np.int32], Ints]:
    hashes, rows = tokens.hashes, tokens.rows
    if not len(hashes):
        return np.empty(0, np.int32), np.empty(0, np.int64)
    words = tokens.kinds == WORD
    negated = negated_words(tokens)
    pairs = rows[1:] == rows[:-1]
    first = _first_words(tokens)
    kinds = (
        (hashes, rows),
        (tokens.stems[words], rows[words]),
        (hashes[negated] ^ _salt(1), rows[negated]),
        (tokens.stems[negated] ^ _salt(1), rows[negated]),
        ((mixed(hashes[:-1]) ^ hashes[1:])[pairs], rows[1:][pairs]),
        (hashes[first] ^ _salt(2), rows[first]),
    )
    values = mixed(np.concatenate([each for each, _ in kinds]))
    return (values >> np.uint64(64 - BUCKET_BITS)).astype(np.int32), np.concatenate([each for _, each in kinds])


def negated_words(tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Return True for every word in the reach of a negator before it."""
    places = np.arange(len(tokens.hashes))
    words = tokens.kinds == WORD
    negators = _among(tokens.hashes, _known(_list("negators")))
    last_negator = np.maximum.accumulate(np.where(negators, places, -NEGATION_REACH - 1))
    begins = _begins(tokens.rows)
    last_stop = np.maximum.accumulate(np.where(begins | ~words, places, -1))
    reach = (places - last_negator <= NEGATION_REACH) & (last_negator >= last_stop)
    return np.asarray(reach & words & ~negators, np.bool_)


def is_negator(words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return True for every word that negates those after it."""
    return _among(hashes_of(words), _known(_list("negators")))


def _among(hashes: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Return True for every hash that is known; by sorting, since the tables of NumPy 2.0 overflow at 64 bits."""
    return np.isin(hashes, known, kind="sort")


def _first_words(tokens: Tokens) -> Ints:
    """Return the place of the first word of every text that has one."""
    words = np.flatnonzero(tokens.kinds == WORD)
    return np.asarray(words[_begins(tokens.rows[words])], np.int64)


def _begins(rows: Ints) -> npt.NDArray[np.bool_]:
    """Return True where another text begins."""
    begins = np.ones(len(rows), np.bool_)
    begins[1:] = rows[1:] != rows[:-1]
    return begins


def dense_features(texts: Sequence[str], tokens: Tokens) -> Floats:
    """Return the SIGNALS of each text: float32, shape (n, len(SIGNALS)), 0 to 1."""
    rows, hashes, kinds = tokens.rows, tokens.hashes, tokens.kinds

    def count(found: npt.NDArray[np.bool_]) -> Ints:
        return np.bincount(rows[found], minlength=tokens.count)

    def has(*words: str) -> npt.NDArray[np.bool_]:
        return _among(hashes, _known(words))

    def listed(name: str) -> npt.NDArray[np.bool_]:
        return count(has(*_list(name))) > 0

    sign = {name: count(hashes == _sign(code)) for name, code in (("@", MENTION), ("link", LINK), ("$", TICKER))}
    first, last = _ends(tokens)
    words = count(kinds == WORD)
    asks, exclaims = count(has("?")), count(has("!"))
    first_word = np.zeros(tokens.count, np.uint64)
    place = _first_words(tokens)
    first_word[rows[place]] = hashes[place]
    capitals = count(tokens.capitals) / np.maximum(words, 1)
    columns = (
        words <= 5, np.minimum(words / 30, 1), asks > 0, last == _known(("?",))[0], exclaims > 0, exclaims > 2,
        np.minimum(capitals * 2, 1), first == _sign(MENTION), sign["@"] > 0, sign["link"] > 0, sign["$"] > 0,
        sign["$"] > 2, count(has("#")) > 0, count(has("0", "00")) > 0, count(has("$", "%", "€", "£", "₹")) > 0,
        _among(first_word, _known(_list("asking"))), listed("negators"), listed("oneself"),
        listed("addressed"), listed("glad"), listed("grim"), count(has(PRAYING)) > 0, _matching(texts, SIGNATURE),
        count(has('"', "“")) > 0, count(has("…", ".")) > 2, _matching(texts, CAPITAL),
        first_word == _known(("rt",))[0], count(has(":")) > 0, words == 0,
    )  # fmt: skip
    return np.column_stack([np.asarray(column, np.float32) for column in columns])


# A signature as agents write it: ^AB, -Jo, /LK, *XY; a capital as the first letter after mentions.
SIGNATURE = r"(?:\^\s?\w{1,12}|\s?[-\x{2013}*/~]\s?(?:[A-Z]{2,4}|[A-Z][a-z]{1,11}))\s*(?:https?://\S+)?\s*$"
CAPITAL = r"^(?:@\w+\s+|RT\s+|\W+)*\p{Lu}"


def _matching(texts: Sequence[str], pattern: str) -> npt.NDArray[np.bool_]:
    import polars as pl

    return pl.Series(texts, dtype=pl.String).str.contains(pattern).to_numpy()


def features(texts: Sequence[str]) -> tuple[Any, Floats]:
    """Return the sparse and the dense features of texts."""
    tokens = read_tokens(texts)
    return sparse_features(tokens), dense_features(texts, tokens)


def _ends(tokens: Tokens) -> tuple[Hashes, Hashes]:
    """Return the hash of the first and of the last token of each text; 0 where it has none."""
    first, last = np.zeros(tokens.count, np.uint64), np.zeros(tokens.count, np.uint64)
    last[tokens.rows] = tokens.hashes  # of equal places the last is kept
    first[tokens.rows[::-1]] = tokens.hashes[::-1]
    return first, last


@cache
def _list(name: str) -> tuple[str, ...]:
    """Return the words, or the single emoji, of a list of signs.toml."""
    words: str = tomllib.loads(SIGNS_FILE.read_text(encoding="utf-8"))[name]
    return tuple(words.split()) if " " in words else tuple(words)


@cache
def _known(words: tuple[str, ...]) -> Hashes:
    return np.unique(hashes_of(words))


def _sign(code: int) -> np.uint64:
    return np.uint64(_known((chr(code),))[0])


def _salt(number: int) -> np.uint64:
    return np.uint64(mixed(np.array([number], np.uint64))[0])
