"""Fusion of text and behaviour in one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riindex.grouping.space import Fused
from riindex.pipeline.context import Run
from riindex.store.arrow import matrix_column

if TYPE_CHECKING:
    from riindex.store.database import Store


def fuse(run: Run) -> None:
    """Compute the fused matrix, and write the description of its columns."""
    assert run.matrices is not None
    run.matrices.release()
    _write_axes(run.store, run.matrices.whole)


def _write_axes(store: Store, fused: Fused) -> None:
    """Write ``axes``: the description of each column of the fused matrix."""
    import numpy as np
    import pyarrow as pa

    texts, features = len(fused.projection), list(fused.features)
    vectors = np.zeros((texts + len(features), fused.projection.shape[1]), np.float32)
    vectors[:texts] = fused.projection
    rows = {
        "position": range(len(vectors)),
        "block": ["text"] * texts + [block for block, _ in features],
        "feature": [f"axis {i}" for i in range(texts)] + [name for _, name in features],
        "origin": pa.array([*fused.origin.tolist(), *[0.0] * len(features)], pa.float64()),
        "vector": matrix_column(vectors),
    }
    store.insert("fuse/axes", pa.table(rows))
