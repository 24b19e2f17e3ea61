"""What analysts see first: the flat view over the tables."""

from __future__ import annotations

from riindex.store.database import Store


def write_views(store: Store, kind: str) -> None:
    """Write the flat view ``tweets``, the same under the name of the ``kind`` of documents, and what goes with them.

    Every column has a comment.
    """
    for view in dict.fromkeys(("tweets", kind)):
        store.run(f"views/{view}")
        store.comment_columns(view, store.table("document_extras").columns[1:], "A column of the source")
    if store.has("labels"):
        store.run("views/persona_labels")
