"""Sets of words of texts: how much two share, and the pairs that share most of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from riindex.algorithms.near_duplicates import NO_PAIRS, PAIR_LIMIT, Agreement, NearDuplicates, Pairs, greedy_duplicates
from riindex.algorithms.parallel import ONE_WORKER, Workers, spans
from riindex.algorithms.types import Bools, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Words are numbers below this, the hashes of their letters.
WORD_NUMBERS = 2**31 - 1
# Pairs compared at a time, and rows whose partners are looked for at a time: some hundred bytes each.
PAIRS_COMPARED = 200_000
ROWS_SEARCHED = 256
# Two sets of fewer words may be equal by accident.
MIN_SHARED = 2


@dataclass(frozen=True)
class WordSets:
    """Sets of words, one a row: ``members`` (n, WORD_NUMBERS) has a one for every word of a row."""

    members: csr_array

    @classmethod
    def of(cls, words: Ints, ends: Ints) -> WordSets:
        """Return the sets of rows whose numbers stand one after another, sorted, each row's up to its ``ends``."""
        from scipy.sparse import csr_array

        starts = np.concatenate([[0], ends]).astype(np.int64)
        ones = np.ones(len(words), np.int32)
        sets = csr_array((ones, words.astype(np.int32), starts), shape=(len(ends), WORD_NUMBERS))
        sets.has_canonical_format = True
        return cls(sets)

    def __len__(self) -> int:
        return int(self.members.shape[0])

    def take(self, rows: Ints) -> WordSets:
        """Return the sets of some rows, in their order."""
        return WordSets(self.members[rows])

    @cached_property
    def sizes(self) -> Ints:
        """Number of words of every row."""
        sizes: Ints = np.diff(self.members.indptr).astype(np.int64)
        return sizes

    def jaccard(self, left: Ints, right: Ints) -> Floats:
        """Compute words in common / words in either, of pairs of rows; 0 where fewer than MIN_SHARED are in common."""
        shared = self._shared(left, right)
        either = self.sizes[left] + self.sizes[right] - shared
        # A text of a single word can agree in no more.
        needed = np.minimum(MIN_SHARED, np.maximum(self.sizes[left], self.sizes[right]))
        return np.where((shared >= needed) & (shared > 0), shared / np.maximum(either, 1), 0).astype(np.float32)

    def _shared(self, left: Ints, right: Ints) -> Ints:
        shared = np.empty(len(left), np.int64)
        for span in spans(len(left), PAIRS_COMPARED):
            shared[span] = self.members[left[span]].multiply(self.members[right[span]]).sum(axis=1)
        return shared

    def contained(self, left: Ints, right: Ints) -> Floats:
        """Compute words in common / words of the smaller set, of pairs of rows; 1 where that has none."""
        smaller = np.minimum(self.sizes[left], self.sizes[right])
        return np.where(smaller > 0, self._shared(left, right) / np.maximum(smaller, 1), 1).astype(np.float32)

    def most_frequent(self, words: Ints, groups: Ints, least: int) -> Ints:
        """Return of each row the group with the most of its words; -1 for fewer than ``least``, or a tie.

        ``words``: numbers in any order, the i-th of them in group ``groups[i]``, from 0.
        """
        from scipy.sparse import csr_array

        known, place = np.unique(words, return_inverse=True)
        column = np.minimum(np.searchsorted(known, self.members.indices), max(len(known) - 1, 0))
        hit = known[column] == self.members.indices
        row = np.repeat(np.arange(len(self)), self.sizes)[hit]
        said = csr_array((np.ones(len(row), np.int32), (row, column[hit])), shape=(len(self), len(known)))
        of_group = csr_array((np.ones(len(words), np.int32), (place, groups)))
        found = np.full(len(self), -1, np.int64)
        for span in spans(len(self)):
            counts = (said[span] @ of_group).toarray()
            best = counts.argmax(axis=1)
            most = counts.max(axis=1)
            alone = (counts == most[:, None]).sum(axis=1) == 1
            found[span] = np.where((most >= least) & alone, best, -1)
        return found

    def near_duplicates(
        self, threshold: float, workers: Workers = ONE_WORKER, agree: Agreement | None = None
    ) -> NearDuplicates:
        """Find the rows that share ``threshold`` of the words with an earlier row, which stays; in row order.

        ``agree``: what a pair has to meet besides.
        """
        return greedy_duplicates(
            len(self), lambda alive, rows: self.pairs(alive, rows, threshold, PAIR_LIMIT, workers, agree)
        )

    def pairs(
        self,
        alive: Bools,
        open_rows: Ints,
        threshold: float,
        limit: int,
        workers: Workers = ONE_WORKER,
        agree: Agreement | None = None,
    ) -> Pairs:
        """Find (later, earlier, Jaccard) of ``open_rows`` with earlier rows in ``alive`` at ``threshold`` or more.

        The ``limit`` earliest of each row; also return the rows that have more. Exact: sets that share so much share
        one of the rarest words of each (prefix filtering, Chaudhuri et al. 2006; Bayardo et al. 2007).
        """
        rows = np.flatnonzero(alive)
        partners = self._prefixes(threshold)
        by_word = partners[rows].T.tocsr()

        def search(span: slice) -> Pairs:
            block = open_rows[span]
            found = (partners[block] @ by_word).tocoo()
            later, earlier = block[found.coords[0]], rows[found.coords[1]]
            before = earlier < later
            later, earlier = later[before], earlier[before]
            order = np.lexsort((earlier, later))
            later, earlier = later[order], earlier[order]
            jaccard = self.jaccard(later, earlier)
            near = jaccard >= threshold
            if agree is not None:
                near[near] = agree(later[near], earlier[near])
            later, earlier, jaccard = later[near], earlier[near], jaccard[near]
            place = np.arange(len(later)) - np.searchsorted(later, later)
            return (
                later[place < limit],
                earlier[place < limit],
                jaccard[place < limit],
                np.unique(later[place >= limit]),
            )

        parts = workers.map(search, spans(len(open_rows), ROWS_SEARCHED))
        later, earlier, jaccard, full = (np.concatenate(part) for part in zip(NO_PAIRS, *parts, strict=True))
        return later, earlier, jaccard, full

    def _prefixes(self, threshold: float) -> csr_array:
        """Return the rarest words of each set, as many as one that shares ``threshold`` of all cannot avoid."""
        from scipy.sparse import csr_array

        _, place, counts = np.unique(self.members.indices, return_inverse=True, return_counts=True)
        rank = np.empty(len(counts), np.int64)
        rank[np.lexsort((np.arange(len(counts)), counts))] = np.arange(len(counts))
        row = np.repeat(np.arange(len(self)), self.sizes)
        order = np.lexsort((rank[place], row))
        starts = np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        needed = np.array([size - ceil(threshold * size) + 1 for size in range(int(self.sizes.max(initial=0)) + 1)])
        rare = np.arange(len(order)) - starts < needed[self.sizes[row]]
        words, rows = rank[place][order][rare], row[rare]
        shape = (len(self), max(1, len(counts)))
        return csr_array((np.ones(len(words), np.int32), (rows, words)), shape=shape)
