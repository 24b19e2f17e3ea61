"""Files of strangers and of others, clocks, permissions and locks: nothing is obeyed, lost or let out."""

import contextlib
import errno
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import duckdb
import hostile
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import QUICK, SAMPLE
from hostile import SECRET, World

from riindex.errors import BuildError, IndexBusy, IndexNotFound, QueryError, RiError, StaleIndex, UnsafeIndex
from riindex.index import RIIndex
from riindex.pipeline.edits import merge_personas, rename_persona, undo_edit
from riindex.pipeline.revise import rebuild_vectors
from riindex.pipeline.run import build
from riindex.share.map import write_map
from riindex.share.ship import PUBLIC_TABLES, ship, step_of
from riindex.share.verify import verify
from riindex.store.catalog import TABLES
from riindex.store.database import Store
from riindex.store.folders import PREFIX, private_folder, sweep
from riindex.store.locks import sole_writer


@pytest.fixture
def own(sample_path, tmp_path):
    """A copy of the sample's index that a test may change, its vector table beside it."""
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copyfile(sample_path, folder / "tweets.duckdb")
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        name = connection.execute("select vector_table from build").fetchall()[0][0]
    shutil.copytree(sample_path.with_name(name), folder / name)
    return folder / "tweets.duckdb"


@pytest.fixture
def world(tmp_path):
    return World(tmp_path).make()


def change(path, *statements):
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def beside(path):
    """What lies in the folder of an index but it and its vector table."""
    return sorted(p.name for p in path.parent.iterdir() if p != path and p.suffix != ".lance")


# -- an index is data ----------------------------------------------------------------------------------------------


def test_a_view_that_writes_a_file_writes_none(own, world):
    change(
        own,
        "alter table funnel rename to funnel_",
        f"create view funnel as select * from funnel_ where (select count(*) from "
        f"enable_profiling(save_location='{world.victim}', format='json')) >= 0",
    )
    found = verify(own)
    assert any(finding.table == "funnel" for finding in found)
    assert world.victim.read_text() == "my important notes"
    with pytest.raises(RiError):
        ship(own, own.with_name("a.duckdb"))
    assert not world.harmed(own.parent)
    assert beside(own) == []


@pytest.mark.parametrize(("name", "parameters"), [("max", "x"), ("substring", "x, a, b"), ("MD5", "x"), ("+", "a, b")])
def test_a_macro_in_the_place_of_a_function_is_refused(own, world, name, parameters):
    change(own, f"create macro \"{name}\"({parameters}) as (select content from read_text('{world.secret}'))")
    for ask in (
        lambda: RIIndex(own),
        lambda: ship(own, own.with_name("a.duckdb")),
        lambda: rename_persona(own, 0, "Foo"),
        lambda: merge_personas(own, 0, 1),
        lambda: rebuild_vectors(own),
    ):
        with pytest.raises(UnsafeIndex, match="macros that replace"):
            ask()
    assert any(name.lower() in finding.problem for finding in verify(own))
    with pytest.raises(BuildError, match="macros that replace"):
        build(SAMPLE / "tweets.parquet", own)
    assert not world.harmed(own.parent)


@pytest.mark.parametrize(
    "macro",
    [
        "similar_tweets",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("search_tweets", "persona_card", "keywords")),
    ],
)
def test_the_doors_of_a_file_are_compared_with_what_riindex_writes(own, macro):
    assert verify(own) == []
    change(
        own,
        f"drop macro {'' if macro == 'keywords' else 'table '}{macro}",
        f"create macro {macro}(q) as 'x'"
        if macro == "keywords"
        else f"create macro {macro}(q) as table select content from read_text('/etc/hostname')",
    )
    assert macro in {finding.table for finding in verify(own)}


