"""Changes by hand: ``ri rename``, ``ri merge``, ``ri undo``."""

from __future__ import annotations

import click

from riindex.cli.options import index_option, index_path, open_index


@click.command(short_help="Give a persona a name.")
@click.argument("persona")
@click.argument("name")
@index_option
def rename(persona: str, name: str, path: str | None) -> None:
    """Call PERSONA (a number or a name) NAME. Later builds keep the name for the persona that succeeds."""
    from riindex.edits import rename_persona

    with open_index(path) as ri:
        number = ri.persona_id(persona)
    click.echo(str(rename_persona(index_path(path), number, name)))


@click.command(short_help="Make one persona of two.")
@click.argument("persona")
@click.argument("other")
@index_option
def merge(persona: str, other: str, path: str | None) -> None:
    """Merge OTHER into PERSONA (numbers or names): every figure, name and claim is made again, the vector table too.

    Later builds merge what succeeds them.
    """
    from riindex.edits import merge_personas

    with open_index(path) as ri:
        numbers = ri.persona_id(persona), ri.persona_id(other)
    click.echo(str(merge_personas(index_path(path), *numbers)))


@click.command(short_help="Take the last rename or merge back.")
@index_option
def undo(path: str | None) -> None:
    """Take the last rename or merge back that holds; again for the one before."""
    from riindex.edits import undo_edit

    click.echo(f"taken back: {undo_edit(index_path(path))}")
