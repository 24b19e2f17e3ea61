"""Ready queries: the files of ``sql/ask/recipes``, each with named values and their defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from riindex.errors import QueryError
from riindex.store.statements import sql_folder

# Line of a recipe with the default and the meaning of a value: -- $hours: 9-17 | hours of the campaign
VALUE = re.compile(r"^-- \$(\w+): ([^|]*?)\s*\|\s*(.+)$", re.M)


@dataclass(frozen=True)
class Recipe:
    """Query with ``defaults`` of its values, and ``about``, their meanings."""

    name: str
    sentence: str
    query: str
    defaults: Mapping[str, str]
    about: Mapping[str, str]

    @property
    def shown(self) -> str:
        """Parameters with their defaults and meanings, in one line."""
        return "; ".join(f"{name}={default} ({self.about[name]})" for name, default in self.defaults.items())

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the values to run the query with, as text; QueryError for a value that it does not have."""
        unknown = given.keys() - self.defaults.keys()
        if unknown:
            raise QueryError(f"@{self.name} has no value {sorted(unknown)[0]!r}", f"it has: {self.shown or 'none'}")
        return {**self.defaults, **given}


def recipes() -> list[Recipe]:
    """Return all recipes, sorted by name."""
    return [_read(path) for path in sorted((sql_folder() / "ask" / "recipes").glob("*.sql"))]


def recipe(name: str) -> Recipe:
    """Return the recipe of a name; QueryError if there is none."""
    found = {each.name: each for each in recipes()}
    if name not in found:
        raise QueryError(f"there is no ready query @{name}", "there are: " + ", ".join("@" + n for n in found))
    return found[name]


def _read(path: Path) -> Recipe:
    text = path.read_text(encoding="utf-8")
    sentence = text.splitlines()[0].removeprefix("-- ")
    values = VALUE.findall(text)
    return Recipe(path.stem, sentence, text, {n: d for n, d, _ in values}, {n: a for n, _, a in values})
