"""A hash of every table: equal builds have equal digests, on one thread or two."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from duckdb import ColumnExpression, FunctionExpression

from riindex.store import Store, quoted

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

# Tables of times and paths, of how personas came by their numbers, and the digests themselves.
LEFT_OUT = frozenset({"build", "stage_run", "successions", "digests"})
# Bits of a float32's and a float64's fraction that five significant digits fill (10^-5 is about 2^-17).
FRACTION_BITS = 17
ROWS = 65_536
# Texts of a table, in bytes, above which its columns are hashed one after another, so many rows at a time: neither the
# sort nor a batch may hold all of them.
MOST_TEXT = 1 << 28
FEW_ROWS = 2_048
TEXT = "VARCHAR"


def table_digests(store: Store) -> dict[str, str]:
    """Table → hex digest of its rows, ordered by key, floats to five significant digits."""
    names = sorted(store.tables() - LEFT_OUT)
    return {name: _digest(store, name) for name in names}


def record(store: Store) -> None:
    """Write the table ``digests`` anew."""
    import pyarrow as pa

    found = table_digests(store)
    store.run("build/clear_digests")
    store.insert("build/digests", pa.table({"table_name": list(found), "digest": list(found.values())}))


def _digest(store: Store, table: str) -> str:
    hasher = hashlib.blake2b(digest_size=16)
    relation = store.table(table)
    hasher.update("\0".join(relation.columns).encode())
    long = _text_bytes(relation) > MOST_TEXT
    keys = [name for name, kind in zip(relation.columns, relation.types, strict=True) if _orders(str(kind))]
    if _in_order(relation, keys):
        keys = []
    elif long:
        keys = _unique_prefix(relation, keys)
    if long:
        _hash_by_column(_ordered(relation, keys), hasher)
    else:
        for batch in _ordered(relation, keys).to_arrow_reader(ROWS):
            for column in batch.columns:
                _update(hasher, column)
    return hasher.hexdigest()


def _ordered(relation: duckdb.DuckDBPyRelation, keys: Sequence[str]) -> duckdb.DuckDBPyRelation:
    return relation.order(", ".join(map(quoted, keys))) if keys else relation


def _text_bytes(relation: duckdb.DuckDBPyRelation) -> int:
    """Return the bytes of all texts of a table."""
    texts = [
        FunctionExpression("sum", FunctionExpression("strlen", ColumnExpression(name)))
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind) == TEXT
    ]
    return sum(int(found or 0) for found in relation.aggregate(texts).fetchall()[0]) if texts else 0


def _in_order(relation: duckdb.DuckDBPyRelation, keys: Sequence[str]) -> bool:
    """Whether the rows lie in strict order of an integer key already, as most tables are written: no sort is needed."""
    import numpy as np

    if not keys or str(relation.types[relation.columns.index(keys[0])]) not in ("BIGINT", "INTEGER"):
        return False
    last = None
    for batch in relation.select(ColumnExpression(keys[0])).to_arrow_reader(ROWS):
        column = batch.column(0)
        values = np.asarray(column) if not column.null_count else None
        if values is None or (np.diff(values) <= 0).any() or (last is not None and values[0] <= last):
            return False
        last = values[-1]
    return True


def _unique_prefix(relation: duckdb.DuckDBPyRelation, keys: list[str]) -> list[str]:
    """Return the first keys that no two rows share: the order by them is the order by all, without the texts."""
    (rows,) = relation.aggregate("count(*)").fetchall()[0]
    for n in range(1, len(keys)):
        if relation.select(*map(ColumnExpression, keys[:n])).distinct().aggregate("count(*)").fetchall() == [(rows,)]:
            return keys[:n]
    return keys


def _hash_by_column(relation: duckdb.DuckDBPyRelation, hasher: Any) -> None:
    """Hash the same bytes as from whole batches of ROWS, texts a few rows at a time: each may be long."""
    (rows,) = relation.aggregate("count(*)").fetchall()[0]
    for start in range(0, rows, ROWS):
        for name, kind in zip(relation.columns, relation.types, strict=True):
            column = ColumnExpression(name)
            if str(kind) != TEXT:
                part = relation.select(column).limit(ROWS, offset=start)
                _update(hasher, part.to_arrow_table().combine_chunks().column(0).chunk(0))
                continue
            lengths = relation.select(FunctionExpression("strlen", column)).limit(ROWS, offset=start)
            _hash_lengths(hasher, lengths.to_arrow_table().combine_chunks().column(0).chunk(0))
            for batch in relation.select(column).limit(ROWS, offset=start).to_arrow_reader(FEW_ROWS):
                _hash_content(hasher, batch.column(0))


def _orders(kind: str) -> bool:
    """Whether rows are put in order by a column of this type: ids and texts are, figures and vectors are not."""
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


def _hash_lengths(hasher: Any, lengths: pa.Array) -> None:
    """Hash what stands before the content of texts: how many they are, which are NULL, and the bytes of each."""
    import numpy as np

    _hash_nulls(hasher, lengths)
    hasher.update(np.asarray(lengths.fill_null(0), np.int64).tobytes())


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
    """Floats rounded to FRACTION_BITS binary digits, ties to even: five significant decimal ones."""
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
