"""Granularity curve of a built index: measured, stored and read."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from riindex.algorithms.clustering.granularity_curve import GranularityLevel, cliffs, granularity_curve, setting_grid
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.config.build_config import BuildConfig, from_json
from riindex.config.sections import FitConfig
from riindex.grouping.space import fuse, pool_of
from riindex.machine.progress import Message
from riindex.store.builds import last_build
from riindex.store.database import Store

# Restarts of each of the two hundred fits of a curve.
CURVE_RESTARTS = 8
# Draws of a curve unless a number is given.
CURVE_DRAWS = 10
LEVEL = tuple(field.name for field in fields(GranularityLevel))


@dataclass(frozen=True)
class Curve:
    """Every granularity that was tried, that of the build, and the cliffs where small steps change much.

    ``draws``: number of requested refits; ``kept``: True if it was read from the index.
    """

    setting: str
    built: float
    levels: list[GranularityLevel]
    cliffs: list[str]
    draws: int
    kept: bool = False


def granularity(
    store: Store,
    draws: int | None = None,
    workers: Workers = ONE_WORKER,
    progress: Message | None = None,
    again: bool = False,
) -> Curve:
    """Return the grid of the method's granularity, each level refitted on ``draws`` draws; see ``GranularityLevel``.

    A stored curve is returned at once, unless it has another number of draws or ``again`` is set. Without a number,
    a stored curve of any number is returned, and CURVE_DRAWS are made if there is none.
    """
    there = None if again else kept_curve(store)
    if there is not None and draws in (None, there.draws):
        return there
    return _curve(store, draws or CURVE_DRAWS, workers, progress)


def kept_curve(store: Store) -> Curve | None:
    """Return the curve that ``write_curve`` stored in the index; None after a build that grouped again."""
    rows = store.records("quality/kept_levels") if store.has("granularity_levels") else []
    if not rows:
        return None
    setting, draws = rows[0]["parameter"], rows[0]["draws"]
    levels = [GranularityLevel(**{name: row[name] for name in LEVEL}) for row in rows]
    built = next(level.setting for level in levels if level.built)
    return Curve(setting, built, levels, cliffs(setting, levels), draws, kept=True)


def write_curve(store: Store, found: Curve) -> None:
    """Write a curve to the table ``granularity_levels``, in place of an earlier one."""
    import pyarrow as pa

    columns = {name: [getattr(level, name) for level in found.levels] for name in LEVEL}
    types = {"groups": pa.int32(), "refits": pa.int32(), "built": pa.bool_()}
    typed = {name: pa.array(values, types.get(name, pa.float64())) for name, values in columns.items()}
    store.insert("quality/levels", pa.table(typed), parameter=found.setting, draws=found.draws)


def _curve(store: Store, draws: int, workers: Workers, progress: Message | None) -> Curve:
    config, groups = built_config(store)
    fused = fuse(store, config, workers)
    rows = fused.matrix[pool_of(len(fused.matrix), config)]
    fit, share = refit_settings(config, groups), config.evaluate.refit_share
    fit = replace(fit, restarts=min(fit.restarts, CURVE_RESTARTS))
    setting, built, levels = setting_grid(fit, rows)
    found = granularity_curve(rows, fit, setting, levels, draws, share, config.seed, workers, progress, fused.near)
    return Curve(setting, built, found, cliffs(setting, found), draws)


def built_config(store: Store) -> tuple[BuildConfig, int]:
    """Return the settings of the last build, and the number of groups it fitted."""
    build = last_build(store)
    return from_json(build.config), int(store.value("fit/fitted_groups"))


def refit_settings(config: BuildConfig, groups: int) -> FitConfig:
    """Return the build's settings at its number of groups, with a quarter of the restarts, as its refits have."""
    return replace(config.fit, personas=groups, restarts=max(1, config.fit.restarts // 4))
