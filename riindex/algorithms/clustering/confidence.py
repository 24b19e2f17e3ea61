"""Calibrated confidence: the measured probability that a refit puts a row into the same group again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riindex.algorithms.clustering.refits import Refit, matched_labels
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Bools, Doubles, Ints

# Added to a margin before its logarithm: it avoids log(0) for rows on the boundary.
MARGIN_OFFSET = 0.01
# The usual number of bins of the expected calibration error (Guo et al. 2017 take 15, Naeini et al. 2015 ten).
BINS = 10
# Fewest held-out rows for a calibration.
MIN_ROWS = 30


@dataclass(frozen=True)
class HeldOut:
    """Rows that a refit did not draw, with the group that the refit gave them.

    ``refit``: its number. ``group``: the row's group in the build. ``margin``: the row's margin in the refit.
    ``right``: whether the refit put it into the group that matches its own.
    """

    refit: Ints
    row: Ints
    group: Ints
    margin: Doubles
    right: Bools


def held_out(labels: Ints, found: Sequence[Refit]) -> HeldOut:
    """Collect the rows that each refit did not draw; ``labels`` (n,) are the build's, -1 for none."""
    parts = []
    for number, one in enumerate(found):
        rows = np.flatnonzero(~one.drawn & (labels >= 0))
        right = (matched_labels(labels, one) == labels)[rows]
        parts.append((np.full(len(rows), number), rows, labels[rows], one.margin[rows], right))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.empty(0)] * 5
    kinds = (np.int64, np.int64, np.int64, np.float64, np.bool_)
    return HeldOut(*(column.astype(kind) for column, kind in zip(columns, kinds, strict=True)))


@dataclass(frozen=True)
class ConfidenceCurve:
    """Confidence by margin: a logistic curve with one slope and an intercept for each group (Platt 1999)."""

    slope: float
    levels: Doubles

    def confidence(self, margin: Doubles, groups: Ints) -> Doubles:
        """Compute the probability, 0 to 1, that a row with this margin is found in this group again."""
        return np.asarray(
            1 / (1 + np.exp(-(self.levels[groups] + self.slope * np.log(margin + MARGIN_OFFSET)))), np.float64
        )


def fit_confidence_curve(group: Ints, margin: Doubles, right: Bools, groups: int) -> ConfidenceCurve | None:
    """Fit the curve to held-out rows; None where they are too few, or all of one outcome.

    Fitted by scikit-learn with its usual ridge, which draws the intercept of a group with few rows to that of the
    others.
    """
    from sklearn.linear_model import LogisticRegression

    if len(right) < MIN_ROWS or right.all() or not right.any():
        return None
    features = np.column_stack([np.log(margin + MARGIN_OFFSET), np.eye(groups)[group]])
    with single_threaded():
        model = LogisticRegression(max_iter=1000).fit(features, right)
    slope, *levels = model.coef_[0]
    return ConfidenceCurve(float(slope), np.asarray(levels + model.intercept_[0], np.float64))


def cross_validated_confidence(seen: HeldOut, groups: int) -> Doubles:
    """Compute the confidence of every held-out row under the curve of the other refits.

    NaN where they give no curve.
    """
    result = np.full(len(seen.right), np.nan)
    for number in np.unique(seen.refit):
        own = seen.refit == number
        curve = fit_confidence_curve(seen.group[~own], seen.margin[~own], seen.right[~own], groups)
        if curve is not None:
            result[own] = curve.confidence(seen.margin[own], seen.group[own])
    return result


@dataclass(frozen=True)
class ReliabilityBin:
    """Rows whose confidence lies between two tenths: number, mean confidence, and share that is right."""

    low: float
    n: int
    confidence: float
    right: float


def reliability_diagram(confidence: Doubles, right: Bools) -> list[ReliabilityBin]:
    """Compute the reliability diagram in BINS equal steps; bins without rows are left out."""
    step = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return [
        ReliabilityBin(number / BINS, int(own.sum()), float(confidence[own].mean()), float(right[own].mean()))
        for number in range(BINS)
        if (own := step == number).any()
    ]


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Compute the expected calibration error (Naeini, Cooper and Hauskrecht 2015).

    It is the mean distance between confidence and accuracy, weighted by rows; NaN without rows.
    """
    total = sum(one.n for one in bins)
    return sum(one.n * abs(one.confidence - one.right) for one in bins) / total if total else float("nan")
