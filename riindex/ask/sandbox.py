"""What comes from outside as SQL runs in a process of its own.

DuckDB stops a statement only between chunks of rows: an interrupt lets ``repeat('x', 3e9)`` run on for 20 s and 6 GB.
So it runs in a child, which the system limits in memory and this process kills when its time is up.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Sequence

from riindex.errors import QueryError
from riindex.machine.clock import TOO_LATE, start

# Bytes of data that a question may hold; DuckDB's own limit (2 GB) spills or ends before it in all but single values.
MEMORY = 4 << 30
# Seconds that a question may take.
SECONDS = 60.0
# Where the child finds the seconds that it has.
TIME = "RIINDEX_CHILD_SECONDS"


def in_child(module: str, arguments: Sequence[str], timeout: float, hint: str) -> None:
    """Run a module in a child with the output of this process; its failure ends this process too.

    No module of the current folder is imported (-P). The child ends with this process, however that ends. Raises
    QueryError with ``hint`` where it has no answer after ``timeout`` seconds, QueryError where the system ended it.
    """
    sys.stdout.flush()
    environment = {**os.environ, TIME: str(timeout)}
    with subprocess.Popen([sys.executable, "-P", "-m", module, *arguments], env=environment) as child:
        try:
            code = child.wait()
        except BaseException:
            child.kill()
            raise
    if code == TOO_LATE:
        raise QueryError(f"no answer after {timeout:g} s", hint)
    if code < 0:
        raise QueryError("the question needed more memory than it may have", "ask for less at once")
    if code:
        sys.exit(code)


def begin_child() -> None:
    """Bound this process, a child: in memory, and in the time that it has to answer."""
    start(float(os.environ.pop(TIME)))
    limit_memory()


def limit_memory() -> None:
    """Set the system's limit, which also binds a single value that DuckDB does not count before it is made."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
