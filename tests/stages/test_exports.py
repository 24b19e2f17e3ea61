"""Exports of many programs come in right: rows, times, authors, likes and replies, by the structure of each."""

import bz2
import csv
import json
import lzma
import random
import subprocess
import sys
import zipfile

import pytest
import zstandard
from bench.exports import figures
from click.testing import CliRunner
from corpora import REAL, Listener, ask, start, through

import riindex
from riindex.cli import ri
from riindex.errors import InputError

EXPORTS = REAL / "exports"
# File → (documents, replies, replies whose post is in the file, times, authors, likes that could be read).
FULL = (60, 10, 10, 60, 60, 60)
PLAIN = (60, 0, 0, 60, 60, 0)
DATES = (20, 0, 0, 20, 0, 0)
EXPECTED = {
    "01_twarc2_raw_pages/tweets.jsonl": FULL,
    "01_twarc2_raw_pages/onepage.jsonl": (20, 0, 0, 20, 20, 20),
    "02_twarc2_flat/tweets.jsonl": FULL,
    "03_twarc_csv/tweets.csv": FULL,
    "04_v1_stream_extended/stream.jsonl": FULL,
    "06_v2_response_includes/includes_first.json": FULL,
    "06_v2_response_includes/response.json": FULL,
    "08_archive_note_tweet/twitter-2023.zip": FULL,
    "10_twint/tweets_ms.csv": FULL,
    "10_twint/tweets_new.csv": FULL,
    "10_twint/tweets_utc.csv": FULL,
    "10_twint/tweets_win.csv": FULL,
    "11_snscrape/tweets.jsonl": FULL,
    "11_snscrape/tweets_pandas.csv": FULL,
    "12_apify/dataset.csv": FULL,
    "12_apify/dataset.json": FULL,
    "14_twitteR/tweets.csv": FULL,
    "16_twitter_io/tweets.csv": FULL,
    "17_sentiment140/training.csv": PLAIN,
    "23_mastodon_api/statuses.json": FULL,
    "23_mastodon_outbox/outbox.json": (57, 10, 10, 57, 57, 0),
    "23_mastodon_outbox/outbox_no_boosts.json": (57, 10, 10, 57, 57, 0),
    "24_bluesky/authorFeed.json": FULL,
    "24_bluesky/posts.csv": FULL,
    "24_bluesky/records.jsonl": (60, 10, 0, 60, 0, 0),  # a record does not hold its own address
    "24_bluesky/repo_records.jsonl": (60, 10, 10, 60, 60, 0),
    "24_bluesky/searchPosts.json": FULL,
    "25_reddit_both/RC_replies.ndjson": (60, 60, 20, 60, 55, 60),
    "25_reddit_comments/RC_trains.ndjson": (60, 60, 20, 60, 55, 60),
    "25_reddit_listing/listing.json": (60, 60, 20, 60, 55, 60),
    "25_reddit_submissions/RS_trains.ndjson": (60, 0, 0, 60, 60, 60),
    "26_takeout/comments.csv": (60, 10, 10, 60, 60, 0),
    "26_youtube_api/commentThreads.json": (120, 60, 60, 120, 120, 120),
    "26_youtube_csv/comments.csv": FULL,
    "26_yt_comment_downloader/comments.json": FULL,
    "26_ytdlp_info/video.info.json": FULL,
    "27_telegram/result.json": (57, 10, 10, 57, 57, 0),
    "27_telegram_full/result.json": (57, 10, 10, 57, 57, 0),
    "28_whatsapp/chat.txt": PLAIN,
    "29_discord/general.csv": PLAIN,
    "29_discord/general.json": (60, 10, 10, 60, 60, 0),
    "31_fb_posts/your_posts_1.json": (60, 0, 0, 60, 0, 0),
    "34_crowdtangle/posts.csv": (60, 0, 0, 60, 60, 60),
    "36_brandwatch/export.csv": FULL,
    "36_meltwater/export.csv": PLAIN,
    "36_sep_line/export.csv": PLAIN,
    "36_sep_line/export_comma.csv": PLAIN,
    "37_google_forms/responses.csv": PLAIN,
    "37_qualtrics/survey.csv": (60, 0, 0, 60, 0, 0),
    "38_backslash/mysql.csv": PLAIN,
    "39_cat_headers/all.csv": PLAIN,
    "60_micro/backslash_nocomma.csv": (10, 0, 0, 0, 10, 0),
    "60_micro/comment_lines.csv": (5, 0, 0, 0, 5, 0),
    "60_micro/data_lines.jsonl": (5, 0, 0, 5, 5, 0),
    "60_micro/elastic.jsonl": (5, 0, 0, 5, 5, 0),
    "60_micro/elastic_response.json": (5, 0, 0, 0, 0, 0),
    "60_micro/list_of_lists.json": (2, 0, 0, 0, 0, 0),
    "60_micro/mixed_text_fields.jsonl": (10, 0, 0, 0, 0, 0),
    "60_micro/name_is_pet.csv": (20, 0, 0, 20, 0, 0),
    "60_micro/nested_list.json": (5, 0, 0, 0, 0, 0),
    "60_micro/single_quotes.csv": (10, 0, 0, 0, 10, 0),
    "60_micro/title_line.csv": (5, 0, 0, 5, 5, 0),
    "61_xlsx/summary_first.xlsx": (60, 0, 0, 60, 60, 60),
    "61_xlsx/title_rows.xlsx": (60, 0, 0, 60, 60, 60),
    "61_xlsx/two_months.xlsx": PLAIN,
    "63_more/json_normalize.csv": (6, 5, 5, 6, 6, 6),
    "63_more/nested_replies.json": (2, 1, 1, 0, 0, 0),
    "63_more/posts.txt": (10, 0, 0, 0, 0, 0),
    "64_wrappers/post_with_comments.json": (4, 3, 3, 0, 0, 0),
    "64_wrappers/tweets_then_users.json": (60, 0, 0, 60, 60, 0),
    "64_wrappers/users_then_tweets.json": (60, 0, 0, 60, 60, 0),
} | {
    f"22_dates/{name}.csv": DATES
    for name in ("basic", "compact14", "ct_tz", "de", "de_comma", "gforms", "ifttt", "iso_space_z", "iso_week", "js",
                 "long_us", "meltwater", "rfc2822", "slack", "tw_noyear_tz", "ukr", "us_comma", "utc_word", "wordy")
}  # fmt: skip


