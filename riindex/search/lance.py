"""The Lance table: an index of the vectors. The only module that imports lancedb."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import IndexNotFound

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

# What follows the index's name in that of its vector table: the build's id, and that of a rebuilding.
VECTOR_TABLE = r"\.\d{8}T\d{6}-[0-9a-f]{4}(-[0-9a-f]{4})?\.lance"
TABLE = "tweets"
# Fields of a manifest of Lance.
BASE_PATHS, FRAGMENTS, FILES, FILE_PATH = 18, 2, 2, 1
# Most of them are searched (of 105, 40 hold 92 % of the ten nearest), so they need not be small.
PARTITION_ROWS = 16_384
# The share of the partitions that are searched, the nearest ones, and the fewest. Of 26 with 431,948 posts, the ten
# nearest found and milliseconds by how many: 16 97.6 %, 5.7; 18 98.5 %, 6.5; 20 99.3 %, 6.8; 22 99.7 %, 7.2; all 100 %,
# 8.8. 104 smaller ones take as long for as many.
PROBED_SHARE = 0.75
MIN_PROBED = 20
# Bits a dimension. The ten nearest of 431,948 posts among the first hundred of a list, and the seconds that the index
# takes: 1 bit 98.2 %, 5; 2 bits 100 %, 11; 3 bits 100 %, 13. A question takes as long with each.
CODE_BITS = 2
# Lance has no error tree of its own: it raises those of Python and of Rust's storage layer.
LANCE_ERRORS = (OSError, RuntimeError, ValueError)


class _Fork:
    """Whether this process was forked from one in which lancedb was loaded: its threads are not here, it would hang."""

    after_lance = False

    def happened(self) -> None:
        """Note it, in the child."""
        self.after_lance = self.after_lance or "lancedb" in sys.modules


_fork = _Fork()
os.register_at_fork(after_in_child=_fork.happened)


def table_stem(target: Path) -> str:
    """Return how the names of an index's vector tables begin: those of tweets.duckdb, tweets.db and tweets differ."""
    return target.name.removesuffix(".duckdb") if target.name.endswith(".duckdb") else target.name + "@"


def new_vector_folder(target: Path, build_id: str) -> Path:
    """Return where the vector table of a build goes."""
    return target.with_name(f"{table_stem(target)}.{build_id}.lance")


def vector_folder(target: Path, name: str | None) -> Path | None:
    """Return the vector table that the file at ``target`` names; None for none, or for a name of another place."""
    if name is None or not re.fullmatch(r"[^/\0]+" + VECTOR_TABLE, name):
        return None
    return target.with_name(name)


def write(folder: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, rows: int, ann_rows: int) -> None:
    """Write a new table in one go, and index its vectors from ``ann_rows`` rows up (IVF_RQ).

    ``schema``: doc_id, tweet_id, text, vector (fixed-size list of float32) and the filter columns.
    """
    # Lance logs every empty cluster of its own training, once a block of the vectors; nobody can act on it.
    os.environ.setdefault("LANCE_LOG", "error")
    os.environ.setdefault("LANCEDB_LOG", "error")
    import lancedb
    from lancedb.index import IvfRq

    database = lancedb.connect(str(folder))
    table = database.create_table(TABLE, batches, schema=schema)
    if rows >= ann_rows:
        config = IvfRq(distance_type="dot", num_partitions=_partitions(rows), num_bits=CODE_BITS)
        table.create_index("vector", config=config)


