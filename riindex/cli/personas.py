"""Questions to a built index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option
from riindex.cli.output import write

if TYPE_CHECKING:
    from riindex.index import RIIndex

from riindex.cli.output import write_table

BARS = " ▁▂▃▄▅▆▇█"
# Weeks that are drawn.
LAST_WEEKS = 26
# What is no accident (Benjamini & Hochberg 1995).
SURE = 0.05


@click.command(short_help="List the personas.")
@index_option
@format_option
@limit_option(100)
def personas(path: str | None, fmt: str, limit: int) -> None:
    """List the personas, the largest first."""
    with open_index(path) as ri:
        if fmt == "table":
            names = ["id", "name", "tier", "size", "share", "terms"]
            lines = ri.store.rows("build/persona_lines")[:limit]
            rows = [dict(zip(names, (*line[:4], f"{line[4]:.1%}", line[5]), strict=True)) for line in lines]
            write(rows, fmt, names)
        else:
            rows = sorted(ri.store.records("ask/personas"), key=lambda row: -row["size"])[:limit]
            write(rows, fmt)


@click.command(short_help="One persona in full.")
@click.argument("persona")
@index_option
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to write it.",
)
@click.option(
    "-n", "limit", type=click.IntRange(min=1), default=8, show_default=True, help="How many of each kind (json: all)."
)
@click.option("--sub", is_flag=True, help="The parts that it divides into, if it does.")
@raw_option
def persona(persona: str, path: str | None, fmt: str, limit: int, sub: bool, raw: bool) -> None:
    """PERSONA, a number or a name, in full: terms, times, traits, evidence, hints."""
    from riindex.compat import cards

    with open_index(path) as ri:
        number = ri.persona_id(persona)
        if sub:
            _show_parts(number, masked(ri.sub_personas(number, limit), raw), fmt)
            return
        unmasked = _texts(ri, number) if raw else {}
        if fmt == "json":
            full = ri.get_persona(number) or {}
            full["evidence_snippets"] = [
                {**row, "text": unmasked.get(row["source_id"], row["text"])} for row in full["evidence_snippets"]
            ]
            write([full], "json")
            return
        card = next(row for row in ri.store.records("ask/personas") if row["persona_id"] == number)
        own: dict[str, Any] = {
            name: [row for row in ri.store.records(f"ask/persona_{name}") if row["persona_id"] == number]
            for name in ("terms", "hours", "traits", "hints", "evidence")
        }
        own["claims"] = {claim["claim_id"]: claim for claim in ri.claims(number)}
        own["naming"] = cards.namings(ri.store).get(number)
        own["growth"] = ri.trends(number)[0]
        own["weeks"] = ri.store.records("ask/persona_weeks", persona=number)
        labelled = ri.store.has("labels")
        own["labels"] = ri.store.records("ask/persona_labels", persona=number) if labelled else []
        own["evidence"] = [{**row, "text": unmasked.get(row["tweet_id"], row["text"])} for row in own["evidence"]]
    _show_card(card, own, limit)


def _show_parts(number: int, parts: list[dict[str, Any]], fmt: str) -> None:
    if fmt == "json":
        write(parts, "json")
        return
    if not parts:
        click.echo(f"persona {number} does not divide into parts that are found again", err=True)
        return
    for part in parts:
        sizes = f"{part['size']:,} posts ({part['share']:.0%}), {part['core_size']:,} core"
        click.echo(f"{number}.{part['sub_persona_id']}  {sizes}: {', '.join(part['terms']) or 'no terms of its own'}")
        click.echo(f"     {' '.join(part['example'].split())}")
    click.echo(f'\nri tweets --where "persona_id = {number} and sub_persona_id = 0" lists one of them', err=True)


def _texts(ri: RIIndex, persona_id: int) -> dict[str, str]:
    """The texts of a persona's tweets as their authors wrote them, by tweet id."""
    found = ri.tweets(persona_id)
    return dict(zip(found["tweet_id"].to_list(), found["text"].to_list(), strict=True))


def _support(claim: dict[str, Any]) -> str:
    """What a claim rests on, in short."""
    return f"{claim['claim_id']}, n = {claim['n']:,}"


