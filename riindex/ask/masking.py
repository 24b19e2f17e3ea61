"""Masking of personal data in the columns of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riindex.text.pii import mask_value

# Columns without text of the source.
_PLAIN = frozenset(
    {
        "tweet_id",
        "in_reply_to",
        "twin",
        "kept_twin",
        "other_id",
        "nearest",
        "keep",
        "header",
        "why",
        "dropped_because",
        "runner_up_name",
        "lang",
        "persona_name",
        "name",
        "description",
        "tier",
        "metric",
    }
)
# The same for rows of the view tweets, whose other columns are those of the source.
_PLAIN_OF_TWEETS = frozenset({"tweet_id", "in_reply_to", "lang", "persona_name"})


def masked(rows: Sequence[Mapping[str, Any]], raw: bool) -> list[dict[str, Any]]:
    """Return rows with personal data masked in texts and authors, unless ``raw``."""
    if raw:
        return [dict(row) for row in rows]
    return [{key: _mask(key, value, _PLAIN_OF_TWEETS if "quote_count" in row else _PLAIN) for key, value in row.items()}
            for row in rows]  # fmt: skip


def _mask(key: str, value: Any, plain: frozenset[str]) -> Any:
    return value if key in plain else mask_value(value, key)
