"""Personas as dictionaries of the published system, every value from the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riindex.ask.profile import namings
from riindex.store.builds import BuildRow, last_build
from riindex.store.database import Store

# Decimal places of the published figures.
_TERMS = 10
_BRIEF_TERMS = 5
_DIGITS = 4


def full_cards(store: Store) -> list[dict[str, Any]]:
    """Return every persona in the shape of ``personas_enriched.json``, by number; ``naming``: by a language model."""
    build = last_build(store)
    terms, hours = _grouped(store, "ask/personas/persona_terms"), _grouped(store, "ask/personas/persona_hours")
    hints, evidence = _grouped(store, "ask/personas/persona_hints"), _grouped(store, "ask/personas/persona_evidence")
    named = namings(store)
    return [
        _card(
            row,
            terms[row["persona_id"]],
            hours[row["persona_id"]],
            hints[row["persona_id"]],
            evidence[row["persona_id"]],
            build,
        )
        | ({"naming": named[row["persona_id"]]} if row["persona_id"] in named else {})
        for row in store.records("ask/personas/personas")
    ]


def brief_cards(store: Store) -> list[dict[str, Any]]:
    """Return every persona in the shape of ``persona_briefs.json``, by number."""
    return [
        {
            "persona_id": card["persona_id"],
            "name": card["name"],
            "snippets": [snippet["text"] for snippet in card["evidence_snippets"][:5]],
            "top_terms": [term["term"] for term in card["language_fingerprint"]["top_terms"][:_BRIEF_TERMS]],
            "talk_tracks": card["copy_hints"]["do_say"],
        }
        for card in full_cards(store)
    ]


def app_cards(store: Store) -> dict[str, Any]:
    """Return all personas in the shape of ``ri_index_app.json``."""
    cards = full_cards(store)
    return {
        "metadata": {
            "total_personas": len(cards),
            "total_tweets": sum(card["size"] for card in cards),
            "version": "1.0",
        },
        "personas": [
            {
                "id": card["persona_id"],
                "name": card["name"],
                "description": card["description"],
                "size": card["size"],
                "top_terms": [term["term"] for term in card["language_fingerprint"]["top_terms"][:_BRIEF_TERMS]],
                "peak_hour": card["behavior_fingerprint"]["temporal"]["peak_hour"],
                "copy_hints": card["copy_hints"],
            }
            for card in cards
        ],
    }


def _grouped(store: Store, name: str) -> defaultdict[int, list[dict[str, Any]]]:
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for record in store.records(name):
        groups[record["persona_id"]].append(record)
    return groups


def _card(
    row: dict[str, Any],
    terms: list[dict[str, Any]],
    hours: list[dict[str, Any]],
    hints: list[dict[str, Any]],
    evidence: list[dict[str, Any]],
    build: BuildRow,
) -> dict[str, Any]:
    ngrams = [t for t in terms if t["kind"] == "ngram"]
    return {
        "persona_id": row["persona_id"],
        "name": row["name"],
        "description": row["description"],
        "size": row["size"],
        "behavior_fingerprint": {
            "temporal": {
                "activity_by_hour": [h["n"] for h in hours],
                "peak_hour": row["peak_hour"],
                "weekday_weekend_ratio": _rounded(row["weekday_weekend_ratio"], 2),
                "total_tweets": row["size"],
                "note": f"Counted on all posts of the persona, in {build.timezone}",
            },
            "style": {
                "avg_text_length": _rounded(row["avg_text_length"], 1),
                "avg_word_count": _rounded(row["avg_word_count"], 1),
                "question_density": _rounded(row["question_density"], _DIGITS),
                "exclam_density": _rounded(row["exclam_density"], _DIGITS),
                "note": "Means over all posts of the persona",
            },
        },
        "language_fingerprint": {
            "top_terms": [
                {"term": t["term"], "tfidf": _rounded(t["tfidf"], _DIGITS)} for t in terms if t["kind"] == "term"
            ][:_TERMS],
            "top_ngrams": [{"ngram": t["term"], "tfidf": _rounded(t["tfidf"], _DIGITS)} for t in ngrams][:_TERMS],
            "salient_phrases": [t["term"] for t in ngrams if t["term"].count(" ") > 1][:_TERMS],
        },
        "evidence_snippets": [
            {
                "snippet_id": f"cluster_{row['persona_id']}_sample_{e['rank'] - 1}",
                "text": e["text"],
                "source_id": e["tweet_id"],
            }
            for e in evidence
        ],
        "copy_hints": {f"{kind}_say": [h["hint"] for h in hints if h["kind"] == kind] for kind in ("do", "dont")},
        "grounding": [{"hint": h["hint"], "grounded_by": f"{h['grounded_table']}: {h['grounded_key']}"} for h in hints],
        "last_updated": build.finished_at.isoformat(),
        "config_hash": build.config_digest,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


@dataclass(frozen=True)
class PersonaFilter:
    """Conditions on personas, None for no condition; one of ``top_terms`` is enough; hours are inclusive."""

    min_size: int | None = None
    max_size: int | None = None
    top_terms: Sequence[str] | None = None
    peak_hour_range: tuple[int, int] | None = None
    min_avg_word_count: float | None = None

    def fits(self, card: dict[str, Any]) -> bool:
        """Return True if a persona, as returned by ``full_cards``, meets every condition."""
        peak = card["behavior_fingerprint"]["temporal"]["peak_hour"]
        words = card["behavior_fingerprint"]["style"]["avg_word_count"]
        terms = {term["term"] for term in card["language_fingerprint"]["top_terms"]}
        requested = {term.lower() for term in self.top_terms or ()}
        hours = self.peak_hour_range
        return (
            (self.min_size is None or card["size"] >= self.min_size)
            and (self.max_size is None or card["size"] <= self.max_size)
            and (not requested or bool(requested & terms))
            and (hours is None or (peak is not None and hours[0] <= peak <= hours[1]))
            and (self.min_avg_word_count is None or (words is not None and words >= self.min_avg_word_count))
        )
