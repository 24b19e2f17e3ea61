"""``ri tweets``: tweets of a persona, or under a condition."""

from __future__ import annotations

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option, where_option
from riindex.cli.output import write


@click.command()
@click.option("--persona", help="Only of this persona (number or name).")
@where_option("Only rows that meet this SQL condition over the view tweets.")
@click.option("--typical", is_flag=True, help="List the most typical first: core members, the nearest to their centre.")
@index_option
@format_option
@limit_option(20)
@raw_option
def tweets(
    persona: str | None, where: str | None, typical: bool, path: str | None, fmt: str, limit: int, raw: bool
) -> None:
    """List kept tweets in order of the input."""
    with open_index(path) as ri:
        columns, rows = ri.tweet_rows(persona, where, limit, typical)
    shown = [dict(zip(columns, row, strict=True)) for row in rows]
    if fmt == "table":
        named = ["is_core", "confidence"] if persona else ["persona_id", "persona_name"]
        columns = ["tweet_id", *named, "created_at", "text"]
        shown = [{name: row[name] for name in columns} for row in shown]
    write(masked(shown, raw), fmt, columns)
