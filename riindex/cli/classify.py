"""``ri classify``: labels for any index."""

from __future__ import annotations

import click

from riindex.cli.options import index_option, index_path, names, write_table


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
    from riindex.pipeline.revise import relabel

    wanted = ",".join([*dimensions, *more])
    if list_dimensions:
        known = chosen("", dimensions_file) if dimensions_file else list(published().values())
        write_table([{"dimension": d.name, "labels": ", ".join(d.labels)} for d in known], ["dimension", "labels"])
        return
    default = ClassifyConfig()
    if not wanted and not dimensions_file:
        wanted = "seniority,industry,expertise"
    config = ClassifyConfig(
        wanted, dimensions_file or "", engine, nli_model or default.model,
        default.threshold if threshold is None else threshold,
    )  # fmt: skip
    target = index_path(path)
    counts = relabel(target, config)
    write_table(counts, ["dimension", "label", "n", "share", "confidence"])
    click.echo(f'kept in {target}: ri sql "from persona_labels" tells them by persona', err=True)
