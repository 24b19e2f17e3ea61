"""``ri evidence``: claims with their figures and rows."""

from __future__ import annotations

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, open_index, raw_option
from riindex.cli.output import write, write_table


@click.command()
@click.argument("claim")
@index_option
@format_option
@raw_option
def evidence(claim: str, path: str | None, fmt: str, raw: bool) -> None:
    """Show the proof of CLAIM (its id, as ri persona shows it): its figures, the SQL that yields them, and tweets.

    Five tweets support it, the most typical first; for a word that a persona avoids they are from the others.
    """
    with open_index(path) as ri:
        found = ri.evidence(claim)
    rows = masked(found.pop("rows"), raw)
    if fmt == "json":
        write([{**found, "rows": rows}], fmt)
    elif fmt != "table":
        write(rows, fmt, ["tweet_id", "persona_id", "created_at", "text"])
    else:
        against = "" if found["baseline"] is None else f", baseline {found['baseline']:,.6g}"
        click.echo(f"{found['persona_name']}: {found['sentence']}")
        click.echo(f"value {found['value']:,.6g}{against}, n {found['n']:,}\n")
        click.echo(f"{found['sql']}\n")
        write_table(rows, ["tweet_id", "persona_id", "text"])
