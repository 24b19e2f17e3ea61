"""Figures of the algorithms on fixed inputs: what they gave when they were last judged to be right.

Run: python tests/figures.py [--write]

Properties and planted truth show that an algorithm is right; these show that it is the same one as before. With
--write, tests/golden/figures.json is written anew: each change of it is a change of results, to be named in the
changelog.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from corpora import blobs

from riindex.algorithms import (
    fusion,
    mmr,
    near_duplicates,
    near_pairs,
    neighborhoods,
    neighbors,
    quantise,
    reduction,
    segment_sums,
    selection,
    softmax_calibration,
    statistics,
    vendi,
    word_agreement,
)
from riindex.algorithms.clustering import (
    assignment,
    choose_k,
    cluster_metrics,
    clusterers,
    confidence,
    dbscan_advice,
    find_groups,
    granularity_curve,
    matching,
    refits,
    silhouette,
    sub_groups,
)
from riindex.config.sections import FitConfig

GOLDEN = Path(__file__).resolve().parent / "golden" / "figures.json"
KMEANS = FitConfig(personas=4, restarts=2)


def plain(value: Any) -> Any:
    """Return a result as lists, numbers and texts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool | np.bool_):
        return value if not isinstance(value, np.bool_) else bool(value)
    if isinstance(value, Sequence | range):
        return [plain(held) for held in value]
    number = float(value)
    return None if np.isnan(number) else float(f"{number:.6g}") if np.isfinite(number) else str(number)


