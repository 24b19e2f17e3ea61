"""Similarity of personas by language, style and size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riindex.algorithms.types import Floats
from riindex.store.database import Store


def write_similarity(store: Store, ids: Sequence[int], means: Floats) -> None:
    """Write the similarity of all pairs of personas: language (mean vectors), style (standardised means), size."""
    import pyarrow as pa

    centred = means.astype(np.float64) - means.mean(axis=0, dtype=np.float64)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.where(lengths > 0, lengths, 1)
    language = np.einsum("ik,jk->ij", centred, centred)
    values = np.array([row[1] for row in store.rows("enrich/traits/style_rows")], np.float64).reshape(len(ids), -1)
    style = 1 / (1 + np.sqrt(((values[:, None, :] - values[None, :, :]) ** 2).sum(axis=2)))
    sizes = np.array([row[1] for row in store.rows("enrich/profile_rows")], np.float64)
    size = np.minimum.outer(sizes, sizes) / np.maximum.outer(sizes, sizes)
    rows = [
        (a, b, method, float(matrix[i, j]))
        for method, matrix in (("language", language), ("style", style), ("size", size))
        for i, a in enumerate(ids)
        for j, b in enumerate(ids)
        if i != j
    ]
    types = (pa.int32(), pa.int32(), pa.string(), pa.float64())
    columns = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(types)]
    store.insert(
        "enrich/persona_similarity",
        pa.table(columns, names=("persona_id", "other_id", "method", "similarity")),
    )
