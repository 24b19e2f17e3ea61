"""Similarity: documents and personas nearest to a text, a vector or a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riindex.ask.personas import persona_id
from riindex.ask.snapshot import Snapshot
from riindex.errors import QueryError
from riindex.search.contributions import contributions
from riindex.search.engine import Filter, Search, nearest_personas
from riindex.search.planner import SearchPlan
from riindex.search.query import SearchRequest, check_text, each, unit_vectors, vector_of
from riindex.store.guard import positive

if TYPE_CHECKING:
    from riindex.algorithms.types import Floats
    from riindex.search.query import Query


def search(now: Snapshot, request: SearchRequest, loaded: bool) -> tuple[list[dict[str, Any]], SearchPlan]:
    """Return the rows of a search, the best of each query first, and its plan.

    ``loaded``: True if the vector library is in memory, or will serve enough searches to justify loading it.
    """
    queries = each(request)
    vectors = _vectors(now, queries, request)
    texts = [text if request.mode != "vector" and isinstance(text, str) else None for text in queries] or [None]
    persona = None if request.persona is None else persona_id(now.store, request.persona)
    own = request.tweet_id is not None
    searched = Search(now.store, now.kept, now.persona_names, Filter(request.where, persona), now.search_files, loaded,
                      request.exact)  # fmt: skip
    found, plan = searched.find(vectors, texts, positive(request.limit) + own)
    return ([row for row in found if row["tweet_id"] != request.tweet_id][: request.limit] if own else found), plan


def _vectors(now: Snapshot, queries: Sequence[Query], request: SearchRequest) -> Sequence[Floats | None]:
    """Return the unit vector of each query, zeros for a text without a known word; None for keyword search."""
    if request.tweet_id is not None:
        return [vector_of(now.store, request.tweet_id)]
    if request.mode == "keyword":
        return [None] * len(queries)
    texts = [query for query in queries if isinstance(query, str)]
    return list(now.encoder.encode(texts)) if texts else unit_vectors(now.store, queries)


def text_vector(now: Snapshot, text: str) -> Floats:
    """Return the unit vector of a text; zeros if it has no known word."""
    check_text(text)
    vector: Floats = now.encoder.encode([text])[0]
    return vector


def explain_match(now: Snapshot, query: str, tweet_id: str) -> list[tuple[str, float]]:
    """Return the contribution of each word of a document to its similarity with a text, the largest first.

    QueryError if the encoder is not static: its vectors are not sums of words.
    """
    from riindex.encoders.static import StaticEncoder
    from riindex.text.pii import remove_masks

    encoder = now.encoder
    if not isinstance(encoder, StaticEncoder):
        raise QueryError("this encoder's vectors are not sums of words", "build with --encoder static")
    now.store.run("shared/text")
    found = now.store.records("ask/documents/text_of", tweet_id=tweet_id)
    if not found:
        raise QueryError(f"there is no tweet {tweet_id}", "ids are text: see ri tweets")
    text = found[0]["text"]
    text = remove_masks(text) if now.store.has("shipped") else text
    return contributions(encoder, text_vector(now, query), text)


def persona_matches(now: Snapshot, text: str, limit: int) -> list[dict[str, Any]]:
    """Return the personas nearest to a text: persona_id, persona_name, score, size, description."""
    return nearest_personas(now.store, text_vector(now, text), positive(limit))


def assign(now: Snapshot, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return the nearest persona of each text by its words: text, persona_id, persona_name, score.

    A text without a known word has no persona.
    """
    rows = []
    for text in [texts] if isinstance(texts, str) else texts:
        best = next(iter(persona_matches(now, text, 1)), {})
        rows.append({"text": text, **{key: best.get(key) for key in ("persona_id", "persona_name", "score")}})
    return rows
