"""Near-duplicates without comparing every pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Bools, Floats, Ints

# Up to so many rows every pair is compared; above, rows share cells of about CELL_ROWS.
EXACT_ROWS = 4_000
# 700 cells for 535,930 vectors were measured at 24 s on two cores; the ratio is kept.
CELL_ROWS = 750
# Each row is searched for in its two nearest cells: a pair above 0.95 seldom shares neither.
CELLS_PER_ROW = 2
# Pairs kept per row and cell, the earliest: a flood of copies would otherwise give n² pairs.
PAIR_LIMIT = 64
# Rows that train the cells, per cell, and the rounds of Lloyd's algorithm that they get.
TRAINING_ROWS = 40
TRAINING_ROUNDS = 8

# Of pairs of rows (later, earlier): True for those that may be near-duplicates.
Agreement = Callable[[Ints, Ints], Bools]
# Later and earlier rows, their similarity; and the rows that have more pairs.
Pairs = tuple[Ints, Ints, Floats, Ints]
_NO_ROWS = np.empty(0, np.int64)
NO_PAIRS: Pairs = (_NO_ROWS, _NO_ROWS, np.empty(0, np.float32), _NO_ROWS)


@dataclass(frozen=True)
class NearDuplicates:
    """Pairs of near-duplicates: row ``dropped[i]`` repeats the earlier, kept row ``kept[i]``.

    ``similarity[i]`` is their cosine.
    """

    dropped: Ints
    kept: Ints
    similarity: Floats


def near_duplicates(
    vectors: Floats, threshold: float, seed: int = 42, workers: Workers = ONE_WORKER, agree: Agreement | None = None
) -> NearDuplicates:
    """Find the rows that repeat an earlier row at a cosine above ``threshold``, if the pair also meets ``agree``.

    ``vectors``: unit rows, float32 (n, d). Greedy in row order, as the published cleaning did: a row is dropped if an
    earlier row that is kept is that near; its twin is the nearest such. The same rows for any thread count.
    """
    if not len(vectors):
        return greedy_duplicates(0, lambda alive, open_rows: NO_PAIRS)
    cells = _cells(vectors, seed, workers)
    return greedy_duplicates(
        len(vectors), lambda alive, open_rows: _pairs(vectors, cells, alive, open_rows, threshold, workers, agree)
    )


def greedy_duplicates(rows: int, pairs: Callable[[Bools, Ints], Pairs]) -> NearDuplicates:
    """Drop, in row order, each row that is near an earlier one that is kept.

    ``pairs(alive, open_rows)`` returns (later, earlier, similarity) of near rows in ``alive``, the later of each in
    ``open_rows``, and the rows whose lists were cut.
    """
    every = np.arange(rows)
    kept, open_rows, seen = np.ones(rows, bool), every, [NO_PAIRS[:3]]
    while len(open_rows):
        later, earlier, similarity, full = pairs(kept, open_rows)
        seen.append((later, earlier, similarity))
        before = int(kept.sum())
        kept = _kept_rows(kept, later, earlier)
        # A kept row whose list was cut may have a kept neighbour beyond the cut: it is searched for among the kept.
        open_rows = full[kept[full]] if int(kept.sum()) < before else full[:0]
    # Rows whose neighbours were dropped in a later pass have another, or stay.
    lost = np.setdiff1d(every[~kept], _twins(kept, seen)[0])
    if len(lost):
        alive = kept.copy()
        alive[lost] = True
        seen.append(pairs(alive, lost)[:3])
        kept[np.setdiff1d(lost, _twins(kept, seen)[0])] = True
    return NearDuplicates(*_twins(kept, seen))


def _twins(kept: Bools, seen: Sequence[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    """Return the dropped rows that have a kept neighbour, the nearest of these, the earliest among equals."""
    later, earlier, similarity = (np.concatenate(part) for part in zip(*seen, strict=True))
    twin = kept[earlier] & ~kept[later]
    later, earlier, similarity = later[twin], earlier[twin], similarity[twin]
    order = np.lexsort((earlier, -similarity, later))
    later, earlier, similarity = later[order], earlier[order], similarity[order]
    first = np.unique(later, return_index=True)[1]
    return later[first], earlier[first], similarity[first]


def _pairs(
    vectors: Floats,
    cells: list[Ints],
    alive: Bools,
    open_rows: Ints,
    threshold: float,
    workers: Workers,
    agree: Agreement | None,
) -> Pairs:
    """Return (later, earlier, similarity) of near rows in ``alive``, and the rows whose lists were cut.

    ``open_rows``: those searched for as the later of a pair.
    """
    is_open = np.zeros(len(vectors), bool)
    is_open[open_rows] = True

    def within(cell: Ints) -> Pairs:
        members = cell[alive[cell]]
        places = np.flatnonzero(is_open[members])
        found = [_near_earlier(vectors, members, places[span], threshold, agree) for span in spans(len(places), 1_024)]
        return _concatenated(found)

    later, earlier, similarity, full = _concatenated(workers.map(within, cells))
    _, unique = np.unique(later * len(vectors) + earlier, return_index=True)
    return later[unique], earlier[unique], similarity[unique], np.unique(full)


def _concatenated(parts: list[Pairs]) -> Pairs:
    later, earlier, similarity, full = (np.concatenate(part) for part in zip(NO_PAIRS, *parts, strict=True))
    return later, earlier, similarity, full


def _near_earlier(vectors: Floats, members: Ints, places: Ints, threshold: float, agree: Agreement | None) -> Pairs:
    """Find pairs of the members at ``places``, in order, with members before them; and rows above PAIR_LIMIT."""
    block, candidates = members[places], members[: places[-1] + 1]
    product = vectors[block] @ vectors[candidates].T
    # Near pairs are few: they are listed first, and sorted out then.
    row, column = np.divmod(np.flatnonzero(product > threshold), len(candidates))
    found = column < places[row]
    row, column = row[found], column[found]
    if agree is not None:
        # Before the limit: what only sounds alike to the encoder must not displace a copy.
        found = agree(block[row], candidates[column])
        row, column = row[found], column[found]
    counts = np.bincount(row, minlength=len(block))
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = row[place < PAIR_LIMIT], column[place < PAIR_LIMIT]
    return block[row], candidates[column], product[row, column], block[counts > PAIR_LIMIT]


def _cells(vectors: Floats, seed: int, workers: Workers) -> list[Ints]:
    """Return the members of each cell, in row order; every row is in its CELLS_PER_ROW nearest cells."""
    rows = np.arange(len(vectors))
    if len(rows) <= EXACT_ROWS:
        return [rows]
    centres = _centres(vectors, max(2, len(rows) // CELL_ROWS), seed)
    if len(centres) <= CELLS_PER_ROW:
        return [rows]
    half = 0.5 * np.einsum("ij,ij->i", centres, centres)

    def nearest(span: slice) -> npt.NDArray[np.int32]:
        # On the unit sphere the nearest centre has the largest product less half its squared length.
        distance = half - vectors[span] @ centres.T
        return np.argpartition(distance, CELLS_PER_ROW, axis=1)[:, :CELLS_PER_ROW].astype(np.int32)

    cell = np.concatenate(workers.map(nearest, spans(len(rows)))).reshape(-1)
    members = np.repeat(rows, CELLS_PER_ROW)
    order = np.lexsort((members, cell))
    starts = np.flatnonzero(np.diff(cell[order])) + 1
    return np.split(members[order], starts)


def _centres(vectors: Floats, count: int, seed: int) -> Floats:
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(seed)
    size = min(len(vectors), count * TRAINING_ROWS)
    sample = np.unique(vectors[np.sort(rng.choice(len(vectors), size, replace=False))], axis=0)
    count = min(count, max(1, len(sample) // 4))
    model = KMeans(count, init="random", n_init=1, max_iter=TRAINING_ROUNDS, random_state=seed, algorithm="lloyd")
    centres: list[Floats] = ONE_WORKER.map(lambda rows: model.fit(rows).cluster_centers_, [sample])
    return centres[0]


def _kept_rows(alive: Bools, later: Ints, earlier: Ints) -> Bools:
    """Find the rows that stay: those without an earlier neighbour that stays; decided in rounds, each at once."""
    rows, kept = len(alive), alive.copy()
    undecided = np.zeros(rows, bool)
    undecided[later] = True
    while undecided.any():
        hit = np.zeros(rows, bool)
        hit[later[kept[earlier] & ~undecided[earlier]]] = True
        waiting = np.zeros(rows, bool)
        waiting[later[undecided[earlier]]] = True
        drop = undecided & hit
        stay = undecided & ~hit & ~waiting
        kept[drop] = False
        undecided &= ~(drop | stay)
        open_pairs = undecided[later]
        later, earlier = later[open_pairs], earlier[open_pairs]
    return kept
