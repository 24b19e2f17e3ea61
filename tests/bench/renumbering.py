"""Do personas keep their numbers? `python tests/bench/renumbering.py SOURCE [--draws 3]`.

A default build of 10/11 of the rows, drawn with a seed, then of all rows at the same place. Printed: the share of the
tweets in both that keep their persona's number, and the most that any renumbering of the second build would reach.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

import riindex
from riindex.store.database import Store

QUICK = {"layout.method": "pca", "layout.max_documents": 10, "index.ann_rows": 10**9}


def personas(path: Path) -> dict[str, int]:
    """Tweet → persona."""
    with Store.read(path) as store:
        return dict(store.connection.sql("select tweet_id, persona_id from tweets").fetchall())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--draws", type=int, default=3)
    options = parser.parse_args()
    csv = options.source.suffix == ".csv"
    whole = pl.read_csv(options.source, infer_schema=False) if csv else pl.read_parquet(options.source)
    found = []
    print("| draw | tweets in both | keep their number | at most |")
    print("|---|---|---|---|", flush=True)
    for seed in range(options.draws):
        kept = np.sort(np.random.default_rng(seed).choice(len(whole), len(whole) * 10 // 11, replace=False))
        with tempfile.TemporaryDirectory(dir=".") as folder:
            target = Path(folder) / "tweets.duckdb"
            riindex.build(whole[kept], target, settings=QUICK)
            before = personas(target)
            riindex.build(whole, target, settings=QUICK)
            after = personas(target)
        both = sorted(before.keys() & after.keys())
        old, new = (np.array([held[tweet] for tweet in both]) for held in (before, after))
        table = np.zeros((old.max() + 1, new.max() + 1))
        np.add.at(table, (old, new), 1)
        most = table[linear_sum_assignment(table, maximize=True)].sum() / len(both)
        found.append(float((old == new).mean()))
        print(f"| {seed} | {len(both):,} | {found[-1]:.1%} | {most:.1%} |", flush=True)
    print(f"\nmean {np.mean(found):.1%}")


if __name__ == "__main__":
    main()
