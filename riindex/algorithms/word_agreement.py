"""Split-half agreement of the words of a group's texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Doubles, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


# A word, a hashtag or a handle; a character of a script that is written without spaces.
WORD = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[#@]?\\w+")
# Fewest texts with words in both halves for a correlation.
MIN_TEXTS = 30
# Other groups, those with the most similarity words, against which a group is held one by one.
NEAREST_GROUPS = 5


@dataclass(frozen=True)
class Agreement:
    """Per group: the agreement of halves, the lowest against a single other group, and that group (-1: none).

    ``texts``: the number of texts that the correlations rest on.
    """

    overall: Doubles
    apart: Doubles
    apart_from: Ints
    texts: int


def word_agreement(texts: Sequence[str], labels: Ints, groups: int, seed: int) -> Agreement:
    """Measure the agreement of two random halves of a text's different words about its group.

    A half scores a group by the mean log-odds of its words, learnt from the other half of the texts; the agreement is
    the correlation of the two scores over all texts, -1 to 1 (a split-half reliability: Spearman 1910, Brown 1910).
    Where the words of texts are shuffled it is 0 but for chance, whatever grouping was found in them, since the halves
    are independent. ``apart`` is the same with the odds against each of the NEAREST_GROUPS groups by words alone. NaN
    below MIN_TEXTS texts that have a word on either side.
    """
    rng = np.random.default_rng(seed)
    both = _halves(texts, rng)
    counts = [np.asarray(half.sum(axis=1)).ravel() for half in both]
    has_both = (counts[0] > 0) & (counts[1] > 0)
    if groups < 2 or has_both.sum() < MIN_TEXTS:
        unknown = np.full(groups, np.nan)
        return Agreement(unknown, unknown, np.full(groups, -1), int(has_both.sum()))
    fold = rng.permutation(len(texts)) % 2
    learnt = [_counts((both[0] + both[1])[fold != own], labels[fold != own], groups) for own in (0, 1)]
    pairs = [(group, None) for group in range(groups)] + [
        (group, other) for group in range(groups) for other in _nearest(learnt[0] + learnt[1], group)
    ]
    scores = [np.zeros((len(texts), len(pairs))) for _ in both]
    for own in (0, 1):
        weights = np.stack([_log_odds(learnt[own], group, other) for group, other in pairs])
        for side, (half, count) in enumerate(zip(both, counts, strict=True)):
            scores[side][fold == own] = (half[fold == own] @ weights.T) / np.maximum(count[fold == own], 1)[:, None]
    found = _correlations(scores[0][has_both], scores[1][has_both])
    apart, whom = np.full(groups, np.nan), np.full(groups, -1)
    for (group, other), value in zip(pairs[groups:], found[groups:].tolist(), strict=True):
        if other is not None and not value >= apart[group]:
            apart[group], whom[group] = value, other
    return Agreement(found[:groups], apart, whom, int(has_both.sum()))


def chance_correlation(texts: int, times: float) -> float:
    """Compute the size of a correlation of so many texts by chance, ``times`` its standard error (Fisher 1915)."""
    return float(np.tanh(times / np.sqrt(max(texts - 3, 1))))


def _halves(texts: Sequence[str], rng: np.random.Generator) -> tuple[csr_matrix, csr_matrix]:
    """Split each text's words at random: a matrix of the words (columns) of one half, and of the other."""
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


def _counts(words: csr_matrix, labels: Ints, groups: int) -> Doubles:
    """Count the texts of each group that have each word, float64 (groups, words)."""
    from scipy.sparse import csr_matrix

    given = np.flatnonzero(labels >= 0)
    member = csr_matrix((np.ones(len(given)), (labels[given], given)), (groups, len(labels)))
    return np.asarray((member @ words).todense(), np.float64)


def _nearest(own: Doubles, group: int) -> list[int]:
    """Find the NEAREST_GROUPS other groups by the cosine of their words' counts."""
    lengths = np.linalg.norm(own, axis=1)
    similarity = own @ own[group] / np.maximum(lengths * lengths[group], 1e-12)
    similarity[group] = -np.inf
    return [int(other) for other in np.argsort(-similarity, kind="stable")[: min(NEAREST_GROUPS, len(own) - 1)]]


def _log_odds(own: Doubles, group: int, other: int | None) -> Doubles:
    """Compute log-odds of every word in a group against another, or all others; 0 for one that neither has.

    One text is added to each word, shared out as the words of the two are, so that a rare word weighs little whatever
    the sizes.
    """
    mine = own[group]
    theirs = own.sum(axis=0) - mine if other is None else own[other]
    sizes = np.maximum(np.array([mine.sum(), theirs.sum()]), 1)
    share = sizes / sizes.sum()
    return np.asarray(np.log((mine + share[0]) / (theirs + share[1])) - np.log(sizes[0] / sizes[1]), np.float64)


def _correlations(one: Doubles, other: Doubles) -> Doubles:
    """Compute Pearson's correlation of the columns of both, float64 (k,); NaN for a constant one."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    lengths = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    products = (one * other).sum(axis=0)
    return np.asarray(np.divide(products, lengths, out=np.full(len(products), np.nan), where=lengths > 0), np.float64)
