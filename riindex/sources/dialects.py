"""Dialect of a CSV file: its delimiter, its quotes, and the place of its header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from riindex.sources.columns import is_known_column, normalised_name
from riindex.sources.families import wanted_columns

# Rows among which the header is looked for: reports begin with their title, brand and dates.
HEADER_ROWS = 30
# Rows by which the usual width is known, and columns that a header below a title has to have in common with exports.
WIDTH_ROWS, MIN_KNOWN = 200, 2
# First line of a file that spreadsheets read: sep=;
SEPARATOR = re.compile(r'^\ufeff?"?sep=(.)"?\r?\n', re.IGNORECASE)
# Second and third line of Qualtrics: the questions, and the ids of the columns as JSON.
IMPORT_ID = '{"ImportId"'


@dataclass(frozen=True)
class Dialect:
    """Signs of a CSV file, and its columns: ``skip`` lines come before its header, or, without one, before its rows."""

    delimiter: str
    names: list[str]
    header: bool
    quote: str = '"'
    escape: str = '"'
    skip: int = 0


def detect_dialect(head: str, suffix: str) -> Dialect:
    """Detect the dialect of a file, judged by the column names that are known."""
    first = SEPARATOR.match(head)
    choices = first[1] if first else "\t" if suffix == ".tsv" else ",;\t|"
    lines = 1 if first else 0
    body = head[first.end() :] if first else head
    found = {d: _layout(body, d) for d in choices}
    delimiter = max(choices, key=lambda d: (found[d].known, len(found[d].names)))
    best = found[delimiter]
    quote, escape = _quotes(body, delimiter)
    names = best.names
    header = best.known > 0 or _looks_like_header(names)
    if not header:
        return Dialect(delimiter, [f"column{n}" for n in range(len(names))], False, quote, escape, lines)
    return Dialect(delimiter, names, best.as_header, quote, escape, lines + best.skip)


@dataclass(frozen=True)
class _Layout:
    names: list[str]
    known: int
    skip: int
    as_header: bool = True


def _layout(body: str, delimiter: str) -> _Layout:
    rows, ends = _rows(body, delimiter)
    if not rows:
        return _Layout([], 0, 0)
    number = header_row(rows)
    names = rows[number]
    known = sum(map(_is_known, names))
    if any(row and row[0].startswith(IMPORT_ID) for row in rows[number + 1 : number + 3]):
        last = next(n for n, row in enumerate(rows) if row and row[0].startswith(IMPORT_ID))
        return _Layout(names, known, ends[last], as_header=False)
    return _Layout(names, known, ends[number - 1] if number else 0)


def _rows(body: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows, and the number of lines up to the end of each."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= WIDTH_ROWS:
                break
    except csv.Error:  # a cell longer than the csv module takes
        if not rows:
            return [body.splitlines()[0].split(delimiter)], [1]
    return rows, ends


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Return the number of the row that is the header; 0 unless a title stands above it."""
    texts = [[str(cell) if cell is not None else "" for cell in row] for row in rows[:WIDTH_ROWS]]
    widest = max(map(_filled, texts), default=0)
    first = next((n for n, row in enumerate(texts) if _filled(row)), 0)
    if widest < MIN_KNOWN or _count_known(texts[first]) or _filled(texts[first]) == widest:
        return first
    for number, row in enumerate(texts[:HEADER_ROWS]):
        known = _count_known(row)
        if known > MIN_KNOWN or (known == MIN_KNOWN and _filled(row) == len(row)):
            return number
    return first


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _count_known(row: Sequence[str]) -> int:
    return sum(map(_is_known, row))


def _is_known(name: str) -> bool:
    return len(name) < 60 and (is_known_column(name) or normalised_name(name) in wanted_columns())


def _looks_like_header(names: Sequence[str]) -> bool:
    """Check for short distinct names without digits alone: a header even where no name is known."""
    cleaned = [name.strip() for name in names]
    return (
        len(set(cleaned)) == len(cleaned)
        and all(0 < len(name) <= 40 and not name.isdigit() for name in cleaned)
        and all(name.count(" ") <= 2 for name in cleaned)
        and len(cleaned) > 1
    )


def _quotes(body: str, delimiter: str) -> tuple[str, str]:
    """Return the sign of quotes, and the sign that escapes one in a field; "" where quotes mean nothing."""
    if delimiter == "\t" and not _has_tab_quotes(body):
        return "", ""
    edge = rf"[\r\n{re.escape(delimiter)}]"
    single = len(re.findall(rf"(?:^|(?<={edge}))'[^'\r\n]*'(?={edge}|$)", body))
    double = len(re.findall(rf'(?:^|(?<={edge}))"', body))
    if single and not double and single >= body.count("\n") - 1:
        return "'", "'"
    inside = rf"[^\r\n{re.escape(delimiter)}]"
    escaped = len(re.findall(rf'\\"(?={inside})', body)) + len(re.findall(r'\\\\"', body))
    doubled = len(re.findall(rf'(?<={inside})(?<!\\)""(?={inside})', body))
    return '"', "\\" if escaped > doubled else '"'


def _has_tab_quotes(body: str) -> bool:
    """Check that quotes enclose fields. Tab-separated exports of tweets mostly leave quotes as they are."""
    rows = body.splitlines()[:2000]
    width = rows[0].count("\t") if rows else 0
    broken = sum(row.count("\t") != width for row in rows[1:-1])
    return broken > 0 and '"' in body
