"""Exact nearest neighbours in fixed blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.blocks import run_all, spans

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

BLOCK_ROWS = 1_024


def nearest_rows(queries: Floats, rows: Floats, count: int, threads: int = 1) -> tuple[Ints, Floats]:
    """Indices of and euclidean distances to the ``count`` nearest of ``rows`` (m, d) for each query (n, d).

    Both are (n, count), the nearest first. Exact; the same for any thread count; ties go to the lower index.
    """
    lengths = np.einsum("ij,ij->i", rows, rows)

    def block(span: slice) -> tuple[Ints, Floats]:
        part = queries[span]
        squared = np.einsum("ij,ij->i", part, part)[:, None] + lengths - 2 * part @ rows.T
        near = np.sort(np.argpartition(squared, count - 1, axis=1)[:, :count], axis=1)
        distance = np.sqrt(np.maximum(np.take_along_axis(squared, near, axis=1), 0))
        order = np.argsort(distance, axis=1, kind="stable")
        return np.take_along_axis(near, order, axis=1).astype(np.int32), np.take_along_axis(distance, order, axis=1)

    if len(queries) <= BLOCK_ROWS:
        return block(slice(0, len(queries)))
    parts = run_all(block, spans(len(queries), BLOCK_ROWS), threads)
    indices, distances = (np.concatenate(part) for part in zip(*parts, strict=True))
    return indices, distances.astype(np.float32)


def graph(rows: Floats, count: int, threads: int = 1) -> tuple[Ints, Floats]:
    """The neighbour graph that UMAP takes: each row first, at distance 0, then its ``count`` - 1 nearest others."""
    indices, distances = nearest_rows(rows, rows, count, threads)
    own = np.arange(len(rows), dtype=np.int32)
    # A copy of the row may stand before it, or push it out: the row itself takes its place.
    place = np.where((indices == own[:, None]).any(axis=1), (indices == own[:, None]).argmax(axis=1), count - 1)
    for step in range(count - 1, 0, -1):
        move = place >= step
        indices[move, step], distances[move, step] = indices[move, step - 1], distances[move, step - 1]
    indices[:, 0], distances[:, 0] = own, 0
    return indices, distances
