"""Embedding of texts as unit vectors, once per distinct normalised text."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import duckdb

from riindex.encoders.base import Encoder
from riindex.errors import ConfigError
from riindex.pipeline.context import Run
from riindex.store.arrow import matrix_column, vector_table
from riindex.store.database import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

BATCH_TEXTS = 8_192  # texts encoded at a time, the step of the progress report
BATCH_BYTES = 1 << 26  # limit of their bytes: a batch of long texts has fewer
READ_ROWS = 2_048  # texts read at a time: the vector size of DuckDB
# Vectors written at a time: a row group of DuckDB, which is written directly. A quarter of it passes through the
# write-ahead log and takes 2.5 times as long. Vectors of a slow encoder are written after some seconds, as a crash
# loses those not yet written.
WRITE_ROWS = 122_880
WRITE_SECONDS = 10.0


def embed(run: Run) -> None:
    """Write ``embeddings``; texts embedded before, here or in the previous index, are not embedded again."""
    name = run.config.embed.encoder
    if name.startswith("column:"):
        _given_vectors(run.store, name.removeprefix("column:"))
    else:
        assert run.encoder is not None
        _encode_pending(run, run.encoder)
        run.store.run("embed/embeddings")
    run.store.run("embed/comments")


def _encode_pending(run: Run, encoder: Encoder) -> None:
    """Fill the cache next to the work file in batches, each committed by itself."""
    cursor = run.store.connection.cursor()
    cursor.execute(run.store.statement("shared/text"))
    _open_cache(run, cursor, encoder)
    total = cursor.execute(run.store.statement("embed/pending_count")).fetchall()[0][0]
    if not total:
        return
    done = 0
    started = written = time.monotonic()
    waiting: list[tuple[Sequence[Any], npt.NDArray[np.float32]]] = []
    # A separate cursor reads while the other writes: all texts at once may not fit into memory.
    reader = run.store.connection.cursor()
    reader.execute(run.store.statement("shared/text"))
    # Encoded vectors are written while the next batch is encoded.
    with closing(reader), ThreadPoolExecutor(1) as writer:
        writing: Future[None] | None = None
        for hashes, texts in _batches(reader.sql(run.store.statement("embed/pending")).to_arrow_reader(READ_ROWS)):
            waiting.append((hashes, encoder.encode(texts)))
            done += len(texts)
            now = time.monotonic()
            if done == total or sum(len(v) for _, v in waiting) >= WRITE_ROWS or now - written >= WRITE_SECONDS:
                if writing is not None:
                    writing.result()
                writing = writer.submit(_write, run.store, cursor, waiting)
                waiting, written = [], now
            run.report.progress(done, total, "texts")
        if writing is not None:
            writing.result()
    rate = total / max(time.monotonic() - started, 1e-9)
    run.report.note(f"{total:,} texts embedded by {encoder.name}, {rate:,.0f}/s")


def _batches(pending: pa.RecordBatchReader) -> Iterator[tuple[list[Any], list[str]]]:
    """Yield hashes and texts, BATCH_TEXTS at a time, or fewer if they are long."""
    hashes: list[Any] = []
    texts: list[str] = []
    size = 0
    for batch in pending:
        hashes.append(batch.column("text_hash"))
        texts += batch.column("text").to_pylist()
        size += batch.nbytes
        if len(texts) >= BATCH_TEXTS or size >= BATCH_BYTES:
            yield hashes, texts
            hashes, texts, size = [], [], 0
    if texts:
        yield hashes, texts


def _open_cache(run: Run, cursor: duckdb.DuckDBPyConnection, encoder: Encoder) -> None:
    import numpy as np
    import pyarrow as pa

    try:
        rows = cursor.execute(run.store.statement("embed/cache_digest")).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        rows = []
    if rows != [(encoder.digest,)]:
        empty = matrix_column(np.empty((0, encoder.dim), np.float32))
        hashes = cursor.sql("select uuid() as text_hash limit 0").to_arrow_table().column(0)
        cursor.register("incoming", pa.table({"text_hash": hashes, "vector": empty}))
        for statement in cursor.extract_statements(run.store.statement("embed/cache")):
            values = {"encoder_digest": encoder.digest} if statement.named_parameters else None
            cursor.execute(statement, values)
    if run.previous is not None:
        cursor.execute(run.store.statement("embed/take_over"))


def _write(
    store: Store, cursor: duckdb.DuckDBPyConnection, encoded: Sequence[tuple[Sequence[Any], npt.NDArray[np.float32]]]
) -> None:
    import pyarrow as pa

    hashes = pa.chunked_array([chunk for hashes, _ in encoded for chunk in hashes])
    vectors = pa.chunked_array([matrix_column(vectors) for _, vectors in encoded])
    cursor.register("incoming", pa.table({"text_hash": hashes, "vector": vectors}))
    cursor.execute(store.statement("embed/keep"))
    cursor.unregister("incoming")


def _given_vectors(store: Store, column: str) -> None:
    """Write the vectors that came with the input, scaled to unit length."""
    import numpy as np

    extras = store.table("document_extras")
    if column not in extras.columns:
        raise ConfigError(f"the source has no column {column!r} of vectors", f"it has: {', '.join(extras.columns[1:])}")
    rows = extras.select("doc_id", duckdb.ColumnExpression(column).cast("FLOAT[]")).order("doc_id").fetchnumpy()
    vectors = list(rows[column] if column in rows else next(v for k, v in rows.items() if k != "doc_id"))
    lengths = {0 if v is None or np.ma.is_masked(v) else len(v) for v in vectors}
    if len(lengths) != 1 or 0 in lengths:
        raise ConfigError(
            f"the vectors in {column!r} differ in length or are missing",
            "every row needs one of equal length",
        )
    matrix = np.asarray(vectors, dtype=np.float32)
    # Divide by the largest number first: the squares of large ones overflow a float32.
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    if not np.isfinite(largest).all():
        raise ConfigError(f"the vectors in {column!r} have values that are not numbers", "leave those rows out")
    matrix /= np.where(largest > 0, largest, 1)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1)
    store.make("embeddings", vector_table(rows["doc_id"], matrix))
