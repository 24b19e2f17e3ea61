"""The same groups from other rows? Refits on seeded draws, and where they put the rows that they did not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from riindex.algorithms.clustering.assignment import assign_rows
from riindex.algorithms.clustering.choose_k import centres
from riindex.algorithms.clustering.find_groups import cluster_rows, reduce_rows
from riindex.algorithms.neighborhoods import Middles, Neighborhoods, middles_of
from riindex.algorithms.neighbors import SPARE, graph, subgraph
from riindex.algorithms.parallel import ONE, Workers
from riindex.algorithms.types import Bools, Doubles, Floats, Ints
from riindex.config.sections import FitConfig


@dataclass(frozen=True)
class Refit:
    """Per row: its group in the refit, whether the refit drew it, and by how much it is nearer than the runner-up.

    ``margin`` is ``Assignments.margin`` in the fused space, 0 to 1. ``noise``: the share of drawn rows left ungrouped;
    they are in the nearest group.
    """

    labels: Ints
    drawn: Bools
    margin: Doubles
    noise: float = 0.0


def refits(
    matrix: Floats,
    fit: FitConfig,
    draws: int,
    share: float,
    seed: int,
    workers: Workers = ONE,
    progress: Callable[[int], None] | None = None,
    near: Neighborhoods | None = None,
) -> list[Refit]:
    """``draws`` refits of the rows of ``matrix`` (n, d), each on a seeded ``share`` of them; fewer where all is noise.

    Rows that a refit did not draw go to the nearest of its groups, whose centres are means in the space of ``matrix``.
    ``near``: the rows' neighbourhoods, of which each refit knows those that it drew.
    """
    found: list[Refit] = []
    for number, draw in enumerate(drawn_spaces(matrix, fit, draws, share, seed, workers, near), 1):
        one = one_refit(matrix, draw, fit, workers)
        found += [one] if one is not None else []
        if progress:
            progress(number)
    return found


@dataclass(frozen=True)
class Draw:
    """Some ``rows``, and where they and their ``middles`` lie in the space in which they are grouped under ``seed``."""

    rows: Ints
    space: Floats
    seed: int
    middles: Middles | None = None


def drawn_spaces(
    matrix: Floats,
    fit: FitConfig,
    draws: int,
    share: float,
    seed: int,
    workers: Workers = ONE,
    near: Neighborhoods | None = None,
) -> Iterator[Draw]:
    """Seeded draws of the rows, reduced; UMAP's share one neighbour graph of all rows."""
    size = int(len(matrix) * share)
    if size < 2:
        return
    count = min(fit.umap_neighbors, size - 1)
    whole = None
    if fit.reduction == "umap" and draws and int(SPARE * count) < len(matrix):
        whole = graph(matrix, int(SPARE * count), workers)
    for number in range(seed + 1, seed + 1 + draws):
        rows = np.sort(np.random.default_rng(number).choice(len(matrix), size, replace=False))
        drawn = None if whole is None else subgraph(whole, matrix, rows, count)
        space = reduce_rows(matrix[rows], fit, number, workers, drawn)
        yield Draw(rows, space, number, middles_of(near, matrix, rows))


def one_refit(matrix: Floats, draw: Draw, fit: FitConfig, workers: Workers = ONE) -> Refit | None:
    """Groups of the drawn rows, and the nearest of them for all; None where all drawn rows are noise."""
    found = cluster_rows(draw.space, fit, draw.seed, workers, draw.middles)
    if not (found >= 0).any():
        return None
    own = assign_rows(draw.space, centres(draw.space, found), found, workers).group
    placed = assign_rows(matrix, centres(matrix[draw.rows], found), np.full(len(matrix), -1), workers)
    labels, drawn = placed.group.copy(), np.zeros(len(matrix), bool)
    labels[draw.rows], drawn[draw.rows] = own, True
    return Refit(labels, drawn, placed.margin, float((found < 0).mean()))


def regrouped(
    matrix: Floats, fit: FitConfig, seed: int, workers: Workers = ONE, near: Neighborhoods | None = None
) -> Refit | None:
    """All rows grouped as one draw: ``one_refit`` that draws everything."""
    space = reduce_rows(matrix, fit, seed, workers)
    return one_refit(matrix, Draw(np.arange(len(matrix)), space, seed, middles_of(near, matrix)), fit, workers)


def agreements(found: Sequence[Refit]) -> list[float]:
    """Adjusted Rand index of every pair of refits, on the rows that both drew."""
    from sklearn.metrics import adjusted_rand_score

    scores = []
    for one, other in combinations(found, 2):
        both = one.drawn & other.drawn
        scores.append(float(adjusted_rand_score(one.labels[both], other.labels[both])))
    return scores


def matched(labels: Ints, found: Refit) -> Ints:
    """Per row: the group of ``labels`` that its refit's group stands for; -1 where that stands for none.

    Groups are matched one to one so that they share the most drawn rows (Kuhn 1955, by scipy).
    """
    from scipy.optimize import linear_sum_assignment

    seen = found.drawn & (labels >= 0)
    table = np.zeros((int(labels.max(initial=0)) + 1, int(found.labels.max(initial=0)) + 1))
    np.add.at(table, (labels[seen], found.labels[seen]), 1)
    ours, theirs = linear_sum_assignment(table, maximize=True)
    names = np.full(table.shape[1], -1, np.int64)
    names[theirs] = ours
    return np.asarray(names[found.labels], np.int64)