def _partitions(rows: int) -> int:
    return max(1, rows // PARTITION_ROWS)


def check_inside(folder: Path) -> None:
    """Raise ValueError for a vector table that names data of another place: Lance would read there, and ask servers.

    A manifest is a message of Protocol Buffers (lance, protos/table.proto): its field 18 are places of data files
    outside of the table; a fragment (2) has files (2) whose path (1) is a plain name.
    """
    if {path.name for path in folder.iterdir()} - {f"{TABLE}.lance", "arrays"}:
        raise ValueError("there is more in it than a table")
    for path in (folder / f"{TABLE}.lance" / "_versions").glob("*.manifest"):
        content = path.read_bytes()
        start = int.from_bytes(content[-16:-8], "little")
        length = int.from_bytes(content[start : start + 4], "little")
        for field, value in _fields(content[start + 4 : start + 4 + length]):
            if field == BASE_PATHS:
                raise ValueError("it names data of another place")
            for part, file in _fields(value) if field == FRAGMENTS and isinstance(value, bytes) else ():
                for name, value in _fields(file) if part == FILES and isinstance(file, bytes) else ():
                    if name == FILE_PATH and not (isinstance(value, bytes) and re.fullmatch(rb"[\w.-]+", value)):
                        raise ValueError("it names a file of another place")


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of the fields of a message, values of eight and four bytes as bytes."""
    place = 0
    while place < len(message):
        tag, place = _number(message, place)
        kind = tag & 7
        if kind == 0:
            value, place = _number(message, place)
            yield tag >> 3, value
            continue
        length, place = _number(message, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
        if place + length > len(message):
            raise ValueError("a message is cut short")
        yield tag >> 3, message[place : place + length]
        place += length


def _number(message: bytes, place: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and the place after it."""
    found = shift = 0
    while True:
        byte = message[place]
        place += 1
        found |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return found, place


class VectorTable:
    """A vector table, opened when it is first asked. IndexNotFound where it is missing, cut short or stale.

    ``doc_ids``: of the documents that it must have, in order; the place of one is its row.
    """

    def __init__(self, folder: Path, doc_ids: npt.NDArray[np.int64]) -> None:
        self._folder = folder
        self._doc_ids = doc_ids

    @cached_property
    def _table(self) -> tuple[Any, npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Return the table, its row ids in order, and the row of each.

        Asynchronous: the synchronous calls cross to Lance's event loop five times a question.
        """
        self._must_not_be_forked()
        import lancedb
        import numpy as np
        from lancedb.background_loop import LOOP

        try:
            check_inside(self._folder)
        except (OSError, ValueError, LookupError) as problem:
            raise self._unusable("leads out of its folder, or cannot be read") from problem

        async def opened() -> tuple[Any, pa.Table]:
            table = await (await lancedb.connect_async(str(self._folder))).open_table(TABLE)
            return table, await table.query().with_row_id().select(["doc_id"]).to_arrow()

        try:
            table, held = LOOP.run(opened())
        except LANCE_ERRORS as problem:
            raise self._unusable("cannot be read") from problem
        doc_ids, row_ids = (np.asarray(held[name]) for name in ("doc_id", "_rowid"))
        if len(doc_ids) != len(self._doc_ids):
            raise self._unusable(f"holds {len(doc_ids):,} of {len(self._doc_ids):,} vectors")
        if not np.array_equal(np.sort(doc_ids), self._doc_ids):
            raise self._unusable("holds vectors of other documents")
        order = np.argsort(row_ids)
        return table, row_ids[order], np.searchsorted(self._doc_ids, doc_ids[order])

    def check(self) -> None:
        """Raise IndexNotFound unless it opens and has its rows."""
        assert self._table is not None

    def nearest(self, vector: npt.NDArray[np.float32], limit: int, everywhere: bool = False) -> npt.NDArray[np.int64]:
        """About the ``limit`` nearest rows by inner product, in no order.

        ``everywhere``: search every partition, where what is sought may lie far from the vector.
        """
        self._must_not_be_forked()
        import numpy as np
        from lancedb.background_loop import LOOP

        table, row_ids, rows = self._table
        partitions = _partitions(len(rows))
        probed = partitions if everywhere else max(MIN_PROBED, round(PROBED_SHARE * partitions))
        query = table.query().nearest_to(vector).distance_type("dot").limit(limit).nprobes(probed)
        try:
            found = LOOP.run(query.select(["_rowid", "_distance"]).to_arrow())
        except LANCE_ERRORS as problem:
            raise self._unusable("cannot be read") from problem
        return rows[np.searchsorted(row_ids, np.asarray(found["_rowid"]))]

    def _must_not_be_forked(self) -> None:
        if _fork.after_lance:
            raise IndexNotFound(
                f"the vector table {self._folder.name} cannot be asked in a process that was forked after it was",
                "start workers with multiprocessing.get_context('spawn'), or ask first in each of them",
            )

    def _unusable(self, state: str) -> IndexNotFound:
        return IndexNotFound(f"the vector table {self._folder.name} {state}", "ri index makes it again")


def remove(folder: Path) -> None:
    """Delete a vector table that no build refers to."""
    shutil.rmtree(folder, ignore_errors=True)
