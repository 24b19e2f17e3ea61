"""What every face stands on: the profile of a persona, the request of a search, and questions in a child process."""

import dataclasses
import datetime
import decimal
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import uuid

import numpy as np
import pytest
from corpora import QUICK, blobs, with_vectors

import riindex
from riindex import RIIndex
from riindex.ask import sandbox
from riindex.cli import COMMANDS
from riindex.errors import IndexNotFound, QueryError
from riindex.pipeline.run import build
from riindex.search.query import SearchOptions, SearchRequest


@pytest.fixture
def apart(sample_path):
    with RIIndex(sample_path, sandboxed=True) as index:
        yield index


# -- the profile ---------------------------------------------------------------------------------------------------


def test_a_profile_holds_what_the_tables_hold(sample):
    for row in sample.listing():
        shown = sample.profile(row["id"])
        assert (shown.name, shown.tier, shown.figures["size"]) == (row["name"], row["tier"], row["size"])
        assert shown.health["verdict"] in ("solid", "usable", "fragile")
        assert sum(hour["n"] for hour in shown.hours) == shown.figures["size"]
        assert shown.description == " ".join(shown.claims[i]["sentence"] for i in shown.described_by())
        assert {hint["claim_id"] for hint in shown.hints} <= set(shown.claims)
        assert 0 < len(shown.evidence) <= 10
    with pytest.raises(QueryError, match="no persona"):
        sample.profile("not there")


def test_the_claim_beside_a_figure_says_that_figure(sample):
    proven = 0
    for row in sample.listing():
        shown = sample.profile(row["name"])
        assert shown.claims[shown.claim_of("size")]["value"] == shown.figures["size"]
        for term in shown.terms:
            if term["claim_id"] is not None:
                claim = shown.claims[term["claim_id"]]
                assert claim["value"] == pytest.approx(term["share"])
                proven += 1
        for trait in shown.traits:
            if trait["claim_id"] is not None:
                assert shown.claims[trait["claim_id"]]["value"] == pytest.approx(trait["mean"], rel=1e-5)
                proven += 1
        for hour in shown.hours:
            if hour["claim_id"] is not None:
                assert shown.claims[hour["claim_id"]]["value"] == pytest.approx(hour["share"])
                proven += 1
    assert proven > 40


def test_a_profile_cannot_be_changed(sample):
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.profile(0).name = "another"


# -- the request ---------------------------------------------------------------------------------------------------


def test_options_are_the_fields_of_a_request():
    fields = {field.name for field in dataclasses.fields(SearchRequest)}
    assert set(SearchOptions.__annotations__) == fields - {"query"}
    with pytest.raises(TypeError, match="wheer"):
        SearchRequest("late", wheer="x")


# -- the child process ---------------------------------------------------------------------------------------------


def test_answers_are_the_same_in_a_child(sample, apart):
    options = {"where": "like_count > 2", "limit": 5}
    assert apart.matches("late parcel", **options) == sample.matches("late parcel", **options)
    assert apart.similar("late parcel", **options).equals(sample.similar("late parcel", **options))
    assert apart.explain("late parcel", **options).passing == sample.explain("late parcel", **options).passing
    assert apart.tweet_rows(3, "like_count > 2", 4, True) == sample.tweet_rows(3, "like_count > 2", 4, True)
    assert apart.compare(3, where="like_count > 2") == sample.compare(3, where="like_count > 2")
    query = "select persona_id, count(*) as n from tweets group by all order by all"
    assert apart.sql_rows(query) == sample.sql_rows(query)
    assert apart.sql_rows("@targeting", {"hours": "9-17"}) == sample.sql_rows("@targeting", {"hours": "9-17"})
    assert apart.sql_rows(None) == sample.sql_rows(None)


def test_values_of_every_type_come_back(apart):
    columns, rows = apart.sql_rows(
        "select 1.50::decimal(4, 2) as a, date '2020-01-02' as b, timestamp '2020-01-02 03:04:05' as c, "
        "time '03:04:05' as d, interval 3 day as e, uuid '00000000-0000-0000-0000-000000000001' as f, "
        "'x'::blob as g, [1, null] as h, {'k': 'v'} as i, 'nan'::double as j, null as k, true as l, "
        "170141183460469231731687303715884105727::hugeint as m"
    )
    found = dict(zip(columns, rows[0], strict=True))
    assert found["a"] == decimal.Decimal("1.50")
    assert found["b"] == datetime.date(2020, 1, 2)
    assert found["c"] == datetime.datetime(2020, 1, 2, 3, 4, 5)
    assert (found["d"], found["e"]) == (datetime.time(3, 4, 5), datetime.timedelta(days=3))
    assert found["f"] == uuid.UUID(int=1)
    assert (found["g"], found["h"], found["i"]) == (b"x", [1, None], {"k": "v"})
    assert found["j"] != found["j"]
    assert (found["k"], found["l"], found["m"]) == (None, True, 2**127 - 1)


