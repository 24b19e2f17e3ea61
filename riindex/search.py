"""Similarity: by meaning, by words or by both, the filter always before the ranking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from riindex import plans
from riindex.errors import IndexNotFound, QueryError
from riindex.plans import Plan
from riindex.questions import filtered, query_error
from riindex.store import Store, matrix_column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl
    import pyarrow as pa

    from riindex.encoders.static import StaticEncoder
    from riindex.vectors import VectorTable

    Vector = npt.NDArray[np.float32]

RANKS = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)
FEWEST_FUSED = 100  # how deep either list goes before the two are fused


@dataclass(frozen=True)
class Filter:
    """What every answer must meet: a SQL condition over ``tweets``, a persona, both or nothing."""

    where: str | None = None
    persona: int | None = None

    def __bool__(self) -> bool:
        return self.where is not None or self.persona is not None


class Search:
    """The searches of one question: the filter is evaluated once, then each text or vector is ranked.

    ``table``: the vector table, or the reason why it cannot be asked. ``loaded``: whether its library is loaded, or
    will serve many questions. ``exact``: read every vector that passes, whatever the estimates say.
    """

    def __init__(
        self, store: Store, wanted: Filter, table: VectorTable | str, loaded: bool, exact: bool = False
    ) -> None:
        self._store = store
        self._filter = wanted
        self._table = table
        self._loaded = loaded
        self._exact = exact
        self.took: dict[str, float] = {}
        self._rows = int(store.value("kept_count"))
        with self._timed("filter"):
            self._passing = self._filtered() if wanted else None

    def find(
        self, vectors: Sequence[Vector | None], texts: Sequence[str | None], limit: int
    ) -> tuple[pl.DataFrame, Plan]:
        """The best of every query, best first: query (its number), tweet_id, score, persona_id, persona_name, text.

        By a unit vector: score is the cosine, -1 to 1. By the keywords of a text: BM25. By both: reciprocal rank
        fusion, with vector_rank and keyword_rank.
        """
        import polars as pl

        plan = self._plan(limit)
        parts = []
        for number, (vector, text) in enumerate(zip(vectors, texts, strict=True)):
            with self._timed("rank"):
                ranked = self._ranked(vector, text, limit, plan)
            parts.append(ranked.insert_column(0, pl.lit(number, pl.Int32).alias("query")))
        with self._timed("read"):
            answer = self._answer(pl.concat(parts))
        plan.took_ms = {step: round(1_000 * seconds, 2) for step, seconds in self.took.items()}
        return answer, plan

    def _plan(self, limit: int) -> Plan:
        passing = self._rows if self._passing is None else self._passing.num_rows
        reason = self._table if isinstance(self._table, str) else None
        if self._exact:
            reason = "an exact answer was asked for"
        return plans.choose(self._rows, passing, limit, self._filter.where, self._filter.persona, reason, self._loaded)

    def _filtered(self) -> pa.Table:
        """The ids of the kept documents that pass."""
        of = self._store.table("tweets" if self._filter.where is not None else "assignments")
        passing = filtered(of, self._filter.where)
        if self._filter.persona is not None:
            number = duckdb.ConstantExpression(self._filter.persona)
            passing = passing.filter(duckdb.ColumnExpression("persona_id") == number)
        try:
            return passing.select("doc_id").to_arrow_table()
        except duckdb.Error as problem:
            raise query_error(problem) from problem

    def _ranked(self, vector: Vector | None, text: str | None, limit: int, plan: Plan) -> pl.DataFrame:
        """doc_id and score, the best first; after fusion also vector_rank and keyword_rank."""
        if text is None:
            assert vector is not None
            return self._near(vector, limit, plan)
        if vector is None:
            return self._said(text, limit)
        deep = max(FEWEST_FUSED, 5 * limit)
        return _fused(self._near(vector, deep, plan), self._said(text, deep), limit)

    def _near(self, vector: Vector, limit: int, plan: Plan) -> pl.DataFrame:
        candidates = None if plan.exact else self._listed(vector, limit, plan)
        if candidates is None:
            candidates = self._passing
        target = _table(vector=matrix_column(vector.reshape(1, -1)))
        if candidates is None:
            return self._read("search/near_all", {"target": target}, limit=limit)
        return self._read("search/near", {"target": target, "passing": candidates}, limit=limit)

    def _listed(self, vector: Vector, limit: int, plan: Plan) -> pa.Table | None:
        """Candidates from the vector table; None, and the plan says why, where it does not give enough of them."""
        assert not isinstance(self._table, str)
        depth = max(plan.depth, 2 * limit)
        try:
            found = self._table.nearest(vector, depth, plan.condition)
        except IndexNotFound as problem:
            plan.way, plan.why = "filtered scan" if self._filter else "scan", str(problem)
            return None
        if self._passing is None or plan.condition is not None:
            return found
        import numpy as np

        listed, passing = found["doc_id"].to_numpy(), self._passing["doc_id"].to_numpy()
        kept = listed[np.isin(listed, passing)]
        enough = min(self._passing.num_rows, max(limit, plans.FEWEST_CANDIDATES // 2))
        if len(kept) < enough:
            plan.way, plan.why = "filtered scan", "the nearest of all held too few that pass"
            return None
        return _table(doc_id=kept)

    def _said(self, text: str, limit: int) -> pl.DataFrame:
        if "postings" not in self._store.tables():
            raise QueryError("this index has no keywords", "build it again: ri build SOURCE")
        if self._passing is None:
            return self._read("search/said_all", {}, query=text, limit=limit)
        return self._read("search/said", {"passing": self._passing}, query=text, limit=limit)

    def _answer(self, ranked: pl.DataFrame) -> pl.DataFrame:

        rows = self._read("search/answer", {"ranked": ranked.select("doc_id").unique().to_arrow()})
        answer: pl.DataFrame = ranked.join(rows, on="doc_id", how="left", maintain_order="left")
        first = ["query", "tweet_id", "score", "persona_id", "persona_name", "text"]
        return answer.select(*first, *(name for name in ("vector_rank", "keyword_rank") if name in answer.columns))

    def _read(self, name: str, tables: dict[str, pa.Table], **values: object) -> pl.DataFrame:
        return read_with(self._store, name, tables, **values)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[step] = self.took.get(step, 0.0) + time.perf_counter() - started


def nearest_personas(store: Store, vector: Vector, limit: int) -> pl.DataFrame:
    """The ``limit`` personas whose centroid is nearest to a unit ``vector``: persona_id, persona_name, score, size."""
    target = _table(vector=matrix_column(vector.reshape(1, -1)))
    return read_with(store, "search/personas", {"target": target}, limit=limit)


def read_with(store: Store, name: str, tables: dict[str, pa.Table], **values: object) -> pl.DataFrame:
    """The answer of ``sql/<name>.sql``, which reads ``tables`` by their names."""
    for table, rows in tables.items():
        store.connection.register(table, rows)
    try:
        found: pl.DataFrame = store.relation(name, **values).pl()
        return found
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    finally:
        for table in tables:
            store.connection.unregister(table)


def _table(**columns: Any) -> pa.Table:
    import pyarrow as pa

    return pa.table(columns)


def _fused(near: pl.DataFrame, said: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Both lists as one, by the sum of 1 / (RANKS + rank); a document of one list alone has no rank in the other."""
    import polars as pl

    both = near.select("doc_id", vector_rank=pl.int_range(1, pl.len() + 1)).join(
        said.select("doc_id", keyword_rank=pl.int_range(1, pl.len() + 1)), on="doc_id", how="full", coalesce=True
    )
    parts = (1 / (RANKS + pl.col(rank)) for rank in ("vector_rank", "keyword_rank"))
    score = pl.sum_horizontal(part.fill_null(0.0) for part in parts)
    return both.with_columns(score=score).sort(["score", "doc_id"], descending=[True, False]).head(limit)


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
