"""The rows a cleaning should drop: copies, near-copies, retweets, scraps and promotion."""

import html
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from grammar import read_sections
from personas import BY_SLUG
from posts import FIRST_DAY, WEEKS, Handles, Post
from writing import words_of

EXACT_DUPLICATES = 103
NEAR_DUPLICATES = 35
TEMPLATE_ROWS = 8
LONG = 22  # words; in shorter posts one changed word moves the meaning too far
SWAPS = (
    ("the", "this"), ("a", "the"), ("my", "our"), ("is", "was"), ("this", "that"), ("their", "the"),
    ("and", "plus"), ("just", "only"), ("has", "had"), ("are", "were"), ("your", "the"),
)  # fmt: skip
FILLERS = ("honestly", "tbh", "fyi", "again", "imo", "really", "btw")
SHOPS = (
    "Crestwood", "Bluebarrel", "Tangerine", "Moonharbour", "Kingfisher", "Peppercorn", "Silverfern",
    "Oakandiron", "Hummingbird", "Dragonfruit", "Snowdrop", "Gingerbread", "Waterwheel", "Thunderbolt",
    "Cinnamon", "Lighthouse",
)  # fmt: skip
TRADES = ("Watches", "Toys", "Bakery", "Cycles", "Books", "Optics", "Florist", "Carpets", "Guitars", "Pets")


def copies(clean: list[Post], handles: Handles, rng: random.Random) -> list[Post]:
    """Return the exact and the near-duplicates of some of the clean posts, each later than its original."""
    long_enough = [post for post in clean if len(words_of(post.text)) >= LONG]
    near = rng.sample(long_enough, NEAR_DUPLICATES)
    taken = {id(post) for post in near}
    originals = [post for post in clean if id(post) not in taken]
    exact = rng.sample(originals, 80)
    exact += rng.choices(exact[:15], k=EXACT_DUPLICATES - len(exact))
    return [
        *(_copy(post, _same_words(post.text, rng), "exact_duplicate", handles, rng) for post in exact),
        *(_copy(post, _one_change(post.text, rng), "near_duplicate", handles, rng) for post in near),
    ]


def scraps(handles: Handles, rng: random.Random) -> list[Post]:
    """Return the posts that say too little and the pure retweets."""
    sections = read_sections("noise")
    return [
        _loose(line, reason, handles, rng)
        for section, reason in (("too_short", "too_short"), ("retweet", "retweet"))
        for line in sections[section]
    ]


def promotions(handles: Handles, rng: random.Random) -> list[Post]:
    """Return each promotional template filled several times; the earliest of each is the one to keep."""
    posts = []
    for section, lines in read_sections("noise").items():
        if section.startswith("template:"):
            slug = section.removeprefix("template:")
            texts = [_fill(lines[0], rng) for _ in range(TEMPLATE_ROWS)]
            filled = [_loose(f"{slug} | {text}", "template", handles, rng) for text in texts]
            min(filled, key=lambda post: post.created_at).noise = None
            posts += filled
    return posts


def _copy(original: Post, text: str, reason: str, handles: Handles, rng: random.Random) -> Post:
    author = original.author if rng.random() < 0.3 else handles.new()
    later = original.created_at + timedelta(seconds=rng.randrange(300, 6 * 24 * 3600))
    return replace(original, text=text, author=author, created_at=later, parent=None, noise=reason)


def _loose(line: str, reason: str, handles: Handles, rng: random.Random) -> Post:
    slug, text = line.split(" | ", 1)
    moment = FIRST_DAY + timedelta(seconds=rng.randrange(WEEKS * 7 * 24 * 3600))
    return Post(BY_SLUG[slug], handles.new(), text, moment, noise=reason)


def _same_words(text: str, rng: random.Random) -> str:
    """Change what does not count: case, white space, or how a sign is escaped."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        str.lower,
        lambda old: old + " \n",
        lambda old: old.replace(" ", "  ", 2),
        lambda old: old.replace("\n", " "),
        lambda old: html.escape(old).replace("&#x27;", "&#39;"),
    )
    return rng.choice(ways)(text)


def _one_change(text: str, rng: random.Random) -> str:
    """Swap one small word, or add one at the end of the sentence."""
    for before, after in rng.sample(SWAPS, len(SWAPS)):
        if rng.random() < 0.7 and re.search(rf"\b{before}\b", text):
            return re.sub(rf"\b{before}\b", after, text, count=1)
    words = text.split(" ")
    decorated = (i for i, word in enumerate(words) if i > 4 and word.startswith(("@", "#", "http")))
    at = next(decorated, len(words))
    return " ".join([*words[:at], rng.choice(FILLERS), *words[at:]])


def _fill(template: str, rng: random.Random) -> str:
    shops = rng.sample(SHOPS, 4)
    names = [f"{shop} {trade}" for shop, trade in zip(shops, rng.sample(TRADES, 4), strict=True)]
    letters = "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=9))
    site = names[0].replace(" ", "").lower()
    return template.format(*names, rng.randrange(1000, 99999), f"https://{site}.example/{letters}")
