"""Selection of documents: those without signal are dropped, with a reason."""

from __future__ import annotations

from contextlib import closing

import duckdb

from riindex.algorithms.near_duplicates import near_duplicates
from riindex.errors import InputError
from riindex.pipeline.context import Run
from riindex.store.database import locked_connection
from riindex.store.guard import filtered, query_error

# Rows that a condition is evaluated on at a time.
BATCH_ROWS = 4_096


def denoise(run: Run) -> None:
    """Mark every document without signal as dropped, with the first reason that applies, in the published order.

    Of duplicate documents the earliest by ``created_at`` stays; without times, the first in the source.
    """
    store, rules = run.store, run.config.denoise
    store.run("denoise/schema")
    if rules.where:
        _drop_unmatched(run)
    store.run("denoise/normal")
    if rules.exact_duplicates:
        store.run("denoise/exact_duplicates")
    if rules.near_duplicate_similarity < 1:
        _near_duplicates(run)
    if rules.retweets:
        store.run("denoise/retweets")
    store.run("denoise/too_short", min_chars=rules.min_chars, min_words=rules.min_words)
    if rules.template_repeats:
        store.run("denoise/skeleton")
        store.run("denoise/templates", min_repeats=rules.template_repeats)
    store.run("denoise/release")
    store.run("denoise/twins")
    store.run("denoise/funnel")
    kept, total = store.value("shared/kept_count"), store.value("shared/document_count")
    if not kept and rules.where:
        raise InputError(
            f"of {total:,} documents, none that meets the condition remains after cleaning",
            f"check that some meet it: {rules.where}",
        )
    if not kept:
        raise InputError(
            f"none of the {total:,} documents is left after cleaning",
            "lower denoise.min_words and denoise.min_chars, e.g. --set min_words=1 --set min_chars=1",
        )
    run.report.note(f"{kept:,} of {total:,} kept ({kept / total:.1%})")


def _drop_unmatched(run: Run) -> None:
    """Drop documents that do not meet the condition of the settings, which can read their rows and nothing else."""
    with closing(locked_connection()) as connection:
        rows = connection.from_arrow(run.store.relation("denoise/conditioned").to_arrow_reader(BATCH_ROWS))
        found = filtered(rows, run.config.denoise.where).select("doc_id")
        try:
            passing = found.to_arrow_table()
        except duckdb.Error as problem:
            raise query_error(problem, "the condition may use the columns of documents and of the source") from problem
    run.store.insert("denoise/where", passing)


def _near_duplicates(run: Run) -> None:
    import numpy as np
    import pyarrow as pa

    store = run.store
    rows = store.columns("denoise/distinct_ids")
    doc_ids, vectors = rows["doc_id"], store.matrix("denoise/distinct_vectors")
    # The earliest stays, in any order of the file.
    order = np.argsort(rows["place"])
    if (np.diff(order) < 0).any():
        doc_ids, vectors = doc_ids[order], vectors[order]
    found = near_duplicates(
        vectors, run.config.denoise.near_duplicate_similarity, seed=run.config.seed, workers=run.workers
    )
    pairs = pa.table(
        {
            "doc_id": doc_ids[found.dropped],
            "kept_doc_id": doc_ids[found.kept],
            "similarity": found.similarity.astype("float64"),
        }
    )
    store.insert("denoise/near_duplicates", pairs)
