"""``ri cluster``: clustering of persona descriptions with the familiar options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riindex.cli.options import names, pairs
from riindex.cli.output import write_table

if TYPE_CHECKING:
    from riindex.algorithms.clustering.silhouette import Candidate, SilhouetteChoice
    from riindex.compat.persona_clustering import DensityAdvice, PersonaClustering
    from riindex.store.database import Store

WIDTH = 30
# Suggested commands for the index of a clustering.
NEXT_COMMANDS = ('similar "…"', "redundant", "select -n 12")


@click.command()
@click.argument("file")
@click.argument("more", nargs=-1, metavar="[DIMENSION]...")
@click.option("--model", default="static", show_default=True, metavar="NAME|PATH", help="static, or a model2vec model.")
@click.option("--clusters", type=click.IntRange(1, 500), metavar="N", help="Number of clusters; default by silhouette.")
@click.option("--method", type=click.Choice(["kmeans", "dbscan", "hdbscan"]), default="kmeans", show_default=True,
              help="Clustering method.")  # fmt: skip
@click.option("--eps", type=click.FloatRange(0, 2, min_open=True), default=0.5, show_default=True,
              help="DBSCAN: cosine distance up to which two are neighbours.")  # fmt: skip
@click.option("--min-samples", type=click.IntRange(1), default=3, show_default=True,
              help="DBSCAN and HDBSCAN: neighbours of a core point.")  # fmt: skip
@click.option(
    "--viz",
    type=click.Choice(["pca", "tsne", "umap"]),
    default="pca",
    show_default=True,
    help="Projection of the picture.",
)
@click.option("--output", default="results", show_default=True, metavar="DIR", help="Folder of the files.")
@click.option("--use-classification", is_flag=True, help="Label the personas by dimensions.")
@click.option(
    "--dimensions",
    multiple=True,
    callback=names,
    metavar="NAME …",
    help="Dimensions; default seniority industry expertise.",
)
@click.option("--dimensions-file", metavar="FILE.toml", help="Custom dimensions.")
@click.option("--classification-method", type=click.Choice(["semantic", "classification", "hybrid"]),
              default="semantic", show_default=True,
              help="Cluster by text, by labels, or by both.")  # fmt: skip
@click.option(
    "--engine",
    type=click.Choice(["embedding", "nli"]),
    default="embedding",
    show_default=True,
    help="Labelling method.",
)
@click.option(
    "--nli-model", metavar="NAME|PATH", help="Model of --engine nli; default typeform/distilbert-base-uncased-mnli."
)
@click.option(
    "--color-by", default="cluster", show_default=True, metavar="cluster|DIMENSION", help="Colouring of the picture."
)
@click.option("-o", "--index", metavar="FILE", help="File of the index; default ./<file stem>.duckdb.")
@click.option(
    "--matrix/--no-matrix", default=None, help="Write the dissimilarity matrix; default up to 5,000 personas."
)
@click.option("--raw", is_flag=True, help="Show personal data in the picture unmasked.")
@click.option(
    "--set", "settings", multiple=True, metavar="[STAGE.]KEY=VALUE", callback=pairs, help="Setting of the build."
)
def cluster(file: str, more: tuple[str, ...], dimensions: list[str], **options: Any) -> None:
    """Cluster the persona descriptions of FILE, and build an index of them.

    FILE has === PERSONA n === blocks, or is a table or a JSON object of descriptions. Written to DIR: the clusters, the
    dissimilarity matrix (CSV), a picture (HTML), and with --use-classification every label's score.
    """
    import contextlib
    import sys

    from riindex.cli.build import load_libraries
    from riindex.cli.progress import Terminal
    from riindex.compat.persona_clustering import DIMENSIONS, cluster_with, configure
    from riindex.store.database import Store

    default = () if options["dimensions_file"] else DIMENSIONS
    named = [*dimensions, *more] if dimensions else list(default)
    if more and not dimensions:
        raise click.UsageError(f"only one FILE at a time: {' '.join(more)}")
    classified = options["use_classification"] or options["classification_method"] != "semantic"
    settings = {"classify.engine": options["engine"], **options["settings"]}
    if options["nli_model"]:
        settings["classify.model"] = options["nli_model"]
    config = configure(
        options["model"], options["clusters"], options["method"], options["eps"], options["min_samples"],
        options["viz"], named if classified else None, options["classification_method"], options["color_by"],
        options["dimensions_file"], settings,
    )  # fmt: skip
    report = Terminal(begin=load_libraries)
    results = cluster_with(
        config,
        file,
        options["output"],
        options["color_by"],
        options["index"],
        options["matrix"],
        options["raw"],
        report,
    )
    with contextlib.redirect_stdout(sys.stderr), Store.read(Path(results["output_files"]["index_file"])) as store:
        _show(store, results, config, options["matrix"])
        for warning in report.warnings:
            click.echo(f"! {warning}")
    for path in results["output_files"].values():
        click.echo(path)


def _show(store: Store, results: PersonaClustering, config: Any, matrix: bool | None) -> None:
    from riindex.ask.collection import diversity
    from riindex.compat.persona_clustering import MATRIX_ROWS, candidates, density_advice, verdict

    found = verdict(store)
    if found is not None:
        _show_silhouettes(candidates(store), found)
    advice = density_advice(results, config)
    if advice is not None:
        _show_density(advice)
    _show_clusters(results)
    whole = diversity(store)
    click.echo(f"\nThe collection: {whole}")
    alone = [row["tweet_id"] for row in whole.each if row["is_outlier"]]
    if alone:
        shown = ", ".join(alone[:12]) + (f" … and {len(alone) - 12} more" if len(alone) > 12 else "")
        click.echo(f"Unlike all others: {shown}")
    if matrix is None and len(results["personas"]) > MATRIX_ROWS:
        click.echo(f"The dissimilarity matrix of more than {MATRIX_ROWS:,} personas is not written; --matrix writes it")
    index = results["output_files"]["index_file"]
    click.echo("Next: " + "   ".join(f"ri {words} -i {index}" for words in NEXT_COMMANDS) + "\n")


def _show_silhouettes(tried: list[Candidate], found: SilhouetteChoice) -> None:
    click.echo("\nHow many? Cosine silhouette of k-means: ● published seed, ─ mean over seeds ± standard error")
    low = min(min(c.silhouette, c.mean - c.error) for c in tried)
    high = max(max(c.silhouette, c.mean + c.error) for c in tried)
    for c in tried:
        place = [
            round((v - low) / ((high - low) or 1) * (WIDTH - 1))
            for v in (c.mean - c.error, c.mean + c.error, c.silhouette)
        ]
        line = ["─" if place[0] <= i <= place[1] else " " for i in range(WIDTH)]
        line[place[2]] = "●"
        figures = f"{c.silhouette:.3f}  {c.mean:.3f} ± {c.error:.3f}  seeds agree {c.agreement:.2f}"
        click.echo(f"  k {c.groups:>2}  {''.join(line)}  {figures}{'  ← chosen' if c.groups == found.chosen else ''}")
    click.echo(_judgement(tried, found))


def _judgement(tried: list[Candidate], found: SilhouetteChoice) -> str:
    from riindex.algorithms.clustering.silhouette import MIN_SILHOUETTE

    best = next(c for c in tried if c.groups == found.chosen)
    if found.decisive:
        return f"k = {found.chosen} stands out ({best.silhouette:.3f})."
    why = [f"no k reaches {MIN_SILHOUETTE}"] if found.flat else []
    if found.tied:
        why.append(f"within one standard error of the best: k = {', '.join(map(str, found.tied))}")
    finest = "none" if found.finest is None else f"{found.finest}"
    return (
        f"! k = {found.chosen} is the published choice ({best.silhouette:.3f}) and labels the files, but the curve "
        f"does not determine the number: {'; '.join(why)}.\n"
        f"  The smallest k as good: {found.parsimonious}; the largest found again by other seeds: {finest}.\n"
        f"  --clusters N sets another."
    )


def _show_density(advice: DensityAdvice) -> None:
    click.echo(f"\n{advice.given}")
    click.echo(f"The k-distance curve bends at {advice.knee:.3f}: the suggested eps for this min-samples.")
    if advice.given.usable:
        return
    better = (
        f"tried: {advice.better}"
        if advice.better
        else "no eps that was tried yields two groups with half of the personas"
    )
    click.echo(f"! This grouping is not usable; {better}")


def _show_clusters(results: PersonaClustering) -> None:
    total = len(results["personas"])
    click.echo(f"\n{results['n_clusters']} clusters of {total:,} personas")
    rows = []
    for number, own in results["cluster_analysis"].items():
        row: dict[str, Any] = {
            "id": number,
            "name": own["name"],
            "size": own["size"],
            "share": f"{own['size'] / total:.1%}",
            "dissimilarity": own["internal_dissimilarity"],
        }
        for dimension, counts in own["classifications"].items():
            row[dimension] = ", ".join(f"{label} {n}" for label, n in list(counts.items())[:3])
        rows.append({**row, "terms": ", ".join(own["terms"])})
    write_table(rows, list(rows[0]))
