"""The Lance table: vectors, filter columns and text, with their indexes."""

from __future__ import annotations

from riindex import vectors
from riindex.records import Run

BATCH_ROWS = 20_000


def index(run: Run) -> None:
    """Write the vector table beside the file; it is derived, and ``ri index`` makes it again."""
    assert run.vector_table is not None
    store = run.store
    rows = store.value("kept_count")
    reader = store.relation("index/rows").to_arrow_reader(BATCH_ROWS)
    vectors.write(run.vector_table, iter(reader), reader.schema, rows, run.config.index.ann_rows)
