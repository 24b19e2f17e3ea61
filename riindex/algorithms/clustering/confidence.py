"""How likely a row's group is to be its group again: confidence that is measured, not assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riindex.algorithms.clustering.refits import Refit, matched
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Bools, Doubles, Ints

# Added to a margin before its logarithm: a row that lies on the border has one too.
BORDER = 0.01
# The usual number of bins of the expected calibration error (Guo et al. 2017 take 15, Naeini et al. 2015 ten).
BINS = 10
# Fewer held-out rows than this calibrate nothing.
ENOUGH = 30


@dataclass(frozen=True)
class HeldOut:
    """Rows that a refit did not draw, and what became of them.

    Which refit, the row's group in the build, its margin in the refit, and whether the refit put it into the group that
    stands for its own.
    """

    refit: Ints
    row: Ints
    group: Ints
    margin: Doubles
    right: Bools


def held_out(labels: Ints, found: Sequence[Refit]) -> HeldOut:
    """What every refit says of the rows that it did not draw; ``labels`` (n,) are the build's, -1 for none."""
    parts = []
    for number, one in enumerate(found):
        rows = np.flatnonzero(~one.drawn & (labels >= 0))
        right = (matched(labels, one) == labels)[rows]
        parts.append((np.full(len(rows), number), rows, labels[rows], one.margin[rows], right))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.empty(0)] * 5
    kinds = (np.int64, np.int64, np.int64, np.float64, np.bool_)
    return HeldOut(*(column.astype(kind) for column, kind in zip(columns, kinds, strict=True)))


@dataclass(frozen=True)
class Curve:
    """Confidence by margin: a logistic curve with a slope for all and a level for each group (Platt 1999)."""

    slope: float
    levels: Doubles

    def confidence(self, margin: Doubles, groups: Ints) -> Doubles:
        """The probability, 0 to 1, that a row with this margin is found in this group again."""
        return np.asarray(1 / (1 + np.exp(-(self.levels[groups] + self.slope * np.log(margin + BORDER)))), np.float64)


def calibrate(group: Ints, margin: Doubles, right: Bools, groups: int) -> Curve | None:
    """The curve of held-out rows; None where they are too few, or all alike.

    Fitted by scikit-learn with its usual ridge, which draws the level of a group with few rows to that of the others.
    """
    from sklearn.linear_model import LogisticRegression

    if len(right) < ENOUGH or right.all() or not right.any():
        return None
    features = np.column_stack([np.log(margin + BORDER), np.eye(groups)[group]])
    with single_threaded():
        model = LogisticRegression(max_iter=1000).fit(features, right)
    slope, *levels = model.coef_[0]
    return Curve(float(slope), np.asarray(levels + model.intercept_[0], np.float64))


def cross_calibrated(seen: HeldOut, groups: int) -> Doubles:
    """The confidence of every held-out row under the curve of the other refits; NaN where they give none."""
    answer = np.full(len(seen.right), np.nan)
    for number in np.unique(seen.refit):
        own = seen.refit == number
        curve = calibrate(seen.group[~own], seen.margin[~own], seen.right[~own], groups)
        if curve is not None:
            answer[own] = curve.confidence(seen.margin[own], seen.group[own])
    return answer


@dataclass(frozen=True)
class Bin:
    """Rows whose confidence lies between two tenths: how many, their mean confidence, and how many were right."""

    low: float
    n: int
    confidence: float
    right: float


def reliability(confidence: Doubles, right: Bools) -> list[Bin]:
    """The reliability diagram in BINS equal steps, those without rows left out."""
    step = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return [
        Bin(number / BINS, int(own.sum()), float(confidence[own].mean()), float(right[own].mean()))
        for number in range(BINS)
        if (own := step == number).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015): mean distance of the two, weighted by rows."""
    total = sum(one.n for one in bins)
    return sum(one.n * abs(one.confidence - one.right) for one in bins) / total if total else float("nan")
