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


def nearest_tweets(
    store: Store, vector: npt.NDArray[np.float32], where: str | None, persona: int | None, limit: int
) -> pl.DataFrame:
    """The ``limit`` kept documents nearest to a unit ``vector``: tweet_id, score, persona_id, persona_name, text.

    ``where``: a SQL condition over the view ``tweets``, applied before ranking. Score is the cosine, -1 to 1. Exact.
    """
    passing = filtered(store.connection.table("tweets"), where)
    if persona is not None:
        passing = passing.filter(duckdb.ColumnExpression("persona_id") == duckdb.ConstantExpression(persona))
    try:
        ids = passing.select("doc_id").to_arrow_table()
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    return _ranked(store, "search/nearest", {"passing": ids, "target": _target(vector)}, limit)


def nearest_personas(store: Store, vector: npt.NDArray[np.float32], limit: int) -> pl.DataFrame:
    """The ``limit`` personas whose centroid is nearest to a unit ``vector``: persona_id, persona_name, score, size."""
    return _ranked(store, "search/personas", {"target": _target(vector)}, limit)


def _target(vector: npt.NDArray[np.float32]) -> pa.Table:
    import pyarrow as pa

    return pa.table({"vector": matrix_column(vector.reshape(1, -1))})


def _ranked(store: Store, name: str, tables: dict[str, pa.Table], limit: int) -> pl.DataFrame:
    for table, rows in tables.items():
        store.connection.register(table, rows)
    try:
        found: pl.DataFrame = store.relation(name, limit=limit).pl()
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
