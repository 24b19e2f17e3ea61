"""Tables of databases: SQLite and DuckDB files, MySQL, MariaDB and Postgres servers."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import duckdb

from riindex.errors import IndexNotFound, InputError, MissingExtra, UnsafeIndex
from riindex.sources.base import Source, distinct_names
from riindex.sources.columns import column_of, join_names
from riindex.store.database import Store
from riindex.store.statements import quoted

if TYPE_CHECKING:
    import pyarrow as pa

# scheme → (connectorx's name, how its SQL quotes a name)
SERVERS = {
    "mysql": ("mysql", "`"),
    "mariadb": ("mysql", "`"),
    "postgres": ("postgresql", '"'),
    "postgresql": ("postgresql", '"'),
}
PORTS = {"mysql": 3306, "postgresql": 5432}
CONNECT_SECONDS = 10
# Rows of SQLite read at a time.
BATCH_ROWS = 50_000
# Limits of a table or view of SQLite: a view may recurse without end, and one value may be of any size.
SQLITE_SECONDS = 300.0
SQLITE_ROWS = 100_000_000
SQLITE_BYTES = 4 << 30
SQLITE_VALUE = 1 << 26
# Steps of SQLite's machine between two looks at the clock, some milliseconds.
SQLITE_STEPS = 100_000


def is_url(text: str) -> bool:
    """Check that ``text`` names a table on a server."""
    return text.partition("://")[0].lower() in SERVERS and "://" in text


def from_file(path: Path, table: str | None) -> Source:
    """Read a table or view of a SQLite or DuckDB file; without a name the only one there is."""
    with path.open("rb") as handle:
        magic = handle.read(100)
    if magic.startswith(b"SQLite format 3\0"):
        if _missing_pages(magic, path.stat().st_size):
            raise InputError(f"{path} is cut short", "copy it again")
        frame = _from_sqlite(path, table)
    elif magic[8:12] == b"DUCK":
        frame = _from_duckdb(path, table)
    else:
        raise InputError(f"{path} is not a SQLite or DuckDB file", "check the file")
    return Source(f"{path}::{table}" if table else str(path), frame=frame)


def _missing_pages(header: bytes, size: int) -> bool:
    """Check that a SQLite file is shorter than its header states; such a file loses rows without a warning.

    The header: https://www.sqlite.org/fileformat2.html#the_database_header. Its page count holds only where the two
    change counters agree.
    """
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big") if header[24:28] == header[92:96] else 0
    return size < pages * (65_536 if page == 1 else page)


def _from_duckdb(path: Path, table: str | None) -> pa.Table:
    """Read a table or view of a file that may be a stranger's: code in it reaches no other file."""
    try:
        with Store.read(path) as store:
            names = [name for (name,) in store.rows("ingest/read/database_tables")]
            return store.table(quoted(_choose_table(path, table, names))).to_arrow_table()
    except (IndexNotFound, UnsafeIndex) as problem:
        raise InputError(f"{path} cannot be read: {problem.message}", "check the file") from problem
    except duckdb.Error as problem:
        reason = str(problem).splitlines()[0][:200]
        raise InputError(f"{path} cannot be read: {reason}", "check the file") from problem


def _choose_table(path: Path, wanted: str | None, names: list[str]) -> str:
    """Return the table of the given name, in any case; without a name the only one."""
    if wanted is not None:
        found = next((n for n in names if n == wanted), None) or next(
            (n for n in names if n.lower() == wanted.lower()), None
        )
        if found is None:
            raise InputError(f"{path.name} has no table {wanted!r}", f"it has: {join_names(names) or 'none'}")
        return found
    if len(names) != 1:
        raise InputError(
            f"{path.name} has {len(names)} tables", f"name one: {path.name}::TABLE ({join_names(names) or 'none'})"
        )
    return names[0]


def _from_sqlite(path: Path, table: str | None) -> pa.Table:
    import pyarrow as pa

    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SQLITE_VALUE)
            deadline = time.monotonic() + SQLITE_SECONDS
            connection.set_progress_handler(lambda: time.monotonic() > deadline, SQLITE_STEPS)
            names = [row[0] for row in connection.execute(
                "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' "
                "order by 1") if isinstance(row[0], str)]  # fmt: skip
            name = quoted(_choose_table(path, table, names))
            try:
                return pa.Table.from_batches(*_batches(connection, name, typed=True))
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                # SQLite keeps any value in any column, whatever type the column was declared with.
                return pa.Table.from_batches(*_batches(connection, name, typed=False))
    except UnicodeDecodeError as problem:  # of SQLite's own message about a definition that is not text
        raise InputError(f"{path} cannot be read: a definition in it is not valid text", "check the file") from problem
    except sqlite3.Error as problem:
        if str(problem) == "interrupted":
            raise InputError(
                f"{path} was not read within {SQLITE_SECONDS:g} s", "write the rows of the view into a table first"
            ) from problem
        raise InputError(f"{path} cannot be read: {problem}", "check the file") from problem


