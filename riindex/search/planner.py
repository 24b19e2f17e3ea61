"""Plan of a search: cost estimates, and the reason for the choice."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Costs:
    """Milliseconds to read a vector on two cores, by tests/bench/search.py; only their proportions matter.

    ``scan``: if nearly all are read; ``gather``: if one of many is read.
    """

    scan: float
    gather: float


FILE = Costs(scan=0.0004, gather=0.0025)  # DuckDB
ARRAYS = Costs(scan=0.00008, gather=0.0003)
# Milliseconds of a list from the vector table's index, of every partition, and of each candidate.
LIST_MS, CANDIDATE_MS = 8.0, 0.003
IMPORT_MS = 1_300.0  # loading lancedb, once per process


@dataclass
class SearchPlan:
    """Plan of a search: the way, the reason, the estimate of each way, and the time that it took.

    ``way``: ``scan`` and ``filtered scan`` read every vector (that passes) and are exact; ``list`` takes candidates
    from the vector table's index, ``deepened list`` more of them, so that enough pass. Candidates are ranked by their
    exact cosine; a neighbour that the index overlooks is missed.
    """

    way: str
    why: str
    rows: int
    passing: int
    estimates_ms: dict[str, float] = field(default_factory=dict)
    depth: int = 0
    took_ms: dict[str, float] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """True if every vector that passes is read."""
        return self.way in ("scan", "filtered scan")

    def give_up(self, why: str) -> None:
        """Fall back from a list that is not usable to reading every vector."""
        self.way, self.why = ("scan" if self.way == "list" else "filtered scan"), why


def choose(rows: int, passing: int | None, limit: int, costs: Costs, closed: str | None, loaded: bool) -> SearchPlan:
    """Return the cheapest plan for the ``limit`` nearest of ``rows`` vectors, or of those ``passing`` a filter.

    ``costs``: those of the backend. ``closed``: the reason why the vector table cannot be used (None: it can).
    ``loaded``: True if its library is loaded already, or will serve many searches.
    """
    scan, listed = ("scan", "list") if passing is None else ("filtered scan", "deepened list")
    sought = rows if passing is None else passing
    estimates = {scan: min(sought * costs.gather, rows * costs.scan)}
    if closed is not None:
        return SearchPlan(scan, closed, rows, sought, estimates)
    depth = round(candidates(limit) * rows / max(sought, 1))
    estimates[listed] = LIST_MS + CANDIDATE_MS * depth + (0.0 if loaded else IMPORT_MS)
    way = min(estimates, key=lambda name: estimates[name])
    return SearchPlan(way, "it is expected to be the fastest", rows, sought, estimates, depth if way == listed else 0)


def min_passing(limit: int) -> int:
    """Return how many of a list must pass so that the ``limit`` nearest of all that pass are among them."""
    return limit + 10


def candidates(limit: int) -> int:
    """Return how many of a list are expected to pass and are ranked again by exact cosine."""
    return 5 * min_passing(limit)
