"""How long a build takes and how much memory, from 1,000 to 1,000,000 rows, stage by stage.

Run: python tests/bench/build.py [--sizes 1000,10000,100000,1000000] [--source mixed_large.parquet] [--seed 1]

Rows are drawn with a seed from the source. Above its size it is resampled, half of the words of each further copy
exchanged for words of other rows, so that copies are no near-duplicates of each other. Each build is `ri build` with
default settings in a process of its own; memory is the most that all its processes had together. The growth exponent
of time is the slope between the logarithms of the smallest size of at least 100,000 rows and the largest size.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from memory import Measured, measured

from riindex.store.database import Store

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "tweets"
# Words exchanged in a row that is drawn again: of 3,000 copies 1.3 % kept a cosine above the near-duplicates' 0.95.
EXCHANGED = 0.5
GROWTH_FROM = 100_000
MB = 1e6


@dataclass(frozen=True)
class Built:
    """One build, as it was measured."""

    rows: int
    kept: int
    personas: int
    taken: Measured
    stages: dict[str, tuple[float, int]]


def drawn(source: pa.Table, number: int, seed: int) -> pa.Table:
    """``number`` rows of the source in its order, those drawn again with other words and ids of their own."""
    rng = np.random.default_rng(seed)
    whole, rest = divmod(number, source.num_rows)
    parts = [source.take(np.sort(rng.choice(source.num_rows, rest, replace=False)))] if rest else []
    copies = [source] * whole + parts
    return pa.concat_tables([part if n == 0 else _reworded(part, n, rng) for n, part in enumerate(copies)])


def _reworded(rows: pa.Table, copy: int, rng: np.random.Generator) -> pa.Table:
    texts = [(text or "").split(" ") for text in rows.column("text").to_pylist()]
    pool = [word for text in texts for word in text]
    for text in texts:
        for place in np.flatnonzero(rng.random(len(text)) < EXCHANGED):
            text[place] = pool[rng.integers(len(pool))]
    changed = {"text": [" ".join(text) for text in texts]}
    for name in ("tweet_id", "in_reply_to_tweet_id"):
        if name in rows.column_names:
            changed[name] = [None if own is None else f"{copy}_{own}" for own in rows.column(name).to_pylist()]
    for name, values in changed.items():
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array(values, rows.schema.field(place).type))
    return rows


def built(source: Path, folder: Path) -> Built:
    """Build an index of a file and say what it took."""
    target = folder / "bench.duckdb"
    taken = measured([sys.executable, "-m", "riindex", "build", str(source), "-o", str(target)], folder / "told")
    with Store.read(target) as store:
        runs = store.connection.sql(
            "select stage, epoch(started_at), seconds from stage_run order by started_at"
        ).fetchall()
        kept, personas, rows = store.connection.sql(
            "select count(*), (select count(*) from personas), (select count(*) from documents) from assignments"
        ).fetchall()[0]
    stages = {stage: (seconds, taken.peak_between(start, start + seconds)) for stage, start, seconds in runs}
    return Built(rows, kept, personas, taken, stages)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000,520509,1000000")
    parser.add_argument("--source", type=Path, default=DATA / "mixed_large.parquet")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    source = pq.read_table(options.source)
    results: list[Built] = []
    for size in sorted(int(size) for size in options.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=".") as name:
            path = Path(name) / "rows.parquet"
            pq.write_table(drawn(source, size, options.seed), path)
            results.append(built(path, Path(name)))
        last = results[-1]
        print(
            f"  {size:,} rows: {last.taken.seconds:.1f} s, {last.taken.peak / MB:,.0f} MB", file=sys.stderr, flush=True
        )
    _print(results)


def _print(results: list[Built]) -> None:
    print("| rows | kept | personas | seconds | rows/s | peak MB |")
    print("|---|---|---|---|---|---|")
    for b in results:
        print(f"| {b.rows:,} | {b.kept:,} | {b.personas} | {b.taken.seconds:.1f} | {b.rows / b.taken.seconds:,.0f} | "
              f"{b.taken.peak / MB:,.0f} |")  # fmt: skip
    print("\n| stage: seconds (peak MB) | " + " | ".join(f"{b.rows:,}" for b in results) + " |")
    print("|---" * (len(results) + 1) + "|")
    for stage in results[0].stages:
        cells = [f"{b.stages[stage][0]:.1f} ({b.stages[stage][1] / MB:,.0f})" for b in results]
        print(f"| {stage} | " + " | ".join(cells) + " |")
    large = [b for b in results if b.rows >= GROWTH_FROM]
    if len(large) > 1:
        first, last = large[0], large[-1]
        slope = math.log(last.taken.seconds / first.taken.seconds) / math.log(last.rows / first.rows)
        print(f"\ngrowth exponent of time from {first.rows:,} to {last.rows:,} rows: {slope:.2f}")


if __name__ == "__main__":
    main()
