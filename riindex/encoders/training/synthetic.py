"""Questions and requests composed of the words that WordNet has counted in running text.

Neither glosses nor posts contain many questions. Sentences like these show which words of a question the teacher nearly
ignores ("can you please tell me") and which turn its meaning ("haven't", "cancel", "how long").
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

REQUEST_COUNT = 40_000
RANK_SKEW = 2.5  # words are listed from the most frequent on; a draw's rank is the list's length times u ** RANK_SKEW

FRAMES = (
    "how do i {v} my {n}?",
    "how do i {v} a {n}",
    "what is the {n} of the {m}?",
    "why is my {n} {a}?",
    "why did my {n} {v}?",
    "can you {v} the {n} for me",
    "i want to {v} my {n}",
    "i need to {v} a {a} {n} please",
    "where is the {n}",
    "where can i {v} my {n}",
    "when does the {n} {v}?",
    "what does {n} mean",
    "is there a {n} for {m}?",
    "my {n} doesn't {v}",
    "my {n} is {a}, what should i do?",
    "i can't {v} the {n}",
    "tell me about {n}",
    "how much {n} is in a {m}",
    "how much does it cost to {v} a {n}?",
    "how long does it take to {v} a {n}?",
    "how many {n} do i have",
    "please {v} the {n} to {m}",
    "who can {v} my {n}?",
    "do i have any {n} on my {m}",
    "could you {v} it with {n}",
    "is my {n} still {a}",
    "which {n} should i {v} for the {m}",
    "set up a {n} with {m}",
    "what's my {n}",
    "are you a {n}?",
    "i have not received my {n} yet",
    "my {n} still hasn't come, where is it?",
    "someone {v} my {n}, help!",
    "i lost my {n}",
    "there is a {n} on my {m} that i do not recognise",
    "i was charged twice for the {n}",
    "why was i charged for {n}?",
    "can i get a {n} back?",
    "can i change the {n} of my {m}",
    "i'd like to cancel my {n}",
    "what is today's {n}",
    "remind me to {v} the {n} tomorrow",
    "what are the {n} like in {m}",
    "add {n} to my {m} list",
    "is it ok to {v} {n}",
    "does the {n} have {a} {m}?",
    "how would you say {n} in another language",
    "i would like to know more about {n} and {m}",
    "turn the {n} off",
    "did the {n} {v} already?",
    "thanks for the {n}, but how do i {v} it",
    "do you support {n}?",
    "am i able to {v} {n} with my {m}?",
    "what happens if i {v} the {n}",
    "{n} or {m}, which is more {a}?",
    "give me a {a} {n}",
    "the {n} was {a} and nobody could {v} it",
    "i don't understand why the {n} is {a}",
)


def synthetic_requests(counts: Path, count: int = REQUEST_COUNT) -> Iterator[str]:
    """Yield ``count`` requests from WordNet's ``cntlist.rev``, its counts of senses; the same ones every time."""
    nouns, verbs, adjectives = (_counted(counts, kinds) for kinds in ("1", "2", "35"))
    draw = random.Random(len(nouns))

    def one(words: list[str]) -> str:
        return words[int(len(words) * draw.random() ** RANK_SKEW)]

    for _ in range(count):
        yield draw.choice(FRAMES).format(n=one(nouns), m=one(nouns), v=one(verbs), a=one(adjectives))


def _counted(path: Path, kinds: str) -> list[str]:
    """Return lemmas of these sense kinds (1 noun, 2 verb, 3 and 5 adjective), the most frequent first."""
    counts: dict[str, int] = {}
    for line in path.read_text("latin-1").splitlines():
        lemma, _, sense = line.partition("%")
        if sense[0] in kinds and len(lemma) > 1:
            counts[lemma] = counts.get(lemma, 0) + int(sense.rsplit(" ", 1)[1])
    return [lemma.replace("_", " ") for lemma in sorted(counts, key=lambda lemma: (-counts[lemma], lemma))]
