"""How good the personas are: coherence, separation, silhouette, noise, sizes, stability."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.assignment import assign_rows
from riindex.algorithms.blocks import single_threaded
from riindex.algorithms.granularity import centres
from riindex.algorithms.groups import find_groups, sample_rows
from riindex.algorithms.quality import (
    best_jaccard,
    by_group,
    coherence,
    mean_vectors,
    separation,
    simplified_silhouette,
)
from riindex.records import Run

Ints = npt.NDArray[np.int64]
Refit = tuple[Ints, Ints]

# Metric → what it says. The texts go into the file beside the figures.
DEFINITIONS = {
    "personas": "number of personas",
    "coherence": "mean over kept documents of the cosine between a text's vector and its persona's mean vector",
    "separation": "mean over personas of 1 - cosine between its mean text vector and the nearest other persona's",
    "silhouette": "mean simplified silhouette of kept documents in reduced space, -1 to 1",
    "noise_ratio": "share of the documents seen by the clustering that it left ungrouped",
    "unclear_ratio": "share of kept documents that are not core members of their persona",
    "confidence": "mean confidence of kept documents, 0 to 1",
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
}


def evaluate(run: Run) -> None:
    """Write ``quality`` and ``persona_quality``."""
    store = run.store
    store.run("evaluate/schema")
    members = store.columns("evaluate/members")
    personas, labels = np.unique(members["persona_id"].astype(np.int64), return_inverse=True)
    groups = len(personas)
    vectors = store.matrix("fuse/kept_vectors")
    with single_threaded():
        means = mean_vectors(vectors, labels, groups)
    cohesion = coherence(vectors, labels, means, run.threads)
    del vectors
    other = members["runner_up_distance"]
    silhouette = simplified_silhouette(members["distance"], other) if groups > 1 else np.full(len(labels), np.nan)
    refits = _refits(run)
    apart = separation(means)
    sizes = np.bincount(labels, minlength=groups)
    core = members["is_core"].astype(bool)
    figures = {
        "personas": groups,
        "coherence": float((cohesion * sizes).sum() / sizes.sum()),
        "separation": float(apart.mean()),
        "silhouette": float(silhouette.mean()),
        "unclear_ratio": float((~core).mean()),
        "confidence": float(members["confidence"].mean()),
        "coverage": float(len(labels) / store.value("kept_count")),
        "retention": float(store.value("evaluate/retention")),
        "size_min": int(sizes.min()),
        "size_max": int(sizes.max()),
        "size_ratio": float(sizes.max() / sizes.min()),
        "largest_share": float(sizes.max() / sizes.sum()),
        **_noise(run),
        **_agreement(refits),
    }
    _write(run, figures)
    stability = best_jaccard(labels, refits, groups)
    _write_personas(run, personas, sizes, np.bincount(labels[core], minlength=groups), cohesion, apart,
                    by_group(silhouette, labels, groups), stability)  # fmt: skip


def _refits(run: Run) -> list[Refit]:
    """Groupings of seeded draws; a document has the label of the grouping that drew it, noise its nearest centroid's.

    The fused space and the number of personas are the build's: what is tested is whether the same groups come back.
    """
    assert run.matrices is not None
    config, matrix = run.config, run.matrices.fused
    wanted = int(run.store.value("evaluate/fitted_groups"))
    pool = sample_rows(len(matrix), min(config.fit.max_documents, config.evaluate.max_documents), config.seed)
    fit = dataclasses.replace(config.fit, personas=wanted, restarts=max(1, config.fit.restarts // 4))
    found: list[Refit] = []
    size = int(len(pool) * config.evaluate.refit_share)
    if size < 2:
        return found
    for number in range(config.evaluate.refits):
        seed = config.seed + 1 + number
        rows = np.sort(np.random.default_rng(seed).choice(pool, size, replace=False))
        refit = find_groups(matrix[rows], fit, seed, run.threads)
        if (refit.labels >= 0).any():
            labels = assign_rows(refit.reduced, centres(refit.reduced, refit.labels), refit.labels, run.threads).group
            found.append((rows, labels))
        run.report.progress(number + 1, config.evaluate.refits, "refits")
    return found


def _agreement(refits: list[Refit]) -> dict[str, float | None]:
    from sklearn.metrics import adjusted_rand_score

    scores = []
    for (rows, labels), (others, their) in combinations(refits, 2):
        _, here, there = np.intersect1d(rows, others, return_indices=True)
        scores.append(float(adjusted_rand_score(labels[here], their[there])))
    return {
        "refit_ari": float(np.mean(scores)) if scores else None,
        "refit_ari_min": min(scores) if scores else None,
        "refits": float(len(refits)),
    }


def _noise(run: Run) -> dict[str, float]:
    seen, noise = run.store.rows("evaluate/noise")[0]
    return {"noise_ratio": noise / seen}


def _write(run: Run, figures: dict[str, float | None]) -> None:
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


def _write_personas(run: Run, ids: Ints, sizes: Ints, core: Ints, *figures: npt.NDArray[np.float64]) -> None:
    import pyarrow as pa

    names = ("coherence", "separation", "silhouette", "stability")
    columns = {
        name: pa.array(column, pa.float64(), from_pandas=True) for name, column in zip(names, figures, strict=True)
    }
    run.store.insert(
        "evaluate/persona_quality", pa.table({"persona_id": ids, "size": sizes, "core_size": core, **columns})
    )