@pytest.mark.real_data
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_export_comes_in_right(name):
    if not (EXPORTS / name).exists():
        pytest.skip(f"{name} is not in {EXPORTS}")
    found, _ = figures([EXPORTS / name])
    documents, replies, linked, times, _, authors, _, likes, *_ = found
    assert (documents, replies, linked, times, authors, likes) == EXPECTED[name]


def ingested(folder, name, content, **options):
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    report = Listener()
    return through(start(folder, str(folder / name), report=report, **options), "ingest"), report


def posts(store, columns="tweet_id, text, author, in_reply_to, like_count"):
    return ask(store, f"select {columns} from documents order by doc_id")


def lines(rows):
    return "\n".join(map(json.dumps, rows))


PAGE = {
    "data": [
        {"id": "11", "author_id": "7", "conversation_id": "11", "text": "the first post of all", "created_at":
         "2024-01-02T03:04:05.000Z", "public_metrics": {"like_count": 5}},
        {"id": "12", "author_id": "8", "conversation_id": "11", "text": "cut …",
         "note_tweet": {"text": "not cut at all"}, "created_at": "2024-01-02T03:04:05.000Z",
         "public_metrics": {"like_count": 0},
         "referenced_tweets": [{"type": "quoted", "id": "3"}, {"type": "replied_to", "id": "11"}]},
    ],
    "includes": {"users": [{"id": "7", "username": "ann"}, {"id": "8", "username": "bo"}],
                 "tweets": [{"id": "3", "text": "a post that is quoted and none of the page's own"}]},
}  # fmt: skip
TWO = [("11", "the first post of all", "ann", None, 5), ("12", "not cut at all", "bo", "11", 0)]


@pytest.mark.parametrize("name", ["page.json", "pages.jsonl"])
def test_a_page_of_an_api_gives_its_posts_and_their_authors(tmp_path, name):
    store, _ = ingested(tmp_path, name, PAGE if name == "page.json" else lines([PAGE]))
    assert posts(store) == TWO


