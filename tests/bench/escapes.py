"""Try to leave a question through every door: is anything outside read, written, run or asked, or left changed?

Run: python tests/bench/escapes.py [INDEX.duckdb] [--processes 40]

The statements, conditions and values of tests/escapes.py go through ``RIIndex.sql`` and ``ri sql``; ``similar``,
``tweets`` and ``compare`` with ``where=``, and the same with ``--where``; ``--set`` of every ready question. Each but
the first ``--processes`` of a door runs in this process, as the child of ``ri`` would. After every one nothing in the
folder of the index and of the secret may have changed and the secret may not have been said, the server on loopback
may have heard nothing, and a failure must be a RiError with a hint; later questions to the same RIIndex must see what
they saw.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from escapes import SECRET, Outside, conditions, difference, seen, statements, values

from riindex.ask import sandbox
from riindex.ask.recipes import recipes
from riindex.cli import main
from riindex.cli.exits import guarded
from riindex.errors import RiError
from riindex.index import RIIndex

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data" / "tweets.parquet"
LONGEST = 90
# After how many texts it is looked at what later questions see: that takes longer than most of them.
TOGETHER = 20
Door = Callable[[str], object]


class Heard(BaseHTTPRequestHandler):
    """Notes every request."""

    requests: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.requests.append(self.path)
        self.send_error(404)

    do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815 - the names that the server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Campaign:
    """Doors, what went through them, and what went wrong."""

    def __init__(self, index: RIIndex, outside: Outside) -> None:
        self.index, self.outside = index, outside
        self.before = seen(index)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.problems: list[str] = []
        self._since: list[str] = []

    def through(self, door: str, texts: Iterable[str], ask: Door) -> None:
        """Send every text through a door."""
        for text in texts:
            try:
                told, result = str(ask(text)), "answered"
            except RiError as problem:
                told, result = f"{problem.message} {problem.hint}", "refused"
                if not problem.hint:
                    self.problem(door, text, "no hint")
            except duckdb.Error as problem:
                # Of the relation that RIIndex.sql gives: DuckDB's own error when it is read.
                told, result = str(problem), "refused when read"
                if door != "RIIndex.sql":
                    self.problem(door, text, f"{problem!r}")
            except BaseException as problem:
                told, result = "", "traceback"
                self.problem(door, text, f"{problem!r} {traceback.format_exc()[-200:]}")
            self.counts[door, result] += 1
            self._judge(door, text, told)
        self._look(door)

    def _judge(self, door: str, text: str, told: str) -> None:
        if SECRET in told:
            self.problem(door, text, "it says the secret")
        if "Traceback" in told:
            self.problem(door, text, told[-300:])
        if Heard.requests:
            self.problem(door, text, f"heard {Heard.requests}")
            Heard.requests.clear()
        now = self.outside.now()
        if now != self.outside.before:
            self.problem(door, text, f"files changed: {sorted(now.keys() ^ self.outside.before.keys())}")
            self.outside.before = now
        self._since.append(text)
        if len(self._since) >= TOGETHER:
            self._look(door)

    def _look(self, door: str) -> None:
        """Compare what later questions see with what they saw at first; a text of the last TOGETHER changed it."""
        after = seen(self.index)
        if after != self.before:
            self.problem(door, " | ".join(text[:60] for text in self._since), f"{difference(self.before, after)}")
            self.index.close()
            self.index.reopen()
            self.before = seen(self.index)
        self._since.clear()

    def problem(self, door: str, text: str, what: str) -> None:
        """Note and print it."""
        self.problems.append(f"{door}: {text[:300]!r}: {what[:600]}")
        print("!", self.problems[-1], flush=True)


def _in_process(run: Callable[[], None]) -> str:
    """What a command says that runs here; an exit code other than 0 and 1 is a problem told as a traceback."""
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", write_through=True)
    code: Any = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            guarded(run)
        except SystemExit as end:
            code = end.code or 0
    text = said.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]
    if code not in (0, 1, 2):
        return f"Traceback? exit code {code}: {text[-300:]}"
    if code == 1 and not ("error: " in text and "hint: " in text):
        return f"Traceback? neither error nor hint: {text[-300:]}"
    if code:
        raise RiError(text, "-")
    return text


def _command(words: list[str]) -> str:
    """``ri`` with these words, and the child that answers it, in this process."""
    sys.argv = ["ri", *words]
    run, begin = sandbox.run, sandbox.begin
    sandbox.run = lambda question: sandbox._ANSWERS[question.kind](question)
    sandbox.begin = lambda: None
    try:
        return _in_process(main)
    finally:
        sandbox.run, sandbox.begin = run, begin


def _process(words: list[str], folder: Path) -> str:
    """``ri`` with these words as a process."""
    done = subprocess.run(
        [sys.executable, "-m", "riindex", *words],
        cwd=folder,
        capture_output=True,
        timeout=LONGEST,
        input=b"",
        check=False,
    )
    text = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode not in (0, 1, 2):
        return f"Traceback? exit code {done.returncode}: {text[-300:]}"
    if done.returncode:
        raise RiError(text, "-")
    return text


def campaign(path: Path, folder: Path, url: str, processes: int) -> Campaign:
    """Send everything through every door."""
    caller_secret = __import__("polars").DataFrame({"x": [SECRET]})
    callers = __import__("pyarrow").table({"x": [SECRET]})
    assert caller_secret.height == callers.num_rows
    outside = Outside(folder, path, url).make()
    os.chdir(folder)
    with RIIndex(path) as index:
        found = Campaign(index, outside)
        asked, where = statements(outside), conditions(outside)
        plain = [text for text in where if "\x00" not in text and text.isprintable()]
        print(f"{len(asked)} statements, {len(where)} conditions, {len(values(outside))} values", flush=True)
        found.through("RIIndex.sql", asked, lambda text: index.sql(text).fetchall())
        found.through(
            "ri sql", asked, lambda text: _command(["sql", "-f", "json", "-n", "50", "-i", str(path), "--", text])
        )
        found.through("tweets(where=)", where, lambda text: index.tweets(where=text, limit=3).rows())
        found.through("similar(where=)", where, lambda text: index.similar("late", where=text, limit=3).rows())
        found.through("compare(where=)", where, lambda text: index.compare(0, where=text))
        for words in (["tweets", "-n", "2"], ["similar", "late", "-n", "2"], ["compare", "0"]):
            found.through(
                f"ri {words[0]} --where",
                plain,
                lambda text, words=words: _command([*words, "--where", text, "-i", str(path)]),  # type: ignore[misc]
            )
        for recipe in recipes():
            for name in recipe.defaults:
                found.through(
                    "ri sql @… --set",
                    values(outside),
                    lambda text, recipe=recipe, name=name: _command(  # type: ignore[misc]
                        ["sql", f"@{recipe.name}", "--set", f"{name}={text}", "-f", "json", "-n", "50", "-i", str(path)]
                    ),
                )
        short = [text for text in asked if len(text) < 10_000 and "\x00" not in text]
        step = max(1, len(short) // max(1, processes))
        found.through(
            "ri sql, a process",
            short[::step][:processes],
            lambda text: _process(["sql", text, "-i", str(path)], folder),
        )
        short = [text for text in plain if len(text) < 100_000]
        step = max(1, len(short) // max(1, processes))
        found.through("ri tweets --where, a process", short[::step][: processes // 2],
                      lambda text: _process(["tweets", "--where", text, "-i", str(path)], folder))  # fmt: skip
    return found


def run() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", nargs="?", type=Path)
    parser.add_argument("--processes", type=int, default=40)
    options = parser.parse_args()
    server = HTTPServer(("127.0.0.1", 0), Heard)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        path = options.index
        if path is None:
            from riindex.pipeline.run import build

            path = Path(name) / "home" / "tweets.duckdb"
            path.parent.mkdir()
            build(SAMPLE, path)
        folder = Path(name) / "outside"
        folder.mkdir()
        found = campaign(path.resolve(), folder, f"http://127.0.0.1:{server.server_port}", options.processes)
        os.chdir("/")
    doors = list(dict.fromkeys(door for door, _ in found.counts))
    results = ("refused", "refused when read", "answered", "traceback")
    print("| door | " + " | ".join(results) + " |\n" + "|---" * (len(results) + 1) + "|")
    for door in doors:
        print(f"| {door} | " + " | ".join(str(found.counts[door, result]) for result in results) + " |")
    print(f"\n{sum(found.counts.values())} tries, {time.monotonic() - begun:.0f} s; problems: {len(found.problems)}")
    raise SystemExit(1 if found.problems else 0)


if __name__ == "__main__":
    run()
