"""Any source gives the same documents: formats, ids, times, extra columns, rejects."""

import gzip
import json
import math
import sqlite3
import zipfile
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from corpora import QUICK, Listener, ask, start, table, talk, through, with_vectors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import riindex
from riindex.errors import ConfigError, InputError
from riindex.pipeline.run import STAGES
from riindex.store.database import Store

ROWS = [
    {"tweet_id": "1712345678901234567", "text": "the parcel is late, again", "author": "ana",
     "created_at": "2023-10-12 07:01:02", "in_reply_to": None, "like_count": "3", "colour": "red"},
    {"tweet_id": "1712345678901234568", "text": 'she said "no", then\tleft\nfor good', "author": "bo",
     "created_at": "2023-10-13 17:01:02", "in_reply_to": "1712345678901234567", "like_count": "0", "colour": "blue"},
    {"tweet_id": "3", "text": "नमस्ते दुनिया 🙂 çok güzel", "author": "cy",
     "created_at": "2023-10-14 23:59:59", "in_reply_to": "1712345678901234567", "like_count": "1200", "colour": None},
]  # fmt: skip
COLUMNS = list(ROWS[0])


def write_delimited(path, delimiter):
    plain = pa.Table.from_pylist([{k: v if v is not None else "" for k, v in row.items()} for row in ROWS])
    pc.write_csv(plain, path, pc.WriteOptions(delimiter=delimiter, quoting_style="needed"))


def write_sheet(path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["nothing here"])
    sheet = book.create_sheet("posts")
    sheet.append([])
    sheet.append(COLUMNS)
    for row in ROWS:
        made = datetime.fromisoformat(row["created_at"])
        sheet.append([made if k == "created_at" else int(v) if k == "like_count" else v for k, v in row.items()])
    book.save(path)


def write_database(path, kind):
    holes = ", ".join("?" * len(COLUMNS))
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))
    connection.execute("create table other (id integer)")
    ids = "integer" if kind == "sqlite" else "bigint"
    types = [ids, "varchar", "varchar", "varchar", "bigint", "integer", "varchar"]
    shape = ", ".join(f"{name} {type_}" for name, type_ in zip(COLUMNS, types, strict=True))
    connection.execute(f"create table rows ({shape})")
    connection.executemany(f"insert into rows values ({holes})", [list(row.values()) for row in ROWS])
    connection.commit()
    connection.close()


