"""Kill a rebuild at random moments: is the old index whole each time, and does the resumed build end as it should?

Run: python tests/bench/kill.py [--kills 200] [--seed 1] [--rows 60]

An index of some posts is built anew from others, in a process group of its own that gets SIGKILL at a moment drawn
from the time that a whole rebuild takes. After each kill the index must answer and hold the digests of the old or, when
the kill came after publishing, of the new one. The build is then resumed; now and then the resumed one is killed as
well. It must end with the digests of a build that nobody disturbed, and leave nothing but the index and its tables.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path

from formats import write
from trials import arguments, context, posts, restore, started, state

from riindex.store.database import Store

# How often a resumed build is killed again.
AGAIN = 0.75


@dataclass
class Outcome:
    """What the kills met and left."""

    kills: int = 0
    resumed: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What is built, and what must come out of it."""

    ctx: ForkServerContext
    old: Path
    folder: Path
    words: list[str]
    told: Path
    before: dict[str, str]
    after: dict[str, str]
    seconds: float

    @property
    def target(self) -> Path:
        """The index that is rebuilt."""
        return self.folder / "posts.duckdb"


def _stage(target: Path) -> str:
    """Which stage the kill met, from the work file; ``finishing`` when all are done or the file is out."""
    folder = target.with_name(target.name + ".build")
    if not folder.exists():
        return "before the first" if target.with_name(target.name + ".lock").exists() else "finishing"
    work = folder / "work.duckdb"
    if not work.exists():
        return "before the first"
    try:
        with Store.read(work) as store:
            done = [row[0] for row in store.rows("build/stage_runs")]
    except Exception as problem:  # what lies there may be half of a first write
        return f"the work file's first write ({type(problem).__name__})"
    from riindex.pipeline.run import STAGES

    return next((stage.name for stage in STAGES if stage.name not in done), "finishing")


def _left_over(trial: Trial) -> list[str]:
    """Files beside a finished index that are neither it nor vector tables."""
    return [p.name for p in trial.folder.iterdir() if p != trial.target and p.suffix != ".lance"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=60)
    options = parser.parse_args()
    ctx, begun = context(), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        trial = _prepare(ctx, Path(name), options.rows)
        print(f"an undisturbed rebuild takes {trial.seconds:.1f} s", flush=True)
        outcome = _run(trial, options.kills, random.Random(options.seed))
    _print(outcome, time.monotonic() - begun)
    raise SystemExit(1 if outcome.problems else 0)


def _prepare(ctx: ForkServerContext, base: Path, rows: int) -> Trial:
    """Build the old index and, undisturbed, the new one over it, whose personas follow the old ones; time that."""
    old, folder, told = base / "old", base / "work", base / "told"
    for each in (old, folder):
        each.mkdir()
    sources = [write(base, posts(rows, seed), "csv", f"posts{seed}") for seed in (1, 2)]

    def built(words: list[str]) -> float:
        began = time.monotonic()
        process = started(ctx, words, told)
        process.join()
        if process.exitcode:
            raise SystemExit(told.read_text())
        return time.monotonic() - began

    built(arguments(sources[0], old / "posts.duckdb"))
    before = state(old / "posts.duckdb")
    restore(old, folder)
    words = arguments(sources[1], folder / "posts.duckdb")
    seconds = built(words)
    after = state(folder / "posts.duckdb")
    assert before != after
    restore(old, folder)
    return Trial(ctx, old, folder, words, told, before, after, seconds)


def _run(trial: Trial, kills: int, rng: random.Random) -> Outcome:
    outcome = Outcome()
    while outcome.kills < kills:
        process = started(trial.ctx, trial.words, trial.told)
        process.join(rng.uniform(0, trial.seconds))
        if process.exitcode is None:
            _kill(process.pid)
            process.join()
            outcome.kills += 1
            outcome.stages[_stage(trial.target)] += 1
            _check(outcome, trial)
            if rng.random() < AGAIN:
                continue
            process = started(trial.ctx, trial.words, trial.told)
            process.join(600)
        _ended(outcome, trial, process.exitcode)
        restore(trial.old, trial.folder)
        if outcome.resumed % 10 == 0:
            print(
                f"  {outcome.kills} kills, {outcome.resumed} builds ended, {len(outcome.problems)} problems", flush=True
            )
    return outcome


def _ended(outcome: Outcome, trial: Trial, code: int | None) -> None:
    """Note what is wrong with a build that was let end."""
    outcome.resumed += 1
    if code != 0:
        outcome.problems.append(f"the resumed build ended with {code}: {trial.told.read_text()[-300:]}")
    elif state(trial.target) != trial.after:
        outcome.problems.append("the resumed build has other digests")
    elif _left_over(trial):
        outcome.problems.append(f"left over: {_left_over(trial)}")


def _kill(pid: int | None) -> None:
    """Kill the group; in its first moment a child has none of its own yet."""
    assert pid is not None
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if os.getpgid(pid) == pid else os.kill)(pid, signal.SIGKILL)


def _check(outcome: Outcome, trial: Trial) -> None:
    try:
        if state(trial.target) not in (trial.before, trial.after):
            outcome.problems.append("after a kill the index has digests of neither build")
    except Exception as problem:  # the point is to count whatever goes wrong
        outcome.problems.append(f"after a kill the index does not answer: {problem!r}"[:300])


def _print(outcome: Outcome, seconds: float) -> None:
    print(f"\n{outcome.kills} kills, {outcome.resumed} builds ended, {seconds:.0f} s")
    print("| stage that the kill met | kills |")
    print("|---|---|")
    for stage, number in outcome.stages.most_common():
        print(f"| {stage} | {number} |")
    print(f"\nproblems: {len(outcome.problems)}")
    for problem, number in Counter(outcome.problems).most_common(20):
        print(f"  {number} times: {problem}")


if __name__ == "__main__":
    main()
