"""How different a collection is as a whole: the Vendi score."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.near_pairs import NOTHING
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Doubles, Floats


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
