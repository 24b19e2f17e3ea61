"""Parquet, CSV, TSV, JSON and text files, each also packed by gzip."""

from __future__ import annotations

import codecs
import gzip
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from riindex.errors import InputError, first_error
from riindex.sources.archives import strip_assignment
from riindex.sources.base import EMPTY_HINT, TEXT_FORMATS, Source, check_free_space, distinct_names
from riindex.sources.chats import read_lines
from riindex.sources.descriptions import HEADER, load_named, named_table, read_blocks
from riindex.sources.dialects import detect_dialect
from riindex.sources.encodings import encoding_of, to_utf8
from riindex.sources.json_files import columns_of
from riindex.sources.surrogates import replace_unpaired_escapes
from riindex.sources.survey import BLOCK_BYTES, READ_ERRORS, open_binary, survey_file
from riindex.store.arrow import string_array
from riindex.store.database import Store
from riindex.store.folders import private_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

JSON_FORMATS = (".json", ".jsonl", ".ndjson", ".js")
ENCODING_NOTES = {"utf-8": "it has unpaired surrogates, which were replaced by U+FFFD"}
# Columns by which a repeated header is known.
HEADER_COLUMNS = 8
# Longest line and largest JSON record read, in bytes; and the largest file of one object that wraps its records: DuckDB
# makes several buffers of twice the size.
LINE_LIMIT = 1 << 26
WHOLE_LIMIT = 1 << 27


@dataclass(frozen=True)
class PlainFile:
    """File that DuckDB can open as it is: UTF-8, and unpacked where the reader of its format cannot unpack."""

    path: Path
    format: str
    packed: bool

    @property
    def literal(self) -> str:
        """The path with the characters escaped that mean anything to DuckDB's glob."""
        return "".join(f"[{c}]" if c in "*?[" else c for c in str(self.path.resolve()))

    def head(self, size: int = 1 << 18) -> str:
        """Return its first characters."""
        with open_binary(self.path, self.packed) as handle:
            data = handle.read(size)
        return codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(data)


def read(store: Store, source: Source, table: str, notify: Callable[[str], None]) -> None:
    """Read a file into scratch table ``table``; see :func:`riindex.sources.read`."""
    with _plain(source, notify) as plain:
        try:
            if plain.format in (".csv", ".tsv"):
                _read_csv(store, plain, table)
            elif plain.format == ".parquet":
                rows = store.connection.sql(store.statement("ingest/read/read_parquet"), params={"path": plain.literal})
                store.scratch(table, rows)
            elif plain.format == ".txt":
                _read_text(store, source, plain, table, notify)
            else:
                store.scratch(table, _json(store, source, plain))
        except duckdb.Error as problem:
            # A copy that was unpacked or mended has a name that means nothing to the user.
            first = first_error(problem)
            reason = _reason(first).replace(str(plain.path.resolve()), source.name)
            raise InputError(f"{source.name} cannot be read: {reason}", _hint(source, first)) from problem


def _reason(problem: BaseException) -> str:
    if isinstance(problem, duckdb.OutOfMemoryException):
        return "it needs more memory than it may use"
    if "maximum_object_size" in str(problem):
        return f"a value in it is larger than {LINE_LIMIT >> 20} MB"
    lines = [line for line in str(problem).splitlines() if line.strip()]
    return lines[0][:300] if lines else "unknown reason"


def _hint(source: Source, problem: BaseException) -> str:
    text = str(problem).lower()
    if isinstance(problem, duckdb.OutOfMemoryException):
        return "allow more: --memory 8GB; or leave columns out, or write it as Parquet"
    if "maximum_object_size" in text:
        return "write a list of records, or one record a line"
    if "unicode" in text or "utf-8" in text or "encoding" in text:
        return "save it as UTF-8 first"
    if isinstance(problem, duckdb.ConversionException):
        return "write that column as text, or leave it out"
    if source.format == ".parquet":
        return "the file may be cut short: write or copy it again"
    return "open it in a text editor at the place named, or export it again"


@contextmanager
def _plain(source: Source, notify: Callable[[str], None]) -> Iterator[PlainFile]:
    assert source.path is not None
    path, packed = source.path, source.packed
    with private_folder() as folder:
        try:
            if source.format == ".parquet" and packed:
                path, packed = _unpacked(path, folder / "source.parquet"), False
            if source.format in TEXT_FORMATS:
                encoding = _encoding(source, path)
                if encoding is not None:
                    notify(f"{source.name} is not UTF-8: " + ENCODING_NOTES.get(encoding, f"read as {encoding}"))
                    path, packed = to_utf8(path, packed, encoding, folder / f"utf8{source.format}"), False
            if source.format in JSON_FORMATS and survey_file(path, packed).unpaired:
                target = folder / f"whole{source.format}"
                unpaired = replace_unpaired_escapes(path, packed, target)
                path, packed = target, False
                if unpaired:
                    notify(f"{source.name}: {unpaired:,} unpaired surrogates were replaced by U+FFFD")
            if source.format == ".js":
                path, packed = strip_assignment(path, packed, folder / "records.json"), False
        except gzip.BadGzipFile as problem:
            raise InputError(f"{source.name} is damaged: {_damage(problem)}", "download, copy or pack it again") from (
                problem
            )
        except READ_ERRORS as problem:
            check_free_space(problem)
            raise InputError(f"{source.name} cannot be read: {problem}", "download, copy or pack it again") from problem
        yield PlainFile(path, ".json" if source.format == ".js" else source.format, packed)


def _damage(problem: gzip.BadGzipFile) -> str:
    return "its checksum does not match its content" if "CRC" in str(problem) else str(problem)


