"""Which method finds personas that come back: the table behind the default preset.

Run: python tests/bench/methods.py INDEX.duckdb [--rows 15000] [--draws 5]

``INDEX.duckdb`` is any built index; its vectors and behaviour are read, so every method sees the same rows.
``seed`` and ``sub80`` are mean ARI between runs with other seeds on all rows, and between full refits on
seeded 80 % draws, on the rows that both drew. ``text`` and ``behaviour`` are the shares of either block's
variance that lies between groups.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score

from riindex.algorithms.clustering.cluster_metrics import coherence, mean_vectors
from riindex.algorithms.clustering.find_groups import find_groups
from riindex.algorithms.fusion import fuse_blocks, standardised_matrix
from riindex.algorithms.reduction import pca
from riindex.config.sections import FitConfig
from riindex.store.database import Store

KMEANS = FitConfig(personas=12)
PUBLISHED = replace(KMEANS, method="hdbscan", reduction="umap", dimensions=50, personas=0)
UMAP_KMEANS = replace(KMEANS, reduction="umap", dimensions=10, umap_neighbors=15, umap_min_dist=0.0)


def fused(text_dimensions: int, share: float = 0.75) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Fuse as the build does, the text block reduced first where ``text_dimensions`` is not 0."""

    def make(text: np.ndarray, behaviour: np.ndarray) -> np.ndarray:
        block = pca(text, text_dimensions).apply(text, 2) if text_dimensions else text
        return fuse_blocks(block, behaviour, share)

    return make


METHODS = {
    "published: UMAP 50-d, HDBSCAN 75/10 eom": (fused(0), PUBLISHED),
    "UMAP 10-d, k-means 12": (fused(0), UMAP_KMEANS),
    "fused, then PCA-32, k-means 12": (fused(0), replace(KMEANS, reduction="pca", dimensions=32)),
    "text PCA-48, fused, k-means 12": (fused(48), KMEANS),
    "text PCA-32, fused, k-means 12": (fused(32), KMEANS),
    "text PCA-24, fused, k-means 12": (fused(24), KMEANS),
    "text PCA-16, fused, k-means 12": (fused(16), KMEANS),
    "text PCA-24, fused 65/35, k-means 12": (fused(24, 0.65), KMEANS),
    "text PCA-24, fused, k-means 8": (fused(24), replace(KMEANS, personas=8)),
    "text PCA-24, fused, k-means 15": (fused(24), replace(KMEANS, personas=15)),
    "text alone, PCA-32, k-means 12": (fused(32, 1.0), KMEANS),
}


def between(block: np.ndarray, labels: np.ndarray) -> float:
    """Share of a block's variance that lies between groups (eta squared); noise is left out."""
    rows = block[labels >= 0]
    labels = labels[labels >= 0]
    centred = rows - rows.mean(axis=0)
    parts = [(labels == group).sum() * np.square(centred[labels == group].mean(axis=0)).sum() for group in set(labels)]
    return float(sum(parts) / np.square(centred).sum())


def agreement(runs: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Mean ARI over pairs of (rows, labels), on the rows that both have."""
    scores = []
    for (rows, labels), (others, their) in itertools.combinations(runs, 2):
        _, here, there = np.intersect1d(rows, others, return_indices=True)
        scores.append(adjusted_rand_score(labels[here], their[there]))
    return float(np.mean(scores)) if scores else float("nan")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rows", type=int, default=15_000)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    with Store.read(options.index) as store:
        text = store.matrix("fuse/kept_vectors")
        columns = store.columns("fuse/kept_behaviour")
    if len(text) > options.rows:
        rows = np.sort(np.random.default_rng(0).choice(len(text), options.rows, replace=False))
        text, columns = text[rows], {name: column[rows] for name, column in columns.items()}
    behaviour = standardised_matrix(columns, 3.0)
    print(f"{options.index.name}, {len(text):,} documents")
    print("| method | groups | largest | noise | seed | sub80 | text | behaviour | coherence | fit, s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, (make, fit) in METHODS.items():
        if options.only not in name:
            continue
        started = time.perf_counter()
        whole = find_groups(make(text, behaviour), fit, 42, 2).labels
        seconds = time.perf_counter() - started
        every = np.arange(len(text))
        few = fit.reduction == "umap"
        seeds = [(every, whole)] + [
            (every, find_groups(make(text, behaviour), fit, seed, 2).labels) for seed in range(1, 2 if few else 3)
        ]
        draws = []
        for seed in range(2 if few else options.draws):
            rows = np.sort(np.random.default_rng(seed).choice(len(text), int(0.8 * len(text)), replace=False))
            draws.append((rows, find_groups(make(text[rows], behaviour[rows]), fit, seed, 2).labels))
        found = whole >= 0
        sizes = np.bincount(whole[found])
        means = mean_vectors(text[found], whole[found], len(sizes))
        cohesion = float((coherence(text[found], whole[found], means) * sizes).sum() / sizes.sum())
        figures = [sizes.max() / len(text), 1 - found.mean(), agreement(seeds), agreement(draws)]
        figures += [between(text, whole), between(behaviour, whole), cohesion]
        told = " | ".join(f"{figure:.2f}" for figure in figures)
        print(f"| {name} | {len(sizes)} | {told} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
