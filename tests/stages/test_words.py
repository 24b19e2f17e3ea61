"""The file answers by itself: the macros read texts as the encoder does, and rank as riindex does."""

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riindex.encoders.static import StaticEncoder

HARD = [
    "Soooo happy with #FreeShipping @bob http://x.y é naïve", "यह #FreeShipping बहुत soooooo अच्छा है", "Ångström ÇA va",
    "크리스마스 선물", "東京タワーへ行く", "#iPhoneXSMax #AIForGood @user hi", "\uff46\uff55\uff4c \uff21\uff22",
    "e\u0301te\u0301",
    "a\u200bb zero\u200dwidth", "www.example.com pic.twitter.com/abc &amp; &lt;b&gt;", "", "@only", "x" * 50, "≠ ½ ™",
    "unbelievabletrackingstuff zzzqqq kyunki bahut accha", "RT @a: #ok!!! $AAPL 3.5%",
]  # fmt: skip
QUERIES = ["where is my parcel", "refund policy", "AI shopping", "#FreeShipping", "sooooo late", "paisa wapas karo",
           "café naïve", "नमस्ते", "fake seller", "customer service bot", "zqxv unheardofword"]  # fmt: skip


@pytest.fixture(scope="module")
def file(sample_path):
    """The sample in a DuckDB without riindex."""
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def encoder():
    return StaticEncoder()


def pieces(file, text):
    rows = file.execute("select piece from text_pieces($q) order by n, place", {"q": text}).fetchall()
    return [row[0] for row in rows]


@pytest.mark.parametrize("text", HARD)
def test_texts_are_taken_apart_as_the_encoder_does(text, file, encoder):
    assert pieces(file, text) == encoder.tokens(text)


@given(st.text(st.sampled_from("abcdeé ñ#@A BXyz.,!?ü1 2_\n"), max_size=60))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_latin_text_is_taken_apart_as_the_encoder_does(file, encoder, text):
    assert pieces(file, text) == encoder.tokens(text)


@pytest.mark.slow
@pytest.mark.real_data
def test_real_tweets_are_taken_apart_as_the_encoder_does(file, encoder, real_data):
    import polars as pl

    texts = pl.read_parquet(real_data / "tweets" / "mixed_large.parquet", columns=["text"])["text"]
    for text in texts.drop_nulls().sample(80, seed=3).to_list():
        assert pieces(file, text) == encoder.tokens(text)


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_finds_what_riindex_finds(query, file, sample):
    own = file.execute("select tweet_id, score from similar_tweets($q)", {"q": query}).fetchall()
    wanted = sample.similar(query)
    assert [row[0] for row in own] == wanted["tweet_id"].to_list()
    assert np.allclose([row[1] for row in own], wanted["score"].to_numpy(), atol=1e-5)
    personas = file.execute("select persona_id from similar_personas($q)", {"q": query}).fetchall()
    assert [row[0] for row in personas] == sample.similar_personas(query)["persona_id"].to_list()


def test_macros_take_the_number_of_rows(file):
    for name in ("similar_tweets", "similar_personas", "search_tweets"):
        for count in (1, 4):
            rows = file.execute("select * from " + name + "('refund policy', " + str(count) + ")").fetchall()
            assert len(rows) == count


def test_keywords_rank_by_bm25(file):
    documents = dict(file.execute("select doc_id, keywords(text) from tweets").fetchall())
    mean = np.mean([len(words) for words in documents.values()])
    asked = ["refund", "policy"]
    scores = {}
    for doc, words in documents.items():
        score = 0.0
        for word in asked:
            n, among = words.count(word), sum(word in other for other in documents.values())
            idf = np.log(1 + (len(documents) - among + 0.5) / (among + 0.5))
            score += idf * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * len(words) / mean))
        if score:
            scores[doc] = score
    found = dict(file.execute("select doc_id, score from keyword_scores('refund policy')").fetchall())
    assert found.keys() == scores.keys()
    assert np.allclose([found[doc] for doc in scores], list(scores.values()))


def test_modes_agree_with_their_parts(sample):
    by_word = sample.similar("refund policy", mode="keyword", limit=100)["tweet_id"].to_list()
    by_meaning = sample.similar("refund policy", limit=100)["tweet_id"].to_list()
    both = sample.similar("refund policy", mode="hybrid", limit=20)
    for row in both.to_dicts():
        for rank, ranked in ((row["vector_rank"], by_meaning), (row["keyword_rank"], by_word)):
            if rank is not None and rank <= len(ranked):
                assert ranked[rank - 1] == row["tweet_id"]
    some = sample.similar("refund policy", mode="hybrid", where="persona_id = 10", limit=5)
    assert set(some["persona_id"]) == {10}


def test_the_words_of_a_match_add_up_to_its_score(sample):
    for row in sample.similar("parcel never came", limit=5).to_dicts():
        words = sample.explain_match("parcel never came", row["tweet_id"])
        assert sum(share for _, share in words) == pytest.approx(row["score"], abs=1e-4)


def test_the_file_says_what_it_is_and_its_examples_run(file):
    rows = dict(file.execute("select topic, text from about order by position").fetchall())
    asked = [text.split("   or")[0] for text in rows.values() if text.startswith("select ")]
    assert len(asked) >= 8
    for text in asked:
        assert file.execute(text).fetchall(), text


@pytest.mark.slow
def test_another_encoder_leaves_the_file_able_to_search(tmp_path):
    from corpora import QUICK, talk, with_vectors

    from riindex.pipeline.run import build

    target = tmp_path / "own.duckdb"
    texts = talk()["text"].to_pylist()
    source = with_vectors(texts, np.random.default_rng(1).normal(size=(len(texts), 5)))
    build(source, target, encoder="column:vec", settings={**QUICK, "fit.personas": 3})
    with duckdb.connect(str(target), read_only=True) as connection:
        assert len(connection.execute("select * from similar_tweets('late parcel', 5)").fetchall()) == 5
        assert connection.execute("select * from similar_personas('late parcel')").fetchall()
