"""Output of rows as a table, JSON, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from riindex.cli.terminal import data_stream
from riindex.errors import QueryError
from riindex.text.display import escape_json, spreadsheet_cell

if TYPE_CHECKING:
    import pyarrow as pa


# Widest cell of a table on a terminal; the other formats are not cut.
MAX_WIDTH = 96
# Least width of a column of text that is still easy to read.
MIN_TEXT_WIDTH = 48
# Least width of the last column on a narrow terminal, and of the others.
MIN_LAST_WIDTH, MIN_WIDTH = 20, 6
# Width of a terminal below which a table that does not fit is written row by row.
NARROW_TERMINAL = 80
# Indentation of a text that continues under its row.
INDENT = 4
Row = TypeVar("Row")


def first_rows(rows: Sequence[Row], limit: int) -> Sequence[Row]:
    """Return the first ``limit`` rows, with a note on stderr if there are more."""
    if len(rows) > limit:
        click.echo(f"the first {limit:,} rows; -n for more", err=True)
    return rows[:limit]


def write(rows: Sequence[Mapping[str, Any]], fmt: str, columns: Sequence[str] | None = None) -> None:
    """Write rows to stdout in one of FORMATS."""
    names = list(columns or (rows[0] if rows else ()))
    if fmt == "json":
        click.echo(_json([dict(row) for row in rows], indent=2))
    elif fmt == "jsonl":
        for row in rows:
            click.echo(_json(dict(row)))
    elif fmt == "csv":
        _write_csv(rows, names, data_stream())
    elif fmt == "parquet":
        _write_parquet(rows, names)
    else:
        write_table(rows, names)


def _json(value: object, indent: int | None = None) -> str:
    return escape_json(json.dumps(value, indent=indent, default=_plain, ensure_ascii=False))


def _write_csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str], out: IO[str]) -> None:
    """Write rows as CSV; cells that a spreadsheet would execute get an apostrophe in front."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(spreadsheet_cell, names))
    for row in rows:
        values = (row[name] for name in names)
        writer.writerow(
            [spreadsheet_cell(json.dumps(v, default=_plain) if isinstance(v, list | dict) else v) for v in values]
        )


def _write_parquet(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if sys.stdout.isatty():
        raise QueryError("Parquet cannot be shown on a terminal", "redirect it to a file: … -f parquet > rows.parquet")
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({name: _column([row[name] for row in rows]) for name in names}), sink)
    sys.stdout.buffer.write(sink.getvalue().to_pybytes())


def _column(values: list[Any]) -> pa.Array:
    """Return values as an Arrow array; as text if Arrow has no type for them, such as 128-bit integers."""
    import pyarrow as pa

    try:
        return pa.array(values)
    except (OverflowError, pa.ArrowException):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else str(value)


def write_table(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Write aligned columns, numbers to the right, long cells cut; the last column takes the remaining width.

    A text in the last column is not cut: it continues below, or under its row if the remaining width is small.
    """
    if not names:
        click.echo("no rows", err=True)
        return
    cells = [[_cell(row[name]) for name in names] for row in rows]
    numeric = [all(isinstance(row[name], int | float) or row[name] is None for row in rows) for name in names]
    widths = [min(MAX_WIDTH, max([len(name)] + [_width(line[i]) for line in cells])) for i, name in enumerate(names)]
    line_width = _terminal_width()
    _narrow(widths, numeric, line_width - 2 * (len(names) - 1))
    if (
        line_width < NARROW_TERMINAL
        and sum(widths[:-1]) + min(widths[-1], MIN_LAST_WIDTH) + 2 * (len(names) - 1) > line_width
    ):
        _write_upright(cells, names, line_width)
        return
    before = sum(widths[:-1]) + 2 * (len(names) - 1)
    is_text = names[-1] == "text" and len(names) > 1
    below = is_text and line_width - before < min(MIN_TEXT_WIDTH, widths[-1])
    widths[-1] = min(widths[-1], max(MIN_LAST_WIDTH, line_width - before))
    shown = len(names) - 1 if below else len(names)
    for line in (names, ["─" * width for width in widths]):
        click.echo(_line(line[:shown], widths[:shown], numeric[:shown]))
    for line in cells:
        parts = [] if below else line[-1:]
        if is_text:
            parts = _wrap(line[-1], max(line_width, MIN_TEXT_WIDTH) - INDENT if below else widths[-1])
        head = line[:-1] if below else [*line[:-1], parts.pop(0)]
        click.echo(_line(head, widths[:shown], numeric[:shown]))
        for part in parts:
            click.echo(" " * (INDENT if below else before) + part)


def _write_upright(cells: Sequence[Sequence[str]], names: Sequence[str], line_width: int) -> None:
    """Write a line for each column of each row, for a terminal that is too narrow for the table."""
    wide = min(max(map(len, names)), max(MIN_WIDTH, line_width // 2 - 2))
    for line in cells:
        click.echo("─" * min(line_width, wide + MIN_LAST_WIDTH))
        for name, value in zip(names, line, strict=True):
            first, *rest = _wrap(value, max(MIN_WIDTH, line_width - wide - 2))
            click.echo(_line([name, first], [wide, _width(first)], [False, False]))
            for part in rest:
                click.echo(" " * (wide + 2) + part)


def _narrow(widths: list[int], numeric: Sequence[bool], line_width: int) -> None:
    """Reduce the widest columns of text, except the last, which takes the remaining width, until all fit."""
    last = len(widths) - 1
    while sum(widths[:-1]) + min(widths[-1], MIN_LAST_WIDTH) > line_width:
        wide = [i for i in range(last) if not numeric[i] and widths[i] > MIN_WIDTH]
        if not wide:
            return
        widths[max(wide, key=widths.__getitem__)] -= 1


def _terminal_width() -> int:
    """Return the width of a line: $COLUMNS if that is a number, else that of the terminal; 140 without one."""
    import shutil

    return shutil.get_terminal_size((140, 24)).columns


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    placed = []
    for cell, width, right in zip(cells, widths, numeric, strict=True):
        cut = cell if _width(cell) <= width else _clip(cell, width - 1) + "…"
        blanks = " " * (width - _width(cut))
        placed.append(blanks + cut if right else cut + blanks)
    return "  ".join(placed).rstrip()


# Emoji, Chinese characters and the like take two columns of a terminal, combining marks none. The library is imported
# for text that has any of these alone.


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import width

    return int(width(text))


def _clip(text: str, columns: int) -> str:
    """Return the beginning of a text that takes at most so many columns."""
    if text.isascii():
        return text[:columns]
    from wcwidth import clip

    return str(clip(text, 0, columns))


def _wrap(text: str, columns: int) -> list[str]:
    """Return the lines of a text, of so many columns at most; one empty line for an empty text."""
    if text.isascii():
        return textwrap.wrap(text, columns) or [""]
    from wcwidth import wrap

    return list(wrap(text, columns)) or [""]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, list | tuple):
        return ", ".join(_cell(v) for v in value[:12])
    return " ".join(str(value).split())
