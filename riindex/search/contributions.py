"""Contribution of each word to a similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riindex.encoders.static import StaticEncoder

    Fused = list[tuple[Any, ...]]


def contributions(encoder: StaticEncoder, target: npt.NDArray[np.float32], text: str) -> list[tuple[str, float]]:
    """Return the words of ``text`` with their contributions to its cosine with ``target``, a unit vector."""
    import numpy as np

    vectors = encoder.token_vectors(text)
    length = float(np.linalg.norm(vectors.sum(axis=0))) or 1.0
    words: dict[str, float] = {}
    spelled: list[str] = []
    shares: list[float] = []
    for piece, share in zip(encoder.tokens(text), (vectors @ target / length).tolist(), strict=True):
        if piece.startswith("##") and spelled:
            spelled[-1] += piece[2:]
            shares[-1] += share
        else:
            spelled.append(piece)
            shares.append(share)
    for word, share in zip(spelled, shares, strict=True):
        words[word] = words.get(word, 0.0) + share
    return sorted(words.items(), key=lambda item: (-item[1], item[0]))
