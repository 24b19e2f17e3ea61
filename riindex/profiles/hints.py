"""Hints: advice on how to write for a persona, each with the row that it is based on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riindex.profiles.names import ALPHA, TRAIT_DIFFERENCE, TRAITS, Term, Trait, coarse, figure, phrases
from riindex.profiles.statements import HOUR_LIFT, Peak, Statement, percent


@dataclass(frozen=True)
class Hint:
    """Advice: a statement whose place is do or dont; ``table`` and ``key`` identify the row with its figures."""

    statement: Statement
    table: str
    key: str


_STYLE_DO = {
    "question_density": "Answer questions: {more}",
    "word_count": "Go into detail: they write {figures} words",
    "emoji_count": "Emoji fit here: emoji a post {figures}",
    "hashtag_count": "Hashtags fit here: hashtags a post {figures}",
    "url_count": "Give a link: links a post {figures}",
    "is_reply": "Join their conversations: share of replies {figures}",
    "is_night": "Reach them late: share of posts at night {figures}",
    "is_weekend": "Reach them at weekends: share of posts {figures}",
    "is_business_hours": "Reach them in business hours: share of posts {figures}",
}
_STYLE_DONT = {
    "word_count": "Don't write long: they write {figures} words",
    "emoji_count": "Don't decorate with emoji: emoji a post {figures}",
    "hashtag_count": "Don't pile up hashtags: hashtags a post {figures}",
    "exclam_density": "Don't shout: exclamation marks a word {figures}",
    "url_count": "Don't rely on links: links a post {figures}",
    "is_weekend": "Don't wait for the weekend: share of posts {figures}",
    "is_night": "Don't post at night: share of posts {figures}",
}


def hints(
    terms: Sequence[Term], traits: Sequence[Trait], peak: Peak | None, most: int, called: str = "posts"
) -> list[Hint]:
    """Return at most ``most`` hints of either kind, the most certain first; ``called``: the noun for documents."""
    do = [_topic_hint(term, called) for term in phrases(terms) if not coarse(term.term) and term.q <= ALPHA][:2]
    if peak is not None and peak.baseline_share and peak.share / peak.baseline_share >= HOUR_LIFT:
        shares = f"{peak.share:.0%} of their posts against {peak.baseline_share:.0%} of the others'"
        text = f"Post around {peak.hour:02d}:00: {shares}"
        statement = Statement("do", "hour", str(peak.hour), text, peak.share, peak.baseline_share, peak.n)
        do.append(Hint(statement, "persona_hours", f"hour={peak.hour}"))
    do += [
        _hashtag_hint(term, called) for term in terms if term.kind == "hashtag" and term.rank == 1 and term.q <= ALPHA
    ]
    dont = [_avoidance_hint(term, called) for term in terms if term.kind == "absent_term" and term.q <= ALPHA][:2]
    for trait in traits:
        if abs(trait.difference) < TRAIT_DIFFERENCE:
            break
        if trait.q > ALPHA:
            continue
        wording = (_STYLE_DO if trait.difference > 0 else _STYLE_DONT).get(trait.feature)
        if wording is not None:
            (do if trait.difference > 0 else dont).append(_trait_hint(trait, wording))
    return do[:most] + dont[:most]


def _topic_hint(term: Term, called: str) -> Hint:
    against = "" if term.baseline_share is None else f" against {percent(term.baseline_share)} of the others'"
    text = f"Talk about “{term.spelling}”: {percent(term.share)} of their core {called}{against}"
    return _term_hint("do", text, term)


def _term_hint(place: str, text: str, term: Term) -> Hint:
    statement = Statement(place, term.kind, term.term, text, term.share, term.baseline_share, term.n)
    return Hint(statement, "persona_terms", f"kind={term.kind}, term={term.term}")


def _hashtag_hint(term: Term, called: str) -> Hint:
    return _term_hint("do", f"Use {term.spelling}: {percent(term.share)} of their core {called}", term)


def _avoidance_hint(term: Term, called: str) -> Hint:
    shares = f"{percent(term.share)} of their core {called} against {percent(term.baseline_share or 0)} of the others'"
    text = f"Don't lead with “{term.spelling}”: {shares}"
    return _term_hint("dont", text, term)


def _trait_hint(trait: Trait, wording: str) -> Hint:
    style = TRAITS[trait.feature].style
    figures = f"{figure(trait.mean, style)} (elsewhere {figure(trait.baseline_mean, style)})"
    text = wording.format(figures=figures, more=f"question marks a word {figures}")
    kind = "do" if trait.difference > 0 else "dont"
    statement = Statement(kind, "trait", trait.feature, text, trait.mean, trait.baseline_mean, trait.n)
    return Hint(statement, "persona_traits", f"feature={trait.feature}")
