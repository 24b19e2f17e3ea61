"""Arrays as Arrow columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def matrix_column(matrix: npt.NDArray[np.float32]) -> pa.Array:
    """Return a float32 matrix as an Arrow column of fixed-size lists, sharing its memory."""
    import numpy as np
    import pyarrow as pa

    flat = pa.array(np.ascontiguousarray(matrix, dtype=np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1])


def vector_table(doc_ids: Sequence[int] | npt.NDArray[np.int64], matrix: npt.NDArray[np.float32]) -> pa.Table:
    """Return document ids and their vectors as an Arrow table."""
    import pyarrow as pa

    return pa.table({"doc_id": pa.array(doc_ids, pa.int64()), "vector": matrix_column(matrix)})


def string_array(values: Sequence[str | None]) -> pa.Array:
    """Return an Arrow array of strings; ``pa.array`` would import pandas, where that is installed, for a second."""
    import pyarrow as pa

    builder = pa.lib.StringBuilder()
    builder.append_values(values)
    return builder.finish()
