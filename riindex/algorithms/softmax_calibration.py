"""Calibration of scores to probabilities by a softmax temperature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riindex.algorithms.types import Doubles, Ints

TEMPERATURES = np.geomspace(0.02, 4.0, 36)
GRID_LEVELS = 33


@dataclass(frozen=True)
class Calibration:
    """Softmax temperature (Guo et al. 2017), and the score at which "none of them" is as likely as a label."""

    temperature: float
    none_score: float

    def probabilities(self, scores: Doubles) -> Doubles:
        """Compute from scores (n, k) each label's probability and, last, that of none: float64 (n, k + 1)."""
        return softmax(np.column_stack([scores, np.full(len(scores), self.none_score)]) / self.temperature)


def fit_calibration(scores: Doubles, truth: Ints) -> Calibration:
    """Fit the calibration under which held-out ``truth`` (k: none of the k labels) is likeliest, from a grid."""
    levels = np.linspace(float(scores.min()), float(scores.max()), GRID_LEVELS)
    best = (np.inf, Calibration(1.0, 0.0))
    for level in levels.tolist():
        logits = np.column_stack([scores, np.full(len(scores), level)])[None] / TEMPERATURES[:, None, None]
        own = np.take_along_axis(logits, truth[None, :, None], axis=2)[:, :, 0]
        most = logits.max(axis=2)
        losses = (np.log(np.exp(logits - most[:, :, None]).sum(axis=2)) + most - own).mean(axis=1)
        place = int(losses.argmin())
        if losses[place] < best[0] - 1e-9:
            best = (float(losses[place]), Calibration(float(TEMPERATURES[place]), level))
    return best[1]


def softmax(logits: Doubles) -> Doubles:
    """Compute the softmax of each row."""
    weight = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True), np.float64)
