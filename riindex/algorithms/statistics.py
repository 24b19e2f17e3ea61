"""Differences between a group and a baseline: lifts, intervals, exact tests, trends, and a ranking of terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Doubles, Ints

# Fewer weeks are too few for a trend: with six degrees of freedom, t for 95 % is already 2.4.
MIN_WEEKS = 8
# Effective number of weeks, weighed by their documents (Kish 1965): with fewer, one week decides nearly alone.
MIN_EFFECTIVE_WEEKS = 4


# Half the width of a 95 % interval, in standard errors of a normal.
Z95 = 1.959963984540054
# Weight of the prior of the log-odds, in documents: enough to hold back rare words (Monroe et al. 2008).
PRIOR_DOCUMENTS = 100.0
# Probabilities that differ by less are the same one, rounded (R's fisher.test takes 1e-7).
PROBABILITY_TOLERANCE = 1e-9


def log_odds(n: Ints, size: Ints, others: Ints, others_size: Ints) -> Doubles:
    """Compute the z-score of a term's log-odds ratio against the others, with an informative Dirichlet prior.

    ``n`` of ``size`` documents of the group and ``others`` of ``others_size`` elsewhere contain the term; the prior is
    its share in all (Laplace's, so never 0 or 1), weighed as PRIOR_DOCUMENTS (Monroe, Colaresi & Quinn 2008, eq. 16, 20
    and 22, on counts of documents).
    """
    prior = PRIOR_DOCUMENTS * (n + others + 1) / (size + others_size + 2)
    here, there = n + prior, others + prior
    gap = np.log(here / (size + PRIOR_DOCUMENTS - here)) - np.log(there / (others_size + PRIOR_DOCUMENTS - there))
    return np.asarray(gap / np.sqrt(1 / here + 1 / there), np.float64)


def lift_interval(n: Ints, size: Ints, others: Ints, others_size: Ints) -> tuple[Doubles, Doubles, Doubles]:
    """Compute (lift, low, high): the ratio of two shares with its 95 % interval.

    Half a document is added to each cell of the table (Haldane 1956, Anscombe 1956), which keeps all three finite; the
    interval is normal in the logarithm (Katz et al. 1978).
    """
    here, there = n + 0.5, others + 0.5
    lift = (here / (size + 1)) / (there / (others_size + 1))
    error = np.sqrt(1 / here - 1 / (size + 1) + 1 / there - 1 / (others_size + 1))
    return lift, lift * np.exp(-Z95 * error), lift * np.exp(Z95 * error)


def fisher_greater(n: Ints, size: Ints, others: Ints, others_size: Ints) -> Doubles:
    """Compute the p of Fisher's exact test, one-sided: P(``n`` or more of ``size``) if the shares were the same."""
    return _upper_tail(n, size, n + others, size + others_size)


def fisher_less(n: Ints, size: Ints, others: Ints, others_size: Ints) -> Doubles:
    """Compute the p of Fisher's exact test, one-sided: P(``n`` or fewer of ``size``) if the shares were the same."""
    return _upper_tail(size - n, size, size - n + others_size - others, size + others_size)


def fisher_two_sided(n: Ints, size: Ints, others: Ints, others_size: Ints) -> Doubles:
    """Compute the p of Fisher's exact test, two-sided: the sum over all tables no likelier than the observed."""
    drawn, marked, total = size, n + others, size + others_size
    seen = _log_probability(n, drawn, marked, total)
    low, high = np.maximum(0, drawn + marked - total), np.minimum(drawn, marked)
    mode = ((drawn + 1) * (marked + 1)) // (total + 2)
    above = n >= mode
    bound = seen + PROBABILITY_TOLERANCE
    # The first value on the far side that is no likelier; the probability falls from the mode on either side.
    up = _first_true(lambda k: _log_probability(k, drawn, marked, total) <= bound, np.minimum(mode, high), high + 1)
    down = _first_true(lambda k: _log_probability(-k, drawn, marked, total) <= bound, -np.maximum(mode, low), -low + 1)
    upper = _upper_tail(np.where(above, n, up), drawn, marked, total)
    lower = _upper_tail(drawn - np.where(above, -down, n), drawn, total - marked, total)
    return np.asarray(np.minimum(upper + lower, 1), np.float64)


def benjamini_hochberg(p: Doubles, tests: int | None = None) -> Doubles:
    """Compute Benjamini-Hochberg q-values; ``tests``: the number made, those not given having a p of 1."""
    from scipy.stats import false_discovery_control

    left = 0 if tests is None else max(0, tests - len(p))
    if not len(p):
        return p
    adjusted = false_discovery_control(np.concatenate([np.clip(p, 0, 1), np.ones(left)]))
    return np.asarray(adjusted[: len(p)], np.float64)


def corrected_by_group(groups: npt.NDArray[Any], p: Doubles, tests: int | None) -> Doubles:
    """Compute the Benjamini-Hochberg q-values of each group's own tests; NaN where p is NaN.

    ``tests``: the number made in each group, as for ``benjamini_hochberg``.
    """
    q = np.full(len(p), np.nan)
    for group in np.unique(groups):
        own = np.flatnonzero((groups == group) & ~np.isnan(p))
        q[own] = benjamini_hochberg(p[own], tests)
    return q


def welch_interval(
    n: Doubles, mean: Doubles, variance: Doubles, others: Doubles, their_mean: Doubles, their_variance: Doubles
) -> tuple[Doubles, Doubles, Doubles]:
    """Compute (low, high, p): 95 % interval of the difference of two means and p of Welch's t-test, two-sided.

    Variances are those of samples (divided by n - 1). NaN where either side has fewer than two values or none varies.
    """
    from scipy.special import stdtr, stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        ours, theirs = variance / n, their_variance / others
        error = np.sqrt(ours + theirs)
        freedom = (ours + theirs) ** 2 / (ours**2 / (n - 1) + theirs**2 / (others - 1))
        gap = mean - their_mean
        reach = stdtrit(freedom, 0.975) * error
        p = 2 * stdtr(freedom, -np.abs(gap / error))
    return gap - reach, gap + reach, np.asarray(p, np.float64)


