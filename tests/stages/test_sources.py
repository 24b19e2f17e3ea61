"""Archives, databases, workbooks, other encodings, and cells that a spreadsheet damaged."""

import json
import sqlite3
import zipfile
from datetime import datetime

import duckdb
import pytest
from corpora import Listener, ask, start, through
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex import sources
from riindex.errors import InputError
from riindex.pipeline.job import default_target
from riindex.sources.databases import from_server, is_url
from riindex.sources.encodings import encoding_of, to_utf8
from riindex.sources.survey import survey_file
from riindex.text.readable import readable
from riindex.text.tokenised import join_tokenised

TWEETS = [
    {"id_str": "1712345678901234567", "full_text": "the parcel is late &amp; wet", "favorite_count": "3",
     "created_at": "Thu Oct 12 07:01:02 +0000 2023"},
    {"id_str": "1712345678901234568", "full_text": "it came at last", "favorite_count": "0",
     "created_at": "2023-10-13 08:01:02 +0000", "in_reply_to_status_id_str": "1712345678901234567"},
]  # fmt: skip


def ingested(folder, source, **options):
    listener = Listener()
    folder.mkdir(exist_ok=True)
    return through(start(folder, source, report=listener, **options), "ingest"), listener


def texts(store):
    return [row[0] for row in ask(store, "select text from documents order by doc_id")]


# -- archives ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_twitter_archive_gives_its_tweets_alone(tmp_path, wrapped):
    records = [{"tweet": tweet} if wrapped else tweet for tweet in TWEETS]
    parts = [f"window.YTD.tweets.part{n} = " + json.dumps([record]) for n, record in enumerate(records)]
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("data/tweets.js", parts[0])
        archive.writestr("data/tweets-part1.js", parts[1])
        archive.writestr("data/account.js", "window.YTD.account.part0 = [{}]")
        archive.writestr("data/manifest.json", "{}")
    store, _ = ingested(tmp_path / "work", tmp_path / "archive.zip")
    found = ask(store, "select tweet_id, text, like_count, in_reply_to, created_at from documents order by tweet_id")
    assert found == [
        ("1712345678901234567", "the parcel is late & wet", 3, None, datetime(2023, 10, 12, 7, 1, 2)),
        ("1712345678901234568", TWEETS[1]["full_text"], 0, "1712345678901234567", datetime(2023, 10, 13, 8, 1, 2)),
    ]


def test_an_unpacked_archive_is_read_by_its_file(tmp_path):
    path = tmp_path / "tweet.js"
    path.write_text("window.YTD.tweet.part0 = " + json.dumps([{"tweet": tweet} for tweet in TWEETS]), encoding="utf-8")
    assert texts(ingested(tmp_path / "work", path)[0]) == [readable(tweet["full_text"]).text for tweet in TWEETS]


