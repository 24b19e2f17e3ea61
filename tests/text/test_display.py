"""Texts from outside, as a terminal and a spreadsheet get them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riindex.text.display import escape_json, spreadsheet_cell, terminal_text

ESCAPES = ["\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J", "\x9b2J", "a\rb", "\x08\x08", "\x00", "\x7f"]
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    '=HYPERLINK("http://x"&A1)',
    "\t=1",
    "\r=1",
    " =1",
    "\n=1+1",
    "\uff1d1+1",
    "\ufeff=1",
    "\u200b=1",
    "@user thanks",
    "+x",
    "-x",
    "--",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_terminal_obeys_nothing(text):
    assert "\ufffd" in terminal_text(f"before {text} after")
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in terminal_text(text))


@given(st.text())
def test_what_is_shown_has_no_control_and_no_turn(text):
    told = terminal_text(text)
    assert all(sign in "\t\n" or not (ord(sign) < 32 or 127 <= ord(sign) < 160) for sign in told)
    assert not set(told) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert terminal_text(told) == told


@given(st.text())
def test_json_keeps_its_values(text):
    told = escape_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(told) == [text]
    assert "\x9b" not in told


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_runs_nothing(text):
    assert spreadsheet_cell(text) == "'" + text


@pytest.mark.parametrize(
    "value", ["-5", "+3.2", "-1,000", "-12%", "1e-5", "plain", "a=b", "", "é", None, -5, 3.2, True]
)
def test_what_is_no_formula_stays(value):
    assert spreadsheet_cell(value) == value
