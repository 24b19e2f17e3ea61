"""Stances of posts: complaint, question, wish, praise, thanks, answer, news, promotion or talk, by the bundled head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from riindex.algorithms.types import Doubles, Floats, Ints
from riindex.encoders.static import StaticEncoder
from riindex.labels.features import SIGNALS, features, is_negator
from riindex.labels.head import Head, read_head

STANCES = ("complaint", "question", "wish", "praise", "thanks", "answer", "news", "promotion", "talk")
UNCLEAR = "unclear"
MODEL = Path(__file__).parent.parent / "models" / "stances" / "head.safetensors"
# Verb and noun of each stance in a sentence on a persona: "41 % complain, 30 % ask".
VERBS = {
    "complaint": "complain", "question": "ask", "wish": "wish", "praise": "praise", "thanks": "thank",
    "answer": "answer", "news": "report news", "promotion": "promote", "talk": "talk", UNCLEAR: "are unclear",
}  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """Labels of n texts: the place of the likeliest class and of the next, and their probabilities."""

    best: Ints
    probability: Doubles
    runner_up: Ints
    runner_up_probability: Doubles


@cache
def bundled_head() -> Head:
    """Return the head that the package ships (sample_data/train_stances.py writes it)."""
    return read_head(MODEL)


def likeliest(probabilities: Doubles) -> Labelled:
    """Return the two likeliest classes of each row; of equal ones the first."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    rows = np.arange(len(probabilities))
    best, second = order[:, 0], order[:, 1]
    return Labelled(best, probabilities[rows, best], second, probabilities[rows, second])


@dataclass(frozen=True)
class Reason:
    """Part of the score by which the likeliest class leads the next: a word, or a sign in plain words."""

    what: str
    adds: float


def stance_reasons(head: Head, encoder: StaticEncoder, text: str, limit: int = 5) -> list[Reason]:
    """Return what speaks for the likeliest class of a text, against the next, the strongest first.

    A word's part is that of its vector and of its hashed features, alone and with the word before it.
    """
    vectors = encoder.encode([text])
    probabilities = head.probabilities([text], vectors)
    found = likeliest(probabilities)
    towards, against = int(found.best[0]), int(found.runner_up[0])
    signals = features([text])[1][0] * (head.signals[:, towards] - head.signals[:, against])
    parts = [Reason(SIGNALS[i], float(signals[i])) for i in np.flatnonzero(signals > 0).tolist()]
    parts += _word_parts(head, encoder, text, vectors, towards, against)
    return sorted((part for part in parts if part.adds > 0), key=lambda part: -part.adds)[:limit]


def _word_parts(
    head: Head, encoder: StaticEncoder, text: str, vectors: Floats, towards: int, against: int
) -> list[Reason]:
    """Return the part of each word: the score of the text less that of the text without the word."""
    words = text.split()
    if len(words) < 2:
        return []
    without = [" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))]
    scores = head.logits([text, *without], np.concatenate([vectors, encoder.encode(without)]))
    leads = scores[:, towards] - scores[:, against]
    return [Reason(_named(words, i), float(leads[0] - leads[i + 1])) for i in range(len(words))]


def _named(words: Sequence[str], place: int) -> str:
    """Return a word in quotation marks, with a negator before it."""
    negated = place > 0 and bool(is_negator(words[place - 1 : place])[0])
    shown = " ".join(words[place - negated : place + 1]).strip('.,;:()"“”')
    return f"“{shown or words[place]}”"
