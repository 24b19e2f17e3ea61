"""Similarity search by meaning, by words or by both; the filter always comes before the ranking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riindex.errors import IndexNotFound
from riindex.search import planner
from riindex.search.backends import ArrayReader, FileReader, Reader, target
from riindex.search.planner import SearchPlan
from riindex.store.database import Store
from riindex.store.guard import filtered

if TYPE_CHECKING:
    import polars as pl

    from riindex.algorithms.types import Floats
    from riindex.search.arrays import Arrays
    from riindex.search.backends import Document, Ranked
    from riindex.search.lance import VectorTable

    Fused = list[tuple[Any, ...]]  # key, score, and after fusion the rank in both lists

RRF_K = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)
MIN_FUSED_DEPTH = 50  # least depth of each list before the two are fused


@dataclass(frozen=True)
class Filter:
    """Conditions that every result must meet: a SQL condition over ``tweets``, a persona, both or none."""

    where: str | None = None
    persona: int | None = None

    def __bool__(self) -> bool:
        return self.where is not None or self.persona is not None


class Search:
    """Searches of one request: the filter is evaluated once, then each text or vector is ranked.

    ``kept``: number of documents; ``names``: those of the personas. ``search_files``: the arrays and the vector table,
    or the reason why they are not usable and the file is read. ``loaded``: True if the library of the vector table is
    loaded, or will serve many searches. ``exact``: read every vector that passes, regardless of the estimates.
    """

    def __init__(
        self, store: Store, kept: int, names: Mapping[int, str], condition: Filter,
        search_files: tuple[Arrays, VectorTable] | str, loaded: bool, exact: bool = False,
    ) -> None:  # fmt: skip
        self._kept = kept
        self._names = names
        self._reader: Reader = FileReader(store)
        self._table: VectorTable | str
        if isinstance(search_files, str):
            self._table = search_files
        else:
            arrays, self._table = search_files
            self._reader = ArrayReader(store, arrays)
        if exact:
            self._table = "an exact result was requested"
        self._loaded = loaded
        self._documents: dict[int, Document] = {}
        self.took: dict[str, float] = {}
        with self._timed("filter"):
            self._passing = self._filtered(store, condition) if condition else None

    def find(
        self, vectors: Sequence[Floats | None], texts: Sequence[str | None], limit: int
    ) -> tuple[list[dict[str, Any]], SearchPlan]:
        """Return the best rows of every query: query (its number), tweet_id, score, persona_id, persona_name, text.

        By a unit vector: score is the cosine, -1 to 1. By the keywords of a text: BM25. By both: reciprocal rank
        fusion, with vector_rank and keyword_rank.
        """
        closed = self._table if isinstance(self._table, str) else None
        plan = planner.choose(self._kept, self._passing, limit, self._reader.costs, closed, self._loaded)
        answers: list[Fused] = []
        for vector, text in zip(vectors, texts, strict=True):
            with self._timed("rank"):
                answers.append(self._ranked(vector, text, limit, plan))
        with self._timed("read"):
            self._documents.update(self._reader.rows({key for ranked in answers for key, _, *_ in ranked}))
        plan.took_ms = {step: round(1_000 * seconds, 2) for step, seconds in self.took.items()}
        return [self._row(number, *hit) for number, ranked in enumerate(answers) for hit in ranked], plan

    def _filtered(self, store: Store, condition: Filter) -> int:
        """Restrict the reader to the documents that pass, and return their number."""
        of = store.table("tweets" if condition.where is not None else "assignments")
        return self._reader.restrict(filtered(of, condition.where, condition.persona))

    def _ranked(self, vector: Floats | None, text: str | None, limit: int, plan: SearchPlan) -> Fused:
        """Return key and score, the best first; after fusion also both ranks."""
        if text is None:
            assert vector is not None
            return list(self._near(vector, limit, plan))
        if vector is None:
            return list(self._reader.bm25(text, limit))
        deep = max(MIN_FUSED_DEPTH, 5 * limit)
        return _fused(self._near(vector, deep, plan), self._reader.bm25(text, deep), limit)

    def _near(self, vector: Floats, limit: int, plan: SearchPlan) -> Ranked:
        if not vector.any():  # the vector of a text without a known word
            return []
        listed = None if plan.exact else self._listed(vector, limit, plan)
        return self._reader.near(vector, limit) if listed is None else listed

    def _listed(self, vector: Floats, limit: int, plan: SearchPlan) -> Ranked | None:
        """Return the nearest by the vector table; None, with the reason in the plan, if it returns too few."""
        assert isinstance(self._reader, ArrayReader)
        assert not isinstance(self._table, str)
        try:
            # Documents that pass a filter are further away, in other partitions than the nearest of all.
            depth = max(plan.depth, planner.candidates(limit))
            nearest = self._table.nearest(vector, depth, everywhere=plan.way == "deepened list")
        except IndexNotFound as problem:
            plan.give_up(str(problem))
            return None
        found, passing = self._reader.near_listed(vector, limit, nearest)
        if passing < min(plan.passing, planner.min_passing(limit)):
            plan.give_up("too few of the nearest documents pass the filter")
            return None
        return found

    def _row(self, query: int, key: int, score: float, *ranks: int | None) -> dict[str, Any]:
        tweet_id, persona, text = self._documents[key]
        row = {"query": query, "tweet_id": tweet_id, "score": score, "persona_id": persona}
        row |= {"persona_name": None if persona is None else self._names[persona], "text": text}
        return row | dict(zip(("vector_rank", "keyword_rank"), ranks, strict=False))

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[step] = self.took.get(step, 0.0) + time.perf_counter() - started


def frame(rows: Sequence[Mapping[str, Any]], fused: bool) -> pl.DataFrame:
    """Return the rows of a result as a data frame, with both ranks after fusion."""
    import polars as pl

    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "query": pl.Int32, "tweet_id": pl.String, "score": pl.Float64, "persona_id": pl.Int32,
        "persona_name": pl.String, "text": pl.String,
    }  # fmt: skip
    if fused:
        columns |= {"vector_rank": pl.Int64, "keyword_rank": pl.Int64}
    return pl.DataFrame(rows, schema=columns)


def nearest_personas(store: Store, vector: Floats, limit: int) -> list[dict[str, Any]]:
    """Return the ``limit`` personas with the centroids nearest to a unit ``vector``.

    No persona is near to a vector of zeros.
    """
    if not vector.any():
        return []
    return store.records("search/personas", target=target(vector), limit=limit)


def _fused(near: Ranked, bm25: Ranked, limit: int) -> Fused:
    """Return both lists as one, by the sum of 1 / (RRF_K + rank); a document of one list has no rank in the other."""
    by_vector = {key: rank for rank, (key, _) in enumerate(near, 1)}
    by_keyword = {key: rank for rank, (key, _) in enumerate(bm25, 1)}
    fused: Fused = []
    for key in by_vector.keys() | by_keyword.keys():
        ranks = by_vector.get(key), by_keyword.get(key)
        fused.append((key, sum(1 / (RRF_K + rank) for rank in ranks if rank is not None), *ranks))
    return sorted(fused, key=lambda hit: (-hit[1], hit[0]))[:limit]
