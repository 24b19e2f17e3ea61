"""What is left out, why, and in favour of what."""

import re
from datetime import datetime

import numpy as np
import pytest
from corpora import KEPT, ask, start, table, through, with_vectors
from hypothesis import given, settings
from hypothesis import strategies as st

from riindex.errors import InputError, RiError

STEPS = ["exact_duplicate", "near_duplicate", "retweet", "too_short", "template"]
LONG = "these are quite enough words to be kept, number"


def far_apart(number, width=64):
    """Unit vectors no two of which are alike."""
    return np.eye(max(number, width), dtype=np.float32)[:number]


def cleaned(folder, texts, vectors=None, **options):
    vectors = far_apart(len(texts)) if vectors is None else vectors
    run = start(folder, with_vectors(texts, vectors), settings={"embed.encoder": "column:vec", **options})
    return through(run, "ingest", "embed", "denoise")


def dropped(store):
    return {doc: (reason, kept) for doc, reason, kept in ask(store, "select doc_id, reason, kept_doc_id from dropped")}


WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]


def own(number):
    """A text of its own that no rule touches."""
    return " ".join(WORDS[int(digit)] for digit in f"{number:06d}") + " quite certainly"


def test_exact_duplicates_are_the_same_but_for_case_space_and_entities(tmp_path):
    texts = [
        own(1) + " & more",
        own(2),
        own(1).upper() + "  &amp; \n more ",
        own(1) + " & more\u200b",
        own(1) + "& more!",
    ]
    found = dropped(cleaned(tmp_path, texts))
    assert found == {2: ("exact_duplicate", 0), 3: ("exact_duplicate", 0)}


def test_near_duplicates_go_to_the_earliest_that_stays(tmp_path):
    vectors = far_apart(5)
    vectors[3] = vectors[1] * 0.99 + vectors[0] * np.sqrt(1 - 0.99**2)
    vectors[4] = vectors[1] * 0.94 + vectors[0] * np.sqrt(1 - 0.94**2)
    texts = [own(0), own(1), own(2), f"{own(1)} again", f"{own(1)} and again"]
    store = cleaned(tmp_path, texts, vectors)
    assert dropped(store) == {3: ("near_duplicate", 1)}
    assert ask(store, "select similarity from dropped")[0][0] == pytest.approx(0.99, abs=1e-5)


def test_what_merely_sounds_alike_to_the_encoder_stays(tmp_path):
    deaf = np.ones((4, 8), np.float32) / np.sqrt(8)
    texts = [own(111111), own(222222), "the alpha train is late again today", "the beta train is late again today"]
    assert dropped(cleaned(tmp_path, texts, deaf)) == {}
    (tmp_path / "vectors").mkdir()
    by_vectors = cleaned(tmp_path / "vectors", texts, deaf, **{"denoise.near_duplicate_words": 0})
    assert dropped(by_vectors) == dict.fromkeys((1, 2, 3), ("near_duplicate", 0))


def test_another_number_or_share_is_another_message(tmp_path):
    alike = np.ones((5, 8), np.float32) / np.sqrt(8)
    texts = ["my phone is on version 11.0.3 of the app", "my phone is on version 11.1 of the app",
             "a new alert for $KO, find out why here", "a new alert for $C, find out why here",
             "RT @x: a new alert for $KO, find out why here!"]  # fmt: skip
    settings = {"denoise.retweets": False}
    assert dropped(cleaned(tmp_path, texts, alike, **settings)) == {4: ("near_duplicate", 2)}


NEWS = "Сбербанк подал иск к двум дочкам Мечела на 24,6 млн рублей"


def test_words_that_the_encoder_does_not_know_are_compared_by_themselves(tmp_path):
    texts = [
        NEWS,
        f"RT @news: {NEWS} http://t.co/x",
        f"Новости: {NEWS}",
        NEWS.replace("24,6", "31,2"),
        NEWS.replace("Сбербанк", "Газпромбанк"),
        "Мой заказ на камеру до сих пор не пришёл, и трек не обновляется",
        "ผมเพิ่งเช็คบิล เดินออกมาแล้ว พนักงานมองลูกค้าหยิ่ง ไม่ยิ้มแย้ม",
        "ผมเพิ่งเช็คบิล เดินออกมาแล้ว พนักงานมองลูกค้าหยิ่ง ไม่ยิ้มแย้ม 555",
        "地下鉄が止まっていて満員でつらい、雨の日はいつもこう",
    ]
    store = through(start(tmp_path, table(texts)), "ingest", "embed", "denoise")
    found = ask(store, "select doc_id, reason, kept_doc_id, similarity from dropped order by doc_id")
    assert found == [(1, "near_duplicate", 0, None), (2, "near_duplicate", 0, None), (7, "near_duplicate", 6, None)]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "most"), [("russian_1500", 0.11), ("arabic_800", 0.02), ("thai_600", 0.01)])
