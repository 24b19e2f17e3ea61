"""Families of exports: how to know one, and which of its columns has which role. One data file a family."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from riindex.sources.columns import normalised_name

FOLDER = Path(__file__).parent / "families"
# A call such as ``replied_to(referenced_tweets)`` in a data file.
CALL = re.compile(r"(\w+)\((.+)\)")


@dataclass(frozen=True)
class Reading:
    """One way to read a value: columns of the file, and the macro ``read_<how>`` for them; "" for none."""

    columns: tuple[str, ...]
    how: str = ""

    def __str__(self) -> str:
        return f"{self.how}({', '.join(self.columns)})" if self.how else self.columns[0]


# Ways to read a value, the first that gives one counts; the parts of each are joined.
Readings = tuple[tuple[Reading, ...], ...]


@dataclass(frozen=True)
class Form:
    """One form of a family: the columns by which it is known, and the columns of its roles, as written in its file."""

    family: str
    name: str
    know: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    free_text: bool = False

    def matches(self, present: Mapping[str, str]) -> bool:
        """Check that a file has every column by which the form is known."""
        return all(any(name in present for name in known.split("|")) for known in self.know)

    def readings(self, present: Mapping[str, str]) -> dict[str, Readings]:
        """Return role → ways to read it, of the columns (normalised name → name) that a file has."""
        found = {role: tuple(filter(None, (_parts(w, present) for w in ways))) for role, ways in self.roles.items()}
        return {role: ways for role, ways in found.items() if ways}


def _parts(written: str, present: Mapping[str, str]) -> tuple[Reading, ...]:
    """Return the parts of one way, joined by " + "; none where the last, which is the main one, is missing."""
    readings = [_reading(part.strip(), present) for part in written.split(" + ")]
    return tuple(reading for reading in readings if reading) if readings[-1] else ()


def _reading(written: str, present: Mapping[str, str]) -> Reading | None:
    call = CALL.fullmatch(written)
    names = [name.strip() for name in call[2].split(",")] if call else [written]
    columns = [next((present[n] for n in name.split("|") if n in present), None) for name in names]
    found = tuple(column for column in columns if column is not None)
    return Reading(found, call[1] if call else "") if len(found) == len(names) else None


@cache
def forms() -> tuple[Form, ...]:
    """Return the forms of all families, by file name."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [
            Form(content["family"], form["name"], tuple(form["know"]),
                 {role: tuple(ways) for role, ways in form["roles"].items()}, form.get("free_text", False))
            for form in content["form"]
        ]  # fmt: skip
    return tuple(found)


@cache
def wanted_columns() -> frozenset[str]:
    """Return every column that a form names, normalised: nested values of these names become columns."""
    written = [w for form in forms() for ways in (form.know, *form.roles.values()) for w in ways]
    return frozenset(re.findall(r"\w+", " ".join(written)))


def present_columns(columns: Sequence[str]) -> dict[str, str]:
    """Return normalised name → name of columns: the one of that very name, such as id before _id, else the first."""
    present: dict[str, str] = {}
    for column in columns:
        present.setdefault(normalised_name(column), column)
    return present | {column: column for column in columns if column in present}


def recognise(columns: Sequence[str]) -> Form | None:
    """Return the form that knows most of the columns of a file, or None."""
    present = present_columns(columns)
    matching = [form for form in forms() if form.matches(present)]
    return max(matching, key=lambda form: len(form.know), default=None)
