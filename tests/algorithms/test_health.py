"""Health of groups: words that agree, confidence that keeps its word, verdicts, languages, refits, sub-groups."""

import numpy as np
import pytest
from corpora import blobs
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import normalized_mutual_info_score

from riindex.algorithms.clustering.cluster_metrics import membership_nmi
from riindex.algorithms.clustering.confidence import (
    calibration_error,
    cross_validated_confidence,
    fit_confidence_curve,
    held_out,
    reliability_diagram,
)
from riindex.algorithms.clustering.refits import Refit, matched_labels, pairwise_ari, refits
from riindex.algorithms.clustering.sub_groups import divide_group
from riindex.algorithms.word_agreement import chance_correlation, word_agreement
from riindex.config.sections import FitConfig
from riindex.profiles.verdict import FRAGILE, SOLID, USABLE, Health, verdict
from riindex.text.languages import language_of

VOCABULARY = [f"word{i}" for i in range(400)]


def texts_of(labels, rng, own=0.5):
    """Texts of ten words, of which a share ``own`` comes from twenty words of their group."""
    rows = []
    for label in labels:
        pool = [VOCABULARY[20 * label + i] if rng.random() < own else VOCABULARY[rng.integers(100, 400)]
                for i in rng.integers(0, 20, 10)]  # fmt: skip
        rows.append(" ".join(pool))
    return rows


def test_words_of_planted_groups_agree_and_shuffled_ones_do_not():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 600)
    texts = texts_of(labels, rng)
    planted = word_agreement(texts, labels, 4, 1)
    assert planted.texts == 600
    assert planted.overall.min() > 0.3
    assert planted.apart.min() > 0.2
    words = np.array(" ".join(texts).split())
    rng.shuffle(words)
    shuffled = [" ".join(part) for part in np.split(words, 600)]
    # Even where the groups were read off the shuffled texts themselves: who says a word of the group's is in it.
    found = np.array([next((i for i in range(3) if any(f"word{w}" in t.split() for w in range(20 * i, 20 * i + 20))), 3)
                      for t in shuffled])  # fmt: skip
    assert np.nanmax(word_agreement(shuffled, found, 4, 1).overall) < max(0.1, chance_correlation(600, 3.1))


def test_too_few_texts_tell_nothing_of_words():
    found = word_agreement(["one two", "three"], np.array([0, 1]), 2, 1)
    assert found.texts <= 2
    assert np.isnan(found.overall).all()


def test_groups_that_differ_only_by_chance_are_told_from_others_and_not_from_each_other():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 3, 900)
    texts = texts_of(labels, rng)
    split = np.where(labels == 2, 2 + rng.integers(0, 2, 900), labels)
    found = word_agreement(texts, split, 4, 1)
    assert found.overall.min() > 0.15
    assert found.apart[:2].min() > 0.2
    assert found.apart[2:].max() < 0.1
    assert found.apart_from[2:].tolist() == [3, 2]


def test_scripts_without_spaces_have_words_too():
    texts = ["今日は天気がいい", "配達が遅い荷物"] * 40
    found = word_agreement(texts, np.array([0, 1] * 40), 2, 1)
    assert found.texts == 80
    assert found.overall.min() > 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_nmi_of_two_questions_is_that_of_scikit_learn(counts):
    table = np.array(counts).reshape(2, 2)
    one, other = [np.repeat([0, 0, 1, 1], counts), np.repeat([0, 1, 0, 1], counts)]
    if len(set(one.tolist())) < 2 or len(set(other.tolist())) < 2:
        assert table.sum() == 0 or np.isnan(membership_nmi(table))
        return
    assert membership_nmi(table) == pytest.approx(normalized_mutual_info_score(one, other), abs=1e-9)


# -- confidence ----------------------------------------------------------------------------------------------------


def test_confidence_of_a_known_chance_is_calibrated():
    rng = np.random.default_rng(2)
    margin, group = rng.uniform(0, 0.8, 6000), rng.integers(0, 3, 6000)
    truth = 1 / (1 + np.exp(-(np.array([2.0, 4.0, 6.0])[group] + 1.2 * np.log(margin + 0.01))))
    curve = fit_confidence_curve(group[:3000], margin[:3000], rng.random(3000) < truth[:3000], 3)
    told = curve.confidence(margin[3000:], group[3000:])
    assert np.abs(told - truth[3000:]).mean() < 0.03
    assert calibration_error(reliability_diagram(told, rng.random(3000) < truth[3000:])) < 0.05
    order = np.argsort(margin)
    assert (np.diff(curve.confidence(margin[order], np.zeros(6000, int))) >= 0).all()


def test_all_right_or_too_few_calibrate_nothing():
    assert fit_confidence_curve(np.zeros(99, int), np.ones(99), np.ones(99, bool), 1) is None
    assert fit_confidence_curve(np.zeros(9, int), np.ones(9), np.arange(9) > 4, 1) is None


