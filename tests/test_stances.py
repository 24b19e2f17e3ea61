"""Stances: their features, the head, the stage with planted posts, shares of personas, and learned labels."""

import duckdb
import numpy as np
import pytest
from corpora import SAMPLE, ask, start, table, through
from hypothesis import given
from hypothesis import strategies as st

from riindex import encoders
from riindex.errors import ConfigError
from riindex.labels import head as heads
from riindex.labels.features import BUCKETS, SIGNALS, features, negated_words
from riindex.labels.learned import learn
from riindex.labels.stances import MODEL, STANCES, bundled_head, likeliest, stance_reasons
from riindex.labels.tokens import WORD, hashes_of, read_tokens
from riindex.labels.training import figures, train_head

# Posts that no training text is like word by word, with what a reader would say of each.
PLANTED = {
    "my washing machine has leaked for a week and nobody from the shop rings me back": "complaint",
    "@QuickVan driver never turned up, no call, no refund. Awful": "complaint",
    "thanks for nothing, the heating is still broken": "complaint",
    "when does the museum shop open on sundays?": "question",
    "does anyone know how to reset this radio?": "question",
    "please add a timer to the app": "wish",
    "I wish you had a shop in Bergen": "wish",
    "the new ferry is fantastic, friendly crew and amazing food": "praise",
    "not bad at all, I love it": "praise",
    "@QuickVan thank you so much for the fast help!": "thanks",
    "@marie_s Hi Marie, we're sorry to hear that. Please DM us your order number so we can look into it. ^KT": "answer",
    "Parliament approves budget after long debate, opposition walks out": "news",
    "Save 40% on all jackets today only! Shop now http://t.co/abc": "promotion",
    "making pancakes with my brother": "talk",
}


@pytest.fixture(scope="module")
def encoder():
    return encoders.load("static")


def stances_of(encoder, texts):
    found = likeliest(bundled_head().probabilities(texts, encoder.encode(texts)))
    return [STANCES[i] for i in found.best]


def test_planted_posts_have_their_stance(encoder):
    found = dict(zip(PLANTED, stances_of(encoder, list(PLANTED)), strict=True))
    wrong = {text: found[text] for text, stance in PLANTED.items() if found[text] != stance}
    assert len(wrong) <= 1, wrong


def test_the_model_is_small_and_has_every_stance():
    assert MODEL.stat().st_size < 2_000_000
    assert bundled_head().classes == STANCES


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_has_features_and_they_do_not_depend_on_its_neighbours(texts):
    sparse, dense = features(texts)
    assert sparse.shape == (len(texts), BUCKETS)
    assert dense.shape == (len(texts), len(SIGNALS))
    assert np.isfinite(dense).all()
    for place, text in enumerate(texts):
        alone_sparse, alone = features([text])
        assert (alone[0] == dense[place]).all()
        assert (alone_sparse.toarray() == sparse[[place]].toarray()).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAN'T wait", "can't wait"),
        ("sooooo good", "soo good"),
        ("@anna hello", "@bertold hello"),
        ("at 7:45", "at 3:21"),
        ("see http://t.co/abc", "see https://example.org/x?y=1"),
        ("$AAPL up", "$TSLA up"),
        ("don\N{RIGHT SINGLE QUOTATION MARK}t", "don't"),
    ],
)
def test_what_does_not_count_gives_the_same_tokens(one, other):
    assert (read_tokens([one]).hashes == read_tokens([other]).hashes).all()


def test_an_emoji_is_a_token_by_itself():
    tokens = read_tokens(["good\N{SMILING FACE WITH HEART-SHAPED EYES}\N{PARTY POPPER}day"])
    assert len(tokens.hashes) == 4
    assert tokens.kinds.tolist().count(WORD) == 2


def test_negation_reaches_four_words_and_stops_at_a_sign():
    tokens = read_tokens(["it is not a very good long day. fine", "never again, happy"])
    words = {int(h): w for w in ("good", "long", "day", "fine", "again", "happy") for h in hashes_of([w])}
    negated = {words[int(h)] for h in tokens.hashes[negated_words(tokens)] if int(h) in words}
    assert negated == {"good", "long", "again", "happy"}


