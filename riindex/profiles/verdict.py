"""Verdict on a persona from its figures: solid, usable or fragile, with the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riindex.algorithms.word_agreement import chance_correlation

SOLID, USABLE, FRAGILE = "solid", "usable", "fragile"

# Mean best Jaccard overlap under resampling: up to the first a group is dissolved, from the second on it is stable
# (Hennig 2007).
MAX_DISSOLVED, MIN_STABLE = 0.5, 0.75
# Least agreement of words, and the standard deviations that chance exceeds once in a thousand groups. Groups found in
# shuffled texts reach 0.05 at most, those of real posts 0.15 and more.
MIN_AGREEMENT, CHANCE = 0.1, 3.1
# Share of posts from which on a persona is mostly one account.
ONE_ACCOUNT_SHARE = 0.5
# Share of duplicates among all incoming documents of a persona from which on they are a weakness.
DUPLICATE_SHARE = 0.5
# Normalised mutual information with a language from which on a persona is mostly that language.
LANGUAGE_NMI = 0.5
# Share of the audience below which a persona is mostly a desk, adverts, feeds or the press.
MIN_AUDIENCE_SHARE = 0.5
# Kind of speaker → what wrote such posts.
SPEAKERS = {
    "company": "a company's desk",
    "promotion": "advertisers",
    "automated": "feeds and bots",
    "press": "newsrooms",
}
# Least share of core members; below it most of a persona is at the border to others.
MIN_CORE_SHARE = 0.5
# Least documents of a persona for its figures to be reliable.
MIN_DOCUMENTS = 15
# Largest share of all documents; a larger group means that little was separated.
MAX_SHARE = 0.8


@dataclass(frozen=True)
class Health:
    """Figures of a persona, NaN where undefined; ``texts``: number of texts behind ``word_agreement``.

    ``several_authors``: True if all documents together have more than one author.
    """

    size: int
    share: float
    core_share: float
    stability: float
    word_agreement: float
    words_apart: float
    words_apart_from: int
    texts: int
    top_author_share: float
    several_authors: bool
    language: str
    language_nmi: float
    duplicate_share: float
    audience_share: float
    other_speaker: str


def verdict(health: Health) -> tuple[str, str]:
    """Return the verdict and its reason: for a solid persona its strength, for others all weaknesses.

    Fragile: dissolved under resampling, without words of its own, a flood by one account, or too few documents.
    Usable: less than stable, never refitted, mostly one language, mostly duplicates, not mostly by the
    audience, or mostly at a border.
    """
    broken, weak = _broken(health), _weak(health)
    if broken or weak:
        return (FRAGILE if broken else USABLE), "; ".join([*broken, *weak])
    agreement = "" if math.isnan(health.word_agreement) else f", its words agree ({health.word_agreement:.2f})"
    return SOLID, f"stable under resampling (Jaccard {health.stability:.2f}){agreement}"


def _broken(health: Health) -> list[str]:
    found = []
    if health.several_authors and health.top_author_share >= ONE_ACCOUNT_SHARE:
        found.append(f"flood: one account wrote {health.top_author_share:.0%} of it")
    if health.size < MIN_DOCUMENTS:
        found.append(f"too few documents: {health.size}")
    if health.stability <= MAX_DISSOLVED:
        found.append(f"not stable under resampling (Jaccard {health.stability:.2f})")
    if health.word_agreement < max(MIN_AGREEMENT, chance_correlation(health.texts, CHANCE)):
        found.append(
            f"its words agree no more than shuffled ones ({health.word_agreement:.2f}): "
            "at most the style of writing connects its documents"
        )
    return found


def _weak(health: Health) -> list[str]:
    found = []
    if math.isnan(health.stability):
        found.append("never refitted: its stability is unknown")
    elif MAX_DISSOLVED < health.stability < MIN_STABLE:
        found.append(f"only partly stable under resampling (Jaccard {health.stability:.2f})")
    if health.words_apart < max(MIN_AGREEMENT, chance_correlation(health.texts, CHANCE)) <= health.word_agreement:
        found.append(f"its words do not separate it from persona {health.words_apart_from} ({health.words_apart:.2f})")
    if health.language_nmi >= LANGUAGE_NMI:
        found.append(f"a language rather than a persona ({health.language}, NMI {health.language_nmi:.2f})")
    if health.audience_share < MIN_AUDIENCE_SHARE:
        found.append(
            f"{1 - health.audience_share:.0%} of it was not written by the audience, most of that by "
            f"{SPEAKERS[health.other_speaker]}"
        )
    if health.duplicate_share >= DUPLICATE_SHARE:
        found.append(f"{health.duplicate_share:.0%} of its incoming documents were duplicates")
    if health.share > MAX_SHARE:
        found.append(f"holds {health.share:.0%} of all documents: little was separated")
    if health.core_share < MIN_CORE_SHARE:
        found.append(f"only {health.core_share:.0%} are core members, the others are at a border to other personas")
    return found
