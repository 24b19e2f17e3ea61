"""``ri why``: reasons for and against the persona of a tweet."""

from __future__ import annotations

from typing import Any

import click

from riindex.ask.masking import masked
from riindex.cli.options import index_option, open_index, raw_option
from riindex.cli.output import write
from riindex.text.pii import mask_words

# Number of words and traits shown for each side.
MAX_SHOWN = 6


@click.command()
@click.argument("tweet_id")
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
@raw_option
def why(tweet_id: str, path: str | None, fmt: str, raw: bool) -> None:
    """Explain why a tweet has its persona and not the runner-up, or why it was dropped."""
    with open_index(path) as ri:
        found = ri.why(tweet_id)
    answer = found if raw else _without_people(found)
    if fmt == "json":
        write([answer], "json")
        return
    click.echo(" ".join(answer["text"].split()))
    _show_speaker(answer["speaker"])
    _show_stance(answer["stance"])
    if answer["dropped_because"]:
        twin = f"; it repeats {answer['twin']}" if answer["twin"] else ""
        twin += f"; {answer['kept_twin']} was kept" if answer["kept_twin"] else ""
        near = f" (similarity {answer['twin_similarity']:.3f})" if answer["twin_similarity"] is not None else ""
        click.echo(f"\ndropped: {answer['dropped_because'].replace('_', ' ')}{twin}{near}")
    if answer["persona_id"] is None:
        if not answer["dropped_because"]:
            click.echo("\nno persona: noise in the clustering, and the build left noise out (assign.noise=false)")
        return
    if answer["dropped_because"]:
        click.echo(f"its twin's persona: {answer['persona_id']} {answer['persona_name']}")
        return
    core = "a core member" if answer["is_core"] else "not a core member"
    unseen = "noise" if answer["is_noise"] else "not in the fitted sample"
    raw_label = unseen if answer["raw_label"] is None else f"group {answer['raw_label']}"
    part = "" if answer["sub_persona_id"] is None else f", sub-persona {answer['sub_persona_id']}"
    figures = f"confidence {answer['confidence']:.2f}, distance {answer['distance']:.3f}, clustering: {raw_label}"
    click.echo(f"\npersona {answer['persona_id']}  {answer['persona_name']}: {core}{part}, {figures}")
    _show_terms("its distinctive terms", answer["says"])
    if answer["runner_up_id"] is not None:
        distance = f"distance {answer['runner_up_distance']:.3f}"
        click.echo(f"runner-up {answer['runner_up_id']}  {answer['runner_up_name']}: {distance}")
        _show_terms("its terms in the tweet", answer["runner_up_says"])
        _reasons(answer)


def _show_speaker(found: dict[str, Any] | None) -> None:
    """Print who speaks in the tweet and the signs of it; nothing if the file does not say."""
    if found is not None:
        reasons = ": " + ", ".join(found["reasons"]) if found["reasons"] else ""
        click.echo(f"\nspeaker: {found['speaker']} ({found['score']:.2f}){reasons}")


def _show_stance(found: dict[str, Any] | None) -> None:
    """Print the stance of the tweet and what decided; nothing if the file has none."""
    if found is None:
        return
    if found["best_stance"] is None:
        click.echo(f"\nstance: {found['stance']}: the text is in another script than Latin, which is not judged")
        return
    lead = "" if found["stance"] == found["best_stance"] else f", perhaps {found['best_stance']}"
    others = f"{found['probability']:.0%}; next {found['runner_up']}, {found['runner_up_probability']:.0%}"
    reasons = ", ".join(what for what, _ in found["reasons"])
    click.echo(f"\nstance: {found['stance']}{lead} ({others})" + (f": {reasons}" if reasons else ""))


def _show_terms(lead: str, terms: list[dict[str, Any]]) -> None:
    shown = ", ".join(f"{t['term']} (x{t['lift']:.1f})" for t in terms[:10]) or "none"
    click.echo(f"  {lead}: {shown}")


def _without_people(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with its text masked, and only words that the masked text contains."""
    hidden = masked([answer], raw=False)[0]
    if answer["stance"] is not None:
        shown = [
            (what, adds) for what, adds in answer["stance"]["reasons"] if what[0] != "“" or what[1:-1] in hidden["text"]
        ]
        hidden = {**hidden, "stance": {**answer["stance"], "reasons": shown}}
    found = answer["reasons"]
    if found is None or found["words"] is None:
        return hidden
    return {**hidden, "reasons": {**found, "words": mask_words(found["words"], hidden["text"])}}


def _reasons(answer: dict[str, Any]) -> None:
    """Print the contributions of words and traits to either persona."""
    found = answer["reasons"]
    if found is None:
        click.echo("\ncontributions are not in this file: its personas are in a reduced space, or it is a shipped copy")
        return
    click.echo(
        f"\n{answer['persona_id']} is nearer than {answer['runner_up_id']} by {found['total']:.3f} (squared): "
        f"text {found['text']:+.3f}, behaviour {found['behaviour']:+.3f}  (two posts have distance 1 on average)"
    )
    words = [(word, share) for word, share in found["words"] or [] if any(map(str.isalnum, word)) or not word.isascii()]
    for side, sign in (("for", 1), ("against", -1)):
        shown = [f"{word} {share:+.3f}" for word, share in words if share * sign > 0.0005]
        if shown:
            click.echo(f"  words {side:<8} {', '.join(shown[:MAX_SHOWN])}")
    if found["base"] is not None:
        click.echo(f"  any text       {found['base']:+.3f}")
    for side, sign in (("for", 1), ("against", -1)):
        for trait in [t for t in found["traits"] if t["adds"] * sign > 0.0005][:MAX_SHOWN]:
            figures = " ".join(f"{name} {_number(trait[key])}" for name, key in FIGURES)
            click.echo(f"  trait {side:<8} {trait['feature']:<24} {trait['adds']:+.3f}  ({figures})")


FIGURES = (("here", "value"), ("its persona", "mean"), ("runner-up", "runner_up_mean"))


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"
