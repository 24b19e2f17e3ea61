"""UMAP and t-SNE in a process of their own, which compiles and computes while this one works on other stages.

Both hold the lock of the interpreter, and UMAP is compiled anew in each process: 5 to 8 s. In a process of its own it
delays nothing, and its libraries are imported without changing settings of this process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from riindex.algorithms import reduction
from riindex.algorithms.types import Floats
from riindex.errors import BuildError

# Functions that the process computes.
METHODS: dict[str, Callable[..., Any]] = {
    "umap": reduction.umap, "tsne": reduction.tsne, "prepare": reduction.prepare_umap
}  # fmt: skip


class _Process:
    """Process that answers requests in their order."""

    def __init__(self) -> None:
        # No module of the current folder is imported (-P). In a group of its own, Ctrl-C does not reach it: it is ended
        # by this process, or ends when this process does.
        command = [sys.executable, "-P", "-W", "ignore", "-m", "riindex.algorithms.projections"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
        self._sending, self._receiving = threading.Lock(), threading.Lock()
        self._sent = 0
        self._answers: dict[int, Any] = {}

    def send(self, method: str, *arguments: Any) -> int:
        """Send a request; return its number."""
        assert self._child.stdin is not None
        with self._sending:
            try:
                pickle.dump((method, arguments), self._child.stdin, pickle.HIGHEST_PROTOCOL)
                self._child.stdin.flush()
            except BrokenPipeError:
                raise self._ended() from None
            self._sent += 1
            return self._sent

    def receive(self, number: int) -> Floats:
        """Wait for the answer to a request; raise its error."""
        assert self._child.stdout is not None
        with self._receiving:
            while number not in self._answers:
                try:
                    self._answers[len(self._answers) + 1] = pickle.load(self._child.stdout)
                except EOFError:
                    raise self._ended() from None
            answer, self._answers[number] = self._answers[number], None
        if isinstance(answer, Exception):
            raise answer
        return np.asarray(answer)

    def _ended(self) -> BuildError:
        code = self._child.wait()
        return BuildError(
            f"the process that computes UMAP and t-SNE ended without a result (exit code {code})",
            "it may have been out of memory: reduce layout.max_documents, or choose --set layout.method=pca",
        )

    def end(self) -> None:
        """End the process, whatever it computes."""
        self._child.kill()
        self._child.communicate()


_lock = threading.Lock()
_users = 0
_process: _Process | None = None


@contextmanager
def running(prepare: bool = False) -> Iterator[None]:
    """Keep one process for all requests within the block; ``prepare``: UMAP is compiled now, as it will be needed."""
    process = _enter()
    try:
        if prepare:
            process.send("prepare")
        yield
    finally:
        _leave()


def _enter() -> _Process:
    global _process, _users
    with _lock:
        _users += 1
        if _process is None:
            _process = _Process()
        return _process


def _leave() -> None:
    global _process, _users
    with _lock:
        _users -= 1
        if not _users and _process is not None:
            _process.end()
            _process = None


def begin(method: str, *arguments: Any) -> Callable[[], Floats]:
    """Begin a function of METHODS in the process that is ``running``; return a function that waits for its result.

    Both raise BuildError if the process ends before, for example for lack of memory.
    """
    process = _process
    if process is None:
        raise RuntimeError("projections are begun where no process of them is running")
    number = process.send(method, *arguments)
    return lambda: process.receive(number)


def compute(method: str, *arguments: Any) -> Floats:
    """Compute a function of METHODS in the process, which is started if it is not running."""
    with running():
        return begin(method, *arguments)()


# -- in the process ----------------------------------------------------------------------------------------------------


def main() -> None:
    """Answer the requests of stdin on stdout; end with the process that sends them, also in the middle of the work."""
    # What libraries print goes to the errors: stdout has answers alone.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def answer(done: Future[Any]) -> None:
        problem = done.exception()
        pickle.dump(done.result() if problem is None else problem, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    with ThreadPoolExecutor(1) as pool:
        while True:
            try:
                method, arguments = pickle.load(sys.stdin.buffer)
            except (EOFError, pickle.UnpicklingError):
                os._exit(0)
            pool.submit(METHODS[method], *arguments).add_done_callback(answer)


if __name__ == "__main__":
    main()
