"""The DuckDB file: statements by name, transactions, arrays, publishing; digests and fingerprints."""

import multiprocessing
import struct
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from corpora import KEPT
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.config.build_config import BuildConfig
from riindex.errors import BuildError, IndexBusy, IndexNotFound, QueryError
from riindex.pipeline.run import STAGES
from riindex.pipeline.stage import fingerprints
from riindex.store.arrow import vector_table
from riindex.store.database import Store
from riindex.store.digests import FRACTION_BITS, rounded, table_digests
from riindex.store.locks import sole_writer
from riindex.store.outputs import put_in_place
from riindex.store.statements import earlier_version, quoted


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "a.duckdb") as opened:
        yield opened


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@settings(max_examples=30, deadline=None)
@given(NAMES)
def test_any_name_can_be_quoted(name):
    with duckdb.connect() as connection:
        connection.execute(f"create table t (x integer, {quoted('a ' + name)} integer)")
        assert connection.table("t").columns[1] == "a " + name


@settings(max_examples=15, deadline=None)
@given(name=NAMES, text=NAMES)
def test_any_comment_can_be_written(tmp_path_factory, name, text):
    with Store.create(tmp_path_factory.mktemp("c") / "a.duckdb") as own:
        column = "c" + name
        own.make("t", pa.table({column: [1]}))
        own.comment("t", column, text)
        assert own.connection.execute("select comment from duckdb_columns() where table_name = 't'").fetchall() == [
            (text,)
        ]


def test_values_that_no_statement_names_are_an_error(store):
    with pytest.raises(BuildError, match="does not use colour"):
        store.execute("select $a", {"a": 1, "colour": 2})
    assert store.execute(
        "create table t (x integer); insert into t values ($x); select x from t", {"x": 3}
    ).fetchall() == [(3,)]


def test_a_transaction_is_all_or_nothing(store):
    store.connection.execute("create table t (x integer)")
    with store.transaction():
        store.connection.execute("insert into t values (1)")

    def broken(kind):
        with store.transaction():
            store.connection.execute("insert into t values (2)")
            store.connection.execute("create or replace table u as select 1")
            raise kind

    for kind in (ValueError, KeyboardInterrupt):
        with pytest.raises(kind):
            broken(kind)
    assert store.connection.execute("from t").fetchall() == [(1,)]
    assert store.tables() == {"t"}


def test_what_is_missing_from_a_shipped_copy_is_told_and_elsewhere_is_a_fault(store):
    store.connection.execute("drop table if exists ri.main.funnel")
    with pytest.raises(duckdb.CatalogException), store.as_ri_error():
        store.connection.execute("from ri.main.funnel")
    store.connection.execute("create table ri.main.shipped as select 'public' as level")
    with pytest.raises(QueryError, match=r"shipped copy \(level public\)") as problem, store.as_ri_error():
        store.connection.execute("from ri.main.funnel")
    assert problem.value.hint


def test_what_is_dropped_is_gone_with_its_content(store):
    store.connection.execute("create schema ri.other")
    store.connection.execute("create table ri.other.more as select 1 as x")
    store.connection.execute("create table ri.main.kept as select 1 as x")
    store.connection.execute("create view ri.main.seen as from ri.main.kept")
    store.drop("other", "schema")
    store.drop("none of it", "schema")
    store.drop("seen", "view")
    assert "kept" in store.tables()
    store.drop("kept")
    store.drop("kept")
    assert "kept" not in store.tables()
    assert store.connection.execute("from duckdb_schemas() where schema_name = 'other'").fetchall() == []


def test_clients_since_1_1_can_read_the_file(store, tmp_path, sample_path):
    store.run("build/schema")
    store.close()
    for path in (tmp_path / "a.duckdb", sample_path):
        header = path.read_bytes()[:20]
        assert header[8:12] == b"DUCK"
        # 64 is the storage of DuckDB 0.10 to 1.1, which v1.0.0 asks for.
        assert struct.unpack("<Q", header[12:20])[0] == 64
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as other (read_only)")
        found = connection.execute("select tags from duckdb_databases() where database_name = 'other'").fetchall()[0][0]
        assert "v1.0.0" in str(found)


def test_the_file_answers_without_riindex_under_any_name(sample_path):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_path}' as another_name (read_only)")
        kept = connection.execute("select count(*), count(persona_name) from another_name.tweets").fetchall()[0]
        assert kept == (KEPT, KEPT)


