"""Pairs of similar unit vectors, the groups that they form, and outliers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riindex.algorithms.neighbors import nearest_rows
from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Doubles, Floats, Ints
from riindex.errors import QueryError

# Lengths and spreads below this count as zero.
EPSILON = 1e-12

# More pairs than this are of no use to a reader, and they fill the memory.
MAX_PAIRS = 500_000
# A row is an outlier when its nearest is further away than the median's by so many scaled median deviations.
OUTLIER_DEVIATIONS = 3.0
# The median absolute deviation of a normal distribution times this is its standard deviation.
MAD_TO_DEVIATION = 1.4826


def near_pairs(vectors: Floats, threshold: float) -> list[tuple[int, int, float]]:
    """Find every pair of rows (i < j) with a cosine of ``threshold`` or more, the most similar first.

    Raises QueryError where there are more than MAX_PAIRS.
    """
    found: list[tuple[int, int, float]] = []
    for span in spans(len(vectors), 1_024):
        products = vectors[span] @ vectors.T
        rows, others = np.nonzero(products >= threshold)
        after = rows + span.start < others
        pairs = zip(rows[after] + span.start, others[after], products[rows[after], others[after]], strict=True)
        if len(found) + int(after.sum()) > MAX_PAIRS:
            raise QueryError(f"more than {MAX_PAIRS:,} pairs are that similar", "raise --threshold, e.g. to 0.97")
        found += [(int(a), int(b), float(s)) for a, b, s in pairs]
    return sorted(found, key=lambda pair: (-round(pair[2], 6), pair[0], pair[1]))


def connected_components(pairs: Sequence[tuple[int, int, float]]) -> list[list[int]]:
    """Return the connected components of a graph of pairs, each in order, the largest first."""
    home: dict[int, int] = {}

    def root(row: int) -> int:
        while home.setdefault(row, row) != row:
            row = home[row]
        return row

    for a, b, _ in pairs:
        low, high = sorted((root(a), root(b)))
        home[high] = low
    groups: dict[int, list[int]] = {}
    for row in sorted(home):
        groups.setdefault(root(row), []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def medoid(vectors: Floats, weights: Sequence[int]) -> int:
    """Return the row most similar to all the others; among equals the heaviest, then the first."""
    similarity = np.round(vectors.astype(np.float64) @ vectors.sum(axis=0, dtype=np.float64), 6)
    return min(range(len(vectors)), key=lambda row: (-similarity[row], -weights[row], row))


def nearest_others(vectors: Floats, workers: Workers = ONE_WORKER) -> tuple[Ints, Doubles]:
    """Find each row's nearest other row and the cosine distance to it; -1 and NaN where there is none."""
    if len(vectors) < 2:
        return np.full(len(vectors), -1), np.full(len(vectors), np.nan)
    indices, _ = nearest_rows(vectors, vectors, 2, workers)
    own = np.arange(len(vectors))
    other = np.where(indices[:, 0] == own, indices[:, 1], indices[:, 0])
    distance = 1 - np.einsum("ij,ij->i", vectors, vectors[other], dtype=np.float64)
    return other.astype(np.int64), np.asarray(np.maximum(distance, 0), np.float64)


def outliers(distance: Doubles) -> npt.NDArray[np.bool_]:
    """Find rows whose nearest other is unusually far (median and median absolute deviation, Leys et al. 2013)."""
    if len(distance) < 3:
        return np.zeros(len(distance), np.bool_)
    middle = np.median(distance)
    spread = MAD_TO_DEVIATION * float(np.median(np.abs(distance - middle)))
    return np.asarray(distance > middle + OUTLIER_DEVIATIONS * max(spread, EPSILON), np.bool_)


def mean_dissimilarity(vectors: Floats) -> float | None:
    """Compute the mean of 1 - cosine over the pairs of unit rows, from their sum alone; None for fewer than two."""
    count = len(vectors)
    if count < 2:
        return None
    total = vectors.sum(axis=0, dtype=np.float64)
    own = float((vectors.astype(np.float64) ** 2).sum())
    return max(0.0, float(1 - (total @ total - own) / (count * (count - 1))))
