"""Personas of an index: names, figures, claims and their evidence."""

from __future__ import annotations

from typing import Any

from riindex.errors import QueryError
from riindex.store.builds import last_build
from riindex.store.database import Store
from riindex.store.guard import positive


def persona_id(store: Store, persona: int | str) -> int:
    """Return the number of a persona given by number or name, in any case, or by the beginning of its name.

    QueryError if there is none, or more than one.
    """
    return named_persona(store, persona)[0]


def named_persona(store: Store, persona: int | str) -> tuple[int, str]:
    """Return number and name of a persona, given as for ``persona_id``."""
    found = store.rows("ask/personas/persona_ids", wanted=str(persona))
    if not found:
        raise QueryError(f"there is no persona {persona!r}", "ri personas lists them")
    exact = found[0][1].lower() == str(persona).lower() or str(found[0][0]) == str(persona)
    if len(found) > 1 and not exact:
        raise QueryError(
            f"{len(found)} personas begin with {persona!r}",
            "give the whole name: " + "; ".join(name for _, name in found),
        )
    return int(found[0][0]), str(found[0][1])


def listing(store: Store) -> list[dict[str, Any]]:
    """Return the personas, the largest first: id, name, tier, size, share of the kept documents, main terms."""
    names = ("id", "name", "tier", "size", "share", "terms")
    return [dict(zip(names, line, strict=True)) for line in store.rows("build/persona_lines")]


def claims(store: Store, persona: int | str | None) -> list[dict[str, Any]]:
    """Return the claims about a persona, or all: sentence, figures, the SQL that computes them, and doc_ids."""
    return store.records("ask/personas/claims", persona=None if persona is None else persona_id(store, persona))


def evidence(store: Store, claim: str) -> dict[str, Any]:
    """Return one claim and, under ``rows``, the documents that support it; QueryError for an unknown id."""
    found = store.records("ask/personas/claim", claim=claim.strip().lower())
    if not found:
        raise QueryError(f"there is no claim {claim!r}", "ri persona ID shows the claims of a persona, e.g. p0c1")
    return {**found[0], "rows": store.records("ask/personas/claim_rows", claim=found[0]["claim_id"])}


def trends(store: Store, persona: int | str | None) -> list[dict[str, Any]]:
    """Return the trend of a persona, or of all: slope of the weekly share with interval, p and q."""
    return store.records("ask/personas/persona_growth", persona=None if persona is None else persona_id(store, persona))


def sub_personas(store: Store, persona: int | str, terms: int) -> list[dict[str, Any]]:
    """Return the sub-personas of a persona that are stable in refits, the largest first, each with ``terms`` terms."""
    from riindex.text.stop_words import term_stop_words

    store.run("shared/text")
    return store.records(
        "ask/personas/sub_personas",
        persona=persona_id(store, persona),
        stop_words=list(term_stop_words()),
        most=positive(terms),
    )


def quality(store: Store) -> dict[str, Any]:
    """Return ``overall`` figures with their ``definitions``, the figures of ``personas``, and ``calibration``."""
    figures = store.records("ask/quality/quality")
    return {
        "overall": {row["metric"]: row["value"] for row in figures},
        "definitions": {row["metric"]: row["definition"] for row in figures},
        "personas": store.records("ask/quality/persona_quality"),
        "calibration": store.records("ask/quality/calibration"),
    }


def coverage(store: Store) -> dict[int, dict[str, Any]]:
    """Return persona → name, count and percentage of the kept documents."""
    return {
        row["persona_id"]: {"name": row["name"], "count": row["size"], "percentage": round(100 * row["share"], 2)}
        for row in store.records("ask/personas/coverage")
    }


def summary(store: Store) -> dict[str, Any]:
    """Return counts, sizes, quality and build settings of an index."""
    build = last_build(store)
    quality = {r["metric"]: r["value"] for r in store.records("ask/quality/quality")}
    sizes = [row["count"] for row in coverage(store).values()]
    return {
        "total_personas": len(sizes),
        "total_tweets": sum(sizes),
        "total_documents": build.documents,
        "rejected_rows": build.rejected,
        "avg_persona_size": sum(sizes) / len(sizes),
        "largest_persona": max(sizes),
        "smallest_persona": min(sizes),
        "encoder": build.encoder,
        "preset": build.preset,
        "timezone": build.timezone,
        "built_at": build.finished_at.isoformat(timespec="seconds"),
        "quality": quality,
    }
