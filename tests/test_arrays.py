"""Arrays come back as they were written, and are ranked as the whole of them would be."""

import os
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.errors import IndexNotFound
from riindex.search.arrays import BLOCK_ROWS, Arrays, Writer
from riindex.store.arrow import matrix_column

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=30)


def write(folder, texts, vectors, personas=None, postings=(), batch=7):
    """Documents 3, 5, 7, …; ``postings``: (keyword, [(doc_id, weight)]) in order."""
    n = len(texts)
    rows = pa.table({
        "doc_id": pa.array(range(3, 2 * n + 3, 2), pa.int64()), "tweet_id": [f"t{i}" for i in range(n)],
        "text": pa.array(texts, pa.string()), "persona_id": pa.array(personas or [0] * n, pa.int32()),
        "vector": matrix_column(np.asarray(vectors, np.float32)),
    })  # fmt: skip
    terms = {"term": pa.array([t for t, _ in postings], pa.string()),
             "n_documents": pa.array([len(p) for _, p in postings], pa.int64())}  # fmt: skip
    flat = [pair for _, own in postings for pair in own]
    posted = {
        "doc_id": pa.array([d for d, _ in flat], pa.int64()),
        "weight": pa.array([w for _, w in flat], pa.float32()),
    }
    with Writer(folder, n, np.shape(vectors)[1]) as arrays:
        for part in rows.to_batches(batch):
            arrays.add(part)
        arrays.post(pa.table(terms).to_batches(), pa.table(posted).to_batches(2))
    return Arrays(folder, n, np.shape(vectors)[1])


@given(texts=TEXTS)
@settings(max_examples=40, deadline=None)
def test_texts_come_back(tmp_path_factory, texts):
    personas = [None if i % 3 == 0 else i for i in range(len(texts))]
    arrays = write(tmp_path_factory.mktemp("texts"), texts, np.ones((len(texts), 2)), personas)
    told = [arrays.row(row) for row in range(len(texts))]
    assert told == [(f"t{i}", personas[i], text) for i, text in enumerate(texts)]


@pytest.mark.parametrize("share", [None, 0.0, 0.02, 0.3, 0.9])
@pytest.mark.parametrize("limit", [1, 10, 5_000])
def test_the_nearest_are_those_of_a_whole_sort(tmp_path, share, limit):
    dice = np.random.default_rng(1)
    # Few values, so that many scores are equal.
    vectors = dice.integers(-2, 3, (3 * BLOCK_ROWS + 17, 4)).astype(np.float32)
    arrays = write(tmp_path, ["x"] * len(vectors), vectors, batch=400)
    target = np.array([1, -1, 2, 0], np.float32)
    among = None if share is None else np.flatnonzero(dice.random(len(vectors)) < share)
    scores = vectors @ target
    rows = np.arange(len(vectors)) if among is None else among
    best = sorted(rows.tolist(), key=lambda row: (-scores[row], row))[:limit]
    assert arrays.near(target, limit, among) == [(row, float(scores[row])) for row in best]


def test_keywords_add_up(tmp_path):
    postings = [("a", [(3, 1.0), (5, 2.0)]), ("é", [(5, 0.5), (9, 4.0)]), ("中", [(3, 8.0)])]
    arrays = write(tmp_path, ["x"] * 5, np.ones((5, 2)), postings=postings)
    assert arrays.bm25(Counter(["a", "é", "é", "b", "zz", ""]), 9) == [(3, 8.0), (1, 3.0), (0, 1.0)]
    assert arrays.bm25(Counter(["中", "a"]), 1) == [(0, 9.0)]
    mask = arrays.mask(np.array([5, 9]))
    assert mask.tolist() == [False, True, False, True, False]
    assert arrays.bm25(Counter(["a", "é"]), 9, mask) == [(3, 4.0), (1, 2.5)]
    assert arrays.bm25(Counter(["b"]), 9) == []


def test_documents_without_a_word_have_no_keywords(tmp_path):
    assert write(tmp_path, ["🙂", "🙃"], np.ones((2, 2))).bm25(Counter(["a"]), 3) == []


