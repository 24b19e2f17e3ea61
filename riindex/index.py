"""Built index, open for queries."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from riindex.ask import sandbox
from riindex.ask.calls import CollectionCalls
from riindex.compat.calls import ClassicCalls
from riindex.errors import QueryError, StaleIndex
from riindex.search.query import SearchRequest, several
from riindex.share.calls import SharingCalls

if TYPE_CHECKING:
    from typing import Unpack

    import duckdb
    import polars as pl

    from riindex.ask.compare import Comparison
    from riindex.ask.profile import PersonaProfile
    from riindex.ask.snapshot import Snapshot
    from riindex.ask.tweets import Table
    from riindex.search.planner import SearchPlan
    from riindex.search.query import Query, SearchOptions
    from riindex.store.database import Store


class RIIndex(CollectionCalls, ClassicCalls, SharingCalls):
    """Index file, opened read-only. Use it as a context manager, or call ``close``.

    All results are computed from all rows of a persona. SQL runs locked: it can read the index and nothing else. After
    a new build has replaced the file, calls raise StaleIndex; ``reopen`` opens the new one. In a process that was
    forked after a search the vector table is not usable, and every vector is read: let ``multiprocessing`` spawn its
    workers. ``long_lived``: True if there will be enough searches to justify loading the vector library, over a second.
    ``sandboxed``: True to run SQL from outside (``sql_rows``, and conditions of ``matches``,
    ``similar``, ``tweet_rows`` and ``compare``) in a child process with limits of memory
    and time; the file is then opened only when something else needs it.
    """

    def __init__(
        self, path: str | os.PathLike[str], threads: int = 0, long_lived: bool = True, sandboxed: bool = False
    ) -> None:
        self.path = Path(path).absolute()
        self._threads = threads
        self._long_lived = long_lived
        self._sandboxed = sandboxed
        self._opening = Lock()
        self._closed = False
        self._snapshot: Snapshot | None = None if sandboxed else self._opened()

    def _opened(self) -> Snapshot:
        from riindex.ask.snapshot import Snapshot

        return Snapshot(self.path, self._threads)

    def reopen(self) -> None:
        """Open the current file, unless it is open already; running queries of other threads get their results."""
        with self._opening:
            self._closed = False
            if self._snapshot is None or self._snapshot.stale:
                self._snapshot = self._opened()

    def close(self) -> None:
        """Release the file, and with it the relations of ``sql``; ``reopen`` opens it again.

        A running query of another thread gets its result, or ends with a QueryError.
        """
        with self._opening:
            snapshot, self._snapshot, self._closed = self._snapshot, None, True
        if snapshot is not None:
            snapshot.store.close()

    def __enter__(self) -> RIIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """Open file; StaleIndex if a build has replaced it, QueryError after ``close``."""
        return self._now().store

    def _now(self) -> Snapshot:
        """Return the snapshot for one query."""
        now = self._snapshot
        if now is None:
            with self._opening:
                if self._closed:
                    raise QueryError(f"{self.path.name} was closed", "call reopen(), or open another RIIndex")
                now = self._snapshot = self._snapshot or self._opened()
        if now.stale:
            raise StaleIndex(f"{self.path} was rebuilt since it was opened", "call reopen()")
        return now

    # -- queries by meaning, by condition, in SQL --------------------------------------------------------------

    def similar(self, query: Query | Sequence[str] | None = None, **options: Unpack[SearchOptions]) -> pl.DataFrame:
        """Return the kept documents nearest to a text, a vector or a tweet, as a data frame, the best first.

        Options are those of SearchRequest: tweet_id, where, persona, limit, mode, exact. Columns: tweet_id, score,
        persona_id, persona_name, text. ``mode``: vector, score is the cosine, -1 to 1; keyword, BM25 of the text's
        words; hybrid, both by reciprocal rank fusion, with vector_rank and keyword_rank. Several texts, or a matrix of
        vectors, are searched in one pass: the frame then begins with the column query, their number from 0. A text
        without a known word has no vector, and finds nothing by meaning. Above some hundred thousand rows candidates
        come from the vector table, which may miss some of the nearest, unless ``exact``; see ``explain``.
        """
        from riindex.search.engine import frame

        request = SearchRequest(query, **options)
        found = frame(self._search(request)[0], fused=request.mode == "hybrid")
        return found if several(query) else found.drop("query")

    def matches(
        self, query: Query | Sequence[str] | None = None, **options: Unpack[SearchOptions]
    ) -> list[dict[str, Any]]:
        """Return the result of ``similar`` as plain rows, always with ``query``; no data-frame library is loaded."""
        return self._search(SearchRequest(query, **options))[0]

    def explain(self, query: Query | Sequence[str] | None = None, **options: Unpack[SearchOptions]) -> SearchPlan:
        """Return the plan of ``similar`` for the same query: way, reason, rows that pass, estimates, times."""
        return self._search(SearchRequest(query, **options))[1]

    def _search(self, request: SearchRequest) -> tuple[list[dict[str, Any]], SearchPlan]:
        if self._sandboxed and request.where is not None:
            from riindex.search.planner import SearchPlan

            rows, plan = sandbox.run(self._question("search", {"request": request}))
            return rows, SearchPlan(**plan)
        from riindex.ask.similar import search

        return search(self._now(), request, self._long_lived or "lancedb" in sys.modules)

    def _question(self, kind: str, arguments: Mapping[str, Any]) -> sandbox.Question:
        if self._closed or self._snapshot is not None:
            self._now()  # raises the error of a closed index, or of a file that was replaced
        return sandbox.Question(self.path, kind, arguments, self._threads)

    def explain_match(self, query: str, tweet_id: str) -> list[tuple[str, float]]:
        """Return the contribution of each word of a tweet to its similarity with a text, the largest first.

        Their sum is the score. QueryError if the encoder is not static: its vectors are not sums of words.
        """
        from riindex.ask import similar

        return similar.explain_match(self._now(), query, tweet_id)

    def similar_personas(self, text: str, limit: int = 3) -> pl.DataFrame:
        """Return the personas nearest to a text: persona_id, persona_name, score, size, description."""
        import polars as pl

        return pl.DataFrame(self.persona_matches(text, limit))

    def persona_matches(self, text: str, limit: int = 3) -> list[dict[str, Any]]:
        """Return the result of ``similar_personas`` as plain rows."""
        from riindex.ask import similar

        return similar.persona_matches(self._now(), text, limit)

    def tweets(
        self, persona: int | str | None = None, where: str | None = None, limit: int | None = None,
        typical: bool = False,
    ) -> pl.DataFrame:  # fmt: skip
        """Return rows of the flat view ``tweets``, of one persona or under a SQL condition, in order of the input.

        ``typical``: core members first, the nearest to their persona's centre before all others.
        """
        import duckdb

        from riindex.ask import tweets
        from riindex.store.guard import query_error

        try:
            rows: pl.DataFrame = tweets.tweets(self.store, persona, where, limit, typical).pl()
            return rows
        except duckdb.Error as problem:
            raise query_error(problem) from problem

    def tweet_rows(
        self, persona: int | str | None = None, where: str | None = None, limit: int | None = None,
        typical: bool = False,
    ) -> Table:  # fmt: skip
        """Return the columns and rows of the result of ``tweets``; no data-frame library is loaded."""
        from riindex.ask import tweets

        if self._sandboxed and where is not None:
            arguments = {"persona": persona, "where": where, "limit": limit, "typical": typical}
            found: Table = sandbox.run(self._question("tweets", arguments))
            return found
        return tweets.tweet_rows(self.store, persona, where, limit, typical)

    def sql(self, query: str, params: Mapping[str, object] | None = None) -> duckdb.DuckDBPyRelation:
        """Return the result of one SELECT (WITH, FROM, DESCRIBE, SUMMARIZE, EXPLAIN) as a relation of this thread."""
        from riindex.ask import tweets

        return tweets.sql(self.store, query, params)

    def sql_rows(self, query: str | None, params: Mapping[str, object] | None = None, limit: int = 1_000,
        seconds: float = sandbox.SECONDS,
    ) -> Table:  # fmt: skip
        """Return the columns of a result and at most ``limit`` rows; ``@name`` runs a ready query.

        ``seconds``: time limit if the index is sandboxed.
        """
        from riindex.ask import tweets

        if not self._sandboxed:
            return tweets.sql_rows(self.store, query, params, limit)
        arguments = {"query": query, "params": params, "limit": limit}
        hint = "request less, or allow more time: --timeout 300 (in Python seconds=300)"
        question = replace(self._question("sql", arguments), seconds=seconds, hint=hint)
        found: Table = sandbox.run(question)
        return found

    def assign(self, texts: Sequence[str]) -> pl.DataFrame:
        """Return the nearest persona of each new text by its words alone: text, persona_id, persona_name, score.

        A text without a known word has no persona.
        """
        import polars as pl

        from riindex.ask import similar

        schema = {"text": pl.String, "persona_id": pl.Int32, "persona_name": pl.String, "score": pl.Float64}
        return pl.DataFrame(similar.assign(self._now(), texts), schema=schema)

    # -- personas and claims about them ------------------------------------------------------------------------

    def listing(self) -> list[dict[str, Any]]:
        """Return the personas, the largest first: id, name, tier, size, share of the kept documents, main terms."""
        from riindex.ask import personas

        return personas.listing(self.store)

    def profile(self, persona: int | str) -> PersonaProfile:
        """Return the full profile of a persona, with the claim of each figure; see PersonaProfile."""
        from riindex.ask.profile import profile

        return profile(self.store, persona)

    def persona_id(self, wanted: int | str) -> int:
        """Return the number of a persona given by number or name (any case, or its beginning), else QueryError."""
        from riindex.ask import personas

        return personas.persona_id(self.store, wanted)

    def why(self, tweet_id: str) -> dict[str, Any]:
        """Return why a document has its persona and not the runner-up, or why it was left out; see ``ask.why``.

        Keys: persona, confidence, distances, raw label; ``says`` and ``runner_up_says`` list the distinctive terms of
        either persona that the text has, with their lift; ``reasons`` the contribution of each word and trait, None if
        there is no runner-up or the file does not contain it. QueryError for an unknown id.
        """
        from riindex.ask.why import why

        return why(self._now(), tweet_id)

    def compare(
        self, persona: int | str, other: int | str | None = None, *, where: str | None = None,
        index: str | os.PathLike[str] | None = None,
    ) -> Comparison:  # fmt: skip
        """Return terms and behaviour of a persona that differ from a baseline, with 95 % interval, p and q.

        The baseline: all other personas; ``other``, one of them; the documents that meet ``where``, a SQL condition
        over ``tweets``; or of another ``index`` all documents, or those that ``other`` and ``where`` select.
        """
        from riindex.ask.compare import Comparison, compare

        other_index = None if index is None else Path(index)
        if self._sandboxed and where is not None:
            arguments = {"persona": persona, "other": other, "where": where, "index": other_index}
            return Comparison(**sandbox.run(self._question("compare", arguments)))
        return compare(self._now(), persona, other, where, other_index, self._threads)

    def claims(self, persona: int | str | None = None) -> list[dict[str, Any]]:
        """Return the claims about a persona, or all: sentence, figures, the SQL that computes them, and doc_ids."""
        from riindex.ask import personas

        return personas.claims(self.store, persona)

    def evidence(self, claim: str) -> dict[str, Any]:
        """Return one claim and, under ``rows``, the documents that support it; QueryError for an unknown id."""
        from riindex.ask import personas

        return personas.evidence(self.store, claim)

    def trends(self, persona: int | str | None = None) -> list[dict[str, Any]]:
        """Return the trend of a persona, or of all: slope of the weekly share with interval, p and q."""
        from riindex.ask import personas

        return personas.trends(self.store, persona)

    def sub_personas(self, persona: int | str, terms: int = 8) -> list[dict[str, Any]]:
        """Return the sub-personas that are stable in refits, the largest first; empty if the persona does not divide.

        Each has sub_persona_id, size, share of the persona, core_size, distinctive terms against the other parts,
        and a typical text as it was written.
        """
        from riindex.ask import personas

        return personas.sub_personas(self.store, persona, terms)
