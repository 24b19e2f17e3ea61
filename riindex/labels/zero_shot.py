"""Zero-shot labels of texts: the best label of a dimension, its confidence, and every score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from riindex import encoders
from riindex.algorithms import softmax_calibration
from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.softmax_calibration import Calibration
from riindex.algorithms.types import Doubles, Floats, Ints
from riindex.config.sections import ClassifyConfig
from riindex.encoders.static import StaticEncoder
from riindex.labels.dimensions import UNSURE, Dimension, held_out_texts, published_dimensions

if TYPE_CHECKING:
    from riindex.labels.nli import Entailment


# Longest run of words that is compared with a phrasing: the phrasings have one to six.
MAX_RUN_WORDS = 5
# In a dimension whose answer leads a text, a run of words counts half after so many pieces.
HALF_LIFE = 60
# Texts whose runs are compared at a time; 200 words make 1,000 runs of 256 numbers.
BLOCK_TEXTS = 64
# A dimension without held-out texts is calibrated by its own scores, from so many texts on: as standard scores of each
# label, since one with general phrasings is near to every text (contextual calibration, Zhao et al. 2021). One standard
# deviation multiplies the odds by e, and none of the labels is as likely as one that lies so far below its mean. Both
# numbers were chosen on AG News and airline sentiment (tests/bench/README.md).
MIN_TEXTS = 30
OWN_CALIBRATION = Calibration(temperature=1.0, none_score=-1.0)


@dataclass(frozen=True)
class DimensionLabels:
    """One dimension of n texts: ``scores`` and ``probabilities`` (n, labels), ``best``, its ``confidence``.

    ``accepted``: the best label is likelier than none of them, and its confidence reaches the threshold.
    """

    dimension: Dimension
    scores: Doubles
    probabilities: Doubles
    best: Ints
    confidence: Doubles
    accepted: npt.NDArray[np.bool_]

    @property
    def labels(self) -> list[str]:
        """The label of every text, "unsure" where none is likely enough."""
        names = list(self.dimension.labels)
        return [
            names[i] if accepted else UNSURE
            for i, accepted in zip(self.best.tolist(), self.accepted.tolist(), strict=True)
        ]


def classify_texts(
    texts: Sequence[str], dimensions: Sequence[Dimension], config: ClassifyConfig, workers: Workers = ONE_WORKER
) -> list[DimensionLabels]:
    """Label ``texts`` by every dimension; no training, no network with the engine embedding.

    A score is a cosine (embedding) or the entailment's log-odds (nli). Confidences are a softmax whose temperature, and
    the level of "none of them", were fitted on held-out texts; of a dimension without such texts, scores are
    standardised over ``texts``; of fewer than MIN_TEXTS, the held-out texts of all dimensions serve.
    Raises ConfigError for a model that cannot be loaded, MissingExtra without the extra nli.
    """
    engine = _engine(config, workers)
    return [_label(engine, texts, dimension, config.threshold) for dimension in dimensions]


class WordRuns:
    """The engine ``embedding``: cosines between the runs of words of a text and the phrasings of a label.

    A vector of the bundled encoder is a sum of its words', so every run of up to MAX_RUN_WORDS words has one, and a
    label's score is the best cosine of any run with any of its phrasings: a description of eighty words states its
    industry in two.
    """

    def __init__(self, workers: Workers) -> None:
        encoder = encoders.load("static")
        assert isinstance(encoder, StaticEncoder)
        self._encoder = encoder
        self._workers = workers

    def scores(self, texts: Sequence[str], dimension: Dimension) -> Doubles:
        """Compute best cosines (n, labels), -1 to 1; of a text without a known word 0."""
        groups = list(dimension.labels.values())
        phrasings = np.concatenate([self._encoder.encode(group) for group in groups])
        starts = np.cumsum([0, *(len(group) for group in groups[:-1])])

        def block(span: slice) -> Doubles:
            near = np.array([self._nearest(text, phrasings, dimension.leads) for text in texts[span]], np.float64)
            return np.maximum.reduceat(near, starts, axis=1)

        parts = self._workers.map(block, spans(len(texts), BLOCK_TEXTS))
        return np.concatenate(parts) if parts else np.empty((0, len(groups)))

    def _nearest(self, text: str, phrasings: Floats, leads: bool) -> Floats:
        words = self._encoder.token_vectors(text)
        if not len(words):
            return np.zeros(len(phrasings), np.float32)
        sums = np.concatenate([np.zeros((1, words.shape[1])), np.cumsum(words, axis=0, dtype=np.float64)])
        lengths = range(1, min(MAX_RUN_WORDS, len(words)) + 1)
        runs = np.concatenate([sums[n:] - sums[:-n] for n in lengths])
        runs /= np.maximum(np.linalg.norm(runs, axis=1, keepdims=True), 1e-9)
        near = runs.astype(np.float32) @ phrasings.T
        if leads:
            begins = np.concatenate([np.arange(len(words) - n + 1) for n in lengths])
            near *= (0.5 ** (begins / HALF_LIFE)).astype(np.float32)[:, None]
        return np.asarray(near.max(axis=0), np.float32)


def _engine(config: ClassifyConfig, workers: Workers) -> WordRuns | Entailment:
    if config.engine == "nli":
        from riindex.labels.nli import Entailment

        return Entailment(config.model)
    return WordRuns(workers)


def _label(
    engine: WordRuns | Entailment, texts: Sequence[str], dimension: Dimension, threshold: float
) -> DimensionLabels:
    scores = engine.scores(texts, dimension)
    if len(texts) >= MIN_TEXTS and dimension != published_dimensions().get(dimension.name):
        probabilities = OWN_CALIBRATION.probabilities(standardised(scores))
    else:
        probabilities = _fitted_calibration(engine, dimension).probabilities(scores)
    best = probabilities[:, :-1].argmax(axis=1)
    confidence = probabilities[np.arange(len(best)), best]
    accepted = (confidence >= threshold) & (confidence > probabilities[:, -1])
    return DimensionLabels(dimension, scores, probabilities[:, :-1], best, confidence, accepted)


def standardised(scores: Doubles) -> Doubles:
    """Return the standard scores of each label over all texts, (n, labels)."""
    return np.asarray((scores - scores.mean(axis=0)) / np.maximum(scores.std(axis=0), 1e-6), np.float64)


def _fitted_calibration(engine: WordRuns | Entailment, dimension: Dimension) -> Calibration:
    """Fit on the held-out texts by this dimension, or where they have no such label by all published ones."""
    known = published_dimensions()
    fitted = [dimension] if dimension == known.get(dimension.name) else list(known.values())
    found = [(_held_out_scores(engine, each), _true_labels(each)) for each in fitted]
    # Labels differ in number: those that a dimension has fewer of never win.
    width = max(scores.shape[1] for scores, _ in found)
    scores = np.concatenate([_padded(scores, width) for scores, _ in found])
    truth = np.concatenate([np.where(truth < 0, width, truth) for _, truth in found])
    return softmax_calibration.fit_calibration(scores, truth)


def _held_out_scores(engine: WordRuns | Entailment, dimension: Dimension) -> Doubles:
    """Return the scores of the held-out texts, which are cached for the bundled encoder."""
    if isinstance(engine, WordRuns):
        return _held_out_scores_of_runs(dimension.name)
    return engine.scores([row["text"] for row in held_out_texts()], dimension)


@cache
def _held_out_scores_of_runs(name: str) -> Doubles:
    return WordRuns(ONE_WORKER).scores([row["text"] for row in held_out_texts()], published_dimensions()[name])


def _true_labels(dimension: Dimension) -> Ints:
    """Return the place of every held-out text's label; -1 for none."""
    places = {label: place for place, label in enumerate(dimension.labels)}
    return np.array([places.get(row.get(dimension.name, ""), -1) for row in held_out_texts()], np.int64)


def _padded(scores: Doubles, width: int) -> Doubles:
    return np.pad(scores, ((0, 0), (0, width - scores.shape[1])), constant_values=-1.0)
