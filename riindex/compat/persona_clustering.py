"""Persona clustering as published: one call that writes an index and the familiar files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from riindex import encoders
from riindex.algorithms.clustering.dbscan_advice import (
    DbscanSetting,
    grouping_outcome,
    k_distances,
    knee,
    recommend_setting,
)
from riindex.algorithms.clustering.silhouette import Candidate, SilhouetteChoice, choose_by_silhouette, cosine_distances
from riindex.algorithms.near_pairs import mean_dissimilarity
from riindex.errors import ConfigError, RiError
from riindex.labels.dimensions import choose_dimensions
from riindex.machine.paths import expand_path
from riindex.machine.progress import Progress
from riindex.pipeline.job import default_target, resolve_config
from riindex.pipeline.run import build
from riindex.share.map import BY_PERSONA, write_map
from riindex.store.database import Store
from riindex.store.outputs import one_file
from riindex.text.stop_words import stop_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riindex.config.build_config import BuildConfig
    from riindex.encoders.base import Encoder

METHODS = {"kmeans": "sklearn-kmeans", "dbscan": "dbscan", "hdbscan": "hdbscan"}
VISUALIZATIONS = ("pca", "tsne", "umap")
DIMENSIONS = ("seniority", "industry", "expertise")
# Classification method → share of the labels in the squared distance.
LABEL_SHARES = {"semantic": 0.0, "classification": 1.0, "hybrid": 0.5}
# Most personas for which the matrix of all pairs is written by default: 5,000 make a file of 230 MB.
MATRIX_ROWS = 5_000
COMMON_WORDS = 10


class ClusterAnalysis(TypedDict):
    """Cluster: ``common_words`` are its most frequent words, ``terms`` the distinctive ones (class-based TF-IDF)."""

    size: int
    personas: list[str]
    indices: list[int]
    common_words: list[tuple[str, int]]
    terms: list[str]
    name: str
    internal_dissimilarity: float | None
    classifications: dict[str, dict[str, int]]


class PersonaClustering(TypedDict):
    """Published results with the paths of their files. Noise is -1; no matrix above MATRIX_ROWS unless requested."""

    personas: list[str]
    embeddings: npt.NDArray[np.float32]
    dissimilarity_matrix: npt.NDArray[np.float64] | None
    cluster_labels: npt.NDArray[np.int64]
    cluster_analysis: dict[int, ClusterAnalysis]
    model: Encoder | None
    embeddings_2d: npt.NDArray[np.float64]
    n_clusters: int
    silhouette_scores: list[float]
    output_files: dict[str, str]


@dataclass(frozen=True)
class DensityAdvice:
    """Result of DBSCAN, the knee of the k-distance curve and, for an unusable result, a better setting."""

    given: DbscanSetting
    knee: float
    better: DbscanSetting | None


def cluster_personas(
    personas_file_path: str | Path,
    model_name: str = "static",
    n_clusters: int | None = None,
    clustering_method: str = "kmeans",
    eps: float = 0.5,
    min_samples: int = 3,
    visualization_method: str = "pca",
    output_dir: str | Path = "results",
    use_classification: bool = False,
    classification_dimensions: Sequence[str] = DIMENSIONS,
    classification_method: str = "semantic",
    color_by: str = "cluster",
    *,
    index: str | Path | None = None,
    dimensions_file: str | Path | None = None,
    settings: Mapping[str, object] | None = None,
    matrix: bool | None = None,
    raw: bool = False,
    report: Progress | None = None,
) -> PersonaClustering:
    """Cluster persona descriptions as published, and build an index of them at ``index`` (``./<stem>.duckdb``).

    ``model_name``: static (bundled), the hub name or folder of a model2vec model, or ``sentence:NAME``. Without
    ``n_clusters`` k-means takes the k of 2…15 with the best cosine silhouette. ``eps`` is a cosine distance.
    ``classification_method``: semantic clusters by text, classification by labels, hybrid by both. ``color_by``:
    cluster or a dimension. ``dimensions_file``: TOML with custom dimensions, all of them if no name is given.
    ``matrix``: write the dissimilarity matrix; by default up to 5,000 personas. ``raw``: the page shows personal data.
    Raises a RiError.
    """
    classified = use_classification or classification_method != "semantic"
    config = configure(
        model_name, n_clusters, clustering_method, eps, min_samples, visualization_method,
        classification_dimensions if classified else None, classification_method, color_by, dimensions_file, settings,
    )  # fmt: skip
    return cluster_with(config, personas_file_path, output_dir, color_by, index, matrix, raw, report)


run_persona_clustering = cluster_personas


def cluster_with(
    config: BuildConfig,
    source: str | Path,
    output_dir: str | Path,
    color_by: str,
    index: str | Path | None = None,
    matrix: bool | None = None,
    raw: bool = False,
    report: Progress | None = None,
) -> PersonaClustering:
    """Cluster personas as ``cluster_personas`` does, with settings from :func:`configure`."""
    target = Path(index) if index is not None else default_target(source)
    folder = _folder(output_dir)
    built = build(source, target, config=config, report=report)
    with Store.read(built.path) as store:
        results = _results(store, config, matrix)
        colour = BY_PERSONA if color_by == "cluster" else color_by
        results["output_files"] = _write(store, results, folder, colour, raw) | {"index_file": str(target)}
    return results


def configure(
    model: str,
    clusters: int | None,
    method: str,
    eps: float,
    min_samples: int,
    visualization: str,
    dimensions: Sequence[str] | None,
    classification: str,
    color_by: str,
    dimensions_file: str | Path | None = None,
    settings: Mapping[str, object] | None = None,
) -> BuildConfig:
    """Return the preset persona-clustering with the published options; ConfigError for one that is not valid.

    ``dimensions``: None labels nothing, an empty list means all of ``dimensions_file``.
    """
    for name, value, known in (
        ("clustering_method", method, METHODS),
        ("visualization_method", visualization, VISUALIZATIONS),
        ("classification_method", classification, LABEL_SHARES),
    ):
        if value not in known:
            raise ConfigError(f"{name} cannot be {value!r}", f"choose one of: {', '.join(known)}")
    if clusters is not None and clusters < 1:
        raise ConfigError(f"there cannot be {clusters} clusters", "give 1 or more, or leave it out")
    file = str(dimensions_file or "")
    names = (
        [dimension.name for dimension in choose_dimensions(",".join(dimensions), file)]
        if dimensions is not None
        else []
    )
    if color_by not in ("cluster", *names):
        raise ConfigError(
            f"there are no labels of {color_by!r} to colour by", "colour by cluster, or classify: --use-classification"
        )
    given = {
        "embed.encoder": model if re.match(r"static$|\w+:", model) else f"model2vec:{model}",
        "fit.method": METHODS[method],
        "fit.personas": clusters or 0,
        "fit.eps": eps,
        "fit.min_samples": min_samples,
        "fit.min_cluster_size": max(2, min_samples),
        "layout.method": visualization,
        "classify.dimensions": ",".join(names),
        "classify.file": file if names else "",
        "fuse.label_share": LABEL_SHARES[classification],
    }
    return resolve_config("persona-clustering", settings={**given, **(settings or {})}, kind="descriptions")


def _folder(output_dir: str | Path) -> Path:
    folder = expand_path(output_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RiError(f"{folder} cannot be made: {problem.strerror}", "choose another folder") from problem
    return folder


def _results(store: Store, config: BuildConfig, matrix: bool | None) -> PersonaClustering:
    import numpy as np

    rows = store.rows("ask/collection/clusters")
    vectors = store.matrix("fuse/kept_vectors")
    labels = np.array([row[3] for row in rows], np.int64)
    given = len(rows) <= MATRIX_ROWS if matrix is None else matrix
    pairs = cosine_distances(vectors) if given else None
    given = config.embed.encoder.startswith("column:")
    return {
        "personas": [row[2] for row in rows],
        "embeddings": vectors,
        "dissimilarity_matrix": pairs,
        "cluster_labels": labels,
        "cluster_analysis": _analysis(store, [row[2] for row in rows], vectors, labels),
        "model": None if given else encoders.load(config.embed.encoder),
        "embeddings_2d": np.array([row[5:7] for row in rows], np.float64),
        "n_clusters": len(set(labels.tolist()) - {-1}),
        "silhouette_scores": [candidate.silhouette for candidate in candidates(store)],
        "output_files": {},
    }


def _analysis(
    store: Store, texts: Sequence[str], vectors: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]
) -> dict[int, ClusterAnalysis]:
    import numpy as np

    lines = {line[0]: line for line in store.rows("build/persona_lines")}
    named = labels_of(store)
    found: dict[int, ClusterAnalysis] = {}
    for cluster in sorted(set(labels.tolist())):
        own = np.flatnonzero(labels == cluster).tolist()
        line = lines.get(cluster)
        found[cluster] = {
            "size": len(own),
            "personas": [texts[i] for i in own],
            "indices": own,
            "common_words": common_words([texts[i] for i in own]),
            "terms": list(line[5]) if line else [],
            "name": line[1] if line else "noise",
            "internal_dissimilarity": mean_dissimilarity(vectors[own]),
            "classifications": {
                dimension: dict(Counter(given[i][0] for i in own).most_common()) for dimension, given in named.items()
            },
        }
    return found


def common_words(texts: Sequence[str]) -> list[tuple[str, int]]:
    """Return the most frequent words of four or more letters, without stop words, with their counts."""
    stop = set(stop_words())
    words = (word for text in texts for word in re.findall(r"\b[a-z]{4,}\b", text.lower()))
    return Counter(word for word in words if word not in stop).most_common(COMMON_WORDS)


def labels_of(store: Store) -> dict[str, list[tuple[str, float]]]:
    """Return dimension → label and confidence of every document, in order; empty if nothing was labelled."""
    found: dict[str, list[tuple[str, float]]] = {}
    for dimension, _, label, confidence in store.rows("ask/collection/labels"):
        found.setdefault(dimension, []).append((label, confidence))
    return found


def candidates(store: Store) -> list[Candidate]:
    """Return the silhouettes by which the number of groups was chosen; empty if it was given."""
    return [Candidate(*row) for row in store.rows("ask/collection/silhouettes")]


def verdict(store: Store) -> SilhouetteChoice | None:
    """Return the verdict on the number of groups; None if it was given."""
    tried = candidates(store)
    return choose_by_silhouette(tried) if tried else None


def density_advice(results: PersonaClustering, config: BuildConfig) -> DensityAdvice | None:
    """Return the result of DBSCAN and better settings; None for another method."""
    if config.fit.method != "dbscan":
        return None
    labels, eps, least = results["cluster_labels"], config.fit.eps, config.fit.min_samples
    given = grouping_outcome(labels, eps, least)
    better = None if given.usable else recommend_setting(results["embeddings"], eps, least)
    return DensityAdvice(given, knee(k_distances(results["embeddings"], least)), better)


def _write(store: Store, results: PersonaClustering, folder: Path, colour: str, raw: bool) -> dict[str, str]:
    """Write the published files under their names; return kind of file → path."""
    import pyarrow as pa

    stamp = datetime.now().strftime("%Y%m%d_%H%M%S")
    labels = results["cluster_labels"]
    columns: dict[str, Any] = {"persona_index": range(len(labels)), "cluster_id": labels}
    named = labels_of(store)
    for dimension, given in named.items():
        columns[f"{dimension}_label"] = [label for label, _ in given]
        columns[f"{dimension}_confidence"] = [round(confidence, 4) for _, confidence in given]
    written = {"cluster_file": folder / f"persona_clusters_{stamp}.csv"}
    _csv(pa.table(columns), written["cluster_file"])
    if results["dissimilarity_matrix"] is not None:
        written["dissimilarity_file"] = folder / f"dissimilarity_matrix_{stamp}.csv"
        _csv(_square(results["dissimilarity_matrix"]), written["dissimilarity_file"])
    if named:
        written["classification_file"] = folder / f"classification_details_{stamp}.csv"
        names = ["persona_index", "dimension", "label", "score", "probability"]
        # Nothing is dropped from a collection of descriptions, so the id of a document is its position in the file.
        scores = [list(column) for column in zip(*store.rows("ask/collection/scores"), strict=True)]
        _csv(pa.table(scores, names=names), written["classification_file"])
    written["visualization_file"] = folder / f"persona_clusters_visualization_{stamp}.html"
    write_map(store, written["visualization_file"], raw, colour, shown=None)
    return {key: str(path) for key, path in written.items()}


def _square(matrix: npt.NDArray[np.float64]) -> Any:
    """Return a matrix in the published format: numbered rows under a header whose first cell is empty."""
    import numpy as np
    import pyarrow as pa

    rounded = np.round(matrix, 7)
    names = ["", *map(str, range(len(matrix)))]
    return pa.table([pa.array(range(len(matrix))), *(pa.array(column) for column in rounded.T)], names=names)


def _csv(table: Any, path: Path) -> None:
    from pyarrow import csv

    with one_file(path, new=True) as part, part.open("wb") as out:
        names = ",".join(table.column_names)
        out.write(f"{names}\n".encode())
        options = csv.WriteOptions(include_header=False, quoting_style="needed")
        csv.write_csv(table, out, options)
