"""The model card: origin and quality of a static model."""

from __future__ import annotations

from dataclasses import dataclass

from riindex.encoders.training.corpus import Corpus
from riindex.encoders.training.fit import Schedule

CARD = """\
---
library_name: model2vec
license: apache-2.0
base_model: {teacher}
tags: [static-embeddings, sentence-embeddings]
---
# A static encoder taught by {teacher}

A text's vector is the weighted sum of its pieces' vectors, scaled to unit length. {pieces:,} pieces of {dim}
dimensions in eight bits, one weight a piece. It opens with `riindex` and with `model2vec.StaticModel.from_pretrained`.

## Made from

Teacher: {teacher} (digest {digest}). Texts, after cleaning and without copies:

| corpus | SHA-256 | read | left out as test texts | used |
|---|---|---|---|---|
{corpora}

{about}
Left out: every text, compared by its letters and digits alone, that occurs in {excluded}.
Started from {start}; {epochs} epochs, batches of {batch}, seed {seed}:

    {command}

## Figures on {held_out:,} texts that the fit did not see

| | trained | plain distillation |
|---|---|---|
| mean cosine to the teacher | {cosine:.3f} | {cosine_plain:.3f} |
| ten nearest shared with the teacher | {overlap:.3f} | {overlap_plain:.3f} |

Eight bits against 32: mean cosine {int8_cosine:.5f}, ten nearest shared {int8_overlap:.3f}.

## Licence

The weights derive from {teacher}; its licence applies to them. The corpus itself is not part of the model.
"""


@dataclass(frozen=True)
class TrainingFacts:
    """Facts of a training run that the card states."""

    teacher: str
    teacher_digest: str
    corpora: tuple[Corpus, ...]
    excluded: tuple[str, ...]
    pieces: int
    dim: int
    schedule: Schedule
    command: str
    about: str
    start: str
    held_out: int
    cosine: float
    cosine_plain: float
    overlap: float
    overlap_plain: float
    int8_cosine: float
    int8_overlap: float


def write_card(facts: TrainingFacts) -> str:
    """Return the README.md of the model's folder."""
    corpora = "\n".join(
        f"| {corpus.name} | {corpus.sha256} | {corpus.read:,} | {corpus.excluded:,} | {len(corpus.texts):,} |"
        for corpus in facts.corpora
    )
    return CARD.format(
        teacher=facts.teacher,
        digest=facts.teacher_digest,
        corpora=corpora,
        excluded=", ".join(facts.excluded) or "no file (none was named)",
        pieces=facts.pieces,
        dim=facts.dim,
        epochs=facts.schedule.epochs,
        batch=facts.schedule.batch,
        seed=facts.schedule.seed,
        command=facts.command,
        about=f"{facts.about}\n" if facts.about else "",
        start=facts.start,
        held_out=facts.held_out,
        cosine=facts.cosine,
        cosine_plain=facts.cosine_plain,
        overlap=facts.overlap,
        overlap_plain=facts.overlap_plain,
        int8_cosine=facts.int8_cosine,
        int8_overlap=facts.int8_overlap,
    )
