"""The Lance table: vectors, filter columns and text, with their indexes; and the arrays that searches read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riindex import vectors
from riindex.arrays import Writer
from riindex.records import Run

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 20_000


def index(run: Run) -> None:
    """Write the vector table beside the file; it is derived, and ``ri index`` makes it again."""
    assert run.vector_table is not None
    store, folder = run.store, run.vector_table
    rows = store.value("kept_count")
    reader = store.relation("index/rows").to_arrow_reader(BATCH_ROWS)
    vectors.remove(folder)
    with Writer(folder, rows, reader.schema.field("vector").type.list_size) as arrays:

        def read() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                arrays.add(batch)
                yield batch

        vectors.write(folder, read(), reader.schema, rows, run.config.index.ann_rows)
        terms = store.arrow("index/terms").to_batches()
        arrays.post(terms, store.relation("index/postings").to_arrow_reader())
