"""From corpora and a teacher to a static model: every step of ``ri encoder train``, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from riindex.algorithms.quantise import quantise_rows, restore_rows
from riindex.algorithms.types import Floats
from riindex.encoders import load
from riindex.encoders.base import scale_to_unit
from riindex.encoders.sentence import SentenceEncoder
from riindex.encoders.static import StaticEncoder
from riindex.encoders.tokens import TokenReader
from riindex.encoders.training.card import TrainingFacts, write_card
from riindex.encoders.training.clean import teacher_text
from riindex.encoders.training.corpus import MAX_CHARS, Corpus, excluded_keys, load_corpus
from riindex.encoders.training.fit import (
    Schedule,
    continued_table,
    damp_weights,
    fit_tokens,
    lower_weights,
    principal_axes,
    shrink_rare_tokens,
    starting_table,
)
from riindex.encoders.training.save import write_model
from riindex.encoders.training.teacher import encode_with_cache
from riindex.encoders.training.tokenizer import PADDING, UNKNOWN, choose_pieces, count_words, make_tokenizer
from riindex.errors import ConfigError, InputError
from riindex.machine.progress import Advance
from riindex.text.stop_words import romanised_hindi

HELD_OUT = 2_000  # texts the fit does not see, on which the card's figures are measured
MIN_TEXTS = 2 * HELD_OUT
CACHE = ".teacher"
ZIPF_SIF = 1e-4  # model2vec's default
DISTILLATION = "distillation"


class TrainingReport(Protocol):
    """Receiver of a training run's progress."""

    def step(self, name: str, total: int, unit: str) -> Advance:
        """Begin a step; return the callable that takes counts of what is done."""
        ...


