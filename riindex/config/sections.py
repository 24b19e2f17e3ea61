"""Settings of each stage: one frozen section a stage, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Kind of documents → the noun for them in sentences.
DOCUMENT_NOUNS: Mapping[str, str] = {"tweets": "posts", "descriptions": "descriptions"}
# Base URL of OpenAI's own models.
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class IngestConfig:
    """Reading of a source. ``map``: role → the source's column, e.g. ``{"text": "body"}``.

    ``kind``: the kind of document, tweets or descriptions; it names the columns that are recognised and the flat view.
    ``day_first``: 02/01/2017 is the second of January: yes, no, or auto, which searches for a part above 12.
    """

    kind: str = "tweets"
    day_first: str = "auto"
    map: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Noun for the documents in sentences."""
        return DOCUMENT_NOUNS[self.kind]


@dataclass(frozen=True)
class EmbedConfig:
    """Encoder that turns texts into vectors."""

    encoder: str = "static"


@dataclass(frozen=True)
class DenoiseConfig:
    """Rules of denoising. Similarities are cosines; a template is a text that recurs but for names, numbers, links.

    ``near_duplicate_words``: words that a near-duplicate and its twin share, of those in either; texts whose words the
    encoder does not know are compared by them alone. 0: texts are compared by their vectors, whatever they say.
    ``where``: a SQL condition over the documents and the source's other columns; documents that do not meet it are left
    out.
    """

    where: str = ""
    exact_duplicates: bool = True
    near_duplicate_similarity: float = 0.95
    near_duplicate_words: float = 0.6
    retweets: bool = True
    min_chars: int = 20
    min_words: int = 5
    template_repeats: int = 5


@dataclass(frozen=True)
class BehaveConfig:
    """Time zone of hours and weekdays."""

    timezone: str = "UTC"


@dataclass(frozen=True)
class ClassifyConfig:
    """Labels of the documents: ``dimensions``, by name with commas between; none where it is empty.

    ``file``: a TOML file of further dimensions. ``engine``: embedding, or nli with the ``model`` of that name. A label
    whose confidence is below ``threshold`` is "unsure".
    """

    dimensions: str = ""
    file: str = ""
    engine: str = "embedding"
    model: str = "typeform/distilbert-base-uncased-mnli"
    threshold: float = 0.35


@dataclass(frozen=True)
class StancesConfig:
    """Stances of the documents. One whose probability is below ``threshold`` is "unclear".

    On texts unlike those of the training, as headlines in small letters, most probabilities are low: 0.52 in the mean
    of AG News, 0.80 of support threads.
    """

    threshold: float = 0.6


@dataclass(frozen=True)
class FuseConfig:
    """Shares of text and behaviour in the expected squared distance, and the clipping of z-scores.

    ``text_dimensions``: principal axes of the text block that are fused; 0 keeps all. Fewer hold the shares in the
    space that is clustered: after fusing, PCA keeps most of the behaviour and loses much of the text. ``label_share``:
    the share that the labels of ``classify`` have of the whole; 0 leaves them out, 1 all else.
    """

    text_dimensions: int = 24
    text_share: float = 0.75
    clip: float = 3.0
    label_share: float = 0.0


@dataclass(frozen=True)
class FitConfig:
    """Clustering of the documents.

    ``method``: kmeans (``restarts`` seeded starts over all threads), sklearn-kmeans (scikit-learn's own, exactly),
    dbscan (cosine distance, ``eps``) or hdbscan. ``reduction``: pca, umap or none. ``personas``: 0 lets ``choice`` find
    the number: stability, around ``default_personas``, or silhouette, the best of 2 to 15; any other number is forced.
    ``neighborhoods``: k-means searches for its groups among documents, each at the mean of its nearest ones by text, so
    many such neighbourhoods to a persona, and leaves out those whose nearest are far; 0: among all, as they lie. The
    HDBSCAN and UMAP settings are those of the published configuration.
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
        """True where k-means searches for its groups among neighbourhood means, in the fused space."""
        return self.method == "kmeans" and self.reduction == "none" and self.neighborhoods > 0

    @property
    def by_density(self) -> bool:
        """True for a method that leaves noise, and so decides itself what belongs to no group."""
        return self.method in ("dbscan", "hdbscan")


@dataclass(frozen=True)
class SucceedConfig:
    """Succession of personas. ``keep_ids``: they keep the numbers of those in the index that is replaced."""

    keep_ids: bool = True


@dataclass(frozen=True)
class AssignConfig:
    """``core_margin``: a member is core when its runner-up centroid is at least this share further away.

    ``noise``: documents that the clustering left ungrouped go to the nearest persona, or to none.
    """

    core_margin: float = 0.05
    noise: bool = True


@dataclass(frozen=True)
class EnrichConfig:
    """Evidence of a persona. ``min_documents``: a term rests on at least so many documents.

    ``namer``: ``openai:MODEL``, a language model that proposes names; "" for none. ``base_url``: its server, any that
    speaks OpenAI's chat completions. ``namer_timeout``: seconds to wait for a reply.
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

    Besides them one grouping is made by text alone, so that a default build makes five.
    """

    refits: int = 4
    refit_share: float = 0.8
    max_documents: int = 10_000


@dataclass(frozen=True)
class IndexConfig:
    """``ann_rows``: from so many rows up the vector table gets an IVF_RQ index; below it is scanned."""

    ann_rows: int = 10_000
