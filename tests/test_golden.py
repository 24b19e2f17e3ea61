"""The columns that those who query a file rely on do not change unnoticed."""

import json

import golden


def test_tables_and_views_have_the_columns_and_types_they_had(sample_path, tmp_path):
    expected = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))
    found = golden.schemas(sample_path, tmp_path)
    changed = golden.differences(expected, found)
    assert changed == [], "if that is meant: python tests/golden.py --write, and say so in the changelog"
    assert {file: list(tables) for file, tables in found.items()} == {k: list(v) for k, v in expected.items()}


def test_each_change_of_a_column_is_a_line():
    old = {"index": {"t": {"a": "INTEGER", "b": "VARCHAR"}, "gone": {"x": "DATE"}}}
    new = {"index": {"t": {"b": "VARCHAR", "a": "BIGINT"}, "new": {"y": "DATE"}}}
    assert golden.differences(old, old) == []
    assert golden.differences(old, new) == [
        "index: t.a: INTEGER, column 1 → BIGINT, column 2",
        "index: t.b: VARCHAR, column 2 → VARCHAR, column 1",
        "index: gone.x: DATE, column 1 → absent",
        "index: new.y: absent → DATE, column 1",
    ]
