"""The Lance table: vectors, filter columns and text, with their indexes; and the arrays that searches read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from riindex.pipeline.context import Run
from riindex.search import lance
from riindex.search.arrays import Writer
from riindex.store.database import Store

if TYPE_CHECKING:
    import pyarrow as pa

# Rows written together; each may have a long text.
BATCH_ROWS = 4_096


def index(run: Run) -> None:
    """Write the vector table beside the file; it is derived, and ``ri index`` makes it again."""
    assert run.vector_table is not None
    store, folder = run.store, run.vector_table
    rows = store.value("kept_count")
    lance.remove(folder)
    # Until it is published, which settles who may read the index, nobody else reads its texts.
    folder.mkdir(mode=0o700)
    with arrays_written(store, folder) as (batches, schema):
        lance.write(folder, batches, schema, rows, run.config.index.ann_rows)


@contextmanager
def arrays_written(store: Store, folder: Path) -> Iterator[tuple[Iterator[pa.RecordBatch], pa.Schema]]:
    """The rows of the vector table, to be read once: on their way they go into the arrays in ``folder``."""
    rows = store.value("kept_count")
    reader = store.relation("index/rows").to_arrow_reader(BATCH_ROWS)
    with Writer(folder, rows, reader.schema.field("vector").type.list_size) as arrays:

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                arrays.add(batch)
                yield batch

        yield batches(), reader.schema
        terms = store.arrow("index/terms").to_batches()
        arrays.post(terms, store.relation("index/postings").to_arrow_reader())
