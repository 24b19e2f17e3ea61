"""Groups inside a group, where there are any: nested, and told from what shuffled columns give."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.clustering.choose_k import centres, halves, nearest, split_half
from riindex.algorithms.clustering.clusterers import by_size, quick_kmeans
from riindex.algorithms.types import Floats, Ints

LEVELS = (2, 3, 4, 5)
# Halves of random splits that must agree by this ARI: "good" (Steinley 2004), less would be no finding.
STABLE = 0.8
# ... and by this much more than halves of the same columns, each shuffled by itself.
ABOVE_NULL = 0.2
DRAWS = 3
HALF_ROWS = 500
# Rows that the groups are fitted on.
FITTED_ROWS = 4_000
STARTS = 4
# A sub-group of fewer rows than this on average is an anecdote.
ROWS_PER_GROUP = 30


def divide(rows: Floats, seed: int) -> Ints | None:
    """Sub-groups of the rows (n, d) of one group, the largest 0; None where it does not divide.

    The finest of LEVELS whose random halves agree by STABLE, if that is ABOVE_NULL. Runs on one thread.
    """
    rng = np.random.default_rng(seed)
    levels = [level for level in LEVELS if level * ROWS_PER_GROUP * 2 <= len(rows)]
    stable = {level: _stability(rows, level, seed) for level in levels}
    for level in sorted((level for level in levels if stable[level] >= STABLE), reverse=True):
        shuffled = np.column_stack([rng.permutation(column) for column in rows.T])
        if stable[level] - _stability(shuffled, level, seed) >= ABOVE_NULL:
            return _grouped(rows, level, seed)
    return None


def _stability(rows: Floats, level: int, seed: int) -> float:
    seeds = range(seed, seed + DRAWS)
    scores = [split_half(halves(rows, None, draw, HALF_ROWS), level, draw, STARTS) for draw in seeds]
    return float(np.mean(scores))


def _grouped(rows: Floats, level: int, seed: int) -> Ints:
    few = np.arange(len(rows))
    if len(rows) > FITTED_ROWS:
        few = np.sort(np.random.default_rng(seed).choice(len(rows), FITTED_ROWS, replace=False))
    labels = quick_kmeans(rows[few], level, 2 * STARTS, seed)
    return by_size(nearest(rows, centres(rows[few], labels)))
