"""Exact nearest neighbours in fixed blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Floats

Indices = npt.NDArray[np.int32]
# A neighbour graph: indices and distances, (n, count) each, the row itself first.
NeighborGraph = tuple[Indices, Floats]

BLOCK_ROWS = 1_024
# Cells that each row lies in: a point at the edge of one is near points of the next.
CELLS_PER_ROW = 3
# Up to so many smallest values, repeated argmin is faster than partitioning.
MAX_ARGMIN_PASSES = 8


def nearest_rows(queries: Floats, rows: Floats, count: int, workers: Workers = ONE_WORKER) -> tuple[Indices, Floats]:
    """Find the ``count`` nearest of ``rows`` (m, d) for each query (n, d): indices and euclidean distances.

    Both are (n, count), the nearest first. Exact; the same for any thread count; ties go to the lower index.
    """
    lengths = np.einsum("ij,ij->i", rows, rows)

    def block(span: slice) -> tuple[Indices, Floats]:
        part = queries[span]
        squared = np.einsum("ij,ij->i", part, part)[:, None] + lengths - 2 * part @ rows.T
        near = _smallest(squared, count)
        distance = np.sqrt(np.maximum(np.take_along_axis(squared, near, axis=1), 0))
        order = np.argsort(distance, axis=1, kind="stable")
        return np.take_along_axis(near, order, axis=1).astype(np.int32), np.take_along_axis(distance, order, axis=1)

    if len(queries) <= BLOCK_ROWS:
        return block(slice(0, len(queries)))
    parts = workers.map(block, spans(len(queries), BLOCK_ROWS))
    indices, distances = (np.concatenate(part) for part in zip(*parts, strict=True))
    return indices, distances.astype(np.float32)


def nearest_in_cells(
    queries: Floats, rows: Floats, count: int, workers: Workers = ONE_WORKER
) -> tuple[Indices, Floats]:
    """Find nearly the same as ``nearest_rows``, among the rows of each query's cell alone; for many rows.

    Every row lies in its CELLS_PER_ROW nearest cells, a query searches its nearest; a cell of fewer than ``count`` rows
    is filled up with the first rows. Same for any thread count.
    """
    centres = rows[:: max(1, len(rows) // round(len(rows) ** 0.5))]
    homes = nearest_rows(rows, centres, min(CELLS_PER_ROW, len(centres)), workers)[0]
    cell_of = nearest_rows(queries, centres, 1, workers)[0][:, 0]
    order = np.argsort(cell_of, kind="stable")
    edges = np.searchsorted(cell_of[order], np.arange(len(centres) + 1))
    indices = np.empty((len(queries), count), np.int32)
    distances = np.empty((len(queries), count), np.float32)

    def fill(cell: int) -> None:
        members = order[edges[cell] : edges[cell + 1]]
        own = np.flatnonzero((homes == cell).any(axis=1))
        if len(own) < count:
            own = np.union1d(own, np.arange(count))
        near, far = nearest_rows(queries[members], rows[own], count)
        indices[members], distances[members] = own[near], far

    workers.map(fill, range(len(centres)))
    return indices, distances


def _smallest(values: Floats, count: int) -> Indices:
    """Return columns of the ``count`` smallest values of each row, in order of column; ties go to the lower."""
    if count > MAX_ARGMIN_PASSES:
        return np.sort(np.argpartition(values, count - 1, axis=1)[:, :count], axis=1).astype(np.int32)
    left, row = values.copy(), np.arange(len(values))
    found = np.empty((len(values), count), np.int32)
    for place in range(count):
        found[:, place] = left.argmin(axis=1)
        left[row, found[:, place]] = np.inf
    return np.sort(found, axis=1)


def neighbor_graph(rows: Floats, count: int, workers: Workers = ONE_WORKER) -> tuple[Indices, Floats]:
    """Build the neighbour graph that UMAP takes: each row first, at distance 0, then its ``count`` - 1 nearest."""
    indices, distances = nearest_rows(rows, rows, count, workers)
    own = np.arange(len(rows), dtype=np.int32)
    # A copy of the row may stand before it, or push it out: the row itself takes its place.
    place = np.where((indices == own[:, None]).any(axis=1), (indices == own[:, None]).argmax(axis=1), count - 1)
    for step in range(count - 1, 0, -1):
        move = place >= step
        indices[move, step], distances[move, step] = indices[move, step - 1], distances[move, step - 1]
    indices[:, 0], distances[:, 0] = own, 0
    return indices, distances


# A draw of four in five rows leaves 51 of 64 neighbours on average: nearly every row finds its 40 among them.
OVERSAMPLING = 1.6


def neighbor_subgraph(whole: NeighborGraph, matrix: Floats, rows: npt.NDArray[np.int64], count: int) -> NeighborGraph:
    """Read the neighbour graph of some ``rows`` of ``matrix``, ``count`` wide, from that of all rows.

    ``whole`` is OVERSAMPLING times as wide. The same as ``neighbor_graph(matrix[rows], count)`` but for the order of
    equal distances: a row that finds too few of its neighbours drawn is searched for anew.
    """
    place = np.full(len(matrix), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    there = place[whole[0][rows]]
    order = np.argsort(there < 0, axis=1, kind="stable")[:, :count]
    indices = np.take_along_axis(there, order, axis=1)
    distances = np.take_along_axis(whole[1][rows], order, axis=1)
    short = np.flatnonzero((indices < 0).any(axis=1) | (indices.shape[1] < count))
    if indices.shape[1] < count or len(short) == len(rows):
        return neighbor_graph(matrix[rows], count)
    if len(short):
        indices[short], distances[short] = nearest_rows(matrix[rows[short]], matrix[rows], count)
    return indices, distances
