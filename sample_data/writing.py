"""Putting a post together the way its author would type it."""

import random
import re
from dataclasses import dataclass

from grammar import Deck, expand, read_sections
from personas import Persona

SHORTENED = {
    "because": "bc", "people": "ppl", "please": "pls", "you": "u", "your": "ur", "though": "tho",
    "really": "rly", "without": "w/o", "with": "w/", "and": "&", "something": "smth", "before": "b4",
    "message": "msg", "about": "abt", "okay": "ok", "hai": "h", "nahi": "nhi", "kyunki": "kyuki",
}  # fmt: skip
MISSPELT = {
    "received": "recieved", "definitely": "definately", "separate": "seperate", "their": "thier",
    "weird": "wierd", "until": "untill", "which": "wich", "parcel": "parcle", "address": "adress",
    "business": "buisness", "guarantee": "garantee", "genuine": "genuin", "customer": "cutomer",
    "delivered": "deliverd", "tomorrow": "tommorow", "refund": "refudn", "doesn't": "doesnt",
    "can't": "cant", "it's": "its", "don't": "dont", "i'm": "im", "isn't": "isnt",
}  # fmt: skip
TIDY_JOINTS = (". ", ". ", ". ", "\n\n")
JOINTS = (*TIDY_JOINTS, " - ", "... ", "\n", ", ")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
ROMAN_HINDI = frozenset(read_sections("hindi")["words"])
DECORATION = re.compile(r"https?://\S+|[@#]\w+")
MIN_WORDS = 7
MIN_LETTERS = 30
TELLING = 4  # letters; shorter words are mostly grammar, which two posts may well share
UNLIKE = 0.25  # shares of the telling words of two posts that are in both
MAX_OVERLAP = 0.45
WITHIN = 0.6  # what it weighs that the shorter of two posts is within the longer
DRAFTS = 150


@dataclass(frozen=True)
class Author:
    """One account and the habits of its hand."""

    handle: str
    lower: bool
    shortens: float
    misspells: float
    joint: str
    stops: bool


def new_author(handle: str, persona: Persona, rng: random.Random) -> Author:
    """Draw an author's habits from those of the persona."""
    careful = rng.random() > 12 * persona.typos
    return Author(
        handle=handle,
        lower=rng.random() < persona.lower,
        shortens=0.0 if careful else rng.uniform(0.1, 0.6),
        misspells=persona.typos * (1 if careful else 4),
        joint=rng.choice(_joints(persona)),
        stops=rng.random() < (0.75 if persona.lower < 0.2 else 0.35),
    )


def words_of(text: str) -> list[str]:
    """Return the plain words of a text, in lower case: no handle, hashtag, link or number."""
    return WORD.findall(DECORATION.sub(" ", text).lower())


def _joints(persona: Persona) -> tuple[str, ...]:
    return JOINTS if persona.lower else TIDY_JOINTS


def language_of(text: str) -> str:
    """Return `hi` for a text with three or more small words of romanised Hindi, else `en`."""
    return "hi" if sum(word in ROMAN_HINDI for word in words_of(text)) >= 3 else "en"


class Writer:
    """Writes the posts of one persona, no two of them much alike."""

    def __init__(self, persona: Persona, rng: random.Random) -> None:
        sections = read_sections(persona.slug)
        self.persona = persona
        self.rng = rng
        self.decks = {
            key: Deck(sections[section], rng)
            for key, section in (("p", "post"), ("l", "lead"), ("t", "tail"), ("v", "vague"))
        }
        self.hashtags = sections["hashtags"]
        self.links = sections["links"]
        self.mentions = sections["mentions"]
        self.written: list[frozenset[str]] = []

    def write(self, author: Author) -> str:
        """Return a new post, the first draft unlike all earlier ones or else the one least like them."""
        best, least = "", 1.0
        for _ in range(DRAFTS):
            draft = self._draft(author)
            likeness = self._likeness(draft) if _says_enough(draft) else 1.0
            if likeness < least:
                best, least = draft, likeness
            if least < UNLIKE:
                break
        if least > MAX_OVERLAP:
            raise RuntimeError(f"the phrases of {self.persona.slug} are used up: write more")
        self.written.append(_telling(best))
        return best

    def _likeness(self, draft: str) -> float:
        words = _telling(draft)
        return max((_overlap(words, post) for post in self.written), default=0.0)

    def _draft(self, author: Author) -> str:
        shapes = self.persona.shapes
        shape = self.rng.choices(list(shapes), list(shapes.values()))[0]
        pieces = [self.decks[key].deal() for key in shape]
        text = self._join(pieces, shape, author)
        text = self._retype(text, author)
        return self._decorate(text)

    def _join(self, pieces: list[str], shape: str, author: Author) -> str:
        text = pieces[0]
        for key, before, piece in zip(shape[1:], shape, pieces[1:], strict=False):
            joint = author.joint if self.rng.random() < 0.6 else self.rng.choice(_joints(self.persona))
            if before == "l" or text[-1] in ".!?:,;":
                joint = "\n" if "\n" in joint and key == "p" else " "
            if text.endswith((",", "but")) and piece[1].islower():
                piece = piece[0].lower() + piece[1:]
            starts = not author.lower and joint[0] == "." and author.stops
            text += joint + (piece[0].upper() + piece[1:] if starts else piece)
        if author.stops and text[-1].isalnum():
            text += "."
        if self.rng.random() < self.persona.loud:
            text = text.rstrip(".") + "!" * self.rng.choice((1, 1, 2, 3))
        return text

    def _retype(self, text: str, author: Author) -> str:
        if author.lower and self.rng.random() < 0.9:
            text = text.lower()
        elif author.stops:
            text = text[0].upper() + text[1:]
        return re.sub(r"[\w']+", lambda match: self._slip(match.group(), author), text)

    def _slip(self, word: str, author: Author) -> str:
        plain = word.lower()
        if plain in SHORTENED and self.rng.random() < author.shortens:
            return SHORTENED[plain]
        if plain in MISSPELT and self.rng.random() < 8 * author.misspells:
            return MISSPELT[plain]
        if len(word) > 5 and word.isalpha() and self.rng.random() < author.misspells:
            at = self.rng.randrange(1, len(word) - 2)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word

    def _decorate(self, text: str) -> str:
        persona, rng = self.persona, self.rng
        if rng.random() < persona.emoji:
            text += " " + rng.choice(_symbols(persona.emoji_set)) * rng.choice((1, 1, 1, 2, 3))
        if rng.random() < persona.mention_first:
            text = f"{rng.choice(self.mentions)} {text}"
        for handle in rng.sample(self.mentions, min(_count(persona.mention_later, rng), len(self.mentions))):
            text += f" {handle}" if handle not in text else ""
        if rng.random() < persona.links:
            text += " " + expand(rng.choice(self.links), rng)
        tags = rng.sample(self.hashtags, min(_count(persona.hashtags, rng), len(self.hashtags)))
        return " ".join([text, *tags])


def _says_enough(text: str) -> bool:
    words = words_of(text)
    return len(words) >= MIN_WORDS and sum(map(len, words)) >= MIN_LETTERS


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) >= TELLING)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return max(common / (len(one) + len(other) - common), WITHIN * common / min(len(one), len(other)))


def _count(mean: float, rng: random.Random) -> int:
    """Draw a small count with the given mean: each of up to six chances succeeds alike."""
    return sum(rng.random() < mean / 6 for _ in range(6))


def _symbols(emoji_set: str) -> list[str]:
    return re.findall(r"[\U0001F1E6-\U0001F1FF]{2}|.\ufe0f?", emoji_set)
