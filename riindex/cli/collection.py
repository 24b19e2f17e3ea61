"""What the owner of a collection asks: what is redundant, what is missing, whom to study."""

from __future__ import annotations

from pathlib import Path

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option
from riindex.cli.output import first_rows, write
from riindex.store.outputs import write_new


@click.command(short_help="Which documents say the same, and which to keep.")
@index_option
@format_option
@limit_option(25)
@click.option("--threshold", type=click.FloatRange(0, 1, min_open=True), default=0.9, show_default=True,
              help="Cosine from which two say the same.")  # fmt: skip
@click.option("--groups", is_flag=True, help="The groups that the pairs join, and which of each to keep.")
@click.option(
    "--each", is_flag=True, help="Every document: its nearest, how far that is, and what it adds to the whole."
)
@raw_option
def redundant(path: str | None, fmt: str, limit: int, threshold: float, groups: bool, each: bool, raw: bool) -> None:
    """List near-duplicate documents as pairs, the most similar first; the diversity of all goes to stderr."""
    if groups and each:
        raise click.UsageError("--groups and --each are two answers: ask for one")
    with open_index(path) as ri:
        whole = ri.diversity()
        found = ri.redundant(threshold)
    click.echo(f"the collection: {whole}", err=True)
    if each:
        rows = sorted(whole.each, key=lambda row: -(row["distance"] or 0))
    else:
        counts = f"{len(found.pairs):,} pairs at {threshold:g} or above, in {len(found.groups):,} groups"
        spare = sum(group["size"] - 1 for group in found.groups)
        click.echo(f"{counts}: {spare:,} could go", err=True)
        rows = found.groups if groups else found.pairs
    write(masked(first_rows(rows, limit), raw), fmt)


@click.command(short_help="Which combinations of labels are missing or rare.")
@click.argument("first", required=False, default="seniority")
@click.argument("second", required=False, default="industry")
@index_option
@format_option
@limit_option(25)
@click.option("--expect", metavar="FILE.toml", help="Shares of labels, [seniority] junior = 0.3 …; else all are alike.")
@click.option("--headers", metavar="FILE.txt", help="Write a header to fill in for every empty cell.")
def gaps(
    first: str, second: str, path: str | None, fmt: str, limit: int, expect: str | None, headers: str | None
) -> None:
    """List combinations of the labels of FIRST and SECOND that are missing or rare: where the collection is biased.

    Label first: ri classify. Documents whose label is unsure are counted apart.
    """
    from riindex.ask.collection import read_expected

    expected = read_expected(expect) if expect else None
    with open_index(path) as ri:
        found = ri.gaps(first, second, expected)
    empty = [cell["header"] for cell in found.cells if cell["header"]]
    against = f"the shares of {expect}" if expect else "an even distribution"
    click.echo(
        f"{found.documents:,} documents in {len(found.cells):,} cells, {len(empty):,} of them empty; {found.unsure:,} "
        f"are unsure; {found.bias:.0%} would have to be others to reach {against}",
        err=True,
    )
    if headers and empty:
        _write_headers(Path(headers), empty)
    write(first_rows(found.cells, limit), fmt)


def _write_headers(target: Path, empty: list[str]) -> None:
    write_new(target, "\n\n".join(empty) + "\n")
    click.echo(f"{len(empty):,} headers to fill in: {target}", err=True)


@click.command(short_help="A small subset that stands for all.")
@index_option
@format_option
@click.option("-n", "count", type=click.IntRange(min=1), default=12, show_default=True, help="How many.")
@click.option("--method", type=click.Choice(["k-centre", "determinantal"]), default="k-centre", show_default=True,
              help="Each next the furthest from those chosen; or the set that spans most.")  # fmt: skip
@click.option("--balance", metavar="persona|DIMENSION", help="Evenly over personas, or over the labels of a dimension.")
@raw_option
def select(path: str | None, fmt: str, count: int, method: str, balance: str | None, raw: bool) -> None:
    """Choose a balanced subset for a study: the most typical document, then those that differ most from the chosen."""
    with open_index(path) as ri:
        rows = ri.select(count, method, balance)
    if len(rows) < count:
        click.echo(f"there are only {len(rows):,}", err=True)
    write(masked(rows, raw), fmt)
