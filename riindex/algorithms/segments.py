"""Sums over runs of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def segment_sums(
    table: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """One sum a segment: ``rows`` holds the table rows of all segments, ``lengths`` how many each has.

    All first rows are added, then all second rows, and so on: no padding, one pass over the output a position,
    and every segment is added up in its own order, whatever stands beside it.
    """
    longest_first = np.argsort(-lengths, kind="stable")
    sizes = lengths[longest_first]
    begins = (np.cumsum(lengths) - lengths)[longest_first]
    sums = np.zeros((len(lengths), table.shape[1]), dtype=np.float32)
    reaching = len(sizes) - np.searchsorted(sizes[::-1], np.arange(sizes[0] if len(sizes) else 0), side="right")
    for position, count in enumerate(reaching):
        sums[:count] += table[rows[begins[:count] + position]]
    out = np.empty_like(sums)
    out[longest_first] = sums
    return out