def test_replies_inside_a_post_are_documents_that_answer_it(tmp_path):
    inner = {"id": "3", "text": "thanks, the same here", "author": "cy"}
    store, _ = ingested(tmp_path, "a.json", [
        {"id": "1", "text": "my parcel is late", "author": "ann",
         "replies": [{"id": "2", "text": "mine is late too", "author": "bo", "replies": [inner]}]}
    ])  # fmt: skip
    assert posts(store, "tweet_id, in_reply_to, author") == [("1", None, "ann"), ("2", "1", "bo"), ("3", "2", "cy")]


POST = {"text": "my parcel is late again this week", "lang": "en"}
# A post and its repost, as families mark one. The repost comes first, and has no prefix such as "RT @".
REPOSTS = {
    "v2": ({"id": "1", "author_id": "7", "conversation_id": "1", **POST},
           {"id": "2", "author_id": "8", "conversation_id": "2", **POST,
            "referenced_tweets": [{"type": "retweeted", "id": "1"}]}),
    "v1.1": ({"id_str": "1", "created_at": "2024-01-02", "user": {"screen_name": "ann"}, **POST},
             {"id_str": "2", "created_at": "2024-01-01", "user": {"screen_name": "bo"}, **POST,
              "retweeted_status": {"id_str": "1", **POST}}),
    "snscrape": ({"id": 1, "conversationId": 1, "date": "2024-01-02", "rawContent": POST["text"],
                  "retweetedTweet": None},
                 {"id": 2, "conversationId": 2, "date": "2024-01-02", "rawContent": POST["text"],
                  "retweetedTweet": {"id": 1, "rawContent": POST["text"]}}),
    "Mastodon": ({"id": "1", "content": POST["text"], "visibility": "public", "account": {"acct": "ann"},
                  "reblog": None},
                 {"id": "2", "content": "", "visibility": "public", "account": {"acct": "bo"},
                  "reblog": {"id": "1", "content": POST["text"], "account": {"acct": "ann"}}}),
    "Bluesky": ({"post": {"uri": "at://1", "author": {"handle": "ann"}, "record": POST}},
                {"post": {"uri": "at://2", "author": {"handle": "ann"}, "record": POST},
                 "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"handle": "bo"}}}),
    "Telegram": ({"id": 1, "type": "message", "from_id": "u1", "from": "Ann", "date": "2024-01-02", **POST},
                 {"id": 2, "type": "message", "from_id": "u2", "from": "Bo", "date": "2024-01-01", **POST,
                  "forwarded_from": "Ann"}),
    "table": ({"id": "1", "is_retweet": "FALSE", **POST}, {"id": "2", "is_retweet": "TRUE", **POST}),
}  # fmt: skip


@pytest.mark.parametrize("family", REPOSTS)
def test_a_repost_is_one_whatever_the_format(tmp_path, family):
    original, repost = REPOSTS[family]
    other = json.loads(json.dumps(original).replace("late again", "lost for good").replace(': "1"', ': "3"'))
    (tmp_path / "a.jsonl").write_text(lines([repost, other, original]), encoding="utf-8")
    store = through(start(tmp_path, str(tmp_path / "a.jsonl")), "ingest", "embed", "denoise")
    assert ask(store, "select doc_id, is_repost from documents where is_repost") == [(0, True)]
    assert ask(store, "select doc_id, reason, kept_doc_id from dropped") == [(0, "exact_duplicate", 2)]


def test_a_repost_alone_is_left_out_as_one(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines([REPOSTS["table"][1], {"id": "4", "is_retweet": "FALSE", "text":
        "the refund has not come for two weeks"}]), encoding="utf-8")  # fmt: skip
    store = through(start(tmp_path, str(tmp_path / "a.jsonl")), "ingest", "embed", "denoise")
    assert ask(store, "select doc_id, reason, kept_doc_id from dropped") == [(0, "retweet", None)]


ROWS = [["1", "the first post of all"], ["2", "the other post here"]]
TABLE = {"id": ["1", "2"], "text": ["the first post of all", "the other post here"]}
ORIENTS = {
    "records": [dict(zip(TABLE, row, strict=True)) for row in ROWS],
    "list": TABLE,
    "split": {"columns": list(TABLE), "index": [0, 1], "data": ROWS},
    "columns": {name: {str(n): value for n, value in enumerate(values)} for name, values in TABLE.items()},
    "index": {str(n): dict(zip(TABLE, row, strict=True)) for n, row in enumerate(ROWS)},
    "values": [list(TABLE), *ROWS],
}  # fmt: skip


@pytest.mark.parametrize("orient", ORIENTS)
def test_json_of_pandas_in_any_orientation(tmp_path, orient):
    store, _ = ingested(tmp_path, "a.json", ORIENTS[orient])
    assert posts(store, "tweet_id, text") == [("1", TABLE["text"][0]), ("2", TABLE["text"][1])]


def test_values_of_mongodb_lose_their_types(tmp_path):
    rows = [{"_id": {"$oid": "5f"}, "id": {"$numberLong": "12"}, "text": "some words of a post", "created_at":
             {"$date": "2024-01-02T03:04:05Z"}}]  # fmt: skip
    store, _ = ingested(tmp_path, "a.jsonl", lines(rows))
    assert posts(store, "tweet_id, created_at::varchar") == [("12", "2024-01-02 03:04:05")]


def test_a_removed_account_is_no_author_and_a_title_is_part_of_the_post(tmp_path):
    rows = [{"id": "a1", "name": "t3_a1", "title": "Late again", "selftext": "The train was late.",
             "author": "[deleted]", "created_utc": 1700000000, "score": 3},
            {"id": "a2", "name": "t3_a2", "title": "A title alone", "selftext": "[removed]", "author": "bo",
             "created_utc": 1700000000, "score": 4}]  # fmt: skip
    store, _ = ingested(tmp_path, "RS.ndjson", lines(rows))
    assert posts(store) == [("t3_a1", "Late again\n\nThe train was late.", None, None, 3),
                            ("t3_a2", "A title alone", "bo", None, 4)]  # fmt: skip


REPORT = (
    'Report:,All mentions\nBrand:,X\n\n\nid,created_at,author,text\n1,2024-01-02 03:04,ann,"some words, and more"\n'
)
HEADS = {
    "title": REPORT,
    "separator": "sep=;\nid;created_at;author;text\n1;2024-01-02 03:04;ann;some words, and more\n",
    "comment": '# made by a program\nid,created_at,author,text\n1,2024-01-02 03:04,ann,"some words, and more"\n',
    "repeated": 'id,created_at,author,text\n1,2024-01-02 03:04,ann,"some words, and more"\nid,created_at,author,text\n',
    "index": ',id,created_at,author,text\n0,1,2024-01-02 03:04,ann,"some words, and more"\n',
}


@pytest.mark.parametrize("head", HEADS)
def test_what_stands_above_a_header_is_no_row(tmp_path, head):
    store, _ = ingested(tmp_path, "a.csv", HEADS[head])
    assert posts(store, "tweet_id, text, author, created_at::varchar") == [
        ("1", "some words, and more", "ann", "2024-01-02 03:04:00")]  # fmt: skip
    assert ask(store, "select count(*) from rejects") == [(0,)]


def test_quotes_escaped_by_a_backslash(tmp_path):
    rows = "\n".join(f'"{n}","he said \\"never again\\", and left","u{n}"' for n in range(5))
    store, _ = ingested(tmp_path, "a.csv", '"id","text","author"\n' + rows + "\n")
    assert posts(store, "text, author")[2] == ('he said "never again", and left', "u2")


@pytest.mark.parametrize(("name", "values", "why"), [
    ("comment", [str(n) for n in range(20)], "numbers"),
    ("description", ["the same words of one account"] * 20, "a constant"),
    ("message", ['{"a": "b", "c": [1, 2]}'] * 20, "nested"),
])  # fmt: skip
def test_a_column_is_judged_by_its_contents_too(tmp_path, name, values, why):
    with (tmp_path / "a.csv").open("w", newline="") as handle:
        table = csv.writer(handle)
        table.writerow([name, "caption"])
        table.writerows((value, f"the journey number {n} went to the sea") for n, value in enumerate(values))
    store = through(start(tmp_path, str(tmp_path / "a.csv")), "ingest")
    assert posts(store, "text")[3] == ("the journey number 3 went to the sea",), why


@pytest.mark.parametrize("dated", [False, True])
def test_labels_beside_texts_are_no_authors(tmp_path, dated):
    """Without a header, words beside a text are its author only where a time or an id is there too."""
    rows = [(f"label_{n % 9}", f"the journey number {n} went to the sea") for n in range(60)]
    if dated:
        rows = [(f"2024-01-02 03:04:{n:02}", *row) for n, row in enumerate(rows)]
    content = "".join("\t".join(row) + "\n" for row in rows)
    store, _ = ingested(tmp_path, "a.tsv", content)
    assert posts(store, "author, created_at is not null")[3] == (("label_3", True) if dated else (None, False))


def test_nested_json_alone_is_no_corpus(tmp_path):
    rows = [{"id": str(n), "text": json.dumps({"a": {"b": n}})} for n in range(12)]
    with pytest.raises(InputError, match="looks like a text"):
        ingested(tmp_path, "a.jsonl", lines(rows))


def test_an_answer_in_own_words_is_the_text_of_a_survey(tmp_path):
    rows = "".join(f"2024/01/02 3:04:05 PM GMT+2,good,I would like answer number {n} sooner\n" for n in range(6))
    store, report = ingested(tmp_path, "a.csv", "Timestamp,How was it?,What could be better?\n" + rows)
    assert posts(store, "text, created_at::varchar")[1] == (
        "I would like answer number 1 sooner",
        "2024-01-02 13:04:05",
    )
    assert any("What could be better?" in warning for warning in report.warnings)


CHAT = "02/01/2024, 15:04 - Ann: a message of some words\nand a second line\n13/01/2024, 15:04 - Bo: another message\n"


def test_a_chat_of_whatsapp(tmp_path):
    store, _ = ingested(tmp_path, "chat.txt", CHAT)
    assert posts(store, "text, author, created_at::varchar") == [
        ("a message of some words\nand a second line", "Ann", "2024-01-02 15:04:00"),
        ("another message", "Bo", "2024-01-13 15:04:00"),
    ]


def test_a_plain_text_is_one_post_a_line(tmp_path):
    store, _ = ingested(tmp_path, "a.txt", "a post of some words\n\nanother post\n")
    assert posts(store, "text") == [("a post of some words",), ("another post",)]


TIMES = {
    "2023-04-06 21:23:05 IST": "2023-04-06 15:53:05",
    "2023-04-06 21:23:05 Pakistan Standard Time": "2023-04-06 16:23:05",
    "April 06, 2023 at 09:23PM": "2023-04-06 21:23:00",
    "2023/04/06 9:23:05 PM GMT+2": "2023-04-06 19:23:05",
    "06-Apr-2023 09:23PM": "2023-04-06 21:23:00",
    "Thu Apr 06 2023 21:23:05 GMT+0000 (Coordinated Universal Time)": "2023-04-06 21:23:05",
    "06.04.2023, 21:23": "2023-04-06 21:23:00",
    "20230406T212305Z": "2023-04-06 21:23:05",
    "20230406212305": "2023-04-06 21:23:05",
    "Thu Apr 06 21:23:05 PDT 2023": "2023-04-07 04:23:05",
    "2023-04-06T21:23:05+02:00[Europe/Berlin]": "2023-04-06 19:23:05",
    "06/Apr/2023:21:23:05 +0000": "2023-04-06 21:23:05",
    "9:23 PM · Apr 6, 2023": "2023-04-06 21:23:00",
    "6 abr 2023 21:23": "2023-04-06 21:23:00",
    "jeu. 6 avril 2023 21:23": "2023-04-06 21:23:00",
    "mar. 4 avril 2023 à 10:00": "2023-04-04 10:00:00",
    "6. März 2023 21:23": "2023-03-06 21:23:00",
    "6 kwietnia 2023 09:10": "2023-04-06 09:10:00",
    "14 мая 2023 г. 10:15": "2023-05-14 10:15:00",  # noqa: RUF001 - Russian
    "12 Eki 2023 10:15": "2023-10-12 10:15:00",
    "2023年4月6日 21:23": "2023-04-06 21:23:00",
    "2023. 4. 6. 오후 9:23": "2023-04-06 21:23:00",
    "1680816185000000000": "2023-04-06 21:23:05",
    "/Date(1680816185000)/": "2023-04-06 21:23:05",
    "3 hours ago": None,
    "2023-04-06 21:23:05 Nowhere Time": None,
}


def test_times_as_programs_write_them(tmp_path):
    rows = [{"text": f"the post number {n}", "created_at": written} for n, written in enumerate(TIMES)]
    store, _ = ingested(tmp_path, "a.jsonl", lines(rows))
    found = [time for (time,) in posts(store, "created_at::varchar")]
    assert dict(zip(TIMES, found, strict=True)) == TIMES


def test_a_date_and_its_hours_in_two_columns(tmp_path):
    store, _ = ingested(tmp_path, "a.csv", "text,date,time\nsome words here,2024-01-02,03:04:05\n")
    assert posts(store, "created_at::varchar") == [("2024-01-02 03:04:05",)]


def test_an_inspection_shows_what_a_build_would_read(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},write to ann{n}@mail.example about parcel {n},ann,{time},{n},x\n"
                   for n, time in enumerate(["2024-01-02 03:04", "2 hours ago", "2024-01-03 03:04"]))  # fmt: skip
    path.write_text("id,text,author,created_at,likes,colour\n" + rows, encoding="utf-8")
    (found,) = riindex.inspect(path)
    assert (found.rows, found.documents, found.authors, found.replies, found.unused) == (3, 3, 3, 0, ["colour"])
    roles = {role.role: role for role in found.roles}
    assert {name: role.columns for name, role in roles.items()} == {
        "tweet_id": "id", "text": "text", "author": "author", "created_at": "created_at", "like_count": "likes",
    }  # fmt: skip
    assert roles["created_at"].readable == pytest.approx(2 / 3)
    assert len(roles["text"].samples) == 3
    assert not any("@mail" in sample or sample == "ann" for role in found.roles for sample in role.samples)
    assert any("2 hours ago" in warning for warning in found.warnings)
    assert "text ← text" in found.line


def test_the_family_of_an_export_is_named(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(PAGE), encoding="utf-8")
    (found,) = riindex.inspect(str(tmp_path / "a.json"))
    assert (found.family, found.replies, found.linked) == ("Twitter API v2 (twarc, tweepy, academictwitteR)", 1, 1)


def test_an_inspection_finds_languages_and_shows_ids_of_platforms(tmp_path):
    words = ["where is my parcel and when will it come to me", "dónde está mi paquete y por qué no llega con los otros"]
    rows = "".join(f"15000000079190000{n:02},{words[n % 4 == 3]} {n},ann{n}@mail.example\n" for n in range(20))
    (tmp_path / "a.csv").write_text("id,text,author\n" + rows, encoding="utf-8")
    (found,) = riindex.inspect(tmp_path / "a.csv")
    assert found.languages == {"English": 0.75, "Spanish": 0.25}
    roles = {role.role: role.samples for role in found.roles}
    assert roles["tweet_id"][0] == "1500000007919000000"
    assert not any("mail" in sample for sample in roles["author"])


def test_an_inspection_does_not_show_from_whom_a_post_was_forwarded(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(REPOSTS["Telegram"]), encoding="utf-8")
    (found,) = riindex.inspect(tmp_path / "a.jsonl")
    (role,) = [role for role in found.roles if role.role == "is_repost"]
    assert role.samples == ["@user"]


def test_an_inspection_needs_neither_pandas_nor_the_encoder(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(PAGE), encoding="utf-8")
    asked = f"import sys, riindex; riindex.inspect({str(tmp_path / 'a.json')!r}); print('pandas' in sys.modules, " \
            "'tokenizers' in sys.modules)"  # fmt: skip
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]