def test_matrices_come_back_bit_by_bit(store):
    rows = np.random.default_rng(0).normal(size=(70_000, 3)).astype(np.float32)
    store.make("embeddings", vector_table(np.arange(len(rows)), rows))
    store.run("denoise/schema")
    assert (store.matrix("fuse/kept_vectors") == rows).all()


def test_masked_columns_are_nan(store):
    store.make("assignments", pa.table({"doc_id": [0, 1], "persona_id": [0, 0], "is_core": [True, False],
                                        "distance": [1.0, None], "runner_up_distance": [None, 2.0],
                                        "confidence": [1.0, 1.0]}))  # fmt: skip
    found = store.columns("evaluate/members")
    assert np.isnan(found["distance"]).tolist() == [False, True]


@pytest.mark.parametrize(
    "make", [lambda p: p.write_bytes(b"no database"), lambda p: p.write_bytes(b""), lambda p: None]
)
def test_what_is_no_index_is_not_found(tmp_path, make):
    path = tmp_path / "x.duckdb"
    make(path)
    if path.exists() and not path.read_bytes():
        pytest.skip("an empty file is an empty database")
    with pytest.raises(IndexNotFound) as problem:
        Store.read(path)
    assert "ri build" in problem.value.hint


def test_an_unwritable_place_is_an_error(tmp_path):
    with pytest.raises(BuildError):
        Store.create(tmp_path / "none" / "x.duckdb")


def hold(path, ready, done):
    with sole_writer(path):
        ready.set()
        done.wait(30)


def test_a_second_builder_is_told_at_once(tmp_path):
    target = tmp_path / "x.duckdb"
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(target, ready, done))
    other.start()
    assert ready.wait(60)
    with pytest.raises(IndexBusy, match="another program"), sole_writer(target):
        pass
    done.set()
    other.join()
    with sole_writer(target):
        assert (tmp_path / "x.duckdb.lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_publishing_replaces_in_one_step(tmp_path):
    target, work = tmp_path / "x", tmp_path / "x.work"
    target.write_text("old")
    work.write_text("new")
    opened = target.open()
    put_in_place(work, target)
    assert (target.read_text(), opened.read()) == ("new", "old")
    opened.close()
    assert not work.exists()


# -- digests -------------------------------------------------------------------------------------------------------


def digest(folder, rows, columns="(doc_id bigint, name varchar, x double)"):
    with Store.create(folder / "d.duckdb") as own:
        own.connection.execute(f"create table t {columns}")
        own.connection.executemany("insert into t values (?, ?, ?)", rows)
        return table_digests(own)["t"]


ROWS = [[1, "a", 0.5], [2, None, None], [3, "é", -1e9]]


def test_the_order_of_rows_does_not_count(tmp_path_factory):
    found = {digest(tmp_path_factory.mktemp("d"), rows) for rows in (ROWS, ROWS[::-1], [ROWS[1], ROWS[0], ROWS[2]])}
    assert len(found) == 1


def test_everything_else_counts(tmp_path_factory):
    others = [
        [[1, "a", 0.5], [2, None, None], [4, "é", -1e9]],
        [[1, "b", 0.5], [2, None, None], [3, "é", -1e9]],
        [[1, "a", 0.501], [2, None, None], [3, "é", -1e9]],
        [[1, "a", 0.5], [2, None, 0.0], [3, "é", -1e9]],
        [[1, "a", 0.5], [2, "", None], [3, "é", -1e9]],
        [[1, None, 0.5], [2, "a", None], [3, "é", -1e9]],
        ROWS[:2],
        [*ROWS, ROWS[0]],
    ]
    found = [digest(tmp_path_factory.mktemp("d"), rows) for rows in (ROWS, *others)]
    assert len(set(found)) == len(found)


def test_the_names_of_columns_count(tmp_path_factory):
    other = "(doc_id bigint, title varchar, x double)"
    assert digest(tmp_path_factory.mktemp("d"), ROWS) != digest(tmp_path_factory.mktemp("d"), ROWS, other)


@settings(max_examples=200, deadline=None)
@given(st.floats(1e-20, 1e20), st.booleans())
def test_floats_count_to_five_digits(value, negative):
    value = -value if negative else value
    found = rounded(np.array([value, value * (1 + 1e-9), value * (1 + 1e-4)]))
    assert found[0] == pytest.approx(value, rel=1e-5)
    assert found[0] != found[2]
    assert abs(found[0] - found[1]) <= abs(value) * 2**-16


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False), min_size=1, max_size=20))
def test_floats_of_either_width_are_rounded_alike(values):
    single = np.array(values, np.float32)
    dropped = 24 - FRACTION_BITS
    # And those exactly between two rounded values.
    ties = ((single.view(np.uint32) >> dropped << dropped) | np.uint32(2 ** (dropped - 1))).view(np.float32)
    for each in (single, ties[np.abs(ties) > 2.0**-100]):
        assert rounded(each).tolist() == rounded(each.astype(np.float64)).tolist()


