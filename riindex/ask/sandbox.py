"""Child process for queries with SQL from outside, with limits of memory and time set by the system.

DuckDB stops a statement only between chunks of rows: an interrupt lets ``repeat('x', 3e9)`` run on for 20 s and 6 GB.
So such a query runs in a child, whose memory the system limits and which is killed when its time is up. Question and
answer are pickled; an answer may contain only plain types, so that a child has no control over this process.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from riindex import errors
from riindex.errors import QueryError, RiError
from riindex.machine import clock

# Bytes of data that a query may use; DuckDB's own limit (1.5 GB) takes effect earlier except for single large values.
MEMORY_BYTES = 4 << 30
# Most bytes of an answer: 431,948 posts with all their columns need a third of it.
MAX_ANSWER_BYTES = 1 << 30
# Seconds that a query may take.
SECONDS = 60.0
# Exit codes of a process that its libraries end when memory is short: 128 + SIGABRT, and that of Rust.
OUT_OF_MEMORY = (134, 101)
# Types that an answer may contain besides None, numbers, texts, bytes and collections of these.
PLAIN_TYPES = {
    ("datetime", "datetime"), ("datetime", "date"), ("datetime", "time"), ("datetime", "timedelta"),
    ("datetime", "timezone"), ("decimal", "Decimal"), ("uuid", "UUID"), ("uuid", "SafeUUID"),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """Question for a child: the index, the kind (a key of ``_ANSWERS``), its arguments, and the seconds it may take.

    ``hint``: the remedy if the time is too short.
    """

    index: Path
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 0
    seconds: float = SECONDS
    hint: str = "request less, or use ri sql, which has a --timeout"


# Child that was started before its question is known.
_begun: list[subprocess.Popen[bytes]] = []


def begin() -> None:
    """Start the child of the next question now: it imports what it needs while this process does the same.

    A child without a question ends with this process.
    """
    if not _begun:
        _begun.append(_started())


def _started() -> subprocess.Popen[bytes]:
    # No module of the current folder is imported (-P).
    command = [sys.executable, "-P", "-m", "riindex.ask.sandbox"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _taken() -> subprocess.Popen[bytes]:
    """Return the child that was begun, or a new one: threads may ask at the same time."""
    try:
        return _begun.pop()
    except IndexError:
        return _started()


def run(question: Question) -> Any:
    """Return the answer to a question, computed in a child of this process.

    The child ends with this process, however that ends. Raises the error of the child; QueryError if there is no answer
    in time, the question needs more memory than it may use, or its answer is too large.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
    with _taken() as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with suppress(BrokenPipeError), child.stdin as pipe:
                pickle.dump(question, pipe)
            answer = child.stdout.read(MAX_ANSWER_BYTES + 1)
            if len(answer) > MAX_ANSWER_BYTES:
                raise QueryError("the result is larger than 1 GB", "request fewer rows: -n, or a condition")
            code = child.wait()
        finally:
            child.kill()  # nothing, if it has ended
    if code == clock.EXIT_TIMEOUT:
        raise QueryError(f"no result after {question.seconds:g} s", question.hint)
    if code < 0 or code in OUT_OF_MEMORY:
        raise QueryError("the query needed more memory than it may use", "request less at once")
    try:
        kind, *content = _Plain(io.BytesIO(answer)).load()
    except EOFError:
        raise RiError(f"the process of the query ended without a result (exit code {code})", "try it again") from None
    if kind == "error":
        name, message, hint = content
        raise _error(name)(message, hint)
    return content[0]


def _error(name: str) -> type[RiError]:
    """Return the error of a name; RiError for a name that is not an error of this program."""
    known = vars(errors).get(name)
    if isinstance(known, type) and issubclass(known, RiError) and known is not errors.MissingExtra:
        return known
    return RiError


class _Plain(pickle.Unpickler):
    """Unpickler of answers that creates only PLAIN_TYPES and calls nothing ("Restricting globals" in the manual)."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in PLAIN_TYPES:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an answer")
        return super().find_class(module, name)


def limit_memory() -> None:
    """Set the memory limit of the system, which also covers single values that DuckDB counts only after creation."""
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
    """Read a question from stdin and write its answer to stdout, within the limits of a child."""
    import duckdb

    from riindex.ask import snapshot  # noqa: F401 - imported while the question is not yet known

    try:
        question: Question = pickle.load(sys.stdin.buffer)
    except EOFError:
        return
    clock.start_clock(question.seconds)
    limit_memory()
    error: tuple[str, str, str]
    try:
        answer = pickle.dumps(("answer", _ANSWERS[question.kind](question)))
    except RiError as problem:
        error = type(problem).__name__, problem.message, problem.hint
        answer = pickle.dumps(("error", *error))
    except MemoryError:
        error = "QueryError", "the query needed more memory than it may use", "request less at once"
        answer = pickle.dumps(("error", *error))
    except OSError as problem:
        error = "QueryError", f"{problem.filename or 'a file'}: {problem.strerror or problem}", ""
        answer = pickle.dumps(("error", *error))
    except duckdb.OutOfMemoryException:
        error = "QueryError", "the query needed more memory than it may use", "request less at once"
        answer = pickle.dumps(("error", *error))
    except duckdb.Error as problem:
        first = str(problem).splitlines()[0]
        error = "IndexNotFound", f"the index cannot be read: {first}", "ri verify checks whether it is damaged"
        answer = pickle.dumps(("error", *error))
    clock.stop_clock()
    with os.fdopen(os.dup(1), "wb") as out:
        out.write(answer)


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)
