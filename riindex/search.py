"""Similarity: by meaning, by words or by both, the filter always before the ranking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from riindex import plans
from riindex.cards import records
from riindex.errors import IndexNotFound, QueryError
from riindex.plans import Plan
from riindex.questions import filtered, query_error
from riindex.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl
    import pyarrow as pa

    from riindex.encoders.static import StaticEncoder
    from riindex.vectors import VectorTable

    Vector = npt.NDArray[np.float32]
    Ranked = list[tuple[Any, ...]]  # doc_id, score, and after fusion the rank in either list
    Told = tuple[Any, ...]  # tweet_id, persona_id, text

RANKS = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)
FEWEST_FUSED = 50  # how deep either list goes before the two are fused


@dataclass(frozen=True)
class Filter:
    """What every answer must meet: a SQL condition over ``tweets``, a persona, both or nothing."""

    where: str | None = None
    persona: int | None = None

    def __bool__(self) -> bool:
        return self.where is not None or self.persona is not None


class Search:
    """The searches of one question: the filter is evaluated once, then each text or vector is ranked.

    ``kept``: how many documents there are; ``names``: those of the personas. ``table``: the vector table, or the reason
    why it cannot be asked. ``loaded``: whether its library is loaded, or will serve many questions. ``exact``: read
    every vector that passes, whatever the estimates say.
    """

    def __init__(
        self, store: Store, kept: int, names: Mapping[int, str], wanted: Filter, table: VectorTable | str,
        loaded: bool, exact: bool = False,
    ) -> None:  # fmt: skip
        self._store = store
        self._kept = kept
        self._names = names
        self._filter = wanted
        self._table = table
        self._loaded = loaded
        self._exact = exact
        self._told: dict[int, Told] = {}
        self.took: dict[str, float] = {}
        with self._timed("filter"):
            self._passing = self._filtered() if wanted else None

    def find(
        self, vectors: Sequence[Vector | None], texts: Sequence[str | None], limit: int
    ) -> tuple[list[dict[str, Any]], Plan]:
        """The best of every query, best first: query (its number), tweet_id, score, persona_id, persona_name, text.

        By a unit vector: score is the cosine, -1 to 1. By the keywords of a text: BM25. By both: reciprocal rank
        fusion, with vector_rank and keyword_rank.
        """
        plan = self._plan(limit)
        answers: list[Ranked] = []
        for vector, text in zip(vectors, texts, strict=True):
            with self._timed("rank"):
                answers.append(self._ranked(vector, text, limit, plan))
        with self._timed("read"):
            self._read_told({doc_id for ranked in answers for doc_id, _, *_ in ranked})
        plan.took_ms = {step: round(1_000 * seconds, 2) for step, seconds in self.took.items()}
        return [self._row(number, *hit) for number, ranked in enumerate(answers) for hit in ranked], plan

    def _plan(self, limit: int) -> Plan:
        passing = self._kept if self._passing is None else self._passing
        reason = self._table if isinstance(self._table, str) else None
        if self._exact:
            reason = "an exact answer was asked for"
        return plans.choose(self._kept, passing, limit, self._filter.where, self._filter.persona, reason, self._loaded)

    def _filtered(self) -> int:
        """How many kept documents pass; their ids are in the temporary table ``passing``."""
        of = self._store.table("tweets" if self._filter.where is not None else "assignments")
        passing = filtered(of, self._filter.where, self._filter.persona)
        with _asked():
            self._store.scratch("passing", passing.select("doc_id"))
            return int(self._store.value("search/passing"))

    def _ranked(self, vector: Vector | None, text: str | None, limit: int, plan: Plan) -> Ranked:
        """doc_id and score, the best first; after fusion also both ranks."""
        if text is None:
            assert vector is not None
            return self._near(vector, limit, plan)
        if vector is None:
            return self._said(text, limit)
        deep = max(FEWEST_FUSED, 5 * limit)
        return _fused(self._near(vector, deep, plan), self._said(text, deep), limit)

    def _near(self, vector: Vector, limit: int, plan: Plan) -> Ranked:
        if not plan.exact:
            listed = self._listed(vector, limit, plan)
            if listed is not None:
                return listed
        name = "search/near_all" if self._passing is None else "search/near"
        return self._rows(name, target=target(vector), limit=limit)

    def _listed(self, vector: Vector, limit: int, plan: Plan) -> Ranked | None:
        """The nearest by the vector table; None, and the plan says why, where it does not give enough of them."""
        assert not isinstance(self._table, str)
        depth = max(plan.depth, plans.candidates(limit))
        try:
            if plan.way != "deepened list":
                return self._reranked(self._table.nearest(vector, depth, plan.condition), vector)[:limit]
            listed = self._table.nearest_ids(vector, depth)
        except IndexNotFound as problem:
            plan.way, plan.why = "filtered scan" if self._filter else "scan", str(problem)
            return None
        found = self._rows("search/near_listed", target=target(vector), listed=listed, limit=limit)
        assert self._passing is not None
        if (found[0][2] if found else 0) < min(self._passing, plans.candidates(limit)):
            plan.way, plan.why = "filtered scan", "the nearest of all held too few that pass"
            return None
        return [(doc_id, score) for doc_id, score, _ in found]

    def _reranked(self, found: pa.Table, vector: Vector) -> Ranked:
        """Candidates by their exact cosine; what they say is kept for the answer."""
        import numpy as np

        held = np.asarray(found["vector"].combine_chunks().flatten()).reshape(found.num_rows, -1)
        ids = found["doc_id"].to_pylist()
        told = (found[name].to_pylist() for name in ("tweet_id", "persona_id", "text"))
        self._told.update(zip(ids, zip(*told, strict=True), strict=True))
        return sorted(zip(ids, (held @ vector).tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))

    def _said(self, text: str, limit: int) -> Ranked:
        if "postings" not in self._store.tables():
            raise QueryError("this index has no keywords", "build it again: ri build SOURCE")
        return self._rows("search/said_all" if self._passing is None else "search/said", query=text, limit=limit)

    def _read_told(self, doc_ids: set[int]) -> None:
        missing = sorted(doc_ids - self._told.keys())
        if missing:
            self._told.update((row[0], row[1:]) for row in self._rows("search/answer", ranked=missing))

    def _row(self, query: int, doc_id: int, score: float, *ranks: int | None) -> dict[str, Any]:
        tweet_id, persona, text = self._told[doc_id]
        row = {"query": query, "tweet_id": tweet_id, "score": score, "persona_id": persona}
        row |= {"persona_name": self._names[persona], "text": text}
        return row | dict(zip(("vector_rank", "keyword_rank"), ranks, strict=False))

    def _rows(self, name: str, **values: object) -> list[tuple[Any, ...]]:
        with _asked():
            return self._store.rows(name, **values)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[step] = self.took.get(step, 0.0) + time.perf_counter() - started


def frame(rows: Sequence[Mapping[str, Any]], fused: bool) -> pl.DataFrame:
    """The rows of an answer as a data frame, with both ranks after fusion."""
    import polars as pl

    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "query": pl.Int32, "tweet_id": pl.String, "score": pl.Float64, "persona_id": pl.Int32,
        "persona_name": pl.String, "text": pl.String,
    }  # fmt: skip
    if fused:
        columns |= {"vector_rank": pl.Int64, "keyword_rank": pl.Int64}
    return pl.DataFrame(rows, schema=columns)


def nearest_personas(store: Store, vector: Vector, limit: int) -> list[dict[str, Any]]:
    """The ``limit`` personas whose centroid is nearest to a unit ``vector``: persona_id, persona_name, score, size."""
    return records(store, "search/personas", target=target(vector), limit=limit)


def target(vector: Vector) -> duckdb.Value:
    """A vector as a value of SQL, of the type that vectors are stored in."""
    return duckdb.Value(vector.tolist(), duckdb.array_type(duckdb.type("FLOAT"), len(vector)))


@contextmanager
def _asked() -> Iterator[None]:
    """What DuckDB says against a question is a QueryError."""
    try:
        yield
    except duckdb.Error as problem:
        raise query_error(problem) from problem


def _fused(near: Ranked, said: Ranked, limit: int) -> Ranked:
    """Both lists as one, by the sum of 1 / (RANKS + rank); a document of one list alone has no rank in the other."""
    by_vector = {doc_id: rank for rank, (doc_id, _) in enumerate(near, 1)}
    by_keyword = {doc_id: rank for rank, (doc_id, _) in enumerate(said, 1)}
    fused = []
    for doc_id in by_vector.keys() | by_keyword.keys():
        ranks = by_vector.get(doc_id), by_keyword.get(doc_id)
        fused.append((doc_id, sum(1 / (RANKS + rank) for rank in ranks if rank is not None), *ranks))
    return sorted(fused, key=lambda hit: (-hit[1], hit[0]))[:limit]


def contributions(encoder: StaticEncoder, target: npt.NDArray[np.float32], text: str) -> list[tuple[str, float]]:
    """The words of ``text`` with what each adds to its cosine with the unit vector ``target``, the most first."""
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
