"""Names, hints and languages of personas, each rule at its border."""

import math

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from riindex.profiles.health import _languages
from riindex.profiles.hints import hints
from riindex.profiles.names import Term, Trait, titled


@pytest.mark.parametrize(("spelling", "shown"), [
    ("bank of america", "Bank of America"), ("late parcel", "Late Parcel"), ("NASA", "NASA"), ("SALES", "Sales"),
    ("WOW parcel", "WOW Parcel"), ("iPhone case", "iPhone Case"), ("HELLOO", "Helloo"),
])  # fmt: skip
def test_capitals_are_those_of_a_name(spelling, shown):
    assert titled(spelling) == shown


def term(kind, rank, word, q=0.001, share=0.4):
    return Term(kind, rank, word, word, 20, share, 0.1, 4.0, q)


def test_a_hint_says_the_first_significant_hashtag_and_what_to_leave():
    terms = [
        term("term", 1, "parcel"), term("term", 2, "courier"), term("term", 3, "depot"),
        term("hashtag", 1, "#late"), term("hashtag", 2, "#fail"), term("absent_term", 1, "refund", share=0.0),
        term("absent_term", 2, "invoice", q=0.2),
    ]  # fmt: skip
    traits = [Trait("emoji_count", 2.0, 0.1, 1.2, 20, 0.001), Trait("url_count", 0.0, 0.9, -0.9, 20, 0.5)]
    said = [(hint.statement.place, hint.statement.subject) for hint in hints(terms, traits, None, 5)]
    assert ("do", "#late") in said
    sentences = [hint.statement.sentence for hint in hints(terms, traits, None, 5)]
    assert any(sentence.startswith("Emoji fit here") for sentence in sentences)
    assert ("do", "#fail") not in said
    assert ("dont", "refund") in said
    assert ("dont", "invoice") not in said
    assert all(subject != "url_count" for _, subject in said)
    assert len(hints(terms, traits, None, 1)) == 2


def test_the_language_of_a_persona_is_its_commonest_with_its_share():
    rows = [(0, "x", "en")] * 6 + [(0, "x", "es")] * 2 + [(1, "x", "es")] * 5 + [(1, "x", "en")] + [(1, "x", None)]
    (first, share, nmi), (second, other_share, other), (none, *_) = _languages(rows, 3)
    assert (first, share, second, none) == ("en", 6 / 8, "es", None)
    assert other_share == pytest.approx(5 / 6)
    personas = np.array([persona for persona, _, lang in rows if lang])
    for persona, language, found in ((0, "en", nmi), (1, "es", other)):
        spoken = np.array([lang == language for _, _, lang in rows if lang])
        assert found == pytest.approx(normalized_mutual_info_score(personas == persona, spoken), abs=1e-9)
    assert math.isnan(_languages(rows, 3)[2][1])
