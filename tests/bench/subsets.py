"""Do the same personas come back from other tweets? Whole builds of seeded 80 % subsets, compared by ARI.

Run: python tests/bench/subsets.py SOURCE [--draws 5] [--set key=value …]

Each build is the default one from the file on: cleaning, vectors, fusing, choosing the number of personas, grouping.
ARI is taken on the tweets that both builds keep. Beside it stands plain UMAP (10 dimensions, 15 neighbours) and k-means
of the same number on the same builds' text vectors.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

import riindex
from riindex.algorithms.reduction import umap
from riindex.store.database import Store

# What does not touch the groups is kept small.
QUICK = {"evaluate.refits": 0, "layout.max_documents": 10, "index.ann_rows": 10**9}


Groups = dict[int, int]


def personas(frame: pl.DataFrame, settings: dict[str, object]) -> tuple[Groups, Groups]:
    """Row number → persona, of a build of the frame; and row number → group of plain UMAP and k-means."""
    with tempfile.TemporaryDirectory() as folder:
        report = riindex.build(frame, Path(folder) / "subset.duckdb", settings=settings)
        with riindex.RIIndex(report.path) as ri:
            found = ri.sql("select bench_row, persona_id from tweets order by doc_id").fetchall()
            plain = usual(ri.store.matrix("fuse/kept_vectors"), len(report.personas))
        print(f"  kept {report.kept:,}, {len(report.personas)} personas, largest {report.quality['largest_share']:.2f}")
        return dict(found), dict(zip([row for row, _ in found], plain.tolist(), strict=True))


def usual(vectors: np.ndarray, groups: int) -> np.ndarray:
    """What most would do: UMAP to ten dimensions, then k-means with ten starts."""
    return KMeans(groups, n_init=10, random_state=42).fit_predict(umap(vectors, 10, 15, 0.0, 42, 2))


def agreement(runs: list[Groups]) -> str:
    """Mean and lowest ARI of all pairs, on the rows that both have."""
    scores = []
    for one, other in itertools.combinations(runs, 2):
        both = sorted(one.keys() & other.keys())
        scores.append(adjusted_rand_score([one[row] for row in both], [other[row] for row in both]))
    return f"mean ARI {np.mean(scores):.3f}, lowest {min(scores):.3f}, of {len(scores)} pairs"


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
    print(f"{options.source.name}: {agreement([own for own, _ in runs])}")
    print(f"plain UMAP and k-means on the same vectors: {agreement([plain for _, plain in runs])}")


if __name__ == "__main__":
    main()
