"""Which way a search goes: estimates, and the reason for the choice."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Costs:
    """Milliseconds of reading a vector on two cores, by tests/bench/search.py; only proportions matter for the choice.

    ``scan``: where nearly all are read; ``gather``: of one picked out of many.
    """

    scan: float
    gather: float


FILE = Costs(scan=0.0004, gather=0.0025)  # DuckDB
ARRAYS = Costs(scan=0.00008, gather=0.0003)
# A list from the vector table's index, every partition read, and what each candidate adds.
LIST_MS, CANDIDATE_MS = 8.0, 0.003
IMPORT_MS = 1_300.0  # loading lancedb, once a process


@dataclass
class SearchPlan:
    """How a search goes, or went: the way, why, what was expected of each way, and what it took.

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
        """Read every vector instead of a list that does not serve."""
        self.way, self.why = ("scan" if self.way == "list" else "filtered scan"), why


def choose(rows: int, passing: int | None, limit: int, costs: Costs, closed: str | None, loaded: bool) -> SearchPlan:
    """Return the cheapest plan for the ``limit`` nearest of ``rows`` vectors, or of those ``passing`` a filter.

    ``costs``: of where the vectors are read. ``closed`` says why the vector table cannot be asked (None: it can),
    ``loaded`` whether its library is there already, or will serve many questions.
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
    """Return how many of a list must pass for the ``limit`` nearest of all that pass to be among them."""
    return limit + 10


def candidates(limit: int) -> int:
    """Return how many of a list are expected to pass and are ranked again by exact cosine."""
    return 5 * min_passing(limit)
