"""Maximal marginal relevance: rows that are typical and differ from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riindex.algorithms.types import Floats

# Weight of relevance against diversity (lambda of maximal marginal relevance, Carbonell and Goldstein 1998).
RELEVANCE_WEIGHT = 0.6


def select_diverse(vectors: Floats, authors: Sequence[str], max_rows: int) -> list[int]:
    """Select at most ``max_rows`` rows by maximal marginal relevance to the mean row; return their indices.

    ``vectors``: unit rows (n, d), the most typical first on ties. Each row is of a different author while there are
    any.
    """
    if not len(vectors):
        return []
    products = vectors.astype(np.float64)
    mean = products.mean(axis=0)
    relevance = products @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
    nearest = np.full(len(vectors), -1.0)
    chosen: list[int] = []
    seen: set[str] = set()
    while len(chosen) < min(max_rows, len(vectors)):
        score = RELEVANCE_WEIGHT * relevance - (1 - RELEVANCE_WEIGHT) * np.maximum(nearest, 0)
        score[chosen] = -np.inf
        fresh = np.array([author not in seen for author in authors])
        if (fresh & np.isfinite(score)).any():
            score[~fresh] = -np.inf
        pick = int(np.argmax(np.round(score, 6)))
        chosen.append(pick)
        seen.add(authors[pick])
        nearest = np.maximum(nearest, products @ products[pick])
    return chosen
