"""``ri sql``: questions of anybody's, answered in a process of their own."""

from __future__ import annotations

import sys

import click

from riindex.ask.sandbox import SECONDS, begin
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
    if settings and not (query or "").startswith("@"):
        raise QueryError("--set gives values to a ready question", "name one: ri sql @targeting; ri sql --list")
    begin()
    with open_index(path) as ri:
        columns, rows = ri.sql_rows(_read_question() if query == "-" else query, settings, limit + 1, timeout)
    write([dict(zip(columns, row, strict=True)) for row in first_rows(rows, limit)], fmt, columns)


def _read_question() -> str:
    if sys.stdin is None:
        raise QueryError("standard input is closed", "give the question itself, or send it in: ri sql - < question.sql")
    return sys.stdin.read()
