"""``ri sql``: questions of anybody's, answered in a process of their own."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from riindex.ask.sandbox import SECONDS, begin_child, in_child
from riindex.cli.options import format_option, index_option, limit_option, open_index, pairs
from riindex.cli.output import first_rows, write
from riindex.errors import QueryError


@click.command(short_help="Ask in SQL.")
@click.argument("query", required=False)
@index_option
@format_option
@limit_option(1000)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=SECONDS, show_default=True, metavar="SECONDS",
              help="Stop after so long.")  # fmt: skip
@click.option("--list", "list_recipes", is_flag=True, help="List the ready questions.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", callback=pairs,
              help="A value of a ready question.")  # fmt: skip
def sql(
    query: str | None,
    path: str | None,
    fmt: str,
    limit: int,
    timeout: float,
    list_recipes: bool,
    settings: dict[str, str],
) -> None:
    """Ask QUERY, one SQL question over the index; without one, list the tables and what they hold.

    With - it is read from standard input. @NAME is a ready question, --list shows them: ri sql @targeting --set
    hours=9-17. A question runs read-only and locked: no other file, no network, no change. Texts come as they are.
    """
    if list_recipes:
        from riindex.ask.recipes import recipes

        write([{"name": "@" + r.name, "asks": r.sentence, "values": r.shown} for r in recipes()], fmt)
        return
    asked = {
        "query": _read_question() if query == "-" else query,
        "path": path,
        "fmt": fmt,
        "limit": limit,
        "settings": settings,
    }
    in_child(__name__, [json.dumps(asked)], timeout, "ask for less, or give it longer: --timeout 300")


def _read_question() -> str:
    if sys.stdin is None:
        raise QueryError("standard input is closed", "give the question itself, or send it in: ri sql - < question.sql")
    return sys.stdin.read()


def answer(query: str | None, path: str | None, fmt: str, limit: int, settings: dict[str, str]) -> None:
    """Answer one question on stdout."""
    from riindex.sources.base import distinct

    with open_index(path) as ri:
        if query is None:
            write(ri.store.records("ask/tables"), fmt)
            return
        if query.startswith("@"):
            from riindex.ask.recipes import recipe

            found = recipe(query[1:])
            relation = ri.sql(found.query, found.values(settings))
        elif settings:
            raise QueryError("--set gives values to a ready question", "name one: ri sql @targeting; ri sql --list")
        else:
            relation = ri.sql(query)
        columns = distinct(relation.columns)
        rows = first_rows(_fetch(relation, limit + 1), limit)
    write([dict(zip(columns, row, strict=True)) for row in rows], fmt, columns)


def _fetch(relation: Any, limit: int) -> list[tuple[Any, ...]]:
    import duckdb

    from riindex.store.guard import query_error

    try:
        # Of a moment with its zone Python's client makes nothing without another library.
        zoned = [str(kind) == "TIMESTAMP WITH TIME ZONE" for kind in relation.types]
        columns = [f"#{place}{'::varchar' if there else ''}" for place, there in enumerate(zoned, 1)]
        relation = relation.select(", ".join(columns)) if any(zoned) else relation
        rows: list[tuple[Any, ...]] = relation.limit(limit).fetchall()
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    except MemoryError as problem:
        raise QueryError("the question needed more memory than it may have", "ask for less at once") from problem
    return rows


if __name__ == "__main__":
    from riindex.cli.exits import guarded

    begin_child()
    guarded(lambda: answer(**json.loads(sys.argv[1])))
