"""Methods of an index about the collection as a whole: redundancy, gaps, diversity, quality of the personas."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riindex.ask.collection import Diversity, Gaps, Redundancy
    from riindex.ask.diagnostics import Fusion
    from riindex.grouping.curve import Curve
    from riindex.store.database import Store


class CollectionCalls(ABC):
    """Redundancy, diversity, gaps and subsets of the documents, and the quality of the personas, of an open file."""

    _threads: int

    @property
    @abstractmethod
    def store(self) -> Store:
        """Open file."""

    def redundant(self, threshold: float | None = None) -> Redundancy:
        """Return near-duplicate documents, as pairs and as groups with the one to keep; ``threshold``: a cosine."""
        from riindex.ask import collection

        return collection.redundant(self.store, collection.MIN_SIMILARITY if threshold is None else threshold)

    def diversity(self) -> Diversity:
        """Return the diversity of all documents, and the nearest, distance and contribution of each."""
        from riindex.ask import collection

        return collection.diversity(self.store)

    def gaps(self, first: str, second: str, expected: Mapping[str, Mapping[str, float]] | None = None) -> Gaps:
        """Return the pairs of labels of two dimensions that are missing, against uniform or ``expected`` shares."""
        from riindex.ask import collection

        return collection.gaps(self.store, first, second, expected)

    def select(self, count: int, method: str = "k-centre", balance: str | None = None) -> list[dict[str, Any]]:
        """Return ``count`` documents that represent all, evenly by ``balance`` (persona or a dimension)."""
        from riindex.ask import collection

        return collection.select(self.store, count, method, balance)

    def quality(self) -> dict[str, Any]:
        """Return the quality of the personas: ``overall`` figures with ``definitions``, and those of ``personas``.

        A persona has a ``verdict`` (solid, usable, fragile) with its ``reason``, and figures that the comments of the
        table persona_quality define; ``calibration`` compares confidence with accuracy in refits.
        """
        from riindex.ask import personas

        return personas.quality(self.store)

    def ablation(self, refits: int = 5, progress: Callable[[str], None] | None = None) -> list[Fusion]:
        """Return the build's method with 100, 75, 50 and 0 % text: coherence, and agreement of ``refits`` refits."""
        from riindex.algorithms.parallel import Workers
        from riindex.ask import diagnostics
        from riindex.store.guard import positive

        return diagnostics.ablation(self.store, positive(refits), Workers.all(self._threads), progress)

    def granularity(
        self, refits: int | None = None, progress: Callable[[str], None] | None = None, again: bool = False
    ) -> Curve:
        """Return every level of the method's own granularity, refitted on ``refits`` draws (10), and its cliffs.

        A curve that ``ri quality --curve`` stored in the index is returned, unless another number of refits is
        requested or ``again`` is set.
        """
        from riindex.algorithms.parallel import Workers
        from riindex.grouping.curve import granularity
        from riindex.store.guard import positive

        draws = None if refits is None else positive(refits)
        return granularity(self.store, draws, Workers.all(self._threads), progress, again)
