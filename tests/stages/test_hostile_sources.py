"""Sources that ask for more than there is, or are not what they seem: an error says so, in bounded time and memory."""

import errno
import gzip
import io
import json
import sqlite3
import tarfile
import time
import zipfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
import zstandard
from bench.trials import posts
from corpora import QUICK, Listener, ask, start, talk, through

from riindex import sources
from riindex.errors import BuildError, InputError, as_build_error
from riindex.machine.paths import expand_path
from riindex.pipeline.run import build
from riindex.sources import base, databases, json_files, text_files
from riindex.store.database import Store


def ingested(folder, source):
    folder.mkdir(exist_ok=True)
    return through(start(folder, source, report=Listener()), "ingest")


def refused(folder, source, words):
    with pytest.raises(InputError, match=words) as problem:
        ingested(folder, source)
    assert problem.value.hint
    return problem.value


def test_a_cell_far_outside_is_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    refused(tmp_path / "work", tmp_path / "far.xlsx", "far.xlsx needs more than 6 GB of memory")


def sqlite(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_generated_columns_of_sqlite_are_read(tmp_path):
    path = sqlite(
        tmp_path / "g.db",
        "create table posts (id, text, len int generated always as (length(text)) virtual, "
        "loud text generated always as (upper(text)) stored)",
        "insert into posts (id, text) values ('1', 'some words'), ('2', 'other words')",
    )
    store = ingested(tmp_path / "work", f"{path}::posts")
    assert ask(store, "select tweet_id, len, loud from documents join document_extras using (doc_id) order by 1") == [
        ("1", 10, "SOME WORDS"), ("2", 11, "OTHER WORDS")]  # fmt: skip


def test_columns_of_a_view_may_bear_one_name(tmp_path):
    path = sqlite(
        tmp_path / "v.db",
        "create table a (id, text)",
        "insert into a values (1, 'some words')",
        "create view v as select id, text, x'6162' as blob, null as gone, id as ID from a",
    )
    store = ingested(tmp_path / "work", f"{path}::v")
    assert ask(store, "select tweet_id, text, blob, gone from documents join document_extras using (doc_id)") == [
        ("1", "some words", "ab", None)]  # fmt: skip


def test_a_virtual_table_of_sqlite_is_read(tmp_path):
    path = sqlite(
        tmp_path / "f.db",
        "create virtual table posts using fts5(id, text)",
        "insert into posts values ('1', 'some words')",
    )
    assert ask(ingested(tmp_path / "work", f"{path}::posts"), "select text from documents") == [("some words",)]


ENDLESS = {
    "no row": ("with recursive c(x) as (values (1) union all select x + 1 from c) select count(*) as text from c",
               "was not read within 1 s"),
    "rows": ("with recursive c(x) as (values (1) union all select x + 1 from c) select x as id, 'a b' as text from c",
             "gives more than"),
    "bytes": ("with recursive c(x) as (values (1) union all select x + 1 from c) "
              "select hex(zeroblob(100000)) as text from c", "gives more than"),
    "a value": ("select hex(zeroblob(900000000)) as text", "too big"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_view_without_end_is_told(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(databases, "SQLITE_SECONDS", 1.0 if kind == "no row" else 60.0)
    monkeypatch.setattr(databases, "SQLITE_ROWS", 100_000)
    monkeypatch.setattr(databases, "SQLITE_BYTES", 1 << 24)
    monkeypatch.setattr(databases, "BATCH_ROWS", 1_000)
    view, words = ENDLESS[kind]
    path = sqlite(tmp_path / "e.db", "create view v as " + view)
    begun = time.monotonic()
    refused(tmp_path / "work", f"{path}::v", words)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("name", ["~$book.parquet", "~x.parquet", "~nouser9/x.parquet"])
def test_a_name_that_begins_with_a_tilde_is_a_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOME", raising=False)
    with pytest.raises(InputError, match="there is no file"):
        sources.resolve([name])
    (tmp_path / name).parent.mkdir(exist_ok=True)
    pq.write_table(talk(), name)
    assert [source.name for source in sources.resolve([name])] == [name]
    assert build(name, "~x.duckdb", settings=QUICK).path == tmp_path / "~x.duckdb"


def test_the_home_folder_is_where_a_tilde_leads(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert expand_path("~/a.csv") == tmp_path / "a.csv"


def test_the_first_error_of_a_transaction_is_told(tmp_path):
    def fails(store):
        with as_build_error("reading"), store.transaction():
            store.connection.execute("create table t as from range(1000000)")
            unread = store.table("t").to_arrow_reader(10)
            unread.read_next_batch()  # an answer still open: the rollback fails too
            raise OSError("it was the disk")

    with Store.create(tmp_path / "a.duckdb", 1) as store, pytest.raises(BuildError, match="failed: it was the disk"):
        fails(store)


def test_what_follows_from_an_aborted_transaction_is_not_what_is_told():
    def fails(connection):
        connection.execute("begin")
        with as_build_error("reading"):
            try:
                connection.execute("select 'x'::integer").fetchall()
            except duckdb.Error:
                connection.execute("select 1")

    with duckdb.connect() as connection, pytest.raises(BuildError, match="failed: Conversion Error"):
        fails(connection)


ODD_JSON = {
    "value.json.gz": (
        b'[{"id":"1","text":"' + b"1" * (text_files.LINE_LIMIT + 9) + b'"}]',
        "larger than 64 MB|needs more memory",
    ),
    "deep.json.gz": (
        b"[" * 5_000_000 + b"]" * 5_000_000,
        "holds no JSON objects|needs more memory|Malformed|a thousand deep",
    ),
    "inner.jsonl": (
        b'{"id":"1","text":"a b","x":' + b'{"a":' * 30_000 + b"1" + b"}" * 30_001,
        "a thousand deep or more",
    ),
    "keys.jsonl": (
        json.dumps({"text": "a b", **{f"k{n}": 1 for n in range(30_000)}}).encode(),
        "30,001 different keys",
    ),
}


@pytest.mark.parametrize("name", ODD_JSON)
def test_json_without_bounds_is_told(tmp_path, name):
    content, words = ODD_JSON[name]
    (tmp_path / name).write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
    problem = refused(tmp_path / "work", tmp_path / name, words)
    assert "aborted" not in problem.message


def test_the_keys_of_many_records_are_read_some_at_a_time(tmp_path, monkeypatch):
    rows = posts(25)
    for n, row in enumerate(rows):
        row["place"] = {"city": "Pune"} if n < 20 else {"town": "Wye"} if n < 24 else None
        row["kind"] = "a" if n % 2 else {"x": 1}
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    at_once = ingested(tmp_path / "one", tmp_path / "a.jsonl")
    monkeypatch.setattr(json_files, "KEY_BATCH_RECORDS", 3)
    in_parts = ingested(tmp_path / "many", tmp_path / "a.jsonl")
    assert at_once.table("document_extras").columns == in_parts.table("document_extras").columns
    assert {"place_city", "place_town", "kind"} <= set(in_parts.table("document_extras").columns)
    rows = [ask(store, "from document_extras order by doc_id") for store in (at_once, in_parts)]
    assert rows[0] == rows[1]


def test_a_list_larger_than_a_record_may_be_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "LINE_LIMIT", 1 << 16)
    (tmp_path / "a.json").write_text(json.dumps([{"id": str(n), "text": "some words " * 20} for n in range(2_000)]))
    assert ask(ingested(tmp_path / "work", tmp_path / "a.json"), "select count(*) from documents") == [(2_000,)]


def test_wrapped_records_are_read_whole(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text(json.dumps({"data": [{"id": str(n), "text": "words " * 20} for n in range(500)]}))
    monkeypatch.setattr(text_files, "LINE_LIMIT", 1 << 12)
    assert ask(ingested(tmp_path / "work", tmp_path / "a.json"), "select count(*) from documents") == [(500,)]


def packed(path, number):
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(number):
            archive.writestr(f"{n}.csv", f"id,text\n{n},some words of number {n}\n")
    return path


def test_a_zip_of_too_many_files_is_told_at_once(tmp_path):
    path = packed(tmp_path / "many.zip", base.MAX_FILES + 1)
    begun = time.monotonic()
    refused(tmp_path / "work", path, "many.zip holds 2,001 files; 2,000 are read at most")
    assert time.monotonic() - begun < 2


def tarred(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"])
def test_the_tables_of_a_tar_are_read(tmp_path, suffix):
    packing = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2", ".xz": "w:xz"}.get(Path("a" + suffix).suffix, "w")
    path = tarred(tmp_path / f"posts{suffix}", {
        "./b/two.csv": b"id,text\n2,the second words\n", "../../one.csv": b"id,text\n1,the first words\n",
        "._one.csv": b"\0\0", "read.txt": b"a note", "inner.tar": b"x" * 99}, packing)  # fmt: skip
    if suffix.endswith("zst"):
        path.write_bytes(zstandard.compress(path.read_bytes()))
    store = ingested(tmp_path / "work", path)
    assert ask(store, "select tweet_id, source_file from documents order by 1") == [("1", "one.csv"), ("2", "two.csv")]
    assert not (tmp_path.parent / "one.csv").exists()


def test_links_and_devices_of_a_tar_are_left_out(tmp_path):
    (tmp_path / "secret.csv").write_text("id,text\n1,a secret of words\n")
    path = tarred(tmp_path / "a.tar", {"b.csv": b"id,text\n2,the second words\n"})
    with tarfile.open(path, "a") as archive:
        for name, kind in (("c.csv", tarfile.SYMTYPE), ("d.csv", tarfile.LNKTYPE), ("e.csv", tarfile.CHRTYPE),
                           ("f.csv", tarfile.FIFOTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, str(tmp_path / "secret.csv")
            archive.addfile(info)
    assert ask(ingested(tmp_path / "work", path), "select text from documents") == [("the second words",)]


def test_a_tar_that_is_larger_than_the_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("riindex.sources.archives.shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    path = tarred(tmp_path / "a.tar.gz", {"a.csv": b"id,text\n" + bytes(2 << 20)}, "w:gz")
    refused(tmp_path / "work", path, "unpacks to")


def test_a_long_header_of_a_tar_is_refused(tmp_path):
    info = tarfile.TarInfo("a")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    (tmp_path / "a.tar").write_bytes(info.tobuf() + bytes(1 << 16))
    refused(tmp_path / "work", tmp_path / "a.tar", "cannot be unpacked")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz", "a.tar.zst", "a.tgz"])
@pytest.mark.parametrize("content", [b"no archive at all", bytes(10_240), b"\x1f\x8b\x08\x00"])
def test_what_is_no_tar_is_told(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        sources.resolve([str(tmp_path / name)])


def test_a_tar_of_too_many_files_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "MAX_FILES", 3)
    path = tarred(tmp_path / "a.tar", {f"{n}.csv": b"id,text\n1,some words\n" for n in range(9)})
    refused(tmp_path / "work", path, "files; 3 are read at most")


def test_a_glob_of_too_many_files_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "MAX_FILES", 3)
    for n in range(4):
        (tmp_path / f"{n}.csv").write_text("id,text\n1,some words\n")
    with pytest.raises(InputError, match="holds 4 files; 3 are read at most"):
        sources.resolve([str(tmp_path / "*.csv")])
    with pytest.raises(InputError, match="this holds 4 files"):
        sources.resolve([str(tmp_path / f"{n}.csv") for n in range(4)])


@pytest.mark.parametrize("name", ["a.zip", "latin.csv"])
def test_a_full_temporary_folder_is_what_is_told(tmp_path, monkeypatch, name):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    if name == "a.zip":
        packed(tmp_path / name, 1)
        monkeypatch.setattr("riindex.sources.archives.shutil.copyfileobj", full)
    else:
        (tmp_path / name).write_bytes("id,text\n1,naïve words and more\n".encode("latin-1"))
        monkeypatch.setattr("riindex.sources.text_files.to_utf8", full)
    problem = refused(tmp_path / "work", tmp_path / name, "the temporary folder is full")
    assert "TMPDIR" in problem.hint


@pytest.mark.parametrize("damage", ["cut", "header"])
def test_a_damaged_tar_does_not_lose_its_last_files(tmp_path, damage):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for n in range(3):
            info = tarfile.TarInfo(f"{n}.csv")
            row = f"id,text\n{n},some words of number {n}\n".encode()
            info.size = len(row)
            archive.addfile(info, io.BytesIO(row))
    content = bytearray(path.read_bytes())
    if damage == "cut":
        del content[2048:]
    else:
        content[2048:2148] = b"x" * 100
    path.write_bytes(content)
    refused(tmp_path / "work", path, "cut short or damaged")
