"""Sums over segments of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def segment_sums(
    table: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """Compute one sum a segment: ``rows`` holds the table rows of all segments, ``lengths`` their numbers.

    A sparse matrix of ones times the table: no padding, no copy of the rows, and every segment is added up in its own
    order, whatever other segments there are.
    """
    from scipy.sparse import csr_array

    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    ones = np.ones(len(rows), dtype=table.dtype)
    return np.asarray(csr_array((ones, rows, ends), shape=(len(lengths), len(table))) @ table)


def segment_sums_small(
    table: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """Compute the same to the last bit for a query of a few words, without loading SciPy."""
    sums = np.zeros((len(lengths), table.shape[1]), dtype=table.dtype)
    np.add.at(sums, np.repeat(np.arange(len(lengths)), lengths), table[rows])
    return sums
