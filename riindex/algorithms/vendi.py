"""Diversity of a collection as a whole: the Vendi score."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.near_pairs import EPSILON
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Doubles, Floats


def vendi_score(vectors: Floats) -> float:
    """Compute the Vendi score (Friedman and Dieng 2023), 1 to n.

    It is exp of the entropy of the cosine kernel's eigenvalues.
    """
    rows = vectors.astype(np.float64)
    with single_threaded():
        return _kernel_score(rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows)


def vendi_contributions(vectors: Floats) -> Doubles:
    """Compute each row's contribution to the score: the whole's less that of the whole without the row."""
    if len(vectors) < 2:
        return np.ones(len(vectors))
    rows = vectors.astype(np.float64)
    with single_threaded():
        whole = vendi_score(vectors)
        if len(rows) <= rows.shape[1]:
            kernel = rows @ rows.T
            left = [_kernel_score(np.delete(np.delete(kernel, row, 0), row, 1)) for row in range(len(rows))]
        else:
            scatter = rows.T @ rows
            left = [_kernel_score(scatter - np.outer(row, row)) for row in rows]
    return np.asarray(whole - np.array(left), np.float64)


def _kernel_score(kernel: Doubles) -> float:
    """Compute the score of the kernel XX' or of X'X, which has the same eigenvalues but for zeros."""
    values = np.linalg.eigvalsh(kernel)
    values = values[values > EPSILON]
    shares = values / values.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))