def test_probabilities_sum_to_one_and_blocks_do_not_matter(encoder):
    texts = list(PLANTED)
    vectors = encoder.encode(texts)
    whole = bundled_head().probabilities(texts, vectors)
    assert whole.sum(axis=1) == pytest.approx(np.ones(len(texts)))
    parts = [bundled_head().probabilities(texts[i : i + 5], vectors[i : i + 5]) for i in range(0, len(texts), 5)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-5)


def test_reasons_name_what_speaks_for_the_stance(encoder):
    reasons = stance_reasons(bundled_head(), encoder, "the crew was rude and the flight was cancelled")
    assert {"“rude”", "“cancelled”"} & {reason.what for reason in reasons}
    assert all(reason.adds > 0 for reason in reasons)


def planted_colours(n):
    texts = [f"number {i} is {'red as a rose' if i % 2 else 'blue as the sea'}" for i in range(n)]
    return texts, ["warm" if i % 2 else "cold" for i in range(n)]


def test_a_head_is_trained_stored_and_read(encoder):
    texts, labels = planted_colours(40)
    head, held_out = train_head(texts, encoder.encode(texts), labels)
    assert held_out.macro_f1 == 1
    again = heads.from_bytes(heads.to_bytes(head))
    assert again.classes == ("cold", "warm")
    vectors = encoder.encode(texts)
    assert again.probabilities(texts, vectors) == pytest.approx(head.probabilities(texts, vectors), abs=0.02)
    same, _ = train_head(texts, encoder.encode(texts), labels)
    assert heads.to_bytes(same) == heads.to_bytes(head)


def test_a_head_of_another_version_is_an_error(encoder):
    texts, labels = planted_colours(20)
    data = heads.to_bytes(train_head(texts, encoder.encode(texts), labels)[0])
    with pytest.raises(ConfigError, match="another version"):
        heads.from_bytes(data.replace(b'version\\": 1', b'version\\": 9'))


def test_figures_of_known_answers():
    truth = np.array([0, 0, 1, 1])
    sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.1]])
    found = figures(sure, truth)
    assert found.accuracy == 0.75
    assert found.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert found.calibration_error == pytest.approx(0.15)


def test_some_labels_are_learned_and_the_rest_follow(encoder):
    texts, labels = planted_colours(60)
    found = learn(texts, encoder.encode(texts), [label if i < 30 else None for i, label in enumerate(labels)])
    best = [found.head.classes[i] for i in found.probabilities.argmax(axis=1)]
    assert best == labels
    assert found.given.sum() == 30


def test_too_few_labels_are_an_error(encoder):
    texts, labels = planted_colours(20)
    with pytest.raises(ConfigError, match="1 labels of 5 texts or more"):
        learn(texts, encoder.encode(texts), ["warm" if label == "warm" else None for label in labels])


# -- in an index ---------------------------------------------------------------------------------------------------


def test_every_document_has_one_stance_and_equal_texts_the_same(sample_path):
    with duckdb.connect(str(sample_path), read_only=True) as file:
        assert file.sql("select count(*) from documents anti join stances using (doc_id)").fetchall() == [(0,)]
        assert file.sql("select count(*), count(distinct doc_id) from stances").fetchall()[0] == (1618, 1618)
        several = (
            "select text_hash from documents join stances using (doc_id) group by 1 having count(distinct stance) > 1"
        )
        assert file.sql(several).fetchall() == []
        unsure = "select count(*) from stances where (stance = 'unclear') <> (probability < 0.6)"
        assert file.sql(unsure).fetchall() == [(0,)]


