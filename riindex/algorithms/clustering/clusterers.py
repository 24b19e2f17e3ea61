"""Clustering methods: k-means with many restarts, scikit-learn's own k-means, DBSCAN and HDBSCAN."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
import numpy.typing as npt

from riindex.algorithms.parallel import ONE_WORKER, Workers, single_threaded
from riindex.algorithms.types import Floats, Ints

# Above so many rows the restarts look at a draw of them, and the best FINALISTS go on with all.
SAMPLE_ROWS = 12_000
FINALISTS = 6


def kmeans(matrix: Floats, groups: int, restarts: int, seed: int, workers: Workers = ONE_WORKER) -> Ints:
    """Return the best of ``restarts`` seeded k-means runs by inertia: labels 0…k-1, the largest group first.

    The restarts share the workers, each run on one, so that the result is the same for any number. Above SAMPLE_ROWS
    they run on a seeded draw of that many rows, and the best FINALISTS of them to the end on all.
    """
    groups = min(groups, distinct_rows(matrix))
    if len(matrix) <= SAMPLE_ROWS or restarts <= FINALISTS:
        runs = workers.map(lambda number: _one_kmeans(matrix, groups, seed + number), range(restarts))
        return relabel_by_size(min(runs, key=lambda found: found[0])[1])
    drawn = matrix[np.sort(np.random.default_rng(seed).choice(len(matrix), SAMPLE_ROWS, replace=False))]
    heats = workers.map(lambda number: _centres_of(drawn, groups, seed + number), range(restarts))
    best = sorted(range(restarts), key=lambda number: (heats[number][0], number))[:FINALISTS]
    finals = workers.map(lambda number: _one_kmeans(matrix, groups, seed, heats[number][1]), best)
    return relabel_by_size(min(finals, key=lambda found: found[0])[1])


def quick_kmeans(matrix: Floats, groups: int, restarts: int, seed: int) -> Ints:
    """Run ``kmeans`` inside a block that ``Workers.map`` already runs on one thread."""
    groups = min(groups, distinct_rows(matrix))
    return relabel_by_size(
        min((_one_kmeans(matrix, groups, seed + n) for n in range(restarts)), key=lambda found: found[0])[1]
    )


def _one_kmeans(
    matrix: Floats, groups: int, seed: int, start: Floats | Literal["k-means++"] = "k-means++"
) -> tuple[float, Ints]:
    from sklearn.cluster import KMeans

    model = KMeans(groups, init=start, n_init=1, random_state=seed).fit(matrix)
    return float(model.inertia_), model.labels_


def _centres_of(matrix: Floats, groups: int, seed: int) -> tuple[float, Floats]:
    from sklearn.cluster import KMeans

    model = KMeans(groups, n_init=1, random_state=seed).fit(matrix)
    return float(model.inertia_), model.cluster_centers_


def sklearn_kmeans(matrix: Floats, groups: int, restarts: int, seed: int) -> Ints:
    """Run scikit-learn's ``KMeans(groups, n_init=restarts, random_state=seed)``; number its groups by size.

    There are never more groups than distinct rows.
    """
    from sklearn.cluster import KMeans

    groups = min(groups, distinct_rows(matrix))
    with single_threaded():
        return relabel_by_size(KMeans(groups, n_init=restarts, random_state=seed).fit_predict(matrix))


def dbscan(matrix: Floats, eps: float, min_samples: int) -> Ints:
    """Run scikit-learn's DBSCAN (Ester et al. 1996) over cosine distance: labels, the largest group first, noise -1."""
    from sklearn.cluster import DBSCAN

    with single_threaded():
        return relabel_by_size(DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit_predict(matrix))


def distinct_rows(matrix: Floats) -> int:
    """Count the distinct rows by one random projection: rows that differ have different products."""
    weights = np.random.default_rng(0).normal(size=matrix.shape[1])
    # Row by row in one order: a product of BLAS may round equal rows differently.
    return len(np.unique(np.einsum("ij,j->i", matrix, weights, dtype=np.float64)))


def hdbscan(matrix: Floats, min_cluster_size: int, min_samples: int) -> Ints:
    """Run HDBSCAN (Campello, Moulavi and Sander 2013), euclidean, excess of mass.

    Returns labels, the largest group first, noise -1.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn's deprecations, which hdbscan has yet to follow
        import hdbscan as library

        model = library.HDBSCAN(
            min_cluster_size=min_cluster_size,
            min_samples=min_samples,
            metric="euclidean",
            cluster_selection_method="eom",
            core_dist_n_jobs=1,
        )
        with single_threaded():
            return relabel_by_size(np.asarray(model.fit_predict(np.asarray(matrix, np.float64))))


def relabel_by_size(labels: npt.NDArray[np.integer]) -> Ints:
    """Renumber labels: 0 is the largest group, ties go to the earliest row; negative labels become -1."""
    found = labels >= 0
    names, first, inverse, counts = np.unique(labels[found], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(names), np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(names))
    renamed = np.full(len(labels), -1, np.int64)
    renamed[found] = rank[inverse]
    return renamed
