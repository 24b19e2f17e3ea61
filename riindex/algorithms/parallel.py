"""Fixed blocks of rows over threads: the same numbers with one thread or two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from threadpoolctl import threadpool_limits

# Rows in a block: a product of 4,096 x 256 by 256 x 700 floats stays in a few MB.
BLOCK = 4_096

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@contextmanager
def single_threaded() -> Iterator[None]:
    """BLAS and OpenMP with one thread each, whose sums are always in the same order."""
    with threadpool_limits(1):
        yield


def run_all(function: Callable[[Item], Answer], items: Iterable[Item], threads: int) -> list[Answer]:
    """``function`` of every item, in order, over ``threads`` threads whose BLAS and OpenMP do not fork further."""
    with threadpool_limits(1):
        if threads <= 1:
            return [function(item) for item in items]
        # OpenMP's limit belongs to a thread, so each worker sets its own.
        with ThreadPoolExecutor(threads, initializer=threadpool_limits, initargs=(1,)) as pool:
            return list(pool.map(function, items))


def spans(rows: int, size: int = BLOCK) -> list[slice]:
    """The blocks of ``rows`` rows."""
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
