"""``ri personas``, ``ri persona`` and ``ri summary``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option
from riindex.cli.output import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riindex.ask.profile import PersonaProfile, Row
    from riindex.index import RIIndex

from riindex.cli.output import write_table

BARS = " ▁▂▃▄▅▆▇█"
# Number of weeks that are drawn.
LAST_WEEKS = 26
# Significance level of q (Benjamini & Hochberg 1995).
ALPHA = 0.05


@click.command()
@index_option
@format_option
@limit_option(100)
def personas(path: str | None, fmt: str, limit: int) -> None:
    """List the personas, the largest first."""
    with open_index(path) as ri:
        if fmt == "table":
            rows = [{**row, "share": f"{row['share']:.1%}"} for row in ri.listing()[:limit]]
        else:
            rows = sorted(ri.store.records("ask/personas/personas"), key=lambda row: -row["size"])[:limit]
    write(rows, fmt)


@click.command()
@click.argument("persona")
@index_option
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Number of rows of each kind (json: all).",
)
@click.option("--sub", is_flag=True, help="Show the sub-personas that it divides into, if any.")
@raw_option
def persona(persona: str, path: str | None, fmt: str, limit: int, sub: bool, raw: bool) -> None:
    """Show PERSONA, a number or a name, in full: terms, times, traits, evidence, hints."""
    with open_index(path) as ri:
        if sub:
            number = ri.persona_id(persona)
            _show_parts(number, masked(ri.sub_personas(number, limit), raw), fmt)
            return
        shown = ri.profile(persona)
        full = ri.get_persona(shown.persona_id) if fmt == "json" else None
        unmasked = _texts(ri, shown.persona_id) if raw else {}
    if full is None:
        _show_card(shown, unmasked, limit)
        return
    for row in full["evidence_snippets"]:
        row["text"] = unmasked.get(row["source_id"], row["text"])
    write([full], "json")


def _show_parts(number: int, parts: list[dict[str, Any]], fmt: str) -> None:
    if fmt == "json":
        write(parts, "json")
        return
    if not parts:
        click.echo(f"persona {number} does not divide into sub-personas that are stable in refits", err=True)
        return
    for part in parts:
        sizes = f"{part['size']:,} posts ({part['share']:.0%}), {part['core_size']:,} core"
        click.echo(f"{number}.{part['sub_persona_id']}  {sizes}: {', '.join(part['terms']) or 'no terms of its own'}")
        click.echo(f"     {' '.join(part['example'].split())}")
    click.echo(f'\nri tweets --where "persona_id = {number} and sub_persona_id = 0" lists one of them', err=True)


def _texts(ri: RIIndex, persona_id: int) -> dict[str, str]:
    """Return the texts of a persona's tweets as their authors wrote them, by tweet id."""
    columns, rows = ri.tweet_rows(persona_id)
    places = columns.index("tweet_id"), columns.index("text")
    return {row[places[0]]: row[places[1]] for row in rows}


def _show_card(shown: PersonaProfile, unmasked: Mapping[str, str], limit: int) -> None:
    """Print a persona; ``unmasked``: texts of tweets by id, in place of the masked ones."""
    figures = shown.figures
    authors = "" if figures["n_authors"] is None else f"{figures['n_authors']:,} authors, "
    stability = "" if figures["stability"] is None else f", stability {figures['stability']:.2f}"
    verdict = f", {shown.health['verdict']}" if shown.health else ""
    click.echo(f"{shown.name}  (persona {shown.persona_id}, {shown.tier}{verdict})")
    click.echo(shown.description)
    click.echo(f"claims {', '.join(shown.described_by())}: ri evidence CLAIM shows the evidence of each")
    if shown.stances:
        click.echo(f"Of its posts {shown.stance_sentence()}: ri sql @stances compares personas")
    if shown.naming:
        naming = shown.naming
        click.echo(f"{naming['model']}: {naming['sentence']} [{', '.join(naming['claim_ids'])}]")
    click.echo(f"{figures['core_size']:,} core members, {authors}coherence {figures['coherence']:.2f}" + stability)
    _show_terms(shown.terms, limit)
    counts = [hour["n"] for hour in shown.hours]
    if any(counts):
        bars = "".join(BARS[round(n / max(counts) * (len(BARS) - 1))] for n in counts)
        click.echo(f"\nHours 0-23  {bars}  peak {figures['peak_hour']:02d}:00")
    elif shown.hours:
        click.echo("\nHours 0-23  unknown: the posts have no times, or dates without hours")
    _show_trend(shown.growth, shown.weeks)
    _show_traits(shown.traits, limit)
    _show_labels(shown.labels, limit)
    click.echo("\nHints")
    for hint in shown.hints:
        sign, claim = "+" if hint["kind"] == "do" else "-", shown.claims[hint["claim_id"]]
        click.echo(f"  {sign} {hint['hint']}  [{claim['claim_id']}, n = {claim['n']:,}]")
    click.echo("\nEvidence")
    for row in shown.evidence[:limit]:
        click.echo(f"  {row['tweet_id']}  {' '.join(unmasked.get(row['tweet_id'], row['text']).split())}")


