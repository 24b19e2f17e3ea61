"""Methods of the published system, under their old names."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import QueryError

if TYPE_CHECKING:
    from riindex.store.database import Store

METHODS = ("language", "style", "size")


class ClassicCalls(ABC):
    """Methods of the published ``RIIndex``, on an open file at ``path``."""

    path: Path

    @property
    @abstractmethod
    def store(self) -> Store:
        """Open file."""

    def get_persona(self, persona_id: int) -> dict[str, Any] | None:
        """Return one persona in full, or None."""
        return next((card for card in self._cards if card["persona_id"] == persona_id), None)

    def get_persona_by_name(self, name: str) -> dict[str, Any] | None:
        """Return the persona of a name, in upper or lower case, or None."""
        return next((card for card in self._cards if card["name"].lower() == name.lower()), None)

    def list_personas(self, brief: bool = False) -> list[dict[str, Any]]:
        """Return all personas, in full or in brief."""
        from riindex.compat import cards

        return cards.brief_cards(self.store) if brief else self._cards

    def filter_personas(
        self,
        min_size: int | None = None,
        max_size: int | None = None,
        top_terms: Sequence[str] | None = None,
        peak_hour_range: tuple[int, int] | None = None,
        min_avg_word_count: float | None = None,
    ) -> list[dict[str, Any]]:
        """Return personas that meet every condition; one of ``top_terms`` is enough; hours are inclusive."""
        from riindex.compat import cards

        condition = cards.PersonaFilter(min_size, max_size, top_terms, peak_hour_range, min_avg_word_count)
        return [card for card in self._cards if condition.fits(card)]

    def get_persona_tweets(self, persona_id: int, limit: int | None = None) -> list[str]:
        """Return the ids of a persona's tweets, the most typical first."""
        from riindex.store.guard import positive

        rows = self.store.rows(
            "ask/documents/persona_tweets", persona=persona_id, limit=sys.maxsize if limit is None else positive(limit)
        )
        return [row[0] for row in rows]

    def get_tweet_persona(self, tweet_id: str) -> dict[str, Any] | None:
        """Return ``persona_id`` and ``persona_name`` of a tweet (of a dropped one, those of its duplicate), or None."""
        rows = self.store.rows("ask/documents/tweet_personas", tweet_id=str(tweet_id))
        return {"persona_id": rows[0][0], "persona_name": rows[0][1]} if rows else None

    def get_tweet_samples(self, persona_id: int, n_samples: int = 5) -> list[str]:
        """Return typical and different texts of a persona, personal data masked."""
        card = self.get_persona(persona_id)
        return [snippet["text"] for snippet in card["evidence_snippets"][:n_samples]] if card else []

    def find_similar_personas(self, persona_id: int, top_k: int = 3, method: str = "language") -> list[dict[str, Any]]:
        """Return the personas most similar to one by ``method``: persona_id, name, similarity, size."""
        from riindex.store.guard import positive

        if method not in METHODS:
            raise QueryError(f"personas cannot be compared by {method!r}", f"choose one of: {', '.join(METHODS)}")
        return self.store.records(
            "ask/personas/similar_personas", persona=persona_id, method=method, limit=positive(top_k)
        )

    def get_summary_stats(self) -> dict[str, Any]:
        """Return counts, sizes, quality and build settings of the index."""
        from riindex.ask.personas import summary

        return summary(self.store)

    def get_persona_coverage(self) -> dict[int, dict[str, Any]]:
        """Return persona → name, count and percentage of the kept tweets."""
        from riindex.ask.personas import coverage

        return coverage(self.store)

    def export(self, folder: str | os.PathLike[str], raw: bool = False) -> list[Path]:
        """Write the seven classic files, ``tweets.parquet`` and ``map.parquet``; texts are masked unless ``raw``."""
        from riindex.compat.files import export

        return export(self.store, Path(folder), raw)

    def export_for_app(self, path: str | os.PathLike[str]) -> Path:
        """Write the personas as one JSON file for applications; return its path.

        QueryError if there is another file, which no earlier call wrote.
        """
        from riindex.compat import cards
        from riindex.store.outputs import write_json

        target = Path(path)
        write_json(target, cards.app_cards(self.store))
        return target

    def print_summary(self) -> None:
        """Print a summary of the index."""
        stats = self.get_summary_stats()
        lines = [f"{stats['total_personas']} personas of {stats['total_tweets']:,} tweets ({self.path.name})"]
        lines += [
            f"{number:>3}  {row['name']}  {row['count']:,} tweets, {row['percentage']:.1f}%"
            for number, row in self.get_persona_coverage().items()
        ]
        sys.stdout.write("\n".join(lines) + "\n")

    @property
    def _cards(self) -> list[dict[str, Any]]:
        from riindex.compat import cards

        return cards.full_cards(self.store)
