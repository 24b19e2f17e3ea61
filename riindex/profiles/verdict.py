"""What a persona's figures come to: solid, usable or fragile, with the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riindex.algorithms.word_agreement import chance

SOLID, USABLE, FRAGILE = "solid", "usable", "fragile"

# A group whose mean best overlap is at most the one is dissolved by a redraw, from the other on stable (Hennig 2007).
MAX_DISSOLVED, MIN_STABLE = 0.5, 0.75
# Words that agree by less than this, or by what chance gives once in a thousand groups, do not hold together. Groups
# found in shuffled texts came to 0.05 at most, those of real posts to 0.15 and more.
MIN_AGREEMENT, CHANCE = 0.1, 3.1
# From this share of its posts on, a persona is mostly one account.
ONE_ACCOUNT_SHARE = 0.5
# Copies among all that came in for it.
DUPLICATE_SHARE = 0.5
# A persona that shares half of the information with a language is told by that.
LANGUAGE_NMI = 0.5
# Below this share of core members most of it lies on a border.
MIN_CORE_SHARE = 0.5
# A group of fewer documents than this is an anecdote.
MIN_DOCUMENTS = 15
# A group of more than this share of all is what is left when nothing was separated.
MAX_SHARE = 0.8


@dataclass(frozen=True)
class Health:
    """A persona's figures, NaN where there is none; ``texts``: those that ``word_agreement`` rests on.

    ``several_authors``: whether all documents together have more than one.
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


def verdict(health: Health) -> tuple[str, str]:
    """Return the verdict and its reason: for a solid persona its strength, for others all weaknesses.

    Fragile: dissolved by a redraw, without words of its own, a flood, or an anecdote. Usable: less than stable, never
    refitted, told by a language, mostly copies, or mostly on a border.
    """
    broken, weak = _broken(health), _weak(health)
    if broken or weak:
        return (FRAGILE if broken else USABLE), "; ".join([*broken, *weak])
    agreement = "" if math.isnan(health.word_agreement) else f", its words agree ({health.word_agreement:.2f})"
    return SOLID, f"found again in other draws ({health.stability:.2f}){agreement}"


def _broken(health: Health) -> list[str]:
    found = []
    if health.several_authors and health.top_author_share >= ONE_ACCOUNT_SHARE:
        found.append(f"flood: one account wrote {health.top_author_share:.0%} of it")
    if health.size < MIN_DOCUMENTS:
        found.append(f"an anecdote: {health.size} documents")
    if health.stability <= MAX_DISSOLVED:
        found.append(f"dissolves when the documents are drawn again (stability {health.stability:.2f})")
    if health.word_agreement < max(MIN_AGREEMENT, chance(health.texts, CHANCE)):
        found.append(
            f"its words have no more in common than shuffled ones ({health.word_agreement:.2f}): "
            "how they are written holds it together, if anything"
        )
    return found


def _weak(health: Health) -> list[str]:
    found = []
    if math.isnan(health.stability):
        found.append("never refitted: nobody knows whether it would be found again")
    elif MAX_DISSOLVED < health.stability < MIN_STABLE:
        found.append(f"found again only in part (stability {health.stability:.2f})")
    if health.words_apart < max(MIN_AGREEMENT, chance(health.texts, CHANCE)) <= health.word_agreement:
        found.append(f"its words do not tell it from persona {health.words_apart_from} ({health.words_apart:.2f})")
    if health.language_nmi >= LANGUAGE_NMI:
        found.append(f"a language more than a persona ({health.language}, NMI {health.language_nmi:.2f})")
    if health.duplicate_share >= DUPLICATE_SHARE:
        found.append(f"{health.duplicate_share:.0%} of what came in for it were copies")
    if health.share > MAX_SHARE:
        found.append(f"holds {health.share:.0%} of all documents: little was separated")
    if health.core_share < MIN_CORE_SHARE:
        found.append(f"only {health.core_share:.0%} are core members, the others lie on a border")
    return found
