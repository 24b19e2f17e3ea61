"""Eight-bit rows come back to within half a step; sums over runs of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.algorithms.quantise import quantise_rows, restore_rows
from riindex.algorithms.segment_sums import segment_sums, segment_sums_small


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(1, 12), st.floats(1e-3, 1e3))
def test_rows_come_back_to_within_half_a_step(seed, rows, width, scale):
    table = (np.random.default_rng(seed).normal(size=(rows, width)) * scale).astype(np.float32)
    table[0] = 0
    integers, scales = quantise_rows(table)
    assert integers.dtype == np.int8
    assert integers.min() >= -127
    assert (np.abs(restore_rows(integers, scales) - table) <= scales[:, None] * 0.5001 + 1e-9).all()
    assert (restore_rows(integers, scales)[0] == 0).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=12))
def test_segments_are_added_up_one_by_one(runs):
    table = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
    rows = np.array([i for run in runs for i in run], np.int32)
    lengths = np.array([len(run) for run in runs], np.int32)
    found = segment_sums(table, rows, lengths)
    assert found.tobytes() == segment_sums_small(table, rows, lengths).tobytes()
    assert found.shape == (len(runs), 3)
    for run, own in zip(runs, found, strict=True):
        assert own == pytest.approx(table[run].sum(axis=0) if run else np.zeros(3), abs=1e-5)
