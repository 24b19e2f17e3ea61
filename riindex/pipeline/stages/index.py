"""Vector table (Lance) with filter columns, text and indexes, and the search arrays."""

from __future__ import annotations

from riindex.pipeline.context import Run
from riindex.search import lance
from riindex.search.tables import arrays_written


def index(run: Run) -> None:
    """Write the vector table next to the file; it is derived, and ``ri index`` rebuilds it."""
    assert run.vector_table is not None
    store, folder = run.store, run.vector_table
    rows = store.value("shared/kept_count")
    lance.remove(folder)
    # Publishing sets the permissions of the index; until then no other user may read its texts.
    folder.mkdir(mode=0o700)
    with arrays_written(store, folder) as (batches, schema):
        lance.write(folder, batches, schema, rows, run.config.index.ann_rows)
