"""Texts are made what a reader sees: markup, escapes, wrong decoding and fragments; other texts stay as they are."""

import json

import duckdb
import pytest
from corpora import QUICK
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.pipeline.run import build
from riindex.store.statements import sql_text
from riindex.text.readable import MARKDOWN, SUSPECT, is_markdown, readable

PLAIN = [
    "how to center a <div> in css & a <span>", "1 < 2 and 3 > 2 :> <3", "C:\\users\\x41", "[removed]", '{"a": 1}',
    '"quoted" words', "see https://a.example/?a=1&copy=2", "2 * 3 * 4 and _this_ and **that**", "> be me", "naïve café",
    "👩‍💻 می‌خواهم", "100% & more", "[1, 2]", "<3 you & me", "b'",
]  # fmt: skip
MARKUP = [
    ("<p>one &amp; two</p><p>three</p>", "one & two\n\nthree"),
    ("a<br>b<br/>c", "a\nb\nc"),
    ('see <a href="https://a.example/x?a=1&amp;b=2">the page</a>', "see the page https://a.example/x?a=1&b=2"),
    ('<a href="https://a.example/@bob" class="mention">@<span>bob</span></a> hi', "@bob hi"),
    ('<a href="https://a.example/tags/tea">#<span>tea</span></a>', "#tea"),
    ('<a href="https://a.example/long/path"><span>https://</span><span>a.example/lo</span></a>',
     "https://a.example/long/path"),
    ("<p>mine</p><blockquote><p>of another</p></blockquote>", "mine"),
    ("<b>bold</b> <script>x()</script>words", "bold words"),
    ("AT&amp;T &#39;s &hellip; &eacute; &#x1F600;", "AT&T 's … é 😀"),
    ("twice &amp;lt;3", "twice <3"),
    ("hey <@U012AB3CD> see <https://a.example/a|the page> in <#C024BE7LR|general> <!here> &lt;3",
     "hey @U012AB3CD see the page https://a.example/a in #general @here <3"),
    ("<@!9000> <:smile:12> <@U1|ann>", "@9000 :smile: @ann"),
    ("b'caf\\xc3\\xa9\\nand \\xf0\\x9f\\x98\\x80'", "café\nand 😀"),
    ("\\ud83d\\ude00 and caf\\u00e9", "😀 and café"),
    ("<U+0001F600> of R", "😀 of R"),
    ("cafÃ© â\u0080\u0094 ð\u009f\u0098¡", "café — 😡"),
    ("Привет мир".encode().decode("cp1251"), "Привет мир"),
    ("zero\u200bwidth\ufeff \u00adsigns", "zerowidth signs"),
]  # fmt: skip
MARKDOWN_TEXTS = [
    ("**Edit:** [source](https://a.example/0)", "Edit: source https://a.example/0"),
    ("&gt; words of another\n\nmy words\n\n&amp;#x200B;", "my words"),
    ("> all of it is quoted", "all of it is quoted"),
    ("- one\n- two\n\n1. a", "- one\n- two\n1. a"),
    ("~~no~~ `code` *so* #tag", "no code so #tag"),
    ("a >!spoiler!< here", "a spoiler here"),
    ("[https://a.example/x](https://a.example/x)", "https://a.example/x"),
]


def suspect(text):
    return duckdb.execute("select regexp_matches($t, $s)", {"t": text, "s": SUSPECT}).fetchall()[0][0]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_stays(text):
    assert readable(text).text == text
    assert readable(text).steps == ()


@pytest.mark.parametrize(("raw", "shown"), MARKUP)
def test_a_text_is_what_a_reader_sees(raw, shown):
    found = readable(raw)
    assert found.text == shown
    assert found.steps
    assert suspect(raw), "the build would not look at it"


@pytest.mark.parametrize(("raw", "shown"), MARKDOWN_TEXTS)
def test_markdown_is_what_a_reader_sees(raw, shown):
    assert readable(raw, markdown=True).text == shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.booleans())
def test_no_text_becomes_empty_or_an_error(text, markdown):
    found = readable(text, markdown)
    assert bool(found.text.strip()) == bool(text.strip())
    if found.text != text and not markdown:
        assert suspect(text), "the build would not look at it"


