"""Changes of a built index: ``ri rename``, ``ri merge``, ``ri undo``, ``ri classify``."""

from __future__ import annotations

import click

from riindex.cli.options import Function, index_option, index_path, names, open_index
from riindex.cli.output import write_table


def _namer_options(function: Function) -> Function:
    """Add ``--namer`` and ``--base-url``: the language model for the names of changed personas."""
    function = click.option("--base-url", metavar="URL", help="Server of the namer; default OpenAI's.")(function)
    return click.option("--namer", metavar="openai:MODEL", help="Language model for new names.")(function)


@click.command()
@click.argument("persona")
@click.argument("name")
@index_option
def rename(persona: str, name: str, path: str | None) -> None:
    """Rename PERSONA (a number or a name) to NAME. Later builds keep the name for its successor."""
    with open_index(path) as ri:
        click.echo(str(ri.rename_persona(persona, name)))


@click.command()
@click.argument("persona")
@click.argument("other")
@index_option
@_namer_options
def merge(persona: str, other: str, path: str | None, namer: str | None, base_url: str | None) -> None:
    """Merge OTHER into PERSONA (numbers or names): every figure, name and claim is recomputed, and the vector table.

    Later builds merge their successors. Without --namer no language model is used, even if one was for the index.
    """
    with open_index(path) as ri:
        click.echo(str(ri.merge_personas(persona, other, namer, base_url)))


@click.command()
@index_option
@_namer_options
def undo(path: str | None, namer: str | None, base_url: str | None) -> None:
    """Undo the last rename or merge that is in effect; repeat for the one before."""
    with open_index(path) as ri:
        edit = ri.undo_edit(namer, base_url)
    if edit.kind == "rename":
        click.echo(f"undone: the name {edit.name} of persona {edit.persona}")
    else:
        click.echo(f"undone: the merge of persona {edit.other} into persona {edit.persona}")


@click.command()
@click.argument("more", nargs=-1, metavar="[DIMENSION]...")
@index_option
@click.option(
    "--dimensions",
    multiple=True,
    callback=names,
    metavar="NAME …",
    help="Dimensions; default seniority industry expertise.",
)
@click.option("--dimensions-file", metavar="FILE.toml", help="Custom dimensions; without names all of them.")
@click.option("--engine", type=click.Choice(["embedding", "nli"]), default="embedding", show_default=True,
              help="Vectors of label descriptions, or a model for natural language inference.")  # fmt: skip
@click.option(
    "--nli-model",
    metavar="NAME|PATH",
    help="Any such model from Hugging Face; default typeform/distilbert-base-uncased-mnli.",
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Confidence below which a label is unsure.")
@click.option(
    "--learn", metavar="COLUMN", help="Learn the labels in a column of the source, and label the other posts."
)
@click.option("--list", "list_dimensions", is_flag=True, help="List the dimensions and their labels.")
def classify(
    more: tuple[str, ...], path: str | None, dimensions: list[str], dimensions_file: str | None, engine: str,
    nli_model: str | None, threshold: float | None, learn: str | None, list_dimensions: bool,
) -> None:  # fmt: skip
    """Label every document of an index: the tables labels and label_scores are written.

    Without training, by descriptions of the labels; or with --learn by your own labels, which a column of the source
    has for some posts. Labels of a dimension replace its former ones; other dimensions stay. A confidence is a
    probability; of a dimension of your own, it follows from how far the scores of the labels lie apart in this file.

    A file of dimensions is TOML, each label with several phrasings, as short as a text would have them:

    \b
    [tone.labels]
    warm = ["warm and friendly", "thank you so much"]
    cold = ["cold and formal", "dear sir or madam"]
    """
    from riindex.config.sections import ClassifyConfig
    from riindex.labels.dimensions import choose_dimensions, published_dimensions

    requested = ",".join([*dimensions, *more])
    if list_dimensions:
        known = choose_dimensions("", dimensions_file) if dimensions_file else list(published_dimensions().values())
        write_table([{"dimension": d.name, "labels": ", ".join(d.labels)} for d in known], ["dimension", "labels"])
        return
    default = ClassifyConfig()
    chosen = default.threshold if threshold is None else threshold
    if learn:
        if requested or dimensions_file:
            raise click.UsageError("--learn takes the labels from a column: name no dimensions besides")
        _learn(path, learn, chosen)
        return
    if not requested and not dimensions_file:
        requested = "seniority,industry,expertise"
    config = ClassifyConfig(
        requested, dimensions_file or "", engine, nli_model or default.model,
        chosen,
    )  # fmt: skip
    with open_index(path) as ri:
        counts = ri.classify(config)
    write_table(counts, ["dimension", "label", "n", "share", "confidence"])
    click.echo(f'written to {index_path(path)}: ri sql "from persona_labels" counts them by persona', err=True)


def _learn(path: str | None, column: str, threshold: float) -> None:
    """Print the counts of learned labels, and the figures on held-out texts."""
    with open_index(path) as ri:
        found = ri.learn_labels(column, threshold)
    write_table(found["counts"], ["dimension", "label", "n", "share", "confidence"])
    figures = found["held_out"]
    click.echo(
        f"learned from {figures['texts']:,} texts; on texts held out by five folds: "
        f"macro-F1 {figures['macro_f1']:.2f}, accuracy {figures['accuracy']:.0%}, "
        f"calibration error {figures['calibration_error']:.2f}",
        err=True,
    )
