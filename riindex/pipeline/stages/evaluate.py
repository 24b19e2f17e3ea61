"""Quality of the personas: overall figures, and a verdict for each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from riindex.algorithms.clustering.cluster_metrics import (
    best_jaccard,
    coherence,
    group_averages,
    mean_vectors,
    separation,
    simplified_silhouette,
)
from riindex.algorithms.clustering.confidence import (
    calibration_error,
    cross_validated_confidence,
    held_out,
    reliability_diagram,
)
from riindex.algorithms.clustering.refits import Refit, pairwise_ari
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Bools, Doubles, Ints
from riindex.grouping.refits import read_refits
from riindex.pipeline.context import Run
from riindex.profiles.health import persona_health

# Metric → definition. The texts go into the file with the figures.
DEFINITIONS = {
    "personas": "number of personas",
    "solid": "personas that are found again, have words of their own and many authors",
    "usable": "personas with a weakness that persona_quality names",
    "fragile": "personas too weak for decisions; persona_quality has the reason",
    "coherence": "mean over kept documents of the cosine between a text's vector and its persona's mean vector",
    "separation": "mean over personas of 1 - cosine between its mean text vector and the nearest other persona's",
    "silhouette": "mean simplified silhouette of kept documents in reduced space, -1 to 1",
    "noise_ratio": "share of the documents seen by the clustering that it left ungrouped",
    "unclear_ratio": "share of kept documents that are not core members of their persona",
    "confidence": "mean confidence of kept documents, 0 to 1",
    "calibration_error": "expected calibration error of the confidence of held-out core members, in ten steps, each "
    "refit judged by the curve of the others; see the table calibration",
    "coverage": "share of kept documents that have a persona",
    "retention": "share of documents that cleaning kept",
    "size_min": "documents in the smallest persona",
    "size_max": "documents in the largest persona",
    "size_ratio": "size_max / size_min",
    "largest_share": "share of kept documents in the largest persona",
    "refit_ari": "mean adjusted Rand index between groupings of seeded random draws (evaluate.refit_share of what was "
    "fitted; same fused space and number of personas, a quarter of the restarts), each pair on what both drew",
    "refit_ari_min": "the lowest of those",
    "refits": "number of refits",
    "text_ari": "adjusted Rand index between the personas and groups of the text alone: 1 where behaviour changes "
    "nothing; NULL where there is no behaviour",
}


def evaluate(run: Run) -> None:
    """Write ``quality``, ``persona_quality`` and ``calibration``."""
    store = run.store
    store.run("evaluate/schema")
    members = store.columns("evaluate/members")
    own = np.flatnonzero(members["persona_id"] >= 0)
    # Numbers of personas may have gaps; their positions have none.
    personas, labels = np.unique(members["persona_id"][own].astype(np.int64), return_inverse=True)
    groups = len(personas)
    every = np.full(len(members["persona_id"]), -1)
    every[own] = labels
    core = members["is_core"].astype(bool)[own]
    sizes = np.bincount(labels, minlength=groups)
    cohesion, apart = _text_figures(run, own, labels, groups)
    distance, other = members["distance"][own], members["runner_up_distance"][own]
    silhouette = simplified_silhouette(distance, other) if groups > 1 else np.full(len(labels), np.nan)
    place, refits, alone = read_refits(run.store)
    drawn = [(place[one.drawn], one.labels[one.drawn]) for one in refits]
    persona_figures = {
        "size": sizes,
        "core_size": np.bincount(labels[core], minlength=groups),
        "stability": best_jaccard(every, drawn, groups),
        "coherence": cohesion,
        "separation": apart,
        "silhouette": group_averages(silhouette, labels, groups),
        "text_overlap": best_jaccard(every, [] if alone is None else [(place, alone.labels)], groups),
    }
    verdicts = persona_health(
        store, personas, persona_figures, run.config.evaluate.max_documents, run.config.seed, run.report
    )
    figures = {
        "personas": groups,
        **{name: verdicts.count(name) for name in ("solid", "usable", "fragile")},
        "coherence": float((cohesion * sizes).sum() / sizes.sum()),
        "separation": float(apart.mean()),
        "silhouette": float(silhouette.mean()),
        "unclear_ratio": float((~core).mean()),
        "confidence": float(members["confidence"][own].mean()),
        "coverage": float(len(labels) / store.value("shared/kept_count")),
        "retention": float(store.value("evaluate/retention")),
        "size_min": int(sizes.min()),
        "size_max": int(sizes.max()),
        "size_ratio": float(sizes.max() / sizes.min()),
        "largest_share": float(sizes.max() / sizes.sum()),
        **_noise(run),
        **_agreement(refits),
        "text_ari": _text_ari(every[place], alone),
        "calibration_error": _calibration(run, every[place], refits, members["is_core"].astype(bool)[place]),
    }
    _write(run, figures)


def _text_figures(run: Run, own: Ints, labels: Ints, groups: int) -> tuple[Doubles, Doubles]:
    """Return coherence and separation of every persona, by the vectors of its texts."""
    vectors = run.store.matrix("fuse/kept_vectors")
    if len(own) < len(vectors):
        vectors = vectors[own]
    with single_threaded():
        means = mean_vectors(vectors, labels, groups)
    return coherence(vectors, labels, means, run.workers), separation(means)


def _agreement(refits: list[Refit]) -> dict[str, float | None]:
    scores = pairwise_ari(refits)
    return {
        "refit_ari": float(np.mean(scores)) if scores else None,
        "refit_ari_min": min(scores) if scores else None,
        "refits": float(len(refits)),
    }


def _text_ari(labels: Ints, alone: Refit | None) -> float | None:
    from sklearn.metrics import adjusted_rand_score

    if alone is None:
        return None
    given = labels >= 0
    return float(adjusted_rand_score(labels[given], alone.labels[given]))


def _calibration(run: Run, labels: Ints, refits: list[Refit], core: Bools) -> float | None:
    """Write ``calibration``; return the expected calibration error of held-out core members."""
    import pyarrow as pa

    groups = int(labels.max(initial=0)) + 1
    seen = held_out(labels, refits)
    confidence = cross_validated_confidence(seen, groups) if groups > 1 else np.full(len(seen.right), np.nan)
    judged = core[seen.row] & ~np.isnan(confidence)
    bins = reliability_diagram(confidence[judged], seen.right[judged])
    columns = {
        "low": pa.array([one.low for one in bins], pa.float64()),
        "n": pa.array([one.n for one in bins], pa.int64()),
        "confidence": pa.array([one.confidence for one in bins], pa.float64()),
        "found_again": pa.array([one.right for one in bins], pa.float64()),
    }
    run.store.insert("evaluate/calibration", pa.table(columns))
    return calibration_error(bins) if bins else None


def _noise(run: Run) -> dict[str, float]:
    seen, noise = run.store.rows("evaluate/noise")[0]
    return {"noise_ratio": noise / seen}


def _write(run: Run, figures: Mapping[str, float | None]) -> None:
    import pyarrow as pa

    values = [figures[name] for name in DEFINITIONS]
    known = [None if value is None or np.isnan(value) else float(value) for value in values]
    rows = {
        "position": range(len(DEFINITIONS)),
        "metric": list(DEFINITIONS),
        "value": pa.array(known, pa.float64()),
        "definition": list(DEFINITIONS.values()),
    }
    run.store.insert("evaluate/quality", pa.table(rows))
