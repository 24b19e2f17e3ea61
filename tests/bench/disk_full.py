"""Run out of disk at many points of a rebuild: is it told, is the old index whole, and does the build go on with room?

Run, as root: python tests/bench/disk_full.py [--points 20] [--rows 60]

The index lies on a small tmpfs of its own, mounted for each trial with room for the old index and a share of what the
rebuild needs. The command must end with exit code 1 and the lines error: and hint:, and the old index must hold its
digests. Then the disk is made larger, and the same command must end with the digests of an undisturbed build.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

from formats import write
from trials import arguments, context, posts, restore, started, state

ROOMY = 1 << 30
PAGE = 4096


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[None]:
    """A tmpfs of ``size`` bytes at ``folder``."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def resize(folder: Path, size: int) -> None:
    """Give a mounted tmpfs another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)


def used(folder: Path) -> int:
    """Bytes that the files of a mounted tmpfs take."""
    disk = os.statvfs(folder)
    return (disk.f_blocks - disk.f_bfree) * disk.f_frsize


def needed(ctx: ForkServerContext, folder: Path, words: list[str], told: Path) -> int:
    """The most that a rebuild took, at any moment."""
    process, most = started(ctx, words, told), 0
    while process.exitcode is None:
        most = max(most, used(folder))
        process.join(0.01)
    if process.exitcode:
        raise SystemExit(told.read_text())
    return most


def trial(ctx: ForkServerContext, folder: Path, words: list[str], told: Path, before: dict[str, str],
          after: dict[str, str]) -> tuple[str, str]:  # fmt: skip
    """(what the full disk met, what is wrong or nothing) of a rebuild on a mounted disk and of the one after it."""
    target = folder / "posts.duckdb"
    process = started(ctx, words, told)
    process.join(120)
    said = told.read_text()
    if process.exitcode == 0:
        return "enough room", "" if state(target) == after else "other digests"
    first = next((line for line in said.splitlines() if line.startswith("error: ")), "")
    where = first.removeprefix("error: ").partition(" failed")[0] or f"exit code {process.exitcode}"
    if process.exitcode != 1 or "error: " not in said or "hint: " not in said:
        return where, f"exit code {process.exitcode}: {said[-300:]}"
    if "free some disk space" not in said:
        return where, f"nothing about room: {said[-300:]}"
    if state(target) != before:
        return where, "the old index has other digests"
    resize(folder, ROOMY)
    process = started(ctx, words, told)
    process.join(120)
    if process.exitcode != 0:
        return where, f"with room it ended with {process.exitcode}: {told.read_text()[-300:]}"
    return where, "" if state(target) == after else "with room it has other digests"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--rows", type=int, default=60)
    options = parser.parse_args()
    if os.geteuid() or shutil.which("mount") is None:
        raise SystemExit("mounting a small disk needs root: nothing was tried")
    ctx, begun, wrong = context(), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        old, folder, told = base / "old", base / "disk", base / "told"
        old.mkdir()
        folder.mkdir()
        sources = [write(base, posts(options.rows, seed), "csv", f"posts{seed}") for seed in (1, 2)]
        process = started(ctx, arguments(sources[0], old / "posts.duckdb"), told)
        process.join()
        words = arguments(sources[1], folder / "posts.duckdb")
        before = state(old / "posts.duckdb")
        try:
            with mounted(folder, ROOMY):
                restore(old, folder)
                least = used(folder)
                most = needed(ctx, folder, words, told)
                after = state(folder / "posts.duckdb")
        except subprocess.CalledProcessError as problem:
            raise SystemExit(f"no disk can be mounted here: {problem.stderr.decode()}") from problem
        print(f"the old index takes {least / 1e6:.1f} MB, a rebuild {(most - least) / 1e6:.1f} MB more\n", flush=True)
        print("| room, MB | what met the full disk | result |")
        print("|---|---|---|")
        for point in range(options.points):
            # Most of the room is taken at the end: by squares, the points lie in more of the stages.
            room = round((most - least) * ((point + 0.5) / options.points) ** 2 / PAGE) * PAGE
            with mounted(folder, least + room):
                restore(old, folder)
                where, problem = trial(ctx, folder, words, told, before, after)
            wrong += bool(problem)
            print(
                f"| {room / 1e6:.2f} | {where} | {problem or 'told; old index whole; went on with room'} |", flush=True
            )
    print(f"\n{options.points} points, {wrong} problems, {time.monotonic() - begun:.0f} s")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
