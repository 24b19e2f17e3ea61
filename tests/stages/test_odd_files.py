"""Every way in which a file can be odd: it builds as it should, or an error says what is wrong and what to do."""

import gzip
import json
import os
import zipfile
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.formats import FORMATS, write
from bench.trials import posts
from corpora import QUICK, Listener, ask, start, through

from riindex import sources
from riindex.config.presets import TWEETS
from riindex.errors import BuildError, InputError, RiError
from riindex.pipeline.job import make_job
from riindex.pipeline.run import STAGES
from riindex.pipeline.run import build as build_index

# The other formats are read by the same code behind their reader; the slow tests try each of them all the same.
FIRST = ("parquet", "csv", "json", "xlsx")
EVERY = [kind if kind in FIRST else pytest.param(kind, marks=pytest.mark.slow) for kind in FORMATS]
# Formats in which any character can be written; workbooks hold no control characters.
TEXTUAL = [kind for kind, name in zip(EVERY, FORMATS, strict=True) if name not in ("xlsx", "ods")]
JSON = [kind for kind in FORMATS if kind.startswith("js")]


def ingested(folder, source, stages=("ingest",)):
    folder.mkdir(exist_ok=True)
    listener = Listener()
    return through(start(folder, source, report=listener), *stages), listener


def refused(folder, path, words):
    """The error of a source that cannot be read: it has both lines, and names no file that is not the user's."""
    with pytest.raises(InputError, match=words) as problem:
        ingested(folder, path)
    assert problem.value.hint
    assert "riindex-" not in problem.value.message
    return problem.value


def texts(store):
    return [row[0] for row in ask(store, "select text from documents order by doc_id")]


def with_text(change, number=12):
    return [{**row, "text": change(n, row["text"])} for n, row in enumerate(posts(number))]


@pytest.mark.parametrize("kind", EVERY)
def test_a_file_of_no_bytes(tmp_path, kind):
    (tmp_path / f"a.{kind}").write_bytes(b"")
    refused(tmp_path / "work", tmp_path / f"a.{kind}", "is empty")


HEADERS = {
    "csv": "tweet_id,text\n",
    "tsv": "tweet_id\ttext\n",
    "json": "[]",
    "jsonl": "\n",
    "js": "window.YTD.t.part0 = []",
}


@pytest.mark.parametrize("kind", [*HEADERS, "parquet", "csv.gz", "json.gz"])
def test_a_header_without_rows(tmp_path, kind):
    path, base = tmp_path / f"a.{kind}", kind.removesuffix(".gz")
    if kind == "parquet":
        pq.write_table(pa.table({"tweet_id": pa.array([], pa.string()), "text": pa.array([], pa.string())}), path)
    else:
        content = HEADERS[base].encode()
        path.write_bytes(gzip.compress(content) if kind.endswith(".gz") else content)
    refused(tmp_path / "work", path, "has a header but no rows|holds no JSON objects|is empty")


@pytest.mark.parametrize("kind", EVERY)
def test_no_column_of_text(tmp_path, kind):
    rows = [{"id": "1", "colour": "red"}, {"id": "2", "colour": "blue"}]
    assert "--map text=COLUMN" in refused(tmp_path / "work", write(tmp_path, rows, kind), "looks like a text").hint


@pytest.mark.parametrize("kind", EVERY)
def test_no_row_has_a_text(tmp_path, kind):
    refused(tmp_path / "work", write(tmp_path, with_text(lambda n, text: None), kind), "no row has a text")


@pytest.mark.parametrize("kind", EVERY)
def test_rows_without_text_are_set_aside(tmp_path, kind):
    path = write(tmp_path, with_text(lambda n, text: None if n % 3 == 0 else text), kind)
    store, listener = ingested(tmp_path / "work", path)
    assert ask(store, "select (select count(*) from documents), (select count(*) from rejects)") == [(8, 4)]
    assert any("4 rows could not be read" in warning for warning in listener.warnings)


def test_of_two_columns_of_text_the_one_read_is_named(tmp_path):
    rows = [{"id": row["tweet_id"], "body": "not this", "text": row["text"]} for row in posts(5)]
    store, listener = ingested(tmp_path / "work", write(tmp_path, rows, "csv"))
    assert texts(store) == [row["text"] for row in rows]
    assert any("the text is text, not body" in note for note in listener.notes)


@pytest.mark.parametrize("kind", TEXTUAL)
def test_a_megabyte_in_one_cell(tmp_path, kind):
    long = "a word, and “another” " * 48_000
    store, _ = ingested(tmp_path / "work", write(tmp_path, with_text(lambda n, text: long if n == 5 else text), kind))
    assert texts(store)[5] == long
    assert len(texts(store)) == 12


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_ten_thousand_columns(tmp_path, kind):
    wide = [{**row, **{f"c{n}": str(n) for n in range(10_000)}} for row in posts(20)]
    store, _ = ingested(tmp_path / "work", write(tmp_path, wide, kind))
    assert ask(store, "select count(*), min(c0), max(c9999) from document_extras") == [(20, "0", "9999")]


