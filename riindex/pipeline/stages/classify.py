"""Labels of the kept documents, if the settings have dimensions."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.parallel import Workers
from riindex.config.sections import ClassifyConfig
from riindex.labels.dimensions import UNSURE, choose_dimensions
from riindex.labels.zero_shot import DimensionLabels
from riindex.labels.zero_shot import classify_texts as label
from riindex.machine.progress import Progress
from riindex.pipeline.context import Run
from riindex.store.database import Store


def classify(run: Run) -> None:
    """Write ``labels`` and ``label_scores``: empty without dimensions."""
    run.store.run("classify/schema")
    write_labels(run.store, run.config.classify, run.workers, run.report)


def write_labels(store: Store, config: ClassifyConfig, workers: Workers, report: Progress) -> list[DimensionLabels]:
    """Label every kept document of ``store`` by the dimensions of ``config``, and store all scores.

    Labels of these dimensions are replaced, those of others stay.
    """
    import pyarrow as pa

    dimensions = choose_dimensions(config.dimensions, config.file)
    if not dimensions:
        return []
    store.insert("classify/forget", pa.table({"dimension": [dimension.name for dimension in dimensions]}))
    rows = store.rows("classify/texts")
    found = label([text for _, text in rows], dimensions, config, workers)
    ids = np.array([doc_id for doc_id, _ in rows], np.int64)
    for labelled in found:
        _write(store, ids, labelled, config.engine)
    report.note("; ".join(_summary(labelled) for labelled in found))
    return found


def _write(store: Store, ids: np.ndarray[tuple[int], np.dtype[np.int64]], found: DimensionLabels, engine: str) -> None:
    import pyarrow as pa

    names = list(found.dimension.labels)
    name = pa.repeat(found.dimension.name, len(ids))
    best = [names[i] for i in found.best.tolist()]
    columns = [ids, name, found.labels, found.confidence, best, pa.repeat(engine, len(ids))]
    keys = ["doc_id", "dimension", "label", "confidence", "best_label", "engine"]
    store.insert("classify/labels", pa.table(columns, names=keys))
    for place, own in enumerate(names):
        scored = [ids, name, pa.repeat(own, len(ids)), pa.repeat(place, len(ids))]
        scored += [found.scores[:, place], found.probabilities[:, place]]
        keys = ["doc_id", "dimension", "label", "position", "score", "probability"]
        store.insert("classify/label_scores", pa.table(scored, names=keys))


def _summary(found: DimensionLabels) -> str:
    unsure = sum(name == UNSURE for name in found.labels)
    return f"{found.dimension.name}: {len(found.best) - unsure:,} labelled, {unsure:,} unsure"
