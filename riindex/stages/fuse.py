"""Text and behaviour in one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riindex.algorithms.blocks import single_threaded
from riindex.algorithms.fusion import fuse_blocks, standardise
from riindex.algorithms.groups import sample_rows
from riindex.algorithms.reduction import pca
from riindex.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riindex.config import BuildConfig
    from riindex.store import Store


def fuse(store: Store, config: BuildConfig, threads: int = 1) -> npt.NDArray[np.float32]:
    """The fused matrix of the kept documents, float32 (n, d); see ``fuse_blocks`` for its scale."""
    text = store.matrix("fuse/kept_vectors")
    if config.fuse.text_dimensions:
        sample = sample_rows(len(text), config.fit.max_documents, config.seed)
        sampled = text if len(sample) == len(text) else text[sample]
        text = pca(sampled, config.fuse.text_dimensions).apply(text, threads)
    with single_threaded():
        behaviour = standardise(store.columns("fuse/kept_behaviour"), config.fuse.clip)
        fused = fuse_blocks(text, behaviour, config.fuse.text_share)
        if not config.fuse.label_share:
            return fused
        return fuse_blocks(fused, _label_features(store, config), 1 - config.fuse.label_share)


def _label_features(store: Store, config: BuildConfig) -> npt.NDArray[np.float32]:
    """One-hot labels and the scores of all, standardised; ConfigError where there are none."""
    import numpy as np

    columns: dict[str, npt.NDArray[np.float64]] = {}
    for feature, chosen, scores in store.rows("fuse/label_features"):
        columns[feature] = np.array(chosen)
        columns[f"{feature} score"] = np.array(scores)
    if not columns:
        raise ConfigError("there are no labels to group by", "name dimensions: --set classify.dimensions=seniority")
    return standardise(columns, config.fuse.clip)