@dataclass(frozen=True)
class TrainingRecipe:
    """Inputs and settings of a training run.

    ``start``: the static model that the fit goes on from, "static" or "model2vec:PATH", or DISTILLATION.
    """

    sources: tuple[tuple[Path, int], ...]
    teacher: str
    out: Path
    start: str = "static"
    dim: int = 256
    pieces: int = 32_000
    exclude: tuple[Path, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    command: str = ""
    about: str = ""


def train_encoder(recipe: TrainingRecipe, report: TrainingReport) -> StaticEncoder:
    """Train, write the model folder with its card, and open it.

    The teacher's vectors are kept under ``.teacher`` in the model's folder until the model is written; a run that was
    interrupted goes on there. The same recipe on the same machine gives a model with the same digest.

    Raises InputError for a corpus that cannot be read or is too small, ConfigError for a teacher that is not a sentence
    encoder or dimensions that it does not have.
    """
    teacher, known = _teacher(recipe), _starting_model(recipe)
    corpora = _corpora(recipe, report)
    texts = [text for corpus in corpora for text in corpus.texts]
    if len(texts) < MIN_TEXTS:
        raise InputError(f"{len(texts)} different texts are too few to learn from", f"give at least {MIN_TEXTS}")
    cache = recipe.out / CACHE
    vectors = _teacher_vectors(teacher, corpora, cache, report)

    words = count_words(texts)
    function_words = romanised_hindi()
    pieces = [PADDING, UNKNOWN, *choose_pieces(teacher.pieces(), words, recipe.pieces - 2, sorted(function_words))]
    advance = report.step("distil", len(pieces), "pieces")
    distilled = encode_with_cache(teacher.encode_pieces, f"{teacher.digest} pieces", pieces, cache, advance)

    tokenizer = make_tokenizer(pieces)
    ids, lengths = TokenReader(tokenizer).read(texts)
    counts = np.bincount(ids, minlength=len(pieces)).astype(np.int64)
    axes = principal_axes(vectors, recipe.dim)
    targets = scale_to_unit(vectors @ axes)
    plain = starting_table(distilled, axes, counts)
    start = plain if known is None else continued_table(known, texts, targets, pieces, plain)

    kept = np.random.default_rng(recipe.schedule.seed).permutation(len(texts))
    shown = np.sort(kept[HELD_OUT:])
    advance = report.step("train", recipe.schedule.epochs * len(shown), "texts")
    fitted = fit_tokens(start, ids, lengths, targets, recipe.schedule, shown, lambda count, _: advance(count))
    table = lower_weights(damp_weights(shrink_rare_tokens(start, fitted, counts)), pieces, function_words)
    facts = _facts(recipe, teacher, known, corpora, table, plain, texts, kept[:HELD_OUT], targets, tokenizer)
    write_model(recipe.out, table, tokenizer, _public_name(recipe.teacher), write_card(facts))
    return StaticEncoder(recipe.out, name=f"model2vec:{recipe.out}")


def _teacher(recipe: TrainingRecipe) -> SentenceEncoder:
    kind, _, model = recipe.teacher.partition(":")
    if kind != "sentence" or not model:
        raise ConfigError(f"{recipe.teacher!r} is not a teacher", "name one as sentence:NAME or sentence:PATH")
    teacher = SentenceEncoder(model, half=True)
    if recipe.dim > teacher.dim:
        raise ConfigError(f"the teacher has {teacher.dim} dimensions", f"--dim {teacher.dim} or less")
    return teacher


def _starting_model(recipe: TrainingRecipe) -> StaticEncoder | None:
    """Return the model to go on from, None to start from distillation."""
    if recipe.start == DISTILLATION:
        return None
    known = load(recipe.start) if recipe.start.partition(":")[0] in ("static", "model2vec") else None
    if not isinstance(known, StaticEncoder):
        raise ConfigError(
            f"{recipe.start!r} is not a model to start from", f"{DISTILLATION}, static or model2vec:FOLDER"
        )
    return known


def _start_name(recipe: TrainingRecipe, known: StaticEncoder | None) -> str:
    return DISTILLATION if known is None else f"{_public_name(recipe.start)} (digest {known.digest})"


def _corpora(recipe: TrainingRecipe, report: TrainingReport) -> list[Corpus]:
    advance = report.step("read", len(recipe.sources), "corpora")
    excluded = excluded_keys(recipe.exclude)
    corpora = []
    for path, limit in recipe.sources:
        corpora.append(load_corpus(path, limit, excluded, recipe.schedule.seed))
        advance(1)
    return corpora


def _teacher_vectors(
    teacher: SentenceEncoder, corpora: Sequence[Corpus], cache: Path, report: TrainingReport
) -> Floats:
    advance = report.step("teach", sum(len(corpus.texts) for corpus in corpora), "texts")
    return np.concatenate(
        [
            encode_with_cache(
                teacher.encode,
                teacher.digest,
                [teacher_text(text)[:MAX_CHARS] for text in corpus.texts],
                cache,
                advance,
            )
            for corpus in corpora
        ]
    )


def _facts(
    recipe: TrainingRecipe,
    teacher: SentenceEncoder,
    known: StaticEncoder | None,
    corpora: Sequence[Corpus],
    table: Floats,
    plain: Floats,
    texts: Sequence[str],
    held_out: np.ndarray,
    targets: Floats,
    tokenizer: object,
) -> TrainingFacts:
    """Compute the card's figures on the texts that the fit did not see."""
    from riindex.algorithms.segment_sums import segment_sums
    from riindex.encoders.training.evaluate import neighbour_overlap

    ids, lengths = TokenReader(tokenizer).read([texts[row] for row in held_out])
    exact, eight, distilled = (
        scale_to_unit(segment_sums(rows, ids, lengths)) for rows in (table, restore_rows(*quantise_rows(table)), plain)
    )
    truth = targets[held_out]
    return TrainingFacts(
        teacher=_public_name(recipe.teacher),
        teacher_digest=teacher.digest,
        corpora=tuple(corpora),
        excluded=tuple(path.name for path in recipe.exclude),
        pieces=len(table),
        dim=recipe.dim,
        schedule=recipe.schedule,
        command=recipe.command,
        about=recipe.about,
        start=_start_name(recipe, known),
        held_out=len(held_out),
        cosine=float((eight * truth).sum(axis=1).mean()),
        cosine_plain=float((distilled * truth).sum(axis=1).mean()),
        overlap=neighbour_overlap(eight, truth),
        overlap_plain=neighbour_overlap(distilled, truth),
        int8_cosine=float((eight * exact).sum(axis=1).mean()),
        int8_overlap=neighbour_overlap(eight, exact),
    )


def _public_name(teacher: str) -> str:
    """Return a model's name without its kind; of a path only its last part, since a path means nothing elsewhere."""
    model = teacher.partition(":")[2] or teacher
    return Path(model).name if Path(model).exists() else model


def distil_plain(teacher: SentenceEncoder, folder: Path, dim: int = 256, progress: Advance | None = None) -> None:
    """Write the plain distillation of ``teacher``, as model2vec makes it: the yardstick for training.

    Each piece as the teacher sees it alone, centred PCA, and weights from Zipf's law over the ids (SIF, 1e-4).
    """
    pieces = teacher.pieces()
    alone = encode_with_cache(teacher.encode_pieces, f"{teacher.digest} pieces", pieces, folder / CACHE, progress)
    centred = alone - alone.mean(axis=0)
    share = 1 / np.arange(2, len(pieces) + 2)
    weights = ZIPF_SIF / (ZIPF_SIF + share / share.sum())
    table = centred @ principal_axes(centred, dim) * weights[:, None]
    write_model(folder, table.astype(np.float32), teacher.tokenizer(), teacher.name, "Plain distillation.\n")
