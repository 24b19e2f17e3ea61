"""Questions with SQL from outside are answered in a child process, which the system limits.

DuckDB stops a statement only between chunks of rows: an interrupt lets ``repeat('x', 3e9)`` run on for 20 s and 6 GB.
So such a question runs in a child, which the system limits in memory and which ends when its time is up. Question and
answer are pickled; an answer can hold plain types alone, so that a child has no say over this process.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from riindex import errors
from riindex.errors import QueryError, RiError
from riindex.machine import clock

# Bytes of data that a question may hold; DuckDB's own limit (2 GB) spills or ends before it in all but single values.
MEMORY_BYTES = 4 << 30
# Bytes of an answer: 431,948 posts with all their columns are a third of it.
MAX_ANSWER_BYTES = 1 << 30
# Seconds that a question may take.
SECONDS = 60.0
# What an answer may hold beside None, numbers, texts, bytes and collections of these.
PLAIN_TYPES = {
    ("datetime", "datetime"), ("datetime", "date"), ("datetime", "time"), ("datetime", "timedelta"),
    ("datetime", "timezone"), ("decimal", "Decimal"), ("uuid", "UUID"), ("uuid", "SafeUUID"),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question for a child: the index, which of ``_ANSWERS``, its arguments, and the seconds that it may take.

    ``hint``: what to do where the time is not enough.
    """

    index: Path
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 0
    seconds: float = SECONDS
    hint: str = "ask for less, or ask ri sql, which takes a --timeout"


# A child that was begun before its question is known.
_begun: list[subprocess.Popen[bytes]] = []


def begin() -> None:
    """Start the child of the next question now: it imports what it needs while this process does the same.

    A child without a question ends with this process.
    """
    if not _begun:
        # No module of the current folder is imported (-P).
        command = [sys.executable, "-P", "-m", "riindex.ask.sandbox"]
        _begun.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))


def run(question: Question) -> Any:
    """Return the answer to a question, which a child of this process finds.

    The child ends with this process, however that ends. Raises the error that the child met, QueryError where there is
    no answer in time, where the question needs more memory than it may have, or where the answer is too large.
    """
    sys.stdout.flush()
    begin()
    with _begun.pop() as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with child.stdin as pipe:
                pickle.dump(question, pipe)
            answer = child.stdout.read(MAX_ANSWER_BYTES + 1)
        except BrokenPipeError:
            answer = b""
        except BaseException:
            child.kill()
            raise
        if len(answer) > MAX_ANSWER_BYTES:
            child.kill()
            raise QueryError("the answer is larger than 1 GB", "ask for fewer rows: -n, or a condition")
        code = child.wait()
    if code == clock.TOO_LATE:
        raise QueryError(f"no answer after {question.seconds:g} s", question.hint)
    if code:
        raise QueryError("the question needed more memory than it may have", "ask for less at once")
    kind, *content = _Plain(io.BytesIO(answer)).load()
    if kind == "error":
        name, message, hint = content
        known = getattr(errors, name, RiError)
        raise (known if known is not errors.MissingExtra else RiError)(message, hint)
    return content[0]


class _Plain(pickle.Unpickler):
    """Reads answers: no function is called and no class made but PLAIN_TYPES ("Restricting globals" in the manual)."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in PLAIN_TYPES:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an answer")
        return super().find_class(module, name)


def limit_memory() -> None:
    """Set the system's limit, which also binds a single value that DuckDB does not count before it is made."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


# -- in the child ------------------------------------------------------------------------------------------------------


def _search(question: Question) -> Any:
    from riindex.ask.similar import search
    from riindex.ask.snapshot import Snapshot

    rows, plan = search(Snapshot(question.index, question.threads), loaded=False, **question.arguments)
    return rows, asdict(plan)


def _tweets(question: Question) -> Any:
    from riindex.ask.snapshot import Snapshot
    from riindex.ask.tweets import tweet_rows

    return tweet_rows(Snapshot(question.index, question.threads).store, **question.arguments)


def _compare(question: Question) -> Any:
    from riindex.ask.compare import compare
    from riindex.ask.snapshot import Snapshot

    now = Snapshot(question.index, question.threads)
    return asdict(compare(now, threads=question.threads, **question.arguments))


def _sql(question: Question) -> Any:
    from riindex.ask.snapshot import Snapshot
    from riindex.ask.tweets import sql_rows

    return sql_rows(Snapshot(question.index, question.threads).store, **question.arguments)


_ANSWERS = {"search": _search, "tweets": _tweets, "compare": _compare, "sql": _sql}


def main() -> None:
    """Answer the question on stdin, on stdout, within the limits of a child."""
    import duckdb

    from riindex.ask import snapshot  # noqa: F401 - imported while the question is not yet known

    try:
        question: Question = pickle.load(sys.stdin.buffer)
    except EOFError:
        return
    clock.start(question.seconds)
    limit_memory()
    answer: tuple[Any, ...]
    try:
        answer = "answer", _ANSWERS[question.kind](question)
    except RiError as problem:
        answer = "error", type(problem).__name__, problem.message, problem.hint
    except MemoryError:
        answer = "error", "QueryError", "the question needed more memory than it may have", "ask for less at once"
    except OSError as problem:
        answer = "error", "QueryError", f"{problem.filename or 'a file'}: {problem.strerror or problem}", ""
    except duckdb.Error as problem:
        first = str(problem).splitlines()[0]
        answer = "error", "IndexNotFound", f"the index cannot be read: {first}", "ri verify tells whether it is damaged"
    clock.answered()
    with os.fdopen(os.dup(1), "wb") as out:
        pickle.dump(answer, out)


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)