def _encoding(source: Source, path: Path) -> str | None:
    seen = survey_file(path, source.packed)
    if seen.error is not None:
        raise seen.error
    if not seen.head[:4096].strip():
        raise InputError(f"{source.name} is empty", EMPTY_HINT)
    return encoding_of(seen)


def _unpacked(path: Path, target: Path) -> Path:
    with gzip.open(path) as packed, target.open("wb") as out:
        shutil.copyfileobj(packed, out)
    return target


def _read_csv(store: Store, plain: PlainFile, table: str) -> None:
    """Read strictly by the format, so that a row of too many cells is rejected; else leniently.

    A carriage return in the middle of an unquoted cell stops the strict reader for good; the lenient one rejects that
    row and goes on.
    """
    dialect = detect_dialect(plain.head(), plain.format)
    names = distinct_names(dialect.names)
    values = {
        "path": plain.literal,
        "columns": dict.fromkeys(names, "VARCHAR"),
        "delimiter": dialect.delimiter,
        "header": dialect.header,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "skip": dialect.skip,
        "line_limit": LINE_LIMIT,
    }
    values["strict"] = _reads_strictly(store, values)
    store.run("ingest/read/forget_rejects")
    found = store.connection.sql(store.statement("ingest/read/read_csv"), params=values)
    if dialect.header and len(names) > 1:
        found = found.filter(_differs(names, dialect.names))
    store.scratch(table, found)
    store.run("ingest/read/reject_csv")


def _differs(columns: Sequence[str], header: Sequence[str]) -> duckdb.Expression:
    """Return the condition that a row is not the header once more, as in files that were pasted together."""
    pairs = list(zip(columns, header, strict=True))[:HEADER_COLUMNS]
    differing = [
        (duckdb.ColumnExpression(column) != duckdb.ConstantExpression(name)) | duckdb.ColumnExpression(column).isnull()
        for column, name in pairs
    ]
    return reduce(or_, differing)


def _reads_strictly(store: Store, values: dict[str, Any]) -> bool:
    """Check that the strict reader comes to the end; run outside the transaction, which its failure would end."""
    cursor = store.connection.cursor()
    try:
        cursor.sql(store.statement("ingest/read/read_csv"), params={**values, "strict": True}).count("*").fetchall()
    except duckdb.InvalidInputException:
        return False
    finally:
        cursor.close()
    return True


def _read_text(store: Store, source: Source, plain: PlainFile, table: str, notify: Callable[[str], None]) -> None:
    """Read ``=== PERSONA n ===`` blocks, a chat, or one post a line.

    A header of a block with nothing below it goes to ``unreadable``.
    """
    import pyarrow as pa

    with open_binary(plain.path, plain.packed) as handle:
        text = handle.read().decode("utf-8-sig")
    if not HEADER.search(text):
        store.scratch(table, store.connection.from_arrow(read_lines(text)))
        return
    blocks = read_blocks(text, source.name)
    for note in blocks.notes:
        notify(note)
    places = [f"PERSONA {number}" for number in blocks.empty]
    store.insert("ingest/read/reject_blocks", pa.table({"place": string_array(places)}))
    store.scratch(table, store.connection.from_arrow(blocks.table()))


def _json(store: Store, source: Source, plain: PlainFile) -> DuckDBPyRelation:
    """Read one scratch column ``json`` a record, then one column a key (inner keys are joined by ``_``)."""
    named = load_named(plain.path, plain.packed) if plain.format == ".json" else None
    if named is not None:
        return store.connection.from_arrow(named_table(named))
    lines = plain.format in (".jsonl", ".ndjson") or _one_object_a_line(plain.head())
    values: dict[str, Any] = {"path": plain.literal}
    if lines:
        values["line_limit"] = LINE_LIMIT
    else:
        values["limit"] = _json_limit(source, plain)
    store.scratch(
        "records",
        store.connection.sql(store.statement(f"ingest/read/read_json{'_lines' if lines else ''}"), params=values),
    )
    if lines:
        store.run("ingest/read/reject_json_lines")
    return columns_of(store, source.name)


def _one_object_a_line(head: str) -> bool:
    """Check that a ``.json`` file holds one complete object a line."""
    rows = [row for row in head.splitlines()[:3] if row.strip()]
    if len(rows) < 2:
        return False
    try:
        return all(isinstance(json.loads(row), dict) for row in rows[:2])
    except ValueError:
        return False


def _json_limit(source: Source, plain: PlainFile) -> int:
    """Return the largest size of one value: a record of a list, or the whole file where an object wraps its records.

    DuckDB takes a list that was cut between two records for a whole one, so its end is checked.
    """
    first = plain.head(4096).lstrip()[:1]
    last, size = b"", 0
    with open_binary(plain.path, plain.packed) as handle:
        if not plain.packed and first == "[":
            handle.seek(max(0, plain.path.stat().st_size - 4096))
        while block := handle.read(BLOCK_BYTES):
            last = block.rstrip()[-1:] or last
            size += len(block)
    if first == "[":
        if last not in (b"]", b";"):
            raise InputError(f"{source.name} is cut short: its list does not end", "download, copy or export it again")
        return LINE_LIMIT
    return max(LINE_LIMIT, min(size + 1024, WHOLE_LIMIT))


def parquet_size(path: Path) -> tuple[int, int]:
    """Return rows and unpacked bytes of a Parquet file by its footer; 0, 0 for one that reading will refuse."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return 0, 0
    return footer.num_rows, sum(footer.row_group(n).total_byte_size for n in range(footer.num_row_groups))