@pytest.mark.parametrize("name", ["vectors.npy", "texts.utf8", "terms_ends.npy", "posting_rows.npy"])
@pytest.mark.parametrize("harm", ["cut", "gone", "empty"])
def test_harm_is_found(tmp_path, name, harm):
    write(tmp_path, ["some text"] * 40, np.ones((40, 8)), postings=[("a", [(2 * i + 3, 1.0) for i in range(40)])])
    path = tmp_path / "arrays" / name
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes(content[: len(content) // 2 if harm == "cut" else 0])
    with pytest.raises(IndexNotFound) as problem:
        Arrays(tmp_path, 40, 8)
    assert "ri index" in problem.value.hint


def test_arrays_of_another_size_are_no_use(tmp_path):
    write(tmp_path, ["x"] * 5, np.ones((5, 2)))
    with pytest.raises(IndexNotFound, match="holds 5 of 6"):
        Arrays(tmp_path, 6, 2)


def saved(values):
    return lambda path: np.save(path, values, allow_pickle=True)


def archive(path):
    with path.open("wb") as file:
        np.savez(file, a=np.ones(3))


def huge(path):
    """A header that promises 2^40 rows."""
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (2**40, 8)})


HOSTILE = {
    "a pipe": ("vectors.npy", lambda path: os.mkfifo(path)),
    "a link": ("vectors.npy", lambda path: path.symlink_to("/etc/hostname")),
    "a folder": ("vectors.npy", lambda path: path.mkdir()),
    "an archive": ("vectors.npy", archive),
    "another width": ("vectors.npy", saved(np.ones((40, 9), np.float32))),
    "another type": ("vectors.npy", saved(np.ones((40, 8), np.float64))),
    "another rank": ("vectors.npy", saved(np.ones(320, np.float32))),
    "columns first": ("vectors.npy", saved(np.asfortranarray(np.ones((40, 8), np.float32)))),
    "objects": ("vectors.npy", saved(np.array([[print] * 8] * 40, dtype=object))),
    "a promise": ("vectors.npy", huge),
    "ids below zero": ("doc_ids.npy", saved(np.arange(-1, 39))),
    "ids in no order": ("doc_ids.npy", saved(np.arange(40)[::-1].copy())),
    "ids beyond all": ("doc_ids.npy", saved(np.arange(40) + 10**12)),
    "unknown personas": ("persona_ids.npy", saved(np.full(40, 7, np.int32))),
    "text that runs backwards": ("texts_ends.npy", saved(np.r_[np.arange(39)[::-1], 360].astype(np.int64))),
    "keywords that run backwards": ("posting_ends.npy", saved(np.array([-5], np.int64))),
    "fewer weights": ("posting_weights.npy", saved(np.ones(3, np.float32))),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_files_that_somebody_has_made_are_looked_at_before_they_are_mapped(tmp_path, kind):
    arrays = write(tmp_path, ["some text"] * 40, np.ones((40, 8)), postings=[("a", [(3, 1.0)])])
    arrays.check(100, {0})
    name, make = HOSTILE[kind]
    (tmp_path / "arrays" / name).unlink()
    make(tmp_path / "arrays" / name)
    with pytest.raises(IndexNotFound, match="ri index"):
        Arrays(tmp_path, 40, 8).check(100, {0})


def test_keywords_of_documents_that_are_not_there_are_told(tmp_path):
    write(tmp_path, ["some text"] * 4, np.ones((4, 8)), postings=[("a", [(3, 1.0)])])
    for row in (-1, 4):
        np.save(tmp_path / "arrays" / "posting_rows.npy", np.array([row], np.int32))
        with pytest.raises(IndexNotFound, match="other documents"):
            Arrays(tmp_path, 4, 8).bm25(Counter(["a"]), 3)


def test_a_file_that_shrinks_under_its_reader_is_seen(tmp_path):
    arrays = write(tmp_path, ["some text"] * 40, np.ones((40, 8)))
    assert arrays.intact
    os.truncate(tmp_path / "arrays" / "vectors.npy", 200)
    assert not arrays.intact
