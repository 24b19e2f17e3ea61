"""What the README shows is true: its code runs, its transcripts are what the commands print, its pictures are current.

Run: python tests/test_readme.py --write
writes the README's transcripts anew; blocks in which only times and names of a build differ stay as they are.
"""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from corpora import ROOT, SAMPLE
from floors import FLOORS

from riindex.cli import COMMANDS
from riindex.index import RIIndex

PATH = ROOT / "README.md"
README = PATH.read_text(encoding="utf-8")
FENCE = re.compile(r"^```([a-z]+)[^\n]*\n(.*?)^```", re.M | re.S)
MOST_LINES = 240
WIDTH = "118"  # characters of a line of code that a page shows without a scroll bar
REST = "…"  # a line that stands for any lines of a transcript
# What differs from run to run, and what stands for it when transcripts are compared.
VARYING = (
    (re.compile(r" *\b\d+\.\d s\b"), " 0.0 s"),
    (re.compile(r"\b[\d,]+/s\b"), "0/s"),
    (re.compile(r"\b\d{8}[T_]\d{6}(-[0-9a-f]{4})?"), "TIME"),
    (re.compile(r"/\S*/(?=(tweets|personas)\.duckdb|results/)"), ""),
)


def blocks(*languages):
    """(text) of the fenced blocks of some languages, named by their line."""
    return [
        pytest.param(match[2], id=f"line-{README[: match.start()].count(chr(10)) + 1}")
        for match in FENCE.finditer(README) if match[1] in languages
    ]  # fmt: skip


