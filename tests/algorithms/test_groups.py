"""Groups, their number, who belongs to them, and figures about them: planted blobs come back."""

import numpy as np
import pytest
from corpora import blobs
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from riindex.algorithms.clustering.assignment import assign_rows
from riindex.algorithms.clustering.choose_k import centres, choose_group_count, nearest_centres
from riindex.algorithms.clustering.cluster_metrics import (
    best_jaccard,
    coherence,
    mean_vectors,
    separation,
    simplified_silhouette,
)
from riindex.algorithms.clustering.clusterers import hdbscan, kmeans, relabel_by_size
from riindex.algorithms.clustering.find_groups import find_groups, sample_rows
from riindex.algorithms.mmr import select_diverse
from riindex.algorithms.parallel import Workers, spans
from riindex.algorithms.reduction import pca
from riindex.config.sections import FitConfig

TWO = Workers(2)


def test_kmeans_finds_planted_groups_the_largest_first():
    rows, labels = blobs(5, 40)
    rows, labels = np.vstack([rows, rows[labels == 2]]), np.concatenate([labels, labels[labels == 2]])
    found = kmeans(rows, 5, 5, 1)
    assert adjusted_rand_score(found, labels) == 1
    sizes = np.bincount(found)
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)


def test_kmeans_is_the_same_with_one_thread_or_two_and_again():
    rows = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32)
    one, two, other = kmeans(rows, 7, 6, 1), kmeans(rows, 7, 6, 1, TWO), kmeans(rows, 7, 1, 5)
    assert (one == two).all()
    assert not (one == other).all()


def test_more_groups_than_different_rows_are_as_many_as_rows():
    rows = np.array([[0, 0], [0, 0], [1, 1]], np.float32)
    assert len(set(kmeans(rows, 5, 2, 1).tolist())) == 2


def test_hdbscan_finds_blobs_and_calls_the_rest_noise():
    rows, labels = blobs(3, 120, width=4)
    stray = np.random.default_rng(5).uniform(-40, 40, (12, 4)).astype(np.float32)
    found = hdbscan(np.vstack([rows, stray]), 30, 5)
    inside = found[: len(rows)] >= 0
    assert inside.mean() > 0.9
    assert adjusted_rand_score(found[: len(rows)][inside], labels[inside]) == 1
    assert (found[len(rows) :] == -1).mean() > 0.8


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-1, 5), min_size=1, max_size=40))
def test_labels_are_numbered_by_size(labels):
    labels = np.array(labels)
    found = relabel_by_size(labels)
    assert ((found < 0) == (labels < 0)).all()
    sizes = np.bincount(found[found >= 0]) if (found >= 0).any() else np.empty(0)
    assert (sizes > 0).all()
    assert (np.diff(sizes) <= 0).all()
    assert len({*zip(labels[labels >= 0].tolist(), found[found >= 0].tolist(), strict=True)}) == len(sizes)


# -- how many ------------------------------------------------------------------------------------------------------


def test_the_default_stays_where_nothing_speaks_against_it():
    rows = np.random.default_rng(0).normal(size=(600, 8)).astype(np.float32)
    number, curve = choose_group_count(rows, 12, 1)
    assert number == 12
    assert 12 in {level.groups for level in curve}
    assert all(level.stability <= 1 for level in curve)


def test_clearly_more_groups_are_found():
    rows, _ = blobs(20, 60, width=20, spread=0.25)
    assert choose_group_count(rows, 12, 1)[0] == 20


@pytest.mark.slow
def test_the_choice_is_the_same_with_one_thread_or_two():
    rows, _ = blobs(6, 80)
    assert choose_group_count(rows, 8, 1) == choose_group_count(rows, 8, 1, TWO)


@pytest.mark.parametrize(("rows", "wanted"), [(399, 12), (100, 6), (20, 1), (3, 1)])
def test_few_rows_get_few_groups(rows, wanted):
    number, curve = choose_group_count(np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32), 12, 1)
    assert (number, curve) == (wanted, [])


@pytest.mark.parametrize("number", [1, 2, 7, 30])
def test_a_forced_number_is_that_number(number):
    rows, _ = blobs(4, 50)
    found = find_groups(rows, FitConfig(personas=number, restarts=2, dimensions=4), 1)
    assert set(found.labels.tolist()) == set(range(number))
    assert found.curve == ()


def test_a_sampled_fit_groups_the_sample_and_places_all():
    rows, labels = blobs(4, 100)
    found = find_groups(rows, FitConfig(personas=4, restarts=3, dimensions=4, max_documents=120), 1)
    assert len(found.sample) == len(found.labels) == 120
    assert len(found.reduced) == len(rows)
    assert (np.diff(found.sample) > 0).all()
    full = np.full(len(rows), -1)
    full[found.sample] = found.labels
    placed = assign_rows(found.reduced, centres(found.reduced, full), full)
    assert adjusted_rand_score(placed.group, labels) == 1


