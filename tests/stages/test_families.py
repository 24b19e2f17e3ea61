"""Exports of programs of which there is no file to try: in the columns that their documentation and readers name."""

import json

import pytest

import riindex

WORDS = "the late parcel number {} never came to my door"
ROWS = range(6)
MOMENT = "2024-01-02T03:04:05.000Z"


def slack():
    person = {"type": "message", "user": "U1", "user_profile": {"real_name": "Ann", "display_name": "ann"}}
    rows = [{**person, "ts": f"170000000{n}.000100", "text": WORDS.format(n)} for n in ROWS]
    rows[4]["thread_ts"] = rows[5]["thread_ts"] = "1700000000.000100"
    joined = {"type": "message", "subtype": "channel_join", "ts": "1700000010.0001", "text": "<@U2> has joined"}
    return [*rows, {**joined, "user": "U2"}]


def instagram_posts():
    one = [{"media": [{"uri": "a", "creation_timestamp": 1700000000, "title": WORDS.format(n)}]} for n in range(3)]
    picture = {"uri": "a", "creation_timestamp": 1700000000, "title": ""}
    several = [{"media": [picture] * 2, "title": WORDS.format(n), "creation_timestamp": 1700000000} for n in (3, 4, 5)]
    return one + several


def instagram_comments():
    return [
        {"string_map_data": {"Comment": {"value": WORDS.format(n)}, "Media Owner": {"value": "bo"},
                             "Time": {"timestamp": 1700000000}}} for n in ROWS
    ]  # fmt: skip


def facebook_comments():
    said = [{"timestamp": 1700000000, "comment": WORDS.format(n), "author": "Ann"} for n in ROWS]
    return {"comments_v2": [{"timestamp": 1700000000, "data": [{"comment": c}], "title": "Ann replied"} for c in said]}


def hacker_news():
    story = {"by": "ann", "time": 1700000000, "type": "story", "score": 3, "descendants": 1}
    rows = [{**story, "id": n, "title": f"A story {n}", "text": WORDS.format(n)} for n in range(3)]
    return rows + [{"by": "bo", "id": n, "time": 1700000000, "type": "comment", "parent": 1, "text": WORDS.format(n)}
                   for n in (3, 4, 5)]  # fmt: skip


def algolia():
    hit = {"created_at": MOMENT, "created_at_i": 1704164645, "author": "ann", "story_text": None}
    stories = [{**hit, "objectID": str(n), "title": f"A story {n}", "points": 5, "num_comments": 2} for n in range(3)]
    comments = [{**hit, "objectID": str(n), "title": None, "comment_text": WORDS.format(n), "parent_id": 1}
                for n in (3, 4, 5)]  # fmt: skip
    return {"hits": stories + comments, "nbHits": 6}


def node_scraper():
    return [{"id": f"gp:{n}", "userName": "Ann", "date": MOMENT, "score": 5, "url": "https://x.example", "title": None,
             "text": WORDS.format(n), "version": "1.0", "thumbsUp": n} for n in ROWS]  # fmt: skip


def discord():
    person = {"id": "9", "name": "ann"}
    rows = [{"id": str(n), "type": "Default", "timestamp": MOMENT, "content": WORDS.format(n), "author": person}
            for n in ROWS]  # fmt: skip
    joined = {"id": "99", "type": "GuildMemberJoin", "timestamp": MOMENT, "content": "Joined the server."}
    return {"guild": {"id": "1", "name": "g"}, "messages": [*rows, {**joined, "author": person}]}


def table(header, row):
    """A CSV of six rows: {n} is the number of the row, {t} its text."""
    return "\n".join([header, *(row.format(n=n, t=WORDS.format(n)) for n in ROWS)]) + "\n"


