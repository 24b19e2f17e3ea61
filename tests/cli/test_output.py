"""Tables keep their columns whatever script a text is written in."""

import pytest
from wcwidth import width

from riindex.cli.compare import _interval
from riindex.cli.output import write_table

TEXTS = ("plain words", "漢字 & かな", "नमस्ते दुनिया", "🤖 AI 🛒", "Ünï çok", "สวัสดีครับ", "مرحبا")


@pytest.mark.parametrize("columns", [50, 80, 140])
def test_columns_begin_at_the_same_place(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    write_table([{"n": i, "name": text, "score": i / 7} for i, text in enumerate(TEXTS)], ["n", "name", "score"])
    head, rule, *lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(TEXTS)
    assert {width(line) for line in lines} == {width(rule)}
    start = head.index("score")
    for line, text in zip(lines, TEXTS, strict=True):
        assert width(line[: line.rindex("0.")]) >= start
        assert text in line


@pytest.mark.parametrize("text", TEXTS)
def test_long_cells_are_cut_and_long_texts_wrapped(text, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    long = " ".join([text] * 40)
    write_table([{"name": long, "n": 1, "text": long}], ["name", "n", "text"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= 90
    assert "…" in lines[2]
    assert "".join(lines[3:]).replace(" ", "").count(text.replace(" ", "")) >= 30


@pytest.mark.parametrize(("low", "lift", "shown"), [
    (-0.5, None, "-0.50 to +0.75"), (None, 5.1, "times 5.1 to 9.0"), (None, None, "no interval"),
])  # fmt: skip
def test_a_difference_without_variation_has_the_interval_of_its_ratio(low, lift, shown):
    row = {"difference_low": low, "difference_high": 0.75, "lift_low": lift, "lift_high": 9.0}
    assert _interval(row) == shown