def _show_card(card: dict[str, Any], own: dict[str, Any], limit: int) -> None:
    authors = "" if card["n_authors"] is None else f"{card['n_authors']:,} authors, "
    stability = "" if card["stability"] is None else f", stability {card['stability']:.2f}"
    click.echo(f"{card['name']}  (persona {card['persona_id']}, {card['tier']})")
    click.echo(card["description"])
    ids = ", ".join(claim["claim_id"] for claim in own["claims"].values() if claim["place"] == "description")
    click.echo(f"claims {ids}: ri evidence CLAIM shows what each rests on")
    if own["naming"]:
        named = own["naming"]
        click.echo(f"{named['model']} says: {named['sentence']} [{', '.join(named['claim_ids'])}]")
    click.echo(f"{card['core_size']:,} core members, {authors}coherence {card['coherence']:.2f}" + stability)
    click.echo(
        "\nWhat sets it apart (share of its core members / of the others', lift; ? may be an accident, q > 0.05)"
    )
    for kind in ("term", "ngram", "hashtag", "mention", "domain", "emoji"):
        told = [_told(term) for term in own["terms"] if term["kind"] == kind][:limit]
        if told:
            click.echo(f"  {kind:<8} {', '.join(told)}")
    counts = [hour["n"] for hour in own["hours"]]
    if any(counts):
        bars = "".join(BARS[round(n / max(counts) * (len(BARS) - 1))] for n in counts)
        click.echo(f"\nHours 0-23  {bars}  peak {card['peak_hour']:02d}:00")
    _show_trend(own["growth"], own["weeks"])
    click.echo(
        "\nHow it behaves (its mean, the others', difference in standard deviations with 95 % interval; q <= 0.05)"
    )
    sure = [trait for trait in own["traits"] if trait["q"] is not None and trait["q"] <= SURE]
    for trait in sure[:limit]:
        low, high = trait["difference_low"], trait["difference_high"]
        interval = "" if low is None else f"({low:+.2f} to {high:+.2f})"
        figures = f"{trait['mean']:>10.2f} {trait['baseline_mean']:>10.2f} {trait['difference']:>+7.2f}  {interval}"
        click.echo(f"  {trait['feature']:<24} {figures}")
    _show_labels(own["labels"], limit)
    click.echo("\nHints")
    for hint in own["hints"]:
        sign = "+" if hint["kind"] == "do" else "-"
        click.echo(f"  {sign} {hint['hint']}  [{_support(own['claims'][hint['claim_id']])}]")
    click.echo("\nEvidence")
    for row in own["evidence"][:limit]:
        click.echo(f"  {row['tweet_id']}  {' '.join(row['text'].split())}")


def _show_trend(growth: dict[str, Any], weeks: list[dict[str, Any]]) -> None:
    """The last weeks' shares as bars, and what the slope says; nothing where no document has a time."""
    if not weeks:
        return
    shares = [week["share"] for week in weeks[-LAST_WEEKS:]]
    bars = "".join(BARS[round(share / max(*shares, 1e-9) * (len(BARS) - 1))] for share in shares)
    if growth["slope"] is None:
        click.echo(f"Weeks       {bars}  {growth['trend']} to tell a trend: {growth['weeks']} weeks")
        return
    interval = f"{100 * growth['low']:+.2f} to {100 * growth['high']:+.2f}"
    slope = f"{100 * growth['slope']:+.2f} points of share a week ({interval}), q {growth['q']:.2g}"
    click.echo(f"Weeks       {bars}  {growth['trend']}: {slope}, {growth['weeks']} weeks")


def _show_labels(labels: list[dict[str, Any]], limit: int) -> None:
    """How many of its documents have which label; nothing where nothing was labelled."""
    if labels:
        click.echo("\nLabels (ri classify)")
    for dimension in dict.fromkeys(row["dimension"] for row in labels):
        own = [f"{row['label']} {row['n']:,} ({row['share']:.0%})" for row in labels if row["dimension"] == dimension]
        click.echo(f"  {dimension:<12} {', '.join(own[:limit])}")


def _told(term: dict[str, Any]) -> str:
    baseline = "" if term["baseline_share"] is None else f"/{term['baseline_share']:.0%}"
    lift = "" if term["lift"] is None else f", x{term['lift']:.1f}"
    doubt = "" if term["q"] is None or term["q"] <= SURE else "?"
    return f"{term['spelling']}{doubt} ({term['share']:.0%}{baseline}{lift})"


@click.command(short_help="What is in an index.")
@click.argument("file", required=False)
@index_option
@format_option
def summary(file: str | None, path: str | None, fmt: str) -> None:
    """What is in an index: how many tweets and personas, how good they are, how it was made."""
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