@pytest.mark.slow  # UMAP compiles itself for ten seconds
def test_the_published_method_finds_blobs():
    rows, labels = blobs(3, 90, width=6)
    fit = FitConfig(
        method="hdbscan", reduction="umap", dimensions=3, umap_neighbors=15, min_cluster_size=40, min_samples=5
    )
    found = find_groups(rows, fit, 42)
    seen = found.labels >= 0
    assert found.reduced.shape == (len(rows), 3)
    assert adjusted_rand_score(found.labels[seen], labels[seen]) > 0.99
    again = find_groups(rows, fit, 42, workers=Workers(2))
    assert (again.labels == found.labels).all()


def test_samples_are_seeded():
    assert sample_rows(10, 20, 1).tolist() == list(range(10))
    assert sample_rows(1000, 20, 1).tolist() == sample_rows(1000, 20, 1).tolist()
    assert sample_rows(1000, 20, 1).tolist() != sample_rows(1000, 20, 2).tolist()


def test_pca_keeps_distances_of_a_flat_cloud():
    rng = np.random.default_rng(0)
    flat = (rng.normal(size=(80, 3)) @ rng.normal(size=(3, 20))).astype(np.float32)
    reduced = pca(flat, 3).apply(flat)
    assert reduced.shape == (80, 3)
    assert np.linalg.norm(reduced[0] - reduced[1]) == pytest.approx(np.linalg.norm(flat[0] - flat[1]), rel=1e-3)
    assert (pca(flat, 3).apply(flat) == pca(flat, 3).apply(flat, TWO)).all()


# -- who belongs where ---------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 6), st.integers(1, 5))
def test_rows_go_to_the_nearest_and_the_runner_up_is_second(seed, rows, groups, width):
    rng = np.random.default_rng(seed)
    points, middles = rng.normal(size=(rows, width)), rng.normal(size=(groups, width))
    points, middles = points.astype(np.float32), middles.astype(np.float32)
    found = assign_rows(points, middles, np.full(rows, -1))
    distance = np.linalg.norm(points[:, None, :].astype(float) - middles[None].astype(float), axis=2)
    order = np.argsort(distance, axis=1)
    assert found.distance == pytest.approx(np.sort(distance, axis=1)[:, 0], abs=1e-5)
    assert ((found.confidence >= 1 / groups - 1e-9) & (found.confidence <= 1 + 1e-12)).all()
    if groups == 1:
        assert (found.runner_up == -1).all()
        assert np.isnan(found.runner_up_distance).all()
        assert (found.confidence == 1).all()
        return
    assert (found.runner_up != found.group).all()
    assert found.runner_up_distance == pytest.approx(np.sort(distance, axis=1)[:, 1], abs=1e-5)
    assert distance[np.arange(rows), found.group] == pytest.approx(distance[np.arange(rows), order[:, 0]], abs=1e-5)
    assert ((found.margin >= 0) & (found.margin <= 1)).all()


def test_a_labelled_row_keeps_its_label_and_noise_goes_to_the_nearest():
    points = np.array([[0.0], [1.0], [9.0], [10.0], [9.5]], np.float32)
    found = assign_rows(points, np.array([[0.0], [10.0]], np.float32), np.array([0, 0, 1, 0, -1]))
    assert found.group.tolist() == [0, 0, 1, 0, 1]
    assert found.runner_up.tolist() == [1, 1, 0, 1, 0]
    assert found.confidence[3] < 0.5 < found.confidence[0]


def test_confidences_over_all_groups_sum_to_one():
    rng = np.random.default_rng(2)
    points, middles = rng.normal(size=(40, 3)).astype(np.float32), rng.normal(size=(4, 3)).astype(np.float32)
    best = assign_rows(points, middles, np.full(40, -1))
    squared = ((points[:, None].astype(float) - middles[None].astype(float)) ** 2).sum(axis=2)
    weight = np.exp(-squared / (2 * np.mean(squared.min(axis=1)) / 3))
    assert best.confidence == pytest.approx((weight / weight.sum(axis=1, keepdims=True)).max(axis=1), rel=1e-6)


def test_assignment_does_not_depend_on_threads():
    rows = np.random.default_rng(3).normal(size=(9_000, 6)).astype(np.float32)
    one, two = (assign_rows(rows, rows[:7], np.full(9_000, -1), Workers(threads)) for threads in (1, 2))
    assert (one.group == two.group).all()
    assert (one.confidence == two.confidence).all()


