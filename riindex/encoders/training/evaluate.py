"""Evaluation of vectors by clustering and nearest neighbours, on texts that people labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from time import perf_counter

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Floats
from riindex.encoders.base import Encoder
from riindex.encoders.training.corpus import read_table, text_column
from riindex.errors import InputError
from riindex.text.tokenised import join_tokenised

LABEL_COLUMNS = ("label", "category", "intent", "class", "topic", "negativereason", "target")
SAMPLE_ROWS = 6_000  # rows drawn afresh for each seed
MAX_LABELS = 500
NEIGHBOUR_BLOCK = 1_000


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with one label each."""

    name: str
    texts: tuple[str, ...]
    labels: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """One model on one labelled set: means over seeds, and each seed's NMI for pairing."""

    accuracy: float
    nmi: float
    neighbour: float
    nmis: tuple[float, ...]

    @property
    def nmi_error(self) -> float:
        """Standard error of the mean NMI over seeds; 0 for a single seed."""
        return stdev(self.nmis) / len(self.nmis) ** 0.5 if len(self.nmis) > 1 else 0.0


def load_labelled(spec: str) -> LabelledTexts:
    """Read ``FILE`` or ``FILE:COLUMN``: a CSV, TSV, JSONL or Parquet file with a text and a label column.

    Without a header the column with the longer strings holds the texts. Rows without a text or label are left out; a
    tokenised corpus is joined, as a build does.
    """
    file, _, column = spec.partition(":")
    path = Path(file)
    if not path.exists():
        raise InputError(f"{file} does not exist", "give FILE or FILE:LABEL_COLUMN")
    table = read_table(path)
    texts = text_column(table)
    known = {name.lower(): name for name in table.columns}
    others = [name for name in table.columns if name != texts]
    named = [known[name] for name in LABEL_COLUMNS if name in known]
    if column and column not in table.columns:
        raise InputError(f"{file} has no column {column!r}", f"its columns: {', '.join(table.columns)}")
    if not column and not named and not others:
        raise InputError(f"{file} has no label column", "it needs a text and a label in each row")
    label = column or (named or others)[0]
    rows = [
        (text, str(mark))
        for text, mark in zip(table[texts].to_list(), table[label].to_list(), strict=True)
        if text and mark not in {None, ""}
    ]
    names = sorted({mark for _, mark in rows})
    if not 1 < len(names) <= MAX_LABELS:
        raise InputError(f"{file}: column {label!r} has {len(names)} labels", f"name another: {file}:COLUMN")
    code = {mark: at for at, mark in enumerate(names)}
    labels = np.array([code[mark] for _, mark in rows], dtype=np.int64)
    return LabelledTexts(path.stem, tuple(join_tokenised(text for text, _ in rows)), labels)


def score_vectors(vectors: Floats, labels: npt.NDArray[np.int64], seeds: Sequence[int], starts: int) -> Score:
    """Measure k-means with the true number of labels, and nearest neighbours, on a draw of rows for each seed.

    Two models scored with the same seeds see the same rows and the same random starts.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    accuracies, nmis, neighbours = [], [], []
    for seed in seeds:
        drawn = np.random.default_rng(seed).permutation(len(labels))[:SAMPLE_ROWS]
        rows, truth = vectors[drawn], labels[drawn]
        found = KMeans(len(np.unique(truth)), n_init=starts, random_state=seed).fit_predict(rows)
        accuracies.append(clustering_accuracy(truth, found))
        nmis.append(float(normalized_mutual_info_score(truth, found)))
        neighbours.append(neighbour_agreement(rows, truth))
    return Score(fmean(accuracies), fmean(nmis), fmean(neighbours), tuple(nmis))


def clustering_accuracy(truth: npt.NDArray[np.int64], found: npt.NDArray[np.integer]) -> float:
    """Compute the share of rows in the right group under the best one-to-one naming (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    size = int(max(truth.max(), found.max())) + 1
    together = np.zeros((size, size), dtype=np.int64)
    np.add.at(together, (truth, found), 1)
    rows, columns = linear_sum_assignment(-together)
    return float(together[rows, columns].sum() / len(truth))


def neighbour_agreement(vectors: Floats, labels: npt.NDArray[np.int64]) -> float:
    """Compute the share of rows whose nearest other row bears the same label."""
    agreed = 0
    for start in range(0, len(vectors), NEIGHBOUR_BLOCK):
        near = vectors[start : start + NEIGHBOUR_BLOCK] @ vectors.T
        near[np.arange(len(near)), np.arange(start, start + len(near))] = -np.inf
        agreed += int((labels[near.argmax(axis=1)] == labels[start : start + NEIGHBOUR_BLOCK]).sum())
    return agreed / len(vectors)


def neighbour_overlap(one: Floats, other: Floats, k: int = 10) -> float:
    """Compute the mean share of a row's ``k`` nearest rows that both models agree on."""
    shared = 0
    for start in range(0, len(one), NEIGHBOUR_BLOCK):
        lists = []
        for vectors in (one, other):
            near = vectors[start : start + NEIGHBOUR_BLOCK] @ vectors.T
            near[np.arange(len(near)), np.arange(start, start + len(near))] = -np.inf
            lists.append(np.argpartition(-near, k, axis=1)[:, :k])
        shared += sum(len(np.intersect1d(a, b)) for a, b in zip(*lists, strict=True))
    return shared / (k * len(one))


def texts_per_second(encoder: Encoder, texts: Sequence[str], seconds: float = 2.0) -> float:
    """Measure texts a second over as many of ``texts`` as fit in about ``seconds``, after a warm-up batch."""
    encoder.encode(texts[:64])
    done, size, began = 0, 256, perf_counter()
    while perf_counter() - began < seconds and done < len(texts):
        encoder.encode(texts[done : done + size])
        done += len(texts[done : done + size])
        size *= 2
    return done / max(perf_counter() - began, 1e-9)


def size_on_disk(encoder: Encoder) -> float:
    """Return megabytes of the model's folder, without what training keeps there; 0 where the folder is not known."""
    folder = getattr(encoder, "folder", None)
    if folder is None:
        return 0.0
    return sum(file.stat().st_size for file in Path(folder).iterdir() if file.is_file()) / 1e6
