"""Queries of a search: texts, vectors, or a tweet, each checked and converted to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, TypedDict

from riindex.errors import QueryError

if TYPE_CHECKING:
    from riindex.algorithms.types import Floats
    from riindex.store.database import Store

    Query = str | Floats

MODES = ("vector", "keyword", "hybrid")


class SearchOptions(TypedDict, total=False):
    """Fields of a SearchRequest other than its query, as keyword arguments."""

    tweet_id: str | None
    where: str | None
    persona: int | str | None
    limit: int
    mode: str
    exact: bool


@dataclass(frozen=True)
class SearchRequest:
    """Search request: the query, the filter, the mode and the number of results.

    ``query``: a text, a vector, or several of either; or ``tweet_id``, a document whose neighbours are searched, itself
    excluded. ``where``: a SQL condition over ``tweets``, and ``persona``, a number or a name: both are applied before
    ranking. ``mode``: vector, keyword or hybrid. ``exact``: read every vector that passes, regardless of estimates.
    """

    query: Query | Sequence[str] | None = None
    tweet_id: str | None = None
    where: str | None = None
    persona: int | str | None = None
    limit: int = 10
    mode: str = "vector"
    exact: bool = False


def several(query: Query | Sequence[str] | None) -> bool:
    """Return True for several texts, or the rows of a matrix."""
    if isinstance(query, list | tuple):
        return not query or not isinstance(query[0], Real)
    return getattr(query, "ndim", 0) == 2


def each(request: SearchRequest) -> list[Query]:
    """Return the queries one by one, none if a tweet is given; QueryError for invalid queries."""
    query, tweet_id, mode = request.query, request.tweet_id, request.mode
    if mode not in MODES:
        raise QueryError(f"there is no mode {mode!r}", f"choose one of: {', '.join(MODES)}")
    if (query is None) == (tweet_id is None):
        raise QueryError("the query is missing", "give a text, a vector or the id of a tweet, one of them")
    queries = [] if query is None else _listed(query)
    if not queries and tweet_id is None:
        raise QueryError("the list of queries is empty", "give a text, a vector, or several")
    texts = [text for text in queries if isinstance(text, str)]
    for text in texts:
        check_text(text)
    if texts and len(texts) < len(queries):
        raise QueryError("texts and vectors cannot be mixed in one query", "give texts alone, or vectors alone")
    if mode != "vector" and not texts:
        raise QueryError(f"mode {mode} needs a text", "give one, or use mode vector")
    return queries


def check_text(text: str) -> None:
    """Raise QueryError for an empty text, or one with an unpaired surrogate, which no file can contain."""
    if not text.strip():
        raise QueryError("the query is empty", 'try: ri similar "late delivery"')
    try:
        text.encode()
    except UnicodeEncodeError:
        raise QueryError(
            "the query contains an unpaired surrogate (not valid Unicode)", "decode it with another encoding"
        ) from None


def unit_vectors(store: Store, given: Sequence[Query]) -> list[Floats]:
    """Return the vectors scaled to unit length; QueryError for another dimension than the index's, or zero length."""
    import numpy as np

    width = store.value("ask/documents/dimensions")
    vectors = [np.asarray(vector, np.float32).reshape(-1) for vector in given]
    for vector in vectors:
        if len(vector) != width:
            raise QueryError(f"the vector has {len(vector)} numbers", f"the vectors of this index have {width}")
        if not np.isfinite(vector).all() or not vector.any():
            raise QueryError("the vector has no direction", "give numbers that are finite and not all zero")
    return [vector / max(float(np.linalg.norm(vector)), 1e-12) for vector in vectors]


def vector_of(store: Store, tweet_id: str) -> Floats:
    """Return the vector of a document; QueryError for an unknown id."""
    import numpy as np

    rows = store.rows("ask/documents/vector_of", tweet_id=str(tweet_id))
    if not rows:
        raise QueryError(f"there is no tweet {tweet_id}", "ids are text: see ri tweets")
    return np.asarray(rows[0][0], np.float32)


def _listed(query: Query | Sequence[str]) -> list[Query]:
    import numpy as np

    if isinstance(query, str):
        return [query]
    if several(query):
        return list(query)
    try:
        return [np.asarray(query, np.float32)]
    except (TypeError, ValueError) as problem:
        raise QueryError(
            "the query is neither a text nor a vector", "give a text, a list of numbers, or several"
        ) from problem