def make(folder, kind):  # noqa: C901 - one branch a format
    """The rows in one format; the answer is a source."""
    base, _, packed = kind.partition(".gz")
    path = folder / f"rows.{base.split('-')[0]}"
    flat = pa.Table.from_pylist(ROWS)
    if base == "parquet":
        pq.write_table(flat, path)
    elif base in ("csv", "tsv"):
        write_delimited(path, "," if base == "csv" else "\t")
    elif base == "json-array":
        path.write_text(json.dumps(ROWS, indent=1), encoding="utf-8")
    elif base == "json-wrapped":
        path.write_text(json.dumps({"meta": 1, "data": ROWS}), encoding="utf-8")
    elif base in ("jsonl", "ndjson", "json-lines"):
        path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n", encoding="utf-8")
    elif base == "xlsx":
        write_sheet(path)
    elif base == "zip":
        import zipfile

        with zipfile.ZipFile(path, "w") as archive:
            archive.write(make(folder, "csv"), "export/rows.csv")
            archive.writestr("__MACOSX/export/._rows.csv", b"x")
            archive.writestr("export/read me.txt", b"x")
    elif base in ("sqlite", "duckdb"):
        write_database(path, base)
        return f"{path}::Rows"
    elif base == "arrow":
        return flat
    elif base == "polars":
        return pl.DataFrame(ROWS)
    elif base == "polars-lazy":
        return pl.DataFrame(ROWS).lazy()
    elif base == "pandas":
        import pandas as pd

        return pd.DataFrame(ROWS)
    if kind.endswith(".gz"):
        packed = path.with_name(path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        return packed
    return path


FILES = ["parquet", "csv", "tsv", "json-array", "json-wrapped", "json-lines", "jsonl", "ndjson"]
KINDS = [*FILES, *(f"{kind}.gz" for kind in FILES), "arrow", "polars", "polars-lazy", "pandas", "xlsx", "zip",
         "sqlite", "duckdb"]  # fmt: skip
DOCUMENTS = "select tweet_id, text, author, created_at, in_reply_to, like_count from documents order by doc_id"


def ingested(folder, source, **options):
    run = start(folder, source, **options)
    return through(run, "ingest")


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_documents(kind, tmp_path):
    store = ingested(tmp_path, make(tmp_path, kind))
    wanted = [
        (r["tweet_id"], r["text"], r["author"], datetime.fromisoformat(r["created_at"]), r["in_reply_to"],
         int(r["like_count"])) for r in ROWS
    ]  # fmt: skip
    assert ask(store, DOCUMENTS) == wanted
    assert [row[0] for row in ask(store, "select coalesce(colour, '') from document_extras order by doc_id")] == [
        "red", "blue", ""]  # fmt: skip
    assert ask(store, "select tweet_id, doc_id, in_reply_to from replies order by reply_id") == [
        (r["tweet_id"], i, r["in_reply_to"]) for i, r in enumerate(ROWS) if r["in_reply_to"]
    ]
    assert ask(store, "select * from rejects") == []


def test_document_ids_are_dense_and_in_input_order(tmp_path):
    store = ingested(tmp_path, table(["one two", "", "three four", None, "five six"]))
    assert ask(store, "select doc_id, tweet_id from documents order by doc_id") == [(0, "t0"), (1, "t2"), (2, "t4")]
    assert ask(store, "select place, reason from rejects") == [("row 2", "no text"), ("row 4", "no text")]


def test_rows_are_counted_from_one(tmp_path):
    lines = ['{"id": "1", "text": "some words"}', "[broken", '{"id": "2", "text": "more words"}', '{"id": "3"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.jsonl")
    assert ask(store, "select place from rejects") == [("line 2",), ("row 3",)]
    assert ask(store, "select source_place from documents order by doc_id") == [("1:1",), ("1:2",)]


def test_several_files_and_a_glob_are_read_in_order(tmp_path):
    for name, text in (("b.csv", "from b"), ("a.csv", "from a")):
        (tmp_path / name).write_text(f"id,text\n{name},{text}\n", encoding="utf-8")
    both = ingested(tmp_path, [str(tmp_path / "b.csv"), str(tmp_path / "a.csv")])
    assert [r[0] for r in ask(both, "select text from documents order by doc_id")] == ["from b", "from a"]
    (tmp_path / "again").mkdir()
    globbed = ingested(tmp_path / "again", str(tmp_path / "*.csv"))
    assert [r[0] for r in ask(globbed, "select text from documents order by doc_id")] == ["from a", "from b"]
    assert [r[0] for r in ask(globbed, "select source_place from documents order by doc_id")] == ["1:1", "2:1"]


def test_documents_keep_the_name_of_their_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("inner/c.csv", "id,text\n3,from an archive\n")
    (tmp_path / "a.csv").write_text("id,text,source_file\n1,from a,old.csv\n", encoding="utf-8")
    frame = pa.table({"id": ["2"], "text": ["from memory"]})
    store = ingested(tmp_path, [str(tmp_path / "a.csv"), frame, str(tmp_path / "both.zip")])
    assert ask(store, "select tweet_id, source_file, source_source_file from documents join document_extras "
                      "using (doc_id) order by 1") == [
        ("1", "a.csv", "old.csv"), ("2", None, None), ("3", "c.csv", None)]  # fmt: skip


def test_files_of_different_formats_and_columns_are_one_corpus(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,mood\n1,first words,glad\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": 2, "full_text": "second words", "place": "Pune"}\n', encoding="utf-8")
    store = ingested(tmp_path, [str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl")])
    assert ask(store, "select tweet_id, text from documents order by 1") == [
        ("1", "first words"),
        ("2", "second words"),
    ]
    assert ask(store, "select mood, place from document_extras order by doc_id") == [("glad", None), (None, "Pune")]


def test_the_name_of_a_file_may_hold_what_a_glob_means(tmp_path):
    path = tmp_path / "tweets [1] *.csv"
    path.write_text("id,text\n1,some words\n", encoding="utf-8")
    assert ask(ingested(tmp_path, path), "select text from documents") == [("some words",)]


# -- ids -----------------------------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=8, unique=True))
def test_ids_keep_their_last_digit(tmp_path_factory, ids):
    folder = tmp_path_factory.mktemp("ids")
    lines = [json.dumps({"id": i, "text": f"words {i}"}) for i in ids]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "b.csv").write_text("id,text\n" + "".join(f"{i},words\n" for i in ids), encoding="utf-8")
    run = start(
        folder, [str(folder / "a.jsonl"), str(folder / "b.csv"), pa.table({"id": ids, "text": ["words"] * len(ids)})]
    )
    with through(run, "ingest") as store:
        assert [r[0] for r in ask(store, "select tweet_id from documents order by doc_id")] == [str(i) for i in ids] * 3


def test_an_id_read_as_a_float_is_whole(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,in_reply_to\n3.0,first one,\n4,second one,3.0\n", encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.csv")
    assert ask(store, "select tweet_id, in_reply_to from documents order by doc_id") == [("3", None), ("4", "3")]
    frame = pa.table({"id": [3.0, 4.0], "text": ["first one", "second one"], "in_reply_to": [None, 3.0]})
    (tmp_path / "again").mkdir()
    store = ingested(tmp_path / "again", frame)
    assert ask(store, "select tweet_id, in_reply_to from documents order by doc_id") == [("3", None), ("4", "3")]


def test_rows_without_an_id_get_one(tmp_path):
    store = ingested(tmp_path, pa.table({"text": ["one", "two"]}))
    assert ask(store, "select tweet_id, source_id from documents order by doc_id") == [("d0", None), ("d1", None)]


# -- times ---------------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2007, 1, 1), datetime(2037, 12, 31)).map(lambda m: m.replace(microsecond=0))


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """Reads times as ingest does."""
    with Store.create(tmp_path_factory.mktemp("clock") / "c.duckdb") as store:
        store.run("shared/text")
        for name in ("values", "staged", "times/written"):
            store.run(f"ingest/{name}")
        yield lambda text, day_first=True: store.connection.execute(
            "select coalesce(time_of($t, 1), other_time($t, $d))", {"t": text, "d": day_first}
        ).fetchall()[0][0]


def near(found, wanted, seconds=1.0):
    return found is not None and abs((found - wanted).total_seconds()) <= seconds


FORMS = {
    "iso": lambda m: m.isoformat(),
    "iso space": lambda m: m.isoformat(" "),
    "iso z": lambda m: m.isoformat() + "Z",
    "iso milliseconds": lambda m: m.isoformat(timespec="milliseconds") + "Z",
    "iso offset": lambda m: (m + timedelta(hours=5, minutes=30)).isoformat() + "+05:30",
    "iso python": lambda m: m.replace(tzinfo=UTC).isoformat(" "),
    "epoch": lambda m: str(int(m.replace(tzinfo=UTC).timestamp())),
    "epoch float": lambda m: f"{m.replace(tzinfo=UTC).timestamp():.1f}",
    "epoch milliseconds": lambda m: str(int(m.replace(tzinfo=UTC).timestamp()) * 1000),
    "epoch microseconds": lambda m: str(int(m.replace(tzinfo=UTC).timestamp()) * 1_000_000),
    "twitter": lambda m: m.strftime("%a %b %d %H:%M:%S +0000 %Y"),
    "excel": lambda m: f"{(m - datetime(1899, 12, 30)).total_seconds() / 86400:.8f}",
    "day first": lambda m: m.strftime("%d/%m/%Y %H:%M:%S"),
    "day first dashes": lambda m: m.strftime("%d-%m-%Y %H:%M:%S"),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=MOMENTS)
def test_every_form_of_a_time_is_read(clock, form, moment):
    assert near(clock(FORMS[form](moment)), moment), FORMS[form](moment)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=MOMENTS)
def test_month_first_and_shortened_forms(clock, moment):
    minute = moment.replace(second=0)
    assert near(clock(minute.strftime("%m/%d/%Y %H:%M"), False), minute)
    assert near(clock(minute.strftime("%d-%m-%Y %H.%M")), minute), "the hour and minute with a point"
    assert near(clock(moment.strftime("%Y-%m-%d")), moment.replace(hour=0, minute=0, second=0))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(datetime(2011, 1, 1), datetime(2035, 1, 1)), low=st.integers(0, 2**22 - 1))
def test_snowflake_ids_tell_the_time(tmp_path_factory, moment, low):
    milliseconds = int(moment.replace(tzinfo=UTC).timestamp() * 1000)
    snowflake = ((milliseconds - 1288834974657) << 22) + low
    folder = tmp_path_factory.mktemp("snow")
    with ingested(folder, pa.table({"id": [str(snowflake)], "text": ["some words"]})) as store:
        assert near(ask(store, "select created_at from documents")[0][0], moment, 0.01)


def test_a_time_column_goes_before_snowflakes(tmp_path):
    store = ingested(tmp_path, pa.table({"id": ["1712345678901234567"], "text": ["words"], "date": ["2001-02-03"]}))
    assert ask(store, "select created_at from documents") == [(datetime(2001, 2, 3),)]


def test_a_day_above_twelve_decides_for_all_rows(tmp_path):
    first = table(["one", "two"], date=["03/04/2020 10:00", "24/02/2015 11:35"])
    store = ingested(tmp_path, first)
    assert [r[0] for r in ask(store, "select created_at from documents order by doc_id")] == [
        datetime(2020, 4, 3, 10), datetime(2015, 2, 24, 11, 35)]  # fmt: skip
    (tmp_path / "again").mkdir()
    store = ingested(tmp_path / "again", table(["one", "two"], date=["03/04/2020 10:00", "02/24/2015 11:35"]))
    assert [r[0] for r in ask(store, "select created_at from documents order by doc_id")] == [
        datetime(2020, 3, 4, 10), datetime(2015, 2, 24, 11, 35)]  # fmt: skip


def test_times_of_frames_with_a_zone_become_utc(tmp_path):
    moment = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    frame = pa.table({"text": ["words"], "created_at": pa.array([moment], pa.timestamp("us", "Asia/Kolkata"))})
    assert ask(ingested(tmp_path, frame), "select created_at from documents") == [(datetime(2024, 5, 6, 7, 8),)]


@pytest.mark.parametrize("text", ["yesterday", "", "2024-13-45", "12", "99/99/9999", "Foo Bar 12"])
def test_what_is_no_time_is_null(clock, text):
    assert clock(text) is None


# -- columns -------------------------------------------------------------------------------------------------------


def test_nested_json_is_flattened(tmp_path):
    records = [
        {"id_str": "1", "full_text": "some words", "user": {"screen_name": "ana", "verified": True},
         "public_metrics": {"like_count": 7, "retweet_count": 2}},
        {"id_str": "2", "full_text": "more words", "user": {"screen_name": "bo"}, "tags": ["x", "y"]},
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(records), encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.json")
    assert ask(store, "select tweet_id, author, like_count, retweet_count from documents order by doc_id") == [
        ("1", "ana", 7, 2), ("2", "bo", None, None)]  # fmt: skip
    assert ask(store, "select user_verified, tags from document_extras order by doc_id") == [
        ("true", None), (None, '["x","y"]')]  # fmt: skip


@pytest.mark.parametrize(("ids", "trusted"), [
    ([1975161142151082801 + n * 7_919_000_000_001 for n in range(60)], True),
    ([int(float(1975161142151082801 + n * 7_919_000_000_001)) for n in range(60)], False),
    ([(1975161142151082801 + n * 7_919_000_000_001) >> 22 << 22 for n in range(60)], True),
    ([int(float(1975161142151082801 + n * 7_919_000_000_001)) for n in range(20)], True),
])  # fmt: skip
def test_ids_that_went_through_a_double_are_not_trusted(ids, trusted, tmp_path):
    run = start(tmp_path, table([f"some words of number {n}" for n in range(len(ids))]).set_column(
        0, "tweet_id", pa.array([str(i) for i in ids])))  # fmt: skip
    with through(run, "ingest") as store:
        assert (ask(store, "select count(source_id) from documents") == [(len(ids),)]) == trusted
    assert any("rounded" in told for told in run.report.warnings) != trusted


@pytest.mark.parametrize(
    "count", [2**31, 2**55, 2**62, 2**63 - 1, -(2**55), 10**30, math.inf, math.nan, "9999999M", "1e300"]
)
def test_a_count_out_of_range_is_left_out_and_told(count, tmp_path):
    rows = talk(60)
    likes = pa.array(["7", str(count)] + ["3"] * 58)
    rows = rows.set_column(rows.column_names.index("like_count"), "like_count", likes)
    listener = Listener()
    run = start(tmp_path, rows, QUICK, report=listener)
    store = through(run, *(stage.name for stage in STAGES[: [s.name for s in STAGES].index("enrich") + 1]))
    assert ask(store, "select like_count from documents order by doc_id limit 3") == [(7,), (None,), (3,)]
    assert any("1 counts are above 2,147,483,647" in warning for warning in listener.warnings)


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "290000-01-01", "0044-03-15 (BC)", "20000-01-01 00:00:00"])
def test_a_time_beyond_years_of_four_digits_is_none(moment, tmp_path):
    times = [moment, "0001-01-01", "9999-12-31 23:59:59"]
    run = start(tmp_path, table(["some words"] * 3, created_at=times, author=["a"] * 3))
    with through(run, "ingest", "behave") as store:
        assert ask(store, "select created_at from documents order by doc_id") == [
            (None,), (datetime(1, 1, 1),), (datetime(9999, 12, 31, 23, 59, 59),)]  # fmt: skip


def test_given_vectors_of_any_size_become_unit_vectors(tmp_path):
    for vectors, wrong in (([[3e38, 3e38], [0.0, 2e-38]], False), ([[1.0, math.nan]], True), ([[math.inf, 1.0]], True)):
        rows = with_vectors([f"some words {n}" for n in range(len(vectors))], vectors)
        (tmp_path / str(vectors)).mkdir()
        run = start(tmp_path / str(vectors), rows, {"embed.encoder": "column:vec"})
        with pytest.raises(ConfigError, match="not numbers") if wrong else nullcontext():
            store = through(run, "ingest", "embed")
            lengths = ask(store, "select array_inner_product(vector, vector) from embeddings")
            assert lengths == [(pytest.approx(1.0),), (pytest.approx(1.0),)]


@pytest.mark.parametrize(("told", "count"), [("1,234", 1234), ("1.234", 1234), ("12.345.678", 12345678), ("1.2K", 1200),
                                             ("3,5 k", 3500), ("2M", 2_000_000), ("1 234", 1234), ("7.0", 7),
                                             ("0.123", 0), ("12", 12), ("-", None), ("", None),
                                             ("1.23e3", 1230), ("1,234,567", 1234567), ("12,34,567", 1234567),
                                             ("1 234 567.0", 1234567), ("1,234K", None), ("-5", -5),
                                             ("99999999999999999999M", None)])  # fmt: skip
def test_counts_are_read_as_they_are_written(told, count, tmp_path):
    with through(start(tmp_path, table(["some words"], like_count=[told])), "ingest") as store:
        assert ask(store, "select like_count from documents") == [(count,)]


@pytest.mark.parametrize(("dates", "wanted", "first", "warned"), [
    (["02/01/2017", "03/01/2017"], "auto", "2017-02-01", True),
    (["02/01/2017", "03/01/2017"], "yes", "2017-01-02", False),
    (["02/01/2017", "13/01/2017"], "auto", "2017-01-02", False),
    (["02/01/2017", "01/13/2017"], "auto", "2017-02-01", False),
    (["02/01/2017", "03/01/2017"], "no", "2017-02-01", False),
    (["2017-02-01", "2017-02-02"], "auto", "2017-02-01", False),
])  # fmt: skip
def test_dates_that_may_be_read_in_two_ways_are_told(dates, wanted, first, warned, tmp_path):
    run = start(tmp_path, table(["some words", "more words"], created_at=dates), settings={"ingest.day_first": wanted})
    with through(run, "ingest") as store:
        assert str(ask(store, "select created_at::date from documents order by doc_id")[0][0]) == first
    assert any("ambiguous" in told for told in run.report.warnings) == warned


def test_each_source_orders_days_and_months_by_itself(tmp_path):
    for name, dates in (("ours", ["02/01/2017", "13/01/2017"]), ("theirs", ["02/01/2017", "01/13/2017"])):
        rows = "\n".join(f"some words of {name} {n},{date}" for n, date in enumerate(dates))
        (tmp_path / f"{name}.csv").write_text(f"text,date\n{rows}\n", encoding="utf-8")
    run = start(tmp_path, str(tmp_path / "*.csv"))
    with through(run, "ingest") as store:
        found = [str(date) for (date,) in ask(store, "select created_at::date from documents order by doc_id")]
    assert found == ["2017-01-02", "2017-01-13", "2017-02-01", "2017-01-13"]
    assert "ours.csv: dates are day/month, as 13/01/2017 shows" in run.report.notes
    assert "theirs.csv: dates are month/day, as 01/13/2017 shows" in run.report.notes


def test_columns_with_parts_of_their_own_are_kept_as_json(tmp_path):
    frame = pa.table({"id": ["1", "2"], "text": ["some words", "more words"], "tags": [["x", "y"], None],
                      "place": [{"town": "Pune", "at": [1, 2]}, None],
                      "counts": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int32()))})  # fmt: skip
    store = ingested(tmp_path, frame)
    assert ask(store, "select tags, place, counts from document_extras order by doc_id") == [
        (["x", "y"], '{"town":"Pune","at":[1,2]}', '{"a":1}'), (None, None, None)]  # fmt: skip


