"""Changes by hand hold, can be taken back, and stay with the persona that succeeds."""

import shutil

import numpy as np
import polars as pl
import pytest
from corpora import QUICK, SAMPLE, Listener, rows

import riindex
from riindex.errors import IndexBusy, QueryError
from riindex.index import RIIndex
from riindex.pipeline.run import build
from riindex.share.ship import ship
from riindex.share.verify import verify
from riindex.store.database import Store
from riindex.store.locks import sole_writer


@pytest.fixture
def copy(sample_path, tmp_path):
    """A copy of the sample to edit."""
    path = tmp_path / "copy.duckdb"
    shutil.copyfile(sample_path, path)
    return path


def wrong(path):
    return [finding for finding in verify(path) if not finding.note]


def told(path, query):
    with RIIndex(path) as index:
        return index.sql(query).fetchall()


def test_a_name_is_given_and_taken_back(copy):
    generated = dict(told(copy, "select persona_id, name from personas"))
    riindex.rename_persona(copy, 7, "  Parcel   chasers ")
    riindex.rename_persona(copy, 7, "Parcel hunters")
    assert dict(told(copy, "select persona_id, name from personas")) == {**generated, 7: "Parcel hunters"}
    assert dict(told(copy, "select persona_id, generated_name from personas")) == generated
    assert told(copy, "select distinct persona_name from tweets where persona_id = 7") == [("Parcel hunters",)]
    assert str(riindex.undo_edit(copy)) == "persona 7 is called Parcel hunters"
    assert told(copy, "select name from personas where persona_id = 7") == [("Parcel chasers",)]
    riindex.undo_edit(copy)
    assert dict(told(copy, "select persona_id, name from personas")) == generated
    assert told(copy, "select kind, persona_id, undone from edits") == [("rename", 7, True)] * 2


def test_what_cannot_be_edited_says_so_and_changes_nothing(copy, tmp_path):
    before = copy.read_bytes()
    for attempt in (
        lambda: riindex.rename_persona(copy, 99, "Nobody"),
        lambda: riindex.rename_persona(copy, 1, "   "),
        lambda: riindex.rename_persona(copy, 1, "x" * 81),
        lambda: riindex.rename_persona(
            copy, 1, told(copy, "select upper(name) from personas where persona_id = 2")[0][0]
        ),
        lambda: riindex.merge_personas(copy, 1, 1),
        lambda: riindex.merge_personas(copy, 1, 99),
        lambda: riindex.undo_edit(copy),
    ):
        with pytest.raises(QueryError) as problem:
            attempt()
        assert problem.value.hint
    with sole_writer(copy), pytest.raises(IndexBusy):
        riindex.rename_persona(copy, 1, "Somebody")
    assert copy.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.duckdb"]


def test_the_commands_say_what_they_did(copy, run_ri):
    code, out, _ = run_ri("rename", "7", "Parcel chasers", "-i", copy)
    assert (code, out) == (0, "persona 7 is called Parcel chasers\n")
    assert run_ri("persona", "parcel ch", "-i", copy)[1].startswith("Parcel chasers  (persona 7")
    assert run_ri("undo", "-i", copy)[1] == "undone: the name Parcel chasers of persona 7\n"
    code, _, told_ = run_ri("undo", "-i", copy)
    assert code == 1
    assert "hint: " in told_


@pytest.mark.slow
def test_a_merge_makes_every_figure_again_and_can_be_taken_back(sample_path, copy):
    before = dict(told(copy, "select tweet_id, persona_id from tweets"))
    named = dict(told(copy, "select persona_id, name from personas"))
    riindex.merge_personas(copy, 5, 8)
    after = dict(told(copy, "select tweet_id, persona_id from tweets"))
    assert after == {tweet: 5 if persona == 8 else persona for tweet, persona in before.items()}
    assert set(dict(told(copy, "select persona_id, size from personas"))) == set(named) - {8}
    assert told(copy, "select count(*) from assignments where runner_up_id = persona_id or runner_up_id = 8") == [(0,)]
    for table in ("persona_terms", "persona_quality", "claims", "search_personas", "persona_traits"):
        assert told(copy, f"select count(*) from {table} where persona_id = 8") == [(0,)], table
    assert wrong(copy) == []
    with RIIndex(copy) as index:
        assert len(index.similar("late parcel", limit=3)) == 3
    riindex.undo_edit(copy)
    assert dict(told(copy, "select persona_id, name from personas")) == named
    assert wrong(copy) == []
    with Store.read(copy) as one, Store.read(sample_path) as other:
        assert rows(one, "assignments") == rows(other, "assignments")


@pytest.mark.slow
def test_numbers_names_and_merges_survive_a_rebuild_with_new_rows(tmp_path):
    frame = pl.read_parquet(SAMPLE / "tweets.parquet")
    part = np.sort(np.random.default_rng(1).choice(len(frame), int(len(frame) / 1.1), replace=False))
    target, listener = tmp_path / "sample.duckdb", Listener()
    build(frame[part], target, settings=QUICK)
    before = dict(told(target, "select tweet_id, persona_id from tweets"))
    words = told(target, "select persona_id from persona_terms where kind = 'term' and term = 'parcel' order by rank")
    named = words[0][0]
    into, other = [i for i in sorted(set(before.values())) if i != named][-2:]
    riindex.rename_persona(target, named, "Parcel chasers")
    riindex.merge_personas(target, into, other)
    build(frame, target, settings=QUICK, report=listener)
    after = dict(told(target, "select tweet_id, persona_id from tweets"))
    both = before.keys() & after.keys()
    expected = {tweet: into if before[tweet] == other else before[tweet] for tweet in both}
    assert np.mean([after[tweet] == expected[tweet] for tweet in both]) >= 0.95
    assert "12 of 12 groups keep the number of a former persona" in listener.notes
    assert told(target, f"select name from personas where persona_id = {named}") == [("Parcel chasers",)]
    assert other not in dict(told(target, "select persona_id, name from personas"))
    assert told(target, "select kind from edits order by edit_id") == [("rename",), ("merge",)]
    assert wrong(target) == []


@pytest.mark.slow
def test_a_copy_for_others_says_nothing_of_edits_and_takes_none(copy, tmp_path):
    riindex.rename_persona(copy, 7, "Jane Doe")
    for level in ("analyst", "public"):
        target = tmp_path / f"{level}.duckdb"
        ship(copy, target, level)
        assert not [name for (name,) in told(target, "select name from personas") if "Jane" in name]
        with pytest.raises(QueryError):
            riindex.rename_persona(target, 7, "Parcel chasers")
    assert told(tmp_path / "analyst.duckdb", "select count(*) from edits") == [(0,)]
