"""The 36 numbers, worked out by hand on a small corpus."""

import math
from datetime import datetime

import pyarrow as pa
import pytest
from corpora import ask, start, through

COLUMNS = [
    "hour_sin",
    "hour_cos",
    "weekday_sin",
    "weekday_cos",
    "is_weekend",
    "is_business_hours",
    "is_night",
    "hours_since_previous",
    "is_reply",
    "starts_with_mention",
    "mention_count",
    "mention_density",
    "reply_count",
    "like_count",
    "retweet_count",
    "quote_count",
    "thread_depth",
    "thread_size",
    "is_thread_root",
    "reply_latency_minutes",
    "text_length",
    "word_count",
    "avg_word_length",
    "question_density",
    "exclam_density",
    "uppercase_ratio",
    "punctuation_density",
    "emoji_count",
    "hashtag_count",
    "url_count",
    "author_tweet_count",
    "author_tweets_per_day",
    "author_reply_share",
    "author_distinct_mentions",
    "author_hour_entropy",
    "author_age_days",
]
# id, text, author, time (2024-01-01 is a Monday), answers
POSTS = [
    ("1", "Hello @Bob, is it OK?! #Deal https://x.co/a 🙂", "ana", datetime(2024, 1, 1, 9, 30), None),
    ("2", "@ana yes", "bob", datetime(2024, 1, 1, 10, 0), "1"),
    ("3", "@ana @bob WHY", "ana", datetime(2024, 1, 6, 22, 0), "2"),
    ("4", "nothing to see here", "cy", datetime(2024, 1, 7, 5, 59), "999"),
    ("5", "mine again @BOB", "ana", datetime(2024, 1, 8, 9, 15), None),
    ("6", "no author, no time", None, None, None),
]


def behaved(folder, posts=POSTS, replies=None, **options):
    names = ("id", "text", "author", "created_at", "in_reply_to")
    columns = dict(zip(names, zip(*posts, strict=True), strict=True))
    frame = pa.table(
        {
            **{k: pa.array(v, pa.string()) for k, v in columns.items() if k != "created_at"},
            "created_at": pa.array(columns["created_at"], pa.timestamp("us")),
            "likes": pa.array([5, 0, None, None, None, None][: len(posts)] + [None] * (len(posts) - 6), pa.int64()),
        }
    )
    store = through(start(folder, frame, replies=replies, settings=options), "ingest", "behave")
    relation = store.connection.sql(
        "select d.tweet_id, b.* exclude (doc_id) from behaviour b join documents d using (doc_id)"
    )
    return {row[0]: dict(zip(relation.columns[1:], row[1:], strict=True)) for row in relation.fetchall()}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return behaved(tmp_path_factory.mktemp("behave"))


def circle(part):
    return math.sin(2 * math.pi * part), math.cos(2 * math.pi * part)


def test_there_are_36(found):
    assert list(found["1"]) == COLUMNS
    assert len(COLUMNS) == 36


HAND = {
    "1": {
        "hour_sin": circle(9.5 / 24)[0], "hour_cos": circle(9.5 / 24)[1], "weekday_sin": 0, "weekday_cos": 1,
        "is_weekend": 0, "is_business_hours": 1, "is_night": 0, "hours_since_previous": None,
        "is_reply": 0, "starts_with_mention": 0, "mention_count": 1, "mention_density": 1 / 8,
        "reply_count": 1, "like_count": 5, "retweet_count": None, "quote_count": None,
        "thread_depth": 0, "thread_size": 3, "is_thread_root": 1, "reply_latency_minutes": None,
        "text_length": 45, "word_count": 8, "avg_word_length": 38 / 8, "question_density": 1 / 8,
        "exclam_density": 1 / 8, "uppercase_ratio": 5 / 27, "punctuation_density": 10 / 45,
        "emoji_count": 1, "hashtag_count": 1, "url_count": 1,
        "author_tweet_count": 3, "author_tweets_per_day": 3 / (6 + 23.75 / 24 + 1), "author_reply_share": 1 / 3,
        "author_distinct_mentions": 2, "author_age_days": 0,
        "author_hour_entropy": -(2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3)),
    },
    "2": {
        "hour_sin": circle(10 / 24)[0], "is_reply": 1, "starts_with_mention": 1, "mention_count": 1,
        "mention_density": 1 / 2, "reply_count": 1, "like_count": 0, "thread_depth": 1, "thread_size": 3,
        "is_thread_root": 0, "reply_latency_minutes": 30, "author_tweet_count": 1, "author_reply_share": 1,
        "author_hour_entropy": 0, "author_distinct_mentions": 1, "author_tweets_per_day": 1,
    },
    "3": {
        "is_weekend": 1, "is_business_hours": 0, "is_night": 1, "weekday_sin": circle(5 / 7)[0],
        "weekday_cos": circle(5 / 7)[1], "hours_since_previous": 5 * 24 + 12.5, "is_reply": 1, "mention_count": 2,
        "mention_density": 2 / 3, "thread_depth": 2, "thread_size": 3, "is_thread_root": 0, "like_count": None,
        "reply_latency_minutes": 5 * 1440 + 12 * 60, "uppercase_ratio": 3 / 9, "text_length": 13,
        "author_age_days": 5 + 12.5 / 24,
    },
    "4": {
        "is_weekend": 1, "is_night": 1, "is_reply": 1, "thread_depth": 0, "thread_size": 1, "is_thread_root": 0,
        "reply_latency_minutes": None, "mention_count": 0, "author_distinct_mentions": 0, "punctuation_density": 0,
    },
    "5": {
        "is_weekend": 0, "is_business_hours": 1, "is_reply": 0, "mention_count": 1, "thread_size": 1,
        "hours_since_previous": 24 + 11.25, "reply_count": 0,
    },
    "6": {
        name: None for name in COLUMNS
        if name.startswith(("hour_", "weekday_", "is_weekend", "is_business", "is_night", "hours_", "author_"))
    },
}  # fmt: skip


