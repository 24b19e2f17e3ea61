"""Intervals and slopes are those of statsmodels; what grows is found, and what does not is steady."""

import numpy as np
import pytest

from riindex.algorithms.statistics import MIN_WEEKS, effective_weeks, trend_slope, wilson_interval
from riindex.profiles.trends import TOO_LITTLE, called


def weeks(rng, growth=0.0, number=20):
    total = rng.integers(20, 200, number)
    shares = np.clip(0.2 + growth * np.arange(number), 0, 1)
    return np.arange(1300, 1300 + number), rng.binomial(total, shares), total


def test_the_interval_of_a_share_is_that_of_statsmodels():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    rng = np.random.default_rng(3)
    total = rng.integers(1, 3000, 1000)
    n = rng.binomial(total, rng.random(1000) ** 2)
    low, high = wilson_interval(n, total)
    wanted = np.array([proportion.proportion_confint(a, b, method="wilson") for a, b in zip(n, total, strict=True)])
    np.testing.assert_allclose(low, wanted[:, 0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(high, wanted[:, 1], rtol=1e-9, atol=1e-9)


def test_the_slope_is_that_of_weighted_least_squares():
    linear = pytest.importorskip("statsmodels.regression.linear_model")
    rng = np.random.default_rng(4)
    for _ in range(300):
        number, n, total = weeks(rng, rng.normal(0, 0.005), int(rng.integers(MIN_WEEKS, 40)))
        found = trend_slope(number, n, total)
        x = np.column_stack([np.ones(len(number)), number - number.mean()])
        wanted = linear.WLS(n / total, x, weights=total).fit()
        assert (found.slope, found.p) == pytest.approx((wanted.params[1], wanted.pvalues[1]), rel=1e-8, abs=1e-11)
        assert (found.low, found.high) == pytest.approx(tuple(wanted.conf_int()[1]), rel=1e-8, abs=1e-11)


def test_a_trend_that_is_there_is_found_and_none_is_seldom_seen():
    rng = np.random.default_rng(5)
    grows = [trend_slope(*weeks(rng, 0.01)) for _ in range(50)]
    assert sum(called(found, found.p) == "emerging" for found in grows) >= 48
    fades = [trend_slope(*weeks(rng, -0.008)) for _ in range(50)]
    assert sum(called(found, found.p) == "fading" for found in fades) >= 45
    still = [trend_slope(*weeks(rng)) for _ in range(200)]
    assert np.mean([called(found, found.p) != "steady" for found in still]) <= 0.09


def test_too_little_time_is_said():
    rng = np.random.default_rng(6)
    found = trend_slope(*weeks(rng, 0.02, MIN_WEEKS - 1))
    assert np.isnan(found.slope)
    assert called(found, np.nan) == TOO_LITTLE
    assert called(trend_slope(*weeks(rng, 0.0, MIN_WEEKS)), 1.0) == "steady"


def test_one_week_with_nearly_all_is_no_trend():
    rng = np.random.default_rng(5)
    number, n, total = weeks(rng, 0.02, 15)
    assert effective_weeks(np.full(15, 70)) == pytest.approx(15)
    assert not np.isnan(trend_slope(number, n, total).slope)
    n[-1], total[-1] = n[-1] + 30 * total.sum(), total[-1] + 60 * total.sum()
    assert effective_weeks(total) < 1.1
    assert called(trend_slope(number, n, total), np.nan) == TOO_LITTLE
