"""What a build is not given the time for: the fusion taken apart, and every granularity, from a built file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from riindex.algorithms.cluster_metrics import coherence, mean_vectors
from riindex.algorithms.granularity_curve import Level, cliffs, curve, grid
from riindex.algorithms.neighborhoods import Neighborhoods
from riindex.algorithms.refits import agreements, refits, regrouped
from riindex.config.build_config import BuildConfig, from_json
from riindex.config.sections import FitConfig
from riindex.errors import QueryError
from riindex.pipeline.stages.fuse import fuse, pool_of
from riindex.store.database import Store

Floats = npt.NDArray[np.float32]
Progress = Callable[[str], None]

# Starts of each of the two hundred fits of a curve.
CURVE_RESTARTS = 8
# Draws of a curve that is asked for without a number.
CURVE_DRAWS = 10
LEVEL = tuple(field.name for field in fields(Level))
# Text share → coherence and refit ARI that the published study reports of its own data.
PUBLISHED = {1.0: (0.73, 0.68), 0.75: (0.80, 0.75), 0.5: (0.76, 0.71), 0.0: (0.51, 0.43)}


@dataclass(frozen=True)
class Fusion:
    """One share of text: how alike the texts of its groups are, and whether the groups are found again.

    ``published_coherence`` and ``published_ari`` are the published study's, of other data and another encoder.
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


@dataclass(frozen=True)
class Curve:
    """Every granularity that was tried, the one that the build has, and where small steps change much.

    ``draws``: refits that were asked for; ``kept``: whether it was read from the index.
    """

    setting: str
    built: float
    levels: list[Level]
    cliffs: list[str]
    draws: int
    kept: bool = False


def ablation(store: Store, draws: int = 5, threads: int = 1, progress: Progress | None = None) -> list[Fusion]:
    """The build's method under 100, 75, 50 and 0 % text: coherence, and mean ARI of ``draws`` refits on 80 % draws.

    On at most ``evaluate.max_documents`` documents and the build's number of personas. QueryError where the build has
    no behaviour to take away.
    """
    config, groups = _config(store)
    if not store.value("quality/behaviours"):
        raise QueryError("nothing but text was fused: there is nothing to take apart",
                         "behaviour comes with authors, times or replies, or with fuse.text_share below 1")  # fmt: skip
    vectors = store.matrix("fuse/kept_vectors")
    pool = pool_of(len(vectors), config)
    vectors = vectors[pool]
    found = []
    for share, published in PUBLISHED.items():
        if progress:
            progress(f"{share:.0%} text")
        fused = fuse(store, replace(config, fuse=replace(config.fuse, text_share=share)), threads)
        rows = fused.matrix[pool]
        found.append(_fusion(rows, fused.near, vectors, config, groups, share, published, draws, threads))
    return found


def _fusion(
    rows: Floats, near: Neighborhoods | None, vectors: Floats, config: BuildConfig, groups: int, share: float,
    published: tuple[float, float], draws: int, threads: int,
) -> Fusion:  # fmt: skip
    fit = _quarter(config, groups)
    whole = regrouped(rows, fit, config.seed, threads, near)
    built = abs(share - config.fuse.text_share) < 1e-9
    if whole is None:
        return Fusion(share, 0, None, None, None, None, built, *published)
    sizes = np.bincount(whole.labels)
    means = mean_vectors(vectors, whole.labels, len(sizes))
    alike = float((coherence(vectors, whole.labels, means, threads) * sizes).sum() / sizes.sum())
    scores = agreements(refits(rows, fit, draws, config.evaluate.refit_share, config.seed, threads, near=near))
    return Fusion(
        share, len(sizes), alike, float(np.mean(scores)) if scores else None, min(scores, default=None),
        float(sizes.max() / sizes.sum()), built, *published,
    )  # fmt: skip


def granularity(
    store: Store, draws: int | None = None, threads: int = 1, progress: Progress | None = None, again: bool = False
) -> Curve:
    """The grid of the method's own granularity, each level refitted on ``draws`` seeded draws; see ``Level``.

    What the index keeps is given at once, unless it has another number of draws or ``again`` asks for it anew;
    without a number, any will do, and CURVE_DRAWS are made where none is kept.
    """
    there = None if again else kept_curve(store)
    if there is not None and draws in (None, there.draws):
        return there
    return _curve(store, draws or CURVE_DRAWS, threads, progress)


def kept_curve(store: Store) -> Curve | None:
    """The curve that ``write_curve`` left in the index; a build that groups anew leaves none."""
    rows = store.records("quality/kept_levels") if store.has("granularity_levels") else []
    if not rows:
        return None
    setting, draws = rows[0]["parameter"], rows[0]["draws"]
    levels = [Level(**{name: row[name] for name in LEVEL}) for row in rows]
    built = next(level.setting for level in levels if level.built)
    return Curve(setting, built, levels, cliffs(setting, levels), draws, kept=True)


def write_curve(store: Store, found: Curve) -> None:
    """Keep a curve as the table ``granularity_levels``, in place of the one that is there."""
    import pyarrow as pa

    columns = {name: [getattr(level, name) for level in found.levels] for name in LEVEL}
    types = {"groups": pa.int32(), "refits": pa.int32(), "built": pa.bool_()}
    typed = {name: pa.array(values, types.get(name, pa.float64())) for name, values in columns.items()}
    store.insert("quality/levels", pa.table(typed), parameter=found.setting, draws=found.draws)


def _curve(store: Store, draws: int, threads: int, progress: Progress | None) -> Curve:
    config, groups = _config(store)
    fused = fuse(store, config, threads)
    rows = fused.matrix[pool_of(len(fused.matrix), config)]
    fit, share = _quarter(config, groups), config.evaluate.refit_share
    fit = replace(fit, restarts=min(fit.restarts, CURVE_RESTARTS))
    setting, built, levels = grid(fit, rows)
    found = curve(rows, fit, setting, levels, draws, share, config.seed, threads, progress, fused.near)
    return Curve(setting, built, found, cliffs(setting, found), draws)


def _config(store: Store) -> tuple[BuildConfig, int]:
    build = store.records("build/last_build")[0]
    return from_json(build["config"]), int(store.value("fit/fitted_groups"))


def _quarter(config: BuildConfig, groups: int) -> FitConfig:
    """The build's method at its number of groups with a quarter of the restarts, as its own refits have."""
    return replace(config.fit, personas=groups, restarts=max(1, config.fit.restarts // 4))
