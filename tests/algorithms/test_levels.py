"""Granularity is measured: planted levels come back, cliffs are told, refits of UMAP share one neighbour graph."""

from dataclasses import replace

import numpy as np
import pytest
from corpora import blobs

from riindex.algorithms.clustering.granularity_curve import GranularityLevel, cliffs, granularity_curve, setting_grid
from riindex.algorithms.neighbors import OVERSAMPLING, neighbor_graph, neighbor_subgraph
from riindex.algorithms.parallel import Workers
from riindex.config.sections import FitConfig

KMEANS = FitConfig(personas=5, restarts=3)


def test_the_planted_number_comes_back_best_and_above_the_null():
    rows, _ = blobs(5, 60)
    setting, built, values = setting_grid(KMEANS, rows)
    assert (setting, built) == ("personas", 5.0)
    assert 5.0 in values
    assert max(values) * 15 <= len(rows)
    found = granularity_curve(rows, KMEANS, setting, [2.0, 5.0, 9.0], 4, 0.8, 1)
    best = max(found, key=lambda level: level.ari)
    assert (best.setting, best.groups, best.built) == (5.0, 5, True)
    assert (best.ari, best.jaccard, best.weakest) == (pytest.approx(1), pytest.approx(1), pytest.approx(1))
    assert best.silhouette == max(level.silhouette for level in found)
    assert [level.refits for level in found] == [4, 4, 4]
    assert all(level.dbcv is None for level in found)
    assert found == granularity_curve(rows, KMEANS, setting, [2.0, 5.0, 9.0], 4, 0.8, 1, workers=Workers(2))


def test_what_is_no_group_comes_back_no_better_than_its_null():
    rows = np.random.default_rng(3).normal(size=(400, 6)).astype(np.float32)
    (found,) = granularity_curve(rows, KMEANS, "personas", [5.0], 4, 0.8, 1)
    assert abs(found.ari - found.null) < 0.25
    assert found.error > 0


def test_density_methods_are_measured_by_their_own_setting():
    rows, _ = blobs(3, 80, width=4)
    rows = np.vstack([rows, np.random.default_rng(1).uniform(-8, 8, (20, 4)).astype(np.float32)])
    fit = replace(KMEANS, method="hdbscan", min_cluster_size=25, min_samples=5)
    setting, built, values = setting_grid(fit, rows)
    assert (setting, built) == ("min_cluster_size", 25.0)
    found = granularity_curve(rows, fit, setting, [25.0, 60.0], 3, 0.8, 1)
    assert found[0].groups == 3
    assert 0 < found[0].noise < 0.3
    assert found[0].dbcv > 0.5
    assert [level.built for level in found] == [True, False]
    setting, built, values = setting_grid(replace(fit, method="dbscan", eps=0.3), rows)
    assert setting == "eps"
    assert 0.3 in values


def level(setting, ari=0.9, noise=0.0, largest=0.2, built=False):
    return GranularityLevel(setting, 5, noise, largest, ari, 0.01, 0.2, 0.9, 0.8, 0.3, None, 10, built)


def test_cliffs_are_told_with_what_changes():
    assert cliffs("personas", [level(4), level(6, ari=0.85)]) == []
    told = cliffs(
        "min_cluster_size", [level(60), level(75, largest=0.98, built=True), level(100, ari=0.4, largest=0.98)]
    )
    assert len(told) == 2
    assert "between min_cluster_size 60 and 75" in told[0]
    assert "largest group 20% → 98%" in told[0]
    assert "the build is at one of them" in told[0]
    assert "refit ARI 0.90 → 0.40" in told[1]
    assert "noise 0% → 50%" in cliffs("eps", [level(0.1), level(0.2, noise=0.5)])[0]


@pytest.mark.parametrize("share", [0.8, 0.3])
def test_the_graph_of_a_draw_is_read_from_that_of_all(share):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(400, 5)).astype(np.float32)
    rows = np.sort(rng.choice(400, int(400 * share), replace=False))
    indices, distances = neighbor_subgraph(neighbor_graph(matrix, int(OVERSAMPLING * 20)), matrix, rows, 20)
    wanted, far = neighbor_graph(matrix[rows], 20)
    assert np.allclose(distances, far, atol=1e-3)
    assert (np.sort(indices, axis=1) == np.sort(wanted, axis=1)).mean() > 0.999
    assert (indices[:, 0] == np.arange(len(rows))).all()