def unit(rows: np.ndarray) -> np.ndarray:
    """Return rows of length 1."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def counts_and_statistics() -> dict[str, Any]:
    """Return figures of counts: tests, intervals, trends."""
    n, size = np.array([0, 1, 5, 30, 30]), np.array([10, 10, 40, 30, 60])
    others, total = np.array([0, 7, 5, 2, 90]), np.array([50, 60, 400, 300, 100])
    weeks = np.arange(10)
    share = np.array([3, 5, 4, 6, 8, 9, 8, 11, 12, 14])
    normal = np.array([4.0, 9.0]), np.array([1.0, 2.5]), np.array([0.5, 1.25])
    return {
        "log_odds": statistics.log_odds(n, size, others, total),
        "lift": statistics.lift_interval(n, size, others, total),
        "greater": statistics.fisher_greater(n, size, others, total),
        "less": statistics.fisher_less(n, size, others, total),
        "two_sided": statistics.fisher_two_sided(n, size, others, total),
        "q": statistics.benjamini_hochberg(np.array([0.001, 0.02, 0.2, 0.04]), 9),
        "welch": statistics.welch_interval(*normal, np.array([7.0, 30.0]), np.array([0.0, 2.0]), np.array([2.0, 1.0])),
        "wilson": statistics.wilson_interval(n, size),
        "slope": statistics.trend_slope(weeks, share, np.array([40, 50, 40, 45, 60, 55, 40, 60, 50, 70])),
        "few_weeks": statistics.trend_slope(weeks[:7], share[:7], share[:7] * 4),
        "one_week": statistics.trend_slope(weeks, share, np.array([9000, 9, 9, 9, 9, 9, 9, 11, 12, 14])),
        "effective": statistics.effective_weeks(np.array([1, 2, 3, 50])),
        "chance": [word_agreement.chance_correlation(texts, 3.0) for texts in (3, 4, 30, 600)],
    }


def words() -> dict[str, Any]:
    """Return the agreement of words of planted groups."""
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 3, 90)
    pools = [[f"w{group}{i}" for i in range(8)] + [f"all{i}" for i in range(30)] for group in range(3)]
    texts = [" ".join(rng.choice(pools[label], 8)) for label in labels]
    found = {
        f"words_{count}": word_agreement.word_agreement(texts[:count], labels[:count], 3, 2) for count in (90, 30, 29)
    }
    return found | {"words_one_group": word_agreement.word_agreement(texts, labels * 0, 1, 2)}


def spaces() -> dict[str, Any]:
    """Return figures of matrices: fusion, projection, neighbours, quantisation, selection."""
    rows, labels = blobs(3, 12, width=5, spread=0.4)
    units = unit(rows)
    columns = {"like_count": np.array([0.0, 10, 5000, 3, np.nan]), "flat": np.ones(5), "x": np.array([1.0, 2, 9, 4, 5])}
    behaviour = np.random.default_rng(6).normal(size=(36, 3)).astype(np.float32)
    near = neighborhoods.neighborhoods(units, np.arange(36), 5, np.full(5, 0.01, np.float32))
    assert near is not None
    whole = neighbors.neighbor_graph(rows, 12)
    drawn = np.arange(0, 36, 2)
    integers, scales = quantise.quantise_rows(rows)
    fitted = softmax_calibration.fit_calibration(np.random.default_rng(2).normal(size=(30, 3)), np.arange(30) % 3)
    return {
        "columns": fusion.standardised_columns(columns, 1.5),
        "matrix": fusion.standardised_matrix(columns, 1.5),
        "fused": fusion.fuse_blocks(rows, behaviour, 0.75)[:4],
        "scales": [fusion.block_scales(rows, behaviour, share) for share in (0.0, 0.3, 1.0)],
        "pca": reduction.pca(rows, 3).apply(rows)[:5],
        "pca_one_row": reduction.pca(rows[:1], 3).apply(rows[:1]),
        "explained": reduction.explained_variance(rows, reduction.pca(rows, 2).apply(rows)),
        "tsne_few": [reduction.tsne(rows[:count], 3) for count in (1, 2, 3)],
        "umap_few": [reduction.umap(rows[:count], 2, 5, 0.1, 3) for count in (1, 2, 4)],
        "near": neighbors.nearest_rows(rows[:6], rows, 4),
        "near_cells": neighbors.nearest_in_cells(rows[:6], rows, 3),
        "graph": [part[:5] for part in whole],
        "subgraph": [part[:5] for part in neighbors.neighbor_subgraph(whole, rows, drawn, 4)],
        "neighborhoods": dataclasses.replace(near, near=near.near[:4]),
        "densest": [near.densest(), near.densest(drawn)],
        "means": near.means(units)[:4],
        "means_drawn": near.means(units, drawn)[:4],
        "quantised": [integers[:3], scales[:3], quantise.restore_rows(integers[:3], scales[:3])],
        "segments": segment_sums.segment_sums(rows, np.array([0, 1, 2, 5, 5], np.int32), np.array([2, 0, 3], np.int32)),
        "k_centre": selection.k_centre(units, 6),
        "k_centre_kinds": selection.k_centre(units, 6, [f"k{label}" for label in labels]),
        "dpp": selection.greedy_dpp(units, 6),
        "vendi": [vendi.vendi_score(units), vendi.vendi_contributions(units[:5])],
        "diverse": mmr.select_diverse(units, [f"a{i % 4}" for i in range(36)], 6),
        "calibration": [fitted.probabilities(np.array([[0.1, 0.2, 0.9], [2.0, 0.0, 0.0]]))],
    }


def pairs() -> dict[str, Any]:
    """Return figures of copies and pairs."""
    rows, _ = blobs(3, 12, width=5, spread=0.4)
    units = unit(rows)
    many, _ = blobs(30, 20, width=30, spread=0.05, seed=8)
    found = near_duplicates.near_duplicates(unit(many), 0.98)
    close = near_pairs.near_pairs(units, 0.97)
    distance = near_pairs.nearest_others(units)[1]
    return {
        "duplicates": found,
        "few_duplicates": near_duplicates.near_duplicates(units[:9], 0.9),
        "pairs": close,
        "components": near_pairs.connected_components(close),
        "medoid": [near_pairs.medoid(units, [1] * 36), near_pairs.medoid(units, list(range(36)))],
        "nearest": near_pairs.nearest_others(units),
        "outliers": near_pairs.outliers(np.concatenate([distance, [9.0]])),
        "dissimilarity": [near_pairs.mean_dissimilarity(units), near_pairs.mean_dissimilarity(units[:1])],
    }


def groups() -> dict[str, Any]:
    """Return figures of groupings: metrics, matching, confidence, advice, levels."""
    rows, labels = blobs(4, 30, width=6, spread=0.9)
    spread = assignment.assign_rows(rows, choose_k.centres(rows, labels), np.where(np.arange(120) % 7, labels, -1))
    means = cluster_metrics.mean_vectors(unit(rows), labels, 4)
    found = refits.refits(rows, KMEANS, 3, 0.8, 1)
    seen = confidence.held_out(labels, found)
    curve = confidence.fit_confidence_curve(seen.group, seen.margin, seen.right, 4)
    bins = confidence.reliability_diagram(np.linspace(0, 1, 60), np.arange(60) % 3 > 0)
    settings = dbscan_advice.try_settings(rows, 6)
    dense = FitConfig(method="hdbscan", min_cluster_size=15, min_samples=4)
    big, big_labels = blobs(5, 100, width=6, spread=0.8, seed=4)
    candidates = silhouette.silhouettes(rows, 3, 7)
    shared = np.array([[5, 1, 0], [0, 4, 4], [2, 0, 0]])
    return {
        "assigned": {"group": spread.group, "margin": spread.margin[:20], "distance": spread.distance[:20]},
        "means": means,
        "coherence": cluster_metrics.coherence(unit(rows), labels, means)[:10],
        "averages": cluster_metrics.group_averages(np.arange(120.0), labels, 5),
        "separation": cluster_metrics.separation(means),
        "silhouette": cluster_metrics.simplified_silhouette(np.array([0.0, 1, 2]), np.array([0.0, 2, 1])),
        "jaccard": cluster_metrics.best_jaccard(labels, [(np.arange(0, 120, 2), (labels[::2] + 1) % 4)], 4),
        "nmi": [
            cluster_metrics.membership_nmi(np.array(t)) for t in ([[5, 1], [2, 9]], [[5, 0], [0, 9]], [[0, 0], [1, 1]])
        ],
        "kmeans": clusterers.kmeans(rows, 4, 2, 5),
        "quick": clusterers.quick_kmeans(rows, 4, 2, 5),
        "published": clusterers.sklearn_kmeans(rows, 4, 2, 5),
        "dbscan": clusterers.dbscan(rows, 0.2, 4),
        "hdbscan": clusterers.hdbscan(rows, 10, 4),
        "distinct": clusterers.distinct_rows(np.array([[1.0, 2], [1, 2], [3, 4]], np.float32)),
        "by_size": clusterers.relabel_by_size(np.array([3, 3, 1, -1, 3, 1, 0])),
        "matched": [matching.jaccard_matrix(shared), matching.match_groups(matching.jaccard_matrix(shared), 0.2)],
        "refits": [[one.labels[:30], one.margin[:10]] for one in found],
        "ari": refits.pairwise_ari(found),
        "matched_labels": refits.matched_labels(labels, found[0])[:40],
        "held_out": [len(seen.right), seen.right.mean(), seen.margin[:10]],
        "confidence": None if curve is None else curve.confidence(np.linspace(0, 1, 9), np.arange(9) % 4),
        "cross": confidence.cross_validated_confidence(seen, 4)[:12],
        "bins": bins,
        "calibration_error": confidence.calibration_error(bins),
        "dbscan_settings": [[str(one), one.usable, one.noise, one.largest] for one in settings],
        "advice": dbscan_advice.recommend_setting(rows, 0.3, 5),
        "k_distances": dbscan_advice.k_distances(rows, 3)[:10],
        "knee": [dbscan_advice.knee(np.array(c)) for c in ([0.1, 0.2, 0.3, 2.0], [1.0, 1.0, 1.0], [1.0, 2.0], [])],
        "levels": granularity_curve.granularity_curve(rows, KMEANS, "personas", [2.0, 4.0, 6.0], 4, 0.8, 3),
        "dense_levels": granularity_curve.granularity_curve(rows, dense, "min_cluster_size", [10.0, 20.0], 3, 0.8, 3),
        "grids": [granularity_curve.setting_grid(fit, rows) for fit in (KMEANS, dense)],
        "chosen": choose_k.choose_group_count(big, 8, 2),
        "chosen_few": choose_k.choose_group_count(rows, 12, 2),
        "nearest_centres": choose_k.nearest_centres(big[:40], choose_k.centres(big, big_labels)),
        "placed": choose_k.reassign_to_nearest(rows, np.where(np.arange(120) % 3, labels, -1)),
        "lloyd": choose_k.lloyd(rows, rows[:4], 3),
        "candidates": candidates,
        "by_silhouette": silhouette.choose_by_silhouette(candidates),
        "cosine_silhouette": silhouette.cosine_silhouette(rows, labels),
        "distances": silhouette.cosine_distances(rows[:4]),
        "counts": [silhouette.candidate_counts(rows[:size]) for size in (3, 5, 120)],
        "groups": find_groups.find_groups(rows, KMEANS, 3).labels,
        "groups_of_sample": find_groups.find_groups(big, dataclasses.replace(KMEANS, max_documents=100), 3).labels[:60],
        "sample_rows": find_groups.sample_rows(50, 8, 1),
        "sub_groups": sub_groups.divide_group(big, 1),
    }


def figures() -> dict[str, Any]:
    """Return all figures by name."""
    return plain({**counts_and_statistics(), **words(), **spaces(), **pairs(), **groups()})


def differences(one: Any, other: Any, place: str) -> list[str]:
    """Return the places where two results differ by more than the rounding of another machine."""
    if isinstance(one, dict) and isinstance(other, dict):
        missing = [f"{place}.{key}" for key in one.keys() ^ other.keys()]
        return missing + [
            d for key in one.keys() & other.keys() for d in differences(one[key], other[key], f"{place}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return [f"{place}: {len(one)} and {len(other)} values"]
        return [d for i, (a, b) in enumerate(zip(one, other, strict=True)) for d in differences(a, b, f"{place}[{i}]")]
    if isinstance(one, float) and isinstance(other, float):
        return [] if np.isclose(one, other, rtol=1e-3, atol=1e-5) else [f"{place}: {one} and {other}"]
    return [] if one == other else [f"{place}: {one!r} and {other!r}"]


def main() -> int:
    """Print the differences, or write the file anew."""
    found = figures()
    if "--write" in sys.argv:
        GOLDEN.write_text(json.dumps(found, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")
        return 0
    told = [d for name in found for d in differences(json.loads(GOLDEN.read_text())[name], found[name], name)]
    print("\n".join(told[:50]))
    return bool(told)


if __name__ == "__main__":
    raise SystemExit(main())
