"""The floors of the package: which rooms a room may import, and how many arrows run between rooms.

Run: python tests/floors.py

A room is a folder of ``riindex``, or a module directly in it. Imports are followed wherever they stand: at the top, in
functions, under TYPE_CHECKING, and by name, where a string is the full name of a module of the package.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "riindex"
# From the ground up. A room imports rooms of lower floors alone; rooms of one floor do not import each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "version"),
    ("machine", "text"),
    ("config", "store"),
    ("sources", "algorithms"),
    ("encoders", "grouping", "profiles"),
    ("search", "labels"),
    ("ask", "pipeline"),
    ("share",),
    ("compat",),
    ("index",),
    ("cli",),
    ("riindex", "__main__"),
)


def modules() -> dict[str, Path]:
    """Return every module of the package by its full name."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}


def room(module: str) -> str:
    """Return the room of a module; that of the package's own ``__init__`` is ``riindex``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def floor(name: str) -> int | None:
    """Return the floor of a room, from 0; None where the table does not have it."""
    return next((i for i, names in enumerate(FLOORS) if name in names), None)


def imported(path: Path, known: set[str]) -> set[str]:
    """Return the modules of ``known`` that a file imports or names in a string, by any way."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(full & known)
            if len(full & known) < len(full):
                found.add(node.module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            found.add(node.value.partition(":")[0])
    return found & known


def edges() -> dict[str, set[str]]:
    """Return module → modules that it imports, itself left out."""
    known = modules()
    return {name: imported(path, set(known)) - {name} for name, path in known.items()}


def arrows(found: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs (room, room that it imports)."""
    return {(room(a), room(b)) for a, others in found.items() for b in others if room(a) != room(b)}


def main() -> int:
    """Print the table; the exit code is 1 where an import goes against the floors."""
    found = edges()
    own = arrows(found)
    wrong = [
        (a, b) for a, others in sorted(found.items()) for b in sorted(others)
        if room(a) != room(b) and not (floor(room(b)) or 0) < (floor(room(a)) or 0)
    ]  # fmt: skip
    counts: dict[str, int] = defaultdict(int)
    for name in found:
        counts[room(name)] += 1
    for i, names in reversed(list(enumerate(FLOORS))):
        for name in names:
            below = sorted(b for a, b in own if a == name)
            print(f"{i:3}  {name:10} {counts[name]:3} modules  imports {', '.join(below) or 'nothing'}")
    print(f"{len(FLOORS)} floors, {len({room(name) for name in found})} rooms, {len(own)} arrows between rooms")
    for a, b in wrong:
        print(f"against the floors: {a} imports {b}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