def test_the_shares_of_a_persona_are_those_of_its_posts(sample_path):
    with duckdb.connect(str(sample_path), read_only=True) as file:
        counted = "select persona_id, stance, count(*) as n from tweets group by all"
        told = "select persona_id, stance, n from persona_stances where n > 0"
        assert file.sql(f"({counted} except {told}) union all ({told} except {counted})").fetchall() == []
        sums = file.sql(
            "select sum(share), bool_and(low <= share and share <= high) from persona_stances group by persona_id"
        )
        assert all(total == pytest.approx(1) and inside for total, inside in sums.fetchall())


def test_the_card_and_the_reasons_say_the_stance(sample, sample_path):
    shown = sample.profile(0)
    assert "%" in shown.stance_sentence()
    with duckdb.connect(str(sample_path), read_only=True) as file:
        tweet = file.sql("select tweet_id from tweets where stance = 'complaint' order by doc_id limit 1").fetchall()[
            0
        ][0]
    found = sample.why(tweet)["stance"]
    assert found["stance"] == "complaint"
    assert found["reasons"]


def test_a_changed_stance_is_found(sample_path, tmp_path):
    import shutil

    from riindex.share.verify import verify

    path = tmp_path / "changed.duckdb"
    shutil.copyfile(sample_path, path)
    with duckdb.connect(str(path)) as file:
        file.execute("update stances set probability = probability / 2 where doc_id = 7")
    assert ("stances", "doc_id=7") in {(finding.table, finding.key) for finding in verify(path)}


def test_learned_labels_are_added_and_kept_from_partners(sample_path, tmp_path, run_ri):
    import pyarrow.parquet as pq

    from riindex import build

    rows = pq.read_table(SAMPLE / "tweets.parquet").slice(0, 400)
    mine = ["asks" if "?" in text else "tells" if i % 2 else None for i, text in enumerate(rows["text"].to_pylist())]
    rows = rows.append_column("mine", [mine])
    path = tmp_path / "own.duckdb"
    quick = {"layout.method": "pca", "layout.max_documents": 60, "evaluate.refits": 1, "fit.restarts": 10}
    build(rows, path, settings=quick)
    code, _, err = run_ri("classify", "seniority", "-i", str(path))
    assert code == 0, err
    code, out, err = run_ri("classify", "--learn", "mine", "-i", str(path))
    assert code == 0, err
    assert "macro-F1" in err
    assert "asks" in out
    with duckdb.connect(str(path), read_only=True) as file:
        assert file.sql("select distinct dimension from labels order by 1").fetchall() == [("mine",), ("seniority",)]
        assert file.sql("select dimension from learned_heads").fetchall() == [("mine",)]
    code, _, err = run_ri("classify", "industry", "-i", str(path))
    assert code == 0, err
    with duckdb.connect(str(path), read_only=True) as file:
        assert len(file.sql("select distinct dimension from labels").fetchall()) == 3
    code, _, err = run_ri("ship", str(tmp_path / "copy.duckdb"), "-i", str(path))
    assert code == 0, err
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as file:
        assert file.sql("select count(*) from labels where dimension = 'mine'").fetchall() == [(0,)]
    code, _, err = run_ri("classify", "--learn", "nothing", "-i", str(path))
    assert code != 0
    assert "no column" in err


@pytest.mark.slow
def test_the_same_texts_give_the_shipped_model(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLE))
    from train_stances import train

    assert train()[0] == MODEL.read_bytes()


def test_texts_in_other_scripts_are_unclear(tmp_path):
    texts = [
        "this is the worst service I have ever had, still no refund",
        "это худший сервис, деньги так и не вернули",
        "これは最悪のサービスです、返金もまだです",
        "le pire service que j'ai jamais eu, toujours pas remboursé",
    ]
    store = through(start(tmp_path, table(texts)), "ingest", "embed", "denoise", "stances")
    found = ask(store, "select stance = 'unclear' and best_stance is null from stances order by doc_id")
    assert [other for (other,) in found] == [False, True, True, False]


def test_only_texts_in_other_scripts_are_all_unclear(tmp_path):
    store = through(start(tmp_path, table(["деньги так и не вернули за посылку"] * 3)), "ingest", "embed", "stances")
    assert ask(store, "select distinct stance, probability from stances") == [("unclear", None)]
