"""Names of personas, generated from their figures alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from riindex.text.languages import language_name
from riindex.text.stop_words import stop_words

# An n-gram replaces a word if at least this share of the posts with the word contain it.
PHRASE_SHARE = 0.3
# Number of top-ranked terms that are candidates for a name.
NAME_TERMS = 8
# Least share of posts with a term for it to be in the name.
NAMED_SHARE = 0.04
# Words allowed inside a noun phrase of three words.
INNER_WORDS = frozenset({"of", "and", "in", "for", "with"})
# Beginnings of coarse words, which may be terms but not part of a name.
COARSE_WORDS = (
    *("fuck", "shit", "bitch", "cunt", "asshole", "nigg", "faggot", "whore", "slut", "bastard", "wank", "pussy"),
    *("bullshit", "crap", "piss", "chutiya", "madarchod", "bhenchod", "gandu", "bsdk", "randi"),
)
# A trait is mentioned if it differs by this many standard deviations ("small" effect: Cohen 1988) …
TRAIT_DIFFERENCE = 0.2
# … is significant at this q (Benjamini & Hochberg 1995) …
ALPHA = 0.05
# … and is in the name from this difference on ("large" effect).
NAMED_DIFFERENCE = 0.8
# Share of documents from which on a persona is in one language.
ONE_LANGUAGE = 0.8


@dataclass(frozen=True)
class Term:
    """Ranked term of a persona; ``formed``: True if its contexts suggest a noun phrase."""

    kind: str
    rank: int
    term: str
    spelling: str
    n: int
    share: float
    baseline_share: float | None
    lift: float
    q: float = 0.0
    formed: bool = True


@dataclass(frozen=True)
class Uses:
    """Counts of a word's contexts that are typical of a noun, a verb, an adjective."""

    as_noun: int = 0
    as_verb: int = 0
    as_adjective: int = 0

    @property
    def noun(self) -> bool:
        """True if it is mostly used as a noun; False if its language has none of the context words."""
        return self.as_noun > self.as_verb + self.as_adjective

    @property
    def verb(self) -> bool:
        """True if it is mostly used as a verb."""
        return self.as_verb > self.as_noun + self.as_adjective


@dataclass(frozen=True)
class Trait:
    """Difference of a persona in one feature of behaviour, in standard deviations; ``n``: members where it is known."""

    feature: str
    mean: float
    baseline_mean: float
    difference: float
    n: int = 0
    q: float = 0.0


@dataclass(frozen=True)
class Phrase:
    """Wording of a trait above and below the others: as a verb phrase, as a noun, and the format of its figures.

    ``{}`` is the noun for documents.
    """

    more: str
    less: str
    who_more: str
    who_less: str
    style: str


TRAITS: dict[str, Phrase] = {
    "is_reply": Phrase("reply more", "reply less", "repliers", "starters", "share"),
    "starts_with_mention": Phrase(
        "address somebody more often", "address somebody less often", "addressing others", "speaking to all", "share"
    ),
    "is_thread_root": Phrase("start more conversations", "start fewer conversations", "starters", "repliers", "share"),
    "question_density": Phrase("ask more questions", "ask fewer questions", "askers", "tellers", "number"),
    "exclam_density": Phrase("exclaim more", "exclaim less", "exclaimers", "calm voices", "number"),
    "uppercase_ratio": Phrase("use more capitals", "use fewer capitals", "capital letters", "lower case", "share"),
    "emoji_count": Phrase("use more emoji", "use fewer emoji", "emoji users", "plain text", "number"),
    "hashtag_count": Phrase("use more hashtags", "use fewer hashtags", "hashtag users", "no hashtags", "number"),
    "url_count": Phrase("share more links", "share fewer links", "link sharers", "no links", "number"),
    "mention_count": Phrase("mention more people", "mention fewer people", "mentioners", "no mentions", "number"),
    "word_count": Phrase("write longer {}", "write shorter {}", "long {}", "short {}", "number"),
    "is_night": Phrase("post more at night", "post less at night", "night posters", "day posters", "share"),
    "is_weekend": Phrase(
        "post more at weekends", "post less at weekends", "weekend posters", "weekday posters", "share"
    ),
    "is_business_hours": Phrase(
        "post more in business hours", "post less in business hours", "office hours", "out of office hours", "share"
    ),
    "like_count": Phrase("get more likes", "get fewer likes", "much liked", "seldom liked", "number"),
    "retweet_count": Phrase("get more retweets", "get fewer retweets", "much retweeted", "seldom retweeted", "number"),
    "reply_count": Phrase("get more replies", "get fewer replies", "much answered", "seldom answered", "number"),
    "author_tweet_count": Phrase(
        "come from authors who post more",
        "come from authors who post less",
        "frequent authors",
        "one-time authors",
        "number",
    ),
}


def figure(value: float, style: str) -> str:
    """Format a figure for a sentence: a share as a percentage, a number with the precision it needs."""
    if style == "share":
        return f"{value:.0%}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def phrases(terms: Sequence[Term]) -> list[Term]:
    """Return the most distinctive terms, each as the n-gram that it mostly occurs in, no word twice.

    Only significant ones if there are any, and noun phrases before all others.
    """
    all_words = [t for t in terms if t.kind == "term"]
    words = ([t for t in all_words if t.q <= ALPHA] or all_words)[:NAME_TERMS]
    words.sort(key=lambda t: not t.formed)
    grams = [t for t in terms if t.kind == "ngram" and t.formed]
    chosen: list[Term] = []
    taken: set[str] = set()
    for word in words:
        if _stems(word.term) & taken:
            continue
        holders = [
            g for g in grams
            if word.term in g.term.split() and g.n >= PHRASE_SHARE * word.n and not _stems(g.term) & taken
        ]  # fmt: skip
        best = max(holders, key=lambda g: (g.n * (1 + 0.25 * g.term.count(" ")), -g.rank), default=word)
        chosen.append(best)
        taken |= _stems(best.term)
    return chosen