def test_of_real_posts_in_any_language_only_copies_are_near_duplicates(tmp_path, real_data, name, most):
    run = start(tmp_path, str(real_data / "languages" / f"{name}.csv"))
    total, gone = ask(
        through(run, "ingest", "embed", "denoise"), "select input, dropped from funnel where step_no = 2"
    )[0]
    assert gone <= most * total


@pytest.mark.real_data
def test_no_language_of_a_mixture_loses_more_than_english(tmp_path, real_data):
    run = start(tmp_path, str(real_data / "languages" / "five_languages_600.csv"))
    kept = dict(ask(through(run, "ingest", "embed", "denoise"), """
        select lang, count(*) filter (doc_id not in (select doc_id from dropped)) / count(*)
        from documents group by lang"""))  # fmt: skip
    assert len(kept) == 5
    assert min(kept.values()) >= kept["en"] - 0.05, kept


# Per way of saying the same again: the texts, their vectors, and the reason.
COPIES = {
    "exact_duplicate": ([own(1)] * 3 + [own(2)], None, {}),
    "near_duplicate": ([own(i) for i in range(4)], [[1, 0, 0], [1, 0.1, 0], [1, 0, 0.1], [0, 0, 1]], {}),
    "template": (
        [f"buy the {n}9 pack of socks here today at @shop{n} for less" for n in range(3)] + [own(2)],
        None,
        {"template_repeats": 3},
    ),
}


@pytest.mark.parametrize("reason", COPIES)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)], ids=str)
def test_the_earliest_stays_whatever_the_order_of_the_file(tmp_path, reason, order):
    texts, vectors, settings = COPIES[reason]
    vectors = far_apart(4) if vectors is None else np.array(vectors) / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = with_vectors(texts, vectors, created_at=[datetime(2025, 1, 1 + n) for n in range(4)]).take(list(order))
    run = start(tmp_path, rows, {"embed.encoder": "column:vec", **settings})
    store = through(run, "ingest", "embed", "denoise")
    found = ask(store, "select d.tweet_id, reason, k.tweet_id from dropped join documents d using (doc_id) "
                       "join documents k on k.doc_id = kept_doc_id order by 1")  # fmt: skip
    assert found == [("t1", reason, "t0"), ("t2", reason, "t0")]


def test_a_copy_with_a_time_stays_before_one_without(tmp_path):
    moments = [None, datetime(2025, 1, 2), datetime(2025, 1, 1)]
    rows = with_vectors([own(1)] * 3, far_apart(3), created_at=moments)
    store = through(start(tmp_path, rows, {"embed.encoder": "column:vec"}), "ingest", "embed", "denoise")
    assert dropped(store) == {0: ("exact_duplicate", 2), 1: ("exact_duplicate", 2)}


def test_pure_retweets_keep_the_tweet_they_repeat(tmp_path):
    texts = [
        own(1),
        f"RT @ana: {own(1)}",
        f"rt @bo {own(7)}",
        f"I said it: RT @ana {own(3)}",
        "RT is not a retweet " + own(4),
    ]
    assert dropped(cleaned(tmp_path, texts)) == {1: ("retweet", 0), 2: ("retweet", None)}


def test_short_texts_have_too_few_characters_or_words(tmp_path):
    texts = ["a b c d e f", "extraordinarily longish words", "five words are just enough", own(3)]
    assert dropped(cleaned(tmp_path, texts)) == {0: ("too_short", None), 1: ("too_short", None)}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=8), st.integers(0, 40), st.integers(0, 7))
def test_the_limits_of_length_hold_to_the_unit(tmp_path_factory, lengths, chars, words):
    texts = [" ".join("abcdefgh"[:n] for n in lengths[: i + 1]) + f"{i}" for i in range(len(lengths))] + [own(1)]
    with cleaned(
        tmp_path_factory.mktemp("short"), texts, **{"denoise.min_chars": chars, "denoise.min_words": words}
    ) as store:
        found = dropped(store)
    wanted = {i for i, t in enumerate(texts) if len(t) < chars or len(t.split()) < words}
    assert {i for i, (reason, _) in found.items() if reason == "too_short"} == wanted


def test_scripts_without_blanks_are_measured_in_characters(tmp_path):
    texts = [
        "快递还没到我家呢真的烦",
        "太短了吧",
        "ส่งของช้ามากครับผมไม่พอใจ",
        "ส่งของ",
        "배송이 너무 늦어서 정말 화가 나요",
        own(1),
    ]
    store = cleaned(tmp_path, texts)
    assert dropped(store) == {1: ("too_short", None), 3: ("too_short", None)}


