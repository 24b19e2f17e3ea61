"""Questions about a collection as a whole: what it repeats and lacks, and how good its personas are."""

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
        """Return documents that say the same, as pairs and as groups with the one to keep; ``threshold``: a cosine."""
        from riindex.ask import collection

        return collection.redundant(self.store, collection.MIN_SIMILARITY if threshold is None else threshold)

    def diversity(self) -> Diversity:
        """Return how different the documents are as a whole, and each one's nearest, distance and what it adds."""
        from riindex.ask import collection

        return collection.diversity(self.store)

    def gaps(self, first: str, second: str, expected: Mapping[str, Mapping[str, float]] | None = None) -> Gaps:
        """Return which pairs of labels of two dimensions are missing, against uniform or ``expected`` shares."""
        from riindex.ask import collection

        return collection.gaps(self.store, first, second, expected)

    def select(self, count: int, method: str = "k-centre", balance: str | None = None) -> list[dict[str, Any]]:
        """Return ``count`` documents that stand for all, evenly by ``balance`` (persona or a dimension)."""
        from riindex.ask import collection

        return collection.select(self.store, count, method, balance)

    def quality(self) -> dict[str, Any]:
        """Return how good the personas are: ``overall`` figures with ``definitions``, and each of ``personas``.

        A persona has a ``verdict`` (solid, usable, fragile) with its ``reason`` beside its figures, which the comments
        of the table persona_quality explain; ``calibration`` compares confidence with what was found.
        """
        from riindex.ask import personas

        return personas.quality(self.store)

    def ablation(self, refits: int = 5, progress: Callable[[str], None] | None = None) -> list[Fusion]:
        """Return the build's method under 100, 75, 50 and 0 % text: coherence, and agreement of so many refits."""
        from riindex.algorithms.parallel import Workers
        from riindex.ask import diagnostics
        from riindex.store.guard import positive

        return diagnostics.ablation(self.store, positive(refits), Workers.all(self._threads), progress)

    def granularity(
        self, refits: int | None = None, progress: Callable[[str], None] | None = None, again: bool = False
    ) -> Curve:
        """Return every level of the method's own granularity, refitted on so many draws (10), and its cliffs.

        Where ``ri quality --curve`` kept it in the index, that is the answer, unless another number of refits is asked
        for, or it ``again``.
        """
        from riindex.algorithms.parallel import Workers
        from riindex.grouping.curve import granularity
        from riindex.store.guard import positive

        draws = None if refits is None else positive(refits)
        return granularity(self.store, draws, Workers.all(self._threads), progress, again)
