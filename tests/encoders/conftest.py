from __future__ import annotations

import random

import numpy as np
import pytest

from riindex.encoders.static import StaticEncoder


@pytest.fixture(scope="session")
def static() -> StaticEncoder:
    return StaticEncoder()


@pytest.fixture
def posts() -> list[str]:
    """Seeded posts of topics that share words, with the odds and ends of real ones."""
    draw = random.Random(7)
    topics = (
        ["flight", "delay", "gate", "luggage", "crew", "landing", "seat", "boarding"],
        ["song", "playlist", "album", "artist", "concert", "band", "tour", "lyrics"],
        ["stock", "market", "price", "shares", "earnings", "trade", "dividend", "fund"],
    )
    ends = ["", " 😂😂", " https://t.co/abc", " #FreeShipping", " soooo good", " @someone", " nahi yaar", " &amp; more"]
    return [
        " ".join(draw.choices(draw.choice(topics), k=draw.randint(4, 12))) + draw.choice(ends) for _ in range(5_000)
    ]


class TinyTeacher:
    """A teacher without torch: each word has a random direction, a text is their sum."""

    name = "sentence:tiny"
    dim = 48

    def __init__(self, *_: object, **__: object) -> None:
        self.digest = "tiny"
        self.calls = 0
        self.fail_at: int | None = None

    def encode(self, texts: list[str], progress: object = None) -> np.ndarray:
        self.calls += 1
        if self.calls == self.fail_at:
            raise KeyboardInterrupt
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split() or ["nothing"]:
                out[row] += np.random.default_rng(sum(map(ord, word))).normal(size=self.dim)
        return (out / np.linalg.norm(out, axis=1, keepdims=True)).astype(np.float32)

    encode_pieces = encode

    def pieces(self) -> list[str]:
        letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
        return ["[PAD]", "[UNK]", "[unused1]", *letters, *(f"##{letter}" for letter in letters)]


@pytest.fixture
def tiny_teacher(monkeypatch: pytest.MonkeyPatch) -> TinyTeacher:
    teacher = TinyTeacher()
    monkeypatch.setattr("riindex.encoders.training.train._teacher", lambda recipe: teacher)
    return teacher