def test_names_in_a_zip_reach_no_other_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../outside.csv", "id,text\n1,some words\n")
    assert texts(ingested(tmp_path / "work", tmp_path / "a.zip")[0]) == ["some words"]
    assert not list(tmp_path.parent.glob("outside.csv"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", None], ids=["empty", "broken", "nothing to read"])
def test_a_zip_that_cannot_be_read_says_so(tmp_path, content):
    path = tmp_path / "a.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("picture.png", b"x")
    else:
        path.write_bytes(content)
    with pytest.raises(InputError) as problem:
        sources.resolve([path])
    assert problem.value.hint


# -- encodings -----------------------------------------------------------------------------------------------------

SAMPLES = {
    "cp1252": "id,text\n1,a café “quoted” it\u2019s naïve\n2,plain words\n",
    "utf-16": "id,text\n1,ein schöner Tag\n",
    "utf-16-le": "id,text\n1,some plain words\n",
    "utf-32": "id,text\n1,ein schöner Tag\n",
    "shift_jis": "id,text\n"
    + "".join(
        f"{n},{line}\n"
        for n, line in enumerate(
            [
                "こんにちは、昨日注文した荷物がまだ届きません。",
                "返金をお願いします。カスタマーサービスに電話しましたが、誰も出ませんでした。",
                "東京の店舗で受け取ることはできますか",
                "アプリが開かないので、とても困っています",
                "ありがとうございます。すぐに対応してくれました",
            ]
        )
    ),
    "cp1251": "id,text\n"
    + "".join(f"{n},Здравствуйте посылка опять опоздала и никто не отвечает\n" for n in range(40)),
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_other_encodings_are_recognised_and_said(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(SAMPLES[encoding].encode(encoding))
    store, listener = ingested(tmp_path / "work", path)
    assert texts(store) == [line.split(",", 1)[1] for line in SAMPLES[encoding].splitlines()[1:]]
    assert any("not UTF-8" in warning for warning in listener.warnings)


def test_utf8_is_read_as_it_is_and_nothing_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,नमस्ते ñ 🙂\n", encoding="utf-8-sig")
    store, listener = ingested(tmp_path / "work", path)
    assert texts(store) == ["नमस्ते ñ 🙂"]
    assert listener.warnings == []


def test_a_file_pasted_from_two_encodings_keeps_both(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n1,naïve 🙂 one\n".encode() + "2,naïve “two”\n".encode("cp1252"))
    assert texts(ingested(tmp_path / "work", path)[0]) == ["naïve 🙂 one", "naïve “two”"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
@settings(max_examples=50)
def test_any_utf8_is_recognised_as_such(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(b"x" + text.encode())
    assert encoding_of(survey_file(path, packed=False)) is None


@given(st.binary(min_size=1, max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_become_utf8(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    (folder / "bytes.txt").write_bytes(content)
    encoding = encoding_of(survey_file(folder / "bytes.txt", packed=False))
    if encoding is not None:
        to_utf8(folder / "bytes.txt", False, encoding, folder / "made.txt").read_bytes().decode("utf-8")


# -- spreadsheets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["scientific", "rounded"])
def test_rounded_ids_are_not_trusted(tmp_path, style):
    ids = [f"5.7030{n % 10}E+17" if style == "scientific" else f"5703061336{n:05}000" for n in range(30)]
    lines = [f"{own},post number {n} about parcels,{ids[0]}" for n, own in enumerate(ids)]
    (tmp_path / "a.csv").write_text("tweet_id,text,in_reply_to\n" + "\n".join(lines), encoding="utf-8")
    store, listener = ingested(tmp_path / "work", tmp_path / "a.csv")
    assert ask(store, "select count(distinct tweet_id), count(source_id), count(in_reply_to) from documents") == [
        (30, 0, 0)
    ]
    assert any("30 ids were rounded" in warning for warning in listener.warnings)


def test_true_ids_are_trusted_whatever_they_end_in(tmp_path):
    lines = [f"{1712345678901234000 + 37 * n},post number {n}" for n in range(30)]
    (tmp_path / "a.csv").write_text("tweet_id,text\n" + "\n".join(lines), encoding="utf-8")
    store, listener = ingested(tmp_path / "work", tmp_path / "a.csv")
    assert ask(store, "select count(source_id) from documents") == [(30,)]
    assert listener.warnings == []


def test_formula_cells_are_mended(tmp_path):
    (tmp_path / "a.csv").write_text(
        'tweet_id,text\n"=""123""",=@VirginAmerica what she said\n124,"=""a quoted text"""\n125,=1+1 is two\n',
        encoding="utf-8")  # fmt: skip
    store, listener = ingested(tmp_path / "work", tmp_path / "a.csv")
    assert ask(store, "select tweet_id, text from documents order by 1") == [
        ("123", "@VirginAmerica what she said"), ("124", "a quoted text"), ("125", "=1+1 is two")]  # fmt: skip
    assert any("2 texts were formula cells" in warning for warning in listener.warnings)


SPACED = [
    "@ ana_b what a # FreeShipping day",
    "RT @ bob _ the _ builder : see https : // t . co / Ab1",
    "lunch at 1 / 2 past",
]
JOINED = ["@ana_b what a #FreeShipping day", "RT @bob_the_builder : see https://t.co/Ab1", "lunch at 1 / 2 past"]


@pytest.mark.parametrize(
    ("rows", "found"), [(SPACED * 10, JOINED * 10), (["lunch @ noon", "hi @ana"] * 30,) * 2, (SPACED,) * 2]
)
def test_a_tokenised_corpus_is_joined_and_no_other(tmp_path, rows, found):
    texts = [f"{text} {row}" for row, text in enumerate(rows)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    store, listener = ingested(tmp_path / "work", tmp_path / "a.jsonl")
    expected = [f"{text} {row}" for row, text in enumerate(found)]
    assert [row[0] for row in ask(store, "select text from documents order by doc_id")] == expected
    assert any("spaces round every sign" in warning for warning in listener.warnings) == (rows != found)
    assert join_tokenised(texts) == expected, "what labels are measured on is read as a build reads it"


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["airline_excel_damaged.csv", "airline_scientific_ids.csv"])
def test_damaged_exports_are_read_and_their_ids_left_out(tmp_path, real_data, name):
    store, listener = ingested(tmp_path / "work", real_data / "hostile" / name)
    count, distinct, own, times = ask(store, """select count(*), count(distinct tweet_id), count(source_id),
        count(*) filter (created_at between '2015-02-16' and '2015-02-26') from documents""")[0]  # fmt: skip
    assert (count, distinct, own, times) == (14_640, 14_640, 0, 14_640)
    assert ask(store, "select count(*) from documents where starts_with(text, '=@')") == [(0,)]
    assert any("14,640 ids were rounded" in warning for warning in listener.warnings)


@pytest.mark.real_data
def test_a_list_of_plain_strings_is_a_list_of_texts(tmp_path, real_data):
    path = real_data / "hostile" / "naughty_strings.json"
    wanted = json.loads(path.read_text(encoding="utf-8"))
    store, _ = ingested(tmp_path / "work", path)
    found = texts(store)
    rejected = ask(store, "select count(*) from rejects")[0][0]
    assert len(found) + rejected == len(wanted)
    raw = [text for (text,) in ask(store, "select text from raw_texts")]
    assert set(found) - set(wanted) <= {readable(text).text for text in raw}
    assert set(raw) <= set(wanted)


# -- databases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_the_only_table_needs_no_name_and_others_are_listed(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    with sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path)) as connection:
        connection.execute("create table posts as select '1' as id, 'some words' as text")
    connection.close()
    assert texts(ingested(tmp_path / "work", path)[0]) == ["some words"]
    with pytest.raises(InputError, match="no table 'tweets'") as problem:
        sources.resolve([f"{path}::tweets"])
    assert "posts" in problem.value.hint
    with sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path)) as connection:
        connection.execute("create view other as select 1 as id")
    connection.close()
    with pytest.raises(InputError, match="2 tables") as problem:
        sources.resolve([path])
    assert "other, posts" in problem.value.hint


def test_sqlite_keeps_any_value_in_any_column(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table posts (id integer, text text, n integer)")
        connection.executemany(
            "insert into posts values (?, ?, ?)",
            [(1712345678901234567, "some words", 1), ("x2", b"caf\xc3\xa9 \xff", "many")],
        )
    connection.close()
    store, _ = ingested(tmp_path / "work", path)
    assert ask(store, "select tweet_id, text from documents order by doc_id") == [
        ("1712345678901234567", "some words"), ("x2", "café \ufffd")]  # fmt: skip


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "a.db").write_bytes(b"something else")
    with pytest.raises(InputError, match="not a SQLite or DuckDB file"):
        sources.resolve([tmp_path / "a.db"])


def test_a_password_is_in_no_message(tmp_path):
    pytest.importorskip("connectorx")
    with pytest.raises(InputError) as problem:
        from_server("mysql://ana:s3cr%40t@127.0.0.1:1/shop::tweets", None)
    told = problem.value.message + problem.value.hint
    assert "s3cr" not in told
    assert "mysql://ana@127.0.0.1:1/shop::tweets" in told


def test_a_server_needs_a_table_or_a_query():
    for url, query in (("mysql://u@h/db", None), ("mysql://u@h/db::t", "select 1")):
        with pytest.raises(InputError, match="table or a query"):
            from_server(url, query)
    with pytest.raises(InputError, match="database server"):
        sources.resolve(["a.csv"], "select 1")
    assert is_url("postgres://h/db::t")
    assert not is_url("a.csv")


@pytest.mark.parametrize(("source", "name"), [
    ("a/tweets.parquet", "tweets"), ("shop.db::posts", "posts"), ("mysql://u:p@h/db::tweets", "tweets"),
    ("mysql://u:p@h/db", "personas"), ("book.xlsx", "book"), ("archive.zip", "archive"), ("x.csv.gz", "x"),
    ("*.csv", "personas")])  # fmt: skip
def test_the_target_has_the_sources_name(source, name):
    assert default_target(source).name == f"{name}.duckdb"
