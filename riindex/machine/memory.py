"""Memory that a build needs and may take: compared before the work, since running out ends a process in odd ways.

Some libraries abort, loop or are killed where the system refuses memory; none of them can be caught.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from riindex.errors import BuildError, ConfigError

MB = 1_000_000
# Need of a build of few rows on two cores (tests/bench/limits.py): resident bytes of its two processes, and of the
# larger one bytes of data (ulimit -d) and addresses (ulimit -v), most of which are libraries, the stacks of threads and
# what allocators set aside.
RESIDENT, DATA, ADDRESSES = 475 * MB, 2_000 * MB, 3_700 * MB
# DuckDB's share of it at least, from which on it spills to disk; and its share where nothing is limited.
MIN_DATABASE, DATABASE = 300 * MB, 1_500 * MB
# Bytes that DuckDB may hold while the tables are hashed: the stages before have not returned their memory. With half a
# million posts a build takes 2.8 GB so, 3.4 GB otherwise; the hashing 10 seconds, 8 otherwise.
FINISHING = 600 * MB
# Bytes of matrices a row: two million short rows take 5.6 GB.
ROW_BYTES = 2_500
# DuckDB works on 2,048 rows at a time, and a step of cleaning holds about so many copies of their texts.
VECTOR_ROWS, TEXT_COPIES = 2_048, 20
# Files that are open at once; with 20 the vector library panics.
MIN_OPEN_FILES = 32
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Size:
    """Approximate number of rows of a source, and of bytes in all."""

    rows: int = 0
    bytes: int = 0

    @property
    def needed(self) -> int:
        """Bytes that its matrices and the texts in work take, above what any build takes."""
        return self.rows * ROW_BYTES + TEXT_COPIES * min(self.rows, VECTOR_ROWS) * self.bytes // max(self.rows, 1)


@dataclass(frozen=True)
class Limit:
    """Bytes that are allowed, the base need of a build of few rows, the source of the limit, and a remedy."""

    allowed: int
    base: int
    source: str
    remedy: str


def parse_size(text: str) -> int:
    """Return the bytes of a size such as ``2GB`` or ``1.5GiB``; 0 of an empty one. ConfigError for any other text."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?\s*", text, re.IGNORECASE)
    if text and (match is None or match[2].lower() not in UNITS):
        raise ConfigError(f"memory cannot be {text!r}", "it takes a size: 2GB, 800MB")
    return int(float(match[1]) * UNITS[match[2].lower()]) if match else 0


def memory_limits(setting: str = "") -> list[Limit]:
    """Return the limits of this process: the setting, the shell's, those of its container, the machine's."""
    found = (
        [Limit(parse_size(setting), RESIDENT, "by the setting memory", "allow more: --memory {needed}")]
        if setting
        else []
    )
    for name, base, source, option in (
        ("RLIMIT_AS", ADDRESSES, "of addresses by ulimit -v", "-v"),
        ("RLIMIT_DATA", DATA, "of data by ulimit -d", "-d"),
    ):
        soft = _soft_limit(name)
        if soft is not None:
            found.append(Limit(soft, base, source, f"raise the limit: ulimit {option} unlimited"))
    found += [Limit(maximum, RESIDENT, "in this container", "give it {needed}") for maximum in _of_cgroups()]
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return [*found, Limit(machine, RESIDENT, "on this machine", "take a larger one")]


def _soft_limit(name: str) -> int | None:
    """Return the limit of this process by its name in ``resource``; None where there is none, as on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    soft = resource.getrlimit(getattr(resource, name))[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _of_cgroups() -> Iterator[int]:
    """Yield the limits of the control groups that this process is in, both versions, and of those above them."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        number, controllers, place = line.split(":", 2)
        if number == "0":
            root, name = CGROUP, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = CGROUP / "memory", "memory.limit_in_bytes"
        else:
            continue
        folder = root / place.lstrip("/")
        for each in (folder, *folder.parents):
            try:
                maximum = (each / name).read_text(encoding="ascii").strip()
            except OSError:
                continue
            if maximum.isdigit():
                yield int(maximum)


def check_memory(size: Size = Size(), setting: str = "", work: str = "a build") -> None:
    """Raise BuildError where a build of that size needs more than is allowed. Size 0: a build of any size.

    ``work``: its name in the error; an edit, a copy and a check make a part of a build again.
    """
    files = _soft_limit("RLIMIT_NOFILE")
    if files is not None and files < MIN_OPEN_FILES:
        raise BuildError(
            f"{work} needs {MIN_OPEN_FILES} open files; {files} are allowed", "raise the limit: ulimit -n 1024"
        )
    for limit in memory_limits(setting):
        needed = limit.base + MIN_DATABASE + size.needed
        if limit.allowed < needed:
            rows = f"{work} of about {size.rows:,} rows" if size.rows else work
            raise BuildError(
                f"{rows} needs about {format_size(needed)}; {format_size(limit.allowed)} are allowed {limit.source}",
                limit.remedy.format(needed=format_size(needed).replace(" ", ""))
                + ("; or give fewer rows" if size.rows else ""),
            )


def database_memory(size: Size, setting: str = "") -> int:
    """Return the bytes that DuckDB may hold: what the limits leave, at most DATABASE unless a setting allows more."""
    spare = [limit.allowed - limit.base - size.needed for limit in memory_limits(setting)]
    maximum = max(DATABASE, spare[0] // 2) if setting else DATABASE
    return max(MIN_DATABASE, min(maximum, *spare))


def format_size(size: int) -> str:
    """Return a number of bytes as text."""
    # Rounded up, so that the size shown is enough.
    return f"{-(-size // 10**8) / 10:.1f} GB" if size >= 10**9 else f"{-(-size // MB)} MB"
