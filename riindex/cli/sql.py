"""``ri sql``: any SQL query, run in a separate process."""

from __future__ import annotations

import sys

import click

from riindex.ask import sandbox
from riindex.cli.options import format_option, index_option, limit_option, open_index, pairs
from riindex.cli.output import first_rows, write
from riindex.errors import QueryError


@click.command()
@click.argument("query", required=False)
@index_option
@format_option
@limit_option(1000)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=sandbox.SECONDS, show_default=True,
              metavar="SECONDS",
              help="Time limit in seconds.")  # fmt: skip
@click.option("--list", "list_recipes", is_flag=True, help="List the ready queries.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", callback=pairs,
              help="Value of a ready query.")  # fmt: skip
def sql(
    query: str | None,
    path: str | None,
    fmt: str,
    limit: int,
    timeout: float,
    list_recipes: bool,
    settings: dict[str, str],
) -> None:
    """Run QUERY, one SQL query over the index; without one, list the tables and their content.

    With - it is read from standard input. @NAME is a ready query, --list shows them: ri sql @targeting --set
    hours=9-17. A query runs read-only and locked: no other file, no network, no change. Texts are not masked.
    """
    if list_recipes:
        from riindex.ask.recipes import recipes

        write([{"name": "@" + r.name, "asks": r.sentence, "values": r.shown} for r in recipes()], fmt)
        return
    if settings and not (query or "").startswith("@"):
        raise QueryError("--set sets values of a ready query", "give one: ri sql @targeting; ri sql --list")
    sandbox.begin()
    with open_index(path) as ri:
        columns, rows = ri.sql_rows(_read_question() if query == "-" else query, settings, limit + 1, timeout)
    write([dict(zip(columns, row, strict=True)) for row in first_rows(rows, limit)], fmt, columns)


def _read_question() -> str:
    if sys.stdin is None:
        raise QueryError("standard input is closed", "give the query itself, or redirect it: ri sql - < query.sql")
    return sys.stdin.read()
