"""The interface of an encoder, and what all encoders share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from riindex.algorithms.types import Floats, Ints
from riindex.errors import ConfigError
from riindex.machine.progress import Advance


class Encoder(Protocol):
    """Encoder of texts into unit vectors; the same text always gives the same vector."""

    @property
    def name(self) -> str:
        """Name by which the user chose it, e.g. ``static`` or ``sentence:all-MiniLM-L6-v2``."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def digest(self) -> str:
        """Hex digest of everything the vectors depend on: weights, vocabulary, treatment of text."""
        ...

    def encode(self, texts: Sequence[str], progress: Advance | None = None) -> Floats:
        """Encode ``texts``: float32, shape (n, dim), unit length (a text without a known token: zeros).

        ``progress`` is called with the number of texts done since its last call.
        """
        ...


@runtime_checkable
class ReadsWords(Protocol):
    """Encoder that can measure how much of a text it knows."""

    def known_letters(self, texts: Sequence[str]) -> Ints:
        """Count the letters of each text in words, or pieces of words, that the encoder knows."""
        ...


def scale_to_unit(vectors: Floats) -> Floats:
    """Scale ``vectors`` to unit length, in place; a row of zeros stays zeros."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    norms[norms == 0] = 1.0
    vectors /= norms[:, None]
    return vectors


def model_not_cached(model: str) -> ConfigError:
    """Return the error for a model that an index names and this machine does not have.

    Such a model is not fetched unasked.
    """
    return ConfigError(
        f"the index was made with the model {model!r}, which is not on this machine",
        f"fetch it yourself if you trust it: hf download {model}; ri similar --mode keyword needs no model",
    )


def text_batches(texts: Sequence[str], max_texts: int, characters: int) -> Iterator[slice]:
    """Yield slices of ``texts`` of at most ``max_texts`` texts and, unless of one text, ``characters`` characters."""
    start = size = 0
    for place, text in enumerate(texts):
        if place - start == max_texts or (place > start and size + len(text) > characters):
            yield slice(start, place)
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield slice(start, len(texts))