def test_a_refit_is_judged_by_the_curve_of_the_others():
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], 300)
    found = []
    for _ in range(3):
        swapped = np.where(rng.random(600) < 0.2, 1 - labels, labels)
        found.append(Refit(1 - swapped, rng.random(600) < 0.8, rng.uniform(0, 0.5, 600)))
    seen = held_out(labels, found)
    assert len(seen.right) == sum((~one.drawn).sum() for one in found)
    assert seen.right.mean() == pytest.approx(0.8, abs=0.08)
    assert np.nanmean(cross_validated_confidence(seen, 2)) == pytest.approx(0.8, abs=0.08)
    assert np.isnan(cross_validated_confidence(held_out(labels, found[:1]), 2)).all()


def test_groups_are_matched_by_what_they_share():
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    found = Refit(np.array([2, 2, 2, 0, 0, 1, 1, 3]), np.ones(8, bool), np.ones(8))
    assert matched_labels(labels, found).tolist() == [0, 0, 0, 1, 1, 2, 2, -1]


def test_refits_find_blobs_again_and_place_what_they_did_not_draw():
    rows, labels = blobs(4, 50)
    found = refits(rows, FitConfig(personas=4, restarts=3), 3, 0.8, 1)
    assert [int(one.drawn.sum()) for one in found] == [160] * 3
    assert pairwise_ari(found) == [pytest.approx(1)] * 3
    assert all((matched_labels(labels, one) == labels).all() for one in found)


# -- sub-groups ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_group_divides_only_where_there_are_groups_in_it():
    rows, labels = blobs(3, 100, width=6)
    assert len(set(zip(divide_group(rows, 1).tolist(), labels.tolist(), strict=True))) == 3
    assert divide_group(np.random.default_rng(1).normal(size=(600, 8)).astype(np.float32), 1) is None
    assert divide_group(rows[:40], 1) is None


# -- verdicts and languages ----------------------------------------------------------------------------------------

GOOD = {"size": 200, "share": 0.1, "core_share": 0.9, "stability": 0.9, "word_agreement": 0.4, "words_apart": 0.3,
        "words_apart_from": 2, "texts": 2000,
        "top_author_share": 0.02, "several_authors": True, "language": "English", "language_nmi": 0.01,
        "duplicate_share": 0.05, "audience_share": 1.0, "other_speaker": ""}  # fmt: skip
CASES = [
    ({}, SOLID, "stable under resampling"),
    ({"top_author_share": 0.8}, FRAGILE, "flood: one account wrote 80%"),
    ({"top_author_share": 1.0}, FRAGILE, "flood: one account wrote 100%"),
    ({"top_author_share": 1.0, "several_authors": False}, SOLID, "stable under resampling"),
    ({"stability": 0.4}, FRAGILE, "not stable under resampling"),
    ({"word_agreement": 0.02}, FRAGILE, "no more than shuffled"),
    ({"word_agreement": 0.3, "texts": 60}, FRAGILE, "shuffled"),
    ({"size": 6}, FRAGILE, "too few documents: 6"),
    ({"stability": 0.6}, USABLE, "only partly stable"),
    ({"stability": float("nan")}, USABLE, "never refitted"),
    ({"language_nmi": 0.8, "language": "Spanish"}, USABLE, "Spanish"),
    ({"duplicate_share": 0.7}, USABLE, "duplicates"),
    ({"audience_share": 0.2, "other_speaker": "company"}, USABLE, "80% of it was not written by the audience"),
    ({"audience_share": float("nan")}, SOLID, "stable"),
    ({"share": 0.98}, USABLE, "98% of all"),
    ({"words_apart": 0.01}, USABLE, "from persona 2"),
    ({"core_share": 0.3}, USABLE, "border"),
    ({"stability": 0.6, "top_author_share": 0.9}, FRAGILE, "only partly stable"),
]


@pytest.mark.parametrize(("change", "wanted", "reason"), CASES)
def test_a_verdict_says_why(change, wanted, reason):
    word, why = verdict(Health(**{**GOOD, **change}))
    assert (word, reason in why) == (wanted, True)


@pytest.mark.parametrize(("text", "language"), [
    ("@shop where is my parcel, it was not there", "English"),
    ("por favor, no me llega el paquete y nadie contesta", "Spanish"),
    ("você não vai me responder mais", "Portuguese"),
    ("ich habe das nicht bekommen und warte noch", "German"),
    ("मेरा पार्सल कहाँ है", "Devanagari"),
    ("где моя посылка", "Cyrillic"),
    ("ok", None),
    ("https://the.and/is #the @and", None),
])  # fmt: skip
def test_a_text_is_told_by_its_script_or_its_commonest_words(text, language):
    assert language_of(text) == language
