"""Commands about a collection: redundancy, gaps, subsets."""

from __future__ import annotations

from pathlib import Path

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option
from riindex.cli.output import first_rows, write
from riindex.store.outputs import write_new


@click.command()
@index_option
@format_option
@limit_option(25)
@click.option("--threshold", type=click.FloatRange(0, 1, min_open=True), default=0.9, show_default=True,
              help="Cosine from which on two are near-duplicates.")  # fmt: skip
@click.option("--groups", is_flag=True, help="Show the groups that the pairs form, with the document to keep of each.")
@click.option(
    "--each",
    is_flag=True,
    help="Show every document: its nearest, the distance to it, and its contribution to the diversity.",
)
@raw_option
def redundant(path: str | None, fmt: str, limit: int, threshold: float, groups: bool, each: bool, raw: bool) -> None:
    """List near-duplicate documents as pairs, the most similar first; the diversity of all goes to stderr."""
    if groups and each:
        raise click.UsageError("--groups and --each exclude each other: give one")
    with open_index(path) as ri:
        whole = ri.diversity()
        found = ri.redundant(threshold)
    click.echo(f"the collection: {whole}", err=True)
    if each:
        rows = sorted(whole.each, key=lambda row: -(row["distance"] or 0))
    else:
        counts = f"{len(found.pairs):,} pairs at {threshold:g} or above, in {len(found.groups):,} groups"
        spare = sum(group["size"] - 1 for group in found.groups)
        click.echo(f"{counts}: {spare:,} could be removed", err=True)
        rows = found.groups if groups else found.pairs
    write(masked(first_rows(rows, limit), raw), fmt)


@click.command()
@click.argument("first", required=False, default="seniority")
@click.argument("second", required=False, default="industry")
@index_option
@format_option
@limit_option(25)
@click.option(
    "--expect", metavar="FILE.toml", help="Expected shares of labels, [seniority] junior = 0.3 …; default uniform."
)
@click.option("--headers", metavar="FILE.txt", help="Write a header to fill in for every empty cell.")
def gaps(
    first: str, second: str, path: str | None, fmt: str, limit: int, expect: str | None, headers: str | None
) -> None:
    """List combinations of the labels of FIRST and SECOND that are missing or rare, the bias of the collection.

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
        f"are unsure; {found.bias:.0%} would have to be replaced to reach {against}",
        err=True,
    )
    if headers and empty:
        _write_headers(Path(headers), empty)
    write(first_rows(found.cells, limit), fmt)


def _write_headers(target: Path, empty: list[str]) -> None:
    write_new(target, "\n\n".join(empty) + "\n")
    click.echo(f"{len(empty):,} headers to fill in: {target}", err=True)


@click.command()
@index_option
@format_option
@click.option("-n", "count", type=click.IntRange(min=1), default=12, show_default=True, help="Number of documents.")
@click.option("--method", type=click.Choice(["k-centre", "determinantal"]), default="k-centre", show_default=True,
              help="Furthest from those chosen, or the set of largest volume.")  # fmt: skip
@click.option(
    "--balance", metavar="persona|DIMENSION", help="Balance over personas, or over the labels of a dimension."
)
@raw_option
def select(path: str | None, fmt: str, count: int, method: str, balance: str | None, raw: bool) -> None:
    """Select a balanced subset for a study: the most typical document, then those that differ most from the chosen."""
    with open_index(path) as ri:
        rows = ri.select(count, method, balance)
    if len(rows) < count:
        click.echo(f"there are only {len(rows):,} documents", err=True)
    write(masked(rows, raw), fmt)
