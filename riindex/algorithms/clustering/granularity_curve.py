"""Granularity curve: every level of a method's own setting, refitted on draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from riindex.algorithms.clustering.assignment import assign_rows
from riindex.algorithms.clustering.choose_k import centres
from riindex.algorithms.clustering.cluster_metrics import best_jaccard, simplified_silhouette
from riindex.algorithms.clustering.dbscan_advice import k_distances
from riindex.algorithms.clustering.find_groups import cluster_rows, reduce_rows
from riindex.algorithms.clustering.refits import Refit, drawn_spaces, pairwise_ari, refit_draw
from riindex.algorithms.neighborhoods import NeighborhoodMeans, Neighborhoods, neighborhood_means
from riindex.algorithms.parallel import ONE_WORKER, Workers, single_threaded
from riindex.algorithms.types import Floats, Ints
from riindex.config.sections import FitConfig

# Numbers of groups that are tried; fine where the default may move, coarse beyond.
GROUP_COUNTS = (2, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 18, 20, 25, 30, 40)
# Fewest rows of a group, on average, for it to be meaningful.
ROWS_PER_GROUP = 15
# Values of HDBSCAN's min_cluster_size that are tried.
CLUSTER_SIZES = (10, 15, 25, 40, 60, 75, 100, 150, 250, 400)
# Steps of the k-distance curve at which DBSCAN's eps is tried.
EPS_STEPS = 10
# Draws of the shuffled null; every pair of them is an ARI.
NULL_DRAWS = 3
# A small step of the setting that costs so much of ARI, moves so many documents into or out of noise, or makes a
# giant, is a cliff: half of what separates "excellent" from "chance" among Steinley's (2004) grades, and more than
# the spread over draws of any level that was tried.
CLIFF_ARI, CLIFF_NOISE, CLIFF_LARGEST = 0.2, 0.2, 0.3
# Rows of which DBCV is computed: it takes all their pairs.
DBCV_ROWS = 2_000


@dataclass(frozen=True)
class GranularityLevel:
    """One setting: the groups it finds in all rows, and their stability under draws of the rows.

    ``noise`` and ``largest`` are shares of the rows. ``ari``: mean adjusted Rand index between the refits, ``error``
    its standard error, ``null`` the same on columns shuffled independently. ``jaccard``: mean over groups of the best
    overlap with a refit's group, ``weakest`` the lowest of a group. ``silhouette``: simplified, in reduced space.
    ``dbcv``: density-based validation (Moulavi et al. 2014), -1 to 1, of density methods. None where it has no value.
    """

    setting: float
    groups: int
    noise: float
    largest: float
    ari: float | None
    error: float | None
    null: float | None
    jaccard: float | None
    weakest: float | None
    silhouette: float | None
    dbcv: float | None
    refits: int
    built: bool


def setting_grid(fit: FitConfig, rows: Floats) -> tuple[str, float, list[float]]:
    """Return the setting that controls granularity, its value in ``fit``, and the values to try, that among them."""
    if fit.method == "hdbscan":
        values = {float(size) for size in CLUSTER_SIZES if size * 4 <= len(rows)} | {float(fit.min_cluster_size)}
        return "min_cluster_size", float(fit.min_cluster_size), sorted(values)
    if fit.method == "dbscan":
        some = rows[:: max(1, len(rows) // DBCV_ROWS)]
        steps = np.quantile(k_distances(some, fit.min_samples), np.linspace(0.05, 0.95, EPS_STEPS)).round(3)
        return "eps", fit.eps, sorted({float(step) for step in steps if step > 0} | {fit.eps})
    numbers = {float(n) for n in GROUP_COUNTS if n * ROWS_PER_GROUP <= len(rows)} | {float(fit.personas)}
    return "personas", float(fit.personas), sorted(numbers)


def granularity_curve(
    rows: Floats,
    fit: FitConfig,
    setting: str,
    values: Sequence[float],
    draws: int,
    share: float,
    seed: int,
    workers: Workers = ONE_WORKER,
    progress: Callable[[str], None] | None = None,
    near: Neighborhoods | None = None,
) -> list[GranularityLevel]:
    """Measure every value of the setting on all rows and on the same seeded draws of them.

    Each draw is reduced once for all values. ``near``: the rows' neighbourhoods, if the fit uses them; the shuffled
    rows have their own.
    """
    built = getattr(fit, setting)
    fits = [replace(fit, **{setting: type(built)(value)}) for value in values]
    shuffled = np.column_stack([np.random.default_rng(seed).permutation(column) for column in rows.T])
    found: list[list[Refit]] = [[] for _ in fits]
    null: list[list[Refit]] = [[] for _ in fits]
    chance = None if near is None else near.of(shuffled, workers)
    for matrix, number, kept, around in ((rows, draws, found, near), (shuffled, min(draws, NULL_DRAWS), null, chance)):
        for at, draw in enumerate(drawn_spaces(matrix, fit, number, share, seed, workers, around), 1):
            if progress:
                progress(f"{'draw' if kept is found else 'null'} {at} of {number}")
            for refitted, one in zip(kept, fits, strict=True):
                refit = refit_draw(matrix, draw, one, workers)
                refitted += [refit] if refit is not None else []
    space = reduce_rows(rows, fit, seed, workers)
    means = neighborhood_means(near, rows)
    return [
        _level(space, means, one, value, refitted, shuffles, seed, workers, value == built)
        for one, value, refitted, shuffles in zip(fits, values, found, null, strict=True)
    ]


def _level(
    space: Floats, means: NeighborhoodMeans | None, fit: FitConfig, value: float, found: Sequence[Refit],
    null: Sequence[Refit], seed: int, workers: Workers, built: bool,
) -> GranularityLevel:  # fmt: skip
    labels = cluster_rows(space, fit, seed, workers, means)
    groups = int(labels.max(initial=-1)) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    scores, chance = pairwise_ari(found), pairwise_ari(null)
    drawn = [(np.flatnonzero(one.drawn), one.labels[one.drawn]) for one in found]
    overlap = best_jaccard(labels, drawn, groups) if groups and drawn else np.empty(0)
    return GranularityLevel(
        setting=value,
        groups=groups,
        noise=float((labels < 0).mean()),
        largest=float(sizes.max() / len(labels)),
        ari=float(np.mean(scores)) if scores else None,
        error=_jackknife_error(scores, len(found)) if len(found) > 2 else None,
        null=float(np.mean(chance)) if chance else None,
        jaccard=float(overlap.mean()) if len(overlap) else None,
        weakest=float(overlap.min()) if len(overlap) else None,
        silhouette=_silhouette(space, labels, workers) if groups > 1 else None,
        dbcv=_dbcv(space, labels, seed) if groups > 1 and fit.by_density else None,
        refits=len(found),
        built=built,
    )


def _jackknife_error(scores: Sequence[float], n: int) -> float:
    """Compute the jackknife error, over ``n`` refits, of the mean of their pairs (Efron 1982).

    The pairs of one refit depend on it, so a whole refit is left out at a time.
    """
    pairs = list(zip(combinations(range(n), 2), scores, strict=True))
    means = np.array([np.mean([score for pair, score in pairs if out not in pair]) for out in range(n)])
    return float(np.sqrt((n - 1) / n * np.square(means - means.mean()).sum()))


def _silhouette(space: Floats, labels: Ints, workers: Workers) -> float:
    own = labels >= 0
    placed = assign_rows(space[own], centres(space, labels), labels[own], workers)
    return float(simplified_silhouette(placed.distance, placed.runner_up_distance).mean())


def _dbcv(space: Floats, labels: Ints, seed: int) -> float | None:
    """Compute DBCV of a seeded draw, by the hdbscan library; None where a group has too few rows in it."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's deprecation warnings, raised in hdbscan
        from hdbscan.validity import validity_index

        rows = np.arange(len(space))
        if len(rows) > DBCV_ROWS:
            rows = np.sort(np.random.default_rng(seed).choice(len(rows), DBCV_ROWS, replace=False))
        drawn = labels[rows]
        kept, counts = np.unique(drawn[drawn >= 0], return_counts=True)
        drawn = np.where(np.isin(drawn, kept[counts > 2]), drawn, -1)
        if len(np.unique(drawn[drawn >= 0])) < 2:
            return None
        renamed = np.full(len(drawn), -1)
        renamed[drawn >= 0] = np.unique(drawn[drawn >= 0], return_inverse=True)[1]
        with single_threaded(), np.errstate(all="ignore"):
            value = float(validity_index(space[rows].astype(np.float64), renamed))
    return value if np.isfinite(value) else None


def cliffs(setting: str, levels: Sequence[GranularityLevel]) -> list[str]:
    """Describe in words each step of the setting that changes the grouping much."""
    found = []
    for one, other in pairwise(levels):
        changes = []
        if one.ari is not None and other.ari is not None and abs(one.ari - other.ari) > CLIFF_ARI:
            changes.append(f"refit ARI {one.ari:.2f} → {other.ari:.2f}")
        if abs(one.noise - other.noise) > CLIFF_NOISE:
            changes.append(f"noise {one.noise:.0%} → {other.noise:.0%}")
        if abs(one.largest - other.largest) > CLIFF_LARGEST:
            changes.append(f"largest group {one.largest:.0%} → {other.largest:.0%}")
        if changes:
            built = "; the build is at one of them" if one.built or other.built else ""
            found.append(f"cliff between {setting} {one.setting:g} and {other.setting:g}: {', '.join(changes)}{built}")
    return found
