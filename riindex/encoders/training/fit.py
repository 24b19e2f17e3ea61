"""Fit of token vectors whose sums match the teacher's vectors: start, fit, and shrinkage of rare tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.segment_sums import segment_sums
from riindex.algorithms.types import Floats
from riindex.encoders.base import scale_to_unit
from riindex.encoders.static import StaticEncoder
from riindex.encoders.tokens import Ids
from riindex.text.stop_words import romanised_hindi

SIF_SMOOTHING = 1e-3  # smooth inverse frequency (Arora et al. 2017); model2vec's 1e-4 is for its guessed frequencies
PRIOR_TEXTS = 1.0  # prior strength of the distilled vector of a token, in texts
RIDGE = 1.0
DROPOUT = 0.1  # share of a text's tokens left out at each step: a token alone must mean something
CONTINUATION_WEIGHT = (
    0.85  # weight of a piece inside a word: Hinglish neighbours 0.486 at 1, 0.488 below; AG News 0.856, 0.855
)
FUNCTION_WORD_WEIGHT = (
    0.1  # weight of romanised Hindi's function words: Hinglish neighbours 0.477 at 1, 0.489 without them
)
DAMPING_EXPONENT = (
    0.8  # exponent of a token's final weight: Banking77 NMI 0.711 at 1, 0.718 at 0.85, 0.726 at 0.7, 0.706 at 0.5
)


@dataclass(frozen=True)
class Schedule:
    """Settings of the fit; the defaults are the bundled model's."""

    epochs: int = 7
    batch: int = 1_024
    rate: float = 3e-3
    relational: float = 4.0
    seed: int = 0
    threads: int = 2


def principal_axes(vectors: Floats, dim: int) -> Floats:
    """Compute the ``dim`` directions that hold most of the vectors' length: (teacher's dim, dim), not centred.

    The sign of each axis is fixed, since a library may return either.
    """
    _, axes = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    axes = axes[:, ::-1][:, :dim]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return axes.astype(np.float32)


def starting_table(distilled: Floats, axes: Floats, counts: npt.NDArray[np.int64]) -> Floats:
    """Return plain distillation: each token as the teacher sees it alone, the frequent ones weighing less."""
    share = (counts + 1) / (counts.sum() + len(counts))
    weights = SIF_SMOOTHING / (SIF_SMOOTHING + share)
    table: Floats = scale_to_unit(distilled @ axes) * weights[:, None].astype(np.float32)
    return table


def continued_table(
    model: StaticEncoder, texts: Sequence[str], targets: Floats, pieces: Sequence[str], fallback: Floats
) -> Floats:
    """Map a static ``model``'s vector of each piece to the space of the ``targets`` of some ``texts``.

    A word that the model has no piece for is the sum of the pieces that it reads it as, so that the table gives every
    text the model's own vector. Sums stay sums under a linear map, here the least-squares one between both spaces. The
    rows of ``fallback`` stand in for pieces that the model does not know. ``damp_weights`` and ``lower_weights`` are
    undone first, since they follow the fit.
    """
    known, table = model.vocabulary()
    undamped = damp_weights(lower_weights(table, known, romanised_hindi(), undo=True), 1 / DAMPING_EXPONENT)
    ids, lengths = model.read(texts)
    predicted = scale_to_unit(segment_sums(undamped, ids, lengths)).astype(np.float64)
    square = predicted.T @ predicted + np.finfo(np.float32).eps * np.eye(predicted.shape[1])
    turn = np.linalg.solve(square, predicted.T @ targets).astype(np.float32)
    place = {piece: row for row, piece in enumerate(known)}
    words = [piece for piece in pieces if piece not in place and not piece.startswith("##")]
    sums = dict(zip(words, segment_sums(undamped, *model.read(words)), strict=True)) if words else {}
    rows = np.stack([
        undamped[place[piece]] if piece in place else sums.get(piece, np.zeros(model.dim, np.float32))
        for piece in pieces
    ])  # fmt: skip
    unknown = ~rows.any(axis=1)
    result: Floats = (rows @ turn).astype(np.float32)
    result[unknown] = fallback[unknown]
    return result


