"""Quantisation of tables to eight bits a number, one scale a row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

INT8_MAX = 127  # symmetric: -128 is not used


def quantise_rows(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return integers and scales with ``integers * scales[:, None]`` nearest to ``table``.

    A row of zeros has scale 0.
    """
    scales = (np.abs(table).max(axis=1) / INT8_MAX).astype(np.float32)
    safe = np.where(scales > 0, scales, 1.0).astype(np.float32)
    return np.rint(table / safe[:, None]).astype(np.int8), scales


def restore_rows(integers: npt.NDArray[np.generic], scales: npt.NDArray[np.floating] | None) -> npt.NDArray[np.float32]:
    """Return the float32 table that ``quantise_rows`` was given, to within half a step."""
    table = integers.astype(np.float32)
    if scales is not None:
        table *= scales.astype(np.float32)[:, None]
    return table
