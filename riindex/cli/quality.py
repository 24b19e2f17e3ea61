"""``ri quality``: quality of the personas on one page, and slow diagnostics."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from riindex.cli.options import format_option, index_option, index_path, open_index
from riindex.cli.output import write, write_table
from riindex.errors import RiError
from riindex.store.locks import tidy

if TYPE_CHECKING:
    from riindex.grouping.curve import Curve
    from riindex.index import RIIndex

# Figures at the head of the page: metric → label.
HEAD = {
    "coherence": "coherence of texts",
    "separation": "separation",
    "silhouette": "silhouette",
    "refit_ari": "refit agreement (ARI)",
    "refit_ari_min": "least refit agreement",
    "text_ari": "text-only agreement",
    "confidence": "mean confidence",
    "calibration_error": "calibration error",
    "noise_ratio": "noise",
    "unclear_ratio": "unclear",
    "coverage": "coverage",
    "retention": "kept by cleaning",
}
SHORT = {
    "stability": "stability",
    "coherence": "coherence",
    "separation": "separation",
    "core_share": "core",
    "word_agreement": "words",
    "words_apart": "next",
    "text_overlap": "by text",
    "top_author_share": "top author",
    "language_nmi": "language",
    "duplicate_share": "duplicates",
    "audience_share": "audience",
}
KEY = """\
stability: found again in refits (Jaccard); coherence: cosine of texts to their mean; separation: 1 - cosine to the
nearest persona; core: share of core members; words: agreement of two halves of a text (0: shuffled), next: the same
against the most similar persona; by text: overlap with a group by text alone; top author: its share of the posts;
language: NMI of persona and language; duplicates: share of the incoming documents; audience: share of its posts that
the audience wrote"""
BAR = 30


@click.command()
@click.option("--ablation", is_flag=True, help="Ablation of the fusion: 100, 75, 50 and 0 % text, each refitted.")
@click.option(
    "--curve", is_flag=True, help="Granularity curve of the method, each level refitted; minutes the first time."
)
@click.option(
    "--refits", type=click.IntRange(2, 100), help="Refits per level; default 5 with --ablation, 10 with --curve."
)
@click.option("--again", is_flag=True, help="Measure the curve again, although it is stored.")
@index_option
@format_option
def quality(ablation: bool, curve: bool, refits: int | None, again: bool, path: str | None, fmt: str) -> None:
    """Show the quality of the personas: overall, and each with a verdict (solid, usable, fragile) and its reason.

    Format json has everything; jsonl, csv and parquet have the overall figures with definitions. --ablation and --curve
    compute from the index alone, on at most evaluate.max_documents documents. The curve is stored in it (table
    granularity_levels) until a build groups again, and shown from there unless --refits has another number, or --again
    is given.
    """
    if ablation and curve:
        raise click.UsageError("--ablation and --curve exclude each other: give one")
    if refits is not None and not (ablation or curve):
        raise click.UsageError("--refits requires --ablation or --curve")
    if again and not curve:
        raise click.UsageError("--again requires --curve")
    if curve:
        tidy(index_path(path).resolve())
    with open_index(path) as ri:
        if ablation:
            _show_ablation(ri, refits or 5, fmt)
        elif curve:
            found = ri.granularity(refits, _report, again)
            _show_curve(found, fmt)
            if not found.kept:
                _keep(ri, found)
        else:
            _show(ri.quality(), fmt)


def _keep(index: RIIndex, found: Curve) -> None:
    """Store a curve in the index, with a note if that is not possible."""
    try:
        index.keep_granularity(found)
    except RiError as problem:
        click.echo(f"note: the curve could not be stored: {problem.message}", err=True)


def _report(text: str) -> None:
    click.echo(f"  {text}", err=True)


def _show(answer: dict[str, Any], fmt: str) -> None:
    if fmt == "json":
        write([answer], "json")
        return
    if fmt != "table":
        metrics = answer["overall"].items()
        write(
            [{"metric": key, "value": value, "definition": answer["definitions"][key]} for key, value in metrics], fmt
        )
        return
    overall = answer["overall"]
    counts = ", ".join(f"{overall[word]:.0f} {word}" for word in ("solid", "usable", "fragile") if overall[word])
    click.echo(f"{overall['personas']:.0f} personas: {counts}\n")
    head = [(name, overall[key]) for key, name in HEAD.items() if overall.get(key) is not None]
    half = (len(head) + 1) // 2
    for left, right in zip(head[:half], [*head[half:], ("", None)], strict=False):
        other = f"    {right[0]:<24} {right[1]:6.3f}" if right[1] is not None else ""
        click.echo(f"{left[0]:<24} {left[1]:6.3f}{other}")
    click.echo("")
    rows = [_line(row) for row in answer["personas"]]
    write_table(rows, list(rows[0]))
    click.echo(f"\n{KEY}")
    weak = [row for row in answer["personas"] if row["verdict"] != "solid"]
    if weak:
        click.echo("")
    for row in weak:
        click.echo(f"! {row['persona_id']} {row['name']}: {row['verdict']}: {row['reason']}")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    figures = {short: None if row.get(key) is None else round(row[key], 3) for key, short in SHORT.items()}
    return {"id": row["persona_id"], "verdict": row["verdict"], "size": row["size"], **figures, "name": row["name"]}


def _show_ablation(ri: RIIndex, refits: int, fmt: str) -> None:
    rows = [asdict(one) for one in ri.ablation(refits, _report)]
    if fmt != "table":
        write(rows, fmt)
        return
    click.echo(f"The same method with other shares of text, {refits} refits each\n")
    lines = [
        {
            "text / behaviour": f"{row['text_share']:.0%} / {1 - row['text_share']:.0%}" + " *" * row["built"],
            **{key: row[key] for key in ("groups", "coherence", "refit_ari", "refit_ari_min", "largest_share")},
            "published": f"{row['published_coherence']:.2f} / {row['published_ari']:.2f}",
        }
        for row in rows
    ]
    write_table(lines, list(lines[0]))
    click.echo(
        "\n* this build; published: coherence / refit ARI that the study of 2025 reports for its data and encoder"
    )


def _show_curve(found: Curve, fmt: str) -> None:
    rows = [asdict(level) for level in found.levels]
    if fmt == "json":
        write([asdict(found)], "json")
        return
    if fmt != "table":
        write(rows, fmt)
        return
    click.echo(f"Every level of {found.setting}, {found.draws} refits each on draws; null: columns shuffled\n")
    lines = [
        {
            found.setting: f"{row['setting']:g}" + " *" * row["built"],
            **{key: row[key] for key in ("groups", "noise", "largest", "ari", "error", "null", "jaccard", "weakest")},
            **{key: row[key] for key in ("silhouette", "dbcv") if any(other[key] is not None for other in rows)},
            "agreement": "" if row["ari"] is None else "█" * round(max(0.0, row["ari"]) * BAR),
        }
        for row in rows
    ]
    write_table(lines, list(lines[0]))
    click.echo("\n* this build")
    for cliff in found.cliffs:
        click.echo(f"! {cliff}")
