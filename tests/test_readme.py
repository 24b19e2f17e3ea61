"""What the README shows runs, and every command is named in it."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import ROOT, SAMPLE

from riindex.cli import COMMANDS
from riindex.index import RIIndex

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```([a-z]+)[^\n]*\n(.*?)^```", re.M | re.S)


def blocks(*languages):
    """(line, text) of the fenced blocks of some languages."""
    return [
        pytest.param(match[2], id=f"line-{README[: match.start()].count(chr(10)) + 1}")
        for match in FENCE.finditer(README) if match[1] in languages
    ]  # fmt: skip


def commands():
    """Every line ``$ ri …`` of a console block, but those that build or install."""
    found = []
    for parameter in blocks("console", "sh", "bash"):
        text = parameter.values[0].replace("\\\n", " ")
        lines = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        found += [line for line in lines if line.startswith("ri ") and not line.startswith("ri build")]
    return [pytest.param(line, id=line[:60]) for line in found]


@pytest.fixture
def folder(tmp_path, sample_report, monkeypatch):
    """A folder with tweets.duckdb, its vector table and tweets.parquet, as after the quick start."""
    shutil.copyfile(sample_report.path, tmp_path / "tweets.duckdb")
    shutil.copytree(sample_report.vector_table, tmp_path / sample_report.vector_table.name)
    (tmp_path / "sample_data").mkdir()
    for name in ("tweets.parquet", "replies.parquet", "personas.txt"):
        shutil.copyfile(SAMPLE / name, tmp_path / "sample_data" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_shows_each_kind():
    assert blocks("python")
    assert blocks("sql")
    assert commands()


@pytest.mark.slow
@pytest.mark.parametrize("text", blocks("python"))
def test_python_blocks_run(text, folder, tmp_path):
    program = tmp_path / "block.py"
    program.write_text(text, encoding="utf-8")
    answer = subprocess.run([sys.executable, program], capture_output=True, text=True, cwd=folder, check=False)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("text", blocks("sql"))
def test_sql_blocks_run(text, sample_path):
    with RIIndex(sample_path) as index:
        for statement in index.store.connection.extract_statements(text):
            assert index.sql(statement.query).columns


@pytest.mark.slow
@pytest.mark.parametrize("line", commands())
def test_commands_run(line, folder):
    words = shlex.split(line, comments=True)
    words = words[: next((i for i, word in enumerate(words) if word in (">", "|")), None)]
    answer = subprocess.run(
        [sys.executable, "-m", "riindex", *words[1:]], capture_output=True, text=True, cwd=folder, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_named(name):
    assert re.search(rf"\bri {name}\b", README), f"the README does not name ri {name}"


def test_links_lead_to_files():
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / Path(link)).exists(), link
