"""Exports, shipped copies, the map, and the verification of a file."""

from __future__ import annotations

from pathlib import Path

import click

from riindex.cli.options import format_option, index_option, open_index, raw_option
from riindex.cli.output import write
from riindex.errors import QueryError


@click.command()
@click.argument("folder")
@index_option
@raw_option
def export(folder: str, path: str | None, raw: bool) -> None:
    """Write everything to FOLDER: the classic files and Parquet.

    These are the seven JSON and CSV files of the published system, tweets.parquet with a row per tweet, and map.parquet
    with position, text, persona and neighbours for other viewers.
    """
    with open_index(path) as ri:
        written = ri.export(Path(folder), raw)
    for file in written:
        click.echo(str(file))


@click.command(name="map")
@click.argument("file")
@index_option
@raw_option
def map_page(file: str, path: str | None, raw: bool) -> None:
    """Write FILE, an HTML page that needs no network: every tweet a point, coloured by persona, with a search box."""
    with open_index(path) as ri:
        drawn = ri.write_map(file, raw)
    click.echo(f"{drawn:,} points drawn", err=True)
    click.echo(file)


@click.command()
@click.argument("file", required=False)
@index_option
@format_option
def verify(file: str | None, path: str | None, fmt: str) -> None:
    """Verify that a file contains what its build wrote, and that every figure follows from its rows.

    Every table's digest is compared; every persona's figures, terms, hours, hints and evidence are recomputed, and the
    SQL of every claim is run. The exit code is 1 if there are problems; something only missing is a note.
    """
    with open_index(file or path) as ri:
        found = ri.verify()
    wrong = [finding for finding in found if not finding.note]
    for finding in found:
        if finding.note:
            click.echo(f"note: {finding.table}: {finding.problem}", err=True)
    if wrong or fmt != "table":
        write([{"table": f.table, "key": f.key, "problem": f.problem} for f in wrong], fmt, ["table", "key", "problem"])
    if wrong:
        raise QueryError(
            f"verification failed: {len(wrong):,} problem{'s' * (len(wrong) > 1)}",
            "build it again, or get the file again",
        )
    click.echo(f"{ri.path.name}: verified, no problems", err=fmt != "table")


@click.command()
@click.argument("file")
@index_option
@click.option("--level", type=click.Choice(["internal", "analyst", "public"]), default="analyst", show_default=True,
              help="Everything; without personal data; aggregates alone.")  # fmt: skip
@click.option("--keep", multiple=True, metavar="COLUMN", help="Extra column to keep (masked); repeatable.")
@click.option("--k", type=click.IntRange(min=2), default=10, show_default=True,
              help="Least authors of every public figure, up to the next of 5, 10, 20, 40 …")  # fmt: skip
@click.option("--no-embeddings", is_flag=True, help="Leave out the vectors of tweets, for a smaller file.")
def ship(file: str, path: str | None, level: str, keep: tuple[str, ...], k: int, no_embeddings: bool) -> None:
    """Write FILE, a compact copy of the index for others, which DuckDB since 1.1 opens.

    At level analyst, texts are masked, and vectors, words, terms and evidence are recomputed from the masked texts; ids
    and authors are hashed under a key that is discarded. Level public has no tweets at all.
    """
    with open_index(path) as ri:
        removed = ri.ship(file, level, keep, k, not no_embeddings)
    for line in removed:
        click.echo(f"removed: {line}", err=True)
    click.echo(file)