def test_a_source_is_markdown_by_its_share():
    assert not is_markdown(1000, 2)
    assert not is_markdown(1000, 19)
    assert is_markdown(1000, 20)
    assert is_markdown(3, 3)


def test_a_build_keeps_the_raw_text_and_uses_no_markup_as_a_word(tmp_path):
    path, target = tmp_path / "posts.jsonl", tmp_path / "posts.duckdb"
    subjects = ["tea in the garden with my aunt", "rain on the train to work today", "cars that never start in winter"]
    rows = [
        {"id": str(i), "author": f"u{i}", "text": f"<p>{subjects[i % 3]}, number {i}</p><p>R&amp;D <br>ends</p>"}
        for i in range(90)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    build(path, target, settings=QUICK)
    with duckdb.connect(str(target), read_only=True) as index:
        shown = dict(index.sql("select tweet_id, text from documents").fetchall())
        raw = dict(index.sql("select tweet_id, r.text from raw_texts as r join documents using (doc_id)").fetchall())
        terms = {term for (term,) in index.sql("select term from persona_terms").fetchall()}
    assert raw == {row["id"]: row["text"] for row in rows}
    assert shown["0"] == f"{subjects[0]}, number 0\n\nR&D\nends"
    assert not terms & {"p", "br", "amp"}


def test_a_source_in_markdown_is_found_by_the_build(tmp_path):
    path, target = tmp_path / "posts.jsonl", tmp_path / "posts.duckdb"
    texts = [f"words about tea and rain number {i}\n\n- _so_ it is" for i in range(60)]
    texts[3] = texts[7] = texts[9] = "see [this page](https://a.example) about **tea and rain** for more of it"
    path.write_text(
        "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts)), encoding="utf-8"
    )
    build(path, target, settings=QUICK)
    with duckdb.connect(str(target), read_only=True) as index:
        shown = dict(index.sql("select tweet_id, text from documents").fetchall())
    assert shown["0"] == "words about tea and rain number 0\n\n- so it is"
    assert duckdb.execute("select regexp_matches($t, $m)", {"t": texts[3], "m": MARKDOWN}).fetchall() == [(True,)]


@pytest.mark.parametrize(("text", "emoji"), [
    ("🇮🇳 🇮🇳🇫🇷", ["🇮🇳", "🇮🇳", "🇫🇷"]), ("👩‍💻👍🏽", ["👩‍💻", "👍🏽"]), ("👨‍👩‍👧‍👦 1️⃣", ["👨‍👩‍👧‍👦", "1️⃣"]),
    ("🤦‍♀️ x #1 ❤️", ["🤦‍♀️", "❤️"]), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿"]),
])  # fmt: skip
def test_a_sequence_is_one_emoji(text, emoji):
    connection = duckdb.connect()
    connection.execute(sql_text("shared/text"))
    assert connection.execute("select emoji_list($t)", {"t": text}).fetchall() == [(emoji,)]


@pytest.mark.parametrize(("raw", "own"), [
    ("> the parcel is late\nmine is late too", "mine is late too"),
    ("&gt; the parcel is late\n&gt;&gt; and this\nmine too", "mine too"),
    ("I agree.\n\nOn Mon, 3 Jan 2024 at 10:00, Ann <ann@example.org> wrote:\n> it is late\n> again", "I agree."),
    ("I agree.\n\nAm 03.01.2024 um 10:00 schrieb Ann:\nthe parcel is late", "I agree."),
    ("first\nOn Monday Ann wrote:\n> a question?\nmy answer", "first\nmy answer"),
    ("see below\n-----Original Message-----\nFrom: Ann\nthe parcel is late", "see below"),
    ("> be me\n> go to the shop", "> be me\n> go to the shop"),
    (">:( it is late\nagain", ">:( it is late\nagain"),
    (">50 people came\nreally", ">50 people came\nreally"),
    ("On the way home I wrote a poem: it is good", "On the way home I wrote a poem: it is good"),
    ("5 > 3 and\na > b", "5 > 3 and\na > b"),
])  # fmt: skip
def test_quoted_lines_are_not_the_words_of_the_author(raw, own):
    assert readable(raw).text == own
    asked = {"raw": raw, "suspect": SUSPECT}
    assert own == raw or duckdb.sql("select regexp_matches($raw, $suspect)", params=asked).fetchall() == [(True,)]
