"""What pyproject.toml and the script of CI say, and that they say the same."""

import re
import tomllib

import pytest
from corpora import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SCRIPT = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
GROUPS = PROJECT["dependency-groups"]
SCRIPTS = PROJECT["tool"]["hatch"]["envs"]["default"]["scripts"]
# What is done by hand, and not at every run: measuring, and writing anew what CI compares or installs.
BY_HAND = {"bench", "lock", "schema"}


def names(group):
    """The names of what a group installs, with those of the groups that it includes."""
    found = set()
    for entry in GROUPS[group]:
        if isinstance(entry, dict):
            found |= names(entry["include-group"])
        else:
            found.add(re.match(r"[\w.-]+", entry)[0].lower())
    return found


def test_the_project_says_where_it_lives():
    urls = PROJECT["project"]["urls"]
    assert {"Homepage", "Source", "Changelog", "Issues"} <= set(urls)
    assert all(url.startswith("https://") for url in urls.values())


def test_the_extra_and_the_group_for_tests_are_the_same():
    assert GROUPS["test"] == PROJECT["project"]["optional-dependencies"]["test"]


def test_a_developer_gets_every_group():
    assert set(GROUPS) == {"test", "cover", "lint", "types", "docs", "bench", "dev"}
    assert names("dev") == set().union(*(names(group) for group in GROUPS))


@pytest.mark.parametrize("name", sorted(set(SCRIPTS) - BY_HAND))
def test_ci_runs_the_commands_of_the_scripts(name):
    commands = SCRIPTS[name] if isinstance(SCRIPTS[name], list) else [SCRIPTS[name]]
    lines = [line.strip() for line in SCRIPT.splitlines()]
    for command in commands:
        start = command.split("{", maxsplit=1)[0].strip()
        assert any(line == start or line.startswith(start + " ") for line in lines), f".ci/run lacks {start!r}"


def test_what_ci_installs_is_pinned_and_names_no_registry():
    pinned = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--|@", pinned)
    versions = dict.fromkeys(re.findall(r"^([\w.-]+)==\S+", pinned, re.MULTILINE))
    wanted = {re.match(r"[\w.-]+", entry)[0].lower() for entry in PROJECT["project"]["dependencies"]} | names("dev")
    assert wanted - set(versions) == set()


def test_every_interpreter_that_is_named_is_one_that_ci_tries():
    named = {c.rsplit(" ", 1)[1] for c in PROJECT["project"]["classifiers"] if re.search(r":: 3\.\d+$", c)}
    tried = set(re.search(r"^for minor in ([\d. ]+);", SCRIPT, re.MULTILINE)[1].split())
    assert named - tried == {"3.11"}  # the rest of the script runs on it
