"""Short forms of the benches that attack: escapes, kills, environments, subtraction of public copies."""

import subprocess
import sys

import escapes
import pyarrow as pa
import pytest
from corpora import QUICK, ROOT

from riindex.ask.recipes import recipes
from riindex.errors import BuildError, QueryError, RiError
from riindex.pipeline.run import build
from riindex.share.verify import verify


@pytest.fixture(scope="module")
def outside(sample_path, tmp_path_factory):
    """Files that no question may reach."""
    return escapes.Outside(tmp_path_factory.mktemp("outside"), sample_path).make()


def tried(ask, text):
    """What is said of a text: its answer, or why there is none; an error without a hint counts as a leak."""
    try:
        return str(ask(text))
    except RiError as problem:
        return f"{problem.message} {problem.hint}" if problem.hint else f"{escapes.SECRET}: no hint"
    except escapes.duckdb.Error as problem:  # of a relation, when it is read
        return str(problem)


def held_in(outside, index, before, told):
    """Assert that nothing was said, written or changed."""
    assert escapes.SECRET not in told
    now = outside.now()
    assert {k: v for k, v in now.items() if k != "index"} == {k: v for k, v in outside.before.items() if k != "index"}
    assert escapes.difference(before, escapes.seen(index)) == []


def test_no_statement_leaves_the_index(sample, outside, monkeypatch):
    monkeypatch.chdir(outside.folder)
    before = escapes.seen(sample)
    asked = escapes.statements(outside)
    assert len(asked) > 1000
    told = [tried(lambda text: sample.sql(text).fetchall(), text) for text in asked[::2]]
    held_in(outside, sample, before, " ".join(told))


def test_no_condition_leaves_the_index(sample, outside, monkeypatch):
    monkeypatch.chdir(outside.folder)
    before, told = escapes.seen(sample), []
    for text in escapes.conditions(outside):
        told.append(tried(lambda where: sample.tweets(where=where, limit=3).rows(), text))
    held_in(outside, sample, before, " ".join(told))


def test_values_of_ready_questions_are_values(sample, outside):
    before = escapes.seen(sample)
    told = [
        tried(lambda text, r=recipe, n=name: sample.sql(r.query, r.values({n: text})).fetchall(), text)
        for recipe in recipes()
        for name in recipe.defaults
        for text in escapes.values(outside)[1:2]
        if len(text) < 1000
    ]
    held_in(outside, sample, before, " ".join(told))


@pytest.mark.parametrize("text", ["select '\ud800'", "\udfff"])
def test_half_a_character_is_told(sample, text):
    for ask in (sample.sql, lambda where: sample.tweets(where=where), lambda where: sample.similar("x", where=where)):
        with pytest.raises(QueryError, match="surrogate"):
            ask(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["kill_commands.py", "--kills", "8", "--only", "rename,export"],
        ["environments.py", "--only", "COLUMNS=40"],
        ["environments.py", "--only", "dash"],
        ["differencing.py", "--builds", "2"],
    ],
    ids=" ".join,
)
def test_a_short_campaign_finds_nothing(words):
    command = [sys.executable, "-W", "ignore", ROOT / "tests" / "bench" / words[0], *words[1:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-1000:]


def test_a_question_mark_in_a_name_is_no_parameter_of_the_log(tmp_path):
    posts = pa.table({"text": [f"{topic} number {n} of my long week" for n in range(12) for topic in ("tea", "rain")]})
    build(posts, tmp_path / "ask?.duckdb", settings=QUICK)
    assert verify(tmp_path / "ask?.duckdb") == []
    assert not list(tmp_path.glob("*.build"))
    (tmp_path / "why?").mkdir()
    with pytest.raises(BuildError, match="folder with"):
        build(posts, tmp_path / "why?" / "a.duckdb", settings=QUICK)