def well_formed(term: str, uses: Mapping[str, Uses]) -> bool:
    """Return True if words form a noun phrase, by their contexts: the last is a noun, the first is not a verb."""
    words = term.split()
    known = [uses.get(word, Uses()) for word in words]
    # A word that follows only its own adjective, as in "quick commerce", has none of the telling contexts.
    ends_well = known[-1].noun or (len(words) > 1 and known[-1] == Uses())
    return ends_well and not known[0].verb and all(word in INNER_WORDS for word in words[1:-1] if word in stop_words())


def names(
    personas: Mapping[int, Sequence[Term]],
    known: Mapping[int, str | None],
    identifies: Callable[[int, str], bool] | None = None,
    taken: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """Return one name for each of ``personas`` (number → ranked terms), in their order, all different.

    A name consists of the two most distinctive phrases that occur in at least NAMED_SHARE of the posts, "Mixed talk" if
    there is no such phrase, and in brackets what the persona is ``known`` for (``known_for``). ``identifies``: test
    whether a name finds its persona again; of all pairs, triples and single phrases the first that passes is taken.
    ``taken``: names that are given by hand.
    """
    found = dict(taken or {})
    for persona, terms in personas.items():
        if persona in found:
            continue
        used = {name.lower() for name in found.values()}
        parts = [part for part in phrases(terms) if part.share >= NAMED_SHARE and not coarse(part.term)]
        free = [name for name in _candidates(parts, known.get(persona), persona) if name.lower() not in used]
        found[persona] = next((name for name in free[:-1] if identifies and identifies(persona, name)), free[0])
    return {persona: found[persona] for persona in personas}


def _candidates(parts: Sequence[Term], known: str | None, number: int) -> list[str]:
    """Return candidate names: noun phrases (two, three, then one, the most distinctive first), then a number.

    The name with the number is always free.
    """
    who = f" ({known})" if known else ""
    titles = [titled(part.spelling) for part in parts]
    lengths = (2, 3, 1) if len(titles) > 1 else (1,)
    chosen = [some for n in lengths for some in sorted(combinations(range(len(titles)), n), key=lambda s: (sum(s), s))]
    chosen.sort(key=lambda places: sum(not parts[place].formed for place in places))
    about = [joined([titles[place] for place in places], " & ") for places in chosen] or ["Mixed talk"]
    return [*(name + who for name in about), f"Persona {number}{who}"]


def coarse(term: str) -> bool:
    """Return True if a term contains a coarse word."""
    return any(word.startswith(COARSE_WORDS) for word in term.split())


# Kind of speaker → what a persona that is mostly theirs is called.
DESKS = {"company": "support desk", "promotion": "adverts", "automated": "feeds", "press": "press"}


def known_for(
    trait: Trait | None,
    called: str = "posts",
    language: tuple[str, float] | None = None,
    speaker: str | None = None,
    one_account: bool = False,
) -> str | None:
    """Return what distinguishes a persona beyond its subject, the most serious first; None if nothing does.

    One account that wrote most of it; the kind of ``speaker`` that did, if not the audience; the ``language`` that
    distinguishes it from the others (with the share of its documents in it); or its behaviour (``night posters``), if
    its strongest trait differs by NAMED_DIFFERENCE or more. ``called``: the noun for documents.
    """
    if one_account:
        return "one account"
    if speaker is not None:
        return DESKS[speaker]
    if language is not None:
        name, share = language
        return f"in {language_name(name)}" if share >= ONE_LANGUAGE else f"mostly in {language_name(name)}"
    if trait is None or abs(trait.difference) < NAMED_DIFFERENCE:
        return None
    phrase = TRAITS[trait.feature]
    return (phrase.who_more if trait.difference > 0 else phrase.who_less).format(called)


def joined(parts: Sequence[str], last: str = " and ") -> str:
    """Return the parts as a list in words: ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]


def titled(spelling: str) -> str:
    """Capitalise every word, as in "Bank of America"; capitals inside words stay as authors write them."""
    first, *others = spelling.split()
    return " ".join(
        [_titled(first), *(word.lower() if word.lower() in INNER_WORDS else _titled(word) for word in others)]
    )


def _titled(word: str) -> str:
    """Capitalise one word; a word of more than four capitals is emphasis and not an abbreviation."""
    if word.islower():
        return word[:1].upper() + word[1:]
    return word.capitalize() if word.isupper() and len(word) > 4 else word


def _stems(term: str) -> set[str]:
    """Return the stems of a term's words: ``order``, ``orders`` and ``ordered`` count as one word in a name."""
    return {word[:4] for word in term.split()}


def strongest(traits: Sequence[Trait]) -> Trait | None:
    """Return the significant trait with the largest difference among those that have a wording, or None."""
    for trait in traits:
        if trait.feature not in TRAITS or abs(trait.difference) < TRAIT_DIFFERENCE or trait.q > ALPHA:
            continue
        style = TRAITS[trait.feature].style
        if figure(trait.mean, style) != figure(trait.baseline_mean, style):
            return trait
    return None
