"""Labels of a source column, learned and applied to the documents without one."""

from __future__ import annotations

import base64
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from riindex.algorithms.types import Floats
from riindex.config.build_config import from_json
from riindex.encoders.static import StaticEncoder
from riindex.errors import ConfigError, QueryError
from riindex.labels.dimensions import UNSURE
from riindex.labels.head import to_bytes
from riindex.labels.learned import Learned, learn
from riindex.pipeline.revise import edited
from riindex.store import digests
from riindex.store.builds import last_build
from riindex.store.database import Store
from riindex.store.locks import sole_writer


def learn_column(target: Path, column: str, threshold: float) -> dict[str, Any]:
    """Fit a head to the labels in a source's ``column``, label the other kept documents, and keep both in the index.

    Return ``held_out``, the head's figures by cross-validation, and ``counts``, the documents of each label. Labels of
    other dimensions stay. Raises ConfigError for a column that is missing or cannot be learned, QueryError for a copy
    without texts or vectors.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            if not {"documents", "embeddings", "document_extras", "labels"} <= published.tables():
                raise QueryError("this copy has no texts, or no vectors of them", "use the index that ri build made")
        with edited(target, "learning labels") as store:
            store.run("shared/text")
            found = _learn(store, column, threshold)
            store.run("views/persona_labels")
            digests.record(store)
            counts = [row for row in store.records("ask/collection/label_counts") if row["dimension"] == column]
            return {"held_out": asdict(found.held_out), "counts": counts}


def _learn(store: Store, column: str, threshold: float) -> Learned:
    import pyarrow as pa

    rows = store.arrow("classify/learning_texts")
    texts = rows.column("text").to_pylist()
    given = _given(store, column)
    ids = rows.column("doc_id").to_numpy()
    labels = [given.get(doc_id) for doc_id in ids.tolist()]
    found = learn(texts, _vectors(store, rows, texts), labels)
    best = found.probabilities.argmax(axis=1)
    confidence = found.probabilities[np.arange(len(best)), best]
    likeliest = [found.head.classes[i] for i in best.tolist()]
    sure = (confidence >= threshold).tolist()
    shown = [own or (name if ok else UNSURE) for own, name, ok in zip(labels, likeliest, sure, strict=True)]
    engine = ["given" if own else "learned" for own in labels]
    store.insert("classify/forget", pa.table({"dimension": [column]}))
    columns = [ids, [column] * len(ids), shown, np.where(found.given, 1.0, confidence)]
    best_labels = [own or name for own, name in zip(labels, likeliest, strict=True)]
    names = ["doc_id", "dimension", "label", "confidence", "best_label", "engine"]
    store.insert("classify/labels", pa.table([*columns, best_labels, engine], names=names))
    _keep_head(store, column, found)
    return found


def _given(store: Store, column: str) -> dict[int, str]:
    """Return document → its label in a column, of those that have one."""
    extras = store.table("document_extras")
    if column not in extras.columns or column == "doc_id":
        raise ConfigError(f"the source has no column {column!r}", f"it has: {', '.join(extras.columns[1:]) or 'none'}")
    value = duckdb.ColumnExpression(column).cast("VARCHAR")
    rows = extras.select(duckdb.ColumnExpression("doc_id"), value).fetchall()
    return {doc_id: label.strip() for doc_id, label in rows if label and label.strip()}


def _vectors(store: Store, rows: Any, texts: list[str]) -> Floats:
    """Return the vectors by the bundled encoder: those of the file, or computed where it has others."""
    if from_json(last_build(store).config).embed.encoder != "static":
        return StaticEncoder().encode(texts)
    column = rows.column("vector").combine_chunks()
    return np.asarray(column.flatten().to_numpy().reshape(len(texts), -1), np.float32)


def _keep_head(store: Store, column: str, found: Learned) -> None:
    import pyarrow as pa

    store.run("classify/heads_schema")
    figures = {name: [value] for name, value in asdict(found.held_out).items()}
    store.insert(
        "classify/head",
        pa.table({"dimension": [column], "head": [base64.b64encode(to_bytes(found.head)).decode()], **figures}),
    )