def _batches(connection: sqlite3.Connection, name: str, typed: bool) -> tuple[list[pa.RecordBatch], pa.Schema]:
    import pyarrow as pa

    # Generated columns are in what is selected and not in table_info; hidden ones of virtual tables are in neither.
    kinds = dict(connection.execute("select name, upper(type) from pragma_table_xinfo(" + name + ")").fetchall())
    cursor = connection.execute("select * from " + name)
    columns = [str(column[0]) for column in cursor.description]
    schema = pa.schema([
        (unique, _type(kinds.get(column) or "") if typed else pa.string())
        for column, unique in zip(columns, distinct_names(columns), strict=True)
    ])  # fmt: skip
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    while found := cursor.fetchmany(BATCH_ROWS):
        batches.append(_batch(found, schema))
        rows, size = rows + len(found), size + batches[-1].nbytes
        if rows > SQLITE_ROWS or size > SQLITE_BYTES:
            raise InputError(
                f"{name} gives more than {SQLITE_BYTES / 2**30:g} GB or {SQLITE_ROWS:,} rows",
                "see that the view ends, or write the rows that you need into a Parquet file",
            )
    return batches, schema


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [
        pa.array(list(map(_text, column)) if field.type == pa.string() else column, field.type)
        for field, column in zip(schema, zip(*rows, strict=True), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _type(declared: str) -> pa.DataType:
    """Return the Arrow type by SQLite's own rule of affinity, blobs and dates as text."""
    import pyarrow as pa

    if "INT" in declared:
        return pa.int64()
    return pa.float64() if re.search("REAL|FLOA|DOUB", declared) else pa.string()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


def from_server(url: str, query: str | None) -> Source:
    """Read a table (``…/database::table``) or the rows of ``query`` of a MySQL, MariaDB or Postgres server."""
    address, _, table = url.partition("::")
    parts = urlsplit(address)
    scheme, mark = SERVERS[parts.scheme.lower()]
    shown = _address_without_password(parts, table)
    if bool(table) == bool(query):
        raise InputError(f"{shown} needs a table or a query", "write …/database::table, or --query 'select …'")
    try:
        import connectorx
    except ImportError as problem:
        raise MissingExtra("connectorx", "databases") from problem
    _check_reachable(parts, shown)
    address = urlunsplit((scheme, *parts[1:]))

    def run_query(text: str) -> pa.Table:
        return _plain_types(connectorx.read_sql(address, text, return_type="arrow"))

    try:
        frame = run_query(query or _whole_table(run_query, table, mark))
    except (RuntimeError, ValueError, TypeError) as problem:
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise InputError(
            f"{shown} cannot be read: {_without_password(reason, parts)[:300]}",
            "check database, table, user and password",
        ) from None
    return Source(shown, frame=frame)


def _whole_table(run_query: Callable[[str], pa.Table], table: str, mark: str) -> str:
    """Return the query for a whole table, in order of its ids.

    A server may return its rows in another order each time.
    """

    def quoted(name: str) -> str:
        return mark + name.replace(mark, mark * 2) + mark

    query = "select * from " + ".".join(map(quoted, table.split(".")))
    own = column_of("tweet_id", run_query(query + " limit 1").column_names)
    return query if own is None else query + " order by " + quoted(own)


def _check_reachable(parts: Any, shown: str) -> None:
    """Raise InputError at once where no server listens: connectorx tries for half a minute."""
    try:
        port = parts.port or PORTS[SERVERS[parts.scheme.lower()][0]]
        socket.create_connection((parts.hostname or "localhost", port), CONNECT_SECONDS).close()
    except (OSError, ValueError) as problem:
        raise InputError(
            f"{shown} cannot be reached: {problem}", "check host and port, and that the server runs"
        ) from None


def _address_without_password(parts: Any, table: str) -> str:
    """Return the address without its password."""
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}" + (f"::{table}" if table else "")


def _without_password(text: str, parts: Any) -> str:
    secrets = {parts.password or "", unquote(parts.password or "")} - {""}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:***@", text)


def _plain_types(frame: Any) -> pa.Table:
    """Return strings as Arrow's plain ones, and no large batches."""
    import pyarrow as pa

    table = frame if isinstance(frame, pa.Table) else pa.table(frame)
    fields: Iterator[pa.Field] = (
        field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in table.schema
    )
    return table.cast(pa.schema(list(fields)))
