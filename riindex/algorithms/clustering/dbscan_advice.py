"""Search for settings of DBSCAN that give a usable grouping of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riindex.algorithms.clustering.clusterers import dbscan
from riindex.algorithms.types import Doubles, Floats, Ints

# A grouping with more noise than this, or of a single group, is not usable.
MAX_NOISE = 0.5
# A group with more than this of all rows is nearly one group.
MAX_LARGEST_SHARE = 0.8
# Values of min_samples tried besides the one given, and eps on the k-distance curve between its 2nd and 98th hundredth.
MIN_SAMPLES = (2, 3, 4, 5)
EPS_STEPS = 24
# Most rows on which settings are tried; larger inputs are sampled with a seed.
SAMPLE_ROWS = 3_000


@dataclass(frozen=True)
class DbscanSetting:
    """DBSCAN at ``eps`` and ``min_samples``: number of groups, share of noise and of the largest group."""

    eps: float
    min_samples: int
    groups: int
    noise: float
    largest: float

    @property
    def usable(self) -> bool:
        """True for at samples two groups, at most half noise, and no group that holds nearly all rows."""
        return self.groups > 1 and self.noise <= MAX_NOISE and self.largest <= MAX_LARGEST_SHARE

    def __str__(self) -> str:
        share = f"{self.noise:.0%} noise, the largest {self.largest:.0%}"
        return f"--eps {self.eps:.3g} --min-samples {self.min_samples} gives {self.groups} groups, {share}"


def grouping_outcome(labels: Ints, eps: float, min_samples: int) -> DbscanSetting:
    """Summarise a grouping as a ``DbscanSetting``."""
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(1)
    groups = int(labels.max()) + 1
    return DbscanSetting(eps, min_samples, groups, float((labels < 0).mean()), float(sizes.max() / len(labels)))


def k_distances(matrix: Floats, min_samples: int) -> Doubles:
    """Compute the cosine distance of each row to its ``min_samples``-th nearest (itself first), rising (Ester 1996)."""
    rows = _unit_rows(matrix)
    distance = 1 - rows @ rows.T
    np.fill_diagonal(distance, 0)
    place = min(min_samples, len(rows)) - 1
    return np.sort(np.maximum(np.partition(distance, place, axis=1)[:, place], 0))


def knee(curve: Doubles) -> float:
    """Return the value at the knee of a rising curve (Satopaa 2011).

    The knee is the point furthest below the line from its first to its last point.
    """
    if len(curve) < 3 or curve[-1] <= curve[0]:
        return float(curve[-1]) if len(curve) else 0.0
    across = np.linspace(0, 1, len(curve))
    height = (curve - curve[0]) / (curve[-1] - curve[0])
    return float(curve[int(np.argmax(across - height))])


def try_settings(matrix: Floats, min_samples: int, seed: int = 42) -> list[DbscanSetting]:
    """Run DBSCAN on a grid of eps, read from the k-distance curve, and of min_samples; return the outcomes."""
    if len(matrix) > SAMPLE_ROWS:
        matrix = matrix[np.sort(np.random.default_rng(seed).choice(len(matrix), SAMPLE_ROWS, replace=False))]
    found = []
    for samples in sorted({*MIN_SAMPLES, min_samples}):
        if samples > len(matrix):
            continue
        curve = k_distances(matrix, samples)
        grid = np.unique(np.quantile(curve, np.linspace(0.02, 0.98, EPS_STEPS)).round(4))
        found += [grouping_outcome(dbscan(matrix, eps, samples), eps, samples) for eps in grid.tolist() if eps > 0]
    return found


def recommend_setting(matrix: Floats, eps: float, min_samples: int) -> DbscanSetting | None:
    """Return a usable setting that was tried: little noise, no giant group, several groups; None without one.

    It is the one nearest to ``eps`` and ``min_samples`` among those within a tenth of the best.
    """
    usable = [setting for setting in try_settings(matrix, min_samples) if setting.usable]
    if not usable:
        return None
    best = max(map(_usefulness, usable))
    near = [setting for setting in usable if _usefulness(setting) >= 0.9 * best]
    return min(near, key=lambda s: (abs(s.min_samples - min_samples), abs(s.eps - eps), s.eps))


def _usefulness(setting: DbscanSetting) -> float:
    """Compute the share of rows in a group, times the share that is not in the largest: 0 to 1."""
    return (1 - setting.noise) * (1 - setting.largest)


def _unit_rows(matrix: Floats) -> Doubles:
    rows = matrix.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float64)
