"""Number of groups by cosine silhouette, with its uncertainty over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from riindex.algorithms.clustering.clusterers import distinct_rows, relabel_by_size
from riindex.algorithms.parallel import ONE_WORKER, Workers
from riindex.algorithms.types import Doubles, Floats, Ints

# The published range of k.
MIN_GROUPS, MAX_GROUPS = 2, 15
# Number of seeds besides the published one, whose silhouettes give the spread.
EXTRA_SEEDS = 3
# Above so many rows a start takes a second or so.
LARGE_ROWS = 3_000
# Silhouettes below this mean that there is no substantial structure (Kaufman and Rousseeuw 1990 draw it at 0.25; the
# published tool's own collections lie about 0.12).
MIN_SILHOUETTE = 0.15
# Two groupings of the same rows that agree by this ARI are the same for practical purposes (Steinley 2004: excellent
# above 0.90, good above 0.80).
MIN_STABLE_ARI = 0.8
# A grouping with a larger share of groups of one member is a list of exceptions.
MAX_SINGLETON_SHARE = 0.2


@dataclass(frozen=True)
class Candidate:
    """One k: the published seed's silhouette, mean and standard error over all seeds, and agreement of the seeds.

    ``agreement`` is the mean ARI between the groupings of different seeds; ``smallest`` the size of the published
    seed's smallest group; ``singles`` its share of groups with one member.
    """

    groups: int
    silhouette: float
    mean: float
    error: float
    agreement: float
    smallest: int
    singles: float


@dataclass(frozen=True)
class SilhouetteChoice:
    """Choice of k from a silhouette curve: the published one, whether it is decisive, and two alternatives.

    ``parsimonious``: the smallest k within one standard error of the best mean (Breiman et al. 1984, the
    one-standard-error rule). ``finest``: the largest k whose groupings agree over seeds and that has few groups of one
    member; None where there is none.
    """

    chosen: int
    flat: bool
    tied: Sequence[int]
    parsimonious: int
    finest: int | None

    @property
    def decisive(self) -> bool:
        """True where one k stands out."""
        return not self.flat and not self.tied


def cosine_silhouette(matrix: Floats, labels: Ints) -> float:
    """Compute scikit-learn's ``silhouette_score(matrix, labels, metric="cosine")`` by sums of the groups.

    The cosine distance is linear in unit rows, so the mean distance to a group is 1 less the product with its mean.
    Needs 2 to n - 1 groups; labels are 0…k-1.
    """
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True).astype(np.float64)
    rows = matrix / np.where(lengths > 0, lengths, 1)
    groups = int(labels.max()) + 1
    sums = np.zeros((groups, rows.shape[1]))
    np.add.at(sums, labels, rows)
    counts = np.bincount(labels, minlength=groups).astype(np.float64)
    distance = counts - rows @ sums.T
    index = np.arange(len(rows))
    # A row without direction is at distance 1 from all but itself.
    own = distance[index, labels] - (1 - np.einsum("ij,ij->i", rows, rows))
    others = distance / counts
    others[index, labels] = np.inf
    alone = counts[labels] == 1
    inner = own / np.maximum(counts[labels] - 1, 1)
    outer = others.min(axis=1)
    score = (outer - inner) / np.maximum(np.maximum(inner, outer), 1e-300)
    return float(np.where(alone, 0.0, np.nan_to_num(score)).mean())


def candidate_counts(matrix: Floats) -> range:
    """Return the k that can be tried: 2 to 15, fewer than there are (distinct) rows."""
    return range(MIN_GROUPS, min(MAX_GROUPS, len(matrix) - 1, distinct_rows(matrix)) + 1)


def silhouettes(matrix: Floats, restarts: int, seed: int, workers: Workers = ONE_WORKER) -> list[Candidate]:
    """Measure every k of 2…15 over the published seed and EXTRA_SEEDS others; empty for too few distinct rows.

    The other seeds have a third of the starts, above LARGE_ROWS rows one: they show the spread by chance.
    """
    fewer = 1 if len(matrix) > LARGE_ROWS else max(1, restarts // 3)
    seeds = [seed, *range(seed + 1, seed + 1 + EXTRA_SEEDS)]
    jobs = [(k, s) for k in candidate_counts(matrix) for s in seeds]

    def group(job: tuple[int, int]) -> Ints:
        return _labels(matrix, job[0], restarts if job[1] == seed else fewer, job[1])

    found = workers.map(group, jobs)
    each = len(seeds)
    return [_candidate(matrix, k, found[i * each : (i + 1) * each]) for i, k in enumerate(candidate_counts(matrix))]


def _labels(matrix: Floats, groups: int, restarts: int, seed: int) -> Ints:
    from sklearn.cluster import KMeans

    return relabel_by_size(KMeans(groups, n_init=restarts, random_state=seed).fit_predict(matrix))


def _candidate(matrix: Floats, groups: int, found: Sequence[Ints]) -> Candidate:
    from sklearn.metrics import adjusted_rand_score

    scores = np.array([cosine_silhouette(matrix, labels) for labels in found])
    agreement = [float(adjusted_rand_score(a, b)) for a, b in combinations(found, 2)]
    sizes = np.bincount(found[0])
    return Candidate(
        groups,
        float(scores[0]),
        float(scores.mean()),
        float(scores.std(ddof=1) / np.sqrt(len(scores))),
        float(np.mean(agreement)),
        int(sizes.min()),
        float((sizes == 1).mean()),
    )


def choose_by_silhouette(candidates: Sequence[Candidate]) -> SilhouetteChoice:
    """Choose k from a curve of at least one k."""
    chosen = max(candidates, key=lambda c: (c.silhouette, -c.groups))
    best = max(candidates, key=lambda c: (c.mean, -c.groups))
    near = [c.groups for c in candidates if c.mean >= best.mean - max(best.error, c.error)]
    tied = [k for k in near if k != chosen.groups] if chosen.groups in near else near
    stable = [c.groups for c in candidates if c.agreement >= MIN_STABLE_ARI and c.singles <= MAX_SINGLETON_SHARE]
    return SilhouetteChoice(
        chosen.groups,
        all(c.silhouette < MIN_SILHOUETTE for c in candidates),
        tied,
        min(near),
        max(stable, default=None),
    )


def cosine_distances(matrix: Floats) -> Doubles:
    """Compute scikit-learn's 1 - cosine_similarity of every pair of rows, float64 (n, n).

    Symmetric, zero diagonal, 0 to 2.
    """
    from sklearn.metrics.pairwise import cosine_similarity

    distance = 1 - np.asarray(cosine_similarity(matrix), np.float64)
    distance = np.clip((distance + distance.T) / 2, 0, 2)
    np.fill_diagonal(distance, 0)
    return np.asarray(distance, np.float64)
