"""No sentence without a claim; every claim's SQL gives its figures, and a changed row breaks those that rest on it."""

import shutil

import duckdb
import pytest

from riindex.errors import QueryError
from riindex.index import RIIndex
from riindex.share.ship import ship
from riindex.share.verify import claims
from riindex.text.pii import mask_text


@pytest.fixture
def copy(sample_path, tmp_path):
    """A copy of the sample to spoil."""
    path = tmp_path / "copy.duckdb"
    shutil.copyfile(sample_path, path)
    return path


def change(path, statement):
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def broken(path):
    return {finding.key for finding in claims(path)}


def test_every_sentence_is_a_claim(sample):
    told = sample.claims()
    assert len(told) >= 100
    assert len({claim["claim_id"] for claim in told}) == len(told)
    for persona, description in sample.sql("select persona_id, description from personas").fetchall():
        own = [c["sentence"] for c in told if c["persona_id"] == persona and c["place"] == "description"]
        assert " ".join(own) == description
        assert sample.claims(persona) == [c for c in told if c["persona_id"] == persona]
    by_id = {claim["claim_id"]: claim for claim in told}
    hints = sample.sql("select persona_id, kind, hint, value, claim_id from persona_hints").fetchall()
    for persona, kind, hint, value, claim in hints:
        same = by_id[claim]
        assert (same["persona_id"], same["place"], same["sentence"], same["value"]) == (persona, kind, hint, value)
    assert len(hints) == sum(claim["place"] != "description" for claim in told)


def test_every_claim_recomputes(sample_path):
    assert claims(sample_path) == []


def test_claims_are_borne_out_by_documents_of_their_kind(sample):
    said = dict(sample.sql("select doc_id, words || hashtags from spoken_texts").fetchall())
    persona_of = dict(sample.sql("select doc_id, persona_id from assignments").fetchall())
    for claim in sample.claims():
        ids = claim["doc_ids"]
        assert 1 <= len(ids) == len(set(ids)) <= 5, claim["claim_id"]
        if claim["kind"] == "absent_term":
            assert all(persona_of[i] != claim["persona_id"] for i in ids)
        else:
            assert all(persona_of[i] == claim["persona_id"] for i in ids)
        if claim["kind"] in ("term", "ngram", "hashtag", "absent_term"):
            assert all(f" {claim['subject'].removeprefix('#')} " in said[i] for i in ids), claim["claim_id"]
    assert {"size", "term", "hashtag", "absent_term", "hour", "trait"} <= {claim["kind"] for claim in sample.claims()}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(4))
def test_a_changed_text_breaks_exactly_the_claims_on_it(sample, copy, place):
    told = [claim for claim in sample.claims() if claim["kind"] in ("term", "ngram", "hashtag", "absent_term")]
    doc_id = told[place * 17]["doc_ids"][-1]
    words, tags = sample.sql(
        f"select words, hashtags from spoken_texts where doc_id = {doc_id} and is_core"
    ).fetchall()[0]
    on_it = {
        claim["claim_id"] for claim in told
        if f" {claim['subject'].removeprefix('#')} " in (tags if claim["kind"] == "hashtag" else words)
    }  # fmt: skip
    assert told[place * 17]["claim_id"] in on_it
    change(copy, f"update documents set text = 'nothing of that kind' where doc_id = {doc_id}")
    assert broken(copy) == on_it


@pytest.mark.parametrize("feature", ["word_count", "is_night"])
def test_a_changed_behaviour_breaks_exactly_the_claims_on_it(sample, copy, feature):
    on_it = {claim["claim_id"] for claim in sample.claims() if claim["subject"] == feature}
    doc_id = next(claim["doc_ids"][0] for claim in sample.claims() if claim["subject"] == feature)
    change(copy, f"update behaviour set {feature} = 1 - {feature}::double where doc_id = {doc_id}")
    assert broken(copy) == on_it != set()


def test_a_changed_hour_breaks_exactly_the_claims_on_it(sample, copy):
    claim = next(claim for claim in sample.claims() if claim["kind"] == "hour")
    hour, doc_id = int(claim["subject"]), claim["doc_ids"][0]
    on_it = {
        c["claim_id"] for c in sample.claims() if c["kind"] == "hour" and int(c["subject"]) in (hour, (hour + 1) % 24)
    }
    change(copy, f"update documents set created_at = created_at + interval 1 hour where doc_id = {doc_id}")
    assert claim["claim_id"] in broken(copy) == on_it


@pytest.mark.slow
def test_sql_that_does_more_than_ask_is_not_run(copy, tmp_path):
    target = tmp_path / "stolen.csv"
    for statement in (
        f"copy documents to '{target}'",
        "select 1; select 2",
        f"select * from read_text('{copy}')",
        "nonsense",
    ):
        with duckdb.connect(str(copy)) as connection:
            connection.execute("update claims set sql = $sql where claim_id = 'p0c1'", {"sql": statement})
        assert broken(copy) == {"p0c1"}
    assert not target.exists()


def test_ri_evidence_shows_figures_sql_and_masked_rows(run_ri, sample_path, sample):
    claim = next(claim for claim in sample.claims() if claim["kind"] == "term")
    code, told, _ = run_ri("evidence", claim["claim_id"].upper(), "-i", sample_path)
    assert code == 0
    assert claim["sentence"] in told
    assert claim["sql"] in told
    assert f"n {claim['n']:,}" in told
    code, listed, _ = run_ri("evidence", claim["claim_id"], "-i", sample_path, "-f", "jsonl")
    assert listed.count("\n") == len(claim["doc_ids"])
    assert "@hop" not in listed
    code, _, told = run_ri("evidence", "p99c1", "-i", sample_path)
    assert code == 1
    assert "hint: " in told


@pytest.mark.slow
def test_claims_of_a_shipped_copy_hold_and_a_public_one_has_none(sample_path, tmp_path):
    for level in ("analyst", "public"):
        ship(sample_path, tmp_path / f"{level}.duckdb", level)
    with RIIndex(tmp_path / "analyst.duckdb") as shipped:
        assert len(shipped.claims()) > 50
        assert all(mask_text(claim["sentence"]) == claim["sentence"] for claim in shipped.claims())
    assert claims(tmp_path / "analyst.duckdb") == []
    with RIIndex(tmp_path / "public.duckdb") as public, pytest.raises(QueryError):
        public.claims()
