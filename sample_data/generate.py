"""Write the sample corpus: tweets.parquet and replies.parquet, the same each time.

Run `python sample_data/generate.py [FOLDER]`; the folder is this one unless another is named.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from noise import copies, promotions, scraps
from personas import PERSONAS
from posts import Handles, Post, clean_posts, snowflake
from threads import Crowd, Reply, count_reactions, thread_sizes
from writing import language_of

SEED = 1618


def corpus(seed: int) -> tuple[list[Post], list[Reply]]:
    """Return the posts in order of time, and the replies to them."""
    rng = random.Random(seed)
    handles = Handles(rng)
    promoted = promotions(handles, rng)
    kept = Counter(post.persona.slug for post in promoted if post.noise is None)
    clean: list[Post] = []
    for persona in PERSONAS:
        own = random.Random(f"{seed} {persona.slug}")
        clean += clean_posts(persona, persona.size - kept[persona.slug], handles, own)
    posts = [*clean, *promoted, *scraps(handles, rng), *copies(clean, handles, rng)]
    posts.sort(key=lambda post: post.created_at)
    for post in posts:
        post.tweet_id = snowflake(post.created_at, rng)
    posts.sort(key=lambda post: int(post.tweet_id))
    crowd = Crowd(handles, rng)
    sizes = thread_sizes(posts, rng)
    replies = [reply for post, size in zip(posts, sizes, strict=True) for reply in crowd.answer(post, size)]
    replies.sort(key=lambda reply: int(reply.reply_id))
    count_reactions(posts, replies, rng)
    return posts, replies


def tweets_table(posts: list[Post]) -> pa.Table:
    """Return the posts as columns; the last two hold what was planted."""
    return pa.table(
        {
            "tweet_id": [post.tweet_id for post in posts],
            "text": [post.text for post in posts],
            "author": [post.author for post in posts],
            "created_at": _moments(post.created_at for post in posts),
            "lang": [language_of(post.text) for post in posts],
            "in_reply_to": pa.array([post.parent and post.parent.tweet_id for post in posts], pa.string()),
            "like_count": pa.array([post.likes for post in posts], pa.int32()),
            "retweet_count": pa.array([post.retweets for post in posts], pa.int32()),
            "reply_count": pa.array([post.replies for post in posts], pa.int32()),
            "quote_count": pa.array([post.quotes for post in posts], pa.int32()),
            "planted_persona": [post.persona.name for post in posts],
            "planted_noise": pa.array([post.noise for post in posts], pa.string()),
        }
    )


def replies_table(replies: list[Reply]) -> pa.Table:
    """Return the replies as columns."""
    return pa.table(
        {
            "reply_id": [reply.reply_id for reply in replies],
            "in_reply_to": [reply.parent_id for reply in replies],
            "text": [reply.text for reply in replies],
            "author": [reply.author for reply in replies],
            "created_at": _moments(reply.created_at for reply in replies),
            "like_count": pa.array([reply.likes for reply in replies], pa.int32()),
        }
    )


def _moments(moments: Iterable[datetime]) -> pa.Array:
    return pa.array([moment.replace(tzinfo=None) for moment in moments], pa.timestamp("us"))


def main() -> None:
    """Write both files and say what is in them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    posts, replies = corpus(SEED)
    for name, table in (("tweets", tweets_table(posts)), ("replies", replies_table(replies))):
        path = folder / f"{name}.parquet"
        pq.write_table(table, path, compression="zstd")
        print(f"{path.name}: {table.num_rows:,} rows")
    for reason, count in Counter(post.noise or "clean" for post in posts).most_common():
        print(f"  {reason}: {count:,}")


if __name__ == "__main__":
    main()
