"""Search in plain SQL: vocabulary of the search encoder, search vectors, keywords, and macros over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riindex.algorithms.clustering.cluster_metrics import mean_vectors
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.quantise import quantise_rows
from riindex.pipeline.context import Run
from riindex.store.arrow import matrix_column, vector_table

if TYPE_CHECKING:
    from riindex.encoders.static import StaticEncoder

# Texts encoded at a time if another encoder was used for clustering.
BATCH_TEXTS = 8_192


def words(run: Run) -> None:
    """Write words, terms, postings, search_personas, the view search_vectors and the macros."""
    import pyarrow as pa

    from riindex.encoders.static import StaticEncoder

    store = run.store
    # Always the bundled model: the macros implement its tokenizer, and its vectors are FLOAT[256].
    own = run.config.embed.encoder == "static" and isinstance(run.encoder, StaticEncoder)
    static = (
        run.encoder if own and isinstance(run.encoder, StaticEncoder) else StaticEncoder(threads=run.workers.threads)
    )
    _write_vocabulary(run, static)
    store.run("words/keywords")
    store.run("words/postings")
    if own:
        store.run("words/same_vectors")
    else:
        _encode(run, static)
        store.run("words/own_vectors")
    labels = store.columns("enrich/core_labels")["persona_id"]
    numbers = np.unique(labels[labels >= 0]).astype(np.int32)
    with single_threaded():
        means = mean_vectors(store.matrix("words/search_vectors"), labels, int(labels.max()) + 1)[numbers]
    store.insert("words/search_personas", pa.table({"persona_id": numbers, "vector": matrix_column(means)}))
    store.run("words/macros")


def _write_vocabulary(run: Run, static: StaticEncoder) -> None:
    import pyarrow as pa

    pieces, table = static.vocabulary()
    integers, scales = quantise_rows(table)
    # In order of the words, so that a lookup reads one part of the table.
    order = sorted(np.flatnonzero(scales > 0).tolist(), key=pieces.__getitem__)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(integers[order].ravel(), pa.int8()), static.dim)
    named = pa.array([pieces[row] for row in order], pa.string())
    run.store.insert("words/words", pa.table({"word": named, "scale": scales[order], "vector": vectors}))


def _encode(run: Run, static: StaticEncoder) -> None:
    """Write vectors of the kept texts by the static encoder."""
    rows = run.store.relation("words/kept_texts").to_arrow_reader(BATCH_TEXTS)
    parts = [(batch.column(0).to_numpy(), static.encode(batch.column(1).to_pylist())) for batch in rows]
    ids = np.concatenate([part[0] for part in parts])
    run.store.make("search_vectors_own", vector_table(ids, np.concatenate([part[1] for part in parts])))
