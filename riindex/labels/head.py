"""Linear head on a text's vector, its hashed words and its signs: scores, calibrated probabilities, reasons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from riindex.algorithms.quantise import quantise_rows, restore_rows
from riindex.algorithms.softmax_calibration import softmax
from riindex.algorithms.types import Doubles, Floats
from riindex.errors import ConfigError
from riindex.labels.features import BUCKETS, SIGNALS, features

# Scale of the three blocks of features before the fit: with one penalty for all, a larger block is penalised less.
# Chosen by cross-validation on the project's own texts.
VECTOR_SCALE, WORD_SCALE, SIGNAL_SCALE = 3.0, 5.0, 1.0
FORMAT_VERSION = 1  # of the features and the arithmetic


@dataclass(frozen=True)
class Head:
    """Multinomial logistic regression over k ``classes``.

    ``vectors`` (dim, k), ``words`` (BUCKETS, k) and ``signals`` (len(SIGNALS), k) are weights of features as they are
    computed, ``bias`` (k,); logits are divided by ``temperature`` (Guo et al. 2017).
    """

    classes: tuple[str, ...]
    vectors: Floats
    words: Floats
    signals: Floats
    bias: Floats
    temperature: float

    def logits(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Compute the scores of n texts with their unit vectors of the bundled encoder: float32, shape (n, k)."""
        sparse, dense = features(texts)
        return np.asarray(vectors @ self.vectors + sparse @ self.words + dense @ self.signals + self.bias, np.float32)

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Doubles:
        """Compute the calibrated probability of every class: float64, shape (n, k), rows sum to 1."""
        return softmax(self.logits(texts, vectors).astype(np.float64) / self.temperature)

    def arrays(self) -> dict[str, Any]:
        """Return the weights as they are stored: the words in eight bits, one scale a class; the rest as float32."""
        words, scales = quantise_rows(np.ascontiguousarray(self.words.T))
        return {
            "vectors": self.vectors.astype(np.float32),
            "words": words,
            "word_scales": scales,
            "signals": self.signals.astype(np.float32),
            "bias": self.bias.astype(np.float32),
            "temperature": np.array([self.temperature], np.float32),
        }


def from_arrays(classes: Sequence[str], stored: dict[str, Any]) -> Head:
    """Return the head that ``Head.arrays`` wrote; ConfigError where the arrays are of another shape."""
    words = np.ascontiguousarray(restore_rows(stored["words"], stored["word_scales"]).T)
    head = Head(
        tuple(classes), stored["vectors"], words, stored["signals"], stored["bias"], float(stored["temperature"][0])
    )
    if words.shape != (BUCKETS, len(classes)) or len(head.signals) != len(SIGNALS):
        raise ConfigError("the head of labels is of another version", "train it again")
    return head


def to_bytes(head: Head) -> bytes:
    """Return the head as a safetensors file."""
    from safetensors.numpy import save

    about = {"classes": head.classes, "version": FORMAT_VERSION}
    # One entry: several are written in no fixed order.
    return bytes(save(head.arrays(), {"head": json.dumps(about, sort_keys=True)}))


def from_bytes(data: bytes) -> Head:
    """Return the head of a safetensors file; ConfigError for one of another version."""
    from safetensors.numpy import load

    size = int.from_bytes(data[:8], "little")
    about = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["head"])
    if about["version"] != FORMAT_VERSION:
        raise ConfigError("the head of labels is of another version", "train it again")
    return from_arrays(about["classes"], load(data))


def read_head(path: Path) -> Head:
    """Read a head from a file."""
    return from_bytes(path.read_bytes())
