"""Near-duplicates against comparing every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.algorithms import near_duplicates as module
from riindex.algorithms.near_duplicates import near_duplicates
from riindex.algorithms.parallel import Workers


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def brute_force(vectors, threshold):
    """Greedy in row order: {dropped: (kept, similarity)}."""
    kept, found = [], {}
    for row, vector in enumerate(vectors):
        products = vectors[kept] @ vector if kept else np.empty(0)
        if len(products) and products.max() > threshold:
            found[row] = (kept[int(products.argmax())], float(products.max()))
        else:
            kept.append(row)
    return found


def planted(groups, copies, noise, width=32, seed=1):
    """Vectors with near copies in random places."""
    rng = np.random.default_rng(seed)
    base = unit(rng.normal(size=(groups, width)))
    rows = np.vstack([base, *[unit(base + rng.normal(0, noise, base.shape)) for _ in range(copies)]])
    return rows[rng.permutation(len(rows))].astype(np.float32)


def as_dict(found):
    triples = zip(found.dropped.tolist(), found.kept.tolist(), found.similarity.tolist(), strict=True)
    return {row: (kept, similarity) for row, kept, similarity in triples}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(0, 4), st.sampled_from([0.01, 0.05, 0.1]),
       st.sampled_from([0.9, 0.95, 0.99]))  # fmt: skip
def test_small_inputs_equal_brute_force(seed, groups, copies, noise, threshold):
    vectors = planted(groups, copies, noise, 8, seed)
    found, wanted = as_dict(near_duplicates(vectors, threshold)), brute_force(vectors, threshold)
    assert set(found) == set(wanted)
    for row, (_, similarity) in wanted.items():
        assert found[row][1] == pytest.approx(similarity, abs=1e-5)
        assert found[row][0] < row
        assert found[row][0] not in found


@pytest.mark.slow
def test_many_rows_are_found_in_cells():
    vectors = planted(3_000, 2, 0.02, 48)
    assert len(vectors) > module.EXACT_ROWS * 2
    found, wanted = as_dict(near_duplicates(vectors, 0.95)), brute_force(vectors, 0.95)
    assert len(set(found) & set(wanted)) >= 0.99 * len(wanted)
    assert set(found) <= set(wanted)


def test_one_thread_or_two_find_the_same():
    vectors = planted(2_500, 1, 0.03, 48)
    one, two = near_duplicates(vectors, 0.95, workers=Workers(1)), near_duplicates(vectors, 0.95, workers=Workers(2))
    assert as_dict(one) == as_dict(two)


def test_a_flood_of_copies_leaves_one():
    rng = np.random.default_rng(0)
    vectors = np.repeat(unit(rng.normal(size=(1, 16))), 6_000, axis=0)
    vectors = np.vstack([unit(rng.normal(size=(50, 16))), vectors]).astype(np.float32)
    found = as_dict(near_duplicates(vectors, 0.95))
    assert set(range(51, 6_050)) <= set(found)
    assert 50 not in found
    assert {found[row][0] for row in range(51, 6_050)} == {50}


def test_a_chain_of_neighbours_drops_every_other():
    angles = np.arange(9) * np.arccos(0.97)
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    assert set(as_dict(near_duplicates(vectors, 0.95))) == {1, 3, 5, 7}


def test_nothing_is_near_nothing():
    assert as_dict(near_duplicates(np.eye(5, dtype=np.float32), 0.95)) == {}
    zeros = np.zeros((3, 4), np.float32)
    assert as_dict(near_duplicates(zeros, 0.95)) == {}


def test_no_rows_are_no_pairs():
    found = near_duplicates(np.empty((0, 8), np.float32), 0.9)
    assert len(found.dropped) == len(found.kept) == len(found.similarity) == 0


@pytest.mark.slow
@pytest.mark.real_data
def test_recall_on_real_tweets(real_data):
    import pyarrow.parquet as pq

    from riindex import encoders

    texts = pq.read_table(real_data / "tweets" / "stocks_120k.parquet", columns=["text"]).column(0).to_pylist()
    texts = list(dict.fromkeys(t for t in texts if t))[::3][:20_000]
    assert len(texts) == 20_000
    vectors = encoders.load("static").encode(texts)
    found = near_duplicates(vectors, 0.95, workers=Workers(2))
    kept = np.ones(len(vectors), bool)
    for start in range(0, len(vectors), 2_000):
        product = vectors[start : start + 2_000] @ vectors[: start + 2_000].T
        later, earlier = np.nonzero(np.tril(product, start - 1) > 0.95)
        for row in np.unique(later):
            kept[start + row] = not kept[earlier[later == row]].any()
    dropped = set(found.dropped.tolist())
    truth = set(np.flatnonzero(~kept).tolist())
    assert len(truth) > 300
    assert len(dropped & truth) / len(truth) >= 0.99
    assert len(dropped - truth) <= 0.01 * len(truth)
