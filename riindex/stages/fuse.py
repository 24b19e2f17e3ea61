"""Text and behaviour in one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riindex.algorithms.blocks import single_threaded
from riindex.algorithms.fusion import fuse_blocks, standardise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riindex.config import BuildConfig
    from riindex.store import Store


def fuse(store: Store, config: BuildConfig) -> npt.NDArray[np.float32]:
    """The fused matrix of the kept documents, float32 (n, d); see ``fuse_blocks`` for its scale."""
    vectors = store.matrix("fuse/kept_vectors")
    with single_threaded():
        behaviour = standardise(store.columns("fuse/kept_behaviour"), config.fuse.clip)
        return fuse_blocks(vectors, behaviour, config.fuse.text_share)
