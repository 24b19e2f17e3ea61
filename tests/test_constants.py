"""Constants and patterns that stand in more than one place are the same in all of them."""

import re

import pytest
from corpora import ROOT

from riindex.algorithms.clustering import choose_k, granularity_curve
from riindex.algorithms.statistics import Z95
from riindex.pipeline.stages import fit
from riindex.profiles import verdict

SQL = ROOT / "sql"
WORD = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[''_-][\p{L}\p{M}\p{N}]+)*"
WORD_STATEMENTS = ["enrich/terms/words", "enrich/terms/spoken_texts", "ask/personas/sub_personas"]
MASKS = r"\[(?:email|phone|iban|order|number|id|ip|place|date|key|wallet|link|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)\]"


def statement(name):
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def test_too_few_posts_for_a_persona_is_one_number():
    """Fifteen: below it a group is not one, a number of groups is not tried, and a persona is not solid."""
    numbers = {
        value for module in (choose_k, granularity_curve, fit, verdict)
        for name, value in vars(module).items() if name in ("ROWS_PER_GROUP", "MIN_DOCUMENTS")
    }  # fmt: skip
    assert numbers == {15}


@pytest.mark.parametrize("name", WORD_STATEMENTS)
def test_a_word_is_the_same_wherever_words_are_counted(name):
    assert WORD in statement(name)


def test_no_other_statement_has_a_word_of_its_own():
    found = {
        path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql")
        if re.search(r"\[\\p\{L\}\\p\{N\}\]\[\\p\{L\}\\p\{M\}\\p\{N\}\]\*", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert found == set(WORD_STATEMENTS)


def test_masks_are_read_in_the_same_way():
    for name in ("shared/text", "enrich/terms/spoken_texts"):
        assert MASKS in statement(name)


@pytest.mark.parametrize("name", ["lift", "pain_points"])
def test_wilsons_interval_has_one_z(name):
    text = statement(f"ask/recipes/{name}")
    z, half, square, quarter = 1.96, 1.9208, 3.8416, 0.9604
    assert round(Z95, 2) == z
    assert (round(z * z, 4), round(z * z / 2, 4), round(z * z / 4, 4)) == (square, half, quarter)
    numbers = set(re.findall(r"\b\d\.\d{2,}\b", text))
    assert {str(number) for number in (z, half, square, quarter)} <= numbers