def test_templates_recur_but_for_names_numbers_and_links(tmp_path):
    promo = [f"Hey @user{i}! save {10 + i} % on every order of Shop{i}x today https://x.co/{i}" for i in range(5)]
    store = cleaned(tmp_path, [*promo, own(1)])
    assert dropped(store) == dict.fromkeys(range(1, 5), ("template", 0))
    (tmp_path / "fewer").mkdir()
    assert dropped(cleaned(tmp_path / "fewer", [*promo[:4], own(1)])) == {}


def test_the_first_reason_that_holds_is_the_one(tmp_path):
    texts = [own(1), own(1), f"RT @ana: {own(2)}", f"RT @ana: {own(2)}", "RT @a hi", "hi", "hi"]
    reasons = {doc: reason for doc, (reason, _) in dropped(cleaned(tmp_path, texts)).items()}
    assert reasons == {
        1: "exact_duplicate",
        2: "retweet",
        3: "exact_duplicate",
        4: "retweet",
        5: "too_short",
        6: "exact_duplicate",
    }


def test_a_twin_is_kept_itself_even_if_its_own_twin_is_dropped_later(tmp_path):
    texts = [own(1), own(1), f"RT @ana: {own(2)}", f"RT @ana: {own(2)}", "RT @a hi", "hi", "hi", f"RT @bo: {own(1)}"]
    found = dropped(cleaned(tmp_path, [*texts, f"rt @bo: {own(1)}"]))
    assert {doc: kept for doc, (_, kept) in found.items() if kept in found} == {}
    assert found[7][1] == found[8][1] == 0


def test_a_kept_twin_is_kept(sample):
    assert sample.sql("""
        select count(*) from dropped as d where kept_doc_id in (select doc_id from dropped)
    """).fetchall()[0] == (0,)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([own(1), own(2), own(3), "hi", "RT @a: " + own(1), "RT @b " + own(9), own(1).upper()]),
                min_size=1, max_size=14), st.integers(0, 3))  # fmt: skip
def test_kept_and_dropped_are_all_and_the_funnel_adds_up(tmp_path_factory, texts, copies):
    texts = [own(50), *texts]
    vectors = np.array([far_apart(40, 40)[hash_of(t)] for t in texts])
    with cleaned(
        tmp_path_factory.mktemp("funnel"), texts + [own(50)] * copies, np.vstack([vectors, *[vectors[:1]] * copies])
    ) as store:
        funnel = ask(store, "select step, input, dropped, output, retention from funnel order by step_no")
        counts = dict(ask(store, "select reason, count(*) from dropped group by reason"))
        total = ask(store, "select count(*) from documents")[0][0]
        twice = ask(store, "select doc_id from dropped group by doc_id having count(*) > 1")
        kept = ask(store, "select count(*) from documents where doc_id not in (select doc_id from dropped)")[0][0]
    assert [step[0] for step in funnel] == STEPS
    assert twice == []
    assert kept + sum(counts.values()) == total
    before = total
    for step, into, out, left, retention in funnel:
        assert into == before
        assert out == counts.get(step, 0)
        assert left == into - out
        assert retention == (pytest.approx(left / into) if into else None)
        before = left
    assert before == kept


def hash_of(text):
    return sum(map(ord, text.lower())) % 40


def test_nothing_left_is_an_error_with_a_hint(tmp_path):
    with pytest.raises(InputError, match="none of the 2") as problem:
        cleaned(tmp_path, ["hi", "ho"])
    assert "min_words" in problem.value.hint


def test_descriptions_drop_nothing(tmp_path):
    from riindex.config.presets import DESCRIPTIONS

    rules = {f"denoise.{k}": v for k, v in DESCRIPTIONS.section("denoise").items()}
    store = cleaned(tmp_path, ["hi", "hi", "RT @a hi", own(1)], far_apart(4), **rules)
    assert dropped(store) == {}


def test_moving_a_threshold_embeds_nothing_again(tmp_path):
    class Never:
        name, dim, digest = "static", 4, "x"

        def encode(self, texts, progress=None):
            raise AssertionError("embedded again")

    import dataclasses

    run = start(
        tmp_path,
        table(
            [
                "my parcel is late again and nobody will tell me why",
                "refund policy of this store is a joke for all of us",
                "hi there my good old friend",
            ]
        ),
    )
    through(run, "ingest", "embed", "denoise")
    again = dataclasses.replace(run, config=run.config.with_setting("denoise.min_words", 7), encoder=Never())
    assert set(dropped(through(again, "denoise"))) == {2}


