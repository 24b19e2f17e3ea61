"""Roles of a source's columns: by its family, by the names of its columns, and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from riindex.errors import InputError
from riindex.sources.columns import ROLES, join_names, mapped_roles, normalised_name
from riindex.sources.contents import HALF_SHARE, KIND_SHARE, Contents, is_nested
from riindex.sources.families import Form, Reading, Readings, present_columns, recognise

# Names of the text that stand for one text, whole and cut: a row may have it under either.
VERSIONS = ("note_tweet_text", "extended_tweet_full_text", "full_text", "fulltext", "text", "tweet_text")
# Names of a person, unless the texts are about them.
WEAK_AUTHORS = ("name", "from", "by")
# Names of the hours of a day, next to a column of dates.
HOURS = ("time", "hour", "created_time", "tweet_time", "post_time", "uhrzeit", "heure", "hora", "ora")
# Roles that are worth a warning where a column looks like one and is not read, as messages name them.
ARTICLES = {"author": "an author", "created_at": "a time", "in_reply_to": "a reply", "tweet_id": "an id"}
UNNAMED = re.compile(r"column\d+")


@dataclass
class Roles:
    """Roles of one source: how each is read, why so, the family, and what a user should know."""

    readings: dict[str, Readings] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    form: Form | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, str]:
        """Role → the column that is read first."""
        return {role: ways[0][-1].columns[0] for role, ways in self.readings.items()}

    @property
    def used(self) -> set[str]:
        """Columns whose values are taken as they are: they need no column of their own."""
        first = [ways[0] for ways in self.readings.values()]
        return {parts[0].columns[0] for parts in first if len(parts) == 1 and not parts[0].how}

    def take(self, role: str, ways: Readings, reason: str) -> None:
        """Give a role its readings."""
        self.readings[role] = ways
        self.reasons[role] = reason

    def shown(self, role: str) -> str:
        """Return how a role is read, for a message."""
        return " or ".join(" + ".join(map(str, parts)) for parts in self.readings[role])

    def value(self, role: str) -> duckdb.Expression:
        """Return the expression of a role's value, as text."""
        ways = [_joined(parts, role) for parts in self.readings.get(role, ())]
        if not ways:
            return duckdb.ConstantExpression(None).cast("VARCHAR")
        value = ways[-1]
        for way in reversed(ways[:-1]):
            value = duckdb.FunctionExpression("read_either", way, value)
        return value


def _joined(parts: Sequence[Reading], role: str) -> duckdb.Expression:
    value = _read(parts[0])
    for part in parts[1:]:
        name = "read_paragraphs" if role == "text" else "read_words"
        value = duckdb.FunctionExpression(name, value, _read(part))
    return value


def _read(reading: Reading) -> duckdb.Expression:
    columns = [duckdb.ColumnExpression(column).cast("VARCHAR") for column in reading.columns]
    return duckdb.FunctionExpression(f"read_{reading.how}", *columns) if reading.how else columns[0]


def roles_of(
    columns: Sequence[str],
    mapping: Mapping[str, str],
    source: str,
    known_names: Mapping[str, Sequence[str]],
    contents: Contents,
) -> Roles:
    """Return the roles of a source's columns; ``mapping`` (role → column) goes before all else.

    Raises ConfigError for an unknown role or a mapped column that is not there, InputError where nothing is a text.
    """
    found = Roles()
    for role, column in mapped_roles(columns, mapping, source).items():
        found.take(role, ((Reading((column,)),),), "mapped")
    posts = known_names is ROLES
    if posts:
        _by_family(found, columns, contents)
    _by_name(found, columns, known_names, contents if posts else Contents({}))
    if posts:
        _by_contents(found, columns, contents)
    if "text" not in found.readings:
        raise InputError(
            f"no column of {source} looks like a text", f"it has: {join_names(columns)}; give --map text=COLUMN"
        )
    if posts:
        _refine(found, columns, contents)
    return found


def _by_family(found: Roles, columns: Sequence[str], contents: Contents) -> None:
    found.form = recognise(columns)
    if found.form is None:
        return
    readings = found.form.readings(present_columns(columns))
    if "text" in found.form.roles and "text" not in readings:
        found.form = None
        return
    for role, ways in readings.items():
        if role not in found.readings:
            ways = _filled_first(ways, contents)
            found.take(role, ways, found.form.name)


def _filled_first(ways: Readings, contents: Contents) -> Readings:
    """Put the ways first whose column holds something in the sample."""
    return tuple(sorted(ways, key=lambda parts: contents.is_empty(parts[-1].columns[0])))


