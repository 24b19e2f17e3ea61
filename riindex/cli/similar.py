"""``ri similar``: tweets or personas by meaning."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from riindex.ask.masking import masked
from riindex.cli.options import format_option, index_option, limit_option, open_index, raw_option, where_option
from riindex.cli.output import first_rows, write
from riindex.text.pii import mask_text, mask_words

# Columns that ``ri similar`` shows, also without rows.
TWEET_COLUMNS = ("tweet_id", "score", "persona_id", "persona_name", "text")
PERSONA_COLUMNS = ("persona_id", "persona_name", "score", "size", "description")


@click.command()
@click.argument("text", required=False)
@click.option("--tweet", "tweet_id", help="Search for neighbours of this tweet.")
@where_option("Only rows that meet this SQL condition over the view tweets; applied before ranking.")
@click.option("--persona", help="Only of this persona (number or name).")
@click.option("--mode", type=click.Choice(["vector", "keyword", "hybrid"]), default="vector", show_default=True,
              help="By meaning, by words (BM25), or both.")  # fmt: skip
@click.option("--why", is_flag=True, help="Show the contributions of words to the similarity of each tweet.")
@click.option("--explain", is_flag=True, help="Show the plan of the search: way, reason, estimates, times.")
@click.option("--personas", "rank_personas", is_flag=True, help="Rank personas instead of tweets.")
@click.option(
    "--by",
    type=click.Choice(["language", "style", "size"]),
    help="Similarity of personas if TEXT is a persona's number; default language.",
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
    """Find tweets with a meaning similar to TEXT, or to a tweet. Scores are exact cosines of text vectors.

    The number of a persona finds the personas most similar to it.
    """
    _check_together(text, tweet_id, where, persona, mode, why, explain, rank_personas)
    with open_index(path) as ri:
        if (
            text is not None
            and text.isdigit()
            and tweet_id is None
            and ri.store.rows("ask/personas/persona_ids", wanted=text)
        ):
            if where or persona or rank_personas or why or explain or mode != "vector":
                raise click.UsageError(
                    f"{text} is a persona, which is compared with other personas: only --by, -n and -f apply; "
                    "or give a text of more words"
                )
            click.echo(f"personas like persona {text}, by {by or 'language'}", err=True)
            found = ri.find_similar_personas(int(text), limit + 1, by or "language")
            write(first_rows(found, limit), fmt)
            return
        if text is not None and text.isdigit() and tweet_id is None:
            click.echo(f"there is no persona {text}: searching for tweets with this text", err=True)
        if by is not None:
            raise click.UsageError("--by sets the similarity of personas: it requires the number of a persona")
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
        click.echo("the text has no known word; --mode keyword searches for it as written", err=True)
    columns = PERSONA_COLUMNS if rank_personas else TWEET_COLUMNS
    write(masked(rows, raw), fmt, None if rows or fmt == "table" else columns)


def _check_together(
    text: str | None, tweet_id: str | None, where: str | None, persona: str | None, mode: str, why: bool,
    explain: bool, rank_personas: bool,
) -> None:  # fmt: skip
    """Raise UsageError for options that exclude each other."""
    if why and (rank_personas or text is None or mode == "keyword"):
        raise click.UsageError("--why decomposes similarity by meaning: it requires a text, and lists tweets")
    if rank_personas and (where or persona or tweet_id or mode != "vector"):
        raise click.UsageError("--personas ranks all personas: it takes no --where, --persona, --tweet or --mode")
    if explain and (why or rank_personas):
        raise click.UsageError("--explain shows the plan of a search for tweets: it takes no --why and no --personas")


def _show_plan(plan: dict[str, Any], fmt: str) -> None:
    if fmt != "table":
        write([plan], fmt)
        return
    for key, value in plan.items():
        shown = ", ".join(f"{name} {ms:,.1f}" for name, ms in value.items()) if isinstance(value, dict) else value
        if shown not in (None, 0, ""):
            click.echo(f"{key.replace('_', ' '):<13} {shown:,}" if isinstance(shown, int) else f"{key:<13} {shown}")


def _why(words: list[tuple[str, float]], text: str, fmt: str, raw: bool) -> Any:
    """Return the contribution of each word of ``text``, without the words that masking removes."""
    shown = words if raw else mask_words(words, mask_text(text))
    if fmt in ("json", "jsonl", "parquet"):
        return [{"word": word, "adds": share} for word, share in shown]
    return " ".join(f"{word} {share:+.2f}" for word, share in shown[:5])
