"""Nearest rows: exact against sorting, in cells nearly so."""

import numpy as np
import pytest

from riindex.algorithms.neighbors import nearest_in_cells, nearest_rows
from riindex.algorithms.parallel import Workers


def clouds(rows, seed=0, groups=20, dimensions=16):
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(groups, dimensions))
    return (centres[rng.integers(0, groups, rows)] + 0.6 * rng.normal(size=(rows, dimensions))).astype(np.float32)


@pytest.mark.parametrize("count", [1, 5, 20])
def test_nearest_are_those_of_a_full_sort(count):
    queries, rows = clouds(300, 1), clouds(200, 2)
    truth = np.sqrt(((queries[:, None, :].astype(np.float64) - rows[None].astype(np.float64)) ** 2).sum(axis=2))
    indices, distances = nearest_rows(queries, rows, count)
    assert np.allclose(distances, np.sort(truth, axis=1)[:, :count], atol=1e-3)
    assert np.allclose(np.take_along_axis(truth, indices.astype(np.int64), axis=1), distances, atol=1e-3)


def test_ties_go_to_the_lower_row():
    rows = np.zeros((12, 4), np.float32)
    for count in (3, 10):
        assert nearest_rows(rows, rows, count)[0].tolist() == [list(range(count))] * 12


def test_cells_find_nearly_all_and_the_same_with_two_threads():
    queries, rows = clouds(4_000, 1), clouds(3_000, 2)
    exact, distance = nearest_rows(queries, rows, 5)
    near, far = nearest_in_cells(queries, rows, 5)
    shared = np.mean([len(set(a) & set(b)) / 5 for a, b in zip(exact, near, strict=True)])
    assert shared > 0.85
    assert far.mean() < 1.03 * distance.mean()
    again = nearest_in_cells(queries, rows, 5, workers=Workers(2))
    assert (again[0] == near).all()
    assert (again[1] == far).all()
