"""A build: nothing lost, nothing done twice, nothing half published."""

import errno
import hashlib
import json
import resource
import shutil
import subprocess
import sys
from collections import Counter
from importlib import import_module

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from corpora import KEPT, QUICK, SAMPLE, Listener, blobs, talk, with_vectors
from sklearn.metrics import adjusted_rand_score

import riindex
from riindex.errors import BuildError, ConfigError, IndexBusy, IndexNotFound, StaleIndex, as_build_error
from riindex.index import RIIndex
from riindex.pipeline.job import default_target
from riindex.pipeline.revise import rebuild_vectors
from riindex.pipeline.run import build as build_index
from riindex.share.verify import verify
from riindex.store.database import Store
from riindex.store.locks import open_build_folder, sole_writer

# The module itself, to patch what it calls.
building = import_module("riindex.pipeline.run")
SMALL = {**QUICK, "fit.personas": 3, "layout.max_documents": 10}
STAGES = [stage.name for stage in building.STAGES]


def build(source, target, report=None, settings=None, **options):
    return build_index(source, target, settings={**SMALL, **(settings or {})}, report=report, **options)


def digests(path):
    with Store.read(path) as store:
        return dict(store.connection.execute("select table_name, digest from digests").fetchall())


def read(path, query):
    with Store.read(path) as store:
        return store.connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small index, built once; tests copy it."""
    target = tmp_path_factory.mktemp("small") / "talk.duckdb"
    build(talk(), target)
    return target


@pytest.fixture
def target(built, tmp_path):
    """A copy of the small index and its vector table."""
    for path in built.parent.iterdir():
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, tmp_path / path.name)
    return tmp_path / built.name


# -- the sample ----------------------------------------------------------------------------------------------------


def test_found_personas_agree_with_the_planted(sample, truth):
    rows = sample.sql("""
        select d.tweet_id, coalesce(a.persona_id, k.persona_id) from documents d
        left join dropped x using (doc_id) left join assignments a on a.doc_id = d.doc_id
        left join assignments k on k.doc_id = x.kept_doc_id""").fetchall()
    found = {tweet: persona for tweet, persona in rows if persona is not None}
    planted = {row["tweet_id"]: row["planted_persona"] for row in truth}
    assert len(found) >= KEPT + 103 + 35
    shared = sorted(found)
    assert adjusted_rand_score([found[t] for t in shared], [planted[t] for t in shared]) >= 0.8


def test_the_sample_gives_a_sensible_number_of_personas(sample_report):
    assert 8 <= len(sample_report.personas) <= 15
    assert max(p.share for p in sample_report.personas) < 0.4
    assert sum(p.size for p in sample_report.personas) == sample_report.kept == KEPT


def test_the_report_says_what_was_made(sample_report):
    assert sample_report.vector_table.is_dir()
    assert sorted(sample_report.stages) == sorted(STAGES)
    assert str(sample_report.path) in str(sample_report)
    assert [p.size for p in sample_report.personas] == sorted((p.size for p in sample_report.personas), reverse=True)


def test_the_file_records_how_it_was_made(sample):
    row = sample.sql("from build")
    last = dict(zip(row.columns, row.fetchall()[0], strict=True))
    assert json.loads(last["sources"])[0].endswith("tweets.parquet")
    assert {"duckdb", "numpy", "lancedb"} <= set(json.loads(last["libraries"]))
    assert (last["documents"], last["kept"], last["rejected"]) == (1618, KEPT, 0)
    assert last["seed"] == 42
    assert len(last["source_digest"]) >= 32
    assert len(last["encoder_digest"]) >= 8


def test_every_document_is_kept_or_dropped_and_flat_rows_are_the_kept(sample):
    documents, kept, dropped = sample.sql(
        "select (select count(*) from documents), (select count(*) from tweets), (select count(*) from dropped)"
    ).fetchall()[0]
    assert documents == kept + dropped
    assert sample.sql("select count(*) from tweets semi join dropped using (doc_id)").fetchall()[0] == (0,)
    assert {"planted_persona", "planted_noise"} <= set(sample.sql("from tweets limit 0").columns)


def test_the_vector_table_holds_the_kept_rows(sample_report):
    from riindex.search.arrays import Arrays
    from riindex.search.lance import VectorTable

    VectorTable(sample_report.vector_table, Arrays(sample_report.vector_table, KEPT, 256).doc_ids).check()


# -- what is due ---------------------------------------------------------------------------------------------------


def test_an_unchanged_build_runs_nothing(target):
    before = hashlib.sha256(target.read_bytes()).digest()
    listener = Listener()
    answer = build(talk(), target, listener)
    assert not answer.changed
    assert listener.ran == []
    assert hashlib.sha256(target.read_bytes()).digest() == before
    assert build(talk(), target, settings={"threads": 1}).changed is False, "threads change no result"


@pytest.mark.parametrize(("settings", "due"), [
    ({"enrich.terms": 7}, ["enrich"]),
    ({"layout.min_dist": 0.5}, ["layout"]),
    ({"assign.core_margin": 0.3}, ["assign", "tally", "evaluate", "enrich", "words", "index"]),
])  # fmt: skip
def test_a_setting_reruns_what_depends_on_it(target, settings, due):
    listener = Listener()
    assert build(talk(), target, listener, settings).changed
    assert listener.ran == due
    assert sorted(listener.reused) == sorted(set(STAGES) - set(due))


def test_a_partial_rebuild_equals_a_whole_one(target, tmp_path):
    settings = {"enrich.terms": 7, "assign.core_margin": 0.3}
    build(talk(), target, settings=settings)
    build(talk(), tmp_path / "whole.duckdb", settings=settings)
    assert digests(target) == digests(tmp_path / "whole.duckdb")


def test_a_stage_can_be_forced(target):
    listener = Listener()
    build(talk(), target, listener, force="layout")
    assert listener.ran == ["layout"]
    with pytest.raises(BuildError, match="no stage"):
        build(talk(), target, force="nothing")


@pytest.mark.slow
def test_another_source_makes_a_new_index(target):
    listener = Listener()
    answer = build(talk(120), target, listener)
    assert listener.ran == STAGES
    assert answer.documents == 120


def test_a_missing_vector_table_is_made_again(target):
    shutil.rmtree(next(target.parent.glob("*.lance")))
    listener = Listener()
    answer = build(talk(), target, listener)
    assert listener.ran == ["index"]
    assert answer.vector_table.is_dir()


@pytest.mark.slow
def test_the_previous_vector_table_stays_until_the_next_build(target):
    first = set(target.parent.glob("*.lance"))
    build(talk(), target, settings={"assign.core_margin": 0.3})
    second = set(target.parent.glob("*.lance"))
    assert first < second
    build(talk(), target, settings={"assign.core_margin": 0.4})
    third = set(target.parent.glob("*.lance"))
    assert len(third) == 2
    assert not first & third


@pytest.mark.slow
def test_targets_that_share_a_stem_keep_their_own_vector_tables(target):
    other = target.with_suffix(".db")
    build(talk(), other)
    tables = {path: read(path, "select vector_table from build")[0][0] for path in (target, other)}
    for step in (0.3, 0.4):
        build(talk(), other, settings={"assign.core_margin": step})
    assert (target.parent / tables[target]).is_dir()
    assert not (target.parent / tables[other]).exists()


@pytest.mark.slow
def test_builds_before_are_remembered_when_everything_is_made_anew(target):
    before = read(target, "select build_id from build")
    build(talk(), target, force="ingest")
    after = read(target, "select build_id from build order by started_at")
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_plan_tells_what_is_due_and_writes_nothing(target):
    before = sorted(p.name for p in target.parent.iterdir())
    config = building.resolve_config(settings={**SMALL, "enrich.terms": 7})
    planned = building.plan(talk(), target, config=config)
    assert planned.due == ["enrich"]
    assert planned.target == target
    assert sorted([*planned.due, *planned.reused]) == sorted(STAGES)
    assert building.plan(talk(), target, config=building.resolve_config(settings=SMALL)).due == []
    assert sorted(p.name for p in target.parent.iterdir()) == before


# -- embedding once ------------------------------------------------------------------------------------------------


class Counting:
    """An encoder that counts what it is given; its vectors depend on the words alone."""

    name, dim, digest = "static", 16, "counting-1"

    def __init__(self):
        self.texts = []

    def encode(self, texts, progress=None):
        self.texts += texts
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dim] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def counting(monkeypatch):
    encoder = Counting()
    monkeypatch.setattr("riindex.encoders.load", lambda name, *_: encoder)
    return encoder


@pytest.mark.slow
def test_each_text_is_embedded_once(tmp_path, counting):
    frame = talk(60)
    texts = frame.column("text").to_pylist()
    build(frame, tmp_path / "a.duckdb")
    assert Counter(counting.texts) == Counter(dict.fromkeys(texts, 1))
    counting.texts.clear()
    build(talk(75), tmp_path / "a.duckdb")
    assert set(counting.texts) == set(talk(75).column("text").to_pylist()) - set(texts)
    counting.texts.clear()
    counting.digest = "counting-2"
    build(talk(75), tmp_path / "a.duckdb")
    assert len(counting.texts) == 75


@pytest.mark.slow
def test_vectors_survive_a_stage_that_fails(tmp_path, counting, monkeypatch):
    with monkeypatch.context() as patched:
        fail_at(patched, "denoise")
        with pytest.raises(BuildError):
            build(talk(60), tmp_path / "a.duckdb")
    counting.texts.clear()
    build(talk(60), tmp_path / "a.duckdb")
    assert counting.texts == []


# -- crashes -------------------------------------------------------------------------------------------------------


PLANTED = ValueError("planted")


def fail_at(monkeypatch, name, problem=PLANTED):
    """Let a stage do its work and then fail."""
    from dataclasses import replace

    def broken(run):
        original(run)
        raise problem

    original = next(s.function for s in building.STAGES if s.name == name)
    stages = tuple(replace(s, function=broken) if s.name == name else s for s in building.STAGES)
    monkeypatch.setattr(building, "STAGES", stages)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "name", ["ingest", pytest.param("denoise", marks=SLOW), "fit", pytest.param("enrich", marks=SLOW), "index"]
)
def test_a_build_goes_on_where_it_was_cut_off(tmp_path, monkeypatch, built, name):
    target = tmp_path / "talk.duckdb"
    with monkeypatch.context() as patched:
        fail_at(patched, name)
        with pytest.raises(BuildError, match="planted") as problem:
            build(talk(), target)
    assert problem.value.stage == name
    assert not target.exists()
    listener = Listener()
    build(talk(), target, listener)
    assert listener.ran == STAGES[STAGES.index(name) :]
    assert digests(target) == digests(built)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["talk.duckdb"]


def test_a_failed_rebuild_leaves_the_last_good_index(target, monkeypatch):
    before = hashlib.sha256(target.read_bytes()).digest()
    with monkeypatch.context() as patched:
        fail_at(patched, "enrich")
        with pytest.raises(BuildError):
            build(talk(), target, settings={"fit.personas": 4})
    assert hashlib.sha256(target.read_bytes()).digest() == before
    with RIIndex(target) as index:
        assert len(index.list_personas(brief=True)) == 3
    listener = Listener()
    build(talk(), target, listener, {"fit.personas": 4})
    assert listener.ran == ["enrich", "layout", "words", "index"]


def test_an_interrupted_build_keeps_its_work(tmp_path, monkeypatch, built):
    target = tmp_path / "talk.duckdb"
    with monkeypatch.context() as patched:
        fail_at(patched, "fit", KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            build(talk(), target)
    assert (tmp_path / "talk.duckdb.build" / "work.duckdb").exists()
    listener = Listener()
    build(talk(), target, listener)
    assert listener.ran[0] == "fit"
    assert digests(target) == digests(built)


@pytest.mark.slow
def test_a_broken_work_file_is_no_obstacle(tmp_path, built):
    open_build_folder(tmp_path / "talk.duckdb.build")
    (tmp_path / "talk.duckdb.build" / "work.duckdb").write_bytes(b"not a database at all" * 100)
    build(talk(), tmp_path / "talk.duckdb")
    assert digests(tmp_path / "talk.duckdb") == digests(built)


@pytest.mark.slow
def test_a_work_file_of_another_source_is_not_gone_on_with(tmp_path, monkeypatch, built):
    with monkeypatch.context() as patched:
        fail_at(patched, "fit")
        with pytest.raises(BuildError):
            build(talk(120), tmp_path / "talk.duckdb")
    build(talk(), tmp_path / "talk.duckdb")
    assert digests(tmp_path / "talk.duckdb") == digests(built)


@pytest.mark.slow
def test_a_work_file_of_another_version_is_not_gone_on_with(tmp_path, built):
    work = tmp_path / "talk.duckdb.build" / "work.duckdb"
    open_build_folder(work.parent)
    with duckdb.connect(str(work)) as connection:
        connection.execute("create table stage_run as select 'ingest' as step, 1 as made_by")
        connection.execute("create table documents as select 'of another shape' as text")
    build(talk(), tmp_path / "talk.duckdb")
    assert digests(tmp_path / "talk.duckdb") == digests(built)
    assert not work.exists()


@pytest.mark.parametrize("content", [b"half of a database" * 500, b""], ids=["broken", "empty"])
def test_a_broken_cache_of_vectors_is_no_obstacle(target, content):
    folder = target.with_name(target.name + ".build")
    open_build_folder(folder)
    (folder / "vectors.duckdb").write_bytes(content)
    assert build(talk(), target, settings={"enrich.terms": 7}).changed
    assert not folder.exists()


@pytest.mark.parametrize(
    "place",
    [
        "shutil.copyfile",
        pytest.param("riindex.store.outputs.sync", marks=SLOW),
        pytest.param("riindex.store.digests.record", marks=SLOW),
    ],
)
def test_a_full_disk_outside_the_stages_is_told_and_gone_on_from(target, monkeypatch, place):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = hashlib.sha256(target.read_bytes()).digest()
    with monkeypatch.context() as patched:
        patched.setattr(place, full)
        with pytest.raises(BuildError, match="No space left") as problem:
            build(talk(), target, settings={"enrich.terms": 7})
    assert "free some disk space" in problem.value.hint
    assert hashlib.sha256(target.read_bytes()).digest() == before
    listener = Listener()
    build(talk(), target, listener, {"enrich.terms": 7})
    assert listener.ran == (["enrich"] if place == "shutil.copyfile" else [])
    assert read(target, "select max(rank) from persona_terms where kind = 'term'") == [(7,)]


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [1, 6, 12])
def test_a_file_that_may_grow_no_more_is_told(target, tmp_path, megabytes):
    source = tmp_path / "more.parquet"
    pq.write_table(talk(120), source)
    before = hashlib.sha256(target.read_bytes()).digest()
    command = [sys.executable, "-m", "riindex", "build", source, "-o", target]
    command += [part for setting in QUICK.items() for part in ("--set", "=".join(map(str, setting)))]
    limit = (megabytes << 20, megabytes << 20)
    answer = subprocess.run(command, capture_output=True, text=True, check=False,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))  # fmt: skip
    assert answer.returncode == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    assert "hint: free some disk space" in answer.stderr
    assert hashlib.sha256(target.read_bytes()).digest() == before
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert read(target, "select count(*) from documents") == [(120,)]


def test_contents_reach_the_disk_before_the_names_that_lead_to_them(target, monkeypatch):
    steps = []
    replace = type(target).replace
    monkeypatch.setattr("riindex.store.outputs.sync", steps.append)
    monkeypatch.setattr(type(target), "replace", lambda self, other: (steps.append("rename"), replace(self, other))[1])
    report = build(talk(), target, settings={"assign.core_margin": 0.3})
    files = [path for path in report.vector_table.rglob("*") if path.is_file()]
    assert files
    rename = len(steps) - 1 - steps[::-1].index("rename")
    assert all(steps.index(path) < steps.index(path.parent) < rename for path in files)
    assert steps.index(target.with_name(target.name + ".build") / "work.duckdb") < rename
    assert steps[rename + 1 :] == [target.parent]


# -- damage --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_vector_table_cut_short_is_found_and_made_again(target):
    for path in next(target.parent.glob("*.lance")).rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with RIIndex(target) as index:
        assert index.similar("where is my parcel", limit=3).height == 3, "asking does not need it"
    (found,) = verify(target)
    assert "ri index" in found.problem
    rebuild_vectors(target)
    assert verify(target) == []


@pytest.mark.slow
def test_a_stale_vector_table_is_found(target):
    rest = talk(60)
    build(rest, target.with_name("other.duckdb"))
    table = target.with_name(read(target, "select vector_table from build")[0][0])
    shutil.rmtree(table)
    shutil.copytree(next(target.parent.glob("other.*.lance")), table)
    assert [finding.key for finding in verify(target)] == [""]
    assert "ri index" in verify(target)[0].problem


def test_a_damaged_index_is_not_written_over(target):
    content = bytearray(target.read_bytes())
    content[4096:12_288] = b"\xa5" * 8192
    target.write_bytes(content)
    with pytest.raises(BuildError) as problem:
        build(talk(), target, settings={"enrich.terms": 7})
    assert "move it away" in problem.value.hint
    assert target.read_bytes() == content


# -- readers and other builders ------------------------------------------------------------------------------------


def test_a_reader_sees_the_old_file_and_then_is_told(target):
    with RIIndex(target) as index:
        store = index.store
        before = index.sql("select count(*) from persona_terms").fetchall()[0]
        assert build(talk(), target, settings={"enrich.terms": 3}).changed
        assert store.connection.execute("select count(*) from persona_terms").fetchall()[0] == before
        with pytest.raises(StaleIndex, match="was rebuilt") as problem:
            index.sql("select 1")
        assert "reopen" in problem.value.hint
        index.reopen()
        assert index.sql("select count(*) from persona_terms").fetchall()[0] < before


def test_a_deleted_index_is_stale(target):
    with RIIndex(target) as index:
        target.unlink()
        with pytest.raises(StaleIndex, match="no longer exists"):
            index.list_personas()


def test_two_builds_at_once_are_refused(target):
    with sole_writer(target), pytest.raises(IndexBusy):
        build(talk(), target, settings={"enrich.terms": 3})


def test_a_file_of_another_kind_is_not_touched(tmp_path):
    foreign = tmp_path / "sales.duckdb"
    with duckdb.connect(str(foreign)) as connection:
        connection.execute("create table sales as select 1 as x")
    before = foreign.read_bytes()
    with pytest.raises(BuildError, match="did not make") as problem:
        build(talk(), foreign)
    assert "-o" in problem.value.hint
    assert foreign.read_bytes() == before
    text = tmp_path / "notes.duckdb"
    text.write_text("my notes, more than a few of them")
    with pytest.raises((BuildError, IndexNotFound)):
        build(talk(), text)
    assert text.read_text().startswith("my notes")


@pytest.mark.parametrize("place", ["", "none/x.duckdb"])
def test_a_bad_place_is_an_error(tmp_path, place):
    with pytest.raises(BuildError) as problem:
        build(talk(), tmp_path / place)
    assert problem.value.hint


def test_errors_of_the_source_come_before_any_file(tmp_path):
    with pytest.raises(riindex.InputError):
        build(str(tmp_path / "none.csv"), tmp_path / "x.duckdb")
    with pytest.raises(ConfigError):
        build(talk(), tmp_path / "x.duckdb", encoder="nothing:x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("source", "name"), [
    ("a/tweets.parquet", "tweets"), ("tweets.csv.gz", "tweets"), ("data/*.jsonl", "personas"),
    (["x.json", "y.json"], "x"), ([talk(3)], "personas"), ("my.tweets.tsv", "my.tweets"),
])  # fmt: skip
def test_the_default_name_is_the_stem_of_the_source(source, name):
    assert default_target(source).name == f"{name}.duckdb"


@pytest.mark.slow
def test_vectors_can_come_with_the_input(tmp_path):
    rows, labels = blobs(3, 30)
    texts = [f"quite an ordinary text of number {i} here" for i in range(len(rows))]
    settings = {"denoise.template_repeats": 0, "denoise.near_duplicate_similarity": 1.0, "fuse.text_share": 1.0}
    answer = build(with_vectors(texts, rows), tmp_path / "x.duckdb", settings=settings, encoder="column:vec")
    with RIIndex(answer.path) as index:
        found = [r[0] for r in index.sql("select persona_id from assignments order by doc_id").fetchall()]
        assert adjusted_rand_score(found, labels) == 1
        assert index.similar(tweet_id="t0", limit=5).height == 5
        with pytest.raises(riindex.QueryError, match="vectors came with the input"):
            index.similar("some words")


# -- real data -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.real_data
def test_support_tweets_have_8_to_15_personas_none_above_40_percent(real_data, tmp_path):
    source = real_data / "tweets" / "support_threads_5k.csv"
    answer = build_index(
        source, tmp_path / "support.duckdb", settings={"layout.max_documents": 60, "evaluate.refits": 2}
    )
    assert answer.documents >= 4_998
    assert answer.rejected <= 5
    assert 8 <= len(answer.personas) <= 15
    assert max(p.share for p in answer.personas) <= 0.4
    assert answer.quality["refit_ari"] >= 0.7


@pytest.mark.sentence
@pytest.mark.slow
def test_a_sentence_model_can_be_the_encoder(tmp_path):
    from corpora import sentence_weights

    answer = build(talk(45), tmp_path / "x.duckdb", encoder=f"sentence:{sentence_weights()}")
    with RIIndex(answer.path) as index:
        assert index.sql("select len(vector) from embeddings limit 1").fetchall()[0] == (384,)


def test_the_sample_is_the_size_of_the_published_case():
    import pyarrow.parquet as pq

    assert pq.read_metadata(SAMPLE / "tweets.parquet").num_rows == 1_618
    assert pq.read_metadata(SAMPLE / "replies.parquet").num_rows == 4_682


def test_what_a_build_that_was_killed_at_its_end_left_goes_with_the_next(tmp_path):
    report = build(talk(), tmp_path / "t.duckdb")
    left = tmp_path / "t.duckdb.build"
    open_build_folder(left)
    (left / "vectors.duckdb").write_bytes(b"vectors")
    assert not build(talk(), report.path).changed
    assert not left.exists()


@pytest.mark.parametrize("name", ["file:x.duckdb", "s3:x.duckdb", "https:x", "A+b:x"])
def test_a_name_that_duckdb_takes_for_an_address_is_refused(tmp_path, name):
    with pytest.raises(BuildError, match="is an address") as found:
        build(talk(), tmp_path / name)
    assert "-o" in found.value.hint


def test_the_name_of_an_index_holds_no_colon():
    assert str(default_target("s3:x.csv")) == "s3x.duckdb"


def test_a_place_with_a_line_break_is_refused_before_the_work(tmp_path):
    folder = tmp_path / "new\nline"
    folder.mkdir()
    with pytest.raises(BuildError, match="control character"):
        build(talk(), folder / "a.duckdb")
    assert not list(folder.iterdir())


def test_a_panic_of_a_library_is_an_error_of_its_stage():
    class PanicException(BaseException):
        pass

    with pytest.raises(BuildError, match="the stage index failed: no runtime"), as_build_error("the stage index"):
        raise PanicException("no runtime")


@pytest.mark.parametrize("said", ["No space left on device", "Too many open files", "Input/output error"])
def test_work_is_kept_where_the_system_is_at_fault(tmp_path, monkeypatch, said):
    """A work file that cannot be opened now may hold hours of work: it is not removed."""
    from riindex.pipeline import work as module

    def refused(path, threads=0):
        raise BuildError(f"{path} cannot be written") from duckdb.IOException(f"IO Error: {said}")

    target = tmp_path / "talk.duckdb"
    with monkeypatch.context() as patched:
        fail_at(patched, "denoise")
        with pytest.raises(BuildError, match="planted"):
            build(talk(), target)
    held = {path.name for path in (tmp_path / "talk.duckdb.build").iterdir()}
    assert "work.duckdb" in held
    with monkeypatch.context() as patched:
        patched.setattr(module.Store, "create", refused)
        with pytest.raises(BuildError, match="cannot be written"):
            build(talk(), target)
    assert held <= {path.name for path in (tmp_path / "talk.duckdb.build").iterdir()}
    listener = Listener()
    assert build(talk(), target, listener).changed
    assert listener.ran[0] == "denoise"
