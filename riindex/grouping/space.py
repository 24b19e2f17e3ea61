"""Fused space of text and behaviour, in which groups are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from riindex.algorithms.clustering.find_groups import sample_rows
from riindex.algorithms.fusion import block_scales, fuse_blocks, standardised_columns
from riindex.algorithms.neighborhoods import Neighborhoods, neighborhoods
from riindex.algorithms.parallel import ONE_WORKER, Workers, single_threaded
from riindex.algorithms.reduction import pca
from riindex.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from riindex.algorithms.types import Floats
    from riindex.config.build_config import BuildConfig
    from riindex.store.database import Store

# Text axes per persona if a number of personas is given: 12 personas have the usual 24 axes. AMI with the labels of
# Banking77 at 77 personas: 24 axes 0.646, 77 axes 0.685, 128 axes 0.696.
AXES_PER_PERSONA = 2


@dataclass(frozen=True)
class Fused:
    """Fused matrix of text and behaviour, with a description of its columns.

    ``matrix``: float32 (n, d). The first columns are ``vector @ projection.T + origin`` of the text's vector, the
    others standardised ``features``: (block, name). ``near``: neighbourhoods of some rows, if the fit uses them.
    """

    matrix: npt.NDArray[np.float32]
    projection: npt.NDArray[np.float32]
    origin: npt.NDArray[np.float32]
    features: Sequence[tuple[str, str]] = ()
    near: Neighborhoods | None = None


@dataclass
class Matrices:
    """Matrices that pass between stages, computed on first use; row i is the i-th kept document."""

    make_fused: Callable[[], Fused]
    _fused: Fused | None = field(default=None, repr=False)

    @property
    def fused(self) -> npt.NDArray[np.float32]:
        """Fused matrix of text and behaviour, float32 (n, d)."""
        return self.whole.matrix

    @property
    def whole(self) -> Fused:
        """Fused matrix with a description of its columns."""
        if self._fused is None:
            self._fused = self.make_fused()
        return self._fused

    def release(self) -> None:
        """Free the memory; the matrix is computed again on its next use."""
        self._fused = None


def fuse(store: Store, config: BuildConfig, workers: Workers = ONE_WORKER) -> Fused:
    """Return the fused matrix of the kept documents and its columns; see ``fuse_blocks`` for its scale."""
    import numpy as np

    vectors = store.matrix("fuse/kept_vectors")
    if config.fuse.text_dimensions:
        sample = sample_rows(len(vectors), config.fit.max_documents, config.seed)
        count = max(config.fuse.text_dimensions, AXES_PER_PERSONA * config.fit.personas)
        axes = pca(vectors if len(sample) == len(vectors) else vectors[sample], count)
        text, projection, origin = axes.apply(vectors, workers), axes.components, -axes.components @ axes.mean
    else:
        width = vectors.shape[1]
        text, projection, origin = vectors, np.eye(width, dtype=np.float32), np.zeros(width, np.float32)
    near = _near(vectors, origin, config, workers)
    del vectors
    with single_threaded():
        behaviour = standardised_columns(store.columns("fuse/kept_behaviour"), config.fuse.clip)
        fused = _joined(Fused(text, projection, origin, near=near), "behaviour", behaviour, config.fuse.text_share)
        if not config.fuse.label_share:
            return fused
        return _joined(fused, "label", _label_features(store, config), 1 - config.fuse.label_share)


def _near(vectors: Floats, origin: Floats, config: BuildConfig, workers: Workers) -> Neighborhoods | None:
    """Return neighbourhoods of the documents that figures are based on, for k-means in the fused space."""
    fit = config.fit
    if not fit.in_neighborhoods:
        return None
    rows = pool_of(len(vectors), config)
    count = len(rows) // (fit.neighborhoods * max(fit.personas, fit.default_personas))
    return neighborhoods(vectors if len(rows) == len(vectors) else vectors[rows], rows, count, origin, workers)


def pool_of(documents: int, config: BuildConfig) -> npt.NDArray[np.int64]:
    """Return the documents that take part in refits: at most ``evaluate.max_documents`` of those that are fitted."""
    return sample_rows(documents, min(config.fit.max_documents, config.evaluate.max_documents), config.seed)


def _joined(fused: Fused, block: str, columns: Mapping[str, Floats], share: float) -> Fused:
    """Return ``fused`` with a further block of standardised columns, which has 1 - ``share`` of the distance."""
    import numpy as np

    behaviour = np.column_stack(list(columns.values())) if columns else np.empty((len(fused.matrix), 0), np.float32)
    left, right = block_scales(fused.matrix, behaviour, share)
    matrix = fuse_blocks(fused.matrix, behaviour, share)
    added = [(block, name) for name in columns] if right is not None else []
    if left is None:
        return Fused(matrix, fused.projection[:0], fused.origin[:0], added)
    scale = np.float32(left)
    near = None if fused.near is None else fused.near.scaled(scale)
    return Fused(matrix, fused.projection * scale, fused.origin * scale, [*fused.features, *added], near)


def _label_features(store: Store, config: BuildConfig) -> dict[str, Floats]:
    """Return one-hot labels and all scores, standardised; ConfigError if there are none."""
    import numpy as np

    columns: dict[str, npt.NDArray[np.float64]] = {}
    for feature, chosen, scores in store.rows("fuse/label_features"):
        columns[feature] = np.array(chosen)
        columns[f"{feature} score"] = np.array(scores)
    if not columns:
        raise ConfigError("there are no labels to group by", "name dimensions: --set classify.dimensions=seniority")
    return standardised_columns(columns, config.fuse.clip)
