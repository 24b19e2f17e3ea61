"""How many groups: a default that is left only when the data clearly say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.clustering.clusterers import by_size, quick_kmeans
from riindex.algorithms.neighborhoods import Middles, Neighborhoods, middles_of
from riindex.algorithms.parallel import ONE, Workers
from riindex.algorithms.types import Floats, Ints

# Rows of one half as they are, and their middles where groups are looked for in neighbourhoods.
Half = tuple[Floats, Middles | None]

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
# Rounds of k-means on the rows themselves after that on the middles of their neighbourhoods. Mean ARI between five 80 %
# subsets of support tweets after 1, 3, 6, 12 and 100 rounds: 0.868, 0.879, 0.866, 0.845, 0.832 (0.812 without middles);
# accuracy on AG News after 1, 3, 5 and 15: 0.822, 0.828, 0.834, 0.843.
ROUNDS = 5
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


def choose_groups(
    reduced: Floats, default: int, seed: int, workers: Workers = ONE, near: Neighborhoods | None = None
) -> tuple[int, list[Level]]:
    """The number of groups for ``reduced`` rows, and the curve it was read from.

    Both halves of a random split are grouped, all rows of both go to the nearest centre of either grouping, and the
    two answers are compared by ARI. The null has the same columns, each shuffled by itself. The default is kept
    unless a level beats it by its margin and by two standard errors. Few rows: the default, at ROWS_PER_GROUP or more.
    ``near``: the rows' neighbourhoods, where groups are looked for in them; the null has its own.
    """
    default = max(1, min(default, len(reduced) // ROWS_PER_GROUP))
    if len(reduced) < ENOUGH_ROWS:
        return default, []
    rng = np.random.default_rng(seed)
    shuffled = np.column_stack([rng.permutation(column) for column in reduced.T])
    chance = None if near is None else near.of(shuffled, workers)
    both = ((reduced, near), (shuffled, chance))
    split = [halves(rows, around, seed + draw) for draw in range(DRAWS) for rows, around in both]
    levels = sorted({level for level in (*LEVELS, default) if level * ROWS_PER_GROUP * 2 <= len(reduced)} | {default})
    jobs = [(level, place) for level in levels for place in range(len(split))]

    def agreement(job: tuple[int, int]) -> float:
        level, place = job
        return split_half(split[place], level, seed + place // 2)

    found = np.array(workers.map(agreement, jobs)).reshape(len(levels), DRAWS, 2)
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


def halves(rows: Floats, near: Neighborhoods | None, seed: int, most: int = HALF_ROWS) -> list[Half]:
    """Two random halves of the rows, each of at most ``most``."""
    order = np.random.default_rng(seed).permutation(len(rows))
    half = min(len(rows) // 2, most)
    return [(rows[part], middles_of(near, rows, part)) for part in (order[:half], order[half : 2 * half])]


def split_half(parts: Sequence[Half], groups: int, seed: int, starts: int = STARTS) -> float:
    """ARI of two groupings of all rows of both ``halves``, each found in one of them; for one thread."""
    from sklearn.metrics import adjusted_rand_score

    both = np.concatenate([rows for rows, _ in parts])
    labels = []
    for rows, middles in parts:
        found = settled(rows, middles, lambda space: quick_kmeans(space, groups, starts, seed))
        labels.append(nearest(both, centres(rows, found)))
    return float(adjusted_rand_score(*labels))


def settled(space: Floats, middles: Middles | None, group: Callable[[Floats], Ints]) -> Ints:
    """What ``group`` makes of the rows of ``space``; with ``middles``, of these, and ROUNDS rounds on the rows."""
    if middles is None:
        return group(space)
    return settle(space, centres(middles.rows, group(middles.middles)))


def settle(space: Floats, points: Floats, rounds: int = ROUNDS) -> Ints:
    """The nearest of ``points`` (k, d) after ``rounds`` rounds of Lloyd's (1982): labels, the largest group first."""
    points = points.copy()
    for _ in range(rounds - 1):
        found, labels = np.unique(nearest(space, points), return_inverse=True)
        points[found] = centres(space, labels)
    return by_size(nearest(space, points))


def centres(rows: Floats, labels: npt.NDArray[np.int64]) -> Floats:
    """Mean row of every group 0…k-1, summed in row order: float32 (k, d); rows labelled -1 do not count."""
    groups = int(labels.max()) + 1 if len(labels) else 0
    sums = np.zeros((groups, rows.shape[1]), np.float64)
    found = labels >= 0
    for group in range(groups):
        sums[group] = rows[found & (labels == group)].mean(axis=0, dtype=np.float64)
    return sums.astype(np.float32)


def to_nearest(rows: Floats, labels: Ints) -> Ints:
    """The group whose centre is nearest to each row; one that all would leave keeps its own. -1 is in no group yet."""
    points = centres(rows, labels)
    found = nearest(rows, points)
    left = np.setdiff1d(np.arange(len(points)), found)
    return np.where(np.isin(labels, left), labels, found)


def nearest(rows: Floats, points: Floats) -> npt.NDArray[np.int64]:
    """Index of the nearest of ``points`` (k, d) for every row, euclidean."""
    return np.asarray((rows @ points.T - 0.5 * np.einsum("ij,ij->i", points, points)).argmax(axis=1), np.int64)
