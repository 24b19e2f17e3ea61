"""Documents of the view ``tweets``, and any query in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from riindex.ask.personas import persona_id
from riindex.errors import QueryError
from riindex.store.database import Store
from riindex.store.guard import check_question, filtered, positive, query_error

# Columns of a result and its rows.
Table = tuple[list[str], list[tuple[Any, ...]]]


def tweets(
    store: Store, persona: int | str | None, where: str | None, limit: int | None, typical: bool
) -> duckdb.DuckDBPyRelation:
    """Return rows of ``tweets``, of one persona or under a SQL condition, in order of the input.

    ``typical``: core members first, the nearest to their persona's centre before all others.
    """
    number = None if persona is None else persona_id(store, persona)
    found = filtered(store.table("tweets"), where, number)
    ordered = found.query("shown", store.statement("ask/documents/typical")) if typical else found.order("doc_id")
    assert ordered is not None
    found = ordered
    return found if limit is None else found.limit(positive(limit))


def tweet_rows(store: Store, persona: int | str | None, where: str | None, limit: int | None, typical: bool) -> Table:
    """Return the columns and rows of the result of ``tweets``."""
    return fetched(tweets(store, persona, where, limit, typical))


def sql(store: Store, query: str, params: Mapping[str, object] | None) -> duckdb.DuckDBPyRelation:
    """Return the result of one statement that only reads as a relation; QueryError for anything else."""
    check_question(store.connection, query)
    try:
        return store.connection.sql(query, params=dict(params)) if params else store.connection.sql(query)
    except duckdb.Error as problem:
        raise query_error(problem) from problem


def sql_rows(store: Store, query: str | None, params: Mapping[str, object] | None, limit: int) -> Table:
    """Return the columns of a result, each name once, and at most ``limit`` rows.

    ``query``: one statement, or ``@name`` of a ready query, whose values are ``params``; without a query the result
    lists the tables of the index.
    """
    if query is None:
        return fetched(store.relation("ask/tables"))
    if query.startswith("@"):
        from riindex.ask.recipes import recipe

        found = recipe(query[1:])
        query, params = found.query, found.values({key: str(value) for key, value in (params or {}).items()})
    return fetched(sql(store, query, params).limit(positive(limit)))


def fetched(relation: duckdb.DuckDBPyRelation) -> Table:
    """Return the columns, each name once, and the rows of a relation."""
    from riindex.sources.base import distinct_names

    try:
        columns = distinct_names(relation.columns)
        # The Python client cannot convert a timestamp with time zone without another library.
        zoned = [str(kind) == "TIMESTAMP WITH TIME ZONE" for kind in relation.types]
        shown = [f"#{place}{'::varchar' if there else ''}" for place, there in enumerate(zoned, 1)]
        relation = relation.select(", ".join(shown)) if any(zoned) else relation
        return columns, relation.fetchall()
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    except MemoryError as problem:
        raise QueryError("the query needed more memory than it may use", "request less at once") from problem
