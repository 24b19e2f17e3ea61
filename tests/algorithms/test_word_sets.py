"""Sets of words against sets of Python, and the pairs that share most of theirs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.algorithms.near_duplicates import PAIR_LIMIT
from riindex.algorithms.parallel import Workers
from riindex.algorithms.word_sets import MIN_SHARED, WordSets

ROWS = st.lists(st.sets(st.integers(0, 9), max_size=8), min_size=1, max_size=30)


def word_sets(rows):
    words = np.array([word for row in rows for word in sorted(row)], np.int64)
    return WordSets.of(words, np.cumsum([len(row) for row in rows]))


def jaccard(left, right):
    shared = len(left & right)
    needed = min(MIN_SHARED, max(len(left), len(right)))
    return shared / len(left | right) if shared and shared >= needed else 0.0


@settings(deadline=None)
@given(ROWS)
def test_what_two_sets_share_is_as_sets_have_it(rows):
    sets = word_sets(rows)
    left, right = (part.ravel() for part in np.indices((len(rows), len(rows))))
    wanted = [jaccard(rows[a], rows[b]) for a, b in zip(left, right, strict=True)]
    assert np.allclose(sets.jaccard(left, right), wanted)
    smaller = [min(rows[a], rows[b], key=len) for a, b in zip(left, right, strict=True)]
    wanted = [len(rows[a] & rows[b]) / len(few) if few else 1 for a, b, few in zip(left, right, smaller, strict=True)]
    assert np.allclose(sets.contained(left, right), wanted)


@settings(deadline=None)
@given(ROWS, st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
def test_no_pair_is_missed_and_none_is_invented(rows, threshold):
    sets = word_sets(rows)
    every = np.arange(len(rows))
    later, earlier, found, full = sets.pairs(every >= 0, every, threshold, 99, Workers(1))
    wanted = {(b, a) for b in every for a in range(b) if jaccard(rows[a], rows[b]) >= np.float32(threshold)}
    assert set(zip(later.tolist(), earlier.tolist(), strict=True)) == wanted
    assert (found >= np.float32(threshold)).all()
    assert not len(full)


def test_a_flood_of_copies_leaves_one_and_takes_no_pair_of_each_two():
    flood = [{1, 2, 3, 4, 5, 6, 7, 8, 100 + n} for n in range(20 * PAIR_LIMIT)]
    rows = [{900 + n, 901 + n} for n in range(0, 40, 2)] + flood
    one = word_sets(rows).near_duplicates(0.6, Workers(1))
    two = word_sets(rows).near_duplicates(0.6, Workers(2))
    assert one.dropped.tolist() == two.dropped.tolist() == list(range(21, len(rows)))
    assert set(one.kept.tolist()) == {20}


def test_what_a_pair_has_to_meet_besides_is_asked():
    rows = [{1, 2, 3}, {1, 2, 3}, {1, 2, 3}]
    found = word_sets(rows).near_duplicates(0.6, agree=lambda later, earlier: earlier == 1)
    assert (found.dropped.tolist(), found.kept.tolist()) == ([2], [1])


def test_no_words_are_near_nothing():
    assert not len(word_sets([set(), set()]).near_duplicates(0.6).dropped)
