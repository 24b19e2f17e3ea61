"""Mutation testing: do the tests fail when a line of the package is changed?

Run: pip install cosmic-ray; python tests/bench/mutations.py [--each 60] [--seed 1] [--only algorithms,store,profiles]

Mutants of each room are made by cosmic-ray; a seeded sample is run, each against the tests of its room, in a copy of
the checkout. Survivors are printed with their changes: some are equivalent (another seed, a message, a speed-up).
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

ROOT = Path(__file__).parents[2]
# Room → the tests that should notice, the quickest first.
TESTS = {
    "algorithms": ("tests/test_figures.py", "tests/algorithms", "tests/test_trials.py", "tests/test_cluster.py",
                   "tests/test_classify.py", "tests/stages/test_fit_assign_evaluate.py"),
    "store": ("tests/test_store.py", "tests/test_digests.py", "tests/test_arrays.py", "tests/test_graph.py",
              "tests/test_index.py", "tests/test_build.py", "tests/test_hand_on.py", "tests/test_safety.py",
              "tests/test_ship.py"),
    "profiles": ("tests/test_profiles.py", "tests/text/test_namings.py", "tests/algorithms/test_health.py",
                 "tests/stages/test_enrich.py", "tests/test_claims.py", "tests/test_namer.py"),
}  # fmt: skip
# Of annotations, which nothing evaluates, and of comparisons that are the same for small numbers and interned text.
EQUIVALENT = re.compile(r"BinaryOperator_BitOr|_Is(Not)?$")
# Lines of which a mutant is no fault: a guard against lengths that never differ, and constants that were measured,
# which no test may hold to their value.
NO_FAULT = {"ReplaceTrueWithFalse": re.compile(r"strict=True"), "NumberReplacer": re.compile(r"^[A-Z][A-Z0-9_, ]* = ")}
CONFIG = """
[cosmic-ray]
module-path = "riindex/{room}"
timeout = 400.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -n0 -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"
"""


def _is_equivalent(mutation: MutationSpec) -> bool:
    line = (ROOT / mutation.module_path).read_text(encoding="utf-8").splitlines()[mutation.start_pos[0] - 1]
    operator = mutation.operator_name.rpartition("/")[2]
    return bool(EQUIVALENT.search(operator)) or (operator in NO_FAULT and bool(NO_FAULT[operator].search(line)))


def sampled(session: Path, count: int, seed: int) -> int:
    """Keep ``count`` of the mutants of a session; the answer is how many there were."""
    with use_db(str(session), WorkDB.Mode.open) as database:
        items = sorted(
            (item for item in database.work_items if not _is_equivalent(item.mutations[0])),
            key=lambda item: str(item.mutations[0]),
        )
        kept = random.Random(seed).sample(items, min(count, len(items)))
        database.clear()
        database.add_work_items(kept)
    return len(items)


def run(room: str, folder: Path, count: int, seed: int) -> tuple[int, int, int, list[str]]:
    """Return how many mutants there are, how many were run and killed, and the changes that survived."""
    config, session = folder / f"{room}.toml", folder / f"{room}.sqlite"
    tests = " ".join(TESTS[room])
    config.write_text(CONFIG.format(room=room, python=sys.executable, tests=tests), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    script = Path(sys.executable).with_name("cosmic-ray")

    def call(*words: str) -> None:
        subprocess.run([script, *words], cwd=folder, env=environment, check=True, capture_output=True)

    call("init", config.name, session.name)
    there = sampled(session, count, seed)
    call("exec", config.name, session.name)
    killed, survivors = 0, []
    with use_db(str(session), WorkDB.Mode.open) as database:
        for item, result in database.completed_work_items:
            mutation = item.mutations[0]
            if result.test_outcome is TestOutcome.KILLED or result.test_outcome is TestOutcome.INCOMPETENT:
                killed += 1
            else:
                place = f"{mutation.module_path}:{mutation.start_pos[0]} {mutation.operator_name}"
                survivors.append(f"{place}\n{result.diff or ''}")
    return there, killed + len(survivors), killed, survivors


def main() -> None:
    """Print the table, then the survivors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(TESTS))
    options = parser.parse_args()
    every = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("riindex", "sql", "tests", "sample_data"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "README.md", "CHANGELOG.md"):
            shutil.copyfile(ROOT / part, folder / part)
        print("| room | mutants | run | killed | share | seconds |\n|---|---|---|---|---|---|", flush=True)
        for room in options.only.split(","):
            begun = time.monotonic()
            there, done, killed, survivors = run(room, folder, options.each, options.seed)
            every += survivors
            seconds = time.monotonic() - begun
            share = f"{killed / max(done, 1):.0%}"
            print(f"| {room} | {there:,} | {done} | {killed} | {share} | {seconds:.0f} |", flush=True)
    for survivor in every:
        print(f"\nsurvived: {survivor}")


if __name__ == "__main__":
    main()