def test_ri_inspect_prints_roles_and_reasons(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(PAGE), encoding="utf-8")
    answer = CliRunner().invoke(ri, ["inspect", str(tmp_path / "a.json")])
    assert answer.exit_code == 0, answer.output
    for part in ("Twitter API v2", "note_tweet_text", "100%", "family", "1 of them to a post in the file"):
        assert part in answer.output
    answer = CliRunner().invoke(ri, ["inspect", str(tmp_path / "a.json"), "-f", "json"])
    assert json.loads(answer.output)[0]["documents"] == 2


def test_an_archive_gives_the_author_whole_texts_and_tweets_to_communities(tmp_path):
    long = "a long post about late parcels, their vans and their drivers, " * 6
    cut = {"id_str": "1", "full_text": long[:200] + "… https://t.co/x", "created_at": "Mon Jan 01 10:00:00 +0000 2024",
           "favorite_count": "3"}  # fmt: skip
    files = {
        "tweets": [{"tweet": cut}], "account": [{"account": {"username": "ann"}}],
        "note-tweet": [{"noteTweet": {"core": {"text": long}}}],
        "community-tweet": [{"tweet": cut}, {"tweet": {**cut, "id_str": "2", "full_text": "a post to a community"}}],
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"data/{name}.js", f"window.YTD.{name}.part0 = " + json.dumps(content))
    store = through(start(tmp_path, str(tmp_path / "a.zip")), "ingest")
    assert posts(store) == [("1", long, "ann", None, 3), ("2", "a post to a community", "ann", None, 3)]


