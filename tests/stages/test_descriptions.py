"""Persona descriptions as sources: blocks, JSON objects of names, and how the kind is recognised."""

import gzip
import json

import pyarrow as pa
import pytest
from corpora import Listener, ask, blocks, collection, start, through
from hypothesis import given
from hypothesis import strategies as st

from riindex.errors import InputError
from riindex.pipeline.job import resolve_config
from riindex.sources import kind_of
from riindex.sources.descriptions import named_descriptions, read_blocks

LINES = st.text(st.characters(codec="utf-8", exclude_characters="=\r\x85\u2028\u2029\x1c\x1d\x1e\x0b\x0c"), min_size=1)


def ingested(folder, source, report=None):
    return through(start(folder, source, report=report, preset="descriptions"), "ingest")


@given(st.lists(LINES.filter(str.strip), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_what_is_written_is_read(texts, newline, mark):
    written = blocks(texts).replace("\n", newline)
    found = read_blocks(("\ufeff" if mark else "") + written, "a.txt")
    assert found.texts == [text.replace("\r\n", "\n").strip() for text in texts]
    assert found.numbers == found.ids == [str(n) for n in range(1, len(texts) + 1)]
    assert (found.empty, found.notes) == ([], [])


def test_gaps_repeats_and_a_preamble_are_told_and_nothing_is_lost():
    found = read_blocks("Our personas\n=== PERSONA 2 ===\na\n=== persona 7 ===\nb\n===PERSONA 2===\nc\n", "a.txt")
    assert found.texts == ["a", "b", "c"]
    assert found.numbers == ["2", "7", "2"]
    told = " ".join(found.notes)
    assert "Our personas" in told
    assert "3 to 6" in told


def test_a_number_that_stands_again_gets_an_id_of_its_own():
    found = read_blocks(blocks(["a"]) + blocks(["b"]) + blocks(["c"]), "a.txt")
    assert found.numbers == ["1", "1", "1"]
    assert len(set(found.ids)) == 3
    assert any("1 (3 times)" in note for note in found.notes)


def test_an_empty_block_is_rejected_with_its_number(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(blocks(["You cook.", " ", "You sail."]), encoding="utf-8")
    store = ingested(tmp_path, path)
    assert ask(store, "select tweet_id, text from documents order by doc_id") == [
        ("1", "You cook."),
        ("3", "You sail."),
    ]
    assert ask(store, "select place, reason from rejects") == [("PERSONA 2", "nothing below the header")]


@pytest.mark.parametrize("text", ["just text", "=== PERSONA 1 ===\n\n=== PERSONA 2 ===\n", "", "   "])
def test_a_file_without_personas_is_an_error_with_a_hint(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as problem:
        ingested(tmp_path, tmp_path / "a.txt")
    assert problem.value.hint


def test_the_same_text_twice_is_two_personas(tmp_path):
    (tmp_path / "a.txt").write_text(blocks(["You cook.", "You cook."]), encoding="utf-8")
    store = through(start(tmp_path, tmp_path / "a.txt", preset="descriptions"), "ingest", "embed", "denoise")
    assert ask(store, "select count(*) from documents") == [(2,)]
    assert ask(store, "select count(*) from dropped") == [(0,)]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ({"Chef": "You cook.", "Sailor": "You sail."}, [("Chef", "You cook."), ("Sailor", "You sail.")]),
        ({"Chef": {"prompt": "You cook.", "age": 3}, "Sailor": {"prompt": "You sail."}},
         [("Chef", "You cook."), ("Sailor", "You sail.")]),
        ({"Chef": {"id": "7", "description": "You cook."}, "Sailor": {"id": "8", "description": "You sail."}},
         [("7", "You cook."), ("8", "You sail.")]),
    ],
)  # fmt: skip
def test_objects_of_named_descriptions_are_recognised_and_read(tmp_path, content, rows):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert kind_of([path]) == "descriptions"
    assert ask(ingested(tmp_path, path), "select tweet_id, text from documents order by doc_id") == rows


@pytest.mark.parametrize("content", [
    {"id": "1", "text": "a tweet"}, {"data": [{"text": "a"}]}, [{"text": "a"}], {"tweet": {"text": "a"}}, {}, "a", 3,
    {"1": {"text": "a", "created_at": "x"}, "2": {"text": "b", "created_at": "y"}}, {"a": {"b": 1}, "c": {"d": 2}},
])  # fmt: skip
def test_other_json_is_none_of_them(tmp_path, content):
    assert named_descriptions(content) is None
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    assert kind_of([tmp_path / "a.json"]) is None


@pytest.mark.parametrize("text_column", ["description", "persona", "prompt", "persona_description", "text"])
def test_a_table_with_a_text_column_is_read_as_the_kind_that_is_said(tmp_path, text_column):
    frame = pa.table({"name": ["Chef", "Sailor"], text_column: ["You cook.", "You sail."]})
    store = ingested(tmp_path, frame)
    assert ask(store, "select tweet_id, author, text from documents order by doc_id") == [
        ("Chef", None, "You cook."), ("Sailor", None, "You sail.")]  # fmt: skip


def test_packed_blocks_and_mixed_sources(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(blocks(["You cook."]).encode()))
    assert kind_of([path]) == "descriptions"
    assert kind_of([path, "tweets.csv"]) is None
    assert ask(ingested(tmp_path, path), "select text from documents") == [("You cook.",)]


def test_the_kind_is_the_preset_where_none_is_named():
    assert resolve_config(kind="descriptions").preset == "descriptions"
    assert resolve_config(kind=None).preset == "tweets"
    mixed = resolve_config("ri-2025", kind="descriptions")
    assert (mixed.preset, mixed.ingest.kind) == ("ri-2025", "descriptions")


def test_notes_reach_the_report(tmp_path):
    report = Listener()
    (tmp_path / "a.txt").write_text(blocks([text for text, _, _ in collection(4)], start=5), encoding="utf-8")
    with (tmp_path / "a.txt").open("a", encoding="utf-8") as out:
        out.write("=== PERSONA 12 ===\nYou sail.\n")
    ingested(tmp_path, tmp_path / "a.txt", report=report)
    assert any("9 to 11" in warning for warning in report.warnings)
