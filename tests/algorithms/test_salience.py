"""Intervals and p are those of SciPy and statsmodels; nothing is found where nothing is, and what was planted is."""

import numpy as np
import pytest
from corpora import REAL
from scipy import stats
from shuffles import false_personas, planted_found, posts

from riindex.algorithms import statistics

TABLES = 1000


@pytest.fixture(scope="module")
def tables():
    """n of size here, others of others_size elsewhere: 1,000 tables, some with empty and full cells."""
    rng = np.random.default_rng(5)
    size, others_size = rng.integers(1, 250, TABLES), rng.integers(1, 2500, TABLES)
    n = (rng.random(TABLES) ** 2 * (size + 1)).astype(np.int64)
    others = (rng.random(TABLES) ** 3 * (others_size + 1)).astype(np.int64)
    return n, size, others, others_size


def cells(tables):
    for n, size, others, others_size in zip(*tables, strict=True):
        yield np.array([[n, size - n], [others, others_size - others]])


@pytest.mark.parametrize(
    ("test", "alternative"),
    [
        (statistics.fisher_greater, "greater"),
        (statistics.fisher_less, "less"),
        (statistics.fisher_two_sided, "two-sided"),
    ],
)
def test_p_is_that_of_fishers_exact_test(tables, test, alternative):
    wanted = [stats.fisher_exact(table, alternative=alternative).pvalue for table in cells(tables)]
    np.testing.assert_allclose(test(*tables), wanted, rtol=1e-9, atol=1e-9)


def test_large_tables_keep_their_digits():
    p = statistics.fisher_greater(*(np.array([x]) for x in (700, 30_000, 4_000, 400_000)))[0]
    normal = stats.norm.sf((700 / 30_000 - 4_700 / 430_000) / np.sqrt(4_700 / 430_000 * (1 / 30_000 + 1 / 400_000)))
    assert p == pytest.approx(stats.hypergeom.sf(699, 430_000, 4_700, 30_000), rel=1e-7)
    assert np.log(p) == pytest.approx(np.log(normal), rel=0.2)


def test_the_interval_of_a_lift_is_that_of_statsmodels(tables):
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
    lift, low, high = statistics.lift_interval(*tables)
    for place, table in enumerate(cells(tables)):
        wanted = contingency.Table2x2(table + 0.5, shift_zeros=False)
        assert lift[place] == pytest.approx(wanted.riskratio, rel=1e-9)
        assert (low[place], high[place]) == pytest.approx(wanted.riskratio_confint(), rel=1e-9)


def test_the_interval_of_a_difference_is_that_of_welch():
    rng = np.random.default_rng(8)
    for _ in range(TABLES):
        ours = rng.normal(rng.random(), 0.5 + rng.random(), rng.integers(2, 40))
        theirs = rng.normal(0, 0.5 + rng.random(), rng.integers(2, 300))
        wanted = stats.ttest_ind(ours, theirs, equal_var=False)
        sides = [
            (np.array([float(len(x))]), x.mean(keepdims=True), x.var(ddof=1, keepdims=True)) for x in (ours, theirs)
        ]
        low, high, p = statistics.welch_interval(*sides[0], *sides[1])
        interval = wanted.confidence_interval()
        assert (low[0], high[0]) == pytest.approx((interval.low, interval.high), rel=1e-9, abs=1e-9)
        assert p[0] == pytest.approx(wanted.pvalue, rel=1e-9, abs=1e-9)


def test_q_counts_the_tests_that_are_not_given():
    rng = np.random.default_rng(2)
    p = rng.random(50) ** 3
    wanted = stats.false_discovery_control(np.concatenate([p, np.ones(450)]))[:50]
    assert statistics.benjamini_hochberg(p, 500) == pytest.approx(wanted, rel=1e-12)
    assert statistics.benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-12)
    assert (statistics.benjamini_hochberg(p, 500) >= statistics.benjamini_hochberg(p)).all()


def test_log_odds_is_the_formula_of_the_paper_and_holds_rare_words_back():
    n, size, others, others_size = (np.array([x]) for x in (30, 300, 100, 3000))
    prior = statistics.PRIOR_DOCUMENTS * 131 / 3302
    here, there, weight = 30 + prior, 100 + prior, statistics.PRIOR_DOCUMENTS
    delta = np.log(here / (300 + weight - here)) - np.log(there / (3000 + weight - there))
    assert statistics.log_odds(n, size, others, others_size)[0] == pytest.approx(delta / np.sqrt(1 / here + 1 / there))
    rare, common = statistics.log_odds(*(np.array(x) for x in ([2, 60], [300] * 2, [0, 100], [3000] * 2)))
    assert 0 < rare < common


def test_swapping_the_sides_swaps_the_answer(tables):
    n, size, others, others_size = tables
    swapped = (others, others_size, n, size)
    assert statistics.log_odds(*tables) == pytest.approx(-statistics.log_odds(*swapped))
    assert statistics.fisher_greater(*tables) == pytest.approx(statistics.fisher_less(*swapped), abs=1e-9)
    lift, low, high = statistics.lift_interval(*tables)
    back, back_low, back_high = statistics.lift_interval(*swapped)
    assert 1 / lift == pytest.approx(back)
    assert (1 / high, 1 / low) == (pytest.approx(back_low), pytest.approx(back_high))


@pytest.mark.slow
@pytest.mark.real_data
def test_shuffled_personas_have_no_terms_and_a_planted_one_is_found(tmp_path):
    with posts(tmp_path, REAL / "tweets" / "support_threads_5k.csv") as store:
        assert false_personas(store, 12) <= 0.05
        assert planted_found(store, 12) >= 11
