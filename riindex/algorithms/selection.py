"""What a collection of unit vectors holds: what is alike, how different it is as a whole, which rows stand for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riindex.algorithms.neighbors import nearest_rows
from riindex.algorithms.parallel import single_threaded, spans
from riindex.errors import QueryError

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# More pairs than this nobody reads, and they fill the memory.
MOST_PAIRS = 500_000
# Eigenvalues below this are rounding.
NOTHING = 1e-12
# A row is an outlier when its nearest is further away than the median's by so many scaled median deviations.
DEVIATIONS = 3.0
# The median absolute deviation of a normal distribution times this is its standard deviation.
NORMAL = 1.4826


def alike(vectors: Floats, threshold: float) -> list[tuple[int, int, float]]:
    """Every pair of rows (i < j) with a cosine of ``threshold`` or more, the most alike first.

    Raises QueryError where there are more than MOST_PAIRS.
    """
    found: list[tuple[int, int, float]] = []
    for span in spans(len(vectors), 1_024):
        products = vectors[span] @ vectors.T
        rows, others = np.nonzero(products >= threshold)
        after = rows + span.start < others
        pairs = zip(rows[after] + span.start, others[after], products[rows[after], others[after]], strict=True)
        if len(found) + int(after.sum()) > MOST_PAIRS:
            raise QueryError(f"more than {MOST_PAIRS:,} pairs are that alike", "raise --threshold, e.g. to 0.97")
        found += [(int(a), int(b), float(s)) for a, b, s in pairs]
    return sorted(found, key=lambda pair: (-round(pair[2], 6), pair[0], pair[1]))


def components(pairs: Sequence[tuple[int, int, float]]) -> list[list[int]]:
    """The groups that pairs join, each in order, the largest first."""
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
    """The row most like all the others; among equals the heaviest, then the first."""
    likeness = np.round(vectors.astype(np.float64) @ vectors.sum(axis=0, dtype=np.float64), 6)
    return min(range(len(vectors)), key=lambda row: (-likeness[row], -weights[row], row))


def nearest_others(vectors: Floats, threads: int = 1) -> tuple[Ints, Doubles]:
    """Of each row its nearest other row and the cosine distance to it; -1 and NaN where there is none."""
    if len(vectors) < 2:
        return np.full(len(vectors), -1), np.full(len(vectors), np.nan)
    indices, _ = nearest_rows(vectors, vectors, 2, threads)
    own = np.arange(len(vectors))
    other = np.where(indices[:, 0] == own, indices[:, 1], indices[:, 0])
    distance = 1 - np.einsum("ij,ij->i", vectors, vectors[other], dtype=np.float64)
    return other.astype(np.int64), np.asarray(np.maximum(distance, 0), np.float64)


def outliers(distance: Doubles) -> npt.NDArray[np.bool_]:
    """Rows whose nearest other is unusually far (median and median absolute deviation, Leys et al. 2013)."""
    if len(distance) < 3:
        return np.zeros(len(distance), np.bool_)
    middle = np.median(distance)
    spread = NORMAL * float(np.median(np.abs(distance - middle)))
    return np.asarray(distance > middle + DEVIATIONS * max(spread, NOTHING), np.bool_)


def mean_dissimilarity(vectors: Floats) -> float | None:
    """Mean of 1 - cosine over the pairs of unit rows, from their sum alone; None for fewer than two."""
    count = len(vectors)
    if count < 2:
        return None
    total = vectors.sum(axis=0, dtype=np.float64)
    own = float((vectors.astype(np.float64) ** 2).sum())
    return max(0.0, float(1 - (total @ total - own) / (count * (count - 1))))


def effective_number(vectors: Floats) -> float:
    """The Vendi score (Friedman and Dieng 2023): exp of the entropy of the cosine kernel's eigenvalues, 1 to n."""
    rows = vectors.astype(np.float64)
    with single_threaded():
        return _effective(rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows)


def added(vectors: Floats) -> Doubles:
    """How much each row adds to the effective number: the whole's less that of the whole without it."""
    if len(vectors) < 2:
        return np.ones(len(vectors))
    rows = vectors.astype(np.float64)
    with single_threaded():
        whole = effective_number(vectors)
        if len(rows) <= rows.shape[1]:
            kernel = rows @ rows.T
            left = [_effective(np.delete(np.delete(kernel, row, 0), row, 1)) for row in range(len(rows))]
        else:
            scatter = rows.T @ rows
            left = [_effective(scatter - np.outer(row, row)) for row in rows]
    return np.asarray(whole - np.array(left), np.float64)


def _effective(kernel: Doubles) -> float:
    """Of the kernel XX' or of X'X, which has the same eigenvalues but for zeros."""
    values = np.linalg.eigvalsh(kernel)
    values = values[values > NOTHING]
    shares = values / values.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def spread_out(vectors: Floats, count: int, kinds: Sequence[str] | None = None) -> list[tuple[int, float]]:
    """Greedy k-centre (Gonzalez 1985): (row, its distance to those chosen before it), the most central row first.

    Each next row is the one furthest from all chosen. ``kinds``: with one a row, the next comes from the kind that has
    the fewest chosen, so that all are represented as evenly as their sizes allow.
    """
    first = medoid(vectors, [0] * len(vectors))
    chosen, distances = [first], [float("nan")]
    far = 1 - vectors.astype(np.float64) @ vectors[first].astype(np.float64)
    open_ = np.ones(len(vectors), np.bool_)
    while len(chosen) < min(count, len(vectors)):
        open_[chosen] = False
        allowed = open_ if kinds is None else open_ & _fewest(kinds, chosen, open_)
        pick = int(np.argmax(np.where(allowed, np.round(far, 9), -np.inf)))
        distances.append(max(float(far[pick]), 0.0))
        chosen.append(pick)
        far = np.minimum(far, 1 - vectors.astype(np.float64) @ vectors[pick].astype(np.float64))
    return list(zip(chosen, distances, strict=True))


def _fewest(kinds: Sequence[str], chosen: Sequence[int], open_: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    names = np.array(kinds)
    counts = {kind: sum(kinds[row] == kind for row in chosen) for kind in dict.fromkeys(names[open_].tolist())}
    least = min(counts.values())
    return np.isin(names, [kind for kind, count in counts.items() if count == least])


def determinantal(vectors: Floats, count: int) -> list[tuple[int, float]]:
    """The greedy most likely set of a determinantal point process (Chen, Zhang and Zhou 2018), as (row, its volume).

    The volume is the part of a row that those chosen before it do not span, 1 for the first.
    """
    rows = vectors.astype(np.float64)
    left = np.einsum("ij,ij->i", rows, rows)
    base = np.zeros((0, len(rows)))
    # Unit rows are equally likely at first: the most central one begins.
    pick = medoid(vectors, [0] * len(vectors))
    chosen: list[tuple[int, float]] = []
    while len(chosen) < min(count, len(rows)):
        chosen.append((pick, float(max(left[pick], 0.0))))
        step = (rows @ rows[pick] - base.T @ base[:, pick]) / np.sqrt(max(left[pick], NOTHING))
        base = np.vstack([base, step])
        left = left - step**2
        left[[row for row, _ in chosen]] = -np.inf
        pick = int(np.argmax(np.round(left, 9)))
    return chosen
