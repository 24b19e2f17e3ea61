"""Backends of a search: the arrays next to a file or, without them, the file itself.

Each reader has its own keys for documents, in the order of doc_id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from riindex.errors import QueryError
from riindex.search import planner
from riindex.search.arrays import Arrays
from riindex.search.planner import Costs
from riindex.store.database import Store
from riindex.store.guard import query_error
from riindex.text.keywords import ascii_keywords

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riindex.algorithms.types import Floats

    Ranked = list[tuple[int, float]]  # key and score, the best first
    Document = tuple[str, int | None, str]  # tweet_id, persona_id, text


class Reader(Protocol):
    """Reader of the kept documents or, after ``restrict``, of those that pass a filter."""

    costs: Costs

    def restrict(self, passing: duckdb.DuckDBPyRelation) -> int:
        """Restrict the reader to the documents in a relation's column doc_id; return their number."""

    def near(self, vector: Floats, limit: int) -> Ranked:
        """Return the rows nearest to a unit vector among those that pass, by exact cosine."""

    def bm25(self, text: str, limit: int) -> Ranked:
        """Return the documents with the highest BM25 for the keywords of a text."""

    def rows(self, keys: Iterable[int]) -> Mapping[int, Document]:
        """Return tweet_id, persona and text of documents by key."""


class ArrayReader:
    """Reader of the arrays; DuckDB evaluates only filters, and keywords of a text with non-ASCII characters."""

    costs = planner.ARRAYS

    def __init__(self, store: Store, arrays: Arrays) -> None:
        self._store = store
        self._arrays = arrays
        self._mask: npt.NDArray[np.bool_] | None = None
        self._rows: npt.NDArray[np.int64] | None = None

    def restrict(self, passing: duckdb.DuckDBPyRelation) -> int:
        """Restrict the reader to the documents in a relation's column doc_id; return their number."""
        with as_query_error():
            doc_ids = passing.select("doc_id").fetchnumpy()["doc_id"]
        self._mask = self._arrays.mask(doc_ids)
        self._rows = self._mask.nonzero()[0]
        return len(self._rows)

    def near(self, vector: Floats, limit: int) -> Ranked:
        """Return the rows nearest to a unit vector among those that pass, by exact cosine."""
        return self._arrays.near(vector, limit, self._rows)

    def near_listed(self, vector: Floats, limit: int, listed: npt.NDArray[np.int64]) -> tuple[Ranked, int]:
        """Return the nearest rows of a list, and how many of the list pass."""
        passing = listed if self._mask is None else listed[self._mask[listed]]
        return self._arrays.near(vector, limit, passing), len(passing)

    def bm25(self, text: str, limit: int) -> Ranked:
        """Return the documents with the highest BM25 for the keywords of a text."""
        keywords = ascii_keywords(text)
        if keywords is None:
            keywords = self._store.value("search/keywords", query=text)
        return self._arrays.bm25(Counter(keywords), limit, self._mask)

    def rows(self, keys: Iterable[int]) -> Mapping[int, Document]:
        """Return tweet_id, persona and text of documents by key."""
        return {row: self._arrays.row(row) for row in keys}


class FileReader:
    """Reader of the file alone, with queries to DuckDB."""

    costs = planner.FILE

    def __init__(self, store: Store) -> None:
        self._store = store
        self._restricted = False

    def restrict(self, passing: duckdb.DuckDBPyRelation) -> int:
        """Restrict the reader to the documents in a relation's column doc_id; return their number."""
        self._restricted = True
        with as_query_error():
            self._store.scratch("passing", passing.select("doc_id"))
            return int(self._store.value("search/passing"))

    def near(self, vector: Floats, limit: int) -> Ranked:
        """Return the rows nearest to a unit vector among those that pass, by exact cosine."""
        return self._ranked("near", target=target(vector), limit=limit)

    def bm25(self, text: str, limit: int) -> Ranked:
        """Return the documents with the highest BM25 for the keywords of a text."""
        if not self._store.has("postings"):
            raise QueryError("this index has no keywords", "build it again: ri build SOURCE")
        return self._ranked("said", query=text, limit=limit)

    def rows(self, keys: Iterable[int]) -> Mapping[int, Document]:
        """Return tweet_id, persona and text of documents by key."""
        return {row[0]: row[1:] for row in self._rows("search/answer", ranked=sorted(keys))}

    def _ranked(self, name: str, **values: object) -> Ranked:
        return self._rows(f"search/{name}" if self._restricted else f"search/{name}_all", **values)

    def _rows(self, name: str, **values: object) -> list[Any]:
        with as_query_error():
            return self._store.rows(name, **values)


def target(vector: Floats) -> duckdb.Value:
    """Return a vector as an SQL value of the stored type."""
    return duckdb.Value(vector.tolist(), duckdb.array_type(duckdb.type("FLOAT"), len(vector)))


@contextmanager
def as_query_error() -> Iterator[None]:
    """Re-raise an error of DuckDB about a query as a QueryError."""
    try:
        yield
    except duckdb.Error as problem:
        raise query_error(problem) from problem
