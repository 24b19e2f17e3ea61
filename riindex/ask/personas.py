"""What an index says of its personas as a whole."""

from __future__ import annotations

from typing import Any

from riindex.store.database import Store


def coverage(store: Store) -> dict[int, dict[str, Any]]:
    """Persona → name, count and percentage of the kept documents."""
    return {
        row["persona_id"]: {"name": row["name"], "count": row["size"], "percentage": round(100 * row["share"], 2)}
        for row in store.records("ask/coverage")
    }


def summary(store: Store) -> dict[str, Any]:
    """What is in the index: counts, sizes, quality, and how it was built."""
    build = store.records("build/last_build")[0]
    quality = {r["metric"]: r["value"] for r in store.records("ask/quality")}
    sizes = [row["count"] for row in coverage(store).values()]
    return {
        "total_personas": len(sizes),
        "total_tweets": sum(sizes),
        "total_documents": build["documents"],
        "rejected_rows": build["rejected"],
        "avg_persona_size": sum(sizes) / len(sizes),
        "largest_persona": max(sizes),
        "smallest_persona": min(sizes),
        "encoder": build["encoder"],
        "preset": build["preset"],
        "timezone": build["timezone"],
        "built_at": build["finished_at"].isoformat(timespec="seconds"),
        "quality": quality,
    }
