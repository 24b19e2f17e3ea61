"""Redundancy, gaps, diversity and balanced subsets of a collection."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isnan
from pathlib import Path
from typing import Any

from riindex.algorithms import selection
from riindex.algorithms.near_pairs import (
    connected_components,
    mean_dissimilarity,
    medoid,
    near_pairs,
    nearest_others,
    outliers,
)
from riindex.algorithms.parallel import Workers
from riindex.algorithms.vendi import vendi_contributions, vendi_score
from riindex.errors import QueryError
from riindex.labels.dimensions import UNSURE
from riindex.store.database import Store

# Cosine from which on texts mean the same to the bundled encoder: among 103 research personas with 20 planted
# paraphrases it separates these from all but one or two natural pairs.
MIN_SIMILARITY = 0.9
# Most documents of which all pairs are compared: about 20 s on two cores.
MAX_DOCUMENTS = 50_000
# Most documents whose contribution is computed: it is an eigenproblem for each.
MAX_ADDED = 1_000
METHODS = ("k-centre", "determinantal")


@dataclass(frozen=True)
class Redundancy:
    """Pairs above the threshold, the most similar first, and the groups they form with the document to keep of each."""

    pairs: list[dict[str, Any]]
    groups: list[dict[str, Any]]


@dataclass(frozen=True)
class Diversity:
    """Diversity: ``mean_dissimilarity`` of all pairs, the ``effective_number`` (Vendi score), and a row per document.

    A row: tweet_id, its nearest other and the distance to it, is_outlier, and ``adds``: by how much the Vendi
    score would be smaller without it (None above MAX_ADDED documents).
    """

    documents: int
    mean_dissimilarity: float | None
    effective_number: float
    each: list[dict[str, Any]]

    def __str__(self) -> str:
        mean = "" if self.mean_dissimilarity is None else f"mean dissimilarity {self.mean_dissimilarity:.3f}, "
        return f"{mean}as diverse as {self.effective_number:.1f} entirely different ones (of {self.documents:,})"


@dataclass(frozen=True)
class Gaps:
    """Cells of two dimensions, those with most missing documents first; ``unsure`` documents have no cell.

    ``bias``, 0 to 1, is the total variation distance between the observed and the expected distribution: the share of
    the documents that would have to be replaced.
    A cell: its two labels, n, expected, missing, and a header to fill in where n is 0.
    """

    cells: list[dict[str, Any]]
    documents: int
    unsure: int
    bias: float


def redundant(store: Store, threshold: float = MIN_SIMILARITY) -> Redundancy:
    """Return near-duplicate documents: cosine of ``threshold`` or more. QueryError above MAX_DOCUMENTS."""
    if not 0 < threshold <= 1:
        raise QueryError(f"a threshold cannot be {threshold}", "it is a cosine: 0.9 finds texts that mean the same")
    rows, vectors = _documents(store)
    pairs = near_pairs(vectors, threshold)
    joined = connected_components(pairs)
    home = {row: number for number, group in enumerate(joined) for row in group}
    least = {home[a]: s for a, _, s in pairs}  # the pairs are in descending order, so that the last one stays
    groups = []
    for number, group in enumerate(joined):
        kept = group[medoid(vectors[group], [len(rows[i][2]) for i in group])]
        others = [rows[i][1] for i in group if i != kept]
        groups.append({"group": number, "size": len(group), "keep": rows[kept][1], "drop": others,
                       "least_alike": least[number], "text": rows[kept][2]})  # fmt: skip
    pair_rows = [
        {"tweet_id": rows[a][1], "other_id": rows[b][1], "similarity": s, "text": rows[a][2], "other_text": rows[b][2]}
        for a, b, s in pairs
    ]
    return Redundancy(pair_rows, groups)


def diversity(store: Store) -> Diversity:
    """Return the diversity of the documents, and the contribution of each; QueryError above MAX_DOCUMENTS."""
    rows, vectors = _documents(store)
    others, distance = nearest_others(vectors, workers=Workers(2))
    far = outliers(distance)
    adds = vendi_contributions(vectors).tolist() if len(rows) <= MAX_ADDED else [None] * len(rows)
    each = [
        {
            "tweet_id": row[1],
            "persona_id": row[4],
            "nearest": None if other < 0 else rows[other][1],
            "distance": None if other < 0 else float(away),
            "is_outlier": bool(outlier),
            "adds": add,
            "text": row[2],
        }
        for row, other, away, outlier, add in zip(rows, others.tolist(), distance, far, adds, strict=True)
    ]
    return Diversity(len(rows), mean_dissimilarity(vectors), vendi_score(vectors), each)


def select(store: Store, count: int, method: str = "k-centre", balance: str | None = None) -> list[dict[str, Any]]:
    """Return ``count`` documents that represent all: rank, tweet_id, persona, distance, text.

    ``k-centre``: each next document is the one furthest from those chosen; ``balance``: persona or a dimension of
    labels, which is then represented evenly. ``determinantal``: the set that spans the largest volume. QueryError for
    invalid arguments.
    """
    if method not in METHODS:
        raise QueryError(f"there is no method {method!r}", f"choose one of: {', '.join(METHODS)}")
    if count < 1:
        raise QueryError(f"a subset cannot have {count} documents", "give 1 or more")
    if balance is not None and method != "k-centre":
        raise QueryError("only k-centre can be balanced", "leave --balance out, or use --method k-centre")
    rows, vectors = _documents(store)
    kinds = None if balance is None else _kinds(store, rows, balance)
    chosen = selection.k_centre(vectors, count, kinds) if method == "k-centre" else selection.greedy_dpp(vectors, count)
    measure = "distance" if method == "k-centre" else "volume"
    return [
        {
            "rank": rank,
            "tweet_id": rows[row][1],
            "persona_id": rows[row][4],
            **({} if kinds is None or balance == "persona" else {balance or "": kinds[row]}),
            measure: None if isnan(value) else value,
            "text": rows[row][2],
        }
        for rank, (row, value) in enumerate(chosen, 1)
    ]


def _kinds(store: Store, rows: Sequence[tuple[Any, ...]], balance: str) -> list[str]:
    if balance == "persona":
        return [str(row[4]) for row in rows]
    labels = _labels(store, balance)
    return [labels[row[0]] for row in rows]


def gaps(store: Store, first: str, second: str, expected: Mapping[str, Mapping[str, float]] | None = None) -> Gaps:
    """Compare the cells of two dimensions with an ``expected`` distribution, to find empty or rare cells.

    ``expected``: dimension → label → share; a dimension that it does not name is uniform over its labels. Raises
    QueryError for a dimension or label that does not exist.
    """
    if first == second:
        raise QueryError(f"both dimensions are {first}", "give two different ones")
    one, other = _labels(store, first), _labels(store, second)
    shares = [_shares(store, name, (expected or {}).get(name)) for name in (first, second)]
    counts: dict[tuple[str, str], int] = {}
    labelled = [doc for doc in one if UNSURE not in (one[doc], other[doc])]
    for doc in labelled:
        counts[one[doc], other[doc]] = counts.get((one[doc], other[doc]), 0) + 1
    number = _next_number(store)
    cells: list[dict[str, Any]] = []
    for (a, share), (b, weight) in product(shares[0].items(), shares[1].items()):
        needed = share * weight * len(labelled)
        n = counts.get((a, b), 0)
        cells.append({first: a, second: b, "n": n, "expected": needed, "missing": needed - n})
    margins = [{label: sum(n for key, n in counts.items() if key[i] == label) for label in shares[i]} for i in (0, 1)]
    # Ties: the cell with the larger product of its two marginals first, where a gap is least expected.
    cells.sort(key=lambda c: (-round(c["missing"], 9), -margins[0][c[first]] * margins[1][c[second]]))
    for cell in cells:
        empty = cell["n"] == 0 and cell["expected"] > 0
        cell["header"] = header(number, {first: cell[first], second: cell[second]}) if empty else ""
        number += empty
    bias = sum(abs(c["missing"]) for c in cells) / (2 * len(labelled)) if labelled else 0.0
    return Gaps(cells, len(labelled), len(one) - len(labelled), bias)


def header(number: int, labels: Mapping[str, str]) -> str:
    """Return a block of a persona file to fill in: its header, and the labels that the persona should have."""
    return f"=== PERSONA {number} ===\n[{'; '.join(f'{name}: {label}' for name, label in labels.items())}]"


def read_expected(path: str | Path) -> dict[str, dict[str, float]]:
    """Return dimension → label → share from a TOML file of tables; shares may be any weights. QueryError if invalid."""
    shape = "write [seniority] with lines like junior = 0.3"
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise QueryError(f"{path} cannot be read: {problem}", shape) from problem
    for name, table in tables.items():
        good = isinstance(table, dict) and all(isinstance(v, int | float) and v >= 0 for v in table.values())
        if not good or not sum(table.values()):
            raise QueryError(f"{path}: {name} is not a distribution", shape)
    return tables


def _shares(store: Store, dimension: str, given: Mapping[str, float] | None) -> dict[str, float]:
    names = [row[0] for row in store.rows("ask/collection/label_names", dimension=dimension)]
    if given is None:
        return dict.fromkeys(names, 1 / len(names))
    unknown = set(given) - set(names)
    if unknown:
        raise QueryError(f"{dimension} has no label {sorted(unknown)[0]!r}", f"it has: {', '.join(names)}")
    total = sum(given.values())
    return {name: given.get(name, 0.0) / total for name in names}


def _labels(store: Store, dimension: str) -> dict[int, str]:
    """Return document → its label."""
    known = list(dict.fromkeys(row[0] for row in store.rows("ask/collection/labels"))) if _labelled(store) else []
    if dimension not in known:
        hint = (
            f"choose one of: {', '.join(known)}"
            if known
            else "label first: ri classify --dimensions seniority,industry"
        )
        raise QueryError(f"nothing is labelled by {dimension!r}", hint)
    return {doc: label for name, doc, label, _ in store.rows("ask/collection/labels") if name == dimension}


def _labelled(store: Store) -> bool:
    return store.has("labels")


def _next_number(store: Store) -> int:
    return int(store.value("ask/collection/next_number"))


def _documents(store: Store) -> tuple[list[tuple[Any, ...]], Any]:
    rows = store.rows("ask/collection/clusters")
    if len(rows) > MAX_DOCUMENTS:
        raise QueryError(
            f"{len(rows):,} documents are too many to compare each with each", f"at most {MAX_DOCUMENTS:,}"
        )
    return rows, store.matrix("fuse/kept_vectors")
