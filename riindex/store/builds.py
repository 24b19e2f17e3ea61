"""Row of the build that made a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from riindex.errors import UnsafeIndex
from riindex.store.database import Store


@dataclass(frozen=True)
class BuildRow:
    """Row of the table ``build``, whose comments define its columns; ``config`` and ``libraries`` are JSON."""

    build_id: str
    riindex_version: str
    started_at: datetime
    finished_at: datetime
    seconds: float
    preset: str
    config: str
    config_digest: str
    sources: str
    source_digest: str
    encoder: str
    encoder_digest: str
    seed: int
    threads: int
    timezone: str
    libraries: str
    vector_table: str
    documents: int
    kept: int
    rejected: int
    personas: int


def last_build(store: Store) -> BuildRow:
    """Return the row of the last build; UnsafeIndex where the file has none."""
    rows = store.rows("build/last_build")
    if not rows:
        raise UnsafeIndex(f"{store.path.name} has no row in the table build", "get the file again, or build it again")
    return BuildRow(*rows[0])
