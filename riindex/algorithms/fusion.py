"""Fusion of text and behaviour in one space, with given shares of the squared distance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from riindex.algorithms.types import Floats

# Heavy-tailed quantities enter as log1p: a post with 5,000 likes is not 100 posts with 50.
COUNT_COLUMNS = frozenset(
    [
        "hours_since_previous",
        "mention_count",
        "reply_count",
        "like_count",
        "retweet_count",
        "quote_count",
        "thread_depth",
        "thread_size",
        "reply_latency_minutes",
        "text_length",
        "word_count",
        "emoji_count",
        "hashtag_count",
        "url_count",
        "author_tweet_count",
        "author_tweets_per_day",
        "author_distinct_mentions",
        "author_age_days",
    ]
)
# A column whose standard deviation is below this is constant but for rounding.
MIN_SPREAD = 1e-9


def standardised_matrix(columns: Mapping[str, npt.NDArray[np.float64]], clip: float) -> Floats:
    """Compute z-scores of behaviour columns, clipped at ±``clip``: float32 (n, m).

    Counts enter as log1p; NaN becomes the mean (0); a constant column, or one without values, is left out.
    """
    kept = list(standardised_columns(columns, clip).values())
    rows = len(next(iter(columns.values()), ()))
    return np.column_stack(kept) if kept else np.empty((rows, 0), np.float32)


def standardised_columns(columns: Mapping[str, npt.NDArray[np.float64]], clip: float) -> dict[str, Floats]:
    """Compute the columns of ``standardised_matrix`` by name, without those that it leaves out."""
    kept: dict[str, Floats] = {}
    for name, raw in columns.items():
        column = np.asarray(raw, np.float64)
        if name in COUNT_COLUMNS:
            column = np.log1p(np.maximum(column, 0))
        known = column[~np.isnan(column)]
        if not len(known):
            continue
        spread = known.std()
        if spread < MIN_SPREAD:
            continue
        kept[name] = np.clip(np.nan_to_num((column - known.mean()) / spread), -clip, clip).astype(np.float32)
    return kept


def fuse_blocks(text: Floats, behaviour: Floats, text_share: float) -> Floats:
    """Join both blocks by columns, float32 (n, d + m), scaled to their shares of the squared distance.

    The expected squared distance of two random rows is twice the sum of the column variances; each block is scaled so
    that this is its share, and the sum 1. A block without variance leaves all to the other. A text share of 1 is the
    text as it is, to the last bit.
    """
    scales = block_scales(text, behaviour, text_share)
    if scales == (1.0, None):
        return text
    blocks = [(block, scale) for block, scale in zip((text, behaviour), scales, strict=True) if scale is not None]
    fused = np.empty((len(text), sum(block.shape[1] for block, _ in blocks)), np.float32)
    start = 0
    for block, scale in blocks:
        stop = start + block.shape[1]
        np.multiply(block, np.float32(scale), out=fused[:, start:stop])
        start = stop
    return fused


def block_scales(text: Floats, behaviour: Floats, text_share: float) -> tuple[float | None, float | None]:
    """Return the factors by which ``fuse_blocks`` multiplies each block; None for a block that it leaves out."""
    if text_share >= 1:
        return 1.0, None
    variances = [
        float(block.var(axis=0, dtype=np.float64).sum()) if block.shape[1] else 0.0 for block in (text, behaviour)
    ]
    shares = [
        share if share > 0 and variance > MIN_SPREAD else 0.0
        for share, variance in zip((text_share, 1 - text_share), variances, strict=True)
    ]
    if not sum(shares):
        return 1.0, None
    first, second = (
        float(np.sqrt(share / sum(shares) / (2 * variance))) if share else None
        for share, variance in zip(shares, variances, strict=True)
    )
    return first, second
