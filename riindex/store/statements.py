"""Statements of the ``.sql`` files, by name: ``folder/file``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

# Most rows that one query can return.
MAX_ROWS = 10**9
_HEADER = re.compile(r"^-- reads: (.+?)\s{2,}writes: (.+)$", re.M)
# Header item that is a table or view of the index; not a $value, a table of another file, or a remark.
_NAME = re.compile(r"(?:views? )?(?:ri\.)?([a-z_]+)(?: \(.*)?")
# Message of DuckDB about a table that is not there.
_MISSING = re.compile(r"Table with name (\w+) does not exist")
# Items that are not tables of the index.
_NONE = {"nothing", "incoming", "macros"}


class Header(NamedTuple):
    """Second line of a statement's file: the tables and views of the index that it reads and writes."""

    reads: frozenset[str]
    writes: frozenset[str]


@cache
def sql_folder() -> Path:
    """Return the folder of the ``.sql`` files: inside the installed package, or next to it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "sql"
    return inside if inside.is_dir() else package.parent / "sql"


@cache
def sql_text(name: str) -> str:
    """Return the text of ``sql/<name>.sql``."""
    return (sql_folder() / f"{name}.sql").read_text(encoding="utf-8")


@cache
def header(name: str) -> Header:
    """Return the tables that a statement reads and writes, from its header; written temporary tables are left out."""
    match = _HEADER.search(sql_text(name))
    assert match, f"{name}.sql has no header line -- reads: … writes: …"
    written = "" if "temporary" in match[2] else match[2]
    return Header(_names(match[1]), _names(written))


def _names(listed: str) -> frozenset[str]:
    found = (_NAME.fullmatch(item.strip()) for item in listed.split(","))
    return frozenset(match[1] for match in found if match) - _NONE


@cache
def _folder(name: str) -> frozenset[str]:
    return frozenset(
        path.relative_to(sql_folder()).with_suffix("").as_posix() for path in (sql_folder() / name).rglob("*.sql")
    )


def expanded_names(patterns: Sequence[str]) -> frozenset[str]:
    """Return the names of statements that match patterns: ``folder/file``, or ``folder/*`` for all of a folder."""
    return frozenset().union(*(_folder(p[:-2]) if p.endswith("/*") else {p} for p in patterns))


def earlier_version(problem: Exception) -> tuple[str, str] | None:
    """Return the message and hint for an index that lacks a table of this version; None for any other error."""
    match = _MISSING.search(str(problem))
    if match is None or not any(match[1] in header(name).writes for name in _folder(".")):
        return None
    return f"it was built by an earlier version of riindex, without the table {match[1]}", "build it again"


def quoted(identifier: str) -> str:
    """Return an identifier quoted for SQL, with any characters."""
    return '"' + identifier.replace('"', '""') + '"'
