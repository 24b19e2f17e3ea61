"""Do the same personas come back from other tweets? Whole builds of seeded 80 % subsets, compared by ARI.

Run: python tests/bench/subsets.py SOURCE [--draws 5] [--set key=value …]

Each build is the default one from the file on: cleaning, vectors, fusing, choosing the number of personas, grouping.
ARI is taken on the tweets that both builds keep.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score

import riindex
from riindex.store import Store

# What does not touch the groups is kept small.
QUICK = {"evaluate.refits": 0, "layout.max_documents": 10, "index.ann_rows": 10**9}


def personas(frame: pl.DataFrame, settings: dict[str, object]) -> dict[int, int]:
    """Row number → persona, of a build of the frame."""
    with tempfile.TemporaryDirectory() as folder:
        report = riindex.build(frame, Path(folder) / "subset.duckdb", settings=settings)
        with riindex.RIIndex(report.path) as ri:
            found = ri.sql("select bench_row, persona_id from tweets").fetchall()
        print(f"  kept {report.kept:,}, {len(report.personas)} personas, largest {report.quality['largest_share']:.2f}")
        return dict(found)


def main() -> None:
    """Print the agreement of every pair, and their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--set", action="append", default=[], dest="settings")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = riindex.build(options.source, Path(folder) / "whole.duckdb", settings=QUICK)
        with Store.read(whole.path) as store:
            frame = store.connection.sql(
                "select d.tweet_id, d.text, d.author, d.created_at, d.lang, d.in_reply_to, d.like_count, "
                "d.retweet_count, d.quote_count, d.doc_id as bench_row from documents as d order by d.doc_id"
            ).pl()
    settings: dict[str, object] = dict(QUICK) | dict(pair.split("=", 1) for pair in options.settings)
    runs = []
    for seed in range(options.draws):
        rows = np.sort(np.random.default_rng(seed).choice(len(frame), int(0.8 * len(frame)), replace=False))
        runs.append(personas(frame[rows], settings))
    scores = []
    for one, other in itertools.combinations(runs, 2):
        both = sorted(one.keys() & other.keys())
        scores.append(adjusted_rand_score([one[row] for row in both], [other[row] for row in both]))
    print(f"{options.source.name}: mean ARI {np.mean(scores):.3f}, lowest {min(scores):.3f}, of {len(scores)} pairs")


if __name__ == "__main__":
    main()
