"""Reasons why a document has its persona and not the runner-up: terms, and contributions of words and traits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Doubles
from riindex.ask.snapshot import Snapshot
from riindex.errors import QueryError
from riindex.search.contributions import contributions
from riindex.store.database import Store

if TYPE_CHECKING:
    from riindex.encoders.static import StaticEncoder


@dataclass(frozen=True)
class Trait:
    """Trait of behaviour (or a label): the document's value, both personas' means, and its contribution."""

    feature: str
    value: float | None
    mean: float | None
    runner_up_mean: float | None
    adds: float


@dataclass(frozen=True)
class Reasons:
    """Decomposition of the distance by which the persona is nearer than the runner-up; negative parts favour that.

    ``total``: the squared distance to the runner-up's centre minus that to its own, where two random documents have
    distance 1. It is the sum of ``text`` and ``behaviour``; behaviour is the sum of ``traits``, text that of ``words``
    and ``base``, which every text has. ``words`` is None if the encoder's vectors are not sums of words.
    """

    total: float
    text: float
    behaviour: float
    words: Sequence[tuple[str, float]] | None
    base: float | None
    traits: Sequence[Trait]


def why(now: Snapshot, tweet_id: str) -> dict[str, Any]:
    """Return why a document has its persona and not the runner-up, or why it was left out.

    Keys: speaker (with its signs) and stance (with its reasons), None where the file has none; persona, confidence,
    distances, raw label; ``says`` and ``runner_up_says`` list the distinctive terms of either persona that the text
    has, with their lift; ``reasons`` the contribution of each word and trait (see ``Reasons``),
    None if there is no runner-up or the file does not contain it. QueryError for an unknown id.
    """
    store = now.store
    found = store.records("ask/documents/why", tweet_id=str(tweet_id))
    if not found:
        raise QueryError(f"there is no tweet {tweet_id}", "ids are text: see ri tweets")
    answer = found[0]
    answer["says"], answer["runner_up_says"], answer["reasons"] = [], [], None
    answer["speaker"] = _speaker(now, answer)
    answer["stance"] = _stance(now, answer)
    persona, runner_up = answer["persona_id"], answer["runner_up_id"]
    if persona is None:
        return answer
    words = store.records(
        "ask/documents/why_words",
        doc_id=answer["doc_id"],
        persona=persona,
        runner_up=-1 if runner_up is None else runner_up,
    )
    for word in words:
        side = "says" if word.pop("persona_id") == persona else "runner_up_says"
        answer[side].append(word)
    if runner_up is not None:
        answer["reasons"] = _reasons_of(now, answer)
    return answer


def _speaker(now: Snapshot, answer: dict[str, Any]) -> dict[str, Any] | None:
    """Return who speaks in a document, how clear that is, and the signs of it."""
    found = now.store.records("ask/documents/speaker", tweet_id=answer["tweet_id"]) if now.store.has("speakers") else []
    return found[0] if found else None


def _stance(now: Snapshot, answer: dict[str, Any]) -> dict[str, Any] | None:
    """Return the stance of a document, its probability, the next stance, and the parts of the text that decide."""
    from riindex import encoders
    from riindex.encoders.static import StaticEncoder
    from riindex.labels.stances import bundled_head, stance_reasons

    found = now.store.records("ask/documents/stance", tweet_id=answer["tweet_id"]) if now.store.has("stances") else []
    if not found:
        return None
    if found[0]["best_stance"] is None:
        return {**found[0], "reasons": []}
    now.store.run("shared/text")
    text = now.store.value("ask/documents/text_of", tweet_id=answer["tweet_id"])
    encoder = encoders.load("static")
    assert isinstance(encoder, StaticEncoder)
    reasons = stance_reasons(bundled_head(), encoder, text)
    return {**found[0], "reasons": [(reason.what, reason.adds) for reason in reasons]}


def _reasons_of(now: Snapshot, answer: dict[str, Any]) -> dict[str, Any] | None:
    from riindex.encoders.static import StaticEncoder

    kind = now.build.encoder.partition(":")[0]
    encoder = now.encoder if kind not in ("column", "sentence") else None
    now.store.run("shared/text")
    text = now.store.value("ask/documents/text_of", tweet_id=answer["tweet_id"])
    static = encoder if isinstance(encoder, StaticEncoder) else None
    found = reasons(now.store, answer["doc_id"], answer["persona_id"], answer["runner_up_id"], static, text)
    return None if found is None else asdict(found)


def reasons(
    store: Store, doc_id: int, persona: int, runner_up: int, encoder: StaticEncoder | None, text: str
) -> Reasons | None:
    """Decompose the difference in distance between two personas, the largest contributions first.

    None if the file has no coordinates (a shipped copy), or the space of the personas is not the fused one (UMAP or PCA
    of it), whose coordinates are not single words and traits.
    """
    if not {"axes", "reduced", "persona_centres"} <= store.tables() or not store.value("ask/documents/is_fused"):
        return None
    axes = store.records("ask/documents/axes")
    row, own, other = (
        np.array(vector, np.float64)
        for (vector,) in store.rows("ask/documents/coordinates", doc_id=doc_id, persona=persona, runner_up=runner_up)
    )
    adds = (row - other) ** 2 - (row - own) ** 2
    textual = np.array([axis["block"] == "text" for axis in axes])
    words, base = None, None
    if encoder is not None and textual.any():
        # The text's part of the difference is linear in its vector, and therefore a sum over its words.
        towards = 2 * (own - other)[textual]
        target = towards @ np.array([axis["vector"] for axis in axes if axis["block"] == "text"], np.float64)
        words = sorted(contributions(encoder, target.astype(np.float32), text), key=lambda item: -abs(item[1]))
        base = float(adds[textual].sum() - sum(share for _, share in words))
    behaviours = float(adds[~textual].sum())
    traits = _traits(store, doc_id, persona, runner_up, [axis["feature"] for axis in axes], adds, textual)
    return Reasons(float(adds.sum()), float(adds[textual].sum()), behaviours, words, base, traits)


def _traits(
    store: Store, doc_id: int, persona: int, runner_up: int, features: Sequence[str], adds: Doubles,
    textual: npt.NDArray[np.bool_],
) -> list[Trait]:  # fmt: skip
    traits = {
        row["feature"]: row
        for row in store.records("ask/documents/why_traits", doc_id=doc_id, persona=persona, runner_up=runner_up)
    }
    found = []
    for place in np.flatnonzero(~textual).tolist():
        row = traits.get(features[place], {"value": None, "mean": None, "runner_up_mean": None})
        found.append(Trait(features[place], row["value"], row["mean"], row["runner_up_mean"], float(adds[place])))
    return sorted(found, key=lambda trait: -abs(trait.adds))
