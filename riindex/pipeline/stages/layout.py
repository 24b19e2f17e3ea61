"""Position of each kept document on the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riindex.algorithms.clustering.find_groups import sample_rows
from riindex.algorithms.neighbors import nearest_in_cells, nearest_rows
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.algorithms.projections import begin, running
from riindex.algorithms.reduction import explained_variance, pca
from riindex.algorithms.types import Floats, Ints
from riindex.config.build_config import BuildConfig
from riindex.pipeline.context import Run

# Default of UMAP above 10,000 rows; with 500, its default below, small maps look the same.
EPOCHS = 200
# Neighbours in the sample whose weighted mean places a document outside of it.
NEIGHBOURS = 5
# Most sampled documents for an exact search of neighbours; above, only the nearest cells are searched.
MAX_EXACT = 2_000
# Number of documents below which there is nothing to lay out: their principal axes are the map.
MIN_ROWS = 5
NAMES = {"umap": "UMAP", "pca": "PCA", "tsne": "t-SNE"}


@dataclass(frozen=True)
class Drawing:
    """Reduced vectors (n, d), the rows of them that are drawn by the method, and a function that waits for these."""

    reduced: Floats
    sample: Ints
    points: Callable[[], Floats]


def begin_layout(run: Run) -> Drawing:
    """Begin to draw the sampled documents."""
    config = run.config
    reduced = run.store.matrix("assign/vectors")
    sample = sample_rows(len(reduced), config.layout.max_documents, config.seed)
    return Drawing(reduced, sample, _draw(reduced[sample], config, run.workers))


def layout(run: Run) -> None:
    """Write ``layout`` and ``layout_axes``: ``layout.max_documents`` by the method, the others by neighbours."""
    import pyarrow as pa

    store, config = run.store, run.config
    with running():
        drawing = run.begun if isinstance(run.begun, Drawing) else begin_layout(run)
        reduced, sample, placed = drawing.reduced, drawing.sample, drawing.points()
    doc_ids = store.columns("shared/kept_ids")["doc_id"]
    points = placed if len(sample) == len(reduced) else place(reduced, reduced[sample], placed, run.workers)
    rows = {"doc_id": doc_ids, "x": points[:, 0].astype(np.float64), "y": points[:, 1].astype(np.float64)}
    store.insert("layout/layout", pa.table(rows))
    shares = explained_variance(reduced[sample], placed) if config.layout.method == "pca" else [None, None]
    names = [f"{NAMES[config.layout.method]} {number}" for number in (1, 2)]
    axes = {"axis": ["x", "y"], "name": names, "explained": pa.array(shares, pa.float64())}
    store.insert("layout/layout_axes", pa.table(axes))


def _draw(rows: Floats, config: BuildConfig, workers: Workers) -> Callable[[], Floats]:
    method = config.layout
    if method.method == "pca" or len(rows) < MIN_ROWS:
        return lambda: _axes(rows, workers)
    if method.method == "umap":
        return begin("umap", rows, 2, method.neighbors, method.min_dist, config.seed, workers, EPOCHS)
    return begin("tsne", rows, config.seed)


def _axes(rows: Floats, workers: Workers) -> Floats:
    """Return the two first principal axes, padded with zeros."""
    flat = np.zeros((len(rows), 2), np.float32)
    found = pca(rows, 2).apply(rows, workers)
    flat[:, : found.shape[1]] = found
    return flat


def place(rows: Floats, known: Floats, points: Floats, workers: Workers = ONE_WORKER) -> Floats:
    """Return 2-D points of ``rows`` (n, d): the mean of points of the nearest ``known`` rows, weighted by nearness."""
    near = nearest_in_cells if len(known) > MAX_EXACT else nearest_rows
    indices, distance = near(rows, known, min(NEIGHBOURS, len(known)), workers)
    weight = 1 / (distance + 1e-3 * (distance.mean(axis=1, keepdims=True) + 1e-6))
    weight /= weight.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("ij,ijk->ik", weight, points[indices]), np.float32)
