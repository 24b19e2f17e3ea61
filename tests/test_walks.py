"""The two walks of the README: how many functions a question passes, and how often files are opened on the way."""

import pickle
import sys

import pytest

from riindex.ask import sandbox
from riindex.cli import main
from riindex.search import arrays
from riindex.store.database import Store

LONGEST = 12


def chain():
    """Functions of the package that are running, the outermost first."""
    frame, found = sys._getframe(2), []
    while frame:
        if frame.f_globals.get("__name__", "").startswith("riindex"):
            found.append(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}")
        frame = frame.f_back
    return found[::-1]


@pytest.fixture
def watched(monkeypatch):
    """Where the file is opened, and what runs between command and arrays; the child runs in this process."""
    seen = {"opened": [], "chain": []}
    near, attach = arrays.Arrays.near, Store._attach.__func__

    def noted_near(self, *given):
        seen["chain"] = chain()
        return near(self, *given)

    def noted_attach(cls, path, *given, **named):
        seen["opened"].append(path.name)
        return attach(cls, path, *given, **named)

    def main_of_child(question):
        return sandbox._ANSWERS[question.kind](pickle.loads(pickle.dumps(question)))

    monkeypatch.setattr(arrays.Arrays, "near", noted_near)
    monkeypatch.setattr(Store, "_attach", classmethod(noted_attach))
    monkeypatch.setattr(sandbox, "run", main_of_child)
    return seen


def test_a_question_passes_few_functions_and_opens_the_file_once(watched, sample_path, monkeypatch, capsys):
    words = ["ri", "similar", "AI shopping", "--where", "like_count > 10", "-n", "1", "-i", str(sample_path)]
    monkeypatch.setattr(sys, "argv", words)
    main()
    assert "AI & Shopping" in capsys.readouterr().out
    assert watched["opened"] == [sample_path.name]
    passed = watched["chain"][watched["chain"].index("riindex.cli.similar.similar") :]
    entered = [name for name in passed if name.startswith("riindex.index.")]
    # In one process here: the child's own main takes the place of nothing that is counted, and `run` that of `run`.
    assert len(passed) + len(["run", "main", "Arrays.near"]) <= LONGEST
    assert entered[0] == "riindex.index.matches"
    assert all(name.startswith("riindex.index.") for name in passed[1 : 1 + len(entered)]), "index is entered once"
