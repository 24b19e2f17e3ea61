"""Groups inside a group, kept only where they are more stable than in shuffled columns."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.clustering.choose_k import centres, nearest_centres, random_halves, split_half_ari
from riindex.algorithms.clustering.clusterers import quick_kmeans, relabel_by_size
from riindex.algorithms.types import Floats, Ints

GROUP_COUNTS = (2, 3, 4, 5)
# Halves of random splits must agree by this ARI, "good" (Steinley 2004).
MIN_STABLE_ARI = 0.8
# ... and by this much more than halves of the same columns, each shuffled by itself.
MIN_ABOVE_NULL = 0.2
DRAWS = 3
HALF_ROWS = 500
# Rows that the groups are fitted on.
FITTED_ROWS = 4_000
STARTS = 4
# Fewest rows of a sub-group, on average, for it to be meaningful.
ROWS_PER_GROUP = 30


def divide_group(rows: Floats, seed: int) -> Ints | None:
    """Split the rows (n, d) of one group into sub-groups, the largest 0; None where it does not divide.

    The finest of GROUP_COUNTS whose random halves agree by MIN_STABLE_ARI, if that is MIN_ABOVE_NULL above the null.
    Runs on one thread.
    """
    rng = np.random.default_rng(seed)
    levels = [level for level in GROUP_COUNTS if level * ROWS_PER_GROUP * 2 <= len(rows)]
    stable = {level: _stability(rows, level, seed) for level in levels}
    for level in sorted((level for level in levels if stable[level] >= MIN_STABLE_ARI), reverse=True):
        shuffled = np.column_stack([rng.permutation(column) for column in rows.T])
        if stable[level] - _stability(shuffled, level, seed) >= MIN_ABOVE_NULL:
            return _grouped(rows, level, seed)
    return None


def _stability(rows: Floats, level: int, seed: int) -> float:
    seeds = range(seed, seed + DRAWS)
    scores = [split_half_ari(random_halves(rows, None, draw, HALF_ROWS), level, draw, STARTS) for draw in seeds]
    return float(np.mean(scores))


def _grouped(rows: Floats, level: int, seed: int) -> Ints:
    fitted = np.arange(len(rows))
    if len(rows) > FITTED_ROWS:
        fitted = np.sort(np.random.default_rng(seed).choice(len(rows), FITTED_ROWS, replace=False))
    labels = quick_kmeans(rows[fitted], level, 2 * STARTS, seed)
    return relabel_by_size(nearest_centres(rows, centres(rows[fitted], labels)))
