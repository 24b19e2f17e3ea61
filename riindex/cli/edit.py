"""Changes by hand: ``ri rename``, ``ri merge``, ``ri undo``."""

from __future__ import annotations

import click

from riindex.cli.options import Function, index_option, index_path, names, open_index
from riindex.cli.output import write_table


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
    with open_index(path) as ri:
        click.echo(str(ri.rename_persona(persona, name)))


@click.command(short_help="Make one persona of two.")
@click.argument("persona")
@click.argument("other")
@index_option
@_namer_options
def merge(persona: str, other: str, path: str | None, namer: str | None, base_url: str | None) -> None:
    """Merge OTHER into PERSONA (numbers or names): every figure, name and claim is made again, the vector table too.

    Later builds merge what succeeds them. Without --namer no language model is asked, whatever made the index.
    """
    with open_index(path) as ri:
        click.echo(str(ri.merge_personas(persona, other, namer, base_url)))


@click.command(short_help="Take the last rename or merge back.")
@index_option
@_namer_options
def undo(path: str | None, namer: str | None, base_url: str | None) -> None:
    """Take the last rename or merge back that holds; again for the one before."""
    with open_index(path) as ri:
        click.echo(f"taken back: {ri.undo_edit(namer, base_url)}")


@click.command(short_help="Label an index by dimensions such as seniority or industry.")
@click.argument("more", nargs=-1, metavar="[DIMENSION]...")
@index_option
@click.option(
    "--dimensions",
    multiple=True,
    callback=names,
    metavar="NAME …",
    help="Which; default seniority industry expertise.",
)
@click.option("--dimensions-file", metavar="FILE.toml", help="Dimensions of your own; without names all of them.")
@click.option("--engine", type=click.Choice(["embedding", "nli"]), default="embedding", show_default=True,
              help="Label descriptions as vectors, or a model trained on natural language inference.")  # fmt: skip
@click.option(
    "--nli-model",
    metavar="NAME|PATH",
    help="Any such model of Hugging Face; default typeform/distilbert-base-uncased-mnli.",
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Below it a label is unsure.")
@click.option("--list", "list_dimensions", is_flag=True, help="List the dimensions and their labels.")
def classify(
    more: tuple[str, ...], path: str | None, dimensions: list[str], dimensions_file: str | None, engine: str,
    nli_model: str | None, threshold: float | None, list_dimensions: bool,
) -> None:  # fmt: skip
    """Label every document of an index, with no training: the labels go to the tables labels and label_scores.

    They replace those that are there. A confidence is a probability, calibrated on held-out texts.
    """
    from riindex.config.sections import ClassifyConfig
    from riindex.labels.dimensions import chosen, published

    requested = ",".join([*dimensions, *more])
    if list_dimensions:
        known = chosen("", dimensions_file) if dimensions_file else list(published().values())
        write_table([{"dimension": d.name, "labels": ", ".join(d.labels)} for d in known], ["dimension", "labels"])
        return
    default = ClassifyConfig()
    if not requested and not dimensions_file:
        requested = "seniority,industry,expertise"
    config = ClassifyConfig(
        requested, dimensions_file or "", engine, nli_model or default.model,
        default.threshold if threshold is None else threshold,
    )  # fmt: skip
    with open_index(path) as ri:
        counts = ri.classify(config)
    write_table(counts, ["dimension", "label", "n", "share", "confidence"])
    click.echo(f'kept in {index_path(path)}: ri sql "from persona_labels" tells them by persona', err=True)
