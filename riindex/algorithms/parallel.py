"""Fixed blocks of rows over threads: the same numbers with one thread or two."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from threadpoolctl import ThreadpoolController

# Rows in a block: a product of 4,096 x 256 by 256 x 700 floats stays in a few MB.
BLOCK_ROWS = 4_096

Item = TypeVar("Item")
Result = TypeVar("Result")


# Held while extension modules are loaded in a thread, and while threadpoolctl lists the loaded libraries. Loading holds
# the lock of the interpreter and waits for that of the linker; listing holds them the other way round: together they
# would wait for ever.
_LIBRARIES = threading.Lock()


@contextmanager
def loading_libraries() -> Iterator[None]:
    """Load extension modules in a thread while others run: no other thread lists the loaded libraries meanwhile."""
    with _LIBRARIES:
        yield


def _controller() -> ThreadpoolController:
    with _LIBRARIES:
        return ThreadpoolController()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Limit BLAS and OpenMP to one thread each, so that their sums are always in the same order."""
    with _controller().limit(limits=1):
        yield


@dataclass(frozen=True)
class Workers:
    """Workers of a computation: ``threads`` of this machine. The seam at which another engine takes over."""

    threads: int = 1

    @classmethod
    def all(cls, threads: int = 0) -> Workers:
        """Return so many workers; 0 stands for one a core."""
        return cls(threads or os.cpu_count() or 1)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return ``function`` of every item, in order; BLAS and OpenMP of each worker do not fork further."""
        controller = _controller()
        with controller.limit(limits=1):
            if self.threads <= 1:
                return [function(item) for item in items]
            # OpenMP's limit belongs to a thread, so each worker sets its own. Libraries are listed before the workers
            # begin, since these may load more of them.
            with ThreadPoolExecutor(self.threads, initializer=lambda: controller.limit(limits=1)) as pool:
                return list(pool.map(function, items))


ONE_WORKER = Workers()


def spans(rows: int, size: int = BLOCK_ROWS) -> list[slice]:
    """Split ``rows`` rows into blocks of ``size``."""
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
