"""A hash of every table: equal builds have equal digests, on one thread or two."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from riindex.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

# Tables of times and paths, of how personas came by their numbers, and the digests themselves.
LEFT_OUT = frozenset({"build", "stage_run", "successions", "digests"})
# Bits of a float32's and a float64's fraction that five significant digits fill (10^-5 is about 2^-17).
FRACTION_BITS = 17
ROWS = 65_536


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
    relation = store.table(table)
    keys = [name for name, kind in zip(relation.columns, relation.types, strict=True) if _orders(str(kind))]
    ordered = relation.order(", ".join('"' + key.replace('"', '""') + '"' for key in keys)) if keys else relation
    hasher = hashlib.blake2b(digest_size=16)
    hasher.update("\0".join(relation.columns).encode())
    for batch in ordered.to_arrow_reader(ROWS):
        for column in batch.columns:
            _update(hasher, column)
    return hasher.hexdigest()


def _orders(kind: str) -> bool:
    """Whether rows are put in order by a column of this type: ids and texts are, figures and vectors are not."""
    return not kind.startswith(("FLOAT", "DOUBLE", "REAL")) and not kind.endswith("]")


def _update(hasher: Any, column: pa.Array) -> None:
    import numpy as np
    import pyarrow as pa

    kind = column.type
    hasher.update(str(len(column)).encode())
    hasher.update(np.packbits(np.asarray(column.is_valid())).tobytes())
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
        _, places, content = texts.buffers()
        if places is None:
            return
        offsets = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        hasher.update(np.diff(offsets).tobytes())
        if content is not None:
            hasher.update(memoryview(content)[offsets[0] : offsets[-1]])


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
