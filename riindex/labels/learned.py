"""Labels learned from some of the texts: the rest are labelled by a head that is fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Doubles, Floats
from riindex.errors import ConfigError
from riindex.labels.head import Head
from riindex.labels.stances import bundled_head
from riindex.labels.training import MIN_EXAMPLES, HeldOutFigures, train_head

# More labels than this are hardly a dimension: ids, names, dates.
MAX_LABELS = 100
# Small sets of labels hold fewer words than the bundled texts: a stronger penalty generalises better.
PENALTY = 5.0


@dataclass(frozen=True)
class Learned:
    """Head fitted to ``given`` labels, its held-out figures, and its probabilities of all n texts, (n, classes)."""

    head: Head
    held_out: HeldOutFigures
    probabilities: Doubles
    given: npt.NDArray[np.bool_]


def learn(texts: Sequence[str], vectors: Floats, labels: Sequence[str | None]) -> Learned:
    """Fit a head to the texts that have a label, and apply it to all; texts that recur count once.

    ``vectors``: by the bundled encoder. Labels of fewer than MIN_EXAMPLES texts are left out. ConfigError where fewer
    than two labels remain, or more than MAX_LABELS.
    """
    known: dict[tuple[str, str], int] = {}
    for place, (text, label) in enumerate(zip(texts, labels, strict=True)):
        if label:
            known.setdefault((text, label), place)
    counts: dict[str, int] = {}
    for _, label in known:
        counts[label] = counts.get(label, 0) + 1
    kept = {label for label, n in counts.items() if n >= MIN_EXAMPLES}
    if not 2 <= len(kept) <= MAX_LABELS:
        raise ConfigError(
            f"the column has {len(kept)} labels of {MIN_EXAMPLES} texts or more",
            f"learning needs 2 to {MAX_LABELS} of them",
        )
    places = np.array([place for (_, label), place in known.items() if label in kept], np.int64)
    head, held_out = train_head(
        [texts[i] for i in places],
        vectors[places],
        [str(labels[i]) for i in places],
        sorted(kept),
        PENALTY,
        bundled_head(),
    )
    return Learned(head, held_out, head.probabilities(texts, vectors), np.array([bool(label) for label in labels]))
