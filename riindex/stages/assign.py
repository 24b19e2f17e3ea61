"""Every kept document gets a persona, a confidence and a runner-up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.assignment import assign_rows
from riindex.algorithms.granularity import centres
from riindex.records import Run
from riindex.stages.succeed import persona_numbers
from riindex.store import Store

Ints = npt.NDArray[np.int64]


def assign(run: Run) -> None:
    """Write ``assignments``: noise and unsampled documents go to the nearest centroid in reduced space.

    A core member of a density method was grouped by it; of k-means, its runner-up is further away by
    ``assign.core_margin``.
    """
    import pyarrow as pa

    store, config = run.store, run.config
    doc_ids = store.columns("kept_ids")["doc_id"]
    labels = store.columns("assign/labels")["raw_label"]
    personas, labels = _numbered(store, labels)
    reduced = store.matrix("assign/vectors")
    found = assign_rows(reduced, centres(reduced, labels), labels, run.threads)
    core = labels >= 0 if config.fit.by_density else found.margin >= config.assign.core_margin
    rows = {
        "doc_id": doc_ids,
        "persona_id": personas[found.group],
        "is_core": core,
        "confidence": found.confidence,
        "runner_up_id": np.where(found.runner_up >= 0, personas[found.runner_up], -1),
        "distance": found.distance,
        "runner_up_distance": found.runner_up_distance,
    }
    store.insert("assign/assignments", pa.table(rows))
    unclear = int((~core).sum())
    if unclear:
        kind = "noise given to the nearest persona" if config.fit.by_density else "between two personas"
        share = f"{unclear:,} of {len(core):,} documents ({unclear / len(core):.0%})"
        run.report.warn(f"unclear: {share} are {kind}; they are marked as not core")


def _numbered(store: Store, labels: Ints) -> tuple[Ints, Ints]:
    """The personas' numbers in order, and of every document the place of its own; noise stays -1."""
    numbers = persona_numbers(store)
    personas, places = np.unique(numbers, return_inverse=True)
    return personas, np.where(labels >= 0, places[labels], -1)
