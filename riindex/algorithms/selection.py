"""Selection of rows that represent a collection of unit vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riindex.algorithms.near_pairs import EPSILON, medoid
from riindex.algorithms.types import Floats


def k_centre(vectors: Floats, count: int, kinds: Sequence[str] | None = None) -> list[tuple[int, float]]:
    """Select rows by greedy k-centre (Gonzalez 1985): (row, distance to those chosen before), the medoid first.

    Each next row is the one furthest from all chosen. ``kinds``: with one a row, the next comes from the kind that has
    the fewest chosen, so that all are represented as evenly as their sizes allow.
    """
    first = medoid(vectors, [0] * len(vectors))
    chosen, distances = [first], [float("nan")]
    far = 1 - vectors.astype(np.float64) @ vectors[first].astype(np.float64)
    open_ = np.ones(len(vectors), np.bool_)
    while len(chosen) < min(count, len(vectors)):
        open_[chosen] = False
        allowed = open_ if kinds is None else open_ & _underrepresented(kinds, chosen, open_)
        pick = int(np.argmax(np.where(allowed, np.round(far, 9), -np.inf)))
        distances.append(max(float(far[pick]), 0.0))
        chosen.append(pick)
        far = np.minimum(far, 1 - vectors.astype(np.float64) @ vectors[pick].astype(np.float64))
    return list(zip(chosen, distances, strict=True))


def _underrepresented(
    kinds: Sequence[str], chosen: Sequence[int], open_: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    names = np.array(kinds)
    counts = {kind: sum(kinds[row] == kind for row in chosen) for kind in dict.fromkeys(names[open_].tolist())}
    least = min(counts.values())
    return np.isin(names, [kind for kind, count in counts.items() if count == least])


def greedy_dpp(vectors: Floats, count: int) -> list[tuple[int, float]]:
    """Select the greedy most likely set of a determinantal point process: (row, its volume).

    The method is that of Chen, Zhang and Zhou (2018). The volume is the part of a row that those chosen before it do
    not span, 1 for the first.
    """
    rows = vectors.astype(np.float64)
    left = np.einsum("ij,ij->i", rows, rows)
    base = np.zeros((0, len(rows)))
    # All unit rows tie at first: start with the medoid.
    pick = medoid(vectors, [0] * len(vectors))
    chosen: list[tuple[int, float]] = []
    while len(chosen) < min(count, len(rows)):
        chosen.append((pick, float(max(left[pick], 0.0))))
        step = (rows @ rows[pick] - base.T @ base[:, pick]) / np.sqrt(max(left[pick], EPSILON))
        base = np.vstack([base, step])
        left = left - step**2
        left[[row for row, _ in chosen]] = -np.inf
        pick = int(np.argmax(np.round(left, 9)))
    return chosen
