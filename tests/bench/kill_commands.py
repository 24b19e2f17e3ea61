"""End every writing command at any moment, by every signal: is all old or new and whole, and does it work again?

Run: python tests/bench/kill_commands.py [--kills 1000] [--seed 1] [--rows 60] [--only rename,merge]

Each trial runs one command in a process group of its own, on copies of a small index, and ends it: by SIGKILL, SIGTERM,
SIGHUP, SIGINT, or SIGINT twice 50 ms apart; at a moment drawn from the command's own duration, or just before or after
one of its last renames, removals and writes to the disk. Then the index must answer and hold the digests of before or
after, its vector table be whole, every output under its final name be the old or the new one, nothing that a shipped
copy hides stand in its folder, and no traceback have been printed. The command is run again: it must end as an
undisturbed one and leave nothing beside the index, its vector tables and the outputs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb
from formats import write
from trials import QUICK, arguments, context, posts, restore, started, state

from riindex.store.database import Store
from riindex.store.digests import table_digests

SIGNALS = ("KILL", "TERM", "HUP", "INT", "INT twice")
# Exit codes of a command that was stopped: by Ctrl-C, or by a signal that it did not live to see.
STOPPED = {0, 1, 129, 130, 143, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT}
# Seconds between the two of "INT twice".
BETWEEN = 0.05
# Share of the trials that are ended at a rename, removal or write to the disk, and how many of the last ones count.
AT_A_POINT, LAST = 0.5, 24
# What `ri cluster` writes into the names of its files, one set a run.
STAMP = re.compile(r"_\d{8}_\d{6}")
# Commands of more seconds than these are tried more seldom.
OFTEN = 0.8
# Seconds after which a command does not end any more.
LONGEST = 120
# What is left by a command that was killed, until the next one sweeps it.
SCRATCH = (".riindex-", ".lock", ".build", "riindex-")
# Command → the state of the index that it begins with, what stands in ``out``, its words, and what becomes other.
COMMANDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "rename": ("built", "", ("rename", "0", "A given name", "-i", "{index}")),
    "merge": ("built", "", ("merge", "0", "1", "-i", "{index}")),
    "undo of rename": ("renamed", "", ("undo", "-i", "{index}")),
    "undo of merge": ("merged", "", ("undo", "-i", "{index}")),
    "ship internal": ("built", "", ("ship", "{out}/copy.duckdb", "--level", "internal", "-i", "{index}")),
    "ship analyst": ("built", "", ("ship", "{out}/copy.duckdb", "-i", "{index}")),
    "ship public": ("built", "", ("ship", "{out}/copy.duckdb", "--level", "public", "--k", "2", "-i", "{index}")),
    "ship over": ("built", "public", ("ship", "{out}/copy.duckdb", "-i", "{index}")),
    "export": ("built", "", ("export", "{out}/files", "-i", "{index}")),
    "export over": ("built", "export", ("export", "{out}/files", "-i", "{index}")),
    "map": ("built", "", ("map", "{out}/map.html", "-i", "{index}")),
    "map over": ("built", "map", ("map", "{out}/map.html", "-i", "{index}")),
    "index": ("built", "", ("index", "-i", "{index}")),
    "classify": ("built", "", ("classify", "-i", "{index}")),
    "quality --curve": ("built", "", ("quality", "--curve", "--refits", "2", "-i", "{index}")),
    "cluster": ("none", "", ("cluster", "{personas}", "--output", "{out}/results", "-o", "{index}", "--clusters", "3")),
    "build": ("none", "", ("build", "{posts}", "-o", "{index}")),
    "build over": ("built", "", ("build", "{others}", "-o", "{index}")),
}  # fmt: skip


@dataclass
class Point:
    """End the process at the ``number``-th rename, removal or write to the disk, before it or after."""

    number: int
    after: bool


@dataclass(frozen=True)
class Expected:
    """What an undisturbed run takes and leaves."""

    seconds: float
    points: int
    before: dict[str, str]
    after: dict[str, str]
    old: dict[str, str]
    new: dict[str, str]


@dataclass
class Outcome:
    """What the trials met."""

    trials: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_time: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: int = 0
    swept: int = 0
    problems: list[str] = field(default_factory=list)


def _shim(point: Point | None, how: str, counted: Path) -> None:
    """Count what the command does to names and disk, and end it at the point that is asked for."""
    seen = [0]

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            seen[0] += 1
            here = point is not None and seen[0] == point.number
            if here and point is not None and not point.after:
                _end(how)
            answer = real(*args, **options)
            counted.write_text(str(seen[0]))
            if here:
                _end(how)
            return answer

        return call

    os.replace, os.fsync, os.rename = wrapped(os.replace), wrapped(os.fsync), wrapped(os.rename)  # type: ignore[assignment]
    shutil.rmtree = wrapped(shutil.rmtree)  # type: ignore[assignment]


def _end(how: str) -> None:
    """Send this process the signal, as it would come from outside."""
    number = getattr(signal, "SIG" + how.split()[0])
    if how.endswith("twice"):
        threading.Timer(BETWEEN, os.kill, (os.getpid(), number)).start()
    os.kill(os.getpid(), number)


def _alone(words: list[str], folder: Path, point: Point | None, how: str) -> None:
    """``ri`` with these words as a process of its own would run it, what it says in a file."""
    os.setsid()
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(said, number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    from riindex.cli import main

    sys.argv = ["ri", *words]
    code = 0
    _shim(point, how, folder / "counted")
    (folder / "begun").touch()
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        code = 70
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    os._exit(code)


@dataclass(frozen=True)
class Place:
    """Where the trials are made."""

    base: Path

    def __getattr__(self, name: str) -> Path:
        return self.base / name

    @property
    def index(self) -> Path:
        """The index of the trial."""
        return self.base / "work" / "home" / "posts.duckdb"

    def words(self, name: str) -> list[str]:
        """The command line of a command."""
        places = {"index": self.index, "out": self.base / "work" / "out", "posts": self.base / "posts1.csv",
                  "others": self.base / "posts2.csv", "personas": self.base / "personas.txt"}  # fmt: skip
        words = [word.format(**places) for word in COMMANDS[name][2]]
        return words + [part for s in QUICK for part in ("--set", s)] if words[0] == "build" else words

    def begin(self, name: str) -> None:
        """Put what the command begins with in its place."""
        kept, outputs, _ = COMMANDS[name]
        for folder, source in (("home", kept), ("out", outputs)):
            target = self.base / "work" / folder
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self.base / "states" / source, target) if source not in ("", "none") else target.mkdir(
                parents=True
            )


def _run(place: Place, ctx: ForkServerContext, words: list[str], point: Point | None, how: str) -> BaseProcess:
    for name in ("begun", "said", "counted"):
        (place.base / "run" / name).unlink(missing_ok=True)
    process = ctx.Process(target=_alone, args=(words, place.base / "run", point, how))
    process.start()
    while not (place.base / "run" / "begun").exists() and process.exitcode is None:
        time.sleep(0.0005)
    return process


def _send(process: BaseProcess, how: str) -> None:
    number = getattr(signal, "SIG" + how.split()[0])
    for _ in range(2 if how.endswith("twice") else 1):
        with contextlib.suppress(ProcessLookupError):
            assert process.pid is not None
            os.killpg(process.pid, number)
        if how.endswith("twice"):
            time.sleep(BETWEEN)


def _outputs(folder: Path) -> dict[str, str]:
    """Files under their final names in the folder of outputs → what is in them."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = STAMP.sub("_*", str(path.relative_to(folder)))
        if path.is_dir() or any(part.startswith((".riindex-", "riindex-")) for part in Path(name).parts):
            continue
        if path.suffix == ".duckdb":
            found.update({f"{name}: {table}": digest for table, digest in _copy(path).items()})
        elif path.name != "riindex_export.json":
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _copy(path: Path) -> dict[str, str]:
    """Digests of a shipped copy, which must agree with those that it holds."""
    with Store.read(path) as store:
        found = table_digests(store)
        with contextlib.closing(duckdb.connect(str(path), read_only=True)) as plain:
            held = dict(plain.execute("select table_name, digest from digests").fetchall())
    assert {name: found[name] for name in held} == held, "the copy's own digests do not hold"
    return found


