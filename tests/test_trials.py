"""What ri quality computes anew: the ablation and the curve, from a built file, and their errors."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from corpora import QUICK, blobs, talk, with_vectors

from riindex.errors import StaleIndex
from riindex.grouping.curve import kept_curve
from riindex.index import RIIndex
from riindex.pipeline.revise import keep_curve
from riindex.pipeline.run import build
from riindex.share.ship import ship
from riindex.share.verify import verify
from riindex.store.database import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small index whose three subjects differ in words and in hours."""
    target = tmp_path_factory.mktemp("trials") / "small.duckdb"
    return build(talk(240), target, settings={**QUICK, "fit.personas": 3}).path


def test_the_ablation_compares_four_shares_of_text(small):
    with RIIndex(small) as index:
        found = index.ablation(refits=3)
    assert [one.text_share for one in found] == [1.0, 0.75, 0.5, 0.0]
    assert [one.built for one in found] == [False, True, False, False]
    assert all(one.groups == 3 for one in found)
    assert found[1].refit_ari == pytest.approx(1), "the subjects are planted in words and hours"
    assert all(0 < one.coherence <= 1 for one in found)
    assert found[0].coherence >= found[3].coherence - 1e-6


def test_the_curve_finds_the_planted_number(copy, run_ri):
    code, out, err = run_ri("quality", "-i", copy, "--curve", "--refits", 3, "-f", "json")
    assert (code, "draw 3 of 3" in err) == (0, True)
    found = json.loads(out)[0]
    assert found["setting"] == "personas"
    best = max(found["levels"], key=lambda level: (round(level["ari"], 3), level["groups"]))
    assert (best["groups"], best["built"]) == (3, True)
    code, out, _ = run_ri("quality", "-i", copy, "--curve", "--refits", 2)
    assert (code, "* this build" in out) == (0, True)


@pytest.fixture
def copy(small, tmp_path):
    """A copy of it, with its vector table."""
    with RIIndex(small) as index:
        folder = index.store.rows("build/last_build")[0][16]
    shutil.copytree(small.with_name(folder), tmp_path / folder)
    shutil.copyfile(small, tmp_path / "small.duckdb")
    return tmp_path / "small.duckdb"


def levels(path):
    """The curve that the index keeps, without saying that it was kept."""
    with Store.read(path) as store:
        found = kept_curve(store)
        return found and replace(found, kept=False)


def test_the_curve_is_kept_and_shown_at_once(copy, run_ri):
    assert levels(copy) is None
    code, first, err = run_ri("quality", "-i", copy, "--curve", "--refits", 2)
    assert (code, "draw 2 of 2" in err) == (0, True)
    with RIIndex(copy) as index:
        kept = index.granularity()
        assert (kept.kept, kept.draws, index.granularity(2).kept) == (True, 2, True)
        bare = "select column_name from duckdb_columns() where table_name = 'granularity_levels' and comment is null"
        assert index.store.connection.execute(bare).fetchall() == []
    code, second, err = run_ri("quality", "-i", copy, "--curve")
    assert (code, second, err) == (0, first, "")
    assert [finding for finding in verify(copy) if not finding.note] == []
    with RIIndex(copy) as index:
        assert replace(index.granularity(again=True, refits=2), kept=True) == kept
    code, third, err = run_ri("quality", "-i", copy, "--curve", "--refits", 3)
    assert (code, "draw 3 of 3" in err, "3 refits each" in third) == (0, True, True)
    assert levels(copy).draws == 3
    code, _, err = run_ri("quality", "-i", copy, "--curve", "--refits", 3, "--again")
    assert (code, "draw 3 of 3" in err) == (0, True)


def test_a_build_that_groups_anew_drops_the_curve(copy):
    with RIIndex(copy) as index:
        found, build_id = index.granularity(2), index.store.rows("build/last_build")[0][0]
    keep_curve(copy, found, build_id)
    build(talk(240), copy, settings={**QUICK, "fit.personas": 3, "enrich.terms": 20})
    assert levels(copy) == found, "that only says more or less of the same groups"
    with pytest.raises(StaleIndex):
        keep_curve(copy, found, build_id)
    build(talk(240), copy, settings={**QUICK, "fit.personas": 3, "evaluate.refit_share": 0.7})
    assert levels(copy) is None
    keep_curve(copy, found, _build_id(copy))
    build(talk(243), copy, settings={**QUICK, "fit.personas": 3})
    assert levels(copy) is None


