"""What analysts see first: the flat view over the tables."""

from __future__ import annotations

from riindex.store import Store


def write_views(store: Store) -> None:
    """Write the views ``tweets`` and ``fit_sample``, with a comment on every column."""
    store.run("views/tweets")
    store.comment_columns("tweets", store.table("document_extras").columns[1:], "A column of the source")
