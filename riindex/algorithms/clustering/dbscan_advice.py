"""Settings of DBSCAN that give a usable grouping of these rows, found by trying."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riindex.algorithms.clustering.clusterers import dbscan
from riindex.algorithms.types import Doubles, Floats, Ints

# More noise than this, or a single group, is no usable grouping.
MOST_NOISE = 0.5
# A group with more than this of all rows is nearly one group.
LARGEST = 0.8
# min_samples tried beside the one asked for, and eps on the k-distance curve between its 2nd and 98th hundredth.
MIN_SAMPLES = (2, 3, 4, 5)
STEPS = 24
# Rows on which settings are tried; of more, a seeded draw.
TRIED_ROWS = 3_000


@dataclass(frozen=True)
class Setting:
    """DBSCAN at ``eps`` and ``min_samples``: how many groups, the share of noise and of the largest group."""

    eps: float
    min_samples: int
    groups: int
    noise: float
    largest: float

    @property
    def usable(self) -> bool:
        """At least two groups, no more than half noise, and no group that is nearly all."""
        return self.groups > 1 and self.noise <= MOST_NOISE and self.largest <= LARGEST

    def __str__(self) -> str:
        share = f"{self.noise:.0%} noise, the largest {self.largest:.0%}"
        return f"--eps {self.eps:.3g} --min-samples {self.min_samples} gives {self.groups} groups, {share}"


def outcome(labels: Ints, eps: float, min_samples: int) -> Setting:
    """What a grouping looks like."""
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(1)
    groups = int(labels.max()) + 1
    return Setting(eps, min_samples, groups, float((labels < 0).mean()), float(sizes.max() / len(labels)))


def k_distances(matrix: Floats, min_samples: int) -> Doubles:
    """Cosine distance of every row to its ``min_samples``-th nearest, itself the first, rising (Ester 1996)."""
    rows = _unit(matrix)
    distance = 1 - rows @ rows.T
    np.fill_diagonal(distance, 0)
    place = min(min_samples, len(rows)) - 1
    return np.sort(np.maximum(np.partition(distance, place, axis=1)[:, place], 0))


def knee(curve: Doubles) -> float:
    """Where a rising curve bends most: the point furthest below the line from its first to its last (Satopaa 2011)."""
    if len(curve) < 3 or curve[-1] <= curve[0]:
        return float(curve[-1]) if len(curve) else 0.0
    across = np.linspace(0, 1, len(curve))
    height = (curve - curve[0]) / (curve[-1] - curve[0])
    return float(curve[int(np.argmax(across - height))])


def try_settings(matrix: Floats, min_samples: int, seed: int = 42) -> list[Setting]:
    """The outcome of DBSCAN on a grid of eps, read from the k-distance curve, and of min_samples."""
    if len(matrix) > TRIED_ROWS:
        matrix = matrix[np.sort(np.random.default_rng(seed).choice(len(matrix), TRIED_ROWS, replace=False))]
    found = []
    for least in sorted({*MIN_SAMPLES, min_samples}):
        if least > len(matrix):
            continue
        curve = k_distances(matrix, least)
        grid = np.unique(np.quantile(curve, np.linspace(0.02, 0.98, STEPS)).round(4))
        found += [outcome(dbscan(matrix, eps, least), eps, least) for eps in grid.tolist() if eps > 0]
    return found


def advise(matrix: Floats, eps: float, min_samples: int) -> Setting | None:
    """A usable setting that was tried: little noise, no giant, several groups; None where there is none.

    The nearest to what was asked for among those within a tenth of the best.
    """
    usable = [setting for setting in try_settings(matrix, min_samples) if setting.usable]
    if not usable:
        return None
    best = max(map(_worth, usable))
    near = [setting for setting in usable if _worth(setting) >= 0.9 * best]
    return min(near, key=lambda s: (abs(s.min_samples - min_samples), abs(s.eps - eps), s.eps))


def _worth(setting: Setting) -> float:
    """Between 0 and 1: the share that is in a group, times the share that is not in the largest."""
    return (1 - setting.noise) * (1 - setting.largest)


def _unit(matrix: Floats) -> Doubles:
    rows = matrix.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float64)
