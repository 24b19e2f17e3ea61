"""The replies under the posts, as threads, and the counts that follow from them."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from grammar import Deck, read_sections
from posts import Handles, Post, snowflake

ALL_REPLIES = 4_682
TO_THE_POST = 0.72  # the share of a thread that answers its first post; the rest answers another reply
BRAND_ANSWERS = 0.6


@dataclass(frozen=True)
class Reply:
    """One row of replies.parquet."""

    reply_id: str
    parent_id: str
    text: str
    author: str
    created_at: datetime
    likes: int


def thread_sizes(posts: list[Post], rng: random.Random) -> list[int]:
    """Share out all replies over the posts: few get many, and copies and scraps get hardly any."""
    weights = [post.persona.replies * rng.lognormvariate(0, 0.7) * (0.15 if post.noise else 1.0) for post in posts]
    counts = Counter(rng.choices(range(len(posts)), weights, k=ALL_REPLIES))
    return [counts[index] for index in range(len(posts))]


class Crowd:
    """Those who answer: mostly strangers, now and then a brand or the author."""

    def __init__(self, handles: Handles, rng: random.Random) -> None:
        self.decks = {section: Deck(lines, rng) for section, lines in read_sections("replies").items()}
        self.strangers = [handles.new() for _ in range(900)]
        self.rng = rng

    def answer(self, post: Post, size: int) -> list[Reply]:
        """Return a thread of the given size under a post."""
        thread: list[Reply] = []
        for _ in range(size):
            parent = self.rng.choice(thread) if thread and self.rng.random() > TO_THE_POST else None
            thread.append(self._reply(post, parent, first=not thread))
        return thread

    def _reply(self, post: Post, parent: Reply | None, first: bool) -> Reply:
        rng = self.rng
        before = parent.created_at if parent else post.created_at
        moment = before + timedelta(seconds=20 + int(rng.lognormvariate(7.5, 1.3)))
        author, section = self._who(post, parent, first)
        text = self.decks[section].deal()
        if section == post.persona.slug and rng.random() < 0.25:
            text = f"{text}. {self.decks['anybody'].deal()}"
        if rng.random() < 0.3:
            text = f"@{parent.author if parent else post.author} {text}"
        if section != "brand" and rng.random() < 0.2:
            text = text.capitalize() + rng.choice((".", "!", "", " 😅"))
        likes = int(rng.lognormvariate(0, 1)) if section != "brand" else 0
        parent_id = parent.reply_id if parent else post.tweet_id
        return Reply(snowflake(moment, rng), parent_id, text, author, moment, likes)

    def _who(self, post: Post, parent: Reply | None, first: bool) -> tuple[str, str]:
        rng = self.rng
        if first and post.text.startswith("@") and rng.random() < BRAND_ANSWERS:
            return post.text.split()[0].removeprefix("@"), "brand"
        if parent and parent.author != post.author and rng.random() < 0.5:
            return post.author, "author"
        return rng.choice(self.strangers), post.persona.slug if rng.random() < 0.6 else "anybody"


def count_reactions(posts: list[Post], replies: list[Reply], rng: random.Random) -> None:
    """Fill in the counts; a post's replies are those of both files that answer it directly."""
    direct = Counter(reply.parent_id for reply in replies)
    direct.update(post.parent.tweet_id for post in posts if post.parent)
    for post in posts:
        scale = 0.2 if post.noise else 1.0
        post.replies = direct[post.tweet_id]
        post.likes = int(scale * rng.lognormvariate(0, 0.8) * (post.persona.likes + post.replies))
        post.retweets = int(post.likes * post.persona.shares * rng.uniform(0.4, 1.4))
        post.quotes = int(post.retweets * rng.uniform(0, 0.4))
