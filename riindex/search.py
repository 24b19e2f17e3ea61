"""Similarity: exact scans in DuckDB, the filter always before the ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from riindex.errors import QueryError
from riindex.store import Store, matrix_column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl
    import pyarrow as pa

    from riindex.encoders.static import StaticEncoder


MODES = ("vector", "keyword", "hybrid")


def find_tweets(
    store: Store,
    vector: npt.NDArray[np.float32] | None,
    text: str | None,
    where: str | None,
    persona: int | None,
    limit: int,
) -> pl.DataFrame:
    """The ``limit`` best kept documents: tweet_id, score, persona_id, persona_name, text. Exact.

    By a unit ``vector``: score is the cosine, -1 to 1. By the keywords of ``text``: BM25. By both: reciprocal rank
    fusion, with vector_rank and keyword_rank. ``where``: a SQL condition over the view ``tweets``, applied first.
    """
    passing = filtered(store.table("tweets"), where)
    if persona is not None:
        passing = passing.filter(duckdb.ColumnExpression("persona_id") == duckdb.ConstantExpression(persona))
    try:
        ids = passing.select("doc_id").to_arrow_table()
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    tables = {"passing": ids}
    if vector is not None:
        tables["target"] = _target(vector)
    if text is None:
        return _ranked(store, "search/nearest", tables, limit=limit)
    if "postings" not in store.tables():
        raise QueryError("this index has no keywords", "build it again: ri build SOURCE")
    return _ranked(store, "search/keyword" if vector is None else "search/hybrid", tables, limit=limit, query=text)


def nearest_personas(store: Store, vector: npt.NDArray[np.float32], limit: int) -> pl.DataFrame:
    """The ``limit`` personas whose centroid is nearest to a unit ``vector``: persona_id, persona_name, score, size."""
    return _ranked(store, "search/personas", {"target": _target(vector)}, limit=limit)


def _target(vector: npt.NDArray[np.float32]) -> pa.Table:
    import pyarrow as pa

    return pa.table({"vector": matrix_column(vector.reshape(1, -1))})


def _ranked(store: Store, name: str, tables: dict[str, pa.Table], **values: object) -> pl.DataFrame:
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


def filtered(relation: duckdb.DuckDBPyRelation, where: str | None) -> duckdb.DuckDBPyRelation:
    """A relation's rows that meet a condition written as one SQL expression; QueryError for anything else."""
    if where is None:
        return relation
    check_condition(where)
    try:
        return relation.filter(duckdb.SQLExpression(where))
    except duckdb.Error as problem:
        raise query_error(problem) from problem


def check_condition(where: str) -> None:
    """QueryError unless ``where`` is one SQL expression and nothing after it."""
    try:
        if not where.strip():
            raise QueryError("the condition is empty", "leave it out, or write one: like_count > 10")
        duckdb.SQLExpression(where)
    except duckdb.Error as problem:
        raise QueryError(
            f"the condition cannot be read: {str(problem).splitlines()[0]}",
            "write one SQL condition over the columns of tweets, e.g. \"like_count > 10 and lang = 'en'\"",
        ) from problem


def query_error(problem: duckdb.Error) -> QueryError:
    """What DuckDB says of a question, as an error with a hint."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    hint = next((line for line in lines[1:] if line.startswith(("Candidate", "Did you mean"))), "")
    if lines and lines[0].startswith("Out of Memory"):
        hint = "it needed more memory than a question may have: ask for less at once"
    return QueryError(
        lines[0] if lines else "the question failed", hint or 'ri sql "describe tweets" shows the columns'
    )


def check_question(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """QueryError unless ``query`` is one statement that only reads."""
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    if not statements:
        raise QueryError("there is no question", 'ask one: ri sql "from personas"; ri sql alone lists the tables')
    if len(statements) != 1:
        raise QueryError(f"one statement at a time, not {len(statements)}", "ask them one after the other")
    if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        kind = str(statements[0].type).rpartition(".")[2].lower()
        raise QueryError(
            f"only questions run here, not {kind}", "use SELECT, FROM, WITH, DESCRIBE, SUMMARIZE or EXPLAIN"
        )


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
