"""Stability of the groups: refits on draws of the documents, and a grouping by text alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from riindex.algorithms.clustering.refits import Refit, refit_all_rows, refits
from riindex.algorithms.types import Ints
from riindex.grouping.space import pool_of
from riindex.pipeline.context import Run


def refit(run: Run) -> None:
    """Write ``refits``: groupings of ``evaluate.refits`` seeded draws, and one of the text alone.

    The fused space and the number of personas are those of the build, with a quarter of the restarts: the refits test
    whether the same groups are found again. At most ``evaluate.max_documents`` of the fitted documents take part.
    The curve that ``ri quality --curve`` stored depends on the same data, and is dropped.
    """
    run.store.drop("granularity_levels")
    assert run.matrices is not None
    config, whole = run.config.evaluate, run.matrices.whole
    pool = pool_of(len(whole.matrix), run.config)
    groups = int(run.store.value("fit/fitted_groups"))
    fit = dataclasses.replace(run.config.fit, personas=groups, restarts=max(1, run.config.fit.restarts // 4))
    rows = whole.matrix if len(pool) == len(whole.matrix) else whole.matrix[pool]

    def report_progress(done: int) -> None:
        run.report.progress(done, config.refits, "refits")

    found = refits(
        rows, fit, config.refits, config.refit_share, run.config.seed, run.workers, report_progress, whole.near
    )
    named = [("fused", one) for one in found]
    texts = len(whole.projection)
    if config.refits and 0 < texts < rows.shape[1]:
        text = np.ascontiguousarray(rows[:, :texts])
        alone = refit_all_rows(text, fit, run.config.seed, run.workers, whole.near)
        named += [("text", alone)] if alone is not None else []
    _write(run, pool, named)


def _write(run: Run, pool: Ints, named: Sequence[tuple[str, Refit]]) -> None:
    import pyarrow as pa

    doc_ids = run.store.columns("shared/kept_ids")["doc_id"][pool]
    empty = Refit(np.empty(0, np.int64), np.empty(0, bool), np.empty(0))
    parts = [one for _, one in named] or [empty]
    rows = {
        "refit": np.repeat(np.arange(len(parts)), [len(one.labels) for one in parts]),
        "space": pa.array([space for space, one in named for _ in range(len(one.labels))], pa.string()),
        "doc_id": np.tile(doc_ids, len(named)),
        "refit_label": np.concatenate([one.labels for one in parts]),
        "drawn": np.concatenate([one.drawn for one in parts]),
        "margin": np.concatenate([one.margin for one in parts]),
    }
    run.store.insert("refit/refits", pa.table(rows))
