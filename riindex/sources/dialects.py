"""Dialect of a CSV file: its delimiter, its quotes, and the presence of a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from riindex.sources.columns import is_known_column


def detect_dialect(head: str, suffix: str) -> tuple[str, list[str], bool]:
    """Detect (delimiter, column names, first line is a header), judged by the column names that are known."""
    choices = "\t" if suffix == ".tsv" else ",;\t|"
    first = {d: _first_row(head, d) for d in choices}
    delimiter = max(choices, key=lambda d: (sum(map(is_known_column, first[d])), len(first[d])))
    names = first[delimiter]
    if any(map(is_known_column, names)) or _looks_like_header(names):
        return delimiter, names, True
    return delimiter, [f"column{number}" for number in range(len(names))], False


def _first_row(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:  # a cell longer than the csv module takes
        return head.splitlines()[0].split(delimiter)


def _looks_like_header(names: Sequence[str]) -> bool:
    """Check for short distinct names without digits alone: a header even where no name is known."""
    cleaned = [name.strip() for name in names]
    return (
        len(set(cleaned)) == len(cleaned)
        and all(0 < len(name) <= 40 and not name.isdigit() for name in cleaned)
        and all(name.count(" ") <= 2 for name in cleaned)
        and len(cleaned) > 1
    )


def has_quotes(head: str, delimiter: str) -> bool:
    """Check that quotes enclose fields. Tab-separated exports of tweets mostly leave quotes as they are."""
    if delimiter != "\t":
        return True
    rows = head.splitlines()[:2000]
    width = rows[0].count("\t")
    broken = sum(row.count("\t") != width for row in rows[1:-1])
    return broken > 0 and '"' in head