def test_keys_may_hold_any_character(tmp_path):
    record = {"id": "1", "text": "some words", 'a "quoted" key': "x", "dotted.key": "y", "": "z"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.jsonl")
    assert ask(store, 'select "a ""quoted"" key", "dotted.key" from document_extras') == [("x", "y")]


def test_mapped_columns_go_before_known_names(tmp_path):
    frame = pa.table({"id": ["1"], "text": ["the title"], "the body": ["the story"], "who": ["ana"]})
    store = ingested(tmp_path, frame, settings={"ingest.map": {"text": "the body", "author": "WHO"}})
    assert ask(store, "select text, author from documents") == [("the story", "ana")]
    assert ask(store, "select source_text from document_extras") == [("the title",)]


def test_clashing_extra_columns_are_kept_under_their_name_with_source(tmp_path):
    frame = pa.table({"id": ["1"], "text": ["words"], "x": [1], "Confidence": [2], "source_no": [3], "doc_id": [4],
                      "persona_id": [5], 'odd "name" here': [6], "body": ["other"]})  # fmt: skip
    store = ingested(tmp_path, frame)
    relation = store.connection.table("document_extras")
    assert dict(zip(relation.columns, relation.fetchall()[0], strict=True)) == {
        "doc_id": 0, "source_x": 1, "source_Confidence": 2, "source_source_no": 3, "source_doc_id": 4,
        "source_persona_id": 5, 'odd "name" here': 6, "body": "other"}  # fmt: skip


def test_names_that_differ_in_case_only_are_told_apart(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,Mood,mood,mood\n1,words,a,b,c\n", encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.csv")
    relation = store.connection.table("document_extras")
    assert len(relation.columns) == 4
    assert relation.fetchall()[0][1:] == ("a", "b", "c")


def test_a_file_without_header_is_mapped_by_place(tmp_path):
    (tmp_path / "a.tsv").write_text("12\tit is late again my friends, so very late\n7\tgood day\n", encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.tsv", settings={"ingest.map": {"text": "column1"}})
    assert [r[0] for r in ask(store, "select text from documents order by doc_id")] == [
        "it is late again my friends, so very late", "good day"]  # fmt: skip
    assert ask(store, "select column0 from document_extras order by doc_id") == [("12",), ("7",)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    lines = [["id", "text", "author"], ["1", "some words here", "ana"]]
    (tmp_path / "a.csv").write_text("\n".join(delimiter.join(line) for line in lines) + "\n", encoding="utf-8")
    store = ingested(tmp_path, tmp_path / "a.csv")
    assert ask(store, "select tweet_id, text, author from documents") == [("1", "some words here", "ana")]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbfid,text\n1,some words\n")
    assert ask(ingested(tmp_path, tmp_path / "a.csv"), "select tweet_id, text from documents") == [("1", "some words")]


# -- replies -------------------------------------------------------------------------------------------------------


def test_replies_of_their_own_file_are_no_documents(tmp_path):
    tweets = pa.table({"id": ["1", "2"], "text": ["first words", "second words"], "in_reply_to": [None, "1"]})
    answers = pa.table({"reply_id": ["9", "10"], "in_reply_to": ["1", "9"], "text": ["yes", "no"]})
    store = ingested(tmp_path, tweets, replies=answers)
    assert ask(store, "select count(*) from documents") == [(2,)]
    assert ask(store, "select reply_id, tweet_id, doc_id, in_reply_to from replies order by reply_id") == [
        (0, "2", 1, "1"), (1, "9", None, "1"), (2, "10", None, "9")]  # fmt: skip
    assert ask(store, "select reply_count from documents order by doc_id") == [(2,), (0,)]


def test_replies_that_name_no_tweet_are_an_error(tmp_path):
    with pytest.raises(InputError, match="no column for the tweet") as problem:
        ingested(tmp_path, table(["words"]), replies=pa.table({"id": ["9"], "text": ["yes"]}))
    assert "in_reply_to" in problem.value.hint


# -- rejects and errors --------------------------------------------------------------------------------------------


def test_a_broken_line_is_rejected_with_its_place(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "first words"}\n{"id": "2", "text": \n[1, 2]\n\n{"id": "3", "text": "3rd"}\n',
                    encoding="utf-8")  # fmt: skip
    run = start(tmp_path, path)
    store = through(run, "ingest")
    assert [r[0] for r in ask(store, "select tweet_id from documents order by doc_id")] == ["1", "3"]
    assert ask(store, "select source, place, reason from rejects") == [
        (str(path), "line 2", "not a JSON object"), (str(path), "line 3", "not a JSON object")]  # fmt: skip
    assert any("2 rows could not be read" in warning for warning in run.report.warnings)


def test_a_csv_line_with_too_many_cells_is_rejected_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,first words\n2,second,and,more\n3,third words\n", encoding="utf-8")
    store = ingested(tmp_path, path)
    assert [r[0] for r in ask(store, "select tweet_id from documents order by doc_id")] == ["1", "3"]
    (found,) = ask(store, "select place, reason from rejects")
    assert found[0] == "line 3"
    assert "column" in found[1].lower()


def test_every_row_is_a_document_or_a_reject(tmp_path):
    texts = ["some words", "", "  ", None, "&nbsp;", "\u200b", "more words"]
    store = ingested(tmp_path, table(texts))
    documents, rejected = ask(store, "select (select count(*) from documents), (select count(*) from rejects)")[0]
    assert (documents, rejected) == (2, 5)


ERRORS = {
    "no text column": (lambda f: pa.table({"id": ["1"], "colour": ["red"]}), {}, InputError, "--map text=COLUMN"),
    "no such file": (lambda f: str(f / "none.csv"), {}, InputError, "check the name"),
    "no match": (lambda f: str(f / "*.csv"), {}, InputError, "quote a glob"),
    "a folder": (lambda f: str(f), {}, InputError, "name its files"),
    "unknown role": (lambda f: table(["x"]), {"ingest.map": {"colour": "text"}}, ConfigError, "roles: "),
    "unknown column": (lambda f: table(["x"]), {"ingest.map": {"text": "none"}}, ConfigError, "it has: "),
    "no rows": (lambda f: table([]), {}, InputError, ""),
    "no texts": (lambda f: table(["", None]), {}, InputError, "--map text"),
    "no table": (lambda f: 3, {}, InputError, "Arrow"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_say_what_to_do(case, tmp_path):
    source, options, kind, hint = ERRORS[case]
    with pytest.raises(kind) as problem:
        ingested(tmp_path, source(tmp_path), settings=options)
    assert hint in problem.value.hint
    assert problem.value.message


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.jsonl", "a.parquet", "a.csv.gz"])
def test_an_empty_file_is_an_error(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(InputError):
        ingested(tmp_path, path)


@pytest.mark.parametrize("name", ["a.docx", "a", "a.doc.gz"])
def test_an_unknown_format_is_an_error_that_lists_the_known(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError) as problem:
        ingested(tmp_path, tmp_path / name)
    assert ".parquet" in problem.value.hint


def test_a_cut_parquet_file_is_an_error(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(table(["some words"] * 100), path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as problem:
        ingested(tmp_path, path)
    assert "cut short" in problem.value.hint


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "txt", "parquet"])
def test_a_damaged_gzip_file_is_an_error(tmp_path, kind):
    """Told by building, which also asks of JSON and text files whether they hold descriptions."""
    content = bytearray(gzip.compress(b'{"a": "some words"}\n' * 5000))
    content[12:40] = b"\xff" * 28
    path = tmp_path / f"a.{kind}.gz"
    path.write_bytes(content)
    with pytest.raises(InputError) as problem:
        riindex.build(path, tmp_path / "a.duckdb")
    assert "pack it again" in problem.value.hint


def test_a_definition_that_is_no_text_is_an_error(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table posts (id text, text text)")
        connection.commit()
    path.write_bytes(path.read_bytes().replace(b"(id text", b"(\x82d te\x82t"))
    with pytest.raises(InputError, match="not valid text"):
        riindex.build(path, tmp_path / "a.duckdb")


def test_a_cut_gzip_file_is_an_error(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id,text\n" + b"1,some words\n" * 5000)[:-20])
    with pytest.raises(InputError):
        ingested(tmp_path, path)


def test_json_without_objects_is_an_error(tmp_path):
    (tmp_path / "a.json").write_text("[1, 2, 3]", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON objects"):
        ingested(tmp_path, tmp_path / "a.json")


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=40), min_size=1, max_size=6)


@settings(max_examples=6, deadline=None)
@given(TEXTS)
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("texts")
    texts = [*texts, "an anchor"]
    records = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    (folder / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    with ingested(folder, folder / "a.jsonl") as store:
        raw = "(select text from raw_texts as r where r.doc_id = d.doc_id)"
        found = dict(ask(store, f"select tweet_id, coalesce({raw}, text) from documents as d"))
        rejected = ask(store, "select count(*) from rejects")[0][0]
    assert all(found[key] == texts[int(key)] for key in found)
    assert len(found) + rejected == len(texts)


HOSTILE = {
    "tweets/support_threads_5k.csv": 4998,
    "tweets/support_spotify_15k.csv": 15085,
    "hostile/airline_excel_damaged.csv": 14000,
    "hostile/airline_scientific_ids.csv": 14000,
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", HOSTILE)
def test_real_files_are_read_with_no_option(name, real_data, tmp_path):
    store = ingested(tmp_path, real_data / name)
    documents, timed, rejected = ask(
        store, "select count(*), count(created_at), (select count(*) from rejects) from documents"
    )[0]
    assert documents >= HOSTILE[name]
    assert timed >= 0.99 * documents
    assert rejected < 30 + 0.01 * documents
