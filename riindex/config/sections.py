"""The settings of each stage: one frozen section a stage, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Kind of documents → what a sentence calls them.
DOCUMENT_NOUNS: Mapping[str, str] = {"tweets": "posts", "descriptions": "descriptions"}
# Where OpenAI's own models answer.
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class IngestConfig:
    """How a source is read. ``map``: role → the source's column, e.g. ``{"text": "body"}``.

    ``kind``: what a document is, tweets or descriptions; it names the columns that are recognised and the flat view.
    ``day_first``: whether 02/01/2017 is the second of January: yes, no, or auto, which looks for a part above 12.
    """

    kind: str = "tweets"
    day_first: str = "auto"
    map: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """What a sentence calls the documents."""
        return DOCUMENT_NOUNS[self.kind]


@dataclass(frozen=True)
class EmbedConfig:
    """Which encoder turns texts into vectors."""

    encoder: str = "static"


@dataclass(frozen=True)
class DenoiseConfig:
    """What is left out. Similarities are cosines; a template is a text that recurs but for names, numbers, links.

    ``where``: a SQL condition over the documents and the source's other columns; what does not meet it is left out.
    """

    where: str = ""
    exact_duplicates: bool = True
    near_duplicate_similarity: float = 0.95
    retweets: bool = True
    min_chars: int = 20
    min_words: int = 5
    template_repeats: int = 5


@dataclass(frozen=True)
class BehaveConfig:
    """In which time zone hours and weekdays are told."""

    timezone: str = "UTC"


@dataclass(frozen=True)
class ClassifyConfig:
    """Which labels the documents get: ``dimensions``, by name with commas between; none where it is empty.

    ``file``: a TOML file of further dimensions. ``engine``: embedding, or nli with the ``model`` of that name. A label
    whose confidence is below ``threshold`` is "unsure".
    """

    dimensions: str = ""
    file: str = ""
    engine: str = "embedding"
    model: str = "typeform/distilbert-base-uncased-mnli"
    threshold: float = 0.35


@dataclass(frozen=True)
class FuseConfig:
    """How text and behaviour share the expected squared distance, and where z-scores are clipped.

    ``text_dimensions``: principal axes of the text block that are fused; 0 keeps all. Fewer hold the shares in the
    space that is clustered: after fusing, PCA keeps most of the behaviour and loses much of the text.
    ``label_share``: the share that the labels of ``classify`` have of the whole; 0 leaves them out, 1 all else.
    """

    text_dimensions: int = 24
    text_share: float = 0.75
    clip: float = 3.0
    label_share: float = 0.0


@dataclass(frozen=True)
class FitConfig:
    """How the groups are found.

    ``method``: kmeans (``restarts`` seeded starts over all threads), sklearn-kmeans (scikit-learn's own, to the
    letter), dbscan (cosine distance, ``eps``) or hdbscan. ``reduction``: pca, umap or none. ``personas``: 0 lets
    ``choice`` find the number: stability, around ``default_personas``, or silhouette, the best of 2 to 15; any other
    number is forced. ``neighborhoods``: k-means looks for its groups among documents that each lie at the middle of
    their nearest ones by text, so many such neighbourhoods to a persona, and looks past those whose nearest are far; 0:
    among all, as they lie. The HDBSCAN and UMAP settings are those of the published configuration.
    """

    method: str = "kmeans"
    reduction: str = "none"
    dimensions: int = 32
    personas: int = 0
    default_personas: int = 12
    restarts: int = 100
    neighborhoods: int = 5
    max_documents: int = 50_000
    choice: str = "stability"
    eps: float = 0.5
    min_cluster_size: int = 75
    min_samples: int = 10
    umap_neighbors: int = 40
    umap_min_dist: float = 0.4

    @property
    def in_neighborhoods(self) -> bool:
        """Whether k-means looks for its groups among the middles of neighbourhoods, in the fused space."""
        return self.method == "kmeans" and self.reduction == "none" and self.neighborhoods > 0

    @property
    def by_density(self) -> bool:
        """Whether the method leaves noise, and so says itself what belongs to no group."""
        return self.method in ("dbscan", "hdbscan")


@dataclass(frozen=True)
class SucceedConfig:
    """``keep_ids``: whether personas keep the numbers of those in the index that is replaced."""

    keep_ids: bool = True


@dataclass(frozen=True)
class AssignConfig:
    """``core_margin``: a member is core when its runner-up centroid is at least this share further away.

    ``noise``: whether what the clustering left ungrouped goes to the nearest persona, or to none.
    """

    core_margin: float = 0.05
    noise: bool = True


@dataclass(frozen=True)
class EnrichConfig:
    """How much evidence a persona carries. ``min_documents``: a term rests on at least so many documents.

    ``namer``: ``openai:MODEL``, a language model that is asked for names; "" asks nobody. ``base_url``: the server that
    has it, any that speaks OpenAI's chat completions. ``namer_timeout``: seconds to wait for an answer.
    """

    terms: int = 25
    evidence: int = 10
    hints: int = 4
    min_documents: int = 3
    namer: str = ""
    base_url: str = OPENAI_URL
    namer_timeout: float = 120.0


@dataclass(frozen=True)
class LayoutConfig:
    """The map: ``method`` (umap, pca or tsne) of at most ``max_documents``; the nearest neighbours place the others."""

    method: str = "umap"
    max_documents: int = 10_000
    neighbors: int = 15
    min_dist: float = 0.3


@dataclass(frozen=True)
class EvaluateConfig:
    """``refits``: full refits on seeded ``refit_share`` draws; ``max_documents`` bounds what a figure samples.

    Beside them one grouping is made by text alone, so that a default build makes five.
    """

    refits: int = 4
    refit_share: float = 0.8
    max_documents: int = 10_000


@dataclass(frozen=True)
class IndexConfig:
    """``ann_rows``: from so many rows up the vector table gets an IVF_RQ index; below it is scanned."""

    ann_rows: int = 10_000
