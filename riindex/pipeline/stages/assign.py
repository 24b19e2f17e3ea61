"""Assignment of kept documents: a persona, a confidence, a runner-up and a sub-persona for each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riindex.algorithms.clustering.assignment import Assignments, assign_rows
from riindex.algorithms.clustering.choose_k import centres, reassign_to_nearest
from riindex.algorithms.clustering.confidence import fit_confidence_curve, held_out
from riindex.algorithms.clustering.sub_groups import divide_group
from riindex.algorithms.types import Doubles, Floats, Ints
from riindex.config.sections import FitConfig
from riindex.grouping.persona_ids import persona_numbers
from riindex.grouping.refits import read_refits
from riindex.pipeline.context import Run
from riindex.store.arrow import matrix_column
from riindex.store.database import Store


def assign(run: Run) -> None:
    """Write ``assignments`` and ``persona_centres``; documents without a group go to the nearest reduced centroid.

    So do all documents if groups were searched in neighbourhoods. A core member of a density method was grouped by it;
    a core member of k-means has a runner-up that is further away by ``assign.core_margin``. Without ``assign.noise``,
    documents that the clustering labelled as noise have no persona.
    """
    import pyarrow as pa

    store, config = run.store, run.config
    doc_ids = store.columns("shared/kept_ids")["doc_id"]
    seen = store.columns("assign/labels")
    personas, labels = _numbered(store, seen["raw_label"])
    reduced = store.matrix("assign/vectors")
    middles = centres(reduced, labels)
    _, fixed = _numbered(store, _fixed(reduced, seen["raw_label"], config.fit))
    found = assign_rows(reduced, middles, fixed, run.workers)
    core = labels >= 0 if config.fit.by_density else found.margin >= config.assign.core_margin
    out = seen["noise"].astype(bool) & (not config.assign.noise)
    rows = {
        "doc_id": doc_ids,
        "persona_id": pa.array(personas[found.group], mask=out),
        "sub_persona_id": pa.array(_sub_personas(run, reduced, np.where(out, -1, found.group)), from_pandas=True),
        "is_core": core & ~out,
        "confidence": pa.array(_confidence(run, found), mask=out),
        "runner_up_id": np.where(found.runner_up >= 0, personas[found.runner_up], -1),
        "distance": found.distance,
        "runner_up_distance": found.runner_up_distance,
    }
    store.insert("assign/assignments", pa.table(rows))
    centre_rows = {"persona_id": personas, "vector": matrix_column(middles)}
    store.insert("assign/persona_centres", pa.table(centre_rows))
    _report(run, core, out)


def _fixed(reduced: Floats, labels: Ints, fit: FitConfig) -> Ints:
    """Return the labels of the clustering unchanged.

    Groups from neighbourhoods define the centres but not the members: every document goes to the nearest centre, before
    merges by hand join two groups into one persona.
    """
    if not fit.in_neighborhoods:
        return labels
    return reassign_to_nearest(reduced, labels)


def _confidence(run: Run, found: Assignments) -> Doubles:
    """Return the probability that each document is assigned to its persona again, estimated by refits without it.

    Without refits, or if they are not informative, the posterior of ``assign_rows``.
    """
    groups = int(found.group.max()) + 1
    place, refits, _ = read_refits(run.store)
    seen = held_out(found.group[place], refits)
    curve = fit_confidence_curve(seen.group, seen.margin, seen.right, groups) if groups > 1 else None
    if curve is None:
        return found.confidence
    # Margins are measured in the fused space, as in the refits; the reduced space may be another.
    if run.config.fit.reduction == "none":
        return curve.confidence(np.maximum(found.margin, 0), found.group)
    assert run.matrices is not None
    fused = run.matrices.fused
    placed = assign_rows(fused, centres(fused, found.group), found.group, run.workers)
    return curve.confidence(np.maximum(placed.margin, 0), found.group)


def _sub_personas(run: Run, reduced: Floats, personas: Ints) -> Doubles:
    """Return the sub-persona of every row; NaN if its persona does not divide, or it has no persona."""
    answer = np.full(len(personas), np.nan)
    members = [np.flatnonzero(personas == persona) for persona in range(int(personas.max()) + 1)]
    parts = run.workers.map(lambda rows: divide_group(reduced[rows], run.config.seed), members)
    divided = 0
    for rows, part in zip(members, parts, strict=True):
        if part is not None:
            answer[rows] = part
            divided += 1
    if divided:
        run.report.note(f"{divided} of {len(members)} personas have sub-personas")
    return answer


def _report(run: Run, core: npt.NDArray[np.bool_], out: npt.NDArray[np.bool_]) -> None:
    total = len(core)
    if out.any():
        run.report.warn(f"noise: {int(out.sum()):,} of {total:,} documents ({out.mean():.0%}) have no persona")
    elif not run.config.assign.noise:
        run.report.note(f"{run.config.fit.method} left no noise: every document has a persona")
    unclear = int((~core & ~out).sum())
    if unclear:
        kind = "noise assigned to the nearest persona" if run.config.fit.by_density else "between two personas"
        share = f"{unclear:,} of {total:,} documents ({unclear / total:.0%})"
        run.report.warn(f"unclear: {share} are {kind}; they are marked as not core")


def _numbered(store: Store, labels: Ints) -> tuple[Ints, Ints]:
    """Return the persona numbers in order, and the position of each document's persona; noise stays -1."""
    numbers = persona_numbers(store)
    personas, places = np.unique(numbers, return_inverse=True)
    return personas, np.where(labels >= 0, places[labels], -1)
