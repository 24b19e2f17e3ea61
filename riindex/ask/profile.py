"""Profile of a persona, as every interface shows it: each figure with the claim that proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riindex.ask.personas import named_persona, trends
from riindex.labels.stances import UNCLEAR, VERBS
from riindex.store.database import Store

Row = Mapping[str, Any]
# Stances with a smaller share of the posts, and beyond so many, are not part of the sentence.
MIN_STANCE_SHARE, MAX_STANCES = 0.05, 4
# Share of unclear posts above which the others say little about a persona: the texts are unlike those of the training.
MAX_UNCLEAR = 0.5


@dataclass(frozen=True)
class PersonaProfile:
    """Data of a persona for a card, a report, a page or an application.

    ``figures``: the row of ``personas``: size, share, core_size, n_authors, coherence, stability and others; ``health``
    that of ``persona_quality``. ``terms``, ``hours``, ``traits``, ``hints``, ``evidence``, ``labels``, ``stances``,
    ``weeks`` and ``growth`` are rows of the tables of these names, the strongest first. ``claims``: id → sentence, its
    figures, and the SQL that computes them; terms, hours, traits and hints have the id under ``claim_id``, None if no
    claim is about them. ``naming``: the name and sentence of a language model, if one was used.
    """

    persona_id: int
    name: str
    tier: str
    description: str
    figures: Row
    health: Row
    claims: Mapping[str, Row]
    terms: Sequence[Row]
    hours: Sequence[Row]
    weeks: Sequence[Row]
    growth: Row
    traits: Sequence[Row]
    labels: Sequence[Row]
    stances: Sequence[Row]
    hints: Sequence[Row]
    evidence: Sequence[Row]
    naming: Row | None

    def claim_of(self, kind: str, subject: str = "") -> str | None:
        """Return the id of the claim on a ``term``, ``trait`` or ``hour``, by its name, or on the ``size``."""
        return _claim_of(self.claims, kind, subject)

    def stance_sentence(self) -> str:
        """Return the stances of its posts in words: "41% complain, 30% ask"; empty where most are unclear."""
        if any(row["stance"] == UNCLEAR and row["share"] > MAX_UNCLEAR for row in self.stances):
            return ""
        told = [row for row in self.stances if row["share"] >= MIN_STANCE_SHARE and row["stance"] != UNCLEAR]
        return ", ".join(f"{row['share']:.0%} {VERBS[row['stance']]}" for row in told[:MAX_STANCES])

    def described_by(self) -> list[str]:
        """Return the ids of the claims of the description, in its order."""
        return [claim["claim_id"] for claim in self.claims.values() if claim["place"] == "description"]


def profile(store: Store, persona: int | str) -> PersonaProfile:
    """Return the profile of a persona given by number or name; QueryError if there is none."""
    number, name = named_persona(store, persona)
    figures = _own(store, "ask/personas/personas", number)[0]
    claims = {claim["claim_id"]: claim for claim in store.records("ask/personas/claims", persona=number)}

    def proven(rows: Sequence[dict[str, Any]], kind: str, subject: str) -> list[dict[str, Any]]:
        return [{**row, "claim_id": _claim_of(claims, kind, str(row[subject]))} for row in rows]

    return PersonaProfile(
        persona_id=number,
        name=name,
        tier=figures["tier"],
        description=figures["description"],
        figures=figures,
        health=next(iter(_own(store, "ask/quality/persona_quality", number)), {}),
        claims=claims,
        terms=proven(_own(store, "ask/personas/persona_terms", number), "term", "term"),
        hours=proven(_own(store, "ask/personas/persona_hours", number), "hour", "hour"),
        weeks=store.records("ask/personas/persona_weeks", persona=number),
        growth=trends(store, number)[0],
        traits=proven(_own(store, "ask/personas/persona_traits", number), "trait", "feature"),
        labels=store.records("ask/personas/persona_labels", persona=number) if store.has("labels") else [],
        stances=_own(store, "ask/personas/persona_stances", number) if store.has("persona_stances") else [],
        hints=_own(store, "ask/personas/persona_hints", number),
        evidence=_own(store, "ask/personas/persona_evidence", number),
        naming=namings(store).get(number),
    )


def namings(store: Store) -> dict[int, dict[str, Any]]:
    """Return persona → model, name, sentence and claim_ids, for personas named by a language model."""
    found = store.records("ask/personas/namings") if store.has("namings") else []
    return {row.pop("persona_id"): row for row in found}


def _own(store: Store, name: str, persona: int) -> list[dict[str, Any]]:
    return [row for row in store.records(name) if row["persona_id"] == persona]


def _claim_of(claims: Mapping[str, Row], kind: str, subject: str) -> str | None:
    return next((id_ for id_, claim in claims.items() if (claim["kind"], claim["subject"]) == (kind, subject)), None)
