"""Shares over time: their intervals, the slope through them, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.statistics import Z95

Doubles = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# Fewer weeks than this say nothing about a trend: with six points left over, t for 95 % is already 2.4.
LEAST_WEEKS = 8
# Weeks weighed by their documents (effective number: Kish 1965): with fewer than this one week says nearly all.
LEAST_EFFECTIVE = 4
# A slope is no accident at this q (Benjamini & Hochberg 1995).
SURE = 0.05
TOO_LITTLE = "too little time"


@dataclass(frozen=True)
class Slope:
    """Change of a share a week with its 95 % interval and p; NaN where too few weeks have nearly all."""

    slope: float
    low: float
    high: float
    p: float


NO_SLOPE = Slope(np.nan, np.nan, np.nan, np.nan)


def wilson(n: Counts, total: Counts) -> tuple[Doubles, Doubles]:
    """95 % interval of a share n / total (Wilson 1927); NaN of nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = n / total
        middle = share + Z95**2 / (2 * total)
        reach = Z95 * np.sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2))
        scale = 1 + Z95**2 / total
    # Of none and of all, rounding would leave the share itself outside.
    return np.minimum((middle - reach) / scale, share), np.maximum((middle + reach) / scale, share)


def slope(weeks: Counts, n: Counts, total: Counts) -> Slope:
    """Weighted least squares through the shares n / total against the number of the week.

    A week weighs as many documents as it has. The interval and p are Student's, with two degrees of freedom less than
    weeks; the slope itself is made of whole numbers, so that SQL gives the same.
    """
    from scipy.special import stdtr, stdtrit

    if len(weeks) < LEAST_WEEKS or effective(total) < LEAST_EFFECTIVE:
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


def effective(total: Counts) -> float:
    """How many weeks of equal size tell as much as weeks of ``total`` documents each (Kish 1965)."""
    squares = float((total.astype(np.float64) ** 2).sum())
    return float(total.sum()) ** 2 / squares if squares else 0.0


def called(found: Slope, q: float) -> str:
    """``emerging``, ``fading``, ``steady``, or that there is too little time."""
    if np.isnan(found.slope):
        return TOO_LITTLE
    if not q <= SURE:
        return "steady"
    return "emerging" if found.slope > 0 else "fading"
