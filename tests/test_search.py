"""Every way to the nearest tweets gives the same answer, and a way that is closed is told."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from corpora import KEPT
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.errors import QueryError
from riindex.index import RIIndex
from riindex.search import planner
from riindex.search.backends import ArrayReader
from riindex.search.lance import VectorTable
from riindex.search.planner import choose
from riindex.share.verify import verify
from riindex.text.keywords import ascii_keywords

QUERIES = ["my parcel is late", "AI shopping assistant", "refund"]
ANSWER = ["tweet_id", "score", "persona_id", "persona_name", "text"]


@pytest.fixture
def lists(monkeypatch):
    """Reading vectors is so dear that lists are always taken."""
    monkeypatch.setattr(ArrayReader, "costs", planner.Costs(scan=1e6, gather=1e6))


@pytest.fixture
def copy(sample_path, tmp_path):
    """The sample and its vector table, to be harmed."""
    for path in sample_path.parent.iterdir():
        if path.is_dir() or path.suffix == ".duckdb":
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, tmp_path / path.name)
    return tmp_path / sample_path.name


def assert_same(one, other):
    """The same rows in the same order; sums of floats depend on how many are made at once."""
    assert one.drop("score").equals(other.drop("score"))
    assert one["score"].to_list() == pytest.approx(other["score"].to_list(), abs=1e-6)


def table_of(path):
    return next(path.parent.glob("*.lance"))


@pytest.mark.parametrize(("rows", "passing", "costs", "loaded", "way"), [
    (2_000, None, planner.ARRAYS, True, "scan"), (500_000, None, planner.ARRAYS, True, "list"),
    (500_000, None, planner.ARRAYS, False, "scan"), (500_000, None, planner.FILE, True, "list"),
    (90_000_000, None, planner.ARRAYS, False, "list"), (500_000, 400, planner.ARRAYS, True, "filtered scan"),
    (500_000, 300_000, planner.ARRAYS, True, "deepened list"),
    (500_000, 300_000, planner.ARRAYS, False, "filtered scan"),
])  # fmt: skip
def test_the_cheapest_way_is_taken(rows, passing, costs, loaded, way):
    plan = choose(rows, passing, 10, costs, None, loaded)
    assert plan.way == way
    assert plan.estimates_ms[way] == min(plan.estimates_ms.values())


def test_a_table_that_cannot_be_asked_is_not(copy):
    plan = choose(500_000, None, 10, planner.FILE, "it is missing", True)
    assert (plan.way, plan.why, plan.exact) == ("scan", "it is missing", True)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("options", "way"), [
    ({}, "list"), ({"persona": 1}, "deepened list"), ({"where": "like_count > 2"}, "deepened list"),
    ({"where": "text ilike '%e%'"}, "deepened list"), ({"mode": "hybrid"}, "list"),
])  # fmt: skip
def test_lists_find_what_a_scan_finds(sample, lists, query, options, way):
    plan = sample.explain(query, **options)
    assert plan.way == way or "too few" in plan.why
    listed, exact = sample.similar(query, **options), sample.similar(query, **options, exact=True)
    assert listed.columns[:5] == ANSWER
    assert_same(listed, exact)


def test_a_list_that_holds_too_few_gives_way_to_a_scan(sample, lists, monkeypatch):
    monkeypatch.setattr(VectorTable, "nearest", lambda self, vector, limit, everywhere: np.arange(8))
    plan = sample.explain("refund", where="like_count > 2")
    assert (plan.way, plan.why) == ("filtered scan", "too few of the nearest documents pass the filter")
    found = sample.similar("refund", where="like_count > 2")
    assert_same(found, sample.similar("refund", where="like_count > 2", exact=True))


def missing(path):
    shutil.rmtree(table_of(path))


def cut(path):
    for file in table_of(path).rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_index(path):
    for file in (table_of(path) / "tweets.lance").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def stale(path):
    import lancedb

    lancedb.connect(str(table_of(path))).open_table("tweets").delete("doc_id < 50")


def of_others(path):
    file = table_of(path) / "arrays" / "doc_ids.npy"
    ids = np.load(file)
    ids[-1] += 1
    np.save(file, ids)


@pytest.mark.parametrize(("harm", "told"), [
    (missing, "is missing"), (cut, "cannot be read"), (cut_index, "cannot be read"), (stale, "holds 1,3"),
    (of_others, "of other documents"),
])  # fmt: skip
def test_a_harmed_table_is_told_and_every_vector_read(copy, lists, harm, told):
    harm(copy)
    with RIIndex(copy) as index:
        plan = index.explain("late parcel")
        assert told in plan.why
        assert plan.exact
        assert index.similar("late parcel").equals(index.similar("late parcel", exact=True))


@pytest.mark.parametrize("options", [
    {}, {"mode": "keyword"}, {"mode": "hybrid"}, {"where": "like_count > 2"}, {"persona": 3, "mode": "keyword"},
    {"where": "like_count < 0"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("query", [*QUERIES, "delivery delivery REFUND https://refund.example/x", "चाय पर café", "🙂"])
def test_the_file_alone_answers_as_with_its_arrays(sample, copy, query, options):
    missing(copy)
    with RIIndex(copy) as alone:
        there, here = alone.similar(query, **options), sample.similar(query, **options, exact=True)
    assert_same(there, here)


@settings(deadline=None)
@given(text=st.text(st.characters(max_codepoint=127)) | st.sampled_from(["a www.x.y\x0bz b", "HTTP://x https://Y c_d"]))
def test_keywords_of_ascii_are_those_of_the_macro(sample, text):
    assert ascii_keywords(text) == sample.store.value("search/keywords", query=text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vectors.npy", "texts.utf8", "posting_weights.npy", "posting_rows.npy", "terms.utf8"])
def test_arrays_hold_what_the_file_does(copy, name):
    file = table_of(copy) / "arrays" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    (found,) = verify(copy)
    assert (found.key, found.note) == (name, False)


@pytest.mark.parametrize("options", [{}, {"mode": "hybrid"}, {"mode": "keyword"}, {"where": "like_count > 2"}], ids=str)
def test_several_queries_are_answered_as_each_alone(sample, options):
    found = sample.similar(QUERIES, limit=4, **options)
    assert found.columns[0] == "query"
    for number, query in enumerate(QUERIES):
        own = found.filter(found["query"] == number).drop("query")
        assert own.equals(sample.similar(query, limit=4, **options))


def test_a_matrix_is_several_vectors_and_a_list_of_numbers_is_one(sample):
    vectors = np.array([row[0] for row in sample.sql("select vector from embeddings limit 2").fetchall()])
    both = sample.similar(vectors, limit=3)
    assert both["query"].to_list() == [0, 0, 0, 1, 1, 1]
    assert sample.similar(vectors[1].tolist(), limit=3).equals(both.filter(both["query"] == 1).drop("query"))


NO_QUERIES = {"nothing": [], "empty text": ["a", ""], "unpaired surrogate": "a\ud800b",
              "mixed": ["a", 3], "an object": object(), "of another length": np.ones((2, 5)),
              "a cube": np.ones((1, 1, 1))}  # fmt: skip


@pytest.mark.parametrize("query", NO_QUERIES.values(), ids=NO_QUERIES)
@pytest.mark.parametrize("mode", ["vector", "keyword", "hybrid"])
def test_what_is_no_query_is_refused(sample, query, mode):
    with pytest.raises(QueryError):
        sample.similar(query, mode=mode)


def test_the_plan_tells_figures(sample):
    plan = sample.explain("late parcel", where="like_count > 2")
    assert 0 < plan.passing < plan.rows == KEPT
    assert set(plan.took_ms) == {"filter", "rank", "read"}
    assert all(ms >= 0 for ms in plan.took_ms.values())


def test_threads_share_an_index(sample):
    asked = [
        {"query": query, **options}
        for query in QUERIES
        for options in ({}, {"where": "like_count > 2"}, {"mode": "hybrid"})
    ]
    wanted = [sample.matches(**one) for one in asked]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: sample.matches(**one), asked * 3))
    assert found == wanted * 3


def test_every_thread_asks_behind_the_same_locks(sample):
    def ask():
        settings = "select current_setting('timezone'), current_setting('lock_configuration')"
        leak = pa.table({"a": [1]})
        with pytest.raises(QueryError, match="leak"):
            sample.sql("from leak").fetchall()
        return sample.sql(settings).fetchall(), leak

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask).result()[0] == [("UTC", True)]


def test_a_closed_index_is_let_go_by_every_thread(copy):
    index = RIIndex(copy)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(index.matches, QUERIES[0]).result()
        index.close()
        program = "import duckdb, sys; duckdb.connect(sys.argv[1])"  # another process, for writing
        assert subprocess.run([sys.executable, "-c", program, str(copy)], capture_output=True).returncode == 0


def test_in_a_forked_process_the_vector_table_is_not_asked(tmp_path):
    program = (
        "import os, sys, warnings, lancedb, pathlib\n"
        "from riindex.errors import IndexNotFound\n"
        "from riindex.search.lance import VectorTable\n"
        "warnings.simplefilter('ignore')\n"
        "child = os.fork()\n"
        "if child:\n"
        "    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "try:\n"
        "    VectorTable(pathlib.Path('a.lance'), []).check()\n"
        "except IndexNotFound as problem:\n"
        "    os._exit(0 if 'forked' in problem.message and 'spawn' in problem.hint else 2)\n"
        "os._exit(3)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=tmp_path, timeout=60, check=False).returncode == 0
