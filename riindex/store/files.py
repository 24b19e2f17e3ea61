"""Database files on the disk."""

from __future__ import annotations

from pathlib import Path


def remove_database(path: Path) -> None:
    """Remove a database file and what DuckDB leaves beside one."""
    for suffix in ("", ".wal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
