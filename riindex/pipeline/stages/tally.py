"""Stances of each persona, compared with those of the others."""

from __future__ import annotations

import numpy as np

from riindex.algorithms import statistics
from riindex.pipeline.context import Run


def tally(run: Run) -> None:
    """Write ``persona_stances``: shares with Wilson's interval, lifts, and Fisher's exact test, corrected."""
    import pyarrow as pa

    counts = run.store.columns("tally/counts")
    n, size, others, others_size = (counts[key].astype(np.int64) for key in ("n", "size", "others", "others_size"))
    low, high = statistics.wilson_interval(n, size)
    lift, lift_low, lift_high = statistics.lift_interval(n, size, others, others_size)
    p = statistics.fisher_two_sided(n, size, others, others_size)
    figures = {"low": low, "high": high, "lift": lift, "lift_low": lift_low, "lift_high": lift_high, "p": p}
    figures["q"] = statistics.corrected_by_group(counts["persona_id"], p, None)
    table = {name: pa.array(counts[name]) for name in ("persona_id", "n", "size", "others", "others_size")}
    stance = pa.array(counts["stance"].tolist(), pa.string())
    run.store.insert("tally/persona_stances", pa.table({**table, "stance": stance, **figures}))
