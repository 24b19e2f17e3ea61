"""One-to-one matching of the groups of two groupings."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.types import Doubles, Ints


def jaccard_matrix(shared: Ints) -> Doubles:
    """Compute the overlap (k, m) of two groupings from the documents they share: both / either, 0 to 1."""
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray(shared / np.maximum(either, 1), np.float64)


def match_groups(similarity: Doubles, min_similarity: float) -> dict[int, int]:
    """Return row → column of the one-to-one matching of greatest total similarity.

    Pairs below ``min_similarity`` are left out. Kuhn's assignment (the Hungarian method), as
    scipy.optimize.linear_sum_assignment solves it.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-similarity)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if similarity[r, c] >= min_similarity}