def fit_tokens(
    start: Floats,
    ids: Ids,
    lengths: Ids,
    targets: Floats,
    schedule: Schedule,
    shown: npt.NDArray[np.intp] | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Floats:
    """Move ``start`` so that the weighted sum over each text's tokens points where its target does.

    Every token has a direction and a weight of its own, so that its weight can vanish while its direction stays.
    ``shown`` names the texts to learn from, all when left out. ``progress`` is called batch by batch with the texts
    done and the batch's loss. The same on every run with the same number of threads.
    """
    import torch

    torch.manual_seed(schedule.seed)
    torch.set_num_threads(schedule.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    vectors = torch.nn.Parameter(torch.tensor(start, device=device))
    weights = torch.nn.Parameter(torch.zeros(len(start), device=device))
    optimiser = torch.optim.Adam([vectors, weights], lr=schedule.rate, fused=True)
    shown = np.arange(len(lengths)) if shown is None else shown
    steps = schedule.epochs * -(-len(shown) // schedule.batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, schedule.rate, total_steps=steps, pct_start=0.1)
    order = np.random.default_rng(schedule.seed)
    for _ in range(schedule.epochs):
        rows = order.permutation(shown)
        for first in range(0, len(rows), schedule.batch):
            texts = np.sort(rows[first : first + schedule.batch])
            loss = _loss(vectors, weights, _gather(ids, lengths, texts), targets[texts], schedule.relational)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
            if progress:
                progress(len(texts), float(loss.detach()))
    with torch.no_grad():
        table: Floats = (vectors * weights.exp()[:, None]).cpu().numpy()
    return table


def shrink_rare_tokens(
    start: Floats, fitted: Floats, counts: npt.NDArray[np.int64], prior: float = PRIOR_TEXTS
) -> Floats:
    """Shrink rare tokens to their distilled vectors, moved as the frequent tokens moved.

    The move is the least-squares map from start to fitted over the tokens, each counted by how often it was seen; a
    token seen n times keeps n / (n + prior) of what it learned.
    """
    seen = np.sqrt(np.minimum(counts, 1_000))[:, None].astype(np.float32)
    left, right = start * seen, fitted * seen
    move = np.linalg.solve(left.T @ left + RIDGE * np.eye(start.shape[1], dtype=np.float32), left.T @ right)
    learned = (counts / (counts + prior))[:, None].astype(np.float32)
    return (learned * fitted + (1 - learned) * (start @ move)).astype(np.float32)


def damp_weights(table: Floats, exponent: float = DAMPING_EXPONENT) -> Floats:
    """Bring the weights of tokens nearer to each other: each row's length to the power ``exponent``."""
    lengths = np.maximum(np.linalg.norm(table, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    damped: Floats = (table * lengths ** (exponent - 1)).astype(np.float32)
    return damped


def lower_weights(table: Floats, pieces: Sequence[str], function_words: frozenset[str], undo: bool = False) -> Floats:
    """Lower the weights of pieces inside words and of ``function_words``; with ``undo``, raise them again.

    A word that falls into pieces counts as often as it has pieces, and the function words of a language that the corpus
    seldom shows were never seen to be frequent.
    """
    weights = [
        CONTINUATION_WEIGHT if piece.startswith("##") else FUNCTION_WORD_WEIGHT if piece in function_words else 1.0
        for piece in pieces
    ]
    return table * np.array(weights, np.float32)[:, None] ** (-1 if undo else 1)


def _gather(ids: Ids, lengths: Ids, texts: npt.NDArray[np.intp]) -> tuple[Any, Any]:
    """Return the tokens of the chosen texts, one after another, and the start of each text."""
    import torch

    ends = np.cumsum(lengths, dtype=np.int64)
    sizes = lengths[texts].astype(np.int64)
    begins = np.cumsum(sizes) - sizes
    flat = np.arange(sizes.sum()) + np.repeat(ends[texts] - sizes - begins, sizes)
    return torch.from_numpy(ids[flat].astype(np.int64)), torch.from_numpy(begins)


def _loss(vectors: Any, weights: Any, tokens: tuple[Any, Any], targets: Floats, relational: float) -> Any:
    import torch
    from torch.nn import functional

    ids, begins = (part.to(vectors.device) for part in tokens)
    kept = (torch.rand(len(ids), device=ids.device) >= DROPOUT).to(vectors.dtype)
    predicted = functional.embedding_bag(ids, vectors, begins, mode="sum", per_sample_weights=weights.exp()[ids] * kept)
    predicted = functional.normalize(predicted)
    wanted = functional.normalize(torch.from_numpy(targets).to(vectors.device))
    loss = 1 - (predicted * wanted).sum(1).mean()
    if relational:
        loss = loss + relational * ((predicted @ predicted.T) - (wanted @ wanted.T)).square().mean()
    return loss
