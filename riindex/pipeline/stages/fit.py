"""Groups: reduction and clustering of all kept documents, or a seeded sample of them."""

from __future__ import annotations

import numpy as np

from riindex.algorithms.clustering.dbscan_advice import recommend_setting
from riindex.algorithms.clustering.find_groups import Groups, find_groups
from riindex.errors import BuildError
from riindex.pipeline.context import Run
from riindex.store.arrow import vector_table

# Least documents per group for meaningful figures: one of five is already twenty per cent.
MIN_DOCUMENTS_PER_GROUP = 5
# Least documents in total for reliable figures, as for a persona (profiles/verdict.py).
MIN_DOCUMENTS = 15


def fit(run: Run) -> None:
    """Write raw_labels, reduced, granularity and silhouettes."""
    import pyarrow as pa

    assert run.matrices is not None
    store, config = run.store, run.config
    doc_ids = store.columns("shared/kept_ids")["doc_id"]
    whole = run.matrices.whole
    groups = find_groups(whole.matrix, config.fit, config.seed, run.workers, whole.near)
    if not (groups.labels >= 0).any():
        raise BuildError("every document is noise: no group is dense enough", _density_hint(run), "fit")
    store.insert("fit/raw_labels", pa.table({"doc_id": doc_ids[groups.sample], "raw_label": groups.labels}))
    store.make("reduced", vector_table(doc_ids, groups.reduced))
    store.run("fit/comments")
    _keep_curve(run, groups)
    _keep_silhouettes(run, groups)
    _report(run, groups, len(doc_ids))


def _density_hint(run: Run) -> str:
    """Return a hint on how to find groups; for DBSCAN a setting that was tried."""
    assert run.matrices is not None
    if run.config.fit.method != "dbscan":
        return "lower --set fit.min_cluster_size, or use --set fit.method=kmeans"
    fit = run.config.fit
    found = recommend_setting(run.matrices.fused, fit.eps, fit.min_samples)
    return f"tried: {found}" if found else "no eps yields groups of these documents: use k-means"


def _keep_curve(run: Run, groups: Groups) -> None:
    import pyarrow as pa

    chosen = int(groups.labels.max()) + 1
    levels = groups.curve
    columns = {
        "personas": pa.array([level.groups for level in levels], pa.int32()),
        "stability": pa.array([level.stability for level in levels], pa.float64()),
        "null_stability": pa.array([level.null for level in levels], pa.float64()),
        "score": pa.array([level.score for level in levels], pa.float64()),
        "standard_error": pa.array([level.error for level in levels], pa.float64()),
        "chosen": pa.array([level.groups == chosen for level in levels], pa.bool_()),
    }
    run.store.insert("fit/curve", pa.table(columns))


def _keep_silhouettes(run: Run, groups: Groups) -> None:
    import pyarrow as pa

    chosen = int(groups.labels.max()) + 1
    tried = groups.silhouettes
    columns = {
        "personas": pa.array([c.groups for c in tried], pa.int32()),
        "silhouette": pa.array([c.silhouette for c in tried], pa.float64()),
        "mean": pa.array([c.mean for c in tried], pa.float64()),
        "standard_error": pa.array([c.error for c in tried], pa.float64()),
        "agreement": pa.array([c.agreement for c in tried], pa.float64()),
        "smallest": pa.array([c.smallest for c in tried], pa.int64()),
        "singles": pa.array([c.singles for c in tried], pa.float64()),
        "chosen": pa.array([c.groups == chosen for c in tried], pa.bool_()),
    }
    run.store.insert("fit/silhouettes", pa.table(columns))


def _report(run: Run, groups: Groups, total: int) -> None:
    found = int(groups.labels.max()) + 1
    sizes = np.bincount(groups.labels[groups.labels >= 0])
    sampled = f" from a sample of {len(groups.sample):,}" if len(groups.sample) < total else ""
    run.report.note(f"{found} groups{sampled}, the largest {sizes.max() / sizes.sum():.0%}")
    noise = int((groups.labels < 0).sum())
    if noise:
        share = f"{noise:,} of {len(groups.labels):,} documents ({noise / len(groups.labels):.0%})"
        run.report.warn(f"noise: the clustering left {share} ungrouped")
    if found > 1 and total < MIN_DOCUMENTS_PER_GROUP * found:
        run.report.warn(
            f"{found} groups of {total:,} documents: fewer than {MIN_DOCUMENTS_PER_GROUP} each on average, "
            "too few for meaningful figures"
        )
    if total < MIN_DOCUMENTS:
        run.report.warn(f"{total:,} documents are too few for reliable figures")
    elif found == 1:
        run.report.warn("only one group was found: the documents do not separate under these settings")
