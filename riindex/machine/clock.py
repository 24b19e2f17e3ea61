"""Time limit of a child process: it ends with its parent, and when its time to answer is up."""

from __future__ import annotations

import os
import threading
import time

# Exit code of a child that exceeded its time.
EXIT_TIMEOUT = 124
# Seconds between two checks.
POLL_SECONDS = 0.2


class _Clock:
    """Watch that ends this process when its parent is gone, or after ``seconds`` unless it has answered."""

    def __init__(self, seconds: float) -> None:
        self.answered = threading.Event()
        self._parent = os.getppid()
        self._end = time.monotonic() + seconds
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while os.getppid() == self._parent:
            left = self._end - time.monotonic()
            if left <= 0 and not self.answered.is_set():
                os._exit(EXIT_TIMEOUT)
            time.sleep(POLL_SECONDS if self.answered.is_set() else min(POLL_SECONDS, max(left, 0.001)))
        os._exit(EXIT_TIMEOUT)


_running: list[_Clock] = []


def start_clock(seconds: float) -> None:
    """Begin to watch this process, which has so many seconds to answer."""
    _running.append(_Clock(seconds))


def stop_clock() -> None:
    """Stop the time limit: the result is known, and the time of its reader does not count."""
    for clock in _running:
        clock.answered.set()
