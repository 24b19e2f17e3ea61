"""Rows of the file as written to the vector table and the search arrays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from riindex.search.arrays import Writer
from riindex.store.database import Store

if TYPE_CHECKING:
    import pyarrow as pa

# Rows written at a time; each may have a long text.
BATCH_ROWS = 4_096


@contextmanager
def arrays_written(store: Store, folder: Path) -> Iterator[tuple[Iterator[pa.RecordBatch], pa.Schema]]:
    """Yield the rows of the vector table, to be read once; reading them writes the arrays to ``folder``."""
    rows = store.value("shared/kept_count")
    reader = store.relation("index/rows").to_arrow_reader(BATCH_ROWS)
    with Writer(folder, rows, reader.schema.field("vector").type.list_size) as arrays:

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                arrays.add(batch)
                yield batch

        yield batches(), reader.schema
        terms = store.arrow("index/terms").to_batches()
        arrays.post(terms, store.relation("index/postings").to_arrow_reader())
