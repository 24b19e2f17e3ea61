"""Silhouettes, density advice, calibration, and what a collection holds: planted truth and known answers."""

import numpy as np
import pytest
from corpora import blobs
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.metrics.pairwise import cosine_similarity

from riindex.algorithms import softmax_calibration
from riindex.algorithms.clustering.clusterers import dbscan, distinct_rows, sklearn_kmeans
from riindex.algorithms.clustering.dbscan_advice import (
    grouping_outcome,
    k_distances,
    knee,
    recommend_setting,
    try_settings,
)
from riindex.algorithms.clustering.silhouette import (
    Candidate,
    candidate_counts,
    choose_by_silhouette,
    cosine_distances,
    cosine_silhouette,
    silhouettes,
)
from riindex.algorithms.near_pairs import (
    connected_components,
    mean_dissimilarity,
    medoid,
    near_pairs,
    nearest_others,
    outliers,
)
from riindex.algorithms.parallel import Workers
from riindex.algorithms.selection import greedy_dpp, k_centre
from riindex.algorithms.vendi import vendi_contributions, vendi_score
from riindex.errors import QueryError


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def random_rows(rows=60, width=12, seed=0):
    return unit(np.random.default_rng(seed).normal(size=(rows, width)))


# -- as scikit-learn -----------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8))
def test_the_silhouette_is_scikit_learns(seed, groups):
    rows = random_rows(40, 6, seed)
    labels = np.random.default_rng(seed).integers(0, groups, 40)
    labels[:groups] = np.arange(groups)
    assert cosine_silhouette(rows, labels) == pytest.approx(silhouette_score(rows, labels, metric="cosine"), abs=1e-5)


@pytest.mark.parametrize("groups", [2, 5, 9])
def test_k_means_is_scikit_learns_to_the_letter(groups):
    rows = random_rows(120, 16)
    wanted = KMeans(groups, n_init=10, random_state=42).fit_predict(rows)
    assert adjusted_rand_score(sklearn_kmeans(rows, groups, 10, 42), wanted) == 1


@pytest.mark.parametrize(("eps", "least"), [(0.05, 2), (0.3, 3), (0.5, 4), (0.9, 3)])
def test_dbscan_is_scikit_learns(eps, least):
    rows = random_rows(120, 5)
    wanted = DBSCAN(eps=eps, min_samples=least, metric="cosine").fit_predict(rows)
    found = dbscan(rows, eps, least)
    assert adjusted_rand_score(found, wanted) == 1
    assert ((found < 0) == (wanted < 0)).all()


def test_the_matrix_is_one_minus_cosine():
    rows = random_rows()
    found = cosine_distances(rows)
    assert np.abs(found - (1 - cosine_similarity(rows))).max() < 1e-6
    assert (found == found.T).all()
    assert (np.diag(found) == 0).all()
    assert found.min() >= 0
    assert found.max() <= 2


# -- how many, and how sure ----------------------------------------------------------------------------------------


def test_planted_groups_stand_out():
    rows, _ = blobs(4, 25)
    found = silhouettes(rows, 10, 42, Workers(2))
    verdict = choose_by_silhouette(found)
    assert verdict.chosen == verdict.parsimonious == 4
    assert verdict.decisive
    assert [c.groups for c in found] == list(range(2, 16))
    assert found == silhouettes(rows, 10, 42, Workers(1))


def test_noise_is_called_flat():
    verdict = choose_by_silhouette(silhouettes(random_rows(80, 24), 3, 42))
    assert verdict.flat
    assert not verdict.decisive


def candidate(groups, mean, error=0.01, agreement=0.9, singles=0.0):
    return Candidate(groups, mean, mean, error, agreement, 5, singles)


def test_the_fewest_and_the_finest_stand_beside_the_choice():
    tried = [candidate(2, 0.29), candidate(3, 0.2), candidate(5, 0.3), candidate(7, 0.25, agreement=0.95),
             candidate(9, 0.2, agreement=0.5), candidate(12, 0.2, singles=0.5)]  # fmt: skip
    verdict = choose_by_silhouette(tried)
    assert (verdict.chosen, verdict.parsimonious, verdict.finest, list(verdict.tied)) == (5, 2, 7, [2])
    assert not verdict.decisive
    assert choose_by_silhouette([candidate(2, 0.1, agreement=0.1)]).finest is None


@pytest.mark.parametrize("rows", [1, 2])
def test_too_few_rows_have_no_curve(rows):
    assert not candidate_counts(random_rows(rows))
    assert silhouettes(random_rows(rows), 3, 42) == []


def test_equal_rows_are_one_row():
    for count in range(1, 9):
        assert distinct_rows(np.repeat(random_rows(1, 256), count, axis=0)) == 1


# -- density -------------------------------------------------------------------------------------------------------


def test_the_knee_is_where_the_curve_bends():
    curve = np.concatenate([np.linspace(0.1, 0.12, 80), np.linspace(0.13, 0.9, 20)])
    assert 0.11 <= knee(curve) <= 0.2
    assert knee(np.array([0.3])) == 0.3


def test_k_distances_are_those_of_the_neighbours():
    rows = random_rows(30, 4)
    wanted = np.sort(np.sort(cosine_distances(rows), axis=1)[:, 2])
    assert k_distances(rows, 3) == pytest.approx(wanted, abs=1e-6)


def test_advice_was_tried_and_finds_planted_groups():
    rows, labels = blobs(4, 25)
    rows = unit(rows)
    found = recommend_setting(rows, 0.9, 3)
    assert found.usable
    assert adjusted_rand_score(dbscan(rows, found.eps, found.min_samples), labels) > 0.9
    assert found == grouping_outcome(dbscan(rows, found.eps, found.min_samples), found.eps, found.min_samples)
    assert found in try_settings(rows, 3)


