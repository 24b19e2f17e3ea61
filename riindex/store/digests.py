"""Digests of tables: equal builds have equal digests, with any number of threads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from riindex.store.database import Store
from riindex.store.statements import quoted

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Places = npt.NDArray[np.int64]


# Tables of times and paths, of the history of persona numbers, and the digests themselves.
EXCLUDED_TABLES = frozenset({"build", "stage_run", "successions", "digests"})
# Bits of a float32's and a float64's fraction that five significant digits fill (10^-5 is about 2^-17).
FRACTION_BITS = 17
BATCH_ROWS = 65_536
# Bytes of texts in a table above which its columns are hashed one after another, because neither a sort nor a batch
# may hold all of them; and the bytes that are read at a time.
MAX_TEXT_BYTES = 1 << 28
BATCH_BYTES = 1 << 26
# Text length is sampled at so many places, so many rows each; DuckDB would read 2,048 rows to measure one.
SAMPLE_PLACES = 16
SAMPLE_ROWS = 16
TEXT_TYPE = "VARCHAR"


def table_digests(store: Store) -> dict[str, str]:
    """Return table → hex digest of its rows, ordered by key, floats to five significant digits."""
    names = sorted(store.tables() - EXCLUDED_TABLES)
    return {name: _digest(store, name) for name in names}


def record(store: Store) -> None:
    """Rewrite the table ``digests``."""
    import pyarrow as pa

    found = table_digests(store)
    store.run("build/clear_digests")
    store.insert("build/digests", pa.table({"table_name": list(found), "digest": list(found.values())}))


def _digest(store: Store, table: str) -> str:
    hasher = hashlib.blake2b(digest_size=16)
    relation = store.table(table)
    hasher.update("\0".join(relation.columns).encode())
    keys = [name for name, kind in zip(relation.columns, relation.types, strict=True) if _orders(str(kind))]
    places = _places(relation, keys)
    if places is not None:
        at_once = _rows_at_once(relation, keys[0], places)
        if at_once < len(places):
            _hash_by_column(relation, keys[0], places, at_once, hasher)
            return hasher.hexdigest()
    # Rows that are stored in order need no sort.
    ordered = relation.order(", ".join(map(quoted, keys))) if keys and places is None else relation
    for batch in _batches(ordered.to_arrow_reader(BATCH_ROWS)):
        for column in batch.columns:
            _update(hasher, column)
    return hasher.hexdigest()


def _batches(reader: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches of BATCH_ROWS; DuckDB returns unsorted rows with gaps where some were deleted."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    for batch in reader:
        held.append(batch)
        while sum(map(len, held)) >= BATCH_ROWS:
            whole = pa.Table.from_batches(held).combine_chunks()
            yield from whole.slice(0, BATCH_ROWS).to_batches()
            held = whole.slice(BATCH_ROWS).to_batches()
    if held:
        yield from pa.Table.from_batches(held).combine_chunks().to_batches()


def _places(relation: duckdb.DuckDBPyRelation, keys: Sequence[str]) -> Places | None:
    """Return the values of the first key if it is an integer that strictly ascends from row to row, else None."""
    import numpy as np

    if not keys or str(relation.types[relation.columns.index(keys[0])]) not in ("BIGINT", "INTEGER"):
        return None
    column = relation.select(ColumnExpression(keys[0])).to_arrow_table().column(0)
    if column.null_count:
        return None
    values = np.asarray(column, np.int64)
    return None if (np.diff(values) <= 0).any() else values


def _rows_at_once(relation: duckdb.DuckDBPyRelation, key: str, places: Places) -> int:
    """Return the number of rows to read at a time: all, unless the texts of a sample or of all rows are long."""
    texts = [
        FunctionExpression("sum", FunctionExpression("strlen", ColumnExpression(name)))
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind) == TEXT_TYPE
    ]
    if not texts or not len(places):
        return len(places)

    def size(part: duckdb.DuckDBPyRelation) -> int:
        return sum(int(found or 0) for found in part.aggregate(texts).fetchall()[0])

    step = max(1, len(places) // SAMPLE_PLACES)
    starts = range(0, len(places), step)
    sampled = sum(size(_between(relation, key, places[start : start + SAMPLE_ROWS])) for start in starts)
    mean = sampled / sum(len(places[start : start + SAMPLE_ROWS]) for start in starts)
    if mean * len(places) <= MAX_TEXT_BYTES:
        mean = size(relation) / len(places)
    return len(places) if mean * len(places) <= MAX_TEXT_BYTES else max(SAMPLE_ROWS, int(BATCH_BYTES / mean))


def _between(relation: duckdb.DuckDBPyRelation, key: str, places: Places) -> duckdb.DuckDBPyRelation:
    """Return the rows of some keys; with a condition on another column DuckDB reads only their texts, not 2,048."""
    first, last = ConstantExpression(int(places[0])), ConstantExpression(int(places[-1]))
    return relation.filter(ColumnExpression(key).between(first, last))


def _hash_by_column(relation: duckdb.DuckDBPyRelation, key: str, places: Places, at_once: int, hasher: Any) -> None:
    """Hash the same bytes as from whole batches of BATCH_ROWS, but ``at_once`` texts at a time: each may be long."""
    import numpy as np
    import pyarrow as pa

    def read(value: duckdb.Expression, rows: Places) -> pa.Array:
        found = _between(relation, key, rows).select(value).to_arrow_table().combine_chunks().column(0)
        return found.chunk(0) if found.num_chunks else pa.array([], found.type)

    for start in range(0, len(places), BATCH_ROWS):
        rows = places[start : start + BATCH_ROWS]
        parts = [rows[first : first + at_once] for first in range(0, len(rows), at_once)]
        for name, kind in zip(relation.columns, relation.types, strict=True):
            column = ColumnExpression(name)
            if str(kind) != TEXT_TYPE:
                _update(hasher, read(column, rows))
                continue
            lengths = pa.concat_arrays([read(FunctionExpression("strlen", column), part) for part in parts])
            _hash_nulls(hasher, lengths)
            hasher.update(np.asarray(lengths.fill_null(0), np.int64).tobytes())
            for part in parts:
                _hash_content(hasher, read(column, part))


def _orders(kind: str) -> bool:
    """Return True if rows are sorted by columns of this type: ids and texts, not figures and vectors."""
    return not kind.startswith(("FLOAT", "DOUBLE", "REAL")) and not kind.endswith("]")


def _update(hasher: Any, column: pa.Array) -> None:
    import numpy as np
    import pyarrow as pa

    kind = column.type
    _hash_nulls(hasher, column)
    if pa.types.is_fixed_size_list(kind) or pa.types.is_list(kind):
        _update(hasher, column.flatten())
    elif pa.types.is_floating(kind):
        values = np.asarray(column.fill_null(0)) if column.null_count else np.asarray(column)
        hasher.update(rounded(values).tobytes())
    elif pa.types.is_integer(kind):
        hasher.update(np.asarray(column.fill_null(0) if column.null_count else column).tobytes())
    elif pa.types.is_boolean(kind):
        hasher.update(np.asarray(column.cast(pa.int8()).fill_null(0)).tobytes())
    else:
        texts = column.cast(pa.large_string())
        offsets = _offsets(texts)
        if offsets is not None:
            hasher.update(np.diff(offsets).tobytes())
            _hash_content(hasher, texts)


def _hash_nulls(hasher: Any, column: pa.Array) -> None:
    import numpy as np

    hasher.update(str(len(column)).encode())
    hasher.update(np.packbits(np.asarray(column.is_valid())).tobytes())


def _hash_content(hasher: Any, texts: pa.Array) -> None:
    import pyarrow as pa

    texts = texts.cast(pa.large_string())
    offsets, content = _offsets(texts), texts.buffers()[2]
    if offsets is not None and content is not None:
        hasher.update(memoryview(content)[offsets[0] : offsets[-1]])


def _offsets(texts: pa.Array) -> npt.NDArray[np.int64] | None:
    import numpy as np

    places = texts.buffers()[1]
    return None if places is None else np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]


def rounded(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return floats rounded to FRACTION_BITS binary digits, ties to even: five significant decimal digits."""
    import numpy as np

    if values.dtype != np.float32:
        fraction, exponent = np.frexp(np.asarray(values, np.float64))
        kept = np.round(fraction * 2.0**FRACTION_BITS)
        return np.asarray(np.ldexp(kept, exponent - FRACTION_BITS) + 0.0, np.float32)
    # The same on the bits themselves, five times as fast: the vectors of half a million posts are 133 million floats.
    dropped = 24 - FRACTION_BITS
    bits = values.view(np.uint32)
    up = (bits >> np.uint32(dropped)) & np.uint32(1)
    up += bits
    up += np.uint32(2 ** (dropped - 1) - 1)
    up &= np.uint32(2**32 - 2**dropped)
    return up.view(np.float32) + np.float32(0)
