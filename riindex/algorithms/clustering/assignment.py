"""Assignment of every row to its nearest centre, with a confidence and a runner-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Floats, Ints


@dataclass(frozen=True)
class Assignments:
    """Per row: the group, its distance, the probability of it, and the runner-up (-1 when there is one group)."""

    group: Ints
    distance: npt.NDArray[np.float64]
    confidence: npt.NDArray[np.float64]
    runner_up: Ints
    runner_up_distance: npt.NDArray[np.float64]

    @property
    def margin(self) -> npt.NDArray[np.float64]:
        """Relative gap to the runner-up: 1 - distance / runner-up distance, 0 (undecided) to 1."""
        far = np.where(self.runner_up >= 0, self.runner_up_distance, np.inf)
        return 1 - np.divide(self.distance, far, out=np.ones_like(far), where=far > 0)


def assign_rows(rows: Floats, centres: Floats, labels: Ints, workers: Workers = ONE_WORKER) -> Assignments:
    """Assign rows (n, d) to centres (k, d), euclidean. A label of 0 or more is kept; -1 goes to the nearest centre.

    Confidence is the posterior of the group in a mixture of equal spherical Gaussians around the centres, the model
    that k-means fits (Bishop 2006, 9.3.2); its variance is the mean squared distance of rows to their centre per
    dimension. The runner-up is the nearest other centre.
    """
    squared = np.concatenate(workers.map(lambda s: _squared(rows[s], centres), spans(len(rows))))
    group = np.where(labels >= 0, labels, squared.argmin(axis=1))
    index = np.arange(len(rows))
    own = squared[index, group]
    variance = max(float(np.mean(own)) / rows.shape[1], 1e-12)
    logits = -squared / (2 * variance)
    logits -= logits.max(axis=1, keepdims=True)
    weight = np.exp(logits)
    confidence = weight[index, group] / weight.sum(axis=1)
    others = squared.copy()
    others[index, group] = np.inf
    if centres.shape[0] > 1:
        runner_up = others.argmin(axis=1)
        runner_up_distance = np.sqrt(others[index, runner_up])
    else:
        runner_up = np.full(len(rows), -1)
        runner_up_distance = np.full(len(rows), np.nan)
    return Assignments(group, np.sqrt(own), confidence, runner_up, runner_up_distance)


def _squared(rows: Floats, centres: Floats) -> npt.NDArray[np.float64]:
    """Compute squared distances (n, k), never negative."""
    product = rows.astype(np.float64) @ centres.T.astype(np.float64)
    lengths = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)[:, None]
    squared = lengths + np.einsum("ij,ij->i", centres, centres, dtype=np.float64) - 2 * product
    return np.asarray(np.maximum(squared, 0), np.float64)