PACKERS = {"bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_are_unpacked(tmp_path, suffix):
    content = lines({"id": str(n), "text": f"a post of some words {n}"} for n in range(50)).encode()
    (tmp_path / f"a.jsonl.{suffix}").write_bytes(PACKERS[suffix](content))
    with through(start(tmp_path, str(tmp_path / f"a.jsonl.{suffix}")), "ingest") as store:
        assert len(posts(store)) == 50
    (tmp_path / f"b.jsonl.{suffix}").write_bytes(PACKERS[suffix](content)[:40])
    with pytest.raises(InputError, match="cannot be unpacked"):
        riindex.inspect(tmp_path / f"b.jsonl.{suffix}")


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_large_packed_file_that_was_cut_is_not_read_in_part(tmp_path, suffix):
    rng = random.Random(5)
    posts_of = ({"id": str(n), "text": f"a post of {rng.random()} words {rng.random()}"} for n in range(20_000))
    packed = PACKERS[suffix](lines(posts_of).encode())
    (tmp_path / f"c.jsonl.{suffix}").write_bytes(packed[: len(packed) * 3 // 4])
    with pytest.raises(InputError, match="cannot be unpacked"):
        through(start(tmp_path, str(tmp_path / f"c.jsonl.{suffix}")), "ingest")


def test_of_dates_without_hours_the_hours_are_unknown(tmp_path):
    rows = "".join(f"2024-01-{1 + n % 28:02d},u{n % 5},the post number {n} is about parcels\n" for n in range(60))
    (tmp_path / "a.csv").write_text("date,author,text\n" + rows, encoding="utf-8")
    store = through(start(tmp_path, str(tmp_path / "a.csv")), "ingest", "behave")
    assert ask(store, "select count(created_at), count(*) filter (has_hours) from documents") == [(60, 0)]
    counts = "count(hour_sin), count(is_night), count(hours_since_previous), count(author_hour_entropy)"
    assert ask(store, f"select {counts}, count(weekday_sin) from behaviour") == [(0, 0, 0, 0, 60)]


COUNTS = {"1,2 mil": 1200, "1.2 тыс.": 1200, "3万": 30000, "1.5 lakh": 150000, "12 Likes": 12, "1.2k likes": 1200,
          "1.2M": 1200000, "1,2 Mio.": 1200000, "1 234": 1234, "—": None, "None": None}  # fmt: skip


def test_counts_with_units_of_many_languages(tmp_path):
    rows = [{"text": f"the post number {n}", "likes": written} for n, written in enumerate(COUNTS)]
    store, _ = ingested(tmp_path, "a.jsonl", lines(rows))
    assert dict(zip(COUNTS, (n for (n,) in posts(store, "like_count")), strict=True)) == COUNTS


def test_ids_in_quotes_are_the_ids(tmp_path):
    rows = "'1712345678901234567,the first post,\n'1712345678901234568,the other post,'1712345678901234567\n"
    store, _ = ingested(tmp_path, "a.csv", "id,text,in_reply_to\n" + rows)
    assert posts(store, "tweet_id, in_reply_to")[1] == ("1712345678901234568", "1712345678901234567")
