from __future__ import annotations

import pytest

from riindex.encoders.training.clean import identity_keys, teacher_text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("RT @you: look https://t.co/x now", "look now"),
        ("Get #FreeShipping and #AIShopping #lower_case", "Get Free Shipping and AI Shopping lower case"),
        ("soooo goood 😂😂 &amp; more", "soo good & more"),
        ("mail me@here.com", "mail me@here.com"),
        ("   ", ""),
    ],
)
def test_the_teacher_sees_words(raw, shown):
    assert teacher_text(raw) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World!", "hello world"),
        ("@ Adil _ X nahi yaar https // t . co / ab3", "@Adil_X nahi yaar https://t.co/ab3"),
        ("@SpotifyCares it broke", "@user it broke"),
    ],
)
def test_copies_meet_however_they_were_written(one, other):
    assert identity_keys(one) & identity_keys(other)
