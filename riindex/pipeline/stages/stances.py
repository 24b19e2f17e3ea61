"""Stance of every document: complaint, question, wish, praise, thanks, answer, news, promotion or talk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from riindex.algorithms.parallel import Workers
from riindex.algorithms.types import Floats
from riindex.encoders.static import StaticEncoder
from riindex.labels.head import Head
from riindex.labels.stances import bundled_head, likeliest
from riindex.pipeline.context import Run

if TYPE_CHECKING:
    import pyarrow as pa

READ_ROWS = 8_192  # texts scored at a time: 8 MB of vectors
# Blocks that are read before they are scored: as many as threads gain from, in 130 MB.
BLOCKS = 16
# Columns of the scores of a text, and their types in Arrow.
SCORED = (
    ("best_stance", "string"), ("probability", "float64"), ("runner_up", "string"),
    ("runner_up_probability", "float64"),
)  # fmt: skip


def stances(run: Run) -> None:
    """Write ``stances``, by the bundled head; none for descriptions, which take no stance.

    Texts that are mostly in another script than Latin are unclear: the head learned from none.

    The head reads vectors of the bundled encoder: with another encoder, those are computed here and not kept.
    """
    import pyarrow as pa

    run.store.run("stances/schema")
    if run.config.ingest.kind == "descriptions":
        return
    bundled = run.config.embed.encoder == "static" and isinstance(run.encoder, StaticEncoder | None)
    encoder = None if bundled else StaticEncoder(threads=1)
    reader = run.store.relation("stances/texts").to_arrow_reader(READ_ROWS)
    key = reader.schema.field("text_hash")
    scored = [pa.table({"text_hash": pa.array([], key.type), **{name: pa.array([], kind) for name, kind in SCORED}})]
    for blocks in _blocks(reader):
        scored += score_blocks(bundled_head(), encoder, blocks, run.workers)
    run.store.insert("stances/stances", pa.concat_tables(scored), threshold=run.config.stances.threshold)


def _blocks(reader: pa.RecordBatchReader) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches of READ_ROWS rows, BLOCKS at a time."""
    waiting: list[Any] = []
    for batch in reader:
        waiting.append(batch)
        if len(waiting) == BLOCKS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def score_blocks(
    head: Head, encoder: StaticEncoder | None, blocks: list[pa.RecordBatch], workers: Workers
) -> list[pa.Table]:
    """Return the labels of blocks of (text_hash, text, vector), one table a block; vectors by ``encoder`` if given."""
    return workers.map(lambda block: _scored(head, encoder, block), blocks)


def _scored(head: Head, encoder: StaticEncoder | None, block: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    texts = block.column("text").to_pylist()
    vectors = _vectors(block) if encoder is None else encoder.encode(texts)
    found = likeliest(head.probabilities(texts, vectors))
    names = pa.array(head.classes)
    return pa.table(
        {
            "text_hash": block.column("text_hash"),
            "best_stance": names.take(pa.array(found.best)),
            "probability": found.probability,
            "runner_up": names.take(pa.array(found.runner_up)),
            "runner_up_probability": found.runner_up_probability,
        }
    )


def _vectors(block: pa.RecordBatch) -> Floats:
    column = block.column("vector")
    return np.asarray(column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1), np.float32)