def _show_terms(terms: Sequence[Row], limit: int) -> None:
    click.echo("\nDistinctive terms (share of its core members / of the others', lift; ? not significant, q > 0.05)")
    for kind in ("term", "ngram", "hashtag", "mention", "domain", "emoji"):
        shown = [_term(term) for term in terms if term["kind"] == kind][:limit]
        if shown:
            click.echo(f"  {kind:<8} {', '.join(shown)}")


def _show_traits(traits: Sequence[Row], limit: int) -> None:
    click.echo("\nBehaviour (its mean, the others', difference in standard deviations with 95 % interval; q <= 0.05)")
    significant = [trait for trait in traits if trait["q"] is not None and trait["q"] <= ALPHA]
    for trait in significant[:limit]:
        low, high = trait["difference_low"], trait["difference_high"]
        interval = "" if low is None else f"({low:+.2f} to {high:+.2f})"
        means = f"{trait['mean']:>10.2f} {trait['baseline_mean']:>10.2f} {trait['difference']:>+7.2f}  {interval}"
        click.echo(f"  {trait['feature']:<24} {means}")


def _show_trend(growth: Row, weeks: Sequence[Row]) -> None:
    """Print the shares of the last weeks as bars, and the slope; nothing if no document has a time."""
    if not weeks:
        return
    shares = [week["share"] for week in weeks[-LAST_WEEKS:]]
    bars = "".join(BARS[round(share / max(*shares, 1e-9) * (len(BARS) - 1))] for share in shares)
    if growth["slope"] is None:
        click.echo(f"Weeks       {bars}  {growth['trend']} for a trend: {growth['weeks']} weeks")
        return
    interval = f"{100 * growth['low']:+.2f} to {100 * growth['high']:+.2f}"
    slope = f"{100 * growth['slope']:+.2f} points of share a week ({interval}), q {growth['q']:.2g}"
    click.echo(f"Weeks       {bars}  {growth['trend']}: {slope}, {growth['weeks']} weeks")


def _show_labels(labels: Sequence[Row], limit: int) -> None:
    """Print the number of documents per label; nothing if the index has no labels."""
    if labels:
        click.echo("\nLabels (ri classify)")
    for dimension in dict.fromkeys(row["dimension"] for row in labels):
        own = [f"{row['label']} {row['n']:,} ({row['share']:.0%})" for row in labels if row["dimension"] == dimension]
        click.echo(f"  {dimension:<12} {', '.join(own[:limit])}")


def _term(term: Row) -> str:
    baseline = "" if term["baseline_share"] is None else f"/{term['baseline_share']:.0%}"
    lift = "" if term["lift"] is None else f", x{term['lift']:.1f}"
    doubt = "" if term["q"] is None or term["q"] <= ALPHA else "?"
    return f"{term['spelling']}{doubt} ({term['share']:.0%}{baseline}{lift})"


@click.command()
@click.argument("file", required=False)
@index_option
@format_option
def summary(file: str | None, path: str | None, fmt: str) -> None:
    """Summarise an index: numbers of tweets and personas, quality, build settings."""
    with open_index(file or path) as ri:
        stats = ri.get_summary_stats()
        coverage = [{"persona_id": number, **row} for number, row in ri.get_persona_coverage().items()]
    if fmt != "table":
        write([{**stats, "personas": coverage}], fmt)
        return
    quality = stats.pop("quality")
    width = max(map(len, stats))
    for key, value in stats.items():
        click.echo(
            f"{key.replace('_', ' '):<{width}}  {value:,.1f}"
            if isinstance(value, float)
            else f"{key.replace('_', ' '):<{width}}  {value}"
        )
    for key in (
        "coherence",
        "separation",
        "silhouette",
        "refit_ari",
        "noise_ratio",
        "unclear_ratio",
        "retention",
    ):
        if quality.get(key) is not None:
            click.echo(f"{key.replace('_', ' '):<{width}}  {quality[key]:.3f}")
    click.echo("")
    write_table(coverage, ["persona_id", "name", "count", "percentage"])