def steps(block):
    """[(command, the lines shown below it)] of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def masked(text):
    """A transcript without times, speeds, names of builds and paths."""
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def expected(shown, printed):
    """What a transcript should show: the lines printed, cut where the README cuts, with a line ``…``."""
    printed = printed.strip("\n").splitlines()
    if REST not in shown:
        return printed
    at = shown.index(REST)
    after = len(shown) - at - 1
    return [*printed[:at], REST, *(printed[-after:] if after else [])]


def run_line(line, folder, environment):
    """Run one line of a console block; ``export NAME=VALUE`` changes the environment, pip is left out."""
    words = shlex.split(line, comments=True)
    if words[0] == "export":
        environment.update([words[1].split("=", 1)])
    if words[0] != "ri":
        return None
    answer = subprocess.run(
        [sys.executable, "-m", "riindex", *words[1:]], cwd=folder, env=os.environ | environment, check=False,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout
    return answer.stdout


def replay(block, folder):
    """A console block as it should stand: every command run in order in a folder, its output below it."""
    environment = {"COLUMNS": WIDTH}
    lines = []
    for line, shown in steps(block):
        printed = run_line(line, folder, environment)
        assert printed is None or printed.strip(), f"{line}: prints nothing"
        lines += [f"$ {line}", *(expected(shown, printed) if shown else [])]
    return "\n".join([*lines, ""])


def furnish(folder, built=None):
    """Lay the sample into a folder and, where ``built`` reports a build of it, its index."""
    (folder / "sample_data").mkdir()
    for name in ("tweets.parquet", "replies.parquet", "personas.txt"):
        shutil.copyfile(SAMPLE / name, folder / "sample_data" / name)
    if built:
        shutil.copyfile(built.path, folder / "tweets.duckdb")
        shutil.copytree(built.vector_table, folder / built.vector_table.name)


@pytest.fixture
def folder(tmp_path, sample_report, monkeypatch):
    """A folder with tweets.duckdb, its vector table and sample_data, as after the quick start."""
    furnish(tmp_path, sample_report)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RI_INDEX", raising=False)
    return tmp_path


def test_the_readme_shows_each_kind():
    assert blocks("python")
    assert blocks("sql")
    assert any(shown for parameter in blocks("console") for _, shown in steps(parameter.values[0]))
    assert ways()


def test_the_readme_is_short():
    assert len(README.splitlines()) <= MOST_LINES


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
@pytest.mark.parametrize("block", blocks("console"))
def test_transcripts_are_what_the_commands_print(block, folder):
    if "$ ri build" in block:
        for path in folder.glob("tweets.*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert masked(block) == masked(replay(block, folder))


def ways():
    """(command, Python, SQL) of each row of the table that asks in three ways."""
    table = README.partition("## Ask it three ways")[2].partition("\n\n```")[0]
    found = [re.findall(r"`([^`]+)`", line) for line in table.splitlines() if line.startswith("|") and "`ri " in line]
    return [pytest.param(*row, id=row[0]) for row in found if len(row) == 3]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "python", "sql"), ways())
def test_each_way_answers(command, python, sql, folder):
    assert run_line(command, folder, {}).strip()
    with RIIndex("tweets.duckdb") as ri:
        assert eval(python, {"ri": ri}) is not None
        assert ri.sql(sql).fetchall()


def test_a_transcript_that_differs_is_seen(tmp_path):
    assert masked("  fit   5.9 s  12 groups") == masked("  fit  15.2 s  12 groups")
    assert masked("  fit   5.9 s  12 groups") != masked("  fit   5.9 s  11 groups")
    assert masked("Built in 13.6 s: tweets.20261123T065157-18c3.lance/") == masked(
        "Built in 9.1 s: tweets.20250101T000000-ffff.lance/"
    )
    assert expected(["a", REST, "z"], "a\nb\nc\nz\n") == ["a", REST, "z"]
    assert expected(["a", REST, "z"], "a\nb\ny\n") == ["a", REST, "y"]
    assert expected(["a", "b"], "a\nb\nc\n") == ["a", "b", "c"]
    block = "$ ri --version\nri, version 0.0\n"
    assert masked(replay(block, tmp_path)) != masked(block)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_named(name):
    assert re.search(rf"\bri {name}\b", README), f"the README does not name ri {name}"


def test_links_lead_to_files():
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / Path(link)).exists(), link


def test_paths_that_are_named_exist():
    for path in re.findall(r"`((?:riindex|sql|tests|sample_data)/[^`* ]*)`", README):
        assert (ROOT / path).exists(), path


def test_the_floors_are_those_of_the_package():
    table = README.partition("| floor, from the top |")[2].partition("\n\n")[0]
    shown = [tuple(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table.splitlines() if "`" in line]
    hidden = {"riindex", "__main__"}
    assert [set(row) for row in shown] == [set(row) - hidden for row in reversed(FLOORS) if set(row) - hidden]


def test_pictures_that_are_shown_are_drawn():
    shown = set(re.findall(r"\]\((sample_data/pictures/[^)]+)\)", README))
    drawn = {f"sample_data/pictures/{name}" for name in _pictures()["DRAWINGS"]}
    assert shown == drawn
    assert all((ROOT / path).exists() for path in shown)


@pytest.mark.slow
def test_pictures_are_those_of_a_fresh_build(sample_path):
    for name, picture in _pictures()["draw"](sample_path).items():
        kept = (SAMPLE / "pictures" / name).read_text(encoding="utf-8")
        if name == "map.svg":  # another processor places the points otherwise
            picture, kept = _unplaced(picture), _unplaced(kept)
        assert picture == kept, f"{name} is out of date: python sample_data/pictures.py"


def _unplaced(picture):
    """A map without the places of its points and names: who they are, how many and in which colour."""
    return re.sub(r'M[\d.]+ [\d.]+h0|(?<=<text )x="[\d.]+" y="[\d.]+"', "*", picture)


def _pictures():
    return runpy.run_path(str(SAMPLE / "pictures.py"))


def write():
    """Write the transcripts of the README anew."""
    text = README
    for match in FENCE.finditer(README):
        if match[1] != "console":
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            furnish(folder)
            if "$ ri build" not in match[2]:
                run_line("ri build sample_data/tweets.parquet --replies sample_data/replies.parquet", folder, {})
            now = replay(match[2], folder)
        if masked(now) != masked(match[2]):
            text = text.replace(match[2], now)
    PATH.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("python tests/test_readme.py --write writes the transcripts of README.md anew")
    write()
