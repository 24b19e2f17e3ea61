"""An open index: the classic calls with their shapes, similarity against numpy, and what is refused."""

import hashlib
import json
import shutil
import threading
import time

import duckdb
import numpy as np
import pytest
from corpora import KEPT, ROOT

from riindex import encoders
from riindex.errors import IndexNotFound, QueryError, RiError, StaleIndex
from riindex.index import RIIndex


@pytest.fixture(scope="module")
def reports(real_data):
    """The published files, by name."""
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (real_data / "ri_reports").glob("*.json")}


def shape(value):
    """Keys and kinds of a value: numbers are one kind, lists have the shape of their first item."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool) or value is None:
        return type(value)
    return float if isinstance(value, int | float) else type(value)


def merged(shapes):
    """The richest shape of several: a list that is empty in one may have items in another."""
    first, *rest = shapes
    if isinstance(first, dict):
        assert all(set(s) == set(first) for s in rest), [set(s) ^ set(first) for s in rest]
        return {key: merged([s[key] for s in shapes]) for key in first}
    if isinstance(first, list):
        full = [s for s in shapes if s]
        return [merged([s[0] for s in full])] if full else []
    return next((s for s in shapes if s is not type(None)), first)


# -- the classic calls ---------------------------------------------------------------------------------------------


@pytest.mark.real_data
def test_a_persona_has_the_published_shape(sample, reports):
    wanted = merged([shape(p) for p in reports["personas_enriched"]["personas"]])
    assert merged([shape(p) for p in sample.list_personas()]) == wanted
    assert list(sample.get_persona(0)) == list(reports["personas_enriched"]["personas"][0])


@pytest.mark.real_data
def test_a_brief_has_the_published_shape(sample, reports):
    wanted = merged([shape(p) for p in reports["persona_briefs"]["personas"]])
    assert merged([shape(p) for p in sample.list_personas(brief=True)]) == wanted


@pytest.mark.real_data
def test_the_file_for_applications_has_the_published_shape(sample, reports, tmp_path):
    path = sample.export_for_app(tmp_path / "app.json")
    found, wanted = json.loads(path.read_text(encoding="utf-8")), reports["ri_index_app"]
    assert shape(found["metadata"]) == shape(wanted["metadata"])
    assert merged([shape(p) for p in found["personas"]]) == merged([shape(p) for p in wanted["personas"]])


@pytest.mark.real_data
def test_a_tweets_persona_has_the_published_shape(sample, reports):
    wanted = next(iter(reports["tweet_persona_mapping"]["mapping"].values()))
    tweet = sample.get_persona_tweets(0, 1)[0]
    assert shape(sample.get_tweet_persona(tweet)) == shape(wanted)


def test_full_cards_hold_the_figures_of_the_tables(sample):
    for card in sample.list_personas():
        persona = card["persona_id"]
        row = sample.sql(
            "select size, peak_hour, avg_word_count from personas where persona_id = $p", {"p": persona}
        ).fetchall()[0]
        temporal, style = card["behavior_fingerprint"]["temporal"], card["behavior_fingerprint"]["style"]
        assert (card["size"], temporal["peak_hour"]) == row[:2]
        assert style["avg_word_count"] == pytest.approx(row[2], abs=0.06)
        assert len(temporal["activity_by_hour"]) == 24
        assert sum(temporal["activity_by_hour"]) == card["size"] == temporal["total_tweets"]
        assert int(np.argmax(temporal["activity_by_hour"])) == temporal["peak_hour"]
        assert len(card["language_fingerprint"]["top_terms"]) <= 10
        assert len(card["grounding"]) == len(card["copy_hints"]["do_say"]) + len(card["copy_hints"]["dont_say"])


def test_personas_by_number_and_name(sample):
    card = sample.get_persona(2)
    assert card["persona_id"] == 2
    assert sample.get_persona_by_name(card["name"].upper()) == card
    assert sample.get_persona(999) is None
    assert sample.get_persona_by_name("nobody") is None
    assert sample.persona_id("2") == sample.persona_id(2) == sample.persona_id(card["name"].lower()) == 2
    assert sample.persona_id(card["name"][:12]) in [p["persona_id"] for p in sample.list_personas()]
    with pytest.raises(QueryError, match="no persona 'nobody'"):
        sample.persona_id("nobody")


def test_filters_are_all_conditions_and_any_term(sample):
    cards = sample.list_personas()
    sizes = sorted(c["size"] for c in cards)
    assert sample.filter_personas() == cards
    middle = sizes[len(sizes) // 2]
    assert [c["size"] for c in sample.filter_personas(min_size=middle)] == [
        c["size"] for c in cards if c["size"] >= middle
    ]
    assert all(c["size"] <= middle for c in sample.filter_personas(max_size=middle))
    terms = [
        cards[0]["language_fingerprint"]["top_terms"][0]["term"],
        cards[5]["language_fingerprint"]["top_terms"][0]["term"],
    ]
    found = {c["persona_id"] for c in sample.filter_personas(top_terms=[t.upper() for t in terms])}
    assert {cards[0]["persona_id"], cards[5]["persona_id"]} <= found
    hours = sample.filter_personas(peak_hour_range=(0, 6))
    assert {c["persona_id"] for c in hours} == {
        c["persona_id"] for c in cards if c["behavior_fingerprint"]["temporal"]["peak_hour"] <= 6}  # fmt: skip
    words = sample.filter_personas(min_avg_word_count=20, max_size=middle)
    assert all(c["behavior_fingerprint"]["style"]["avg_word_count"] >= 20 and c["size"] <= middle for c in words)
    assert sample.filter_personas(top_terms=["zzz"]) == []


def test_tweets_of_a_persona_are_all_its_own(sample):
    for persona, size in sample.sql("select persona_id, size from personas").fetchall():
        tweets = sample.get_persona_tweets(persona)
        assert len(tweets) == len(set(tweets)) == size
        assert all(sample.get_tweet_persona(t)["persona_id"] == persona for t in tweets[:3])
        assert sample.get_persona_tweets(persona, 4) == tweets[:4]
    assert sample.get_persona_tweets(999) == []


def test_a_dropped_tweet_has_its_twins_persona(sample):
    dropped, kept = sample.sql("""select d.tweet_id, k.tweet_id from dropped x join documents d using (doc_id)
        join documents k on k.doc_id = x.kept_doc_id limit 1""").fetchall()[0]
    assert sample.get_tweet_persona(dropped) == sample.get_tweet_persona(kept)
    alone = sample.sql(
        "select tweet_id from documents semi join (from dropped where kept_doc_id is null) using (doc_id)"
    )
    assert sample.get_tweet_persona(alone.fetchall()[0][0]) is None
    assert sample.get_tweet_persona("nothing") is None


def test_samples_are_the_evidence(sample):
    assert sample.get_tweet_samples(1, 3) == [
        r[0]
        for r in sample.sql("select text from persona_evidence where persona_id = 1 order by rank limit 3").fetchall()
    ]
    assert len(sample.get_tweet_samples(1)) == 5
    assert sample.get_tweet_samples(999) == []


@pytest.mark.parametrize("method", ["language", "style", "size"])
def test_similar_personas_are_ranked_and_never_itself(sample, method):
    for persona in range(3):
        found = sample.find_similar_personas(persona, 4, method)
        scores = [f["similarity"] for f in found]
        assert list(found[0]) == ["persona_id", "name", "similarity", "size"]
        assert len(found) == 4
        assert scores == sorted(scores, reverse=True)
        assert persona not in [f["persona_id"] for f in found]
    assert len(sample.find_similar_personas(0)) == 3
    with pytest.raises(QueryError, match="cannot be compared"):
        sample.find_similar_personas(0, method="colour")


def test_summary_and_coverage_add_up(sample):
    stats, coverage = sample.get_summary_stats(), sample.get_persona_coverage()
    assert stats["total_tweets"] == sum(row["count"] for row in coverage.values()) == KEPT
    assert stats["total_documents"] == 1618
    assert stats["total_personas"] == len(coverage)
    assert sum(row["percentage"] for row in coverage.values()) == pytest.approx(100, abs=0.1)
    assert stats["largest_persona"] == max(row["count"] for row in coverage.values())
    assert stats["avg_persona_size"] == pytest.approx(KEPT / len(coverage))


def test_the_summary_is_printed(sample, capsys):
    sample.print_summary()
    told = capsys.readouterr().out
    assert all(row["name"] in told for row in sample.get_persona_coverage().values())
    assert "1,428 tweets" in told


def test_an_unwritable_export_is_an_error(sample, tmp_path):
    with pytest.raises(RiError, match="cannot be written"):
        sample.export_for_app(tmp_path / "none" / "app.json")


# -- by meaning ----------------------------------------------------------------------------------------------------

WHERES = [
    None, "like_count > 5", "lang = 'en' and text like '%refund%'", "persona_id in (1, 2)",
    "planted_persona is not null",
    "created_at >= timestamp '2025-10-01' or author like 'a%'", "confidence < 0.9 -- a remark",
    "x > (select avg(x) from layout)",
]  # fmt: skip


def brute_force(index, query, where, limit):
    rows = index.sql(
        "select tweet_id, doc_id, vector from tweets join embeddings using (doc_id)"
        + (f" where {where}\n" if where else "") + " order by doc_id"
    ).fetchall()  # fmt: skip
    vector = encoders.load("static").encode([query])[0]
    scores = np.array([r[2] for r in rows], np.float32) @ vector
    order = np.lexsort((np.arange(len(rows)), -scores))[:limit]
    return [rows[i][0] for i in order], scores[order]


@pytest.mark.parametrize("where", WHERES)
@pytest.mark.parametrize("query", ["my parcel is late", "AI shopping assistant"])
def test_similar_equals_brute_force(sample, query, where):
    found = sample.similar(query, where=where, limit=25)
    ids, scores = brute_force(sample, query, where, 25)
    assert found.columns == ["tweet_id", "score", "persona_id", "persona_name", "text"]
    assert found["score"].to_list() == pytest.approx(scores.tolist(), abs=1e-5)
    # Of equal scores any order is right, and at the end any of them.
    places = np.concatenate([[0], np.cumsum(np.abs(np.diff(scores)) >= 1e-6)])
    for place in range(int(places.max())):
        tied = np.flatnonzero(places == place)
        assert {found["tweet_id"][int(i)] for i in tied} == {ids[i] for i in tied}


def test_similar_of_a_persona(sample):
    found = sample.similar("delivery", persona=1, limit=300)
    assert set(found["persona_id"]) == {1}
    assert found.height == min(300, sample.get_persona(1)["size"])


def test_similar_to_a_tweet_leaves_it_out(sample):
    rows = sample.sql("select tweet_id, vector from tweets join embeddings using (doc_id) limit 1")
    tweet, vector = rows.fetchall()[0]
    found = sample.similar(tweet_id=tweet, limit=9)
    assert found.height == 9
    assert tweet not in found["tweet_id"].to_list()
    by_vector = sample.similar(np.array(vector) * 7, limit=10)
    assert by_vector["tweet_id"].to_list()[0] == tweet
    assert by_vector["tweet_id"].to_list()[1:] == found["tweet_id"].to_list()
    assert by_vector["score"][0] == pytest.approx(1, abs=1e-5)


def test_a_filter_that_nothing_passes_gives_no_rows(sample):
    assert sample.similar("delivery", where="false").height == 0
    assert sample.tweets(where="like_count < 0").height == 0


INJECTIONS = [
    "true; drop table documents", "true) or (true", "1 = 1 union select * from documents", "true order by 1",
    "true limit 1", "true; select 1", ") --", "select 1", "", "like_count > ", "nothing_there = 1",
    "text in (select content from read_text('/etc/passwd'))",
    "like_count > (select count(*) from read_csv('/etc/passwd'))",
    "true group by all", "count(*) > 0",
]  # fmt: skip


@pytest.mark.parametrize("where", [w for w in INJECTIONS if w])
def test_conditions_that_are_no_condition_are_refused(sample, where):
    for call in (lambda: sample.similar("words", where=where), lambda: sample.tweets(where=where)):
        with pytest.raises(QueryError):
            call()
    assert sample.sql("select count(*) from documents").fetchall()[0] == (1618,)


@pytest.mark.parametrize("call", [
    lambda i: i.similar(), lambda i: i.similar("a", tweet_id="b"), lambda i: i.similar("  "),
    lambda i: i.similar("a", limit=0),
    lambda i: i.similar(tweet_id="nothing"), lambda i: i.similar("a", persona="nobody"), lambda i: i.tweets(limit=-1),
    lambda i: i.find_similar_personas(0, 0), lambda i: i.why("nothing"), lambda i: i.similar(np.ones(3)),
])  # fmt: skip
def test_questions_that_cannot_be_answered_say_so(sample, call):
    with pytest.raises(QueryError) as problem:
        call(sample)
    assert problem.value.hint


def test_personas_by_meaning_are_ranked_by_centroid(sample):
    found = sample.similar_personas("refund policy", limit=4)
    vector = encoders.load("static").encode(["refund policy"])[0]
    rows = sample.sql("select persona_id, centroid from personas").fetchall()
    wanted = sorted(rows, key=lambda r: -float(np.array(r[1]) @ vector))[:4]
    assert found["persona_id"].to_list() == [r[0] for r in wanted]


def test_new_texts_go_to_the_nearest_persona(sample):
    texts = ["my parcel has not been delivered", "the sdk and its api"]
    found = sample.assign(texts)
    assert found["text"].to_list() == texts
    assert found["persona_id"].to_list() == [sample.similar_personas(t, 1)["persona_id"][0] for t in texts]


def test_new_texts_like_old_ones_mostly_get_their_persona(sample):
    rows = sample.sql("select text, persona_id from tweets where is_core order by doc_id").fetchall()[::29]
    found = sample.assign([r[0] for r in rows])["persona_id"].to_list()
    assert np.mean([a == r[1] for a, r in zip(found, rows, strict=True)]) > 0.6


def test_assigning_nothing_gives_nothing(sample):
    assert sample.assign([]).height == 0


def test_tweets_are_the_flat_rows(sample):
    found = sample.tweets(persona=1, where="like_count >= 1", limit=7)
    assert found.height == 7
    assert set(found["persona_id"]) == {1}
    assert min(found["like_count"]) >= 1
    assert found["doc_id"].is_sorted()
    assert sample.tweets().height == KEPT


# -- why -----------------------------------------------------------------------------------------------------------


def test_why_tells_persona_runner_up_and_words(sample):
    tweet = sample.get_persona_tweets(0, 1)[0]
    answer = sample.why(tweet)
    assert answer["persona_id"] == 0
    assert answer["dropped_because"] is None
    assert answer["runner_up_id"] not in (None, 0)
    assert answer["distance"] <= answer["runner_up_distance"]
    assert 0 < answer["confidence"] <= 1
    assert answer["says"]
    for word in answer["says"]:
        assert word["term"].split()[0].strip("#@") in answer["text"].lower()
        assert word["lift"] >= 1.5


def test_why_takes_the_decision_apart_and_it_adds_up(sample):
    close = "select tweet_id, distance, runner_up_distance from assignments join documents using (doc_id) order by "
    rows = sample.sql(close + "runner_up_distance - distance, doc_id limit 20").fetchall()
    rows += sample.sql(close + "confidence desc, doc_id limit 20").fetchall()
    for tweet, distance, other in rows:
        found = sample.why(tweet)["reasons"]
        assert found["total"] == pytest.approx(other**2 - distance**2, abs=1e-4)
        assert found["total"] == pytest.approx(found["text"] + found["behaviour"], abs=1e-9)
        assert found["behaviour"] == pytest.approx(sum(trait["adds"] for trait in found["traits"]), abs=1e-9)
        assert found["text"] == pytest.approx(sum(adds for _, adds in found["words"]) + found["base"], abs=1e-9)
        assert abs(found["base"]) < 2, "no word is left over for what any text has"
        assert any(trait["value"] is not None for trait in found["traits"])


def test_why_words_move_a_text_towards_the_persona_that_says_them(sample):
    ((persona,),) = sample.sql("select persona_id from persona_terms where term = 'parcel' and rank = 1").fetchall()
    wanted = (f"select tweet_id from tweets where persona_id = {persona} and is_core "
              "order by confidence desc, doc_id limit 30")  # fmt: skip
    adds = [dict(sample.why(tweet)["reasons"]["words"]).get("parcel", 0) for (tweet,) in sample.sql(wanted).fetchall()]
    assert sum(add > 0 for add in adds) > 2 * sum(add < 0 for add in adds)


def test_sub_personas_are_nested_and_told_apart(sample):
    parts = sample.sql("select persona_id, sub_persona_id, count(*) from tweets where sub_persona_id is not null "
                       "group by all order by all").fetchall()  # fmt: skip
    for persona in {row[0] for row in parts}:
        found = sample.sub_personas(persona)
        assert [(persona, row["sub_persona_id"], row["size"]) for row in found] == [p for p in parts if p[0] == persona]
        assert sum(row["size"] for row in found) == sample.get_persona(persona)["size"]
        assert sum(row["share"] for row in found) == pytest.approx(1)
    undivided = {row[0] for row in sample.sql("select persona_id from personas").fetchall()} - {row[0] for row in parts}
    assert all(sample.sub_personas(persona) == [] for persona in undivided)


def test_why_tells_what_was_dropped_and_its_twin(sample):
    tweet, reason, twin = sample.sql("""select d.tweet_id, x.reason, k.tweet_id from dropped x
        join documents d using (doc_id) join documents k on k.doc_id = x.kept_doc_id limit 1""").fetchall()[0]
    answer = sample.why(tweet)
    assert (answer["dropped_because"], answer["kept_twin"]) == (reason, twin)
    assert answer["persona_id"] == sample.get_tweet_persona(twin)["persona_id"]
    short = sample.sql(
        "select tweet_id from documents semi join (from dropped where reason = 'too_short') using (doc_id)"
    )
    alone = sample.why(short.fetchall()[0][0])
    assert (alone["dropped_because"], alone["kept_twin"], alone["persona_id"]) == ("too_short", None, None)


def test_quality_has_definitions(sample):
    found = sample.quality()
    assert set(found["overall"]) == set(found["definitions"])
    assert len(found["personas"]) == found["overall"]["personas"]
    assert {"coherence", "separation", "silhouette", "stability"} <= set(found["personas"][0])


# -- SQL -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [
    "select 1", "from personas", "with a as (select 1 as x) from a", "describe tweets", "summarize personas",
    "explain select 1", "show tables", "select 1;", "-- a remark\nselect 1", "values (1)",
])  # fmt: skip
def test_questions_are_answered(sample, query):
    assert sample.sql(query).fetchall()


REFUSED = ["", "   ", *(line for line in (ROOT / "tests" / "escapes.sql").read_text().splitlines()[1:])]


def refused(index, query):
    """Ask; an error that only comes with the rows is one of DuckDB, and still a refusal."""
    relation = index.sql(query)
    try:
        relation.fetchall()
    except duckdb.Error as foreign:
        raise QueryError("refused when read", "it was") from foreign


@pytest.fixture(scope="module", autouse=True)
def untouched(sample_path):
    """Whatever was asked, refused or answered: the file is the same to the byte."""
    before = hashlib.sha256(sample_path.read_bytes()).digest()
    yield
    assert hashlib.sha256(sample_path.read_bytes()).digest() == before


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A folder with files that a question must not reach."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "planted.csv").write_text("a,b\n1,2\n")
    (folder / "planted.json").write_text('[{"a": 1}]')
    duckdb.sql("select 1 as a").write_parquet(str(folder / "planted.parquet"))
    duckdb.connect(str(folder / "planted.duckdb")).close()
    return folder


@pytest.mark.parametrize("query", REFUSED)
def test_anything_but_a_question_is_refused(sample, planted, monkeypatch, query):
    caller_secret = __import__("polars").DataFrame({"x": [1]})
    monkeypatch.chdir(planted)
    files = sorted(planted.iterdir())
    with pytest.raises(QueryError) as problem:
        refused(sample, query)
    assert problem.value.hint
    assert sorted(planted.iterdir()) == files
    assert caller_secret.height == 1


def test_parameters_are_values(sample):
    assert sample.sql("select $a || 'x' as y", {"a": "'; drop"}).fetchall() == [("'; dropx",)]


# -- opening -------------------------------------------------------------------------------------------------------


def test_opening_what_is_no_index(tmp_path):
    with pytest.raises(IndexNotFound):
        RIIndex(tmp_path / "none.duckdb")
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("create table t as select 1 as x")
    with pytest.raises(IndexNotFound, match="no personas"):
        RIIndex(tmp_path / "other.duckdb")


def test_two_readers_at_once(sample_path):
    with RIIndex(sample_path) as one, RIIndex(str(sample_path), threads=1) as two:
        assert one.list_personas() == two.list_personas()


def test_a_closed_index_says_so_and_opens_again(sample_path):
    index = RIIndex(sample_path)
    index.similar("late parcel")
    index.close()
    index.close()
    for ask in (lambda: index.similar("late parcel"), lambda: index.matches("x"), lambda: index.sql("select 1"),
                index.list_personas, lambda: index.similar_personas("x")):  # fmt: skip
        with pytest.raises(QueryError, match="closed"):
            ask()
    index.reopen()
    assert len(index.similar("late parcel")) == 10
    index.close()


def test_threads_reopen_a_replaced_index_together(sample_path, tmp_path):
    path = tmp_path / "index.duckdb"
    shutil.copyfile(sample_path, path)
    done, failed = [], []

    def ask(index):
        for _ in range(40):
            try:
                found = index.sql("select count(*) from tweets").fetchall()[0][0]
                done.append((found, len(index.matches("late parcel", limit=3)), len(index.list_personas())))
            except StaleIndex:
                index.reopen()
            except Exception as problem:  # whatever a thread of an application would meet
                failed.append(problem)

    with RIIndex(path, long_lived=False) as index:
        expected = (index.sql("select count(*) from tweets").fetchall()[0][0], 3, len(index.list_personas()))
        threads = [threading.Thread(target=ask, args=(index,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for number in range(5):
            copy = tmp_path / f"new{number}.duckdb"
            shutil.copyfile(sample_path, copy)
            copy.replace(path)
            time.sleep(0.1)
        for thread in threads:
            thread.join()
    assert not failed, failed[:3]
    assert len(done) > 100
    assert set(done) == {expected}


@pytest.mark.parametrize("text", ["\u0baa\u0bb0\u0bbf\u0b9a\u0bc1 \u0b85\u0ba9\u0bcd\u0baa\u0bc1",
                                  "\u05e9\u05dc\u05d5\u05dd", "https://x.example/abc"])  # fmt: skip
def test_a_text_without_a_known_word_is_near_to_nothing(text, sample, sample_path, run_ri):
    assert sample.similar(text).is_empty()
    assert sample.similar_personas(text).is_empty()
    assert sample.assign([text, "late parcel"])["persona_id"].to_list() == [None, 7]
    assert sample.sql("from similar_tweets($q, 10)", {"q": text}).fetchall() == []
    code, out, told = run_ri("similar", text, "-i", sample_path, "-f", "csv")
    assert (code, out.strip()) == (0, "tweet_id,score,persona_id,persona_name,text")
    assert "--mode keyword" in told


@pytest.mark.parametrize("vector", [np.zeros(256), np.full(256, np.nan), np.full(256, np.inf)])
def test_a_vector_without_a_direction_says_so(vector, sample):
    with pytest.raises(QueryError, match="no direction"):
        sample.similar(vector)


@pytest.mark.parametrize("limit", [0, 2.5, None, "3"])
def test_a_limit_that_is_none_says_so(limit, sample):
    with pytest.raises(QueryError, match="a limit cannot be"):
        sample.similar("late parcel", limit=limit)


def test_typical_tweets_come_first(sample):
    found = sample.tweets(3, typical=True)
    assert found.columns == sample.tweets(3).columns
    assert set(found["tweet_id"]) == set(sample.tweets(3)["tweet_id"])
    away = dict(sample.sql("select doc_id, distance from assignments").fetchall())
    ranks = [(not core, away[doc]) for core, doc in zip(found["is_core"], found["doc_id"], strict=True)]
    assert ranks == sorted(ranks)
    assert sample.tweets(3, "like_count > 2", 5, typical=True)["like_count"].min() > 2


def test_an_encoder_that_is_another_is_told(sample_path, monkeypatch):
    class Other:
        name, dim, digest = "static", 256, "another"

    monkeypatch.setattr(encoders, "load", lambda name, *_, **__: Other())
    with RIIndex(sample_path) as index, pytest.raises(QueryError, match="not the one that made"):
        index.similar("words")


# -- compare -------------------------------------------------------------------------------------------------------


def test_a_comparison_with_all_others_gives_the_figures_of_the_file(sample):
    found = sample.compare(7)
    here = {(row["kind"], row["term"].lower()): row for row in found.terms if row["here"]}
    rows = sample.sql("select kind, spelling, n, lift, p, q from persona_terms where persona_id = 7 and kind in "
                      "('term', 'hashtag') and rank <= 5").fetchall()  # fmt: skip
    for kind, term, n, lift, p, q in rows:
        same = here[kind, term.lower()]
        assert (same["n"], same["lift"], same["p"], same["q"]) == (n, *map(pytest.approx, (lift, p, q)))
    assert rows
    traits = {row["feature"]: row["difference"] for row in found.traits}
    wanted = sample.sql(
        "select feature, difference from persona_traits where persona_id = 7 and difference is not null"
    )
    assert traits == {feature: pytest.approx(value) for feature, value in wanted.fetchall()}


def test_a_comparison_of_two_personas_is_the_same_from_either_side(sample):
    one, other = sample.compare(7, 10), sample.compare(10, 7)
    assert (one.size, one.baseline_size) == (other.baseline_size, other.size)
    said = {(row["kind"], row["term"]): row["p"] for row in one.terms if not row["here"]}
    assert said == {(row["kind"], row["term"]): pytest.approx(row["p"]) for row in other.terms if row["here"]}
    back = {row["feature"]: -row["difference"] for row in other.traits}
    assert {row["feature"]: pytest.approx(row["difference"]) for row in one.traits} == back


def test_a_condition_and_another_index_give_the_baseline(sample, sample_path, tmp_path):
    liked = sample.compare(7, where="like_count > 50")
    core = sample.sql("select count(*) from tweets where like_count > 50 and is_core and persona_id <> 7").fetchall()
    assert liked.baseline_size == core[0][0]
    copy = tmp_path / "copy.duckdb"
    shutil.copyfile(sample_path, copy)
    theirs = sample.compare(7, 7, index=copy)
    assert (theirs.size, theirs.baseline) == (theirs.baseline_size, f"copy.duckdb, {theirs.persona}")
    assert not [row["term"] for row in theirs.terms if row["q"] <= 0.05]
    assert all(abs(row["difference"]) < 1e-9 for row in theirs.traits)


def test_what_cannot_be_compared_says_so(sample, run_ri, sample_path, tmp_path):
    for arguments in (["7", "7"], ["99"], ["7", "--where", "colour = 1"], ["7", "--where", "like_count < 0"],
                      ["7", "--with", "none.duckdb"]):  # fmt: skip
        code, _, told = run_ri("compare", *arguments, "-i", sample_path)
        assert code == 1, arguments
        assert "error: " in told
        assert "hint: " in told


# -- names ---------------------------------------------------------------------------------------------------------


def test_names_lead_back_to_their_personas(sample):
    names = dict(sample.sql("select persona_id, name from personas").fetchall())
    places = [sample.similar_personas(name, len(names))["persona_id"].to_list().index(i) for i, name in names.items()]
    assert np.mean([1 / (place + 1) for place in places]) >= 0.9
