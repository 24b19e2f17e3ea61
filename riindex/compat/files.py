"""Files of the published system."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from riindex.compat import cards
from riindex.config.build_config import from_json
from riindex.share.tables import TABLES, write_tables
from riindex.store.builds import BuildRow, last_build
from riindex.store.database import Store
from riindex.store.outputs import file_set
from riindex.text.display import spreadsheet_cell
from riindex.text.pii import mask_text

# Classic files; SAMPLES texts per persona.
FILES = (
    "personas_enriched.json",
    "persona_briefs.json",
    "persona_assignment_stats.json",
    "persona_samples_full.json",
    "tweet_persona_mapping.json",
    "ri_index_app.json",
    "personas_for_review.csv",
    *TABLES,
)
SAMPLES = 10
VERSION = "1.0"


def export(store: Store, folder: Path, raw: bool = False) -> list[Path]:
    """Write FILES to ``folder``, which is made if missing; texts are masked unless ``raw``. Return the files.

    Names, sizes and ids are the same in every file: all are read from the same tables. Unchanged files of an earlier
    export are replaced, each atomically; other files stay, and QueryError is raised if one of them has the name of one
    of FILES.
    """
    build = last_build(store)
    full = cards.full_cards(store)
    written = {
        "personas_enriched.json": _enriched(full, build),
        "persona_briefs.json": _briefs(store, build),
        "persona_assignment_stats.json": _stats(store, build),
        "persona_samples_full.json": _samples(store, build, raw),
        "tweet_persona_mapping.json": _mapping(store, build),
        "ri_index_app.json": cards.app_cards(store),
    }
    with file_set(folder, FILES) as parts:
        for name, content in written.items():
            text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
            (parts / name).write_text(text, encoding="utf-8")
        (parts / "personas_for_review.csv").write_text(_review(full), encoding="utf-8")
        write_tables(store, parts, raw)
    return [folder / name for name in FILES]


def _enriched(full: Sequence[dict[str, Any]], build: BuildRow) -> dict[str, Any]:
    metadata = {
        "version": VERSION,
        "config_hash": build.config_digest,
        "domain": build.preset,
        "generated_at": build.finished_at.isoformat(),
        "total_personas": len(full),
    }
    return {"metadata": metadata, "personas": list(full)}


def _briefs(store: Store, build: BuildRow) -> dict[str, Any]:
    metadata = {
        "version": VERSION,
        "purpose": "Stakeholder pack - concise persona summaries",
        "generated_at": build.finished_at.isoformat(),
    }
    return {"metadata": metadata, "personas": cards.brief_cards(store)}


def _stats(store: Store, build: BuildRow) -> dict[str, Any]:
    coverage = store.records("ask/personas/coverage")
    total = sum(row["size"] for row in coverage)
    kept, assigned, seen, noise, noise_left = store.rows("share/export/figures")[0]
    method = from_json(build.config).fit.method
    return {
        "metadata": {
            "total_tweets": total,
            "n_personas": len(coverage),
            "generation_timestamp": build.finished_at.isoformat(),
        },
        "persona_distribution": {
            str(row["persona_id"]): {
                "name": row["name"],
                "count": row["size"],
                "percentage": round(100 * row["share"], 2),
            }
            for row in coverage
        },
        "noise_handling": {
            "original_noise_count": noise,
            "noise_ratio": round(100 * noise / seen, 2) if seen else 0.0,
            "reassigned_to_nearest": noise - noise_left,
            "final_noise_count": noise_left,
        },
        "quality_metrics": {
            "coverage": f"{100 * assigned / kept:.4g}%" if kept else "0%",
            "assignment_method": method if assigned <= seen - noise else f"{method} + nearest-centroid for the others",
        },
    }


def _samples(store: Store, build: BuildRow, raw: bool) -> dict[str, Any]:
    rows = store.records("share/export/samples", most=SAMPLES, seed=build.seed)
    sizes = {row["persona_id"]: row["size"] for row in store.records("ask/personas/coverage")}
    samples: dict[str, Any] = {}
    for persona, size in sizes.items():
        own = [row for row in rows if row["persona_id"] == persona]
        samples[str(persona)] = {
            "size": size,
            "sample_size": len(own),
            "sample_texts": [row["text"] if raw else mask_text(row["text"]) for row in own],
            "sample_tweet_ids": [row["tweet_id"] for row in own],
        }
    metadata = {
        "version": VERSION,
        "source": "tweet_persona_mapping.json",
        "n_personas": len(samples),
        "samples_per_persona": SAMPLES,
        "random_seed": build.seed,
    }
    return {"metadata": metadata, "persona_samples": samples}


def _mapping(store: Store, build: BuildRow) -> dict[str, Any]:
    rows = store.rows("share/export/mapping")
    mapping = {tweet: {"persona_id": persona, "persona_name": name} for tweet, persona, name in rows}
    metadata = {
        "version": VERSION,
        "config_hash": build.config_digest,
        "total_tweets": len(mapping),
        "generated_at": build.finished_at.isoformat(),
    }
    return {"metadata": metadata, "mapping": mapping}


def _review(full: Sequence[dict[str, Any]]) -> str:
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "name", "size", "peak_hour", "avg_word_count", "top_terms", "copy_hint_1", "copy_hint_2"])
    for card in full:
        fingerprint = card["behavior_fingerprint"]
        terms = [term["term"] for term in card["language_fingerprint"]["top_terms"]]
        advice = [*card["copy_hints"]["do_say"], "", ""][:2]
        row = [
            card["persona_id"],
            card["name"],
            card["size"],
            fingerprint["temporal"]["peak_hour"],
            fingerprint["style"]["avg_word_count"],
            ", ".join(terms[:5]),
            *advice,
        ]
        writer.writerow(map(spreadsheet_cell, row))
    return out.getvalue()
