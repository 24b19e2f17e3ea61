"""Changes by hand: ``ri rename``, ``ri merge``, ``ri undo``."""

from __future__ import annotations

import click

from riindex.cli.options import Function, index_option, index_path, open_index
from riindex.store.locks import tidy


def _namer_options(function: Function) -> Function:
    """``--namer`` and ``--base-url``: who is asked for the names of personas that change."""
    function = click.option("--base-url", metavar="URL", help="The namer's server; default OpenAI's own.")(function)
    return click.option("--namer", metavar="openai:MODEL", help="A language model to ask for new names.")(function)


@click.command(short_help="Give a persona a name.")
@click.argument("persona")
@click.argument("name")
@index_option
def rename(persona: str, name: str, path: str | None) -> None:
    """Call PERSONA (a number or a name) NAME. Later builds keep the name for the persona that succeeds."""
    from riindex.pipeline.edits import rename_persona

    tidy(index_path(path).resolve())
    with open_index(path) as ri:
        number = ri.persona_id(persona)
    click.echo(str(rename_persona(index_path(path), number, name)))


@click.command(short_help="Make one persona of two.")
@click.argument("persona")
@click.argument("other")
@index_option
@_namer_options
def merge(persona: str, other: str, path: str | None, namer: str | None, base_url: str | None) -> None:
    """Merge OTHER into PERSONA (numbers or names): every figure, name and claim is made again, the vector table too.

    Later builds merge what succeeds them. Without --namer no language model is asked, whatever made the index.
    """
    from riindex.pipeline.edits import merge_personas

    tidy(index_path(path).resolve())
    with open_index(path) as ri:
        numbers = ri.persona_id(persona), ri.persona_id(other)
    click.echo(str(merge_personas(index_path(path), *numbers, namer, base_url)))


@click.command(short_help="Take the last rename or merge back.")
@index_option
@_namer_options
def undo(path: str | None, namer: str | None, base_url: str | None) -> None:
    """Take the last rename or merge back that holds; again for the one before."""
    from riindex.pipeline.edits import undo_edit

    click.echo(f"taken back: {undo_edit(index_path(path), namer, base_url)}")
