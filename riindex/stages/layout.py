"""Where each kept document lies on the map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.blocks import run_all, spans
from riindex.algorithms.groups import sample_rows
from riindex.algorithms.reduction import umap
from riindex.records import Run

Floats = npt.NDArray[np.float32]

# The others lie at the mean of so many sampled neighbours, weighted by nearness.
PLACED_BY = 5


def layout(run: Run) -> None:
    """Write ``layout``: a seeded 2-D UMAP of at most ``layout.max_documents``, the others beside their neighbours."""
    import pyarrow as pa

    store, config = run.store, run.config
    doc_ids = store.columns("kept_ids")["doc_id"]
    reduced = store.matrix("assign/vectors")
    sample = sample_rows(len(reduced), config.layout.max_documents, config.seed)
    placed = umap(reduced[sample], 2, config.layout.neighbors, config.layout.min_dist, config.seed)
    points = placed if len(sample) == len(reduced) else place(reduced, reduced[sample], placed, run.threads)
    rows = {"doc_id": doc_ids, "x": points[:, 0].astype(np.float64), "y": points[:, 1].astype(np.float64)}
    store.insert("layout/layout", pa.table(rows))


def place(rows: Floats, known: Floats, points: Floats, threads: int = 1) -> Floats:
    """2-D points of ``rows`` (n, d): the mean of the points of the nearest ``known`` rows, weighted by nearness."""
    lengths = np.einsum("ij,ij->i", known, known)
    take = min(PLACED_BY, len(known))

    def block(span: slice) -> Floats:
        part = rows[span]
        squared = np.maximum(np.einsum("ij,ij->i", part, part)[:, None] + lengths - 2 * part @ known.T, 0)
        nearest = np.argpartition(squared, take - 1, axis=1)[:, :take]
        distance = np.sqrt(np.take_along_axis(squared, nearest, axis=1))
        weight = 1 / (distance + 1e-3 * (distance.mean(axis=1, keepdims=True) + 1e-6))
        weight /= weight.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("ij,ijk->ik", weight, points[nearest]), np.float32)

    return np.concatenate(run_all(block, spans(len(rows), 2_048), threads))
