"""Rows that are typical and differ from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riindex.algorithms.types import Floats

# Weight of being typical against being different (maximal marginal relevance, Carbonell and Goldstein 1998).
TYPICAL = 0.6


def diverse(vectors: Floats, authors: Sequence[str], most: int) -> list[int]:
    """Indices of at most ``most`` rows, typical and unlike each other, from different authors while there are any.

    ``vectors``: unit rows (n, d), the most typical first on ties. Maximal marginal relevance to the mean row.
    """
    if not len(vectors):
        return []
    products = vectors.astype(np.float64)
    mean = products.mean(axis=0)
    relevance = products @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
    nearest = np.full(len(vectors), -1.0)
    chosen: list[int] = []
    seen: set[str] = set()
    while len(chosen) < min(most, len(vectors)):
        score = TYPICAL * relevance - (1 - TYPICAL) * np.maximum(nearest, 0)
        score[chosen] = -np.inf
        fresh = np.array([author not in seen for author in authors])
        if (fresh & np.isfinite(score)).any():
            score[~fresh] = -np.inf
        pick = int(np.argmax(np.round(score, 6)))
        chosen.append(pick)
        seen.add(authors[pick])
        nearest = np.maximum(nearest, products @ products[pick])
    return chosen
