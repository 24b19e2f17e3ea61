"""Flat view over the tables, the entry point for analysts."""

from __future__ import annotations

from riindex.store.database import Store

# Columns of the view ``tweets`` that riindex defines; a source column of the same name is called source_<name>.
TWEET_COLUMNS = (
    "doc_id", "tweet_id", "text", "author", "created_at", "lang", "in_reply_to", "like_count", "retweet_count",
    "reply_count", "quote_count", "source_file", "speaker", "stance", "persona_id", "persona_name", "sub_persona_id",
    "raw_label", "is_core", "confidence", "runner_up_id", "x", "y",
)  # fmt: skip


def write_views(store: Store, kind: str) -> None:
    """Write the flat view ``tweets``, its alias named after the ``kind`` of documents, and the views that they need.

    Every column has a comment.
    """
    for view in dict.fromkeys(("tweets", kind)):
        store.run(f"views/{view}")
        store.comment_columns(view, store.table("document_extras").columns[1:], "A column of the source")
    if store.has("labels"):
        store.run("views/persona_labels")
