"""Read a workbook in a process of its own, which the system limits: ``python -m riindex.sources.workbooks``.

A workbook states itself how large its sheets are, and its reader allocates all of that: a file of 2 kB can require half
a terabyte, and running out of memory there ends the process.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import InputError
from riindex.machine.clock import start_clock
from riindex.sources.base import EMPTY_HINT, distinct_names
from riindex.sources.columns import ROLES, join_names, normalised_name
from riindex.sources.dialects import header_row
from riindex.store.arrow import string_array

if TYPE_CHECKING:
    import pyarrow as pa


# Bytes of data and seconds of work that reading may take: 200,000 rows of six columns take 0.5 GB and 4 s.
MAX_MEMORY = 6 << 30
MAX_SECONDS = 600
# Exit code where the workbook itself is at fault.
EXIT_REFUSED = 3
# Words of a text, on average, in a column that holds texts.
MIN_WORDS = 3


def read_sheet(path: Path, wanted: str | None) -> tuple[pa.Table, str]:
    """Return the sheet named, else those with texts that have one header; and a note on which were read, or "".

    The header is the first row that names columns: a title may stand above it.
    """
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if wanted is not None and wanted not in names:
                raise InputError(f"{path.name} has no sheet {wanted!r}", f"it has: {join_names(names)}")
            pages = {n: book.get_sheet_by_name(n).to_python() for n in ([wanted] if wanted else names)}
    except (CalamineError, OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read: {problem}", "save it again, without password") from problem
    tables = {name: rows for name, rows in ((n, _filled(page)) for n, page in pages.items()) if rows}
    if not tables:
        raise InputError(f"{path} is empty", EMPTY_HINT)
    best = max(tables, key=lambda name: _text_rank(tables[name]))
    header = tables[best][0]
    read = [name for name, rows in tables.items() if rows[0] == header]
    body = [row for name in read for row in tables[name][1:]]
    columns = list(zip(*body, strict=True)) or [()] * len(header)
    titles = distinct_names([_cell(title) or "" for title in header])
    table = pa.table(
        {title: string_array([_cell(v) for v in column]) for title, column in zip(titles, columns, strict=True)}
    )
    left = [name for name in tables if name not in read]
    several = len(read) > 1 or left
    return table, f"sheets read: {join_names(read)}" + (
        f"; not read: {join_names(left)}" if left else ""
    ) if several else ""


def _filled(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows from the header on, without those that are empty."""
    filled = [row for row in rows if any(value not in ("", None) for value in row)]
    return filled[header_row(filled) :] if filled else filled


def _text_rank(rows: list[list[Any]]) -> tuple[int, float]:
    """Return how much speaks for a sheet: a column named as a text is, whose cells have words; then their number."""
    header = rows[0]
    words = [0.0] * len(header)
    for row in rows[1:]:
        for place, value in enumerate(row):
            words[place] += len(str(value).split()) if isinstance(value, str) else 0
    named = [n for place, n in zip(words, header, strict=False) if normalised_name(str(n)) in ROLES["text"] and place]
    usual = max(words, default=0) >= MIN_WORDS * max(1, len(rows) - 1)
    return (2 if named and usual else 1 if named or usual else 0, max(words, default=0.0))


def _cell(value: Any) -> str | None:
    """Return a cell as text; a whole number without its point, a date as ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f") if abs(value) < 1e30 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _limit_process() -> None:
    """Limit the memory and time of this process, where the system can (Windows cannot)."""
    if sys.platform == "win32":
        return
    import resource

    for limit, maximum in (
        (resource.RLIMIT_DATA, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (maximum if hard == resource.RLIM_INFINITY else min(maximum, hard), hard))


def main(path: str, target: str, wanted: str | None = None) -> int:
    """Write a sheet as an Arrow file; an error of the workbook goes to standard output, as JSON."""
    import pyarrow as pa

    start_clock(float("inf"))  # the time is bounded below; this ends it with its parent
    _limit_process()
    try:
        table, note = read_sheet(Path(path), wanted)
    except InputError as problem:
        print(json.dumps([problem.message, problem.hint]))  # noqa: T201 - the parent reads it
        return EXIT_REFUSED
    with pa.OSFile(target, "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    print(json.dumps(note))  # noqa: T201 - the parent reads it
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
