from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from riindex.algorithms.clustering.choose_k import lloyd
from riindex.algorithms.clustering.find_groups import find_groups
from riindex.algorithms.neighborhoods import DENSE_SHARE, neighborhood_means, neighborhoods
from riindex.algorithms.parallel import Workers
from riindex.algorithms.reduction import pca
from riindex.config.sections import FitConfig

TEXTS = 6


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def planted(rows: int, groups: int, spread: float, seed: int):
    """Unit vectors of 48 dimensions round ``groups`` directions, and whose each is."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(groups, size=rows)
    means = unit(np.random.default_rng(0).normal(size=(groups, 48)))
    return unit(means[truth] + spread * draw.normal(size=(rows, 48))).astype(np.float32), truth


@pytest.fixture(scope="module")
def fused():
    """(vectors, their fused matrix with three columns of behaviour, its neighbourhoods of fifteen)."""
    vectors, _ = planted(400, 5, 0.25, 1)
    axes = pca(vectors, TEXTS)
    origin = -axes.components @ axes.mean
    behaviour = np.random.default_rng(2).normal(size=(400, 3)).astype(np.float32)
    near = neighborhoods(vectors, np.arange(400), 15, origin, Workers(2))
    return vectors, axes, np.column_stack([axes.apply(vectors) * np.float32(3), behaviour]), near.scaled(np.float32(3))


def test_a_neighbourhood_is_the_nearest_by_cosine_and_the_row_itself(fused):
    vectors, _, _, near = fused
    for row in range(0, 400, 37):
        expected = np.sort(np.argsort(-(vectors[row] @ vectors.T), kind="stable")[:15])
        np.testing.assert_array_equal(near.near[row], expected)
        assert row in near.near[row]


def test_a_middle_is_the_mean_of_the_vectors_at_a_texts_length(fused):
    vectors, axes, matrix, near = fused
    means = near.means(matrix)
    expected = axes.apply(unit(np.stack([vectors[places].mean(axis=0) for places in near.near])).astype(np.float32))
    found = means[:, :TEXTS]
    # Up to one factor, which gives the columns the variance that they had.
    centred = [part - part.mean(axis=0) for part in (found, expected)]
    factor = (centred[0] * centred[1]).sum() / np.square(centred[1]).sum()
    np.testing.assert_allclose(centred[0], centred[1] * factor, atol=1e-4)
    assert found.var(axis=0).sum() == pytest.approx(matrix[:, :TEXTS].var(axis=0).sum(), rel=1e-5)
    np.testing.assert_array_equal(means[:, TEXTS:], matrix[:, TEXTS:])


def test_who_was_not_drawn_moves_nobody(fused):
    _, _, matrix, near = fused
    drawn = np.sort(np.random.default_rng(3).choice(400, 300, replace=False))
    other = matrix.copy()
    other[np.setdiff1d(np.arange(400), drawn)] = 1e3
    np.testing.assert_array_equal(near.means(matrix, drawn), near.means(other, drawn))
    assert not np.allclose(near.means(matrix, drawn), near.means(matrix)[drawn])


def test_groups_are_looked_for_among_those_with_the_closest_neighbours(fused):
    vectors, _, matrix, near = fused
    lengths = np.linalg.norm(np.stack([vectors[places].mean(axis=0) for places in near.near]), axis=1)
    np.testing.assert_array_equal(near.densest(), np.flatnonzero(lengths >= np.sort(lengths)[40]))
    drawn = np.arange(0, 400, 2)
    found = neighborhood_means(near, matrix, drawn)
    np.testing.assert_array_equal(found.rows, matrix[drawn[near.densest(drawn)]])
    np.testing.assert_array_equal(found.means, near.means(matrix, drawn)[near.densest(drawn)])
    assert len(found.rows) == 180


def test_who_says_nothing_in_particular_is_looked_past(monkeypatch):
    """Six subjects, two of them alike, and a third of the rows between them all: fewer subjects are lost to a group."""
    scores: dict[float, list[float]] = {DENSE_SHARE: [], 1.0: []}
    for seed in range(3):
        draw = np.random.default_rng(seed)
        means = unit(draw.normal(size=(6, 48)))
        means[1] = unit(means[:1] + 0.5 * means[1:2])[0]
        truth = draw.integers(6, size=600)
        clear = unit(means[truth] + 0.1 * draw.normal(size=(600, 48)))
        vague = unit(means[draw.integers(6, size=(300, 3))].sum(axis=1) + 2 * draw.normal(size=(300, 48)))
        together = np.concatenate([clear, vague]).astype(np.float32)
        axes = pca(together, 12)
        near = neighborhoods(together, np.arange(900), 25, -axes.components @ axes.mean)
        for share, found in scores.items():
            monkeypatch.setattr("riindex.algorithms.neighborhoods.DENSE_SHARE", share)
            labels = find_groups(axes.apply(together), FitConfig(personas=6, restarts=8), 1, near=near).labels
            found.append(adjusted_rand_score(truth, labels[:600]))
    assert np.mean(scores[DENSE_SHARE]) > np.mean(scores[1.0]) + 0.02


def test_any_number_of_threads_says_the_same(fused):
    vectors, _, _matrix, near = fused
    one = neighborhoods(np.tile(vectors, (4, 1)), np.arange(1_600), 40, near.origin)
    two = neighborhoods(np.tile(vectors, (4, 1)), np.arange(1_600), 40, near.origin, Workers(2))
    np.testing.assert_array_equal(one.near, two.near)
    np.testing.assert_array_equal(one.lengths, two.lengths)


def test_a_row_alone_is_no_neighbourhood():
    vectors, _ = planted(30, 3, 0.2, 1)
    assert neighborhoods(vectors, np.arange(30), 1, np.zeros(3, np.float32)) is None
    assert neighborhoods(vectors[:5], np.arange(5), 5, np.zeros(3, np.float32)) is None


def test_copies_and_texts_without_a_word_stay_finite():
    vectors = np.zeros((50, 8), np.float32)
    vectors[:25, 0] = 1
    near = neighborhoods(vectors, np.arange(50), 5, np.zeros(4, np.float32))
    assert (near.near == np.arange(50)[:, None]).any(axis=1).all()
    assert np.isfinite(near.means(vectors[:, :4])).all()
    assert np.isfinite(near.means(vectors[:, :4], np.array([3, 49]))).all()


def test_groups_that_noise_hides_come_back_from_other_rows():
    """Draws of the same noisy rows agree more often where their texts are looked at in their neighbourhoods."""
    scores = {False: [], True: []}
    for seed in range(3):
        vectors, _ = planted(900, 6, 0.6, seed)
        labels = {False: [], True: []}
        for draw in range(4):
            rows = np.sort(np.random.default_rng(draw).choice(900, 720, replace=False))
            axes = pca(vectors[rows], 12)
            near = neighborhoods(vectors[rows], np.arange(720), 30, -axes.components @ axes.mean)
            for beside in (False, True):
                fit = FitConfig(personas=6, restarts=8)
                found = find_groups(axes.apply(vectors[rows]), fit, 1, near=near if beside else None).labels
                labels[beside].append((rows, found))
        for beside, answers in labels.items():
            for (one, ours), (other, theirs) in combinations(answers, 2):
                _, first, second = np.intersect1d(one, other, return_indices=True)
                scores[beside].append(adjusted_rand_score(ours[first], theirs[second]))
    assert np.mean(scores[True]) > np.mean(scores[False]) + 0.02


def test_settling_keeps_a_point_that_no_row_is_near():
    rows = np.array([[0.0], [1.0], [10.0], [11.0], [12.0]], np.float32)
    points = np.array([[0.4], [11.0], [500.0]], np.float32)
    np.testing.assert_array_equal(lloyd(rows, points), [1, 1, 0, 0, 0])
