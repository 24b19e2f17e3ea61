"""The Lance table: vectors, filter columns and text, with their indexes; and the arrays that searches read."""

from __future__ import annotations

from riindex.pipeline.context import Run
from riindex.search import lance
from riindex.search.tables import arrays_written


def index(run: Run) -> None:
    """Write the vector table beside the file; it is derived, and ``ri index`` makes it again."""
    assert run.vector_table is not None
    store, folder = run.store, run.vector_table
    rows = store.value("shared/kept_count")
    lance.remove(folder)
    # Until it is published, which settles who may read the index, nobody else reads its texts.
    folder.mkdir(mode=0o700)
    with arrays_written(store, folder) as (batches, schema):
        lance.write(folder, batches, schema, rows, run.config.index.ann_rows)
