"""Questions to a built index."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from riindex.ask.masking import masked
from riindex.cli.apart import where_option
from riindex.cli.options import (
    first_rows,
    format_option,
    index_option,
    limit_option,
    open_index,
    raw_option,
    write,
    write_table,
)
from riindex.text.pii import mask, shown_words

if TYPE_CHECKING:
    from riindex.index import RIIndex

BARS = " ▁▂▃▄▅▆▇█"
# Weeks that are drawn.
LAST_WEEKS = 26
# What ``ri similar`` shows, also of nothing.
TWEET_COLUMNS = ("tweet_id", "score", "persona_id", "persona_name", "text")
PERSONA_COLUMNS = ("persona_id", "persona_name", "score", "size", "description")
# What is no accident (Benjamini & Hochberg 1995).
SURE = 0.05


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


@click.command(short_help="List tweets.")
@click.option("--persona", help="Only of this persona (number or name).")
@where_option("Only rows that meet this SQL condition over the view tweets.")
@click.option("--typical", is_flag=True, help="The most typical first: core members, the nearest to their centre.")
@index_option
@format_option
@limit_option(20)
@raw_option
def tweets(
    persona: str | None, where: str | None, typical: bool, path: str | None, fmt: str, limit: int, raw: bool
) -> None:
    """List kept tweets in order of the input."""
    with open_index(path) as ri:
        found = ri.tweets(persona, where, limit, typical)
    named = ["is_core", "confidence"] if persona else ["persona_id", "persona_name"]
    columns = ["tweet_id", *named, "created_at", "text"] if fmt == "table" else found.columns
    write(masked(found.select(columns).to_dicts(), raw), fmt, columns)


@click.command(short_help="Find tweets or personas by meaning.")
@click.argument("text", required=False)
@click.option("--tweet", "tweet_id", help="Start from this tweet.")
@where_option("Only rows that meet this SQL condition over the view tweets; applied before ranking.")
@click.option("--persona", help="Only of this persona (number or name).")
@click.option("--mode", type=click.Choice(["vector", "keyword", "hybrid"]), default="vector", show_default=True,
              help="By meaning, by words (BM25), or both.")  # fmt: skip
@click.option("--why", is_flag=True, help="Which words of each tweet make it similar, and how much each adds.")
@click.option("--explain", is_flag=True, help="How it is answered: the way and why, what was expected, what it took.")
@click.option("--personas", "rank_personas", is_flag=True, help="Rank personas instead of tweets.")
@click.option(
    "--by",
    type=click.Choice(["language", "style", "size"]),
    help="How personas are compared when TEXT is a persona's number; else by language.",
)
@index_option
@format_option
@limit_option(10)
@raw_option
def similar(
    text: str | None, tweet_id: str | None, where: str | None, persona: str | None, mode: str, why: bool,
    explain: bool, rank_personas: bool, by: str | None,
    path: str | None, fmt: str, limit: int, raw: bool,
) -> None:  # fmt: skip
    """Find tweets that mean the same as TEXT, or as a tweet. Scores are cosines of text vectors, exact.

    A bare number that is a persona keeps its classic meaning: the personas most like it.
    """
    _check_together(text, tweet_id, where, persona, mode, why, explain, rank_personas)
    with open_index(path) as ri:
        if text is not None and text.isdigit() and tweet_id is None and ri.store.rows("ask/persona_ids", wanted=text):
            if where or persona or rank_personas or why or explain or mode != "vector":
                raise click.UsageError(
                    f"{text} is a persona, and it is compared with whole personas: only --by, -n and -f go with it; "
                    "or give a text of more words"
                )
            click.echo(f"personas like persona {text}, by {by or 'language'}", err=True)
            found = ri.find_similar_personas(int(text), limit + 1, by or "language")
            write(first_rows(found, limit), fmt)
            return
        if text is not None and text.isdigit() and tweet_id is None:
            click.echo(f"there is no persona {text}: searching for tweets that say so", err=True)
        if by is not None:
            raise click.UsageError("--by says how personas are compared: it goes with a persona's number")
        if explain:
            plan = ri.explain(text, tweet_id=tweet_id, where=where, persona=persona, limit=limit, mode=mode)
            _show_plan(asdict(plan), fmt)
            return
        if rank_personas and text is not None:
            rows = first_rows(ri.persona_matches(text, limit + 1), limit)
        else:
            found = ri.matches(text, tweet_id=tweet_id, where=where, persona=persona, limit=limit, mode=mode)
            rows = [{key: value for key, value in row.items() if key != "query"} for row in found]
            if why and text is not None:
                for row in rows:
                    row["why"] = _why(ri.explain_match(text, row["tweet_id"]), row["text"], fmt, raw)
    if not rows and text is not None and mode == "vector" and not where and not persona:
        click.echo("no word of it is known; --mode keyword looks for it as it is written", err=True)
    columns = PERSONA_COLUMNS if rank_personas else TWEET_COLUMNS
    write(masked(rows, raw), fmt, None if rows or fmt == "table" else columns)


def _check_together(
    text: str | None, tweet_id: str | None, where: str | None, persona: str | None, mode: str, why: bool,
    explain: bool, rank_personas: bool,
) -> None:  # fmt: skip
    """UsageError for options of which one makes no sense beside another."""
    if why and (rank_personas or text is None or mode == "keyword"):
        raise click.UsageError("--why takes similarity by meaning apart: it goes with a text and tweets")
    if rank_personas and (where or persona or tweet_id or mode != "vector"):
        raise click.UsageError("--personas ranks all personas: it takes no --where, --persona, --tweet or --mode")
    if explain and (why or rank_personas):
        raise click.UsageError("--explain tells how tweets are found: it takes no --why and no --personas")


def _show_plan(plan: dict[str, Any], fmt: str) -> None:
    if fmt != "table":
        write([plan], fmt)
        return
    for key, value in plan.items():
        told = ", ".join(f"{name} {ms:,.1f}" for name, ms in value.items()) if isinstance(value, dict) else value
        if told not in (None, 0, ""):
            click.echo(f"{key.replace('_', ' '):<13} {told:,}" if isinstance(told, int) else f"{key:<13} {told}")


def _why(words: list[tuple[str, float]], text: str, fmt: str, raw: bool) -> Any:
    """What each word of ``text`` adds; a word that masking takes out is not shown."""
    told = words if raw else shown_words(words, mask(text))
    if fmt in ("json", "jsonl", "parquet"):
        return [{"word": word, "adds": share} for word, share in told]
    return " ".join(f"{word} {share:+.2f}" for word, share in told[:5])
