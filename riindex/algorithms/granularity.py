"""How many groups: a default that is left only when the data clearly say so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.blocks import run_all
from riindex.algorithms.clustering import quick_kmeans

Floats = npt.NDArray[np.float32]

# Levels compared with the default. Personas beyond 25 are more than a meeting can hold.
LEVELS = (4, 6, 8, 10, 12, 15, 20, 25)
# A level must beat the default by this much (and by two standard errors) in chance-corrected stability. Few groups
# are always easier to find again than many: on support tweets, whose curve is flat, 6 came out 0.25 above 12 and lost
# 0.2 of ARI between subsamples when it was followed. Finer levels have no such advantage.
COARSER_MARGIN = 0.35
FINER_MARGIN = 0.1
DRAWS = 4
HALF_ROWS = 2_000
STARTS = 3
# Fewer rows give halves too small to tell levels apart.
ENOUGH_ROWS = 400
# A group of fewer posts than this is an anecdote.
ROWS_PER_GROUP = 15


@dataclass(frozen=True)
class Level:
    """One number of groups: split-half stability (mean ARI), the same on a shuffled null, and their contrast.

    ``score`` is (stability - null) / (1 - null), as Cohen's kappa corrects agreement for chance; ``error`` its
    standard error over the draws.
    """

    groups: int
    stability: float
    null: float
    score: float
    error: float


def choose_groups(reduced: Floats, default: int, seed: int, threads: int = 1) -> tuple[int, list[Level]]:
    """The number of groups for ``reduced`` rows, and the curve it was read from.

    Both halves of a random split are grouped, all rows of both go to the nearest centre of either grouping, and the
    two answers are compared by ARI. The null has the same columns, each shuffled by itself. The default is kept
    unless a level beats it by its margin and by two standard errors. Few rows: the default, at ROWS_PER_GROUP or more.
    """
    default = max(1, min(default, len(reduced) // ROWS_PER_GROUP))
    if len(reduced) < ENOUGH_ROWS:
        return default, []
    rng = np.random.default_rng(seed)
    shuffled = np.column_stack([rng.permutation(column) for column in reduced.T])
    levels = sorted({level for level in (*LEVELS, default) if level * ROWS_PER_GROUP * 2 <= len(reduced)} | {default})
    jobs = [(level, draw, null) for level in levels for draw in range(DRAWS) for null in (False, True)]

    def agreement(job: tuple[int, int, bool]) -> float:
        level, draw, null = job
        return split_half(shuffled if null else reduced, level, seed + draw)

    found = np.array(run_all(agreement, jobs, threads)).reshape(len(levels), DRAWS, 2)
    curve = [_level(level, scores) for level, scores in zip(levels, found, strict=True)]
    base = next(level for level in curve if level.groups == default)
    best = max(curve, key=lambda level: level.score)
    gain = best.score - base.score
    margin = COARSER_MARGIN if best.groups < default else FINER_MARGIN
    clear = gain > margin and gain > 2 * float(np.hypot(best.error, base.error))
    return (best.groups if clear else default), curve


def _level(groups: int, scores: npt.NDArray[np.float64]) -> Level:
    stability, null = float(scores[:, 0].mean()), float(scores[:, 1].mean())
    room = max(1 - null, 1e-6)
    error = float(scores[:, 0].std(ddof=1) / np.sqrt(len(scores)) / room)
    return Level(groups, stability, null, (stability - null) / room, error)


def split_half(rows: Floats, groups: int, seed: int, most: int = HALF_ROWS, starts: int = STARTS) -> float:
    """ARI of two groupings of ``rows``, each found in one random half of at most ``most`` rows; for one thread."""
    from sklearn.metrics import adjusted_rand_score

    order = np.random.default_rng(seed).permutation(len(rows))
    half = min(len(rows) // 2, most)
    halves = rows[order[:half]], rows[order[half : 2 * half]]
    both = np.concatenate(halves)
    labels = [nearest(both, centres(part, quick_kmeans(part, groups, starts, seed))) for part in halves]
    return float(adjusted_rand_score(*labels))


def centres(rows: Floats, labels: npt.NDArray[np.int64]) -> Floats:
    """Mean row of every group 0…k-1, summed in row order: float32 (k, d); rows labelled -1 do not count."""
    groups = int(labels.max()) + 1 if len(labels) else 0
    sums = np.zeros((groups, rows.shape[1]), np.float64)
    found = labels >= 0
    for group in range(groups):
        sums[group] = rows[found & (labels == group)].mean(axis=0, dtype=np.float64)
    return sums.astype(np.float32)


def nearest(rows: Floats, points: Floats) -> npt.NDArray[np.int64]:
    """Index of the nearest of ``points`` (k, d) for every row, euclidean."""
    return np.asarray((rows @ points.T - 0.5 * np.einsum("ij,ij->i", points, points)).argmax(axis=1), np.int64)