def test_zero_has_no_sign():
    assert rounded(np.array([-0.0])).tobytes() == rounded(np.array([0.0])).tobytes()


# -- fingerprints --------------------------------------------------------------------------------------------------

INPUTS = {"ingest": "source", "embed": "encoder"}
ALL = [stage.name for stage in STAGES]
AFTER_DENOISE = {
    "denoise", "speakers", "classify", "fuse", "fit", "refit", "succeed", "assign", "tally", "evaluate", "enrich",
    "layout", "words", "index",
}  # fmt: skip
DUE = {
    ("threads", 3): set(),
    ("enrich.terms", 9): {"enrich"},
    ("layout.neighbors", 9): {"layout"},
    ("index.ann_rows", 2000): {"index"},
    ("evaluate.refits", 1): {"refit", "assign", "tally", "evaluate", "enrich", "words", "index"},
    ("evaluate.max_documents", 900): AFTER_DENOISE - {"denoise", "speakers", "classify"},
    ("assign.core_margin", 0.2): {"assign", "tally", "evaluate", "enrich", "words", "index"},
    ("fit.personas", 5): {
        "fuse",
        "fit",
        "refit",
        "succeed",
        "assign",
        "tally",
        "evaluate",
        "enrich",
        "layout",
        "words",
        "index",
    },
    ("classify.threshold", 0.2): AFTER_DENOISE - {"denoise", "speakers"},
    ("stances.threshold", 0.5): {"stances", "tally"},
    ("fuse.clip", 2.0): AFTER_DENOISE - {"denoise", "speakers", "classify"},
    ("behave.timezone", "Asia/Kolkata"): (AFTER_DENOISE - {"denoise", "speakers", "classify"}) | {"behave"},
    ("denoise.min_words", 3): AFTER_DENOISE,
    ("embed.encoder", "column:x"): AFTER_DENOISE | {"embed", "stances"},
    ("seed", 7): AFTER_DENOISE,
    ("ingest.map", "text=x"): set(ALL),
}


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(("key", "value"), DUE, ids=lambda v: str(v))
def test_a_setting_makes_due_what_depends_on_it(key, value):
    base = fingerprints(STAGES, BuildConfig(), INPUTS)
    assert changed(base, fingerprints(STAGES, BuildConfig().with_setting(key, value), INPUTS)) == DUE[key, value]


def test_inputs_versions_and_sql_make_stages_due(own_statements):
    base = fingerprints(STAGES, BuildConfig(), INPUTS)
    assert changed(base, fingerprints(STAGES, BuildConfig(), {**INPUTS, "ingest": "other"})) == set(ALL)
    assert changed(base, fingerprints(STAGES, BuildConfig(), {**INPUTS, "embed": "other"})) == (
        AFTER_DENOISE | {"embed", "stances"}
    )
    newer = tuple(replace(s, version=s.version + 1) if s.name == "enrich" else s for s in STAGES)
    assert changed(base, fingerprints(newer, BuildConfig(), INPUTS)) == {"enrich"}
    own_statements("layout/layout")
    assert changed(base, fingerprints(STAGES, BuildConfig(), INPUTS)) == {"layout"}


def test_stages_come_after_their_parents():
    seen = set()
    for stage in STAGES:
        assert set(stage.parents) <= seen
        seen.add(stage.name)
    assert len(seen) == len(STAGES) == 18


def test_every_config_section_is_a_stage():
    from riindex.config.build_config import _SECTIONS

    assert set(_SECTIONS) <= set(ALL)


def test_a_table_of_this_version_that_is_missing_is_told_and_no_other():
    missing = "Catalog Error: Table with name {} does not exist!"
    told = earlier_version(Exception(missing.format("speakers")))
    assert told is not None
    assert "without the table speakers" in told[0]
    assert earlier_version(Exception(missing.format("of_somebody"))) is None