@pytest.mark.parametrize(("post", "feature"), [(post, name) for post, own in HAND.items() for name in own])
def test_feature_by_hand(found, post, feature):
    wanted = HAND[post][feature]
    assert found[post][feature] == (None if wanted is None else pytest.approx(wanted, abs=1e-9))


@pytest.mark.parametrize(
    "feature",
    [
        f
        for f in COLUMNS
        if f.startswith(("is_", "starts_"))
        or f.endswith(("mention_density", "punctuation_density", "_share", "_ratio"))
    ],
)
def test_shares_lie_between_0_and_1(sample, feature):
    low, high = sample.sql(f"select min({feature}), max({feature}) from behaviour").fetchall()[0]
    assert low >= 0
    assert high <= 1


def test_the_time_zone_moves_hours_and_days(tmp_path):
    found = behaved(tmp_path, **{"behave.timezone": "Asia/Kolkata"})
    assert found["3"]["is_weekend"] == 1
    assert found["3"]["hour_sin"] == pytest.approx(circle(3.5 / 24)[0])
    assert found["3"]["weekday_sin"] == pytest.approx(circle(6 / 7)[0])
    assert found["1"]["is_business_hours"] == 1
    assert found["1"]["hour_cos"] == pytest.approx(circle(15 / 24)[1])
    assert found["2"]["reply_latency_minutes"] == 30


def test_summer_time_is_that_of_the_zone(tmp_path):
    posts = [
        ("1", "winter words", "a", datetime(2024, 1, 10, 12), None),
        ("2", "summer words", "a", datetime(2024, 7, 10, 12), None),
    ]
    found = behaved(
        tmp_path,
        [*posts, *[(str(i), "pad", None, None, None) for i in range(3, 7)]],
        **{"behave.timezone": "Europe/Paris"},
    )
    assert found["1"]["hour_sin"] == pytest.approx(circle(13 / 24)[0])
    assert found["2"]["hour_sin"] == pytest.approx(circle(14 / 24)[0])


def test_replies_from_their_own_file_count_in_threads(tmp_path):
    replies = pa.table({"id": ["r1", "r2"], "in_reply_to": ["4", "r1"], "text": ["a", "b"],
                        "created_at": pa.array([datetime(2024, 1, 7, 6)] * 2, pa.timestamp("us"))})  # fmt: skip
    found = behaved(tmp_path, replies=replies)
    assert (found["4"]["thread_size"], found["4"]["is_thread_root"], found["4"]["reply_count"]) == (3, 1, 1)


def test_a_ring_of_replies_ends(tmp_path):
    moment = datetime(2024, 1, 1)
    ring = [(str(i), f"post number {i}", "a", moment, str((i + 1) % 6)) for i in range(6)]
    own = [("6", "answers itself", "b", moment, "6"), ("7", "below the ring", "c", moment, "0")]
    found = behaved(tmp_path, [*ring, *own])
    assert len(found) == 8
    assert {found[str(i)]["is_thread_root"] for i in range(8)} == {0}


def test_a_long_chain_is_followed(tmp_path):
    moment = datetime(2024, 1, 1)
    chain = [(str(i), f"post number {i}", "a", moment, str(i - 1) if i else None) for i in range(60)]
    found = behaved(tmp_path, chain)
    assert [found[str(i)]["thread_depth"] for i in range(60)] == list(range(60))
    assert {f["thread_size"] for f in found.values()} == {60}


def test_one_row_a_document(sample):
    assert sample.sql("select count(*), count(distinct doc_id) from behaviour").fetchall()[0] == (1618, 1618)
    assert sample.sql("select count(*) from documents anti join behaviour using (doc_id)").fetchall()[0] == (0,)


def test_an_answer_before_its_question_has_no_latency(tmp_path):
    posts = [("1", "late words", "a", datetime(2024, 1, 2), None), ("2", "early words", "b", datetime(2024, 1, 1), "1")]
    found = behaved(tmp_path, [*posts, *[(str(i), "pad", None, None, None) for i in range(3, 7)]])
    assert found["2"]["reply_latency_minutes"] is None


def test_extras_may_have_the_name_of_a_feature(tmp_path):
    frame = pa.table({"text": ["some words"], "word_count": [99]})
    store = through(start(tmp_path, frame), "ingest", "behave")
    assert ask(store, "select word_count from behaviour") == [(2.0,)]
    assert ask(store, "select word_count from document_extras") == [(99,)]