def test_errors_come_back_as_they_are(apart, tmp_path):
    with pytest.raises(QueryError, match="nothing_there") as problem:
        apart.sql_rows("select nothing_there from tweets")
    assert problem.value.hint
    with pytest.raises(QueryError, match="only queries"):
        apart.sql_rows("drop table personas")
    with pytest.raises(IndexNotFound, match="no index"):
        RIIndex(tmp_path / "none.duckdb", sandboxed=True).sql_rows("select 1")


def test_a_question_that_takes_too_long_is_ended(apart):
    with pytest.raises(QueryError, match=r"no result after 0\.5 s"):
        apart.sql_rows("select count(*) from range(1000000000000)", seconds=0.5)


def test_a_child_that_is_not_asked_ends(sample_path):
    program = "from riindex.ask import sandbox; sandbox.begin(); print(sandbox._begun[0].pid)"
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    process = int(answer.stdout)
    for _ in range(200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        import time

        time.sleep(0.1)
    raise AssertionError("the child outlives its parent")


class Harmful:
    """What a child could send that would run something in its parent."""

    def __reduce__(self):
        return os.system, ("echo harmful",)


@pytest.mark.parametrize("sent", [Harmful(), ("answer", [Harmful()]), ("answer", subprocess.PIPE.__class__)])
def test_an_answer_holds_plain_values_alone(sent):
    with pytest.raises(pickle.UnpicklingError, match="is not part of an answer"):
        sandbox._Plain(io.BytesIO(pickle.dumps(sent))).load()


# -- commands ------------------------------------------------------------------------------------------------------


def test_every_command_has_its_call_in_python():
    calls = {
        "build": "riindex.build", "cluster": "riindex.cluster_personas", "encoder": "riindex.encoders.training.train",
        "summary": "get_summary_stats", "personas": "listing", "persona": "profile", "sql": "sql_rows",
        "map": "write_map", "rename": "rename_persona", "merge": "merge_personas", "undo": "undo_edit",
        "index": "rebuild_search", "tweets": "tweet_rows", "similar": "matches",
        "inspect": "riindex.inspect",
    }  # fmt: skip
    assert {"plan", "recipes"} <= set(riindex.__all__)  # of ri build --plan and ri sql --list
    for command in COMMANDS:
        name = calls.get(command, command)
        assert name.startswith("riindex.") or callable(getattr(RIIndex, name)), command


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_the_command_begins_is_no_traceback(number):
    program = (
        "import os, signal\nfrom riindex.cli.exits import ended_by_signals\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\nwith ended_by_signals():\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "    import time; time.sleep(5)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (128 + number, "")


# -- an export -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{"assign.noise": False}, {}, {"fit.max_documents": 120}], ids=str)
def test_the_figures_of_an_export_are_counted(tmp_path, settings):
    points, _ = blobs(each=50)
    away = np.random.default_rng(5).normal(0, 3, (15, points.shape[1]))
    vectors = np.vstack([points, away]).astype(np.float32)
    texts = [f"post {word} about things number {i}" for i, word in enumerate(["tea", "rain", "car"] * 80)][
        : len(vectors)
    ]
    target = tmp_path / "posts.duckdb"
    method = {"embed.encoder": "column:vec", "fit.method": "hdbscan", "fit.min_cluster_size": 20, "fit.min_samples": 5,
              "denoise.near_duplicate_similarity": 1.0, "denoise.template_repeats": 1_000,
              "fuse.text_share": 1.0}  # fmt: skip
    build(with_vectors(texts, vectors), target, settings={**QUICK, **method, **settings})
    with RIIndex(target) as index:
        index.export(tmp_path / "out")
        [(kept, assigned)] = index.sql("select count(*), count(persona_id) from tweets").fetchall()
        [(seen, noise)] = index.sql("select count(*), count(*) - count(raw_label) from raw_labels").fetchall()
    told = json.loads((tmp_path / "out" / "persona_assignment_stats.json").read_text(encoding="utf-8"))
    figures = told["noise_handling"]
    assert told["quality_metrics"]["coverage"] == f"{100 * assigned / kept:.4g}%"
    assert figures["original_noise_count"] == noise > 0
    assert figures["noise_ratio"] == round(100 * noise / seen, 2)
    assert figures["final_noise_count"] == kept - assigned
    assert figures["reassigned_to_nearest"] == noise - (kept - assigned)
    assert (seen < kept) == ("fit.max_documents" in settings)
    assert (assigned < kept) == ("assign.noise" in settings)


def test_threads_may_ask_at_the_same_time(apart):
    from concurrent.futures import ThreadPoolExecutor

    sandbox.begin()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda n: apart.sql_rows(f"select {n} as n")[1], range(3)))
    assert answers == [[(0,)], [(1,)], [(2,)]]
