"""Sums over runs of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def segment_sums(
    table: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """One sum a segment: ``rows`` holds the table rows of all segments, ``lengths`` how many each has.

    A sparse matrix of ones times the table: no padding, no copy of the rows, and every segment is added up in
    its own order, whatever stands beside it.
    """
    from scipy.sparse import csr_array

    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    ones = np.ones(len(rows), dtype=table.dtype)
    return np.asarray(csr_array((ones, rows, ends), shape=(len(lengths), len(table))) @ table)


def segment_sums_of_few(
    table: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """The same to the last bit, for a question of a few words: it waits for no library to be loaded."""
    sums = np.zeros((len(lengths), table.shape[1]), dtype=table.dtype)
    np.add.at(sums, np.repeat(np.arange(len(lengths)), lengths), table[rows])
    return sums