PLAY = (
    "Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,"
    "Review Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,Star "
    "Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Text,Review Link"
)
RTWEET = (
    "user_id,status_id,created_at,screen_name,text,source,display_text_width,reply_to_status_id,is_quote,is_retweet,"
    "favorite_count,retweet_count,quote_count,reply_count,lang"
)
MINET = (
    "id,timestamp_utc,local_time,user_screen_name,text,retweet_count,like_count,reply_count,lang,to_username,"
    "to_userid,to_tweetid,user_id,user_name"
)
TIDY = (
    "tweet_id,user_username,text,lang,created_at,source,conversation_id,possibly_sensitive,author_id,"
    "in_reply_to_user_id,user_name,retweet_count,like_count,quote_count,sourcetweet_type,sourcetweet_id"
)
TALKWALKER = (
    "url,content,content_snippet,published,source_type,extra_author_attributes.short_name,lang,parent_url,"
    "article_extended_attributes.twitter_likes,article_extended_attributes.num_comments"
)
SPROUT = "Date,Post ID,Network,Post Type,Content Type,Profile,Sent by,Link,Post,Impressions,Reactions,Comments,Shares"
HOOTSUITE = (
    'Post performance,,,,,,,,\n"Mar 1, 2024 - Mar 31, 2024",,,,,,,,\n'
    "Date (GMT),Post ID,Post Message,Post Permalink,Post Type,Social Network,Likes,Comments,Shares"
)
# Name → (family, documents, authors, replies, replies that are linked, the file's content).
FILES = {
    "slack.json": ("Slack", 6, 6, 2, 2, slack()),
    "discord.json": ("Discord (DiscordChatExporter)", 6, 6, 0, 0, discord()),
    "posts_1.json": ("Instagram posts", 6, 0, 0, 0, instagram_posts()),
    "post_comments.json": ("Instagram comments", 6, 0, 0, 0, instagram_comments()),
    "post_comments_1.json": ("Instagram comments", 6, 0, 0, 0, {"comments_media_comments": instagram_comments()}),
    "comments.json": ("Facebook comments", 6, 6, 0, 0, facebook_comments()),
    "items.json": ("Hacker News", 6, 6, 3, 3, hacker_news()),
    "hits.json": ("Hacker News (Algolia)", 6, 6, 3, 3, algolia()),
    "reviews.json": ("App stores (Node scrapers)", 6, 6, 0, 0, node_scraper()),
    "play.csv": ("Play Console", 6, 0, 0, 0, table(
        PLAY, "io.x,42,1.2,en,pixel7,2026-09-01T10:11:12Z,1,2026-09-01T10:11:12Z,1,5,,{t},,,https://p.example/{n}")),
    "rtweet.csv": ("rtweet", 6, 6, 6, 6, table(
        RTWEET, "x5,x171234567890123456{n},2024-03-01T14:30:00Z,ann,{t},web,40,x1712345678901234560,F,F,1,1,,,en")),
    "rtweet1.csv": ("rtweet since 1.0", 6, 0, 0, 0, table(
        "created_at,id,id_str,full_text,in_reply_to_status_id_str,retweet_count,favorite_count,lang,text,"
        "display_text_width",
        "2024-03-01 14:30:00,1.7e18,171234567890123456{n},{t},,1,1,en,cut,40")),
    "minet.csv": ("minet", 6, 6, 6, 6, table(
        MINET, "171234567890123456{n},1700000000,2023-11-14T22:13:20,ann,{t},1,1,1,en,bo,7,1712345678901234560,5,Ann")),
    "tidy.csv": ("Twitter API v2, tidy (academictwitteR)", 6, 6, 0, 0, table(
        TIDY, "171234567890123456{n},ann,{t},en,2024-01-02T03:04:05.000Z,web,171234567890123456{n},F,5,,Ann,1,1,1,,")),
    "talkwalker.csv": ("Talkwalker", 6, 6, 6, 6, table(
        TALKWALKER, "https://x.example/{n},{t},,2024-01-02 03:04:05,SOCIALMEDIA,ann,en,https://x.example/1,1,2")),
    "sprout.csv": ("Social inbox (Sprout Social, Hootsuite)", 6, 6, 0, 0, table(
        SPROUT, "03/15/2024 10:05 am,1789000000000000{n},Instagram,Post,Reel,Acme,Jane,https://i.example,{t},9,1,2,3")),
    "hootsuite.csv": ("Hootsuite", 6, 0, 0, 0, table(
        HOOTSUITE, "2024-03-01 14:30,111_{n},{t},https://f.example/{n},Photo,Facebook,60,15,10")),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_family_without_a_file_is_read_as_documented(tmp_path, name):
    *expected, content = FILES[name]
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    (found,) = riindex.inspect(tmp_path / name)
    assert [found.family, found.documents, found.authors, found.replies, found.linked] == expected
    texts = [sample for role in found.roles if role.role == "text" for sample in role.samples]
    assert all("late parcel" in text or "A story" in text for text in texts)
    assert found.first_at is not None


CHAT = (
    "[02/01/2024, 15:04:00] Ann: a message of some words\n[02/01/2024, 15:05:00] Bo: \u200eBild weggelassen\n"
    "[02/01/2024, 15:06:00] Bo: <Médias omis>\n[02/01/2024, 15:07:00] Bo: This message was deleted.\n"
    "[02/01/2024, 15:08:00] Bo: das ist ausgeschlossen\n"
)


def test_what_whatsapp_writes_itself_is_no_message(tmp_path):
    (tmp_path / "chat.txt").write_text(CHAT, encoding="utf-8")
    (found,) = riindex.inspect(tmp_path / "chat.txt", raw=True)
    assert [s for role in found.roles if role.role == "text" for s in role.samples] == [
        "a message of some words",
        "das ist ausgeschlossen",
    ]
