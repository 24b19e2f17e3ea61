"""Ask, check, edit and ship indexes that somebody has prepared: is anything read, written or asked outside?

Run: python tests/bench/hostile.py [--indexes 300] [--from 0]

Each is a copy of an index of the sample with one change out of tests/hostile.py. Commands that read it are run, and
some of those that write, drawn by its number. Nothing outside its folder may change, the secret beside it may stand in
no file and no output, a server on loopback may hear nothing, and every failure is told in two lines.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from hostile import SECRET, World, prepare

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
READING = (
    "summary",
    "personas",
    "personas -f csv",
    "persona 0",
    "tweets -n 3",
    "tweets --typical -n 2",
    "similar parcel -n 2",
    "similar late --personas",
    "similar 0",
    "similar refund --mode hybrid -n 2",
    "quality",
    "evidence p0c1",
    "compare 0",
    "verify",
    "why 1952181485955318725",
    "redundant -n 2",
    "select -n 3",
    "similar late --explain",
)
ASKING = ("sql", "sql @targeting", "tweets --where persona_id=0 -n 2")
WRITING = (
    "ship out/a.duckdb",
    "ship out/i.duckdb --level internal",
    "ship out/p.duckdb --level public",
    "rename 0 Foo",
    "merge 0 1",
    "undo",
    "map out/map.html",
    "export out/files",
    "index",
    "build {source} -o {path}",
    "build {path}::tweets -o out/b.duckdb",
    "build {path}::documents -o out/b.duckdb",
)
LONGEST = 60


class Heard(BaseHTTPRequestHandler):
    """Notes every request."""

    requests: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.requests.append(self.path + " " + str(self.headers))
        self.send_error(404)

    do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


# Runs commands one after the other in one process; each with what it said, and its exit code, on a line of JSON.
DRIVER = """
import contextlib, io, json, sys, traceback
from riindex.cli import main
for command in json.loads(sys.argv[1]):
    said, code = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", write_through=True), 0
    sys.argv = ["ri", *command.split()]
    print(json.dumps(["begins", command]), file=sys.__stdout__, flush=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
            code = 99
    text = said.buffer.getvalue().decode("utf-8", "replace")
    print(json.dumps([command, code, text]), file=sys.__stdout__, flush=True)
"""


def run(commands: list[str], folder: Path, environment: dict[str, str]) -> list[tuple[str, int, str]]:
    """Of each command its exit code and all that was said; -999 for one that does not end, or ends the process."""
    words = [sys.executable, "-c", DRIVER, json.dumps(commands)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, env=environment
    ) as child:
        try:
            told, _ = child.communicate(timeout=LONGEST * len(commands))
        except subprocess.TimeoutExpired:
            child.kill()
            told, _ = child.communicate()
    lines = [line for line in told.decode(errors="replace").splitlines() if line.startswith("[")]
    answers = [tuple(json.loads(line)) for line in lines]
    done = [answer for answer in answers if len(answer) == 3]
    if len(done) < len(commands):
        done.append((answers[-1][-1] if answers else commands[0], -999, told.decode(errors="replace")[-300:]))
    return done


def trial(number: int, good: Path, url: str) -> tuple[str, list[str]]:
    """What was done to the index, and what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        world = World(Path(name), url).make()
        folder = world.folder / "received"
        (folder / "out").mkdir(parents=True)
        path, done = prepare(good, folder, world, number)
        environment = {**os.environ, "RI_INDEX": str(path), "OPENAI_API_KEY": "sk-analyst-secret-key-42", "HOME": name}
        dice, problems = random.Random(number), []
        writing = WRITING[number % len(WRITING)].format(source=SAMPLE / "tweets.parquet", path=path)
        commands = [*dice.sample(READING, 7), "verify", dice.choice(ASKING), writing, dice.choice(WRITING[:9])]
        for command, code, said in run(commands, folder, environment):
            if code not in (0, 1):
                problems.append(f"{command}: exit code {code}: {said[-300:]}")
            if "Traceback" in said:
                problems.append(f"{command}: {said.strip().splitlines()[-1][:200]}")
            if SECRET in said:
                problems.append(f"{command}: it says the secret")
        problems += world.harmed(folder)
        return done, problems


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=int, default=300)
    parser.add_argument("--from", dest="first", type=int, default=0)
    options = parser.parse_args()
    server = HTTPServer(("127.0.0.1", 0), Heard)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, begun = f"http://127.0.0.1:{server.server_port}/v1", time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        good = Path(name) / "tweets.duckdb"
        subprocess.run(
            [sys.executable, "-m", "riindex", "build", SAMPLE / "tweets.parquet", "-o", good],
            check=True,
            capture_output=True,
        )
        kinds: Counter[str] = Counter()
        problems = 0
        for number in range(options.first, options.first + options.indexes):
            done, found = trial(number, good, url)
            kinds[done.split()[0]] += 1
            problems += len(found)
            for problem in found:
                print(f"{number} {done}: {problem}", flush=True)
            if number % 20 == 19:
                print(f"  {number + 1 - options.first} indexes, {problems} problems", flush=True)
        shutil.rmtree(name, ignore_errors=True)
    print(f"{options.indexes} indexes in {time.monotonic() - begun:.0f} s: {dict(kinds)}")
    print(f"requests heard: {len(Heard.requests)} {Heard.requests[:3]}; problems: {problems}")
    raise SystemExit(1 if problems or Heard.requests else 0)


if __name__ == "__main__":
    main()
