"""Paths as users give them."""

from __future__ import annotations

from pathlib import Path


def expand_path(name: str | Path) -> Path:
    """Expand a leading ``~`` as a shell does; keep the name of an existing file, such as ``~$a.csv``.

    A path for which no home folder is known stays as it is.
    """
    path = Path(name)
    try:
        return path if path.exists() else path.expanduser()
    except (OSError, RuntimeError, ValueError):
        return path