def test_there_is_no_advice_for_equal_rows():
    assert recommend_setting(np.repeat(random_rows(1), 9, axis=0), 0.5, 3) is None


# -- calibration ---------------------------------------------------------------------------------------------------


def test_a_fitted_temperature_makes_confidence_mean_what_it_says():
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 0.2, (1_500, 4))
    true = softmax_calibration.Calibration(0.1, 0.15)
    odds = true.probabilities(scores)
    truth = np.array([rng.choice(5, p=row) for row in odds])
    found = softmax_calibration.fit_calibration(scores[:1_000], truth[:1_000])
    assert found.temperature == pytest.approx(0.1, rel=0.25)
    assert found.none_score == pytest.approx(0.15, abs=0.06)
    told = found.probabilities(scores[1_000:])
    hit = told.argmax(axis=1) == truth[1_000:]
    assert told.max(axis=1).mean() == pytest.approx(hit.mean(), abs=0.05)
    assert np.allclose(told.sum(axis=1), 1)


# -- redundancy, diversity, subsets --------------------------------------------------------------------------------


def test_every_pair_above_the_threshold_is_found_once():
    rows = np.concatenate([random_rows(50), random_rows(50)[:5]])
    products = rows @ rows.T
    wanted = {(i, j) for i in range(55) for j in range(i + 1, 55) if products[i, j] >= 0.6}
    found = near_pairs(rows, 0.6)
    assert {pair[:2] for pair in found} == wanted
    assert {pair[:2] for pair in found[:5]} == {(i, 50 + i) for i in range(5)}
    assert [s for _, _, s in found] == sorted((s for _, _, s in found), reverse=True)


def test_too_many_pairs_are_an_error_with_a_hint(monkeypatch):
    monkeypatch.setattr("riindex.algorithms.near_pairs.MAX_PAIRS", 10)
    with pytest.raises(QueryError, match="more than 10 pairs"):
        near_pairs(np.repeat(random_rows(1), 6, axis=0), 0.9)


def test_pairs_join_into_groups():
    assert connected_components([(0, 3, 1.0), (3, 7, 0.9), (4, 5, 0.9)]) == [[0, 3, 7], [4, 5]]
    assert connected_components([]) == []


def test_the_one_to_keep_is_the_most_central_then_the_heaviest():
    rows = unit(np.array([[1, 0.4], [1, 0], [1, -0.4]]))
    assert medoid(rows, [0, 0, 0]) == 1
    assert medoid(np.repeat(rows[:1], 3, axis=0), [1, 5, 5]) == 1


def test_the_effective_number_counts_what_is_different():
    assert vendi_score(np.eye(7, dtype=np.float32)) == pytest.approx(7)
    assert vendi_score(np.repeat(random_rows(1), 9, axis=0)) == pytest.approx(1)
    doubled = np.repeat(np.eye(5, dtype=np.float32), 3, axis=0)
    assert vendi_score(doubled) == pytest.approx(5)
    assert vendi_score(random_rows(200, 6)) == pytest.approx(vendi_score(random_rows(200, 6)[::-1]))


@pytest.mark.parametrize("rows", [8, 40])
def test_what_a_row_adds_is_the_whole_less_the_rest(rows):
    vectors = random_rows(rows, 12)
    rest = [vendi_score(np.delete(vectors, row, axis=0)) for row in range(rows)]
    assert vendi_contributions(vectors) == pytest.approx(vendi_score(vectors) - np.array(rest))
    assert vendi_contributions(vectors[:1]).tolist() == [1]


def test_a_copy_adds_less_than_a_stranger():
    vectors = np.concatenate([np.eye(6, dtype=np.float32), np.eye(6, dtype=np.float32)[:1]])
    gain = vendi_contributions(vectors)
    assert gain[0] == pytest.approx(gain[6])
    assert gain[1:6].min() > gain[0]


def test_means_and_nearest_are_those_of_the_matrix():
    rows = random_rows(30)
    matrix = cosine_distances(rows)
    assert mean_dissimilarity(rows) == pytest.approx(matrix[np.triu_indices(30, 1)].mean(), abs=1e-5)
    assert mean_dissimilarity(rows[:1]) is None
    np.fill_diagonal(matrix, np.inf)
    other, distance = nearest_others(rows)
    assert (other == matrix.argmin(axis=1)).all()
    assert distance == pytest.approx(matrix.min(axis=1), abs=1e-5)
    assert nearest_others(rows[:1])[0].tolist() == [-1]


def test_a_stranger_is_an_outlier():
    rng = np.random.default_rng(2)
    rows = np.concatenate([[[0, 0, 1.0, 0]], rng.normal(0, 0.02, (40, 4)) + np.eye(4)[0]])
    _, distance = nearest_others(unit(rows))
    assert outliers(distance)[0]
    assert outliers(distance[:2]).tolist() == [False, False]


def test_a_subset_reaches_every_group():
    rows, labels = blobs(5, 20)
    for chosen in (k_centre(unit(rows), 5), greedy_dpp(unit(rows), 5)):
        assert sorted(labels[[row for row, _ in chosen]].tolist()) == [0, 1, 2, 3, 4]
    everything = [row for row, _ in k_centre(unit(rows), 500)]
    assert sorted(everything) == list(range(100))
    assert len({row for row, _ in greedy_dpp(unit(rows), 60)}) == 60


def test_a_balanced_subset_has_as_many_of_each_kind():
    rows = random_rows(60)
    kinds = ["rare"] * 3 + ["frequent"] * 57
    chosen = [kinds[row] for row, _ in k_centre(rows, 8, kinds)]
    assert chosen.count("rare") == 3
    assert [kinds[row] for row, _ in k_centre(rows, 4, kinds)].count("rare") == 2
