"""Stated shares of the squared distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.algorithms.fusion import COUNT_COLUMNS, fuse_blocks, standardised_matrix
from riindex.config.build_config import BuildConfig
from riindex.grouping.space import fuse
from riindex.store.database import Store


def expected_squared(block):
    """Mean squared distance of two random rows, by comparing them."""
    rows = block.astype(np.float64)
    squares = (rows**2).sum(axis=1)
    return float((squares[:, None] + squares[None, :] - 2 * rows @ rows.T).mean())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 60), st.integers(1, 9), st.integers(1, 9), st.floats(0.05, 0.95))
def test_shares_hold_for_any_blocks(seed, rows, width, features, share):
    rng = np.random.default_rng(seed)
    text = rng.normal(0, 10.0 ** rng.integers(-2, 3), (rows, width)).astype(np.float32)
    other = rng.normal(0, 1, (rows, features)).astype(np.float32)
    fused = fuse_blocks(text, other, share)
    assert fused.shape == (rows, width + features)
    assert expected_squared(fused[:, :width]) == pytest.approx(share, rel=1e-3)
    assert expected_squared(fused[:, width:]) == pytest.approx(1 - share, rel=1e-3)


def test_no_behaviour_leaves_all_to_the_text():
    text = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    for other in (np.empty((20, 0), np.float32), np.ones((20, 3), np.float32)):
        fused = fuse_blocks(text, other, 0.75)
        assert fused.shape == (20, 4)
        assert expected_squared(fused) == pytest.approx(1, rel=1e-3)
        assert np.allclose(fused / fused[0, 0], text / text[0, 0], rtol=1e-4)


def test_constant_columns_and_unknown_ones_drop_out():
    columns = {"a": np.ones(5), "b": np.arange(5.0), "c": np.full(5, np.nan), "d": np.array([1, 1, 1, 1, np.nan])}
    assert standardised_matrix(columns, 3).shape == (5, 1)
    assert standardised_matrix({"a": np.ones(5)}, 3).shape == (5, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=50), st.floats(0.5, 4))
def test_scores_are_clipped_and_centred(values, clip):
    found = standardised_matrix({"x": np.array(values)}, clip)
    if found.shape[1]:
        assert np.abs(found).max() <= np.float32(clip)
        raw = standardised_matrix({"x": np.array(values)}, 1e9)
        assert raw.mean() == pytest.approx(0, abs=1e-3)
        assert raw.std() == pytest.approx(1, abs=1e-3)
        assert np.allclose(np.clip(raw, -clip, clip), found, atol=1e-5)


def test_missing_values_become_the_mean():
    found = standardised_matrix({"x": np.array([1.0, np.nan, 3.0])}, 3)
    assert found[:, 0].tolist() == pytest.approx([-1, 0, 1])


def test_counts_enter_as_logarithms():
    name = "like_count"
    assert name in COUNT_COLUMNS
    values = np.array([0.0, 10, 5000, 3])
    assert np.allclose(standardised_matrix({name: values}, 9), standardised_matrix({"x": np.log1p(values)}, 9))


def test_every_count_is_a_feature(sample):
    assert set(sample.sql("from behaviour limit 0").columns) > COUNT_COLUMNS


def shares_of(store):
    """(text share, behaviour columns) of the fused matrix, by comparing random pairs of its rows."""
    fused = fuse(store, BuildConfig()).matrix
    features = standardised_matrix(store.columns("fuse/kept_behaviour"), BuildConfig().fuse.clip).shape[1]
    rows = np.random.default_rng(1).choice(len(fused), min(len(fused), 1_500), replace=False)
    text, other = expected_squared(fused[rows][:, :-features]), expected_squared(fused[rows][:, -features:])
    return text / (text + other), features


def test_the_sample_splits_75_to_25(sample_path):
    with Store.read(sample_path) as store:
        share, features = shares_of(store)
    assert share == pytest.approx(0.75, abs=0.01)
    assert features >= 30


@pytest.mark.slow
@pytest.mark.real_data
def test_real_tweets_split_75_to_25(real_data, tmp_path):
    from corpora import start, through

    run = start(tmp_path, real_data / "tweets" / "support_threads_5k.csv", threads=2)
    with through(run, "ingest", "embed", "denoise", "behave") as store:
        share, features = shares_of(store)
    assert share == pytest.approx(0.75, abs=0.02)
    assert features >= 25
