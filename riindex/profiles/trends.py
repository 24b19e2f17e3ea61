"""Trends of personas: growth or decline of their share of each week's documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riindex.algorithms import statistics
from riindex.algorithms.statistics import Slope, trend_slope, wilson_interval
from riindex.store.database import Store

# A slope is significant at this q (Benjamini & Hochberg 1995).
ALPHA = 0.05
TOO_LITTLE = "too little time"


@dataclass(frozen=True)
class Growth:
    """Trend of a persona, its slope, and the number of weeks and documents."""

    trend: str
    slope: Slope
    weeks: int
    n: int


def write_trends(store: Store) -> dict[int, Growth]:
    """Write ``persona_trends`` and ``persona_growth``; return the growth of each persona."""
    import pyarrow as pa

    store.run("enrich/traits/weeks")
    found = store.columns("enrich/traits/week_rows")
    weeks = {key: values.astype(np.int64) for key, values in found.items()}
    low, high = wilson_interval(weeks["n"], weeks["total"])
    shares = {"persona_id": weeks["persona_id"], "number": weeks["number"], "low": low, "high": high}
    store.insert("enrich/traits/trends", pa.table(shares))
    personas = [row[0] for row in store.rows("enrich/member_personas")]
    slopes, counts = [], []
    for persona in personas:
        own = weeks["persona_id"] == persona
        slopes.append(trend_slope(weeks["number"][own], weeks["n"][own], weeks["total"][own]))
        counts.append((int(own.sum()), int(weeks["n"][own].sum())))
    p = np.array([each.p for each in slopes], np.float64)
    q = np.full(len(p), np.nan)
    q[~np.isnan(p)] = statistics.benjamini_hochberg(p[~np.isnan(p)])
    trends = [called(each, value) for each, value in zip(slopes, q.tolist(), strict=True)]
    figures = {key: [getattr(each, key) for each in slopes] for key in ("slope", "low", "high", "p")}
    columns = {key: pa.array(values, pa.float64(), from_pandas=True) for key, values in {**figures, "q": q}.items()}
    rows = {
        "persona_id": pa.array(personas, pa.int32()),
        "trend": pa.array(trends, pa.string()),
        "weeks": pa.array([week for week, _ in counts], pa.int32()),
        "n": pa.array([n for _, n in counts], pa.int64()),
        **columns,
    }
    store.insert("enrich/traits/growth", pa.table(rows))
    return {
        persona: Growth(trend, each, *count)
        for persona, trend, each, count in zip(personas, trends, slopes, counts, strict=True)
    }


def called(found: Slope, q: float) -> str:
    """Return ``emerging``, ``fading``, ``steady``, or TOO_LITTLE."""
    if np.isnan(found.slope):
        return TOO_LITTLE
    if not q <= ALPHA:
        return "steady"
    return "emerging" if found.slope > 0 else "fading"
