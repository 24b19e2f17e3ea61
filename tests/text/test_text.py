"""Personal data masked; names and sentences from figures; which column is what."""

import json
import random
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from canaries import COLUMNS, KINDS, canaries, column_secrets
from hypothesis import given
from hypothesis import strategies as st

from riindex.errors import ConfigError, InputError
from riindex.text import pii
from riindex.text.columns import ROLES, assign_roles, plain, recognised
from riindex.text.hints import hints
from riindex.text.languages import language_name
from riindex.text.naming import (
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
from riindex.text.personal_columns import kind_of_column
from riindex.text.pii import found, mask, mask_columns, mask_value, without_masks
from riindex.text.statements import Peak, describe
from riindex.text.stop_words import stop_words

# -- personal data -------------------------------------------------------------------------------------------------

MASKED = {
    "write to ana.b+x@mail.example.co.uk now": "write to [email] now",
    "ana at gmail dot com": "[email]",
    "ana (at) gmail (dot) com": "[email]",
    "see https://shop.example.com/o/77?u=ana#x": "see [shop.example.com]",
    "see www.example.com/ana": "see [example.com]",
    "thanks @Ana_99 and @ bob!": "thanks @user and @user!",
    "card 4111 1111 1111 1111 ok": "card [number] ok",
    "card 4111-1111-1111-1111": "card [number]",
    "pay to DE89 3704 0044 0532 0130 00 please": "pay to [iban] please",
    "order no. 405-1234567-890": "order no. [order]",
    "Order #A12345678 is late": "Order #[order] is late",
    "ticket 20231105": "ticket [order]",
    "call +49 30 1234567": "call [phone]",
    "call (030) 123 4567": "call [phone]",
    "call 555-123-4567 today": "call [phone] today",
    "whatsapp 9876543210": "whatsapp [phone]",
    "whatsapp +919876543210": "whatsapp [phone]",
    "my pan ABCDE1234F": "my pan [id]",
    "from 192.168.0.17": "from [ip]",
    "so nice.@Ana_99 and made@travel": "so nice.@user and [email]",
    "ring 07700 900123": "ring [phone]",
    "ring 06 12 34 56 78 now": "ring [phone] now",
    "ring 415\u2013555\u20132671": "ring [phone]",
    "thanks \uff20john": "thanks @user",
    "mail john\uff20gmail.com": "mail [email]",
    "pay john@okaxis": "pay [email]",
    "see https://user:secret@host/x": "see [link]",
    "see https://ex\u00e4mple.de/john": "see [ex\u00e4mple.de]",
    "card 4111  1111  1111  1111": "card [number]",
    "PNR: ABC123": "PNR: [order]",
    "my order number is 1234567": "my order number is [order]",
}


@pytest.mark.parametrize("text", MASKED)
def test_personal_data_is_masked(text):
    assert mask(text) == MASKED[text]


KEPT = [
    "paid 1,299.00 for it", "₹12999 is a lot", "in 2023 and 2024", "50-60 percent off", "version 3.11.2 is out",
    "10:30 - 11:45", "on 2024-05-06", "it costs $1000000", "24/7 support",
    "#deal of the day", "5 out of 10", "iPhone 15", "from 2019-2020", "2010-2014 and 2010\u20132014", "800-850 dollars",
    "100.000 people", "5 @ 3.99", "open 09 - 17", "0 10 20 30", "1.234.567 users",
    "in case 2016-2017", "Order 2016-11-28 delivered", "ref 10-12-2015", "order 2016",
    "#ds106headlessbest", "CVE-2016-2208", "2@3 of them",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_prices_years_and_versions_stay(text):
    assert mask(text) == text


@given(
    st.text(max_size=80),
    st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}@[a-z]{1,8}\.(com|org|in)", fullmatch=True),
    st.text(max_size=80),
)
def test_an_address_never_survives(before, address, after):
    assert address not in mask(f"{before} {address} {after}")


HOSTILE = [
    "1-", "a.", "a@", "9", "0 1 ", "w+", "a at ", "order no ", "-", "www..", "½", "1.1.1.", "0012.", "1/2/", "%40",
    "&#64;", "9\u200b", "case                                                  ", "@ a _ ", "john dot ", "DE89 3704 ",
    "lat 1.1 ", "password is ", "otp 1 ", "one two ", "::", "(at)",
]  # fmt: skip


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_texts_are_masked_in_time(shape):
    assert seconds(shape * (200_000 // len(shape))) < 3, "measured: at most 0.5 s"


def seconds(text):
    started = time.process_time()
    mask(text)
    return time.process_time() - started


def test_masking_takes_time_in_proportion_to_the_length():
    drawn = random.Random(17)
    parts = [*HOSTILE, "http://", "://", "#", "[", "{", '"', "_ ", "gmail,com ", "12.97159, ", "a1B2c3", "+1 ",
             "dob 1/1/",
             "insta: a", "[phone]", "e\u0301"]  # fmt: skip
    for _ in range(300):
        shape = "".join(drawn.choice(parts) for _ in range(drawn.randint(1, 4)))
        once = shape * (5_000 // len(shape) + 1)
        short, long = seconds(once), seconds(once * 4)
        # Quadratic would be sixteen times as long; below 50 ms the clock says nothing.
        assert long < 0.05 or long < 10 * short, shape


@pytest.mark.parametrize(("value", "shown"), [
    (9876543210, "[phone]"), (9876543210.0, "[phone]"), (Decimal(9876543210), "[phone]"), (12, 12), (0.5, 0.5),
    (True, True), (None, None), (float("inf"), float("inf")), (9876543210.5, 9876543210.5),
    (["a@b.org", 3], ["[email]", 3]), (b"a@b.org", "[email]"),
    ({"mail": "a@b.org"}, {"mail": "[email]"}), (date(2025, 1, 2), date(2025, 1, 2)),
])  # fmt: skip
def test_values_of_any_type_are_masked(value, shown):
    assert mask_value(value) == shown


def leaked(sentence, secret):
    """What is left of planted data: all of it, a word of it, or more than two of its digits."""
    masked, rest = mask(sentence), sentence.replace(secret, "")
    parts = [w for w in re.findall(r"\w+", secret) if "canary" in w.lower() or sum(c.isdigit() for c in w) >= 4]
    left = sum(c.isdigit() for c in masked) - sum(c.isdigit() for c in rest)
    more = masked.lower().count("canary") > rest.lower().count("canary")
    return secret in masked or any(part in masked for part in parts) or left > 2 or more


@pytest.mark.parametrize("kind", KINDS)
def test_planted_data_of_every_kind_are_masked(kind):
    assert [sentence for own, sentence, secret in canaries() if own == kind and leaked(sentence, secret)] == []


@pytest.mark.parametrize("beside", ["45 {}", "{} 12", "7 {}, 3", "in 2017 {} at 10:30", "route 45: {}"])
def test_a_number_beside_it_hides_nothing(beside):
    own = [(s, secret) for _, s, secret in canaries() if s.startswith(("I said", secret))]
    assert [s for s, secret in own if leaked(beside.format(s), secret)] == []


def test_there_are_fifteen_hundred_canaries():
    assert len(list(canaries())) == 30 * 10 * 5


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_a_person_is_masked_whatever_it_holds(name):
    values = COLUMNS[name]
    shown = mask_columns(pa.table({name: pa.array(values)})).column(0).to_pylist()
    assert [value is None for value in shown] == [value is None for value in values], "nothing stays nothing"
    assert not [secret for secret in column_secrets(values) if secret in str(shown)], shown
    assert str([mask_value(value, name) for value in values]).count("canary") == 0


@pytest.mark.parametrize("kind", KINDS)
def test_planted_data_are_masked_in_any_column(kind):
    """In a list, under a key, in bytes and in JSON as in a text."""
    for own, sentence, secret in canaries():
        if own == kind and '"' not in sentence:
            kept = str(mask_value({"a": [sentence], "b": sentence.encode(), "c": json.dumps({"d": sentence})}))
            assert secret not in kept, sentence


NAMED = {
    "@user": "author user username screen_name displayName name full_name handle first-name realName from_user",
    "[place]": "location lat lon latitude coordinates geo address city zip pincode postcode user.location place",
    "[id]": "user_id author_id account_id customerId in_reply_to_user_id uid userid employee_no",
    "[date]": "birth_date dob birthday date_of_birth",
    "[email]": "email e-mail_address contact_email",
    "[phone]": "phone mobile_no",
    None: "persona_name persona_id tweet_id in_reply_to doc_id lang text created_at like_count user_followers_count x "
    "y user_verified product_name company source is_core confidence airline_sentiment stock country order_date",
}


@pytest.mark.parametrize("kind", NAMED)
def test_columns_are_told_by_their_names(kind):
    assert {name: kind_of_column(name) for name in NAMED[kind].split()} == dict.fromkeys(NAMED[kind].split(), kind)


def test_truths_and_counts_of_persons_stay():
    table = pa.table({"user_verified": [True, None], "user": [True, False], "user_count": [3, 4], "score": [0.5, 2.0]})
    assert mask_columns(table).equals(table)


def test_masks_are_told_as_sql_tells_them():
    told = (Path(__file__).parents[2] / "sql" / "text.sql").read_text(encoding="utf-8")
    assert f"'\\[(?:{'|'.join(pii.KINDS)}|" in told
    for kind in pii.KINDS:
        assert without_masks(f"so [{kind}] it") == "so   it"


def test_every_mask_is_one_that_is_left_out():
    shown = {shown for _, sentence, _ in canaries() for _, _, shown in found(sentence)} - {"@user"}
    assert {shown for shown in shown if without_masks(shown) != " "} == set()
    assert {f"[{kind}]" for kind in pii.KINDS} <= shown


PLAIN = [
    "that is bad ://", "running 4.0 . 4.1 now", "http://…",
    "it cost $1,299.00 in 2024", "#BlackFriday2024 deals", "5 stars, 100% happy", "at 10:30:15 on 24/02/2015",
    "version 11.0.3 of iOS", "Spotify 8.4.28.867", "Rs. 49,999 only", "call of duty 4", "look at apple.com",
    "a 24/7 and/or 50/50 deal", "score 3:2:1", "5 @ 3.99", "I am @ home", "look at company.com",
    "iPhone 6S or Galaxy S8+", "flight BA 2490 at gate B22", "flight AI2016 on 12/03/2017", "Order 12/03/2017",
    "born to run", "AAPL 118.25 118.50", "1,23,456 views", "98,76,543", "EURUSD 1.0850, 1.0912",
    "my password is not working", "OTP not received in 2017", "version 1.0.66.478.g1296534d", "build 15063.674",
    "iOS 16A5345f", "2014, 2015, 2016, 2017", "6-4 3-6 7-6 6-7 6-4", "snap is broken", "10:30:15 11:45:30",
    "Facebook: 1.4B", "$FB 4Q14", "Samsung UA55JU6400", "spotify:track:4o5JRJ37VR4d0OQnGgOXXT",
    "#Verdict2019WithNews18", "100000mAh", "ते कहाँ हैं 👨\u200d👩\u200d👧 हिन्दी", "½ price", "50%20 off",
    "case: 2 pizzas", "Windows 10 Mobile 10.0.15252.0", "KB4056892", "1920x1080", "meet @ 10am", "JoJo#2",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_plain_figures_stay(text):
    assert mask(text) == text


@given(st.text(max_size=40), st.from_regex(r"@[A-Za-z0-9_]{1,15}", fullmatch=True), st.text(max_size=40))
def test_a_handle_never_survives(before, handle, after):
    masked = mask(f"{before} {handle} {after}")
    assert handle not in masked.replace("@user", "") or handle in "@user"


@given(st.text(max_size=120))
def test_masking_twice_changes_nothing_more(text):
    assert mask(mask(text)) == mask(text)


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
    assert known_for(loud, language=("hi", 0.9), one_account=True) == "one account"


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
    assert names({0: own}, {}, leads_back=lambda place, name: name == "Card & Fee")[0] == "Card & Fee"
    assert names({0: own}, {}, leads_back=lambda place, name: "Send" in name)[0] == "Card & Send"
    assert names({0: own}, {}, leads_back=lambda place, name: False)[0] == "Card & Bank", "where none does"


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
        assert name == plain(name)
        assert recognised(name.upper().replace("_", " "))
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
