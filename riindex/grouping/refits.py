"""Refits of the groups, as stored in the file."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.clustering.refits import Refit
from riindex.algorithms.types import Ints
from riindex.store.database import Store


def read_refits(store: Store) -> tuple[Ints, list[Refit], Refit | None]:
    """Return positions of the documents among the kept ones, the refits, and the groups by text alone."""
    rows = store.columns("refit/read")
    numbers = rows["refit"]
    found: list[Refit] = []
    alone: Refit | None = None
    place = np.empty(0, np.int64)
    for number in np.unique(numbers):
        own = numbers == number
        place = rows["place"][own]
        one = Refit(rows["refit_label"][own].astype(np.int64), rows["drawn"][own].astype(bool), rows["margin"][own])
        if rows["by_text"][own][0]:
            alone = one
        else:
            found.append(one)
    return place.astype(np.int64), found, alone
