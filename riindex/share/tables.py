"""Flat table of documents, and map for other viewers, as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from riindex.algorithms.parallel import Workers
from riindex.store.database import Store
from riindex.text.pii import mask_columns

TABLES = ("tweets.parquet", "map.parquet")
NEIGHBOURS = 10
MAX_COMPARED = 50_000


def write_tables(store: Store, folder: Path, raw: bool) -> None:
    """Write TABLES to ``folder``; texts are masked unless ``raw``."""
    import pyarrow.parquet as pq

    flat = store.arrow_table("tweets")
    placed = store.arrow("share/export/map")
    if not raw:
        flat, placed = mask_columns(flat, _OWN), mask_columns(placed, _OWN)
    for name, table in zip(TABLES, (flat, _with_neighbours(store, placed)), strict=True):
        pq.write_table(table, folder / name)


# Text columns that riindex wrote, or that are ids: they need no masking.
_OWN = frozenset({"tweet_id", "in_reply_to", "lang", "persona_name", "persona"})


def _with_neighbours(store: Store, placed: Any) -> Any:
    """Add the nearest documents of each by text, as row numbers and distances (1 - cosine), as viewers read them.

    There are none above MAX_COMPARED documents, because every pair is compared.
    """
    import pyarrow as pa

    from riindex.algorithms.neighbors import nearest_rows

    if placed.num_rows > MAX_COMPARED:
        return placed
    vectors = store.matrix("fuse/kept_vectors")
    count = min(NEIGHBOURS + 1, len(vectors))
    indices, distances = nearest_rows(vectors, vectors, count, workers=Workers(2))
    pairs = []
    for row, (near, far) in enumerate(zip(indices.tolist(), distances.tolist(), strict=True)):
        own = [(i, d * d / 2) for i, d in zip(near, far, strict=True) if i != row][:NEIGHBOURS]
        pairs.append({"ids": [i for i, _ in own], "distances": [d for _, d in own]})
    kind = pa.struct([("ids", pa.list_(pa.int64())), ("distances", pa.list_(pa.float32()))])
    return placed.append_column("neighbors", pa.array(pairs, kind))
