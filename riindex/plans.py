"""Which way a search goes: estimates, and the reason for the choice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Milliseconds on two cores, by tests/bench/search.py on 520,509 posts; only their proportions matter for the choice.
SCAN_MS = 0.0004  # a vector, when nearly all are read
GATHER_MS = 0.0025  # a vector picked out of many
LANCE_MS = 15.0  # a list of some hundred from the index, every partition read
IMPORT_MS = 1_300.0  # loading lancedb, once a process
DEEPEST = 4_000  # longer lists take Lance longer than DuckDB takes to read every vector that passes

# What DuckDB and Lance read alike: comparisons of these columns with a number, a plain word or a truth value.
_COLUMN = r"(?:persona_id|like_count|retweet_count|reply_count|confidence|lang|author|is_core)"
_VALUE = r"(?:-?\d+(?:\.\d+)?|'[^'\\]*'|true|false)"
_COMPARISON = rf"\s*{_COLUMN}\s*(?:=|<>|<=|>=|<|>)\s*{_VALUE}\s*"
_CONJUNCTION = re.compile(rf"{_COMPARISON}(?:\band\b{_COMPARISON})*", re.IGNORECASE)


@dataclass
class Plan:
    """How a search goes, or went: the way, why, what was expected of each way, and what it took.

    ``way``: ``scan`` and ``filtered scan`` read every vector (that passes) and are exact; ``list`` takes candidates
    from the vector table's index, ``filtered list`` under a condition it knows, ``deepened list`` deeper until enough
    of them pass. Candidates are ranked by their exact cosine; a neighbour that the index overlooks is missed.
    """

    way: str
    why: str
    rows: int
    passing: int
    estimates_ms: dict[str, float] = field(default_factory=dict)
    depth: int = 0
    condition: str | None = None
    took_ms: dict[str, float] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether every vector that passes is read."""
        return self.way in ("scan", "filtered scan")


def choose(
    rows: int, passing: int, limit: int, where: str | None, persona: int | None, table: str | None, loaded: bool
) -> Plan:
    """The cheapest way to the ``limit`` nearest of ``passing`` among ``rows`` vectors.

    ``where`` and ``persona`` are the filter, ``table`` says why the vector table cannot be asked (None: it can),
    ``loaded`` whether its library is there already, or will serve many questions.
    """
    free = where is None and persona is None
    scan = "scan" if free else "filtered scan"
    estimates = {scan: min(passing * GATHER_MS, rows * SCAN_MS)}
    if table is not None:
        return Plan(scan, table, rows, passing, estimates)
    start = 0.0 if loaded else IMPORT_MS
    condition = None if free else column_condition(where, persona)
    depth = candidates(limit)
    if free or condition is not None:
        listed = "list" if free else "filtered list"
        estimates[listed] = LANCE_MS + start
    else:
        listed = "deepened list"
        depth = round(depth * rows / max(passing, 1))
        estimates[listed] = LANCE_MS * (1 + depth / 1_000) + start
    way = min(estimates, key=lambda name: estimates[name])
    if way == listed and depth > DEEPEST:
        return Plan(
            scan, "too few rows pass for a list of the nearest to hold enough of them", rows, passing, estimates
        )
    why = "it is expected to be the fastest"
    return Plan(way, why, rows, passing, estimates, depth if way == listed else 0, condition if way == listed else None)


def candidates(limit: int) -> int:
    """How many of a list are ranked again by their exact cosine, for the ``limit`` best of them."""
    return 2 * limit + 20


def column_condition(where: str | None, persona: int | None) -> str | None:
    """The filter as a condition on the vector table's columns; None where it says what only DuckDB can tell."""
    if where is not None and not _CONJUNCTION.fullmatch(where):
        return None
    parts = [] if where is None else [where.strip()]
    if persona is not None:
        parts.append(f"persona_id = {persona}")
    return " and ".join(parts)
