"""The Lance table: the only module that imports lancedb."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import IndexNotFound

if TYPE_CHECKING:
    import pyarrow as pa

TABLE = "tweets"
# Every partition is searched (of 105, 40 hold 92 % of the ten nearest), so they need not be small.
PARTITION_ROWS = 16_384
PROBES = 10_000
# Bits a dimension. The ten nearest of 431,913 posts among the first forty of a list: 1 bit 93 %, 2 bits 99.9 %, 3 bits
# 100 %; the index takes 8, 12 and 15 seconds of a core.
BITS = 3
# Lance has no error tree of its own: it raises those of Python and of Rust's storage layer.
LANCE_ERRORS = (OSError, RuntimeError, ValueError)


def write(folder: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, rows: int, ann_rows: int) -> None:
    """Write the table anew in one go, and index its vectors from ``ann_rows`` rows up (IVF_RQ).

    ``schema``: doc_id, tweet_id, text, vector (fixed-size list of float32) and the filter columns.
    """
    # Lance logs every empty cluster of its own training, once a block of the vectors; nobody can act on it.
    os.environ.setdefault("LANCE_LOG", "error")
    os.environ.setdefault("LANCEDB_LOG", "error")
    import lancedb
    from lancedb.index import IvfRq

    shutil.rmtree(folder, ignore_errors=True)
    database = lancedb.connect(str(folder))
    table = database.create_table(TABLE, batches, schema=schema)
    if rows >= ann_rows:
        partitions = max(1, rows // PARTITION_ROWS)
        table.create_index("vector", config=IvfRq(distance_type="dot", num_partitions=partitions, num_bits=BITS))


class VectorTable:
    """A vector table, opened when it is first asked. IndexNotFound where it is missing, cut short or stale.

    ``rows``: how many it must have.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder = folder
        self._expected = rows
        if not folder.is_dir():
            raise self._unusable("is missing")

    @cached_property
    def _table(self) -> Any:
        """The table, asynchronous: the synchronous calls cross to Lance's event loop five times a question."""
        import lancedb
        from lancedb.background_loop import LOOP

        async def opened() -> tuple[Any, int]:
            table = await (await lancedb.connect_async(str(self._folder))).open_table(TABLE)
            return table, await table.count_rows()

        try:
            table, rows = LOOP.run(opened())
        except LANCE_ERRORS as problem:
            raise self._unusable("cannot be read") from problem
        if rows != self._expected:
            raise self._unusable(f"holds {rows:,} of {self._expected:,} vectors")
        return table

    def check(self) -> None:
        """Raise IndexNotFound unless it opens and has its rows."""
        assert self._table is not None

    def nearest(self, vector: Any, limit: int, where: str | None = None) -> pa.Table:
        """About the ``limit`` nearest rows by inner product: doc_id, tweet_id, persona_id, text and vector."""
        return self._list(vector, limit, where, ["doc_id", "tweet_id", "persona_id", "text", "vector"])

    def nearest_ids(self, vector: Any, limit: int) -> list[int]:
        """The doc_id of about the ``limit`` nearest rows."""
        ids: list[int] = self._list(vector, limit, None, ["doc_id"])["doc_id"].to_pylist()
        return ids

    def _list(self, vector: Any, limit: int, where: str | None, columns: list[str]) -> pa.Table:
        from lancedb.background_loop import LOOP

        query = self._table.query().nearest_to(vector).distance_type("dot").limit(limit)
        if where:
            query = query.where(where)
        try:
            return LOOP.run(query.nprobes(PROBES).select([*columns, "_distance"]).to_arrow())
        except LANCE_ERRORS as problem:
            raise self._unusable("cannot be read") from problem

    def _unusable(self, state: str) -> IndexNotFound:
        return IndexNotFound(f"the vector table {self._folder.name} {state}", "ri index makes it again")


def remove(folder: Path) -> None:
    """Delete a vector table that no build refers to."""
    shutil.rmtree(folder, ignore_errors=True)
