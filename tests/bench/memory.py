"""How much memory a process and all that it started took at most: what build.py and peers.py measure."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

# Seconds between two looks.
INTERVAL = 0.1


@dataclass(frozen=True)
class Measured:
    """What a command took: wall seconds, and the most bytes at any look, all its processes together."""

    seconds: float
    peak: int
    samples: list[tuple[float, int]]

    def peak_between(self, start: float, end: float) -> int:
        """The most bytes at any look between two moments of ``time.time()``."""
        inside = [taken for moment, taken in self.samples if start - INTERVAL <= moment <= end + INTERVAL]
        return max(inside, default=0)


def _taken(process: psutil.Process) -> int:
    """Resident bytes of the process and all its children, shared ones in each.

    Not what is each one's own: to count it the kernel walks through every page, while the process waits.
    """
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def measured(command: Sequence[str], told: Path) -> Measured:
    """Run a command to its end, what it says in the file ``told``; SystemExit with its last words if it fails."""
    samples: list[tuple[float, int]] = []
    ended = threading.Event()
    started = time.monotonic()
    with told.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as child:

        def look() -> None:
            process = psutil.Process(child.pid)
            while not ended.is_set():
                try:
                    samples.append((time.time(), _taken(process)))
                except psutil.NoSuchProcess:
                    return
                time.sleep(INTERVAL)

        looker = threading.Thread(target=look)
        looker.start()
        code = child.wait()
        seconds = time.monotonic() - started
        ended.set()
        looker.join()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}:\n{told.read_text()[-2000:]}")
    return Measured(seconds, max((taken for _, taken in samples), default=0), samples)
