"""Personal data masked; names and sentences from figures; which column is what."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riindex.errors import ConfigError, InputError
from riindex.profiles.hints import hints
from riindex.profiles.names import (
    Term,
    Trait,
    Uses,
    figure,
    joined,
    known_for,
    names,
    phrases,
    strongest,
    titled,
    well_formed,
)
from riindex.profiles.statements import Peak, describe
from riindex.sources.columns import ROLES, assign_roles, is_known_column, normalised_name
from riindex.text.languages import language_name
from riindex.text.stop_words import stop_words

# -- names ---------------------------------------------------------------------------------------------------------


def term(word, kind="term", rank=1, n=10, share=0.5, baseline=0.1):
    return Term(kind, rank, word, word, n, share, baseline, 5.0)


NOUNS = "api sdk cart refund return policy parcel courier bot screen page fake wallet".split()  # noqa: SIM905
WORDS = st.sampled_from(NOUNS)


@given(st.lists(st.lists(WORDS, unique=True, max_size=5), min_size=1, max_size=9))
def test_no_two_names_are_alike(personas):
    terms = {n: [term(word, rank=i) for i, word in enumerate(words, 1)] for n, words in enumerate(personas)}
    found = names(terms, {})
    assert list(found) == list(terms)
    assert len({name.lower() for name in found.values()}) == len(found)
    assert all(found.values())


def test_a_name_is_made_of_the_most_telling_phrases():
    own = [term("quick", rank=1, n=10), term("courier", rank=2, n=9), term("quick commerce", "ngram", n=6)]
    assert [p.term for p in phrases(own)] == ["quick commerce", "courier"]
    assert names({0: own}, {}) == {0: "Quick Commerce & Courier"}
    assert names({0: own}, {0: "emoji users"}) == {0: "Quick Commerce & Courier (emoji users)"}


def test_a_persona_is_known_for_the_gravest():
    loud, calm = Trait("emoji_count", 2, 1, 0.9), Trait("emoji_count", 1, 2, -0.9)
    assert [known_for(trait) for trait in (loud, calm, None)] == ["emoji users", "plain text", None]
    assert known_for(Trait("emoji_count", 2, 1, 0.7)) is None, "not that large"
    assert known_for(Trait("word_count", 2, 1, 0.9), "descriptions") == "long descriptions"
    assert known_for(loud, language=("hi", 0.9)) == "in Hindi"
    assert known_for(None, language=("Spanish", 0.6)) == "mostly in Spanish"
    assert known_for(loud, language=("hi", 0.9), speaker="company") == "support desk"
    assert known_for(loud, language=("hi", 0.9), speaker="press", one_account=True) == "one account"


@pytest.mark.parametrize(("told", "name"), [("pt-BR", "Portuguese"), ("zh_CN", "Chinese"), ("EN", "English"),
                                            ("Hangul", "Hangul"), ("klingon", "klingon"),
                                            ("Hindi-in-Latin", "Hindi-in-Latin")])  # fmt: skip
def test_languages_have_names(told, name):
    assert language_name(told) == name


def test_a_name_says_what_enough_posts_say_and_nothing_coarse():
    assert names({7: [term("internet", share=0.03)]}, {}) == {7: "Mixed talk"}
    assert names({7: [term("fucking", rank=1), term("internet", rank=2)]}, {}) == {7: "Internet"}
    assert names({3: [], 7: []}, {}) == {3: "Mixed talk", 7: "Persona 7"}


def test_a_phrase_is_well_formed_by_the_company_its_words_keep():
    uses = {"card": Uses(30, 2, 1), "credit": Uses(9, 1, 0), "send": Uses(2, 40, 0), "late": Uses(3, 1, 30)}
    assert well_formed("card", uses)
    assert well_formed("credit card", uses)
    assert well_formed("quick commerce", uses), "nothing is known of its words"
    assert not well_formed("send", uses)
    assert not well_formed("send card", uses)
    assert not well_formed("late", uses)
    assert well_formed("card of credit", uses)
    assert not well_formed("card the credit", uses)
    assert not well_formed("zzz", uses)


def test_a_name_prefers_noun_phrases_and_leads_back_to_its_persona():
    loose = Term("term", 1, "send", "send", 9, 0.5, 0.1, 5.0, 0.0, False)
    own = [loose, term("card", rank=2), term("bank", rank=3), term("fee", rank=4)]
    assert names({0: own}, {})[0] == "Card & Bank"
    assert names({0: own}, {}, identifies=lambda place, name: name == "Card & Fee")[0] == "Card & Fee"
    assert names({0: own}, {}, identifies=lambda place, name: "Send" in name)[0] == "Card & Send"
    assert names({0: own}, {}, identifies=lambda place, name: False)[0] == "Card & Bank", "where none does"


def test_a_name_given_by_hand_is_kept_and_nobody_elses():
    own = [term("card"), term("bank", rank=2), term("fee", rank=3)]
    assert names({4: own, 6: own}, {}, taken={6: "card & bank"}) == {4: "Card & Fee", 6: "card & bank"}


def test_a_rare_ngram_does_not_stand_for_its_word():
    assert [p.term for p in phrases([term("quick", n=10), term("quick commerce", "ngram", n=2)])] == ["quick"]


def test_a_word_is_not_said_twice_in_a_name():
    assert [p.term for p in phrases([term("order"), term("orders", rank=2), term("parcel", rank=3)])] == [
        "order",
        "parcel",
    ]


def test_capitals_that_authors_write_stay():
    assert titled("UPI payments") == "UPI Payments"
    assert titled("iPhone") == "iPhone"
    assert titled("REFUND now") == "Refund Now"
    assert titled("bank Of america") == "Bank of America"


def test_lists_are_joined():
    assert [joined(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_a_description_is_made_of_figures():
    told = Trait("emoji_count", 2.0, 0.5, 0.9)
    found = describe(1200, 10_000, [term("refund"), term("policy", baseline=None)], told, Peak(7, 0.2, 0.05, 240))
    assert [s.sentence for s in found] == [
        "1,200 posts (12.0%) of 10,000.", "About “refund” (50%, elsewhere 10%).", "About “policy” (50%).",
        "They use more emoji (2.0, elsewhere 0.50).", "Busiest at 07:00 (20%, elsewhere 5.0%)."]  # fmt: skip
    assert [(s.kind, s.subject, s.value) for s in found] == [
        ("size", "", 1200), ("term", "refund", 0.5), ("term", "policy", 0.5), ("trait", "emoji_count", 2.0),
        ("hour", "7", 0.2)]  # fmt: skip
    assert [s.sentence for s in describe(3, 3, [], None, None, "descriptions")] == ["3 descriptions (100.0%) of 3."]


def test_a_trait_too_weak_or_without_words_is_not_told():
    assert strongest([Trait("hour_sin", 1, 0, 3.0), Trait("emoji_count", 2, 1, 0.1)]) is None
    assert strongest([Trait("emoji_count", 1.001, 1.002, 0.5)]) is None, "the figures would look the same"
    assert strongest([Trait("emoji_count", 2, 1, -0.5)]).feature == "emoji_count"


@pytest.mark.parametrize(("value", "style", "told"), [(0.256, "share", "26%"), (1234.5, "number", "1,234"),
                                                      (12.34, "number", "12.3"),
                                                      (0.123, "number", "0.12")])  # fmt: skip
def test_figures_are_written_with_what_precision_they_need(value, style, told):
    assert figure(value, style) == told


def test_what_may_be_an_accident_is_no_trait_and_no_hint():
    assert strongest([Trait("emoji_count", 2, 1, 0.9, 5, 0.2), Trait("url_count", 2, 1, 0.5)]).feature == "url_count"
    assert hints([], [Trait("emoji_count", 2, 1, 0.9, 5, 0.2)], None, 4) == []
    doubtful = Term("term", 1, "maybe", "maybe", 3, 0.5, 0.1, 5.0, 0.3)
    assert [p.term for p in phrases([doubtful, term("sure", rank=2)])] == ["sure"]
    assert [p.term for p in phrases([doubtful])] == ["maybe"], "where nothing is sure"


def test_hints_rest_on_what_is_given():
    own = [term("refund"), term("#deal", "hashtag"), term("cart", "absent_term", share=0.01, baseline=0.2)]
    traits = [
        Trait("question_density", 0.2, 0.1, 0.8),
        Trait("url_count", 0.1, 0.5, -0.6),
        Trait("emoji_count", 1, 1, 0.1),
    ]
    found = hints(own, traits, Peak(9, 0.3, 0.1, 3), 4)
    assert [(h.statement.place, h.table) for h in found] == [
        ("do", "persona_terms"), ("do", "persona_hours"), ("do", "persona_terms"), ("do", "persona_traits"),
        ("dont", "persona_terms"), ("dont", "persona_traits")]  # fmt: skip
    assert [(h.statement.value, h.statement.baseline) for h in found][1] == (0.3, 0.1)
    assert hints(own, traits, Peak(9, 0.11, 0.1, 3), 0) == []
    assert all(h.table != "persona_hours" for h in hints(own, traits, Peak(9, 0.11, 0.1, 3), 9))


def test_stop_words_are_english_hindi_and_twitter():
    found = set(stop_words())
    assert {"the", "and", "hai", "nahi", "rt", "amp", "https"} <= found
    assert any(re.search(r"[\u0900-\u097f]", word) for word in found), "Hindi in its own script"
    assert all(word == word.lower() for word in found)
    assert not found & {"refund", "delivery", "price"}


# -- columns -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_known_name_is_recognised(role):
    for name in ROLES[role]:
        assert name == normalised_name(name)
        assert is_known_column(name.upper().replace("_", " "))
        found = assign_roles([name, "text"] if role != "text" else [name], {}, "x")
        assert found[role] == name


def test_no_name_has_two_roles():
    every = [name for known in ROLES.values() for name in known]
    assert len(every) == len(set(every))


def test_preferred_names_win_and_a_column_has_one_role():
    found = assign_roles(["id", "tweet_id", "text", "full_text", "user", "date"], {}, "x")
    assert found == {"tweet_id": "tweet_id", "text": "full_text", "author": "user", "created_at": "date"}


def test_a_mapping_takes_the_column_from_another_role():
    found = assign_roles(["text", "description"], {"author": "text"}, "x")
    assert found == {"author": "text", "text": "description"}


def test_errors_name_the_columns():
    with pytest.raises(InputError, match="no column of x") as problem:
        assign_roles([f"c{i}" for i in range(30)], {}, "x")
    assert "and 10 more" in problem.value.hint
    with pytest.raises(ConfigError, match="no column 'none'"):
        assign_roles(["text"], {"author": "none"}, "x")
    with pytest.raises(ConfigError, match="no role"):
        assign_roles(["text"], {"colour": "text"}, "x")
