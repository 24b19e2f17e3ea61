"""Which group of a new grouping is which of a former one."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.types import Doubles, Ints


def jaccard(shared: Ints) -> Doubles:
    """Overlap (k, m) of two groupings from the documents they share: both / either, 0 to 1."""
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray(shared / np.maximum(either, 1), np.float64)


def successors(likeness: Doubles, least: float) -> dict[int, int]:
    """Row → column of the one-to-one matching of greatest likeness in sum, without pairs below ``least``.

    Kuhn's assignment (the Hungarian method), as scipy.optimize.linear_sum_assignment solves it.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-likeness)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if likeness[r, c] >= least}
