"""Persona of each group."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.types import Ints
from riindex.store.database import Store


def persona_numbers(store: Store) -> Ints:
    """Return the persona of each group of the fit, with merges by hand applied."""
    found = np.array([number for _, number in store.rows("succeed/numbers")], np.int64)
    for gone, into in store.rows("succeed/merges"):
        # A persona that was merged into one without a successor stays as it is.
        if (found == into).any():
            found[found == gone] = into
    return found