def test_many_columns_share_the_comment_of_their_table(tmp_path):
    for number in (5, 400):
        wide = [{**row, **{f"c{n}": str(n) for n in range(number)}} for row in posts(3)]
        store, _ = ingested(tmp_path / f"work{number}", write(tmp_path, wide, "parquet"))
        commented = ask(store, "select count(comment) from duckdb_columns() where column_name like 'c_%' "
                        "and table_name = 'document_extras'")  # fmt: skip
        assert commented == [(5 if number == 5 else 0,)]


CUT = {"csv", "tsv", "jsonl"}  # what is left of these is a file; the line that was cut is set aside


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("share", [0.3, 0.97])
def test_a_file_cut_short(tmp_path, kind, share):
    path = write(tmp_path, posts(200), kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    if kind == "tar" and share > 0.9:  # what is cut is the padding behind the last file
        store, _ = ingested(tmp_path / "work", path)
        assert ask(store, "select count(*) from documents") == [(200,)]
        return
    if kind not in CUT:
        refused(tmp_path / "work", path, "cannot be|is cut short|is damaged|is no SQLite")
        return
    store, _ = ingested(tmp_path / "work", path)
    found, rejected = ask(store, "select (select count(*) from documents), (select count(*) from rejects)")[0]
    assert abs(found + rejected - 200 * share) <= 4
    assert rejected <= 1


def test_a_zip_damaged_inside(tmp_path):
    path = write(tmp_path, posts(200), "zip")
    content = bytearray(path.read_bytes())
    content[200:210] = b"\xff" * 10
    path.write_bytes(content)
    refused(tmp_path / "work", path, "cannot be unpacked")


def test_a_zip_with_a_name_that_is_no_text(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("caf\u00e9.csv", "id,text\n1,some words\n")
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xe0\x41"))
    refused(tmp_path / "work", path, "a name in it is not valid text")


def test_a_packed_file_whose_checksum_is_wrong(tmp_path):
    path = write(tmp_path, posts(20), "csv.gz")
    content = bytearray(path.read_bytes())
    content[-8] ^= 0xFF
    path.write_bytes(content)
    refused(tmp_path / "work", path, "its checksum does not")


@pytest.mark.parametrize("head", ["id\ttext\rmore\n", "x" * 200_000 + "\ttext\n"], ids=["return", "long"])
def test_headers_that_the_csv_module_does_not_take(tmp_path, head):
    (tmp_path / "a.tsv").write_bytes(head.encode() + b"1\tsome words here\n")
    store, _ = ingested(tmp_path / "work", tmp_path / "a.tsv")
    assert texts(store) == ["some words here"]


@pytest.mark.parametrize("kind", ["json", "json.gz", "js"])
def test_a_list_cut_between_two_records(tmp_path, kind):
    content = json.dumps(posts(50))
    content = content[: content.index("}", len(content) // 2) + 1]
    if kind == "js":
        content = "window.YTD.tweets.part0 = " + content
    path = tmp_path / f"a.{kind}"
    path.write_bytes(gzip.compress(content.encode()) if kind.endswith(".gz") else content.encode())
    refused(tmp_path / "work", path, "is cut short")


@pytest.mark.parametrize("kind", EVERY)
def test_right_to_left_text_comes_back_as_it_was(tmp_path, kind):
    rows = with_text(lambda n, text: f"هذا المنتج \u202eرائع\u202c جدا {n} המשלוח הגיע באיחור")  # noqa: RUF001
    store, _ = ingested(tmp_path / "work", write(tmp_path, rows, kind))
    assert texts(store) == [row["text"] for row in rows]


@pytest.mark.parametrize("kind", TEXTUAL)
def test_nul_bytes_are_no_end_of_a_text(tmp_path, kind):
    store, _ = ingested(tmp_path / "work", write(tmp_path, with_text(lambda n, text: f"be\0fore {n} after"), kind))
    assert [text.replace("\0", "") for text in texts(store)] == [f"before {n} after" for n in range(12)]


@pytest.mark.parametrize("kind", [*JSON, "csv", "tsv", "zip", "csv.gz"])
def test_halves_of_characters_are_replaced_and_said(tmp_path, kind):
    rows = with_text(lambda n, text: f"cut \ud83d here {n} 🙂 \\ud83d")
    store, listener = ingested(tmp_path / "work", write(tmp_path, rows, kind))
    marks = "\ufffd" if kind in JSON else "\ufffd" * 3  # one a byte, where the half was encoded
    assert texts(store) == [f"cut {marks} here {n} 🙂 \\ud83d" for n in range(12)]
    assert any("unpaired surrogates" in warning for warning in listener.warnings)


def test_texts_of_emoji_alone_are_left_out_for_a_reason(tmp_path):
    rows = with_text(lambda n, text: "🙂😂🔥 👍❤️ 🚀🎉 " * (n + 1) if n % 2 else text)
    store, _ = ingested(tmp_path / "work", write(tmp_path, rows, "csv"), ("ingest", "embed", "denoise"))
    assert ask(store, "select count(*), count(reason) from dropped") == [(6, 6)]
    with pytest.raises(RiError, match="none of the 12 documents is left") as problem:
        ingested(tmp_path / "none", write(tmp_path, with_text(lambda n, text: "🙂🔥" * (n + 1)), "csv", "none"),
                 ("ingest", "embed", "denoise"))  # fmt: skip
    assert "--set" in problem.value.hint


TIMES = {"2999-01-01 00:00:00": datetime(2999, 1, 1), "1970-01-01 00:00:00": datetime(1970, 1, 1),
         "1969-12-31T23:59:59Z": datetime(1969, 12, 31, 23, 59, 59), "0000-00-00": None, "-5": None, "1e30": None,
         "99999999999999999999": None, "9999-12-31 23:59:59": datetime(9999, 12, 31, 23, 59, 59)}  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx"])
def test_times_far_away_and_impossible(tmp_path, kind):
    rows = [{**row, "created_at": time} for row, time in zip(posts(len(TIMES)), TIMES, strict=True)]
    store, _ = ingested(tmp_path / "work", write(tmp_path, rows, kind), ("ingest", "behave"))
    assert [row[0] for row in ask(store, "select created_at from documents order by doc_id")] == list(TIMES.values())


def test_times_beyond_any_calendar(tmp_path):
    rows = pa.table({"text": ["some words"] * 2, "created_at": pa.array([2**45, 0], pa.timestamp("s"))})
    pq.write_table(rows, tmp_path / "a.parquet")
    assert "as text" in refused(tmp_path / "work", tmp_path / "a.parquet", "cannot be read").hint


def test_one_id_on_different_texts_is_said(tmp_path):
    rows = [{**row, "tweet_id": str(n // 3)} for n, row in enumerate(posts(12))]
    store, listener = ingested(tmp_path / "work", write(tmp_path, rows, "csv"))
    assert len(texts(store)) == 12
    assert any("4 ids are on rows with different texts" in warning for warning in listener.warnings)
    same = [{**rows[0], "tweet_id": "1"}] * 3
    assert not ingested(tmp_path / "same", write(tmp_path, same, "csv", "same"))[1].warnings


# -- small corpora -------------------------------------------------------------------------------------------------


EQUAL = [{**posts(1)[0], "tweet_id": str(n)} for n in range(30)]
SMALL = [pytest.param(posts(1), 1, id="one"), pytest.param(EQUAL, 1, id="all equal", marks=pytest.mark.slow),
         pytest.param(posts(10), 10, id="ten", marks=pytest.mark.slow)]  # fmt: skip


@pytest.mark.parametrize(("rows", "kept"), SMALL)
def test_a_corpus_of_hardly_anything_builds(tmp_path, rows, kept):
    listener = Listener()
    answer = build_index(write(tmp_path, rows, "csv"), tmp_path / "x.duckdb", settings=QUICK, report=listener)
    assert (answer.documents, answer.kept) == (len(rows), kept)
    assert sum(persona.size for persona in answer.personas) == kept
    assert any("only one group" in warning or "too few" in warning for warning in listener.warnings)


# -- what is no file, and targets that cannot be ----------------------------------------------------------------------


def test_a_pipe_is_no_source(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="is not a file"):
        sources.resolve([tmp_path / "pipe.csv"])


@pytest.mark.parametrize("name", ["x" * 240 + ".duckdb", "x" * 300, "loop", "nul\0"])
def test_a_target_that_cannot_be(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    source = write(tmp_path, posts(3), "csv")
    with pytest.raises(BuildError, match="is not a valid file name") as problem:
        make_job(STAGES, source, str(tmp_path / name), TWEETS, None, None)
    assert problem.value.hint


def test_a_file_that_is_no_index_is_not_written_over(tmp_path):
    source = write(tmp_path, posts(3), "csv")
    before = source.read_bytes()
    with pytest.raises(BuildError, match="is not an index") as problem:
        build_index(source, source)
    assert "-o" in problem.value.hint
    assert source.read_bytes() == before


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".json", ".parquet"])
def test_an_equals_sign_in_a_folder_makes_no_column(tmp_path, suffix):
    """DuckDB reads folders of that form as partitions, whose names become columns."""
    folder = tmp_path / "year=2025"
    folder.mkdir()
    rows = [{"tweet_id": str(i), "text": f"some words number {i} of a post"} for i in range(4)]
    path = folder / f"posts{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif suffix == ".csv":
        path.write_text("tweet_id,text\n" + "".join(f"{r['tweet_id']},{r['text']}\n" for r in rows))
    else:
        path.write_text("\n".join(map(json.dumps, rows)) if suffix == ".jsonl" else json.dumps(rows))
    run = start(tmp_path, path)
    through(run, "ingest")
    assert run.store.connection.table("document_extras").columns == ["doc_id"]
