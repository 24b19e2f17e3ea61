"""Refits on seeded draws of the rows, with the groups of the rows that they did not draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from riindex.algorithms.clustering.assignment import assign_rows
from riindex.algorithms.clustering.choose_k import centres
from riindex.algorithms.clustering.find_groups import cluster_rows, reduce_rows
from riindex.algorithms.neighborhoods import NeighborhoodMeans, Neighborhoods, neighborhood_means
from riindex.algorithms.neighbors import OVERSAMPLING, neighbor_graph, neighbor_subgraph
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.algorithms.types import Bools, Doubles, Floats, Ints
from riindex.config.sections import FitConfig


@dataclass(frozen=True)
class Refit:
    """Per row: its group in the refit, whether the refit drew it, and its margin over the runner-up.

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
    workers: Workers = ONE_WORKER,
    progress: Callable[[int], None] | None = None,
    near: Neighborhoods | None = None,
) -> list[Refit]:
    """Refit the rows of ``matrix`` (n, d) on ``draws`` seeded draws of a ``share`` of them; fewer where all is noise.

    Rows that a refit did not draw go to the nearest of its groups, whose centres are means in the space of ``matrix``.
    ``near``: the rows' neighbourhoods, of which each refit knows those that it drew.
    """
    found: list[Refit] = []
    for number, draw in enumerate(drawn_spaces(matrix, fit, draws, share, seed, workers, near), 1):
        one = refit_draw(matrix, draw, fit, workers)
        found += [one] if one is not None else []
        if progress:
            progress(number)
    return found


@dataclass(frozen=True)
class Draw:
    """Drawn ``rows``, with the ``space`` in which they and their neighbourhood ``means`` are grouped under ``seed``."""

    rows: Ints
    space: Floats
    seed: int
    means: NeighborhoodMeans | None = None


def drawn_spaces(
    matrix: Floats,
    fit: FitConfig,
    draws: int,
    share: float,
    seed: int,
    workers: Workers = ONE_WORKER,
    near: Neighborhoods | None = None,
) -> Iterator[Draw]:
    """Yield seeded draws of the rows, reduced; UMAP's share one neighbour graph of all rows."""
    size = int(len(matrix) * share)
    if size < 2:
        return
    count = min(fit.umap_neighbors, size - 1)
    whole = None
    if fit.reduction == "umap" and draws and int(OVERSAMPLING * count) < len(matrix):
        whole = neighbor_graph(matrix, int(OVERSAMPLING * count), workers)
    for number in range(seed + 1, seed + 1 + draws):
        rows = np.sort(np.random.default_rng(number).choice(len(matrix), size, replace=False))
        drawn = None if whole is None else neighbor_subgraph(whole, matrix, rows, count)
        space = reduce_rows(matrix[rows], fit, number, workers, drawn)
        yield Draw(rows, space, number, neighborhood_means(near, matrix, rows))


def refit_draw(matrix: Floats, draw: Draw, fit: FitConfig, workers: Workers = ONE_WORKER) -> Refit | None:
    """Group the drawn rows and assign all rows to the nearest group; None where all drawn rows are noise."""
    found = cluster_rows(draw.space, fit, draw.seed, workers, draw.means)
    if not (found >= 0).any():
        return None
    own = assign_rows(draw.space, centres(draw.space, found), found, workers).group
    placed = assign_rows(matrix, centres(matrix[draw.rows], found), np.full(len(matrix), -1), workers)
    labels, drawn = placed.group.copy(), np.zeros(len(matrix), bool)
    labels[draw.rows], drawn[draw.rows] = own, True
    return Refit(labels, drawn, placed.margin, float((found < 0).mean()))


def refit_all_rows(
    matrix: Floats, fit: FitConfig, seed: int, workers: Workers = ONE_WORKER, near: Neighborhoods | None = None
) -> Refit | None:
    """Group all rows as one draw: ``refit_draw`` that draws everything."""
    space = reduce_rows(matrix, fit, seed, workers)
    return refit_draw(matrix, Draw(np.arange(len(matrix)), space, seed, neighborhood_means(near, matrix)), fit, workers)


def pairwise_ari(found: Sequence[Refit]) -> list[float]:
    """Compute the adjusted Rand index of every pair of refits, on the rows that both drew."""
    from sklearn.metrics import adjusted_rand_score

    scores = []
    for one, other in combinations(found, 2):
        both = one.drawn & other.drawn
        scores.append(float(adjusted_rand_score(one.labels[both], other.labels[both])))
    return scores


def matched_labels(labels: Ints, found: Refit) -> Ints:
    """Return per row the group of ``labels`` that matches its group in the refit; -1 where none does.

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
