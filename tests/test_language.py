"""The language of the package: docstrings, names, error messages and headers of SQL files in plain, standard words."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from test_laws import NAMES

import riindex
from riindex.store.statements import sql_text

PACKAGE = Path(riindex.__file__).parent
# A docstring begins with a verb or a noun, never with a question.
QUESTIONS = {"As", "How", "What", "When", "Where", "Whether", "Which", "Who", "Whom", "Whose", "Why"}
# Words and phrases that no name and no docstring has, each with the standard term.
RETIRED = (
    "told",  # returned, fetched, wrapped, warned; told apart: distinct
    "tell",  # return, call with, distinguish
    "tells",  # the same
    "said",  # BM25, reported, given
    "says",  # returns, states, names
    "beside",  # next to; besides
    "settled",  # Lloyd iterations, decided
    "settle",  # the same
    "room",  # free space, width
    "halves of characters",  # unpaired surrogates
    "anecdote",  # a group of too few posts
    "the answer is",  # return
    "asked for",  # given, chosen
    "as far as given",  # where given
    "nobody",  # none, no user
    "heard",  # predicted, output, scores
    "alike",  # near pairs, similar
    "otherwise often",  # two-sided
    "middles",  # neighbourhood means
)
# Docstrings that quote the word.
QUOTED = {"riindex.encoders.training.synthetic"}
# Beginnings of names that hide what is bounded: MIN_TEXTS, MAX_PAIRS.
BARE = re.compile(r"_?(?:LEAST|MOST|FEWEST|FEW|MANY|ENOUGH|SURE|CLOSE|NOTHING|SAME|ALIKE|FLAT)(?:_|\Z)")
# "X is not a Y", never "X is no Y"; "there is no X" is fine.
NO_NOUN = re.compile(r"(?<!there )\b(is|are) no (?!longer\b|more\b)\w", re.IGNORECASE)
# A statement is described by what it does to tables.
SPOKEN = {"Give", "Say", "Show", "Tell"}
HEADER_WIDTH = 125


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def modules():
    yield from sorted(PACKAGE.rglob("*.py"))


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def definitions(node, name):
    """The module, its classes and functions, each with its dotted name."""
    yield name, node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from definitions(child, f"{name}.{child.name}")


def docstrings():
    for path in modules():
        for name, node in definitions(parsed(path), module_name(path)):
            text = ast.get_docstring(node)
            if text:
                yield name, re.sub(r"``[^`]*``", "``…``", text)  # names of tables and keys may have any word


def public_names():
    """Names of modules, classes, functions, constants, fields and parameters without an underscore before them."""
    for path in modules():
        yield module_name(path), path.stem
        for name, node in definitions(parsed(path), module_name(path)):
            found = [name.rpartition(".")[2]] if node is not parsed(path) else []
            found += [argument.arg for argument in getattr(getattr(node, "args", None), "args", ())]
            if not isinstance(node, ast.FunctionDef):
                targets = [t for c in node.body if isinstance(c, ast.Assign) for t in c.targets]
                targets += [c.target for c in node.body if isinstance(c, ast.AnnAssign)]
                names = [part for t in targets for part in (t.elts if isinstance(t, ast.Tuple) else [t])]
                found += [part.id for part in names if isinstance(part, ast.Name)]
            yield from ((name, one) for one in found if not one.startswith("_"))


def messages():
    """The text of every error that is raised, its computed parts left out, by module and line."""
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                parts = (part.value for part in ast.walk(node.exc) if isinstance(part, ast.Constant))
                yield f"{module_name(path)}:{node.lineno}", " ".join(part for part in parts if isinstance(part, str))


def sql_headers():
    for name in NAMES:
        yield name, sql_text(name).splitlines()[:2]


def test_a_docstring_begins_with_a_verb_or_a_noun():
    found = [name for name, text in docstrings() if text.split()[0].strip(",:") in QUESTIONS]
    assert not found


def test_a_summary_ends_with_a_full_stop():
    assert not [name for name, text in docstrings() if not re.search(r"[.?:]\Z", text.split("\n\n")[0].strip())]


@pytest.mark.parametrize("phrase", RETIRED)
def test_a_retired_word_is_in_no_docstring_and_no_name(phrase):
    pattern = re.compile(rf"\b{phrase}\b", re.IGNORECASE)
    assert not [name for name, text in docstrings() if pattern.search(text) and name not in QUOTED]
    joined = phrase.replace(" ", "_").lower()
    assert not [(owner, name) for owner, name in public_names() if joined == name.lower() or
                (len(joined) > 4 and joined in name.lower().split("_"))]  # fmt: skip


def test_a_constant_is_named_for_what_it_bounds():
    assert not [(owner, name) for owner, name in public_names() if BARE.match(name)]


def test_docstrings_and_errors_deny_in_plain_words():
    assert not [name for name, text in docstrings() if NO_NOUN.search(text)]
    assert not [(place, text) for place, text in messages() if NO_NOUN.search(text)]


@pytest.mark.parametrize(("name", "lines"), [pytest.param(n, lines, id=n) for n, lines in sql_headers()])
def test_a_header_names_the_operation(name, lines):
    sentence, tables = lines
    assert re.fullmatch(r"-- [A-Z].*\.", sentence), sentence
    assert sentence.split()[1] not in SPOKEN | QUESTIONS
    assert len(sentence) <= HEADER_WIDTH
    assert tables.startswith("-- reads: ")


@pytest.mark.parametrize("name", NAMES)
def test_comments_of_tables_and_columns_begin_with_a_noun(name):
    """They are what users read in the file: `from duckdb_columns()`, `ri sql`."""
    text = sql_text(name)
    beginnings = re.findall(r"comment on [^']* is '(\w+)", text)
    assert [word for word in beginnings if word in QUESTIONS] == []
