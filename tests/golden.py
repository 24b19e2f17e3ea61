"""The columns and types of every table and view of an index and of its copies: what those who query them rely on.

Run: python tests/golden.py [--write]

Builds the sample, ships an analyst's and a public copy, and compares them with tests/golden/schema.json; with --write
it writes that file anew. A change of it belongs in the changelog.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "schema.json"
LEVELS = ("analyst", "public")
COLUMNS = """
select table_name, column_name, data_type
from duckdb_columns()
where database_name = current_database() and not internal
order by table_name, column_index
"""
Schema = dict[str, dict[str, str]]


def schema(path: Path) -> Schema:
    """Return the columns of each table and view, in their order, and their types."""
    found: Schema = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for table, column, kind in connection.execute(COLUMNS).fetchall():
            found.setdefault(table, {})[column] = kind
    return found


def schemas(index: Path, folder: Path) -> dict[str, Schema]:
    """Return the schema of an index and of the copies of it that are made in a folder."""
    from riindex.share.ship import ship

    found = {"index": schema(index)}
    for level in LEVELS:
        copy = folder / f"{level}.duckdb"
        ship(index, copy, level)
        found[level] = schema(copy)
    return found


def differences(expected: dict[str, Schema], found: dict[str, Schema]) -> list[str]:
    """Return a line for each column that came, went, or has another type or place."""

    def lines(files: dict[str, Schema]) -> dict[str, str]:
        return {
            f"{file}: {table}.{column}": f"{kind}, column {place}"
            for file, tables in files.items()
            for table, columns in tables.items()
            for place, (column, kind) in enumerate(columns.items(), 1)
        }

    old, new = lines(expected), lines(found)
    return [f"{k}: {old.get(k, 'absent')} → {new.get(k, 'absent')}" for k in {**old, **new} if old.get(k) != new.get(k)]


def main(write: bool) -> int:
    """Compare, or write anew; the exit code."""
    from riindex.pipeline.run import build

    with TemporaryDirectory() as name:
        index = Path(name) / "tweets.duckdb"
        sample = ROOT / "sample_data"
        build(sample / "tweets.parquet", index, replies=sample / "replies.parquet")
        found = schemas(index, Path(name))
    changed = differences(json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}, found)
    print("\n".join(changed) or "nothing has changed")
    if write:
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(bool(changed) and not write)


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv))
