"""The Lance table: the only module that imports lancedb."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

TABLE = "tweets"
# Vectors per IVF partition: Lance advises about 4,096; at 200,000 x 256 this gave recall@10 1.00 with refining.
PARTITION_ROWS = 4_096


def write(folder: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, rows: int, ann_rows: int) -> None:
    """Write the table anew in one go, index its text, and its vectors from ``ann_rows`` rows up (IVF_RQ), and optimise.

    ``schema``: doc_id, tweet_id, text, vector (fixed-size list of float32) and the filter columns.
    """
    # Lance logs every empty cluster of its own training, once a block of the vectors; nobody can act on it.
    os.environ.setdefault("LANCE_LOG", "error")
    os.environ.setdefault("LANCEDB_LOG", "error")
    import lancedb
    from lancedb.index import FTS, IvfRq

    shutil.rmtree(folder, ignore_errors=True)
    database = lancedb.connect(str(folder))
    table = database.create_table(TABLE, batches, schema=schema)
    table.create_index("text", config=FTS(with_position=False))
    if rows >= ann_rows:
        partitions = max(1, rows // PARTITION_ROWS)
        table.create_index("vector", config=IvfRq(distance_type="dot", num_partitions=partitions))
    table.optimize()


def count(folder: Path) -> int:
    """Rows of the table; QueryError for one that is damaged."""
    try:
        return int(_open(folder).count_rows())
    except (OSError, RuntimeError, ValueError) as problem:
        raise QueryError(f"{folder.name} is damaged", "make it again: ri index") from problem


def nearest(folder: Path, vector: Any, limit: int, where: str | None = None) -> pa.Table:
    """The ``limit`` nearest rows by inner product: doc_id and _distance (1 - product), nearest first."""
    query = _open(folder).search(vector, vector_column_name="vector").distance_type("dot").limit(limit)
    if where:
        query = query.where(where, prefilter=True)
    return query.select(["doc_id", "_distance"]).to_arrow()


def _open(folder: Path) -> Any:
    import lancedb

    return lancedb.connect(str(folder)).open_table(TABLE)


def remove(folder: Path) -> None:
    """Delete a vector table that no build refers to."""
    shutil.rmtree(folder, ignore_errors=True)