@pytest.mark.slow
def test_what_somebody_added_is_told_and_handed_on_by_no_copy(own, tmp_path):
    change(
        own,
        "create table notes as select author, text from documents",
        "create view mine as from notes",
        "create macro mine(x) as x",
        "create sequence numbers",
        "create schema other",
        "create table other.more as select text from documents",
    )
    kinds = {(finding.table, finding.key) for finding in verify(own)}
    assert {
        ("notes", "table"),
        ("mine", "view"),
        ("mine", "macro"),
        ("numbers", "sequence"),
        ("other", "schema"),
    } <= kinds
    for level in ("analyst", "public"):
        told = ship(own, tmp_path / f"{level}.duckdb", level)
        assert any("notes" in line for line in told)
        assert verify(tmp_path / f"{level}.duckdb") == []
        with duckdb.connect(str(tmp_path / f"{level}.duckdb"), read_only=True) as copy:
            names = {row[0] for row in copy.execute("select table_name from duckdb_tables()").fetchall()}
        assert names <= (TABLES if level == "analyst" else PUBLIC_TABLES)


def test_a_source_that_may_be_a_strangers_reads_no_other_file(tmp_path, world):
    source = tmp_path / "stranger.duckdb"
    change(
        source,
        f"create view posts as select range as id, (select content from read_text('{world.secret}')) || "
        "range || ' words enough to be kept' as text from range(50)",
    )
    with pytest.raises(RiError):
        build(f"{source}::posts", tmp_path / "out.duckdb", settings=QUICK)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "private", "stranger.duckdb"]
    assert not (tmp_path / "out.duckdb").exists()


