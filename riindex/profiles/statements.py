"""Statements about a persona: sentences with one figure each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riindex.algorithms.statistics import Slope
from riindex.profiles.names import TRAITS, Term, Trait, figure

# Number of phrases in a description.
DESCRIBED = 2
# The peak hour is mentioned if the persona is this many times as active in it as the others.
HOUR_LIFT = 1.2


@dataclass(frozen=True)
class Statement:
    """Sentence about a persona, with its figure.

    ``place``: description, do or dont. ``kind``: size, the kind of a term, hour, trait or trend; ``subject``: the term,
    hour or feature. ``n``: documents that the figure counts.
    """

    place: str
    kind: str
    subject: str
    sentence: str
    value: float
    baseline: float | None
    n: int


@dataclass(frozen=True)
class Peak:
    """Hour in which a persona posts most."""

    hour: int
    share: float
    baseline_share: float | None
    n: int


def describe(
    size: int, total: int, parts: Sequence[Term], trait: Trait | None, peak: Peak | None, called: str = "posts"
) -> list[Statement]:
    """Return the sentences of a description; ``parts``: distinctive phrases; ``called``: the noun for documents."""
    found = [_sized(size, total, called)]
    found += [_about(part) for part in parts[:DESCRIBED]]
    if trait is not None:
        found.append(_behaves(trait, called))
    # The hour in which all are busiest does not distinguish a persona that is hardly busier then.
    if peak is not None and (peak.baseline_share is None or peak.share >= HOUR_LIFT * peak.baseline_share):
        shares = percent(peak.share) + against(peak.baseline_share)
        sentence = f"Busiest at {peak.hour:02d}:00 ({shares})."
        found.append(
            Statement("description", "hour", str(peak.hour), sentence, peak.share, peak.baseline_share, peak.n)
        )
    return found


def trending(trend: str, slope: Slope, n: int, called: str = "posts") -> list[Statement]:
    """Return the statement that a persona's share of all documents grows or falls; none if steady or too short."""
    if trend not in ("emerging", "fading"):
        return []
    verb = "grows" if slope.slope > 0 else "falls"
    low, high = sorted((abs(slope.low), abs(slope.high)))
    points = f"{100 * abs(slope.slope):.2g} points a week (95 % interval {100 * low:.2g} to {100 * high:.2g})"
    sentence = f"{trend.capitalize()}: its share of all {called} {verb} by {points}."
    return [Statement("description", "trend", "", sentence, slope.slope, None, n)]


def _sized(size: int, total: int, called: str) -> Statement:
    sentence = f"{size:,} {called} ({size / total:.1%}) of {total:,}."
    return Statement("description", "size", "", sentence, size, total, size)


def _about(part: Term) -> Statement:
    sentence = f"About “{part.spelling}” ({percent(part.share)}{against(part.baseline_share)})."
    return Statement("description", part.kind, part.term, sentence, part.share, part.baseline_share, part.n)


def _behaves(trait: Trait, called: str) -> Statement:
    phrase = TRAITS[trait.feature]
    verb = (phrase.more if trait.difference > 0 else phrase.less).format(called)
    ours, theirs = figure(trait.mean, phrase.style), figure(trait.baseline_mean, phrase.style)
    sentence = f"They {verb} ({ours}, elsewhere {theirs})."
    return Statement("description", "trait", trait.feature, sentence, trait.mean, trait.baseline_mean, trait.n)


def against(share: float | None) -> str:
    """Format the share of the others for a sentence; "" if there are none."""
    return "" if share is None else f", elsewhere {percent(share)}"


def percent(share: float) -> str:
    """Format a share as a percentage, small ones with a decimal."""
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"
