"""DuckDB file: statements by name, arrays in and out, transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from riindex.errors import INTERRUPTED, BuildError, QueryError, UnsafeIndex
from riindex.machine import memory
from riindex.store.answers import Answers
from riindex.store.files import attach_error, check_readable
from riindex.store.macros import check_macros
from riindex.store.statements import earlier_version, quoted, sql_text

if TYPE_CHECKING:
    import pyarrow as pa

# Name under which every file is attached. Nothing inside the file depends on it.
ALIAS = "ri"
# Memory of DuckDB before it spills to disk; the matrices of a build come on top.
MEMORY_LIMIT = "1500MB"
# Most columns of a source that get a comment each. DuckDB copies the whole table's catalog entry for each comment:
# 4,000 took half a minute and 4 GB.
MAX_COMMENTED = 300
# Errors whose cause is not the content of the file; the caller reports them.
_OTHER_CAUSES = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.InterruptException)


class Store(Answers):
    """DuckDB file attached to its own DuckDB instance; use ``create``, ``edit`` or ``read``.

    Threads may share it: each has its own connection, temporary tables and transaction.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, locked: bool = False) -> None:
        self.path = path
        self._locked = locked
        self._memory = MEMORY_LIMIT
        self._first = connection
        self._own = threading.local()
        self._own.connection = connection
        self._statements: frozenset[str] | None = None
        self._tables: frozenset[str] = frozenset()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Connection of this thread: DuckDB refuses a second query on a busy connection."""
        own: duckdb.DuckDBPyConnection | None = getattr(self._own, "connection", None)
        if own is None:
            own = self._first.cursor()
            own.execute(f"use {ALIAS}")
            self._own.connection = own
        return own

    @classmethod
    def create(cls, path: Path, threads: int = 0) -> Store:
        """Open a file for a build, new or written by this program; a build may read other files.

        Raises BuildError if the folder is not writable, UnsafeIndex for macros that replace built-in functions.
        """
        return cls._attach(path, threads, read_only=False)

    @classmethod
    def edit(cls, path: Path, threads: int = 0) -> Store:
        """Open an existing file for writing: its statements reach no file outside its folder, and no network.

        Raises BuildError if less memory is allowed than the work needs: some libraries would hang.
        """
        memory.check_memory(work="recomputing figures")
        return cls._attach(path, threads, read_only=False, lock=_Lock(path.parent, path.parent))

    @classmethod
    def read(cls, path: Path, threads: int = 0, spill: Path | None = None, baseline: Path | None = None) -> Store:
        """Open an existing file read-only: its statements reach no other file, and no network.

        ``spill``: a folder for data that exceeds the memory; ``baseline``: a second file, attached under that name.
        Raises IndexNotFound if a file is missing or not a DuckDB file, UnsafeIndex for macros that replace built-in
        functions.
        """
        for held in (path, baseline):
            if held is not None:
                check_readable(held)
        return cls._attach(path, threads, read_only=True, lock=_Lock(spill), baseline=baseline)

    @classmethod
    def _attach(
        cls, path: Path, threads: int, read_only: bool, lock: _Lock | None = None, baseline: Path | None = None
    ) -> Store:
        store = cls(duckdb.connect(), path, locked=lock is not None)
        store.run(
            "store/connect", memory_limit=MEMORY_LIMIT, spill=f"{path}.tmp" if lock is None else str(lock.spill or "")
        )
        if threads:
            store.connection.execute("set threads = $threads", {"threads": threads})
        try:
            store.run("store/attach_read_only" if read_only else "store/attach", path=str(path))
            if baseline is not None:
                store.run("ask/compare/attach", path=str(baseline))
            if lock is not None:
                store.run("store/lock", folders=[] if lock.folder is None else [str(lock.folder)])
            # Before the macros of the file are visible: they would shadow built-in functions of the same name.
            for database, held in ((ALIAS, path), ("baseline", baseline)):
                if held is not None:
                    check_macros(store, database, held)
            store.connection.execute(f"use {ALIAS}")
        except duckdb.Error as problem:
            store.close()
            raise attach_error(path, read_only, problem) from problem
        except UnsafeIndex:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Write everything to the file and release it; if another thread is querying, after its result."""
        with suppress(duckdb.Error):  # a connection in use is released with its last reference
            self._first.close()  # and with it those of the other threads

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def only(self, statements: frozenset[str], tables: frozenset[str]) -> Store:
        """Return the same open file, restricted to these statements and to these tables by name."""
        view = copy(self)
        view._statements, view._tables = statements, tables
        return view

    def statement(self, name: str) -> str:
        """Return the text of ``sql/<name>.sql``; LookupError for a statement that this store must not run."""
        if self._statements is not None and name not in self._statements:
            raise LookupError(f"the statement {name} is not declared here")
        return sql_text(name)

    def run(self, name: str, **values: object) -> duckdb.DuckDBPyConnection:
        """Run ``sql/<name>.sql`` with its ``$named`` values; the connection holds the last statement's result.

        Every value must be named by at least one statement of the file.
        """
        return self.execute(self.statement(name), values, name)

    def execute(self, text: str, values: Mapping[str, object], name: str = "query") -> duckdb.DuckDBPyConnection:
        """Run statements, each with the values that it names."""
        used: set[str] = set()
        for statement in self.connection.extract_statements(text):
            names = statement.named_parameters
            used |= names
            with self.as_ri_error():
                self.connection.execute(statement, {k: values[k] for k in names})
        unused = values.keys() - used
        if unused:
            raise BuildError(f"{name}.sql does not use {', '.join(sorted(unused))}")
        return self.connection

    def relation(self, name: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return the lazy result of the single statement in ``sql/<name>.sql``."""
        with self.as_ri_error():
            text = self.statement(name)
            return self.connection.sql(text, params=dict(values)) if values else self.connection.sql(text)

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return the rows of a table or view; LookupError for one that this store must not read by name."""
        if self._statements is not None and name not in self._tables:
            raise LookupError(f"the table {name} is not declared here")
        with self.as_ri_error():
            return self.connection.table(name)

    @contextmanager
    def as_ri_error(self) -> Iterator[None]:
        """Raise QueryError for data missing from a shipped copy or a closed file, UnsafeIndex for an unusable file."""
        try:
            yield
        except duckdb.CatalogException as problem:
            if not self.has("shipped"):
                earlier = earlier_version(problem) if self._locked else None
                if earlier is None:
                    raise
                raise QueryError(f"{self.path.name} cannot answer this: {earlier[0]}", earlier[1]) from problem
            level = self.connection.execute(sql_text("share/ship/level")).fetchall()[0][0]
            raise QueryError(
                f"this is a shipped copy (level {level}), and data that this query needs was removed from it",
                'ri sql "from shipped" lists it; ri personas, ri similar TEXT --personas and ri sql always work',
            ) from problem
        except duckdb.ConnectionException as problem:
            raise QueryError(f"{self.path.name} was closed", "call reopen(), or open another RIIndex") from problem
        except RuntimeError as problem:
            if INTERRUPTED in str(problem):
                raise KeyboardInterrupt from problem
            raise
        except _OTHER_CAUSES:
            raise
        except duckdb.Error as problem:
            if not self._locked:
                raise
            raise UnsafeIndex(
                f"{self.path.name} cannot be queried: {str(problem).splitlines()[0][:200]}",
                f"ri verify {self.path.name} lists the objects in it that riindex did not write",
            ) from problem

    def insert(self, name: str, rows: pa.Table, **values: object) -> None:
        """Run ``sql/<name>.sql``, which reads the rows of an Arrow table under the name ``incoming``."""
        self.connection.register("incoming", rows)
        try:
            self.run(name, **values)
        finally:
            self.connection.unregister("incoming")

    def make(self, table: str, rows: pa.Table) -> None:
        """Replace ``table`` by the rows and types of an Arrow table (the type of vectors includes their length)."""
        self.drop(table)
        self.connection.from_arrow(rows).create(table)

    def scratch(self, table: str, relation: duckdb.DuckDBPyRelation) -> None:
        """Keep a relation's rows, in order, as a temporary table of this connection."""
        relation.query("incoming", "create or replace temp table " + quoted(table) + " as from incoming")

    def append_scratch(self, table: str, relation: duckdb.DuckDBPyRelation) -> None:
        """Add a relation's rows to a temporary table of this connection."""
        relation.query("incoming", "insert into temp." + quoted(table) + " from incoming")

    def drop(self, name: str, kind: str = "table") -> None:
        """Drop a table, view, macro, macro table, sequence, index, or schema with its content, if it exists."""
        what = quoted(name) if kind == "schema" else f"main.{quoted(name)}"
        self.connection.execute(f"drop {kind} if exists {ALIAS}.{what}{' cascade' if kind == 'schema' else ''}")

    def comment(self, table: str, column: str | None, text: str) -> None:
        """Set the COMMENT of a table, or of one of its columns, whose name came with the data."""
        what = f"table {quoted(table)}" if column is None else f"column {quoted(table)}.{quoted(column)}"
        literal = text.replace("'", "''")
        self.connection.execute(f"comment on {what} is '{literal}'")

    def comment_columns(self, table: str, columns: Sequence[str], text: str) -> None:
        """Set the same COMMENT on columns that came with the data; on none if there are more than MAX_COMMENTED."""
        for column in columns if len(columns) <= MAX_COMMENTED else ():
            self.comment(table, column, text)

    def tables(self) -> set[str]:
        """Return the names of the file's tables."""
        return {row[0] for row in self.rows("store/tables")}

    def has(self, table: str) -> bool:
        """Return True if the file has a table or view; ten times as fast as ``tables``."""
        try:
            self.connection.table(table)
        except duckdb.CatalogException:
            return False
        return True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all of the block, or roll all of it back."""
        self.connection.execute("begin transaction")
        with ExitStack() as unfinished:
            unfinished.callback(self._roll_back)
            yield
            unfinished.pop_all()
        self.connection.execute("commit")

    def _roll_back(self) -> None:
        # The first error is the one to report: a rollback that fails too, because a result is still being read or
        # memory is short, adds nothing, and closing the file rolls back as well.
        with suppress(duckdb.Error):
            self.connection.execute("rollback")

    @contextmanager
    def uncompressed(self) -> Iterator[None]:
        """Store the data of the block without compression.

        DuckDB's codecs make unit vectors a seventh smaller at best, and reading them takes 2.5 times as long.
        """
        self.checkpoint()
        self.connection.execute("set force_compression = 'uncompressed'")
        try:
            yield
            self.checkpoint()
        finally:
            self.connection.execute("reset force_compression")

    @contextmanager
    def memory_limited(self, memory: str) -> Iterator[None]:
        """Lower the memory limit of DuckDB for the block: it spills to disk sooner."""
        self.connection.execute("set memory_limit = $memory", {"memory": memory})
        try:
            yield
        finally:
            self.connection.execute("set memory_limit = $memory", {"memory": self._memory})

    def limit_memory(self, memory: str) -> None:
        """Set the memory limit of DuckDB from now on."""
        self._memory = memory
        self.connection.execute("set memory_limit = $memory", {"memory": memory})

    def checkpoint(self) -> None:
        """Merge the write-ahead log into the file."""
        self.connection.execute("checkpoint")


def locked_connection() -> duckdb.DuckDBPyConnection:
    """Return a connection without a file that reaches no file and no network: for conditions from outside."""
    store = Store(duckdb.connect(), Path("memory"))
    store.run("store/connect", memory_limit=MEMORY_LIMIT, spill="")
    store.run("store/lock", folders=[])
    return store.connection


@dataclass(frozen=True)
class _Lock:
    """Paths that a locked connection may reach besides its file: ``spill`` for temporary files, and a ``folder``."""

    spill: Path | None
    folder: Path | None = None
