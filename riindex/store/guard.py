"""SQL from outside: one query, or one condition over ``tweets``, and DuckDB's errors about them."""

from __future__ import annotations

import re

import duckdb

from riindex.errors import QueryError
from riindex.store.statements import MAX_ROWS, earlier_version


def filtered(
    relation: duckdb.DuckDBPyRelation, where: str | None, persona: int | None = None
) -> duckdb.DuckDBPyRelation:
    """Return a relation's rows that meet a condition (one SQL expression) and belong to a persona, if given.

    QueryError for anything else.
    """
    if where is not None:
        check_condition(where)
        try:
            relation = relation.filter(duckdb.SQLExpression(where))
        except duckdb.Error as problem:
            raise query_error(problem) from problem
    if persona is None:
        return relation
    return relation.filter(duckdb.ColumnExpression("persona_id") == duckdb.ConstantExpression(persona))


def check_condition(where: str) -> None:
    """Raise QueryError unless ``where`` is one SQL expression and nothing after it."""
    if not isinstance(where, str):
        raise QueryError("the condition is not a text", "write one: like_count > 10")
    _check_unicode(where)
    try:
        if not where.strip():
            raise QueryError("the condition is empty", "leave it out, or write one: like_count > 10")
        duckdb.SQLExpression(where)
    except duckdb.Error as problem:
        raise QueryError(
            f"the condition is not valid SQL: {str(problem).splitlines()[0]}",
            "write one SQL condition over the columns of tweets, e.g. \"like_count > 10 and lang = 'en'\"",
        ) from problem


def _check_unicode(text: str) -> None:
    """Raise QueryError for a text with an unpaired surrogate, which DuckDB's client cannot take."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise QueryError(
            "the query contains an unpaired surrogate (not valid Unicode)", "decode it with another encoding"
        ) from None


def positive(limit: int) -> int:
    """Return a limit; QueryError if it is not a valid number of rows."""
    if not isinstance(limit, int) or not 1 <= limit <= MAX_ROWS:
        raise QueryError(f"a limit cannot be {limit}", f"it is a whole number from 1 to {MAX_ROWS:,}")
    return limit


def query_error(problem: duckdb.Error, hint: str = 'ri sql "describe tweets" shows the columns') -> QueryError:
    """Return DuckDB's error about a query as a QueryError; ``hint`` if DuckDB gives none."""
    earlier = earlier_version(problem)
    if earlier is not None:
        return QueryError(f"the index cannot answer this: {earlier[0]}", earlier[1])
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    better = next((line for line in lines[1:] if line.startswith(("Candidate", "Did you mean"))), "")
    if lines and lines[0].startswith("Out of Memory"):
        better = "the query needed more memory than it may use: request less at once"
    # Prefix of the errors that ready queries raise about their values.
    message = lines[0].removeprefix("Invalid Input Error: ") if lines else "the query failed"
    return QueryError(message, better or hint)


def check_question(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raise QueryError unless ``query`` is one statement that only reads, or EXPLAIN of one."""
    _check_unicode(query)
    kind = _kind(_one_statement(connection, query))
    if kind == "explain":
        # EXPLAIN ANALYZE runs what it explains.
        kind = _kind(_one_statement(connection, _explained(query)))
    if kind != "select":
        raise QueryError(
            f"only queries run here, not {kind}", "use SELECT, FROM, WITH, DESCRIBE, SUMMARIZE or EXPLAIN of these"
        )


def _explained(query: str) -> str:
    """Return the statement that EXPLAIN explains, or runs: the text after EXPLAIN and its options."""
    raw = query.encode()
    places = [place for place, kind in duckdb.tokenize(query) if kind != duckdb.token_type.comment]

    def word(number: int) -> bytes:
        found = re.match(rb"\w+|.", raw[places[number] :]) if number < len(places) else None
        return found[0].lower() if found else b""

    first = 2 if word(1) == b"analyze" else 1
    if word(first) == b"(" and word(first + 1) in (b"format", b"analyze"):
        while first < len(places) and word(first) != b")":
            first += 1
        first += 1
    return raw[places[first] :].decode() if first < len(places) else ""


def _one_statement(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    if not statements:
        raise QueryError("the query is empty", 'write one: ri sql "from personas"; ri sql alone lists the tables')
    if len(statements) != 1:
        raise QueryError(f"only one statement at a time runs, not {len(statements)}", "run them one after the other")
    return statements[0]


def _kind(statement: duckdb.Statement) -> str:
    try:
        return str(statement.type).rpartition(".")[2].lower()
    except ValueError:  # `update extensions`: DuckDB has more kinds than its Python enum
        return "this"
