"""JSON files: records of any nesting into one column a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import duckdb

from riindex.errors import InputError
from riindex.sources.columns import normalised_name
from riindex.sources.families import wanted_columns
from riindex.sources.records import SAMPLE_RECORDS, Layout, find_layout, parse, rows
from riindex.store.arrow import string_array
from riindex.store.database import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

# Records whose keys are read together.
KEY_BATCH_RECORDS = 10_000
# DuckDB's names of the type of a key without a value, and of a key of several types.
NULL, MIXED = "NULL", "JSON"
# Keys of JSON records that become columns, at most; characters of records that show the layout.
MAX_COLUMNS, SAMPLE_CHARACTERS = 20_000, 1 << 25
FLATTEN_HINT = 'write records such as {"id": "1", "text": "…"}, with the keys that you need'

Path = tuple[str, ...]


def columns_of(store: Store, name: str) -> DuckDBPyRelation:
    """Return the rows of the scratch table ``records`` with a column a key; inner keys are joined by ``_``."""
    _find_rows(store, name)
    keys = _keys(store, name)
    if not keys:
        texts = store.relation("ingest/read/json_strings")
        if texts.limit(1).fetchall():
            return texts
        raise InputError(f"{name} holds no JSON objects", 'a record looks like {"id": "1", "text": "…"}')
    found = duckdb.ColumnExpression("found")
    columns = []
    for place, keys_of_column in enumerate(keys, 1):
        value = duckdb.FunctionExpression("list_extract", found, duckdb.ConstantExpression(place))
        columns.append(value.alias("_".join(keys_of_column)))
    paths = ["$" + "".join(map(_step, path)) for path in keys]
    return store.relation("ingest/read/json_values", paths=paths).select(*columns)


def _find_rows(store: Store, name: str) -> None:
    """Replace records that hold their rows in a list, a wrapper or a table of pandas by these rows."""
    try:
        samples = _samples(store)
        layout = find_layout(samples)
        if layout.is_flat:
            return
        header = [str(name) for name in samples[0]] if layout.shape == "values" else []
        _write_rows(store, layout, header)
    except RecursionError as problem:
        raise InputError(f"{name} has objects within objects, a thousand deep or more", FLATTEN_HINT) from problem


def _samples(store: Store) -> list[Any]:
    found: list[Any] = []
    size = 0
    for batch in _batches(store, SAMPLE_RECORDS):
        for text in batch:
            size += len(text)
            if found and size > SAMPLE_CHARACTERS:
                return found
            found.append(parse(text))
        break
    return found


def _batches(store: Store, size: int) -> Iterator[list[str]]:
    first, last = store.rows("ingest/read/record_range")[0]
    for start in range(first, last + 1, size) if first is not None else ():
        yield [text for (text,) in store.rows("ingest/read/some_records", first=start, last=start + size - 1)]


def _write_rows(store: Store, layout: Layout, header: list[str]) -> None:
    import pyarrow as pa

    for number, batch in enumerate(_batches(store, KEY_BATCH_RECORDS)):
        records = [parse(text) for text in batch]
        if not number and layout.shape == "values":
            records = records[1:]
        found = [json.dumps(row, ensure_ascii=False) for record in records for row in rows(record, layout, header)]
        table = store.connection.from_arrow(pa.table({"json": string_array(found)}))
        (store.append_scratch if number else store.scratch)("found_rows", table)
    store.scratch("records", store.connection.table("found_rows"))
    store.drop("found_rows")


def _keys(store: Store, name: str) -> list[Path]:
    """Return the keys of the records, in order of first appearance, without blank ones.

    Keys of an inner object stand behind its own, those of deeper objects where a family of exports uses them.
    """
    found: list[Path] = []
    for outer, kind in _shape(store, name).items():
        if not outer:
            continue
        if not isinstance(kind, dict):
            found.append((outer,))
            kind = _mixed(store, outer) if kind == MIXED else {}
        for key, inner in kind.items():
            if key:
                found.append((outer, key))
                found += _wanted(inner, (outer, key))
    if len(found) > MAX_COLUMNS:
        raise InputError(f"the records of {name} have {len(found):,} different keys", FLATTEN_HINT)
    return found


def _mixed(store: Store, outer: str) -> dict[str, Any]:
    """Return the keys of a value that is an object in some records alone, where a family of exports uses any."""
    prefix = normalised_name(outer) + "_"
    if not any(name.startswith(prefix) for name in wanted_columns()):
        return {}
    return dict(json.loads(store.value("ingest/read/inner_keys", path="$" + _step(outer)) or "{}"))


def _wanted(kind: Any, path: Path) -> Iterator[Path]:
    if isinstance(kind, dict):
        for key, inner in kind.items():
            deeper = (*path, key)
            if key and normalised_name("_".join(deeper)) in wanted_columns():
                yield deeper
            if key:
                yield from _wanted(inner, deeper)


def _shape(store: Store, name: str) -> dict[str, Any]:
    """Return key → keys of its inner object, or a type, of all records.

    Some records are read at a time, since DuckDB keeps what it reads.
    """
    shape: dict[str, Any] = {}
    first, last = store.rows("ingest/read/record_range")[0]
    for start in range(first, last + 1, KEY_BATCH_RECORDS) if first is not None else ():
        try:
            keys = store.value("ingest/read/json_keys", first=start, last=min(start + KEY_BATCH_RECORDS - 1, last))
            part: dict[str, Any] = json.loads(keys or "{}")
        except RecursionError as problem:
            raise InputError(f"{name} has objects within objects, a thousand deep or more", FLATTEN_HINT) from problem
        _merge(shape, part)
    return shape


def _merge(shape: dict[str, Any], part: dict[str, Any], depth: int = 0) -> None:
    """Add the keys of some records to those of others; a key that is an object in some alone has several types."""
    for key, kind in part.items():
        known = shape.get(key, NULL)
        if isinstance(known, dict) and isinstance(kind, dict):
            _merge(known, kind, depth + 1)
        elif kind != NULL or key not in shape:
            shape[key] = kind if known == NULL or isinstance(known, dict) == isinstance(kind, dict) else MIXED


def _step(key: str) -> str:
    return "." + json.dumps(key, ensure_ascii=False)
