"""Succession of personas: they keep their numbers and edits by hand from build to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from riindex.algorithms.clustering.cluster_metrics import mean_vectors
from riindex.algorithms.clustering.matching import jaccard_matrix, match_groups
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Doubles
from riindex.pipeline.context import Run
from riindex.store.database import Store

# A group succeeds a persona from this Jaccard index of their documents on …
MIN_OVERLAP = 0.2
# … or, if less than the first share of the fitted documents was in the former index, from this cosine of centroids.
MIN_SHARED = 0.2
MIN_SIMILARITY = 0.8


def succeed(run: Run) -> None:
    """Write ``successions``, and copy ``edits`` from the index that is replaced.

    A group takes the number of the persona it succeeds; other groups take unused numbers. Without a former
    index, or without ``succeed.keep_ids``, groups are numbered as the fit found them.
    """
    store = run.store
    store.run("succeed/schema")
    former = {name for (name,) in store.rows("succeed/former_tables")}
    if "edits" in former:
        store.run("succeed/keep_edits")
    groups = int(store.value("fit/fitted_groups"))
    known = [row[0] for row in store.rows("succeed/former_personas")] if "successions" in former else []
    if not known or not run.config.succeed.keep_ids:
        _write(store, {group: group for group in range(groups)}, {})
        return
    likeness, least = _likeness(run, groups, known)
    matched = match_groups(likeness, least)
    unused = max([*known, *_edited(store)]) + 1
    fresh = iter(range(unused, unused + groups))
    numbers = {group: known[matched[group]] if group in matched else next(fresh) for group in range(groups)}
    _write(store, numbers, {group: float(likeness[group, place]) for group, place in matched.items()})
    _report(run, numbers, known)


def _write(store: Store, numbers: Mapping[int, int], likeness: Mapping[int, float]) -> None:
    import pyarrow as pa

    columns = {
        "raw_label": pa.array(list(numbers), pa.int32()),
        "persona_id": pa.array(list(numbers.values()), pa.int32()),
        "likeness": pa.array([likeness.get(group) for group in numbers], pa.float64()),
    }
    store.insert("succeed/successions", pa.table(columns))


def _likeness(run: Run, groups: int, known: Sequence[int]) -> tuple[Doubles, float]:
    """Return the similarity of groups (rows) and former personas (columns), and the least similarity of a successor."""
    store = run.store
    places = {persona: place for place, persona in enumerate(known)}
    shared = np.zeros((groups, len(known)), np.int64)
    for group, persona, n in store.rows("succeed/overlaps"):
        shared[group, places[persona]] = n
    labels = store.columns("assign/labels")["raw_label"]
    if shared.sum() >= MIN_SHARED * (labels >= 0).sum() or run.previous is None:
        return jaccard_matrix(shared), MIN_OVERLAP
    with single_threaded():
        means = mean_vectors(store.matrix("fuse/kept_vectors"), labels, groups)
    likeness = np.zeros(shared.shape, np.float64)
    for persona, centroid in store.rows("succeed/former_centroids"):
        likeness[:, places[persona]] = means @ np.asarray(centroid, np.float32)
    return likeness, MIN_SIMILARITY


def _edited(store: Store) -> list[int]:
    """Return the numbers of personas that edits refer to."""
    return [number for row in store.rows("succeed/edited") for number in row[2:4] if number is not None]


def _report(run: Run, numbers: Mapping[int, int], known: Sequence[int]) -> None:
    kept = set(numbers.values()) & set(known)
    run.report.note(f"{len(kept)} of {len(numbers)} groups keep the number of a former persona")
    if known and not kept:
        run.report.warn("no persona of the former index is found again: these may be other posts")
    for number, kind, persona, other, name in run.store.rows("succeed/edited"):
        lost = [p for p in (persona, other) if p is not None and p not in numbers.values()]
        if lost:
            what = f"name {name!r} of persona {persona}" if kind == "rename" else f"merging {other} into {persona}"
            run.report.warn(f"edit {number}, the {what}: persona {lost[0]} has no successor; the edit is on hold")
