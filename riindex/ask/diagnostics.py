"""Slow diagnostics on a built index: ablation of the fusion, and the granularity curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riindex.algorithms.clustering.cluster_metrics import coherence, mean_vectors
from riindex.algorithms.clustering.refits import pairwise_ari, refit_all_rows, refits
from riindex.algorithms.neighborhoods import Neighborhoods
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.algorithms.types import Floats
from riindex.config.build_config import BuildConfig
from riindex.errors import QueryError
from riindex.grouping.curve import built_config, refit_settings
from riindex.grouping.space import fuse, pool_of
from riindex.machine.progress import Message
from riindex.store.database import Store

# Text share → coherence and refit ARI that the published study reports for its data.
PUBLISHED = {1.0: (0.73, 0.68), 0.75: (0.80, 0.75), 0.5: (0.76, 0.71), 0.0: (0.51, 0.43)}


@dataclass(frozen=True)
class Fusion:
    """Result for one share of text: coherence of its groups, and their stability under resampling.

    ``published_coherence`` and ``published_ari`` are those of the published study, with other data and encoder.
    """

    text_share: float
    groups: int
    coherence: float | None
    refit_ari: float | None
    refit_ari_min: float | None
    largest_share: float | None
    built: bool
    published_coherence: float
    published_ari: float


def ablation(
    store: Store, draws: int = 5, workers: Workers = ONE_WORKER, progress: Message | None = None
) -> list[Fusion]:
    """Refit the method with 100, 75, 50 and 0 % text: coherence, and mean ARI of ``draws`` refits on 80 % draws.

    On at most ``evaluate.max_documents`` documents and with the build's number of personas. QueryError if the build
    has no behaviour to remove.
    """
    config, groups = built_config(store)
    if not store.value("quality/behaviours"):
        raise QueryError("this build fused nothing but text: there is no fusion to compare",
                         "behaviour comes with authors, times or replies, or with fuse.text_share below 1")  # fmt: skip
    vectors = store.matrix("fuse/kept_vectors")
    pool = pool_of(len(vectors), config)
    vectors = vectors[pool]
    found = []
    for share, published in PUBLISHED.items():
        if progress:
            progress(f"{share:.0%} text")
        fused = fuse(store, replace(config, fuse=replace(config.fuse, text_share=share)), workers)
        rows = fused.matrix[pool]
        found.append(_fusion(rows, fused.near, vectors, config, groups, share, published, draws, workers))
    return found


def _fusion(
    rows: Floats, near: Neighborhoods | None, vectors: Floats, config: BuildConfig, groups: int, share: float,
    published: tuple[float, float], draws: int, workers: Workers,
) -> Fusion:  # fmt: skip
    fit = refit_settings(config, groups)
    whole = refit_all_rows(rows, fit, config.seed, workers, near)
    built = abs(share - config.fuse.text_share) < 1e-9
    if whole is None:
        return Fusion(share, 0, None, None, None, None, built, *published)
    sizes = np.bincount(whole.labels)
    means = mean_vectors(vectors, whole.labels, len(sizes))
    alike = float((coherence(vectors, whole.labels, means, workers) * sizes).sum() / sizes.sum())
    scores = pairwise_ari(refits(rows, fit, draws, config.evaluate.refit_share, config.seed, workers, near=near))
    return Fusion(
        share, len(sizes), alike, float(np.mean(scores)) if scores else None, min(scores, default=None),
        float(sizes.max() / sizes.sum()), built, *published,
    )  # fmt: skip