def _build_id(path):
    with RIIndex(path) as index:
        return index.store.rows("build/last_build")[0][0]


def test_a_curve_that_cannot_be_kept_is_shown(copy, run_ri, tmp_path):
    (tmp_path / "small.duckdb.lock").mkdir()  # as in a folder where nothing can be written
    before = copy.read_bytes()
    code, out, err = run_ri("quality", "-i", copy, "--curve", "--refits", 2)
    assert (code, "* this build" in out) == (0, True)
    assert err.count("note: the curve could not be stored: ") == 1
    assert copy.read_bytes() == before
    (tmp_path / "small.duckdb.lock").rmdir()
    ship(copy, tmp_path / "shipped.duckdb")
    code, out, err = run_ri("quality", "-i", tmp_path / "shipped.duckdb", "--curve", "--refits", 2)
    assert (code, "* this build" in out) == (0, True)
    assert "note: the curve could not be stored: this is a shipped copy" in err


@pytest.mark.parametrize(
    "words",
    [
        ["--curve", "--ablation"],
        ["--refits", "3"],
        ["--curve", "--refits", "1"],
        ["--again"],
        ["--ablation", "--again"],
    ],
)
def test_questions_that_make_no_sense_are_told(small, run_ri, words):
    code, _, err = run_ri("quality", "-i", small, *words)
    assert code == 2
    assert "Error" in err


def test_text_alone_cannot_be_taken_apart(tmp_path, run_ri):
    target = build(talk(120), tmp_path / "t.duckdb",
                   settings={**QUICK, "fit.personas": 3, "fuse.text_share": 1.0}).path  # fmt: skip
    code, _, err = run_ri("quality", "-i", target, "--ablation")
    assert code == 1
    assert "error: this build fused nothing but text" in err
    assert "hint:" in err


def test_a_build_without_noise_can_be_asked_everything(tmp_path, run_ri):
    target = tmp_path / "n.duckdb"
    chosen = {"fit.method": "hdbscan", "fit.min_cluster_size": 30, "fit.min_samples": 5, "fuse.text_share": 1,
              "layout.method": "pca", "denoise.template_repeats": 0,
              "denoise.near_duplicate_similarity": 1}  # fmt: skip
    settings = [word for key, value in chosen.items() for word in ("--set", f"{key}={value}")]
    code, _, err = run_ri("build", _source(tmp_path), "-o", target, "--encoder", "column:vec", "--no-assign", *settings)
    assert code == 0, err
    with RIIndex(target) as index:
        unassigned = "select tweet_id from tweets where persona_id is null order by doc_id limit 1"
        out = index.sql(unassigned).fetchall()[0][0]
        assert index.get_tweet_persona(out) is None
    page, folder, copy = tmp_path / "m.html", tmp_path / "out", tmp_path / "s.duckdb"
    asked = [
        "verify",
        "personas",
        "tweets",
        "similar parcel --mode keyword",
        f"why {out}",
        "quality",
        f"export {folder}",
        f"map {page}",
    ]
    for command in (*asked, f"ship {copy}"):
        code, _, err = run_ri(*command.split(), "-i", target)
        assert code == 0, (command, err)


def _source(folder):
    """Three subjects, and posts that lie anywhere: each brings its vector."""
    import pyarrow.parquet as pq

    rows, _ = blobs(3, 60, width=16, spread=0.5)
    stray = np.random.default_rng(9).uniform(-4, 4, (30, 16))
    texts = [f"an ordinary parcel of number {i} in here" for i in range(210)]
    pq.write_table(with_vectors(texts, np.vstack([rows, stray])), folder / "rows.parquet")
    return folder / "rows.parquet"