def test_centres_are_means_of_what_is_labelled():
    rows = np.array([[0, 0], [2, 0], [5, 5], [99, 99]], np.float32)
    middles = centres(rows, np.array([0, 0, 1, -1]))
    assert middles.tolist() == [[1, 0], [5, 5]]
    assert nearest_centres(rows, middles).tolist() == [0, 0, 1, 1]


# -- figures -------------------------------------------------------------------------------------------------------


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_figures_equal_their_definitions():
    rng = np.random.default_rng(4)
    vectors, labels = unit(rng.normal(size=(300, 5))), rng.integers(0, 3, 300)
    means = mean_vectors(vectors, labels, 3)
    for group in range(3):
        mean = vectors[labels == group].astype(float).mean(axis=0)
        assert means[group] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
        own = (vectors[labels == group] @ means[group]).mean()
        assert coherence(vectors, labels, means)[group] == pytest.approx(own, abs=1e-5)
    apart = 1 - means @ means.T + 9 * np.eye(3)
    assert separation(means) == pytest.approx(apart.min(axis=1), abs=1e-5)
    assert np.isnan(separation(means[:1])).all()
    assert (coherence(vectors, labels, means) == coherence(vectors, labels, means, TWO)).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e3), st.floats(0, 1e3)), min_size=1, max_size=20))
def test_silhouettes_lie_between_minus_one_and_one(pairs):
    own, other = np.array(pairs).T
    found = simplified_silhouette(own, other)
    assert ((found >= -1) & (found <= 1)).all()
    assert (np.sign(found) == np.sign(other - own)).all()


def test_stability_is_one_for_the_same_groups_and_low_for_others():
    labels = np.repeat([0, 1, 2], 30)
    rows = np.arange(0, 90, 2)
    renamed = (labels[rows] + 1) % 3
    assert best_jaccard(labels, [(rows, renamed)], 3).tolist() == [1, 1, 1]
    mixed = np.arange(len(rows)) % 3
    assert (best_jaccard(labels, [(rows, mixed)], 3) < 0.35).all()
    merged = np.where(labels[rows] == 2, 1, labels[rows])
    assert best_jaccard(labels, [(rows, merged)], 3) == pytest.approx([1, 0.5, 0.5])
    assert np.isnan(best_jaccard(labels, [], 3)).all()


# -- evidence ------------------------------------------------------------------------------------------------------


def test_evidence_is_typical_and_different():
    rng = np.random.default_rng(6)
    two = unit(np.vstack([np.tile([1, 0, 0], (20, 1)), np.tile([0.6, 0.8, 0], (10, 1))]) + rng.normal(0, 0.01, (30, 3)))
    stray = np.array([[-1, 0, 0]], np.float32)
    picked = select_diverse(np.vstack([two, stray]), [f"a{i}" for i in range(31)], 2)
    assert len(picked) == 2
    assert (picked[0] < 20) != (picked[1] < 20), "one of each side"
    assert 30 not in picked


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=0, max_size=15), st.integers(1, 8))
def test_authors_differ_while_there_are_any(authors, most):
    vectors = unit(np.random.default_rng(1).normal(size=(len(authors), 4))) if authors else np.empty((0, 4), np.float32)
    picked = select_diverse(vectors, [str(a) for a in authors], most)
    assert len(picked) == len(set(picked)) == min(most, len(authors))
    first = [authors[i] for i in picked][: len(set(authors))]
    assert len(set(first)) == len(first)


# -- blocks --------------------------------------------------------------------------------------------------------


@given(st.integers(0, 500), st.integers(1, 60))
def test_spans_cover_every_row_once(rows, size):
    assert [i for span in spans(rows, size) for i in range(rows)[span]] == list(range(rows))


def test_answers_come_in_the_order_of_the_items():
    assert TWO.map(lambda i: i * i, range(50)) == [i * i for i in range(50)]
    with pytest.raises(ZeroDivisionError):
        TWO.map(lambda i: 1 // i, [1, 0])


def test_libraries_are_not_listed_while_a_thread_loads_some():
    """Otherwise both wait for ever: each holds the lock that the other wants."""
    import threading

    from riindex.algorithms.parallel import loading_libraries, single_threaded

    order, inside = [], threading.Event()

    def load():
        with loading_libraries():
            inside.set()
            threading.Event().wait(0.2)
            order.append("loaded")

    thread = threading.Thread(target=load)
    thread.start()
    inside.wait()
    with single_threaded():
        order.append("listed")
    thread.join()
    assert order == ["loaded", "listed"]
    assert TWO.map(lambda i: (threading.current_thread().name, i)[1], range(4)) == [0, 1, 2, 3]
