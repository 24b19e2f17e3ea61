"""Presets: named configurations, as values."""

from __future__ import annotations

from dataclasses import replace

from riindex.config.build_config import BuildConfig
from riindex.config.sections import (
    DenoiseConfig,
    EmbedConfig,
    EnrichConfig,
    EvaluateConfig,
    FitConfig,
    FuseConfig,
    IngestConfig,
    LayoutConfig,
    SucceedConfig,
)
from riindex.errors import ConfigError

TWEETS = BuildConfig()

# A description is written on purpose: nothing is dropped, and there is no behaviour to fuse.
DESCRIPTIONS = BuildConfig(
    preset="descriptions",
    ingest=IngestConfig(kind="descriptions"),
    denoise=DenoiseConfig(
        exact_duplicates=False,
        near_duplicate_similarity=1.0,
        retweets=False,
        min_chars=0,
        min_words=0,
        template_repeats=0,
    ),
    fuse=FuseConfig(text_share=1.0),
    enrich=EnrichConfig(min_documents=2),  # collections are small, and so are their groups
    layout=LayoutConfig(method="pca"),
)

# The published persona clustering with Model2Vec, to the letter: k-means with n_init 10 and random_state 42 on the
# vectors themselves, k by cosine silhouette over 2…15; DBSCAN, where it is chosen, with cosine distance.
PERSONA_CLUSTERING = replace(
    DESCRIPTIONS,
    preset="persona-clustering",
    seed=42,
    fuse=FuseConfig(text_dimensions=0, text_share=1.0),
    succeed=SucceedConfig(keep_ids=False),  # its files number the clusters as scikit-learn does
    fit=FitConfig(
        method="sklearn-kmeans", restarts=10, choice="silhouette", eps=0.5, min_samples=3, min_cluster_size=3
    ),
)

# The published frozen configuration (RI Persona System 1.0, November 2025), to the letter.
RI_2025 = BuildConfig(
    preset="ri-2025",
    seed=42,
    embed=EmbedConfig(encoder="sentence:all-MiniLM-L6-v2"),
    denoise=DenoiseConfig(
        near_duplicate_words=0, min_chars=21, min_words=6
    ),  # "more than 20 characters, more than 5 words"
    fuse=FuseConfig(text_dimensions=0, text_share=0.75),
    fit=FitConfig(
        method="hdbscan",
        reduction="umap",
        dimensions=50,
        umap_neighbors=40,
        umap_min_dist=0.4,
        min_cluster_size=75,
        min_samples=10,
    ),
    evaluate=EvaluateConfig(refits=2),  # a UMAP refit takes as long as the fit itself
)

PRESETS = {preset.preset: preset for preset in (TWEETS, DESCRIPTIONS, PERSONA_CLUSTERING, RI_2025)}


def preset(name: str) -> BuildConfig:
    """Return the preset of that name; ConfigError lists the names."""
    try:
        return PRESETS[name]
    except KeyError:
        raise ConfigError(f"there is no preset {name!r}", f"choose one of: {', '.join(PRESETS)}") from None
