"""``ri compare``: comparison of a persona with a baseline."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from riindex.cli.options import format_option, index_option, limit_option, open_index, where_option
from riindex.cli.output import first_rows, write, write_table
from riindex.cli.personas import ALPHA

if TYPE_CHECKING:
    from riindex.ask.compare import Comparison


@click.command()
@click.argument("persona")
@click.argument("other", required=False)
@where_option("Compare with the tweets that meet this SQL condition over the view tweets.")
@click.option("--with", "with_index", metavar="FILE", help="Compare with another index; OTHER is a persona of it.")
@index_option
@format_option
@limit_option(10)
def compare(
    persona: str, other: str | None, where: str | None, with_index: str | None, path: str | None, fmt: str, limit: int
) -> None:
    """Compare terms and behaviour of PERSONA with all others, or with OTHER; both by number or name.

    Shares are of core members. Lifts have a 95 % interval; q is the p of Fisher's exact test, corrected for multiple
    testing. A table shows terms with a q of 0.05 or less, the other formats all terms.
    """
    with open_index(path) as ri:
        found = ri.compare(persona, other, where=where, index=with_index)
    if fmt == "json":
        write([asdict(found)], fmt)
    elif fmt != "table":
        write(list(found.terms), fmt)
    else:
        _show(found, limit)


def _show(found: Comparison, limit: int) -> None:
    click.echo(f"{found.persona}: {found.size:,} core members")
    click.echo(f"against {found.baseline}: {found.baseline_size:,}")
    for here, whose in ((True, found.persona), (False, found.baseline)):
        significant = [row for row in found.terms if row["here"] is here and row["q"] <= ALPHA]
        click.echo(f"\nMore frequent in {whose}")
        if significant:
            rows = [_term(row) for row in first_rows(significant, limit)]
            write_table(rows, list(rows[0]))
        else:
            click.echo("  nothing at q <= 0.05")
    traits = [row for row in found.traits if row["q"] is not None and row["q"] <= ALPHA]
    click.echo("\nBehaviour (means, difference in standard deviations with 95 % interval)")
    for row in first_rows(traits, limit):
        means = f"{row['mean']:>10.2f} {row['baseline_mean']:>10.2f}"
        click.echo(f"  {row['feature']:<24} {means} {row['difference']:>+7.2f}  ({_interval(row)})  q {row['q']:.0e}")
    if not traits:
        click.echo("  nothing at q <= 0.05")


def _interval(row: dict[str, Any]) -> str:
    """Return the interval of a difference of means, or of the ratio of two shares."""
    if row["difference_low"] is not None:
        return f"{row['difference_low']:+.2f} to {row['difference_high']:+.2f}"
    if row["lift_low"] is not None:
        return f"times {row['lift_low']:.1f} to {row['lift_high']:.1f}"
    return "no interval"


def _term(row: dict[str, Any]) -> dict[str, Any]:
    against = "" if row["baseline_share"] is None else f"{row['baseline_share']:.1%}"
    return {
        "kind": row["kind"],
        "term": row["term"],
        "n": row["n"],
        "authors": row["n_authors"],
        "share": f"{row['share']:.1%}",
        "baseline": against,
        "lift": f"{row['lift']:.1f}",
        "95 %": f"{row['lift_low']:.1f} to {row['lift_high']:.1f}",
        "q": f"{row['q']:.0e}",
    }
