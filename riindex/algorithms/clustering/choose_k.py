"""Choice of the number of groups: a default that is left only when the data clearly support another number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.clustering.clusterers import quick_kmeans, relabel_by_size
from riindex.algorithms.neighborhoods import NeighborhoodMeans, Neighborhoods, neighborhood_means
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.algorithms.types import Floats, Ints

# Rows of one half as they are, and their neighbourhood means where groups are searched for among these.
Half = tuple[Floats, NeighborhoodMeans | None]

# Numbers of groups compared with the default. More than 25 personas are more than a meeting can discuss.
GROUP_COUNTS = (4, 6, 8, 10, 12, 15, 20, 25)
# A level must beat the default by this much (and by two standard errors) in chance-corrected stability. Few groups
# are always easier to find again than many: on support tweets, whose curve is flat, 6 came out 0.25 above 12 and lost
# 0.2 of ARI between subsamples when it was followed. Finer levels have no such advantage.
COARSER_MARGIN = 0.35
FINER_MARGIN = 0.1
DRAWS = 4
HALF_ROWS = 2_000
STARTS = 3
# Rounds of k-means on the rows themselves after that on the means of their neighbourhoods. Mean ARI between five 80 %
# subsets of support tweets after 1, 3, 6, 12 and 100 rounds: 0.868, 0.879, 0.866, 0.845, 0.832 (0.812 without means);
# accuracy on AG News after 1, 3, 5 and 15: 0.822, 0.828, 0.834, 0.843.
LLOYD_ROUNDS = 5
# Fewer rows give halves too small to distinguish levels.
MIN_ROWS = 400
# Fewest posts for a group to be meaningful.
ROWS_PER_GROUP = 15


@dataclass(frozen=True)
class StabilityLevel:
    """One number of groups: split-half stability (mean ARI), the same on a shuffled null, and their contrast.

    ``score`` is (stability - null) / (1 - null), as Cohen's kappa corrects agreement for chance; ``error`` is its
    standard error over the draws.
    """

    groups: int
    stability: float
    null: float
    score: float
    error: float


def choose_group_count(
    reduced: Floats, default: int, seed: int, workers: Workers = ONE_WORKER, near: Neighborhoods | None = None
) -> tuple[int, list[StabilityLevel]]:
    """Choose the number of groups for ``reduced`` rows; return it with the curve it was read from.

    Both halves of a random split are grouped, all rows of both go to the nearest centre of either grouping, and the two
    groupings are compared by ARI. The null has the same columns, each shuffled by itself. The default is kept unless a
    level beats it by its margin and by two standard errors. For few rows it is the default, at ROWS_PER_GROUP rows or
    more a group. ``near``: the rows' neighbourhoods, where groups are searched for in them; the null has its own.
    """
    default = max(1, min(default, len(reduced) // ROWS_PER_GROUP))
    if len(reduced) < MIN_ROWS:
        return default, []
    rng = np.random.default_rng(seed)
    shuffled = np.column_stack([rng.permutation(column) for column in reduced.T])
    chance = None if near is None else near.of(shuffled, workers)
    both = ((reduced, near), (shuffled, chance))
    split = [random_halves(rows, around, seed + draw) for draw in range(DRAWS) for rows, around in both]
    levels = sorted(
        {level for level in (*GROUP_COUNTS, default) if level * ROWS_PER_GROUP * 2 <= len(reduced)} | {default}
    )
    jobs = [(level, place) for level in levels for place in range(len(split))]

    def agreement(job: tuple[int, int]) -> float:
        level, place = job
        return split_half_ari(split[place], level, seed + place // 2)

    found = np.array(workers.map(agreement, jobs)).reshape(len(levels), DRAWS, 2)
    curve = [_level(level, scores) for level, scores in zip(levels, found, strict=True)]
    base = next(level for level in curve if level.groups == default)
    best = max(curve, key=lambda level: level.score)
    gain = best.score - base.score
    margin = COARSER_MARGIN if best.groups < default else FINER_MARGIN
    clear = gain > margin and gain > 2 * float(np.hypot(best.error, base.error))
    return (best.groups if clear else default), curve


def _level(groups: int, scores: npt.NDArray[np.float64]) -> StabilityLevel:
    stability, null = float(scores[:, 0].mean()), float(scores[:, 1].mean())
    scale = max(1 - null, 1e-6)
    error = float(scores[:, 0].std(ddof=1) / np.sqrt(len(scores)) / scale)
    return StabilityLevel(groups, stability, null, (stability - null) / scale, error)


def random_halves(rows: Floats, near: Neighborhoods | None, seed: int, max_rows: int = HALF_ROWS) -> list[Half]:
    """Return two random halves of the rows, each of at most ``max_rows``."""
    order = np.random.default_rng(seed).permutation(len(rows))
    half = min(len(rows) // 2, max_rows)
    return [(rows[part], neighborhood_means(near, rows, part)) for part in (order[:half], order[half : 2 * half])]


def split_half_ari(parts: Sequence[Half], groups: int, seed: int, starts: int = STARTS) -> float:
    """Compute the ARI of two groupings of all rows of both halves, each found in one of them; for one thread."""
    from sklearn.metrics import adjusted_rand_score

    both = np.concatenate([rows for rows, _ in parts])
    labels = []
    for rows, means in parts:
        found = group_and_refine(rows, means, lambda space: quick_kmeans(space, groups, starts, seed))
        labels.append(nearest_centres(both, centres(rows, found)))
    return float(adjusted_rand_score(*labels))


def group_and_refine(space: Floats, means: NeighborhoodMeans | None, group: Callable[[Floats], Ints]) -> Ints:
    """Group the rows of ``space`` by ``group``; with ``means``, group these and refine on the rows of ``space``.

    The refinement is LLOYD_ROUNDS rounds of Lloyd's algorithm.
    """
    if means is None:
        return group(space)
    return lloyd(space, centres(means.rows, group(means.means)))


def lloyd(space: Floats, points: Floats, rounds: int = LLOYD_ROUNDS) -> Ints:
    """Run ``rounds`` rounds of Lloyd (1982) from ``points`` (k, d); return labels, the largest group first."""
    points = points.copy()
    for _ in range(rounds - 1):
        found, labels = np.unique(nearest_centres(space, points), return_inverse=True)
        points[found] = centres(space, labels)
    return relabel_by_size(nearest_centres(space, points))


def centres(rows: Floats, labels: npt.NDArray[np.int64]) -> Floats:
    """Compute the mean row of every group 0…k-1, summed in row order: float32 (k, d); rows labelled -1 do not count."""
    groups = int(labels.max()) + 1 if len(labels) else 0
    sums = np.zeros((groups, rows.shape[1]), np.float64)
    found = labels >= 0
    for group in range(groups):
        sums[group] = rows[found & (labels == group)].mean(axis=0, dtype=np.float64)
    return sums.astype(np.float32)


def reassign_to_nearest(rows: Floats, labels: Ints) -> Ints:
    """Return the nearest centre of each row; a group that would lose all its rows keeps them.

    ``labels``: -1 is in no group yet.
    """
    points = centres(rows, labels)
    found = nearest_centres(rows, points)
    left = np.setdiff1d(np.arange(len(points)), found)
    return np.where(np.isin(labels, left), labels, found)


def nearest_centres(rows: Floats, points: Floats) -> npt.NDArray[np.int64]:
    """Return the index of the nearest of ``points`` (k, d) for every row, euclidean."""
    return np.asarray((rows @ points.T - 0.5 * np.einsum("ij,ij->i", points, points)).argmax(axis=1), np.int64)
