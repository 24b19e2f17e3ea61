"""Do the words of a group hold together? One half of a text's words against the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# A word, a hashtag or a handle; a character of a script that is written without spaces.
WORD = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[#@]?\\w+")
# Texts with words on both sides below which a correlation says nothing.
ENOUGH = 30


def word_agreement(texts: Sequence[str], labels: Ints, groups: int, seed: int) -> tuple[Doubles, int]:
    """Per group, how far two random halves of a text's different words agree that it belongs there; and of how many.

    A half speaks for a group by the mean log-odds of its words, learnt from the other half of the texts; the answer is
    the correlation of the two over all texts, -1 to 1 (a split-half reliability: Spearman 1910, Brown 1910). Where the
    words of texts are shuffled it is 0 but for chance, whatever grouping was found in them, since the halves are
    independent. NaN below ENOUGH texts that have a word on either side.
    """
    rng = np.random.default_rng(seed)
    both = _halves(texts, rng)
    counts = [np.asarray(half.sum(axis=1)).ravel() for half in both]
    fold = rng.permutation(len(texts)) % 2
    scores = [np.zeros((len(texts), groups)) for _ in both]
    for own in (0, 1):
        weights = _log_odds((both[0] + both[1])[fold != own], labels[fold != own], groups)
        for side, (half, count) in enumerate(zip(both, counts, strict=True)):
            scores[side][fold == own] = (half[fold == own] @ weights.T) / np.maximum(count[fold == own], 1)[:, None]
    told = (counts[0] > 0) & (counts[1] > 0)
    if told.sum() < ENOUGH:
        return np.full(groups, np.nan), int(told.sum())
    return _correlations(scores[0][told], scores[1][told]), int(told.sum())


def chance(texts: int, times: float) -> float:
    """How large a correlation of so many texts is by chance alone, ``times`` its standard error (Fisher 1915)."""
    return float(np.tanh(times / np.sqrt(max(texts - 3, 1))))


def _halves(texts: Sequence[str], rng: np.random.Generator) -> tuple[csr_matrix, csr_matrix]:
    """Which words (columns) each text has in one random half, and in the other."""
    from scipy.sparse import csr_matrix

    vocabulary: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    sides: list[npt.NDArray[np.int64]] = []
    for row, text in enumerate(texts):
        words = dict.fromkeys(WORD.findall(text.lower()))
        rows += [row] * len(words)
        columns += [vocabulary.setdefault(word, len(vocabulary)) for word in words]
        sides.append(rng.permutation(len(words)) % 2)
    side = np.concatenate(sides) if sides else np.empty(0, np.int64)
    row_of, column_of = np.array(rows, np.int64), np.array(columns, np.int64)
    shape = (len(texts), max(len(vocabulary), 1))
    first, second = (
        csr_matrix((np.ones(int((side == half).sum())), (row_of[side == half], column_of[side == half])), shape)
        for half in (0, 1)
    )
    return first, second


def _log_odds(words: csr_matrix, labels: Ints, groups: int) -> Doubles:
    """Smoothed log-odds of every word in a group against the others, float64 (groups, words); 0 for one not seen."""
    from scipy.sparse import csr_matrix

    given = np.flatnonzero(labels >= 0)
    member = csr_matrix((np.ones(len(given)), (labels[given], given)), (groups, len(labels)))
    own = np.asarray((member @ words).todense())
    every = np.asarray(own.sum(axis=0))
    others = every - own
    odds = np.log((own + 0.5) / (own.sum(axis=1, keepdims=True) + 1)) - np.log(
        (others + 0.5) / (others.sum(axis=1, keepdims=True) + 1)
    )
    return np.asarray(np.where(every > 0, odds, 0.0), np.float64)


def _correlations(one: Doubles, other: Doubles) -> Doubles:
    """Pearson's correlation of the columns of both, float64 (k,); NaN for a constant one."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    lengths = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    products = (one * other).sum(axis=0)
    return np.asarray(np.divide(products, lengths, out=np.full(len(products), np.nan), where=lengths > 0), np.float64)
