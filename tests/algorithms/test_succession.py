"""Groups find the personas they succeed, whatever number either has."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riindex.algorithms.clustering.matching import jaccard_matrix, match_groups


@given(st.permutations(range(6)), st.integers(0, 20))
def test_a_permutation_is_undone(order, seed):
    rng = np.random.default_rng(seed)
    shared = rng.integers(0, 8, (6, 6))
    shared[np.arange(6), order] += 60
    assert match_groups(jaccard_matrix(shared), 0.2) == dict(enumerate(order))


def test_overlap_is_both_over_either():
    assert jaccard_matrix(np.array([[8, 2], [0, 10]])).tolist() == [[0.8, 2 / 20], [0.0, 10 / 12]]


def test_a_group_unlike_all_succeeds_none():
    shared = np.array([[90, 0, 5], [0, 80, 4], [3, 3, 3]])
    assert match_groups(jaccard_matrix(shared), 0.2) == {0: 0, 1: 1}


def test_more_groups_than_personas_and_fewer():
    assert match_groups(jaccard_matrix(np.array([[9], [1], [0]])), 0.2) == {0: 0}
    assert match_groups(jaccard_matrix(np.array([[9, 0, 1]])), 0.2) == {0: 0}
    assert match_groups(jaccard_matrix(np.zeros((2, 2), np.int64)), 0.2) == {}