def _index(place: Place) -> dict[str, str]:
    return state(place.index) if place.index.exists() else {}


def _left(place: Place) -> list[str]:
    """What lies beside the index, its vector tables and the outputs."""
    home, out = place.base / "work" / "home", place.base / "work" / "out"
    found = [p.name for p in home.iterdir() if p != place.index and p.suffix != ".lance"]
    return found + [str(p.relative_to(out)) for p in out.rglob("*") if p.name.startswith(SCRATCH[0])]


def _secrets(rows: list[dict[str, str | None]]) -> list[bytes]:
    return [str(row[key]).encode() for row in rows for key in ("tweet_id", "author")]


def _told(place: Place) -> str:
    path = place.base / "run" / "said"
    return path.read_text(errors="replace") if path.exists() else ""


def _same(found: dict[str, str], wanted: dict[str, str]) -> bool:
    """Whether digests are equal, but for those that no two runs have alike (``*``)."""
    return found.keys() == wanted.keys() and all(found[k] == wanted[k] for k in found if wanted[k] != "*")


def _whole(found: dict[str, str], old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Outputs that are neither the old nor the new one."""
    return [k for k, v in found.items() if not any(side.get(k) in (v, "*") for side in (old, new))]


def _merged(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    return {k: v if second.get(k) == v else "*" for k, v in first.items()}


def _expect(place: Place, ctx: ForkServerContext, name: str) -> Expected:
    """Run a command twice undisturbed; what differs between the two may differ again."""
    runs = []
    for _ in range(2):
        place.begin(name)
        before, old = _index(place), _outputs(place.base / "work" / "out")
        process = _run(place, ctx, place.words(name), None, "KILL")
        began = time.monotonic()
        process.join()
        seconds = time.monotonic() - began
        if process.exitcode:
            raise SystemExit(f"{name}: {process.exitcode}: {_told(place)}")
        if _left(place):
            raise SystemExit(f"{name} leaves {_left(place)}")
        points = int((place.base / "run" / "counted").read_text())
        runs.append((seconds, points, _index(place), _outputs(place.base / "work" / "out")))
    (_, _, one, new), (seconds, points, other, renewed) = runs
    return Expected(seconds, points, before, _merged(one, other), old, _merged(new, renewed))


def _trial(place: Place, ctx: ForkServerContext, name: str, how: str, expected: Expected, dice: random.Random,
           outcome: Outcome, secrets: list[bytes]) -> None:  # fmt: skip
    """End one command and look at what is there."""
    place.begin(name)
    point = None
    if dice.random() < AT_A_POINT:
        first = max(1, expected.points - LAST) if dice.random() < 0.7 else 1
        point = Point(dice.randint(first, expected.points), dice.random() < 0.5)
    moment = dice.uniform(0, expected.seconds)
    process = _run(place, ctx, place.words(name), point, how)
    if point is None:
        process.join(moment)
        outcome.in_time[name, how] += process.exitcode is None
        if process.exitcode is None:
            _send(process, how)
    else:
        outcome.in_time[name, how] += 1
    process.join(LONGEST)
    outcome.trials[name, how] += 1
    where = f"{name}, {how}, {f'point {point.number} of {expected.points}' if point else f'{moment:.2f} s'}"
    for problem in _problems(place, process, name, expected, secrets, outcome):
        outcome.problems.append(f"{where}: {problem}")
        print("  !", outcome.problems[-1], flush=True)
    for problem in _again(place, ctx, name, expected):
        outcome.problems.append(f"{where}: run again: {problem}")
        print("  !", outcome.problems[-1], flush=True)


def _problems(place: Place, process: BaseProcess, name: str, expected: Expected, secrets: list[bytes],
              outcome: Outcome) -> list[str]:  # fmt: skip
    """What is wrong after the end."""
    found = []
    if process.exitcode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        found.append("it does not end")
    elif process.exitcode not in STOPPED:
        found.append(f"exit code {process.exitcode}")
    if "Traceback" in _told(place) or "Exception ignored" in _told(place):
        found.append("traceback: " + " / ".join(_told(place).strip().splitlines()[-3:])[-300:])
    try:
        now = _index(place)
        if not _same(now, expected.before) and not _same(now, expected.after):
            found.append("the index is neither old nor new")
        outcome.published += not _same(now, expected.before)
    except Exception as problem:
        found.append(f"the index does not answer: {problem!r}"[:300])
    out = place.base / "work" / "out"
    try:
        found += [f"{path} is neither old nor new" for path in _whole(_outputs(out), expected.old, expected.new)]
    except Exception as problem:
        found.append(f"an output cannot be read: {problem!r}"[:300])
    outcome.swept += bool(_left(place))
    return found + (_leaking(out, secrets) if name.startswith("ship") and name != "ship internal" else [])


def _leaking(out: Path, secrets: list[bytes]) -> list[str]:
    """Files in the folder of a copy, whatever they are called, that hold ids or authors of the index."""
    files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    return [f"{path.relative_to(out)} holds ids or authors" for path, content in files.items()
            if any(secret in content for secret in secrets)]  # fmt: skip


def _again(place: Place, ctx: ForkServerContext, name: str, expected: Expected) -> list[str]:
    """Run the command again and say what is wrong then."""
    done = _index(place) if place.index.exists() else {}
    process = _run(place, ctx, place.words(name), None, "KILL")
    process.join(LONGEST)
    code, said = process.exitcode, _told(place)
    if code is None:
        os.killpg(process.pid or 0, signal.SIGKILL)
        return ["it does not end"]
    found = []
    # What is done already cannot be done again: the two are one, nothing is left to take back.
    told_so = code == 1 and name in ("merge", "undo of rename", "undo of merge") and _same(done, expected.after)
    if told_so:
        code = 0 if "error: " in said and "hint: " in said else code
    if code or "Traceback" in said:
        found.append(f"exit code {code}: {said[-300:]}")
    try:
        if not _same(_index(place), expected.after):
            found.append("the index has other digests")
        now = _outputs(place.base / "work" / "out")
        if not _same(now, expected.new):
            found.append(f"other outputs: {sorted(now.keys() ^ expected.new.keys())}")
    except Exception as problem:
        found.append(f"it does not answer: {problem!r}"[:300])
    if told_so and _left(place):  # it did not come to writing; the next command that does sweeps
        _run(place, ctx, place.words("rename"), None, "KILL").join(LONGEST)
    if _left(place):
        found.append(f"left over: {_left(place)}")
    tables = [p.name for p in (place.base / "work" / "home").iterdir() if p.suffix == ".lance"]
    if len(tables) > 2:
        found.append(f"{len(tables)} vector tables")
    return found


def prepare(base: Path, ctx: ForkServerContext, rows: int) -> Place:
    """Build the indexes that the trials begin with."""
    place = Place(base)
    for name in ("states", "run", "work"):
        (base / name).mkdir()
    for seed in (1, 2):
        write(base, posts(rows, seed), "csv", f"posts{seed}")
    texts = [str(row["text"]) for row in posts(36, 3)]
    blocks = [f"=== PERSONA {n} ===\nYou are a reader of {text}.\n" for n, text in enumerate(texts, 1)]
    (base / "personas.txt").write_text("\n".join(blocks))
    target = base / "states" / "built" / "posts.duckdb"
    target.parent.mkdir()

    def do(words: list[str]) -> None:
        process = started(ctx, words, base / "told")
        process.join()
        if process.exitcode:
            raise SystemExit((base / "told").read_text())

    do(arguments(base / "posts1.csv", target))
    for name, words in (("renamed", ["rename", "0", "Another name"]), ("merged", ["merge", "0", "1"])):
        restored = base / "states" / name
        restored.mkdir()
        restore(target.parent, restored)
        do([*words, "-i", str(restored / "posts.duckdb")])
    for name, words in (("public", ["ship", "copy.duckdb", "--level", "public", "--k", "2"]),
                        ("export", ["export", "files", "--raw"]), ("map", ["map", "map.html", "--raw"])):  # fmt: skip
        folder = base / "states" / name
        folder.mkdir()
        do([words[0], str(folder / words[1]), *words[2:], "-i", str(target)])
    return place


def campaign(place: Place, ctx: ForkServerContext, names: list[str], kills: int, seed: int, rows: int) -> Outcome:
    """End each command by each signal in turn until there are ``kills``."""
    dice, outcome = random.Random(seed), Outcome()
    secrets = _secrets(posts(rows, 1))
    expected = {}
    for name in names:
        expected[name] = _expect(place, ctx, name)
        print(f"{name}: {expected[name].seconds:.2f} s, {expected[name].points} points", flush=True)
    number = 0
    with contextlib.suppress(KeyboardInterrupt):  # what was found till then is told
        while number < kills:
            number = _round(place, ctx, names, kills, number, expected, dice, outcome, secrets)
            print(f"  {number} trials, {len(outcome.problems)} problems", flush=True)
    return outcome


def _round(
    place: Place, ctx: ForkServerContext, names: list[str], kills: int, number: int, expected: dict[str, Expected],
    dice: random.Random, outcome: Outcome, secrets: list[bytes],
) -> int:  # fmt: skip
    """End each command once by each signal; the answer is the number of trials by then."""
    for name in names:
        for how in SIGNALS:
            # Slow ones more seldom; a build has a bench of its own.
            if number < kills and dice.random() < OFTEN / max(OFTEN, expected[name].seconds):
                number += 1
                _trial(place, ctx, name, how, expected[name], dice, outcome, secrets)
    return number


def table(outcome: Outcome) -> str:
    """Command by signal: how many were ended in time."""
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for (name, how), number in outcome.in_time.items():
        rows[name][how] = number
    lines = ["| command | " + " | ".join(SIGNALS) + " |", "|---" * (len(SIGNALS) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(str(row.get(how, 0)) for how in SIGNALS) + " |" for name, row in rows.items()]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    ctx, begun = context(), time.monotonic()
    names = [name for name in COMMANDS if not options.only or name.split()[0] in options.only.split(",")]
    with tempfile.TemporaryDirectory() as name:
        place = prepare(Path(name), ctx, options.rows)
        outcome = campaign(place, ctx, names, options.kills, options.seed, options.rows)
    print(table(outcome))
    print(
        f"\n{sum(outcome.trials.values())} trials, {sum(outcome.in_time.values())} ended in time, {outcome.published} "
        f"after the result was in place, {outcome.swept} left scratch for the next command to sweep; "
        f"{time.monotonic() - begun:.0f} s; problems: {len(outcome.problems)}"
    )
    raise SystemExit(1 if outcome.problems else 0)


if __name__ == "__main__":
    main()