class Heard(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.heard.append(self.headers.get("Authorization"))
        self.send_error(404)

    do_GET = do_POST  # noqa: N815 - the name that the server calls

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A server on loopback that notes who asks."""
    server = HTTPServer(("127.0.0.1", 0), Heard)
    server.heard = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_no_key_goes_where_a_file_says(own, server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-analyst-secret-key-42")
    config = json.loads(duckdb.connect(str(own)).execute("select config from build").fetchall()[0][0])
    config["enrich"] |= {"namer": "openai:gpt-evil", "base_url": f"http://127.0.0.1:{server.server_port}/v1"}
    with duckdb.connect(str(own)) as connection:
        connection.execute("update build set config = $config", {"config": json.dumps(config)})
    merge_personas(own, 0, 1)
    undo_edit(own)
    assert server.heard == []


def test_no_hub_is_asked_for_what_a_file_names(own, monkeypatch):
    import huggingface_hub

    asked = []

    def fetch(model, **options):
        asked.append(options["local_files_only"])
        raise OSError("not in the cache")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    change(own, "update build set encoder = 'model2vec:evil-corp/model'")
    with RIIndex(own) as index, pytest.raises(RiError, match="not on this machine"):
        index.similar("late")
    assert asked == [True]


@pytest.mark.parametrize(
    "name",
    [
        "../private",
        "",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("/etc", ".", "a/b", "x" * 5000, "..", "a\nb")),
    ],
)
def test_a_vector_table_lies_beside_its_index_or_nowhere(own, world, name):
    with duckdb.connect(str(own)) as connection:
        connection.execute("update build set vector_table = $name", {"name": name})
    with RIIndex(own) as index:
        assert index.matches("late parcel", limit=3)
    assert any(finding.table == "build" for finding in verify(own))
    rename_persona(own, 0, "Foo")
    assert world.secret.read_text() == SECRET


READING = [
    "summary",
    "personas",
    "persona 0",
    "tweets -n 2",
    "similar late -n 2",
    "similar 0",
    "quality",
    "evidence p0c1",
    "compare 0",
    "why x",
    "redundant -n 2",
    "map out.html",
]


@pytest.mark.parametrize("number", range(0, 60, 4))
def test_a_prepared_index_is_told_in_two_lines(sample_path, tmp_path, number, run_ri):
    world = World(tmp_path).make()
    (tmp_path / "received").mkdir()
    path, done = hostile.prepare(sample_path, tmp_path / "received", world, number)
    for command in READING:
        code, out, err = run_ri(*command.split(), "-i", path)
        assert code in (0, 1), (done, command, err)
        assert "Traceback" not in out + err, (done, command, err)
        assert SECRET not in out + err, (done, command)
        assert code == 0 or ("error: " in err and "hint: " in err), (done, command, err)
    assert world.harmed(tmp_path / "received") == [], done


def test_a_vector_table_that_names_data_of_another_place_is_not_opened(own, world):
    import random

    folder = next(own.parent.glob("*.lance"))
    hostile.elsewhere(folder, world, random.Random(0))
    (finding,) = [finding for finding in verify(own) if not finding.note]
    assert "refers to data outside" in finding.problem


def test_a_condition_of_a_build_reaches_rows_alone(tmp_path, world):
    posts = pa.table({"text": [f"{topic} number {n} of my long week" for n in range(20) for topic in ("tea", "rain")]})
    where = f"(select count(*) from enable_profiling(save_location='{world.victim}', format='json')) >= 0"
    for condition in (where, f"text <> (select content from read_text('{world.secret}'))"):
        with pytest.raises(RiError):
            build(posts, tmp_path / "t.duckdb", settings={**QUICK, "denoise.where": condition})
    assert world.victim.read_text() == "my important notes"
    build(posts, tmp_path / "t.duckdb", settings={**QUICK, "denoise.where": "text like 'tea%'"})
    with Store.read(tmp_path / "t.duckdb") as store:
        assert ("where", 40, 20) in [row[:3] for row in store.rows("build/funnel")]


@pytest.mark.slow
def test_an_edit_that_is_made_while_a_build_waits_is_kept(own, monkeypatch):
    from riindex.pipeline import run

    def cut(_):
        raise RuntimeError("cut off")

    stages = run.STAGES
    cut_off = tuple(replace(stage, function=cut) if stage.name == "evaluate" else stage for stage in stages)
    monkeypatch.setattr(run, "STAGES", cut_off)
    sources = {"source": SAMPLE / "tweets.parquet", "output": own, "replies": SAMPLE / "replies.parquet", "personas": 9}
    with pytest.raises(BuildError):
        build(**sources)
    monkeypatch.setattr(run, "STAGES", stages)
    rename_persona(own, 0, "Hand Given")
    build(**sources)
    with RIIndex(own) as index:
        assert "Hand Given" in [persona["name"] for persona in index.list_personas()]


# -- questions -----------------------------------------------------------------------------------------------------

CHANGING = [
    "explain analyze create temp table personas as select 0 as persona_id, 'POISONED' as name, 1 as size",
    "/* explain ( */ explain analyze create temp table personas as /* ) */ select 0 as persona_id, 'POISONED' as name",
    "explain analyze create temp view tweets as select 1",
    "explain (analyze) create temp table t as select 1",
    "EXPLAIN /* x */ ANALYZE create temp macro lower(x) as 'zz'",
    "explain create temp table t as select 1",
    "create temp view tweets as select 1 as x",
    "create temp macro lower(x) as 'zz'",
    "begin",
    "commit",
    "set variable x = 1",
    "load icu",
    "create table memory.t as select 1",
    "explain analyze set variable x = 1",
    "explain",
    "/* explain */ explain analyze create temp table t as select 1",
    "explain analyze explain analyze create temp table t as select 1",
    "prepare p as select 1",
    "call enable_profiling()",
    "pragma enable_profiling",
]


@pytest.mark.parametrize("query", CHANGING)
def test_no_question_changes_what_later_ones_see(sample, query):
    with pytest.raises(QueryError):
        sample.sql(query)
    assert sample.sql("select name from personas where persona_id = 0").fetchall() != [("POISONED",)]
    assert sample.sql("select lower('ABC')").fetchall() == [("abc",)]


@pytest.mark.parametrize(
    "query",
    [
        "explain select 1",
        "explain analyze from personas",
        "EXPLAIN (format json) select 1",
        "-- why\nexplain from tweets",
        "explain with a as (select 1) from a",
    ],
)
def test_a_question_is_explained(sample, query):
    assert sample.sql(query).fetchall()


def test_control_characters_of_a_text_reach_no_terminal(own, run_ri):
    evil = "\x1b]0;EVIL\x07\x1b[2J parcel is late \u202eecila\u202c"
    with duckdb.connect(str(own)) as connection:
        connection.execute("update documents set text = $evil where doc_id < 400", {"evil": evil})
        connection.execute("update personas set name = $evil where persona_id = 0", {"evil": evil})
    for command in ("tweets -n 5", "personas", "persona 0", "sql", "tweets -n 5 -f json", "tweets -n 3 -f jsonl"):
        code, out, err = run_ri(*command.split(), "-i", own)
        assert code == 0, command
        assert not set(out + err) & set("\x1b\x07\x9b\u202e"), command
    with pytest.raises(QueryError, match="name is not valid"):
        rename_persona(own, 0, "\x1b]0;EVIL\x07")


def test_cells_of_csv_run_nothing(own, run_ri):
    change(own, "update documents set text = '=cmd|'' /C calc''!A0 and more words' where doc_id < 1428")
    for command in ("tweets -n 5 -f csv --raw", "sql -f csv", "tweets -n 5 -f csv"):
        code, out, _ = run_ri(*command.split(), "-i", own)
        assert code == 0
        assert not any(cell[:1] in "=+@" and cell for line in out.splitlines() for cell in line.split(",")), command


def test_an_index_of_own_csv_has_the_texts_as_they_were(sample_path, run_ri, tmp_path):
    code, out, _ = run_ri("tweets", "-n", 300, "-f", "csv", "--raw", "-i", sample_path)
    assert code == 0
    assert "'@" in out
    (tmp_path / "again.csv").write_text(out, encoding="utf-8")
    build(tmp_path / "again.csv", tmp_path / "again.duckdb", settings=QUICK)
    with RIIndex(sample_path) as index, RIIndex(tmp_path / "again.duckdb") as again:
        texts = dict(index.sql("select tweet_id, text from documents").fetchall())
        found = again.sql("select tweet_id, text from documents").fetchall()
    assert len(found) == 300
    assert all(texts[tweet_id] == text for tweet_id, text in found)


LONG = "select max(md5(a.range::varchar || b.range)) from range(1e8::bigint) a, range(3e5::bigint) b"


def running(marker):
    """Processes whose command line has a mark."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if marker in (folder / "cmdline").read_bytes().decode(errors="replace"):
                found.append(int(folder.name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_question_ends_with_the_one_who_asked(sample_path, number):
    marker = f"ends_with_{number}_{os.getpid()}"
    command = [sys.executable, "-m", "riindex", "sql", f"{LONG} as {marker}(x)", "-i", str(sample_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
        deadline = time.monotonic() + 60
        while len(running(marker)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        parent.send_signal(number)
    time.sleep(2)
    assert running(marker) == []


@pytest.mark.slow
def test_the_time_of_who_reads_is_not_that_of_the_question(sample_path):
    command = [
        sys.executable,
        "-m",
        "riindex",
        "sql",
        "--timeout",
        "3",
        "-n",
        "200000",
        "-f",
        "csv",
        "-i",
        str(sample_path),
        "select range, repeat('x', 100) from range(200000)",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        first = child.stdout.readline()
        time.sleep(5)
        rest = child.stdout.read()
    assert child.returncode == 0
    assert (first + rest).count(b"\n") == 200_001


@pytest.mark.parametrize("command", ["tweets -n 900", "similar late -n 300", "quality", "personas", "sql"])
def test_a_reader_who_leaves_is_no_error(sample_path, command):
    words = " ".join([sys.executable, "-m", "riindex", *command.split(), "-i", str(sample_path)])
    answer = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {words} | head -1"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("\n") == 1
    assert answer.stderr == "" or "Traceback" not in answer.stderr


@pytest.mark.slow
def test_who_reads_decides_neither_what_is_done_nor_the_exit_code(own, tmp_path):
    def piped(*words):
        command = " ".join([sys.executable, "-m", "riindex", *map(str, words)])
        script = f"set -o pipefail; {command} 2>&1 | head -1"
        return subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, check=False).returncode

    target = tmp_path / "t.duckdb"
    assert piped("build", SAMPLE / "tweets.parquet", "-o", target) == 0
    assert verify(target) == []
    change(own, "update personas set size = 9999")
    assert piped("verify", own) == 1


# -- files of others -----------------------------------------------------------------------------------------------


def test_files_of_others_stay(own, tmp_path, sample):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html>\n<p>my page</p>")
    with pytest.raises(QueryError, match="another file"):
        write_map(sample.store, page)
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "personas_enriched.json").write_text('{\n  "metadata": "mine"}')
    (folder / "personas_for_review.csv").write_text("id,name,size\n")
    table = {"x": [1], "y": [1], "persona_id": [1], "mine": [1]}
    pq.write_table(pa.table(table), folder / "tweets.parquet")
    with pytest.raises(QueryError, match="another file"):
        sample.export(folder)
    shop = tmp_path / "shop.duckdb"
    change(shop, "create table shipped as select 1 as parcel", "create table orders as select 1 as x")
    with pytest.raises(QueryError, match="another file"):
        ship(own, shop)
    assert page.read_text().endswith("my page</p>")
    assert (folder / "personas_enriched.json").read_text() == '{\n  "metadata": "mine"}'
    assert pq.read_table(folder / "tweets.parquet").column_names[-1] == "mine"
    assert duckdb.connect(str(shop)).execute("select * from orders").fetchall() == [(1,)]


def test_an_export_that_somebody_has_worked_on_stays(sample, tmp_path):
    sample.export(tmp_path)
    sample.export(tmp_path)
    review = tmp_path / "personas_for_review.csv"
    review.write_text(review.read_text() + "my remarks\n")
    with pytest.raises(QueryError, match="was changed since"):
        sample.export(tmp_path)
    assert review.read_text().endswith("my remarks\n")
    assert not list(tmp_path.glob(PREFIX + "*"))


def test_predictable_names_are_neither_followed_nor_removed(own, tmp_path, sample):
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    (tmp_path / "map.html.part").symlink_to(victim)
    write_map(sample.store, tmp_path / "map.html")
    assert not (tmp_path / "map.html").is_symlink()
    for name in ("map.html.part", own.name + ".reindex", own.name + ".part"):
        (own.parent / name).write_text("mine")
    lock = own.with_name(own.name + ".lock")
    lock.symlink_to(victim)
    with pytest.raises(BuildError, match="in the way"):
        rename_persona(own, 0, "Foo")
    lock.unlink()
    lock.write_text("mine")
    rename_persona(own, 0, "Foo")
    assert lock.read_text() == "mine"
    assert victim.read_text() == "mine"
    assert (own.parent / (own.name + ".reindex")).read_text() == "mine"
    work = own.with_name(own.name + ".build")
    work.mkdir()
    (work / "work.duckdb").write_text("mine")
    with pytest.raises(BuildError, match="not the work folder"):
        build(SAMPLE / "tweets.parquet", own, settings={"enrich.terms": 7})
    assert (work / "work.duckdb").read_text() == "mine"


def test_an_index_of_another_kind_and_tables_of_others_are_not_built_over(own):
    with pytest.raises(BuildError, match="index of tweets"):
        build(SAMPLE / "personas.txt", own, settings=QUICK)
    change(own, "create table orders as select 1 as x")
    with pytest.raises(BuildError, match="orders"):
        build(SAMPLE / "tweets.parquet", own, settings={"denoise.min_words": 6})
    assert duckdb.connect(str(own), read_only=True).execute("from orders").fetchall() == [(1,)]


@pytest.mark.slow
def test_indexes_whose_names_are_alike_share_no_vector_table(tmp_path):
    posts = pa.table({"text": [f"{topic} number {n} of my long week" for n in range(20) for topic in ("tea", "rain")]})
    first, second = tmp_path / "tweets.duckdb", tmp_path / "tweets"
    build(posts, first, settings=QUICK)
    build(posts, second, settings=QUICK)
    build(posts, second, settings={**QUICK, "enrich.terms": 5})
    for path in (first, second):
        assert verify(path) == []
        with RIIndex(path) as index:
            assert "missing" not in str(index.explain("tea").why)


def test_changes_that_another_program_left_are_replayed_into_no_new_file(own, tmp_path):
    log = own.with_name(own.name + ".wal")
    program = (
        f"import duckdb, os; c = duckdb.connect({str(own)!r}); c.execute('update personas set size = 1'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert log.exists()
    copy = tmp_path / "copy.duckdb"
    copy.with_name(copy.name + ".wal").write_bytes(log.read_bytes())
    for write in (
        lambda: rename_persona(own, 0, "Foo"),
        lambda: build(SAMPLE / "tweets.parquet", own, settings={"enrich.terms": 7}),
        lambda: rebuild_vectors(own),
        lambda: ship(own, copy),
    ):
        with pytest.raises(BuildError, match=r"\.wal exists next to"):
            write()
    assert not copy.exists()


# -- clocks, identities, permissions, locks ------------------------------------------------------------------------


@pytest.mark.slow
def test_a_clock_that_goes_back_misleads_nobody(own):
    change(own, "update build set started_at = started_at + interval 2 hour")
    report = build(SAMPLE / "tweets.parquet", own, replies=SAMPLE / "replies.parquet", settings={"enrich.terms": 7})
    assert report.vector_table.is_dir()
    with RIIndex(own) as index:
        assert index.store.value("build/vector_table") == report.vector_table.name
        assert index.matches("late parcel", limit=3)
    assert verify(own) == []


def test_a_file_written_over_in_its_place_is_noticed(own, sample_path):
    with RIIndex(own) as index:
        before = index.sql("select count(*) from personas").fetchall()
        with Store.read(own) as store:
            store.close()
        content = own.read_bytes()
        change(own.with_name("other.duckdb"), "create table t as select 1")
        own.write_bytes(content)
        with pytest.raises(StaleIndex):
            index.sql("select 1")
        index.reopen()
        assert index.sql("select count(*) from personas").fetchall() == before


def test_a_relative_path_stays_where_it_was(own, monkeypatch):
    monkeypatch.chdir(own.parent)
    with RIIndex(own.name) as index:
        monkeypatch.chdir("/")
        assert index.matches("late parcel", limit=1)


def test_a_vector_table_that_shrinks_is_left_alone(own):
    with RIIndex(own) as index:
        before = index.matches("late parcel", limit=3)
        os.truncate(next(own.parent.glob("*.lance")) / "arrays" / "vectors.npy", 1_000)
        assert [row["tweet_id"] for row in index.matches("late parcel", limit=3)] == [row["tweet_id"] for row in before]


def test_permissions_stay_and_what_is_read_only_is_not_replaced(own):
    own.chmod(0o600)
    rename_persona(own, 0, "Foo")
    merge_personas(own, 0, 1)
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    with RIIndex(own) as index:
        folder = own.with_name(index.store.value("build/vector_table"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    own.chmod(0o444)
    for edit in (lambda: rename_persona(own, 0, "Bar"), lambda: rebuild_vectors(own), lambda: undo_edit(own)):
        with pytest.raises(BuildError, match="read-only"):
            edit()


@pytest.mark.slow
def test_edits_leave_two_vector_tables_at_most(own):
    for _ in range(2):
        merge_personas(own, 0, 1)
        undo_edit(own)
    rebuild_vectors(own)
    assert len(list(own.parent.glob("*.lance"))) == 2
    assert verify(own) == []
    assert beside(own) == []


@pytest.mark.slow
def test_an_error_after_the_file_has_its_name_takes_nothing_away(own, monkeypatch):
    from riindex.store import outputs

    replaced = []
    sync = outputs.sync

    def failing(path):
        if replaced and path == own.parent:
            raise OSError(errno.EIO, "Input/output error")
        if path.name == "edited.duckdb":
            replaced.append(path)
        sync(path)

    monkeypatch.setattr(outputs, "sync", failing)
    with pytest.raises(RiError):
        merge_personas(own, 0, 1)
    monkeypatch.undo()
    assert verify(own) == []
    with RIIndex(own) as index:
        assert len(index.list_personas()) == 11


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_has_one_writer_all_the_same(tmp_path, monkeypatch, number):
    import fcntl

    def flock(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    target = tmp_path / "x.duckdb"
    with sole_writer(target), pytest.raises(IndexBusy), sole_writer(target):
        pass
    with sole_writer(target):
        pass
    assert list(tmp_path.iterdir()) == []


def test_closing_while_others_ask_is_told(sample_path):
    problems, answers = [], []
    index = RIIndex(sample_path)

    def ask():
        for _ in range(40):
            try:
                answers.append(index.matches("late parcel", limit=2))
            except RiError as told:
                problems.append(type(told))
            except Exception as other:  # anything else is what this test looks for
                problems.append(other)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        time.sleep(0.02)
        index.close()
        index.reopen()
    for thread in threads:
        thread.join()
    index.close()
    assert answers
    assert set(problems) <= {QueryError}
    with pytest.raises(QueryError, match="closed"):
        index.matches("late")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["merge 0 1", "rename 0 Foo", "ship c.duckdb", "verify", "index"])
def test_too_little_memory_is_told_at_once(own, tmp_path, command):
    words = ["prlimit", "--data=400000000", sys.executable, "-m", "riindex", *command.split(), "-i", str(own)]
    answer = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert answer.returncode == 1, answer.stderr
    assert "ulimit -d" in answer.stderr
    assert "hint: " in answer.stderr
    assert beside(own) == []


# -- scratch -------------------------------------------------------------------------------------------------------


def test_private_folders_of_ended_programs_are_swept_and_those_of_others_stay(tmp_path):
    dead = tmp_path / (PREFIX + "dead")
    dead.mkdir()
    (dead / "held").touch()
    (dead / "copy.duckdb").write_text("everybody's data")
    (tmp_path / (PREFIX + "link")).symlink_to(tmp_path / "elsewhere")
    mine = tmp_path / "elsewhere"
    mine.mkdir()
    (mine / "held").touch()
    with private_folder(tmp_path) as alive:
        sweep(tmp_path)
        assert alive.is_dir()
        assert stat.S_IMODE(alive.stat().st_mode) == 0o700
        assert not dead.exists()
        assert (mine / "held").exists()
    assert not alive.exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_copy_that_is_cut_off_leaves_nothing_where_it_was_to_go(own, tmp_path, number):
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "riindex", "ship", str(out / "c.duckdb"), "-i", str(own)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        while not list(own.parent.glob(PREFIX + "*/copy.duckdb")) and child.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        child.send_signal(number)
    assert list(out.iterdir()) == []
    if number != signal.SIGKILL:
        assert beside(own) == []
    subprocess.run(command, check=True, capture_output=True)
    assert beside(own) == []
    assert [path.name for path in out.iterdir()] == ["c.duckdb"]


# -- copies that cannot be subtracted --------------------------------------------------------------------------------


def test_steps_are_multiples_of_one_another():
    assert [step_of(k) for k in (2, 5, 6, 10, 11, 20, 21, 81)] == [5, 5, 10, 10, 20, 20, 40, 160]


def published(path):
    """Every figure of a public copy by table, key and column."""
    keys = {"personas": 1, "persona_terms": 4, "persona_traits": 2, "persona_hours": 2, "persona_weekdays": 2}
    found = {}
    with duckdb.connect(str(path), read_only=True) as copy:
        for table, width in keys.items():
            relation = copy.table(table)
            for row in relation.fetchall():
                named = dict(zip(relation.columns, row, strict=True))
                named.pop("rank", None)
                values = list(named.items())
                key = tuple(value for _, value in values[:width])
                found.update({(table, key, column): value for column, value in values[width:]})
    return found


COUNTS = {"n", "n_authors", "size"}
# In each persona a new author says again what its first core member says.
ONE_MORE_AUTHOR = (
    """
    insert into documents by name
    select 100000 + persona_id as doc_id, 'x' || persona_id as tweet_id, 'new author ' || persona_id as author,
        d.* exclude (doc_id, tweet_id, author, persona_id)
    from (
        select d.*, a.persona_id from documents as d join assignments as a using (doc_id) where a.is_core
        qualify row_number() over (partition by a.persona_id order by d.doc_id) = 1
    ) as d
    """,
    """
    insert into assignments by name
    select 100000 + persona_id as doc_id, a.* exclude (doc_id) from assignments as a where is_core
    qualify row_number() over (partition by persona_id order by doc_id) = 1
    """,
)


@pytest.mark.slow
def test_counts_of_two_copies_differ_by_whole_steps(own, tmp_path):
    first, second, coarse = (tmp_path / name for name in ("a.duckdb", "b.duckdb", "c.duckdb"))
    ship(own, first, "public", k=10)
    ship(own, coarse, "public", k=15)
    fine, wide = published(first), published(coarse)
    # One more author in each persona says what its persona says most.
    change(own, *ONE_MORE_AUTHOR)
    ship(own, second, "public", k=10)
    later = published(second)
    for key, value in fine.items():
        if key[2] in COUNTS:
            assert value % 10 == 0, key
            assert key not in later or abs(later[key] - value) in (0, 10), key
    # A coarser copy follows from a finer one: what it counts is the finer count, down to its own step.
    for key, value in wide.items():
        if key[2] in COUNTS:
            assert value % 20 == 0, key
            assert fine[key] // 20 * 20 == value, key


def test_a_read_of_what_is_no_index_has_not_changed(tmp_path):
    with pytest.raises(IndexNotFound):
        Store.read(tmp_path / "none.duckdb")