def _upper_tail(n: Ints, drawn: Ints, marked: Ints, total: Ints) -> Doubles:
    """Compute P(X >= n) of X hypergeometric: ``drawn`` of ``total``, ``marked`` of which count.

    Summed outwards from n on the side of the mean where the terms fall, so that no digit is lost.
    """
    above = n > drawn * (marked / np.maximum(total, 1))
    low, high = np.maximum(0, drawn + marked - total), np.minimum(drawn, marked)
    tail = np.empty(len(n), np.float64)
    tail[above] = _sum_terms(n[above], high[above], drawn[above], marked[above], total[above])
    rest = ~above
    # P(X <= n - 1) is the upper tail of what was drawn and does not count.
    unmarked = total[rest] - marked[rest]
    under = _sum_terms(drawn[rest] - n[rest] + 1, drawn[rest] - low[rest], drawn[rest], unmarked, total[rest])
    tail[rest] = 1 - under
    return np.clip(tail, 0, 1)


def _sum_terms(start: Ints, end: Ints, drawn: Ints, marked: Ints, total: Ints) -> Doubles:
    """Sum the probabilities from ``start`` to ``end``, which fall; 0 where there are none."""
    result = np.zeros(len(start), np.float64)
    active = np.flatnonzero(start <= end)
    k = start[active].astype(np.float64)
    m, d, t, last = (x[active].astype(np.float64) for x in (marked, drawn, total, end))
    term = np.exp(_log_probability(k, d, m, t))
    result[active] = term
    while len(active):
        term = term * (m - k) * (d - k) / ((k + 1) * (t - m - d + k + 1))
        k = k + 1
        result[active] += term
        going = (k < last) & (term > result[active] * 1e-17)
        active = active[going]
        k, m, d, t, last, term = (x[going] for x in (k, m, d, t, last, term))
    return result


def _log_probability(k: Doubles | Ints, drawn: Doubles | Ints, marked: Doubles | Ints,
                     total: Doubles | Ints) -> Doubles:  # fmt: skip
    """Compute the logarithm of the hypergeometric probability of exactly ``k``."""
    return np.asarray(
        _log_choices(marked, k) + _log_choices(total - marked, drawn - k) - _log_choices(total, drawn), np.float64
    )


def _log_choices(n: Doubles | Ints, k: Doubles | Ints) -> Doubles:
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0), np.float64)


def _first_true(holds: Callable[[Ints], npt.NDArray[np.bool_]], low: Ints, high: Ints) -> Ints:
    """Find the first k of low…high for which ``holds``, which once true stays so; ``high`` where it never is."""
    low, high = low.copy(), high.copy()
    while (low < high).any():
        middle = (low + high) // 2
        true = holds(np.minimum(middle, high - 1))
        high = np.where(true & (low < high), middle, high)
        low = np.where(~true & (low < high), middle + 1, low)
    return high


@dataclass(frozen=True)
class Slope:
    """Change of a share a week with its 95 % interval and p; NaN where there are too few effective weeks."""

    slope: float
    low: float
    high: float
    p: float


NO_SLOPE = Slope(np.nan, np.nan, np.nan, np.nan)


def wilson_interval(n: Ints, total: Ints) -> tuple[Doubles, Doubles]:
    """Compute the 95 % interval of a share n / total (Wilson 1927); NaN where total is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = n / total
        middle = share + Z95**2 / (2 * total)
        reach = Z95 * np.sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2))
        scale = 1 + Z95**2 / total
    # For shares of 0 and 1, rounding would leave the share itself outside.
    return np.minimum((middle - reach) / scale, share), np.maximum((middle + reach) / scale, share)


def trend_slope(weeks: Ints, n: Ints, total: Ints) -> Slope:
    """Fit weighted least squares through the shares n / total against the number of the week.

    A week weighs as many documents as it has. The interval and p are Student's, with two degrees of freedom less than
    weeks; the slope itself is made of whole numbers, so that SQL gives the same.
    """
    from scipy.special import stdtr, stdtrit

    if len(weeks) < MIN_WEEKS or effective_weeks(total) < MIN_EFFECTIVE_WEEKS:
        return NO_SLOPE
    x, k, w = ([int(value) for value in column] for column in (weeks, n, total))
    weight, wx = sum(w), sum(a * b for a, b in zip(w, x, strict=True))
    wxx = sum(a * b * b for a, b in zip(w, x, strict=True))
    above = weight * sum(a * b for a, b in zip(x, k, strict=True)) - wx * sum(k)
    below = weight * wxx - wx * wx
    if not below:
        return NO_SLOPE
    found = above / below
    centred = np.array(x, np.float64) - wx / weight
    left = np.array(k) / np.array(w) - sum(k) / weight - found * centred
    freedom = len(x) - 2
    error = np.sqrt((np.array(w) * left**2).sum() / freedom / (np.array(w) * centred**2).sum())
    reach = float(stdtrit(freedom, 0.975) * error)
    p = float(2 * stdtr(freedom, -abs(found) / error)) if error > 0 else float(found == 0)
    return Slope(found, found - reach, found + reach, p)


def effective_weeks(total: Ints) -> float:
    """Compute the effective number of weeks with ``total`` documents each (Kish 1965)."""
    squares = float((total.astype(np.float64) ** 2).sum())
    return float(total.sum()) ** 2 / squares if squares else 0.0
