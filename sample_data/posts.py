"""The posts worth keeping: who writes each, when, and in answer to what."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from grammar import read_sections
from personas import Persona
from writing import Author, Writer, new_author

FIRST_DAY = datetime(2025, 8, 4, tzinfo=UTC)  # a Monday
WEEKS = 15
TWITTER_EPOCH_MS = 1_288_834_974_657  # the origin of snowflake ids
SNOWFLAKE_SHIFT = 22


@dataclass
class Post:
    """One row of tweets.parquet; `parent` is the post it answers."""

    persona: Persona
    author: str
    text: str
    created_at: datetime
    parent: "Post | None" = None
    noise: str | None = None
    tweet_id: str = ""
    likes: int = 0
    retweets: int = 0
    replies: int = 0
    quotes: int = 0


def snowflake(moment: datetime, rng: random.Random) -> str:
    """Return an id as Twitter made them: milliseconds since its epoch, then 22 bits."""
    milliseconds = int(moment.timestamp() * 1000) + rng.randrange(1000) - TWITTER_EPOCH_MS
    return str((milliseconds << SNOWFLAKE_SHIFT) | rng.getrandbits(SNOWFLAKE_SHIFT))


class Handles:
    """Invented handles, none given twice."""

    def __init__(self, rng: random.Random) -> None:
        self.halves = read_sections("handles")
        self.rng = rng
        self.given: set[str] = set()

    def new(self) -> str:
        """Return a handle nobody has yet."""
        while True:
            first, second = (self.rng.choice(self.halves[half]) for half in ("first", "second"))
            year, small = self.rng.randrange(1970, 2010), self.rng.randrange(2, 99)
            joint, number = self.rng.choice(("", "_", "_")), self.rng.choice(("", "", f"{small}", f"_{year}"))
            handle = first + joint + second + number
            if handle not in self.given:
                self.given.add(handle)
                return handle


def clean_posts(persona: Persona, size: int, handles: Handles, rng: random.Random) -> list[Post]:
    """Return the given number of different posts of one persona, in order of time."""
    writer = Writer(persona, rng)
    authors = _authors(persona, handles, rng)
    posts: list[Post] = []
    known: dict[str, Author] = {}
    for planned in sorted(_moment(persona, rng) for _ in range(size)):
        author, moment, parent = next(authors), planned, None
        if posts and rng.random() < persona.self_threads:
            parent = rng.choice(posts[-12:])
            author = known[parent.author]
            moment = parent.created_at + timedelta(seconds=rng.randrange(60, 1500))
        elif posts and rng.random() < persona.answers:
            parent = rng.choice(posts[-12:])
            moment = max(planned, parent.created_at + timedelta(seconds=rng.randrange(200, 4000)))
        known[author.handle] = author
        posts.append(Post(persona, author.handle, writer.write(author), moment, parent))
    return posts


def _authors(persona: Persona, handles: Handles, rng: random.Random) -> Iterator[Author]:
    """Yield an author for each post: the regulars, some far busier than others, or somebody new."""
    regulars = [new_author(handle, persona, rng) for handle in read_sections(persona.slug)["handles"]]
    weights = [1 / (rank + 2) for rank in range(len(regulars))]
    while True:
        if rng.random() < persona.regulars:
            yield rng.choices(regulars, weights)[0]
        else:
            yield new_author(handles.new(), persona, rng)


def _moment(persona: Persona, rng: random.Random) -> datetime:
    weeks = range(WEEKS)
    growth = [2.718 ** (persona.trend * (week / (WEEKS - 1) - 0.5) * 2) for week in weeks]
    week = rng.choices(weeks, growth)[0]
    weekday = rng.choice((5, 6)) if rng.random() < persona.weekend else rng.randrange(5)
    hour = rng.gauss(persona.hour, persona.hour_spread) % 24
    if rng.random() < 0.06:  # nobody keeps to their hours always
        hour = rng.uniform(0, 24)
    return FIRST_DAY + timedelta(days=7 * week + weekday, seconds=int(hour * 3600))
