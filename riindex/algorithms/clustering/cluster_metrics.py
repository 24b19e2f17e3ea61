"""Figures of the quality of groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Doubles, Floats, Ints


def mean_vectors(vectors: Floats, labels: Ints, groups: int) -> Floats:
    """Compute the unit mean vector of every group, float32 (k, d); zeros for a group without rows."""
    means = np.zeros((groups, vectors.shape[1]), np.float64)
    for group in range(groups):
        rows = np.flatnonzero(labels == group)
        for span in spans(len(rows)):
            means[group] += vectors[rows[span]].sum(axis=0, dtype=np.float64)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return (means / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def coherence(vectors: Floats, labels: Ints, means: Floats, workers: Workers = ONE_WORKER) -> Doubles:
    """Compute the mean cosine of each group's unit rows to its mean vector, float64 (k,)."""
    parts = workers.map(lambda s: np.einsum("ij,ij->i", vectors[s], means[labels[s]]), spans(len(vectors)))
    return group_averages(np.concatenate(parts).astype(np.float64), labels, len(means))


def group_averages(values: Doubles, labels: Ints, groups: int) -> Doubles:
    """Compute the mean of ``values`` in every group, summed in row order."""
    counts = np.bincount(labels, minlength=groups)
    sums = np.bincount(labels, weights=values, minlength=groups)
    return np.asarray(sums / np.maximum(counts, 1), np.float64)


def separation(means: Floats) -> Doubles:
    """Compute 1 - cosine to the nearest other group's mean vector, float64 (k,); NaN where there is one group."""
    if len(means) < 2:
        return np.full(len(means), np.nan)
    similarity = means.astype(np.float64) @ means.T.astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    return np.asarray(1 - similarity.max(axis=1), np.float64)


def simplified_silhouette(own: Doubles, other: Doubles) -> Doubles:
    """Compute (b - a) / max(a, b) per row, a and b the distances to the own and the next nearest centroid."""
    larger = np.maximum(np.maximum(own, other), 1e-12)
    return np.asarray((other - own) / larger, np.float64)


def best_jaccard(labels: Ints, refits: Sequence[tuple[Ints, Ints]], groups: int) -> Doubles:
    """Compute per group the mean over refits of its best Jaccard overlap with a refit's group, float64 (k,).

    The measure is that of Hennig (2007). A refit is (rows, labels of those rows); a group is compared on the rows that
    the refit saw. -1 is noise in either.
    """
    found = np.zeros((len(refits), groups))
    for number, (rows, refitted) in enumerate(refits):
        ours = labels[rows]
        seen = (refitted >= 0) & (ours >= 0)
        table = np.zeros((groups, int(refitted.max(initial=0)) + 1))
        np.add.at(table, (ours[seen], refitted[seen]), 1)
        sizes = np.bincount(ours[ours >= 0], minlength=groups)[:, None]
        theirs = np.bincount(refitted[refitted >= 0], minlength=table.shape[1])[None, :]
        union = sizes + theirs - table
        found[number] = (table / np.maximum(union, 1)).max(axis=1)
    return np.asarray(found.mean(axis=0), np.float64) if len(refits) else np.full(groups, np.nan)


def membership_nmi(table: npt.NDArray[np.integer]) -> float:
    """Compute the normalised mutual information (arithmetic mean) of two yes-or-no variables, 0 to 1.

    ``table``: their 2 x 2 counts. NaN where one of them has the same value for all.
    """
    total = table.sum()
    shares = table / total
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    entropies = [-float((side[side > 0] * np.log(side[side > 0])).sum()) for side in (rows, columns)]
    if min(entropies) <= 0:
        return float("nan")
    expected = np.outer(rows, columns)
    some = shares > 0
    mutual = float((shares[some] * np.log(shares[some] / expected[some])).sum())
    return min(1.0, max(0.0, 2 * mutual / sum(entropies)))
