"""Training of a head on labelled texts, with figures from texts that each fit did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riindex.algorithms.clustering.confidence import calibration_error, reliability_diagram
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.softmax_calibration import softmax
from riindex.algorithms.types import Doubles, Floats, Ints
from riindex.errors import ConfigError
from riindex.labels.features import BUCKETS, SIGNALS, features
from riindex.labels.head import SIGNAL_SCALE, VECTOR_SCALE, WORD_SCALE, Head

FOLDS = 5
MIN_EXAMPLES = 5  # texts of a class: one a fold
TEMPERATURES = np.geomspace(0.25, 4.0, 81)
MAX_ITERATIONS = 500
# Scale of the scores of a base head among the features, like the scales of the other blocks.
BASE_SCALE = 0.8


@dataclass(frozen=True)
class HeldOutFigures:
    """Figures of a head on held-out texts: ``macro_f1`` and ``accuracy``, 0 to 1, and calibration error (ECE)."""

    texts: int
    macro_f1: float
    accuracy: float
    calibration_error: float


def train_head(
    texts: Sequence[str], vectors: Floats, labels: Sequence[str], classes: Sequence[str] = (), penalty: float = 1.0,
    base: Head | None = None, groups: Sequence[str] = (),
) -> tuple[Head, HeldOutFigures]:  # fmt: skip
    """Fit a head on texts, their unit vectors by the bundled encoder, and their labels.

    The temperature, and the figures that are returned, come from FOLDS folds, each scored by a fit on the others.
    ``penalty``: the weight of the L2 penalty. ``base``: a head whose scores are features too, so that few labels build
    on what it knows; labels then weigh the same, however rare. ``groups``: the domain of each text; a fold is then a
    domain, scored by a fit that did not see it. The same input gives the same head. ConfigError for fewer than two
    classes, or fewer than MIN_EXAMPLES texts of one.
    """
    classes = list(classes) or sorted(set(labels))
    places = {name: place for place, name in enumerate(classes)}
    truth = np.array([places[label] for label in labels], np.int64)
    counts = np.bincount(truth, minlength=len(classes))
    if len(classes) < 2 or counts.min() < MIN_EXAMPLES:
        raise ConfigError(
            f"there are {len(classes)} labels, the rarest with {counts.min() if len(counts) else 0} texts",
            f"learning needs two labels or more, each on at least {MIN_EXAMPLES} texts",
        )
    known = None if base is None else _centred(base)
    matrix = _matrix(texts, vectors, known)
    model = _model(penalty, balanced=base is not None)
    with single_threaded():
        folds = np.unique(groups, return_inverse=True)[1] if groups else _folds(truth)
        held_out = _held_out_logits(model, matrix, truth, folds)
        temperature = _temperature(held_out, truth)
        weights, bias = _fit(model, matrix, truth)
    head = _head(classes, weights, bias, vectors.shape[1], temperature, known)
    return head, figures(softmax(held_out / temperature), truth)


def _centred(base: Head) -> Head:
    """Return a head whose scores are those of ``base`` less their mean, divided by its temperature."""

    def scaled(weights: Floats) -> Floats:
        return np.asarray((weights - weights.mean(axis=-1, keepdims=True)) / base.temperature, np.float32)

    return Head(
        base.classes, scaled(base.vectors), scaled(base.words), scaled(base.signals), scaled(base.bias), temperature=1.0
    )


def _head(
    classes: Sequence[str], weights: Doubles, bias: Doubles, dim: int, temperature: float, base: Head | None
) -> Head:
    """Return the head of fitted weights (k, features); scores of ``base`` are linear, so they become plain weights."""
    ends = np.cumsum([dim, BUCKETS, len(SIGNALS)])
    parts = [part.T for part in np.split(weights, ends, axis=1)]
    scales = (VECTOR_SCALE, WORD_SCALE, SIGNAL_SCALE)
    blocks = [part * scale for part, scale in zip(parts, scales, strict=False)] + [bias]
    if base is not None:
        mix = parts[3] * BASE_SCALE
        own = (base.vectors, base.words, base.signals, base.bias)
        blocks = [block + known @ mix for block, known in zip(blocks, own, strict=True)]
    own_vectors, words, signals, own_bias = (np.asarray(block, np.float32) for block in blocks)
    return Head(tuple(classes), own_vectors, words, signals, own_bias, temperature)


def figures(probabilities: Doubles, truth: Ints) -> HeldOutFigures:
    """Compute macro-F1, accuracy and the expected calibration error of the likeliest class."""
    best = probabilities.argmax(axis=1)
    scores = []
    for place in range(probabilities.shape[1]):
        hits = int(((best == place) & (truth == place)).sum())
        seen = int((best == place).sum() + (truth == place).sum())
        scores.append(2 * hits / seen if seen else 0.0)
    right = best == truth
    return HeldOutFigures(len(truth), float(np.mean(scores)), float(right.mean()),
                   calibration_error(reliability_diagram(probabilities.max(axis=1), right)))  # fmt: skip


def _matrix(texts: Sequence[str], vectors: Floats, base: Head | None) -> Any:
    from scipy.sparse import csr_array, hstack

    sparse, dense = features(texts)
    blocks = [csr_array(vectors * VECTOR_SCALE), sparse * WORD_SCALE, csr_array(dense * SIGNAL_SCALE)]
    if base is not None:
        blocks.append(csr_array(base.logits(texts, vectors) * BASE_SCALE))
    return csr_array(hstack(blocks)).astype(np.float64)


def _model(penalty: float, balanced: bool) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1 / penalty, max_iter=MAX_ITERATIONS, class_weight="balanced" if balanced else None)


def _fit(model: Any, matrix: Any, truth: Ints) -> tuple[Doubles, Doubles]:
    """Return weights (k, features) and bias (k,); of two classes, those of the first are zero."""
    model.fit(matrix, truth)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.concatenate([[0.0], bias])
    return np.asarray(weights, np.float64), np.asarray(bias, np.float64)


def _held_out_logits(model: Any, matrix: Any, truth: Ints, folds: Ints) -> Doubles:
    logits = np.zeros((len(truth), int(truth.max()) + 1))
    for fold in range(int(folds.max()) + 1):
        own, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights, bias = _fit(model, matrix[rest], truth[rest])
        logits[own] = matrix[own] @ weights.T + bias
    return logits


def _folds(truth: Ints) -> Ints:
    """Return a fold of every text, 0 to FOLDS - 1: the texts of a class in turn, in a fixed shuffled order."""
    order = np.random.default_rng(0).permutation(len(truth))
    ranked = order[np.argsort(truth[order], kind="stable")]
    folds = np.empty(len(truth), np.int64)
    folds[ranked] = np.arange(len(truth)) % FOLDS
    return folds


def _temperature(logits: Doubles, truth: Ints) -> float:
    """Return the temperature of the grid under which the held-out labels are likeliest."""
    rows = np.arange(len(truth))
    losses = [-np.log(np.maximum(softmax(logits / t)[rows, truth], 1e-12)).mean() for t in TEMPERATURES.tolist()]
    return float(TEMPERATURES[int(np.argmin(losses))])
