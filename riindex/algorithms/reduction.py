"""Dimension reduction: PCA for distances, UMAP for the published configuration and the map."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from riindex.algorithms.neighbors import NeighborGraph, neighbor_graph
from riindex.algorithms.parallel import ONE_WORKER, Workers, single_threaded, spans
from riindex.algorithms.types import Floats


@dataclass(frozen=True)
class Projection:
    """Linear map to fewer dimensions: ``mean`` (d,), ``components`` (k, d)."""

    mean: Floats
    components: Floats

    def apply(self, matrix: Floats, workers: Workers = ONE_WORKER) -> Floats:
        """Project the rows of ``matrix`` (n, d) to the reduced space, float32 (n, k)."""
        parts = workers.map(lambda s: (matrix[s] - self.mean) @ self.components.T, spans(len(matrix)))
        return np.concatenate(parts) if parts else np.empty((0, len(self.components)), np.float32)


def pca(matrix: Floats, dimensions: int) -> Projection:
    """Compute the principal axes of ``matrix``, at most ``dimensions``, each with its largest entry positive."""
    from sklearn.decomposition import PCA

    size = min(dimensions, matrix.shape[1], max(1, len(matrix) - 1))
    if len(matrix) < 2:
        return Projection(matrix.mean(axis=0), np.eye(size, matrix.shape[1], dtype=np.float32))
    with single_threaded():
        model = PCA(size, svd_solver="covariance_eigh").fit(matrix)
    axes = np.asarray(model.components_, np.float32)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return Projection(np.asarray(model.mean_, np.float32), axes * signs[:, None])


def prepare_umap() -> None:
    """Compile UMAP on random rows: about 8 s. For a process that computes projections and nothing else.

    UMAP imports pynndescent for the neighbour graph that :func:`umap` gives it, and compiling that takes 23 s the first
    time in an environment: it is imported uncompiled.
    """
    import numba

    settings: Any = numba.config
    before, settings.DISABLE_JIT = settings.DISABLE_JIT, True
    try:
        import_module("pynndescent")
    finally:
        settings.DISABLE_JIT = before
    umap(np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32), 2, 15, 0.1, 0, epochs=2)


def umap(
    matrix: Floats,
    dimensions: int,
    neighbors: int,
    min_dist: float,
    seed: int,
    workers: Workers = ONE_WORKER,
    epochs: int | None = None,
    near: NeighborGraph | None = None,
) -> Floats:
    """Compute a seeded UMAP of ``matrix`` (McInnes, Healy and Melville 2018), float32 (n, dimensions).

    The neighbour graph is exact: it is the same for any thread count, and spares the compilation of an approximate one
    (1,428 rows took 23 s with it and 9 s without); ``near`` is one that exists already. With fewer rows than dimensions
    + 3 there is nothing to lay out: PCA's axes are returned, padded with zeros.
    """
    if len(matrix) < dimensions + 3:
        flat = np.zeros((len(matrix), dimensions), np.float32)
        reduced = pca(matrix, dimensions).apply(matrix) if len(matrix) > 1 else flat
        flat[:, : reduced.shape[1]] = reduced[:, :dimensions]
        return flat
    count = min(neighbors, len(matrix) - 1)
    indices, distances = near if near is not None else neighbor_graph(matrix, count, workers)
    with warnings.catch_warnings():
        # umap-learn warns that a given graph cannot place new rows, which is not needed, and about its own imports.
        warnings.simplefilter("ignore")
        import umap as library

        model = library.UMAP(
            n_neighbors=count,
            n_components=dimensions,
            min_dist=min_dist,
            metric="euclidean",
            random_state=seed,
            n_jobs=1,
            n_epochs=epochs,
            precomputed_knn=(indices, distances, None),
        )
        with single_threaded():
            return np.asarray(model.fit_transform(matrix), np.float32)


def explained_variance(matrix: Floats, points: Floats) -> list[float]:
    """Compute the share of the variance of ``matrix`` (n, d) in each column of its ``points`` (n, k)."""
    total = float(matrix.var(axis=0, dtype=np.float64).sum())
    return [float(share) / total if total > 0 else 0.0 for share in points.var(axis=0, dtype=np.float64)]


# scikit-learn's own perplexity; it must be less than the number of rows, and a third of them is the usual bound.
PERPLEXITY = 30.0


def tsne(matrix: Floats, seed: int) -> Floats:
    """Compute a seeded t-SNE of ``matrix`` (van der Maaten and Hinton 2008), float32 (n, 2).

    For fewer than four rows the result is PCA's.
    """
    if len(matrix) < 4:
        flat = np.zeros((len(matrix), 2), np.float32)
        reduced = pca(matrix, 2).apply(matrix) if len(matrix) > 1 else flat
        flat[:, : reduced.shape[1]] = reduced[:, :2]
        return flat
    from sklearn.manifold import TSNE

    perplexity = min(PERPLEXITY, (len(matrix) - 1) / 3)
    with single_threaded():
        return np.asarray(TSNE(2, perplexity=perplexity, random_state=seed).fit_transform(matrix), np.float32)