def test_the_planted_noise_of_the_sample_is_found(sample, truth):
    found = dict(sample.sql("select d.tweet_id, x.reason from dropped x join documents d using (doc_id)").fetchall())
    planted = {row["tweet_id"]: row["planted_noise"] for row in truth if row["planted_noise"]}
    assert found == planted


def test_the_funnel_of_the_sample_shows_the_planted_counts(sample_report):
    assert {step.step: step.dropped for step in sample_report.funnel} == {
        "exact_duplicate": 103, "near_duplicate": 35, "retweet": 12, "too_short": 26, "template": 14}  # fmt: skip
    assert (sample_report.documents, sample_report.kept) == (1618, KEPT)


def test_what_does_not_meet_the_condition_is_left_out_before_anything_is_compared(tmp_path):
    texts = ["my parcel is late again today", "my parcel is late again today", "the refund has not come for weeks",
             "we are sorry, please send us a message"]  # fmt: skip
    frame = table(texts, inbound=["False", "True", "True", "False"], like_count=[1, 2, 3, 4])
    run = start(tmp_path, frame, settings={"denoise.where": "inbound = 'True' and like_count > 0"})
    with through(run, "ingest", "embed", "denoise") as store:
        assert ask(store, "select doc_id, reason, kept_doc_id from dropped order by doc_id") == [
            (0, "where", None), (3, "where", None)]  # fmt: skip
        assert ask(store, "select step, input, output from funnel order by step_no limit 2") == [
            ("where", 4, 2), ("exact_duplicate", 2, 2)]  # fmt: skip


def test_a_condition_may_choose_files(tmp_path):
    for name in ("a", "b"):
        text = f"the parcel of file {name} is late again today"
        (tmp_path / f"{name}.csv").write_text(f"id,text\n{name},{text}\n", encoding="utf-8")
    run = start(tmp_path, str(tmp_path / "?.csv"), settings={"denoise.where": "source_file = 'b.csv'"})
    store = through(run, "ingest", "embed", "denoise")
    assert ask(store, "select tweet_id, reason from dropped join documents using (doc_id)") == [("a", "where")]


@pytest.mark.parametrize(("condition", "told"), [("colour = 1", "colour"), ("true; drop table documents", "condition"),
                                                 ("like_count > 99", "none that meets")])  # fmt: skip
def test_a_condition_that_cannot_be_met_says_so(condition, told, tmp_path):
    run = start(
        tmp_path, table(["my parcel is late again today"], like_count=[1]), settings={"denoise.where": condition}
    )
    with pytest.raises(RiError, match=told):
        through(run, "ingest", "embed", "denoise")


def test_every_language_is_counted_and_one_that_the_encoder_does_not_know_is_named(tmp_path):
    russian = "Мой заказ на {} до сих пор не пришёл, и что мне теперь делать"
    thai = "ผมเพิ่งเช็คบิลที่{}เดินออกมาแล้ว พนักงานมองลูกค้าหยิ่ง"
    texts = [
        *(f"I have not got the {word} that I paid for and now they will not answer" for word in WORDS),
        *(russian.format(word) for word in ("камеру", "книгу", "обувь")),
        russian.format("книгу"),
        *(thai.format(word) for word in ("ร้าน", "ห้าง")),
    ]
    run = start(tmp_path, table(texts))
    through(run, "ingest", "embed", "denoise")
    assert "English: 10 of 10 kept" in run.report.details
    assert "Russian: 3 of 4 kept, 1 exact duplicates" in run.report.details
    assert "Thai: 2 of 2 kept" in run.report.details
    assert "by language: English 10 of 10, Russian 3 of 4, Thai 2 of 2" in run.report.notes
    (warning,) = [text for text in run.report.warnings if text.startswith("unknown words")]
    assert "static does not know most words of 6 of 16 documents (Russian, Thai)" in warning
    assert "--encoder" in warning


def test_an_encoder_that_knows_the_words_is_not_warned_of(tmp_path):
    run = start(
        tmp_path, table([f"I have not got the {word} that I paid for, and they will not answer" for word in WORDS])
    )
    through(run, "ingest", "embed", "denoise")
    assert not [text for text in run.report.warnings if "unknown words" in text]


@pytest.mark.real_data
def test_languages_are_found_as_a_source_names_them(tmp_path, real_data):
    import polars as pl

    frame = pl.read_csv(real_data / "languages" / "five_languages_600.csv").drop("lang")
    run = start(tmp_path, frame)
    through(run, "ingest", "embed", "denoise")
    counts = dict(re.findall(r"(\w+) [\d,]+ of (\d+)", next(t for t in run.report.notes if "by language" in t)))
    for language, wanted in {"English": 200, "Spanish": 100, "Russian": 100, "Japanese": 100, "Arabic": 100}.items():
        assert abs(int(counts[language]) - wanted) <= 2
