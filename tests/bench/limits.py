"""How a build ends under limits of memory, and what builds of long texts take.

Run: python tests/bench/limits.py memory [SOURCE]   (default: the sample)
     python tests/bench/limits.py long [--rows 3000,300,100000 --bytes 100000,1000000,10000]

`memory` runs `ri build` under `ulimit -v`, `ulimit -d` and `--memory`, each in a process of its own: it must succeed,
or end within seconds with an error and a hint. `long` builds texts of random words, 60 of 5,000 to each text, and
prints seconds and the most memory at any look.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from memory import measured

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "tweets.parquet"
MEGA = 1_000_000
# What is limited, and how many megabytes are allowed.
LIMITS = [
    *(("-v", size) for size in (500, 1_000, 1_500, 2_500, 4_100, 6_000)),
    *(("-d", size) for size in (400, 450, 800, 1_500, 2_400, 4_000)),
    *(("--memory", size) for size in (400, 700, 800, 1_500, 4_000)),
]
KINDS = {"-v": resource.RLIMIT_AS, "-d": resource.RLIMIT_DATA}
PATIENCE = 300
SHOWN = 110


def under(kind: str, size: int) -> Callable[[], None] | None:
    """What sets a limit of the system in a child; None for the option."""
    if kind not in KINDS:
        return None
    return lambda: resource.setrlimit(KINDS[kind], (size * MEGA, size * MEGA))


def built(source: Path, kind: str, size: int) -> tuple[str, float, str]:
    """How a build ended, the seconds it took, and what it said of an error."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "riindex", "build", str(source), "-o", f"{folder}/a.duckdb"]
        command += [] if kind in KINDS else [kind, f"{size}MB"]
        begun = time.monotonic()
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE,
                                  preexec_fn=under(kind, size), check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            return "no end", time.monotonic() - begun, ""
        said = [line for line in done.stderr.splitlines() if line.startswith(("error:", "hint:"))]
        return str(done.returncode), time.monotonic() - begun, " ".join(said)


def limited(source: Path) -> None:
    """Print the table of limits."""
    print("| limit | exit code | seconds | what it says |\n|---|---|---|---|")
    for kind, size in LIMITS:
        code, seconds, said = built(source, kind, size)
        name = f"`ulimit {kind}`" if kind in KINDS else f"`{kind}`"
        print(f"| {name} {size:,} MB | {code} | {seconds:.1f} | {said[:SHOWN]} |", flush=True)


def write_long(path: Path, rows: int, size: int) -> None:
    """Write texts of ``size`` characters."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9))) for _ in range(5_000)]
    schema = pa.schema([("tweet_id", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, 1_000):
            ids = range(start, min(rows, start + 1_000))
            texts = [f"row {n} {' '.join(rng.choices(rng.sample(words, 60), k=size // 6))}"[:size] for n in ids]
            writer.write_table(pa.table({"tweet_id": list(map(str, ids)), "text": texts}, schema))


def long(rows: list[int], sizes: list[int]) -> None:
    """Print what builds of long texts take."""
    print("| texts | seconds | peak MB |\n|---|---|---|")
    for number, size in zip(rows, sizes, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "a.parquet"
            write_long(source, number, size)
            command = [sys.executable, "-m", "riindex", "build", str(source), "-o", f"{folder}/a.duckdb"]
            taken = measured(command, Path(folder) / "said")
            print(f"| {number:,} of {size:,} characters | {taken.seconds:.0f} | {taken.peak / MEGA:,.0f} |", flush=True)


def main() -> None:
    """Run one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["memory", "long"])
    parser.add_argument("source", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--rows", default="3000,300,100000")
    parser.add_argument("--bytes", default="100000,1000000,10000")
    given = parser.parse_args()
    if given.what == "memory":
        limited(given.source)
    else:
        long([int(n) for n in given.rows.split(",")], [int(n) for n in given.bytes.split(",")])


if __name__ == "__main__":
    main()