def _by_name(
    found: Roles, columns: Sequence[str], known_names: Mapping[str, Sequence[str]], contents: Contents
) -> None:
    present = present_columns(columns)
    closed = set(found.form.roles) if found.form is not None and not found.form.free_text else set()
    for role, names in known_names.items():
        if role in found.readings or role in closed:
            continue
        taken = set(found.columns.values())
        candidates = [present[name] for name in names if name in present and present[name] not in taken]
        fitting = [column for column in candidates if contents.fits(role, column)]
        fitting.sort(key=lambda column: (contents.is_empty(column), role == "text" and contents.is_constant(column)))
        if role == "author":
            fitting = [c for c in fitting if not _is_subject(c, found, contents)] or _nested_author(
                candidates, contents
            )
        if fitting:
            column = fitting[0]
            how = "username_in" if role == "author" and contents.share(column, is_nested) >= KIND_SHARE else ""
            found.take(role, ((Reading((column,), how),),), "name")


def _is_subject(column: str, found: Roles, contents: Contents) -> bool:
    text = found.columns.get("text")
    return normalised_name(column) in WEAK_AUTHORS and text is not None and contents.repeats_in(column, text)


def _nested_author(candidates: Sequence[str], contents: Contents) -> list[str]:
    return [column for column in candidates if contents.share(column, is_nested) >= KIND_SHARE]


def _by_contents(found: Roles, columns: Sequence[str], contents: Contents) -> None:
    """Find the text, and in a file without header also the rest, by what columns hold."""
    taken = set(found.columns.values())
    unnamed = all(UNNAMED.fullmatch(column) for column in columns)
    if "text" not in found.readings:
        text = contents.free_text([column for column in columns if column not in taken])
        if text is None:
            return
        found.take("text", ((Reading((text,)),),), "contents")
        why = "there is no header" if unnamed else "no column is named as a text is"
        found.notes.append(f"{why}; {text!r} was read, by its contents (--map text=COLUMN)")
    if not unnamed:
        return
    free = [column for column in columns if column not in set(found.columns.values())]
    for role, check in (("created_at", _is_clock), ("tweet_id", _is_number), ("author", _is_handle)):
        column = next((c for c in free if check(contents, c)), None)
        # Words next to texts alone are their labels more often than their authors.
        known = role != "author" or {"created_at", "tweet_id"} & found.readings.keys()
        if column is not None and known and role not in found.readings:
            found.take(role, ((Reading((column,)),),), "contents")
            free.remove(column)


def _is_clock(contents: Contents, column: str) -> bool:
    return contents.share(column, lambda v: ":" in v) >= KIND_SHARE and contents.fits("created_at", column)


def _is_number(contents: Contents, column: str) -> bool:
    values = contents.filled[column]
    return len(values) > 1 and len(set(values)) == len(values) and all(v.isdigit() and len(v) > 4 for v in values)


def _is_handle(contents: Contents, column: str) -> bool:
    values = contents.filled[column]
    return len(set(values)) > 2 and contents.share(column, lambda v: " " not in v and not v.isdigit()) >= KIND_SHARE


def _refine(found: Roles, columns: Sequence[str], contents: Contents) -> None:
    """Add the whole text behind the cut one, and the hours of a date."""
    present = present_columns(columns)
    text = found.columns["text"]
    if found.reasons["text"] == "name" and normalised_name(text) in VERSIONS:
        others = [present[name] for name in VERSIONS if name in present and present[name] != text]
        others = [column for column in others if contents.fits("text", column)]
        found.readings["text"] += tuple((Reading((column,)),) for column in others)
    date = found.columns.get("created_at")
    if date is None or found.reasons["created_at"] == "mapped" or not contents.is_date_alone(date):
        return
    hours = next((present[n] for n in HOURS if n in present and contents.holds_hours(present[n])), None)
    if hours is not None:
        found.take("created_at", ((Reading((date,)), Reading((hours,))),), found.reasons["created_at"])


def unused(found: Roles, columns: Sequence[str], contents: Contents) -> list[str]:
    """Return warnings of columns that look like a role which no column has."""
    found_unused = []
    for role, names in ROLES.items():
        if role in found.readings or role not in ARTICLES:
            continue
        alike = [c for c in columns if normalised_name(c) in names and contents.filled.get(c)]
        alike += [c for c in columns if role == "created_at" and c not in alike and _is_clock_column(contents, c)]
        if alike:
            found_unused.append(f"{alike[0]!r} looks like {ARTICLES[role]} and was not used: --map {role}={alike[0]}")
    return found_unused


def _is_clock_column(contents: Contents, column: str) -> bool:
    return bool(contents.filled.get(column)) and (
        contents.share(column, lambda v: bool(re.search(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", v)) and len(v) < 40)
        > HALF_SHARE
    )
