"""Lance table: an index of the vectors. The only module that imports lancedb."""

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

# Suffix of the name of a vector table after that of its index: the id of the build, and that of a rebuild.
VECTOR_TABLE = r"\.\d{8}T\d{6}-[0-9a-f]{4}(-[0-9a-f]{4})?\.lance"
TABLE = "tweets"
# Fields of a manifest of Lance.
BASE_PATHS, FRAGMENTS, FILES, FILE_PATH = 18, 2, 2, 1
# Rows of a partition. Most partitions are searched (of 105, 40 hold 92 % of the ten nearest): they need not be small.
PARTITION_ROWS = 16_384
# Share of the partitions that are searched, the nearest ones, and their least number. Of 26 with 431,948 posts, the ten
# nearest found and milliseconds by number searched: 16 97.6 %, 5.7; 18 98.5 %, 6.5; 20 99.3 %, 6.8; 22 99.7 %, 7.2;
# all 100 %, 8.8. 104 smaller ones take as long for the same recall.
PROBED_SHARE = 0.75
MIN_PROBED = 20
# Bits per dimension. The ten nearest of 431,948 posts among the first hundred of a list, and the seconds that the index
# takes: 1 bit 98.2 %, 5; 2 bits 100 %, 11; 3 bits 100 %, 13. A search takes as long with each.
CODE_BITS = 2
# Lance has no error tree of its own: it raises those of Python and of Rust's storage layer.
LANCE_ERRORS = (OSError, RuntimeError, ValueError)


class _Fork:
    """Flag of a process that was forked after lancedb was loaded: it lacks the library's threads and would hang."""

    after_lance = False

    def happened(self) -> None:
        """Set the flag, in the child."""
        self.after_lance = self.after_lance or "lancedb" in sys.modules


_fork = _Fork()
os.register_at_fork(after_in_child=_fork.happened)


def table_stem(target: Path) -> str:
    """Return the prefix of the names of an index's vector tables; those of tweets.duckdb, tweets.db, tweets differ."""
    return target.name.removesuffix(".duckdb") if target.name.endswith(".duckdb") else target.name + "@"


def new_vector_folder(target: Path, build_id: str) -> Path:
    """Return the folder of the vector table of a build."""
    return target.with_name(f"{table_stem(target)}.{build_id}.lance")


def vector_folder(target: Path, name: str | None) -> Path | None:
    """Return the vector table that the file at ``target`` names; None without one, or if it is outside the folder."""
    if name is None or not re.fullmatch(r"[^/\0]+" + VECTOR_TABLE, name):
        return None
    return target.with_name(name)


def write(folder: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, rows: int, ann_rows: int) -> None:
    """Write a new table in one pass, and index its vectors from ``ann_rows`` rows on (IVF_RQ).

    ``schema``: doc_id, tweet_id, text, vector (fixed-size list of float32) and the filter columns.
    """
    # Lance logs every empty cluster of its training, once per block of vectors; users cannot act on it.
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
    """Raise ValueError for a vector table that refers to data elsewhere: Lance would read there, even from servers.

    A manifest is a message of Protocol Buffers (lance, protos/table.proto): its field 18 has paths of data files
    outside of the table; a fragment (2) has files (2) whose path (1) is a plain name.
    """
    if {path.name for path in folder.iterdir()} - {f"{TABLE}.lance", "arrays"}:
        raise ValueError("it contains more than a table")
    for path in (folder / f"{TABLE}.lance" / "_versions").glob("*.manifest"):
        content = path.read_bytes()
        start = int.from_bytes(content[-16:-8], "little")
        length = int.from_bytes(content[start : start + 4], "little")
        for field, value in _fields(content[start + 4 : start + 4 + length]):
            if field == BASE_PATHS:
                raise ValueError("it refers to data outside of it")
            for part, file in _fields(value) if field == FRAGMENTS and isinstance(value, bytes) else ():
                for name, value in _fields(file) if part == FILES and isinstance(file, bytes) else ():
                    if name == FILE_PATH and not (isinstance(value, bytes) and re.fullmatch(rb"[\w.-]+", value)):
                        raise ValueError("it refers to a file outside of it")


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of the fields of a message; values of eight and four bytes as bytes."""
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
    """Return a number (varint: seven bits per byte, the lowest first) and the position after it."""
    found = shift = 0
    while True:
        byte = message[place]
        place += 1
        found |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return found, place


class VectorTable:
    """Vector table, opened on first use. IndexNotFound if it is missing, truncated or stale.

    ``doc_ids``: ids of its expected documents, in order; the position of one is its row.
    """

    def __init__(self, folder: Path, doc_ids: npt.NDArray[np.int64]) -> None:
        self._folder = folder
        self._doc_ids = doc_ids

    @cached_property
    def _table(self) -> tuple[Any, npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Return the table, its row ids in order, and the row of each.

        Asynchronous: the synchronous calls switch to the event loop of Lance five times per search.
        """
        self._must_not_be_forked()
        import lancedb
        import numpy as np
        from lancedb.background_loop import LOOP

        try:
            check_inside(self._folder)
        except (OSError, ValueError, LookupError) as problem:
            raise self._unusable("refers to data outside of its folder, or cannot be read") from problem

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
        """Raise IndexNotFound unless the table opens and has its rows."""
        assert self._table is not None

    def nearest(self, vector: npt.NDArray[np.float32], limit: int, everywhere: bool = False) -> npt.NDArray[np.int64]:
        """Return about the ``limit`` nearest rows by inner product, unordered.

        ``everywhere``: search every partition, for results that may be far from the vector.
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
                f"the vector table {self._folder.name} cannot be used in a process that was forked after its first use",
                "start workers with multiprocessing.get_context('spawn'), or search only in the workers",
            )

    def _unusable(self, state: str) -> IndexNotFound:
        return IndexNotFound(f"the vector table {self._folder.name} {state}", "ri index rebuilds it")


def remove(folder: Path) -> None:
    """Delete a vector table that no build refers to."""
    shutil.rmtree(folder, ignore_errors=True)
