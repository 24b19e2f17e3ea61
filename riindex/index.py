"""A built index, open for questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb

from riindex.ask.snapshot import Opened
from riindex.compat.calls import ClassicCalls
from riindex.errors import QueryError, StaleIndex
from riindex.search import engine
from riindex.search import query as queries
from riindex.search.contributions import contributions
from riindex.store import guard
from riindex.store.database import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    from riindex.ask.collection import Diversity, Gaps, Redundancy
    from riindex.ask.compare import Comparison
    from riindex.ask.diagnostics import Fusion
    from riindex.grouping.curve import Curve
    from riindex.search.planner import Plan
    from riindex.search.query import Query


class RIIndex(ClassicCalls):
    """An index file, read-only. Use it as a context manager, or call ``close``.

    Everything that comes back was computed from all rows of a persona. SQL runs locked: it can read the index and
    nothing else. When the file is replaced by a new build, calls raise StaleIndex; ``reopen`` shows the new one.
    In a process that was forked after a question the vector table cannot be asked, and every vector is read: let
    ``multiprocessing`` spawn its workers. ``long_lived``: whether there will be questions enough to pay for loading the
    vector library, over a second.
    """

    def __init__(self, path: str | os.PathLike[str], threads: int = 0, long_lived: bool = True) -> None:
        self.path = Path(path).absolute()
        self._threads = threads
        self._long_lived = long_lived
        self._opening = Lock()
        self._opened: Opened | None = Opened(self.path, threads)

    def reopen(self) -> None:
        """Open what is there now, unless it is open already; questions that other threads have asked are answered."""
        with self._opening:
            if self._opened is None or self._opened.stale:
                self._opened = Opened(self.path, self._threads)

    def close(self) -> None:
        """Let go of the file, and of the relations of ``sql`` with it; ``reopen`` opens it again.

        What another thread is just asking is answered, or ends with a QueryError that says so.
        """
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.store.close()

    def __enter__(self) -> RIIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The open file; StaleIndex if a build has replaced it, QueryError once it was closed."""
        return self._now.store

    @property
    def _now(self) -> Opened:
        now = self._opened
        if now is None:
            raise QueryError(f"{self.path.name} was closed", "call reopen(), or open another RIIndex")
        if now.stale:
            raise StaleIndex(f"{self.path} was built anew since it was opened", "call reopen()")
        return now

    # -- asking by meaning, by condition, in SQL ---------------------------------------------------------------

    def similar(
        self,
        query: Query | Sequence[str] | None = None,
        *,
        tweet_id: str | None = None,
        where: str | None = None,
        persona: int | str | None = None,
        limit: int = 10,
        mode: str = "vector",
        exact: bool = False,
    ) -> pl.DataFrame:
        """The kept documents nearest to a text, a vector or a tweet: tweet_id, score, persona_id, persona_name, text.

        ``where``: a SQL condition over ``tweets``, applied before ranking. ``mode``: vector, score is the cosine, -1 to
        1; keyword, BM25 of the text's words; hybrid, both by reciprocal rank fusion, with vector_rank and keyword_rank.
        The best first; a tweet is not its own answer. Several texts, or a matrix of vectors, are answered in one go:
        the frame then begins with the column query, their number from 0. A text of
        which no word is known has no vector, and finds nothing by meaning. Above some hundred thousand rows candidates
        come from the vector table, which may miss some of the nearest, unless ``exact``; see ``explain``.
        """
        rows, _ = self._search(query, tweet_id, where, persona, limit, mode, exact)
        found = engine.frame(rows, fused=mode == "hybrid")
        return found if queries.several(query) else found.drop("query")

    def matches(
        self,
        query: Query | Sequence[str] | None = None,
        *,
        tweet_id: str | None = None,
        where: str | None = None,
        persona: int | str | None = None,
        limit: int = 10,
        mode: str = "vector",
        exact: bool = False,
    ) -> list[dict[str, Any]]:
        """The answer of ``similar`` as plain rows, always with ``query``; no data-frame library is loaded for it."""
        return self._search(query, tweet_id, where, persona, limit, mode, exact)[0]

    def explain(
        self,
        query: Query | Sequence[str] | None = None,
        *,
        tweet_id: str | None = None,
        where: str | None = None,
        persona: int | str | None = None,
        limit: int = 10,
        mode: str = "vector",
        exact: bool = False,
    ) -> Plan:
        """How ``similar`` answers the same: which way and why, the rows that pass, what was estimated, what it took."""
        return self._search(query, tweet_id, where, persona, limit, mode, exact)[1]

    def explain_match(self, query: str, tweet_id: str) -> list[tuple[str, float]]:
        """What each word of a tweet adds to its similarity with a text, the most first; the sum is the score.

        QueryError where the encoder is not static: its vectors are no sums of words.
        """
        from riindex.encoders.static import StaticEncoder
        from riindex.text.pii import without_masks

        encoder = self._now.encoder
        if not isinstance(encoder, StaticEncoder):
            raise QueryError("this encoder's vectors are no sums of words", "build with --encoder static")
        self.store.run("shared/text")
        found = self.store.records("ask/text_of", tweet_id=tweet_id)
        if not found:
            raise QueryError(f"there is no tweet {tweet_id}", "ids are text: see ri tweets")
        text = found[0]["text"]
        text = without_masks(text) if self.store.has("shipped") else text
        return contributions(encoder, self._text_vector(query), text)

    def similar_personas(self, text: str, limit: int = 3) -> pl.DataFrame:
        """The personas nearest to a text: persona_id, persona_name, score, size, description."""
        import polars as pl

        return pl.DataFrame(self.persona_matches(text, limit))

    def persona_matches(self, text: str, limit: int = 3) -> list[dict[str, Any]]:
        """The answer of ``similar_personas`` as plain rows."""
        return engine.nearest_personas(self.store, self._text_vector(text), guard.positive(limit))

    def tweets(
        self,
        persona: int | str | None = None,
        where: str | None = None,
        limit: int | None = None,
        typical: bool = False,
    ) -> pl.DataFrame:
        """Rows of the flat view ``tweets``, of one persona or under a SQL condition, in order of the input.

        ``typical``: core members first, the nearest to their persona's centre before all others.
        """
        number = None if persona is None else self.persona_id(persona)
        found = guard.filtered(self.store.table("tweets"), where, number)
        if typical:
            shown = [duckdb.ColumnExpression(name) for name in found.columns]
            beside = self.store.table("assignments").select("doc_id as own_id, is_core as own_core, distance as away")
            found = found.join(beside, "doc_id = own_id").order("not own_core, away, own_id").select(*shown)
        else:
            found = found.order("doc_id")
        try:
            rows: pl.DataFrame = (found if limit is None else found.limit(guard.positive(limit))).pl()
            return rows
        except duckdb.Error as problem:
            raise guard.query_error(problem) from problem

    def sql(self, query: str, params: Mapping[str, object] | None = None) -> duckdb.DuckDBPyRelation:
        """The answer of one SELECT (WITH, FROM, DESCRIBE, SUMMARIZE, EXPLAIN) as a DuckDB relation, for this thread."""
        guard.check_question(self.store.connection, query)
        try:
            return self.store.connection.sql(query, params=dict(params)) if params else self.store.connection.sql(query)
        except duckdb.Error as problem:
            raise guard.query_error(problem) from problem

    def assign(self, texts: Sequence[str]) -> pl.DataFrame:
        """The nearest persona of each new text by its words alone: text, persona_id, persona_name, score.

        A text of which no word is known has none.
        """
        import polars as pl

        schema = {"text": pl.String, "persona_id": pl.Int32, "persona_name": pl.String, "score": pl.Float64}
        rows = []
        for text in [texts] if isinstance(texts, str) else texts:
            best = next(iter(self.persona_matches(text, 1)), {})
            rows.append({"text": text, **{key: best.get(key) for key in ("persona_id", "persona_name", "score")}})
        return pl.DataFrame(rows, schema=schema)

    def why(self, tweet_id: str) -> dict[str, Any]:
        """Why a document has its persona and not the runner-up, or why it was left out.

        Keys: persona, confidence, distances, raw label; ``says`` and ``runner_up_says`` list the distinctive terms of
        either persona that the text has, with their lift; ``reasons`` what each word and trait adds (see ``Reasons``),
        None where there is no runner-up or the file cannot tell. QueryError for an unknown id.
        """
        found = self.store.records("ask/why", tweet_id=str(tweet_id))
        if not found:
            raise QueryError(f"there is no tweet {tweet_id}", "ids are text: see ri tweets")
        answer = found[0]
        answer["says"], answer["runner_up_says"], answer["reasons"] = [], [], None
        if answer["persona_id"] is not None:
            runner_up = answer["runner_up_id"]
            words = self.store.records("ask/why_words", doc_id=answer["doc_id"], persona=answer["persona_id"],
                runner_up=-1 if runner_up is None else runner_up,
            )  # fmt: skip
            for word in words:
                side = "says" if word["persona_id"] == answer["persona_id"] else "runner_up_says"
                answer[side].append({k: v for k, v in word.items() if k != "persona_id"})
            if runner_up is not None:
                answer["reasons"] = self._reasons(answer, runner_up)
        return answer

    def compare(
        self,
        persona: int | str,
        other: int | str | None = None,
        *,
        where: str | None = None,
        index: str | os.PathLike[str] | None = None,
    ) -> Comparison:
        """What a persona says and does more often than a baseline, each figure with 95 % interval, p and q.

        The baseline: all other personas; ``other``, one of them; the documents that meet ``where``, a SQL condition
        over ``tweets``; of another ``index``, all of it, or what ``other`` and ``where`` leave of it.
        """
        from riindex.ask import compare

        number, name = self._named(persona)
        with RIIndex(self.path if index is None else index, self._threads, False) as theirs:
            chosen = None if other is None else theirs._named(other)
            if index is None and chosen is not None and chosen[0] == number:
                raise QueryError("that is the persona itself", "name another, or leave it out")
            baseline = compare.baseline(theirs.store, chosen, where, None if index is None else Path(index))
        return compare.compare(self.path, number, name, baseline, self._threads)

    def _named(self, persona: int | str) -> tuple[int, str]:
        """Number and name of a persona."""
        number = self.persona_id(persona)
        return number, str(self.store.rows("ask/persona_ids", wanted=str(number))[0][1])

    def claims(self, persona: int | str | None = None) -> list[dict[str, Any]]:
        """What is said of a persona, or of all: sentence, figures, the SQL that yields them, and doc_ids."""
        number = None if persona is None else self.persona_id(persona)
        return self.store.records("ask/claims", persona=number)

    def evidence(self, claim: str) -> dict[str, Any]:
        """One claim and, under ``rows``, the documents that bear it out; QueryError for an unknown id."""
        found = self.store.records("ask/claim", claim=claim.strip().lower())
        if not found:
            raise QueryError(f"there is no claim {claim!r}", "ri persona ID shows the claims of a persona, e.g. p0c1")
        return {**found[0], "rows": self.store.records("ask/claim_rows", claim=found[0]["claim_id"])}

    def trends(self, persona: int | str | None = None) -> list[dict[str, Any]]:
        """Whether personas, or one, emerge, fade or stay: the slope of the weekly share with interval, p and q."""
        number = None if persona is None else self.persona_id(persona)
        return self.store.records("ask/persona_growth", persona=number)

    def _reasons(self, answer: Mapping[str, Any], runner_up: int) -> dict[str, Any] | None:
        from dataclasses import asdict

        from riindex.ask.why import reasons
        from riindex.encoders.static import StaticEncoder

        now = self._now
        kind = now.build["encoder"].partition(":")[0]
        encoder = now.encoder if kind not in ("column", "sentence") else None
        self.store.run("shared/text")
        text = self.store.value("ask/text_of", tweet_id=answer["tweet_id"])
        static = encoder if isinstance(encoder, StaticEncoder) else None
        found = reasons(self.store, answer["doc_id"], answer["persona_id"], runner_up, static, text)
        return None if found is None else asdict(found)

    def sub_personas(self, persona: int | str, terms: int = 8) -> list[dict[str, Any]]:
        """The parts of a persona that are found again, the largest first; empty where it does not divide.

        Each has sub_persona_id, size, share of the persona, core_size, terms that set it apart from the other parts,
        and a typical text as it was written.
        """
        from riindex.text.stop_words import stop_words

        self.store.run("shared/text")
        return self.store.records("ask/sub_personas", persona=self.persona_id(persona), stop_words=list(stop_words()),
            most=guard.positive(terms),
        )  # fmt: skip

    def redundant(self, threshold: float | None = None) -> Redundancy:
        """Documents that say the same, as pairs and as groups with the one to keep; ``threshold`` is a cosine."""
        from riindex.ask import collection

        return collection.redundant(self.store, collection.ALIKE if threshold is None else threshold)

    def diversity(self) -> Diversity:
        """How different the documents are as a whole, and each one's nearest, distance and what it adds."""
        from riindex.ask import collection

        return collection.diversity(self.store)

    def gaps(self, first: str, second: str, expected: Mapping[str, Mapping[str, float]] | None = None) -> Gaps:
        """Which combinations of two dimensions of ``labels`` are missing, against uniform or ``expected`` shares."""
        from riindex.ask import collection

        return collection.gaps(self.store, first, second, expected)

    def select(self, count: int, method: str = "k-centre", balance: str | None = None) -> list[dict[str, Any]]:
        """A subset of ``count`` documents that stands for all, evenly by ``balance`` (persona or a dimension)."""
        from riindex.ask import collection

        return collection.select(self.store, count, method, balance)

    def quality(self) -> dict[str, Any]:
        """How good the personas are: ``overall`` figures with ``definitions``, and each of ``personas``.

        A persona has a ``verdict`` (solid, usable, fragile) with its ``reason`` beside its figures, which the comments
        of the table persona_quality explain; ``calibration`` tells how far confidence keeps its word.
        """
        return {
            "overall": {r["metric"]: r["value"] for r in self.store.records("ask/quality")},
            "definitions": {r["metric"]: r["definition"] for r in self.store.records("ask/quality")},
            "personas": self.store.records("ask/persona_quality"),
            "calibration": self.store.records("ask/calibration"),
        }

    def ablation(self, refits: int = 5, progress: Callable[[str], None] | None = None) -> list[Fusion]:
        """The build's method under 100, 75, 50 and 0 % text: coherence and agreement of so many refits, each anew."""
        from riindex.ask import diagnostics

        return diagnostics.ablation(self.store, guard.positive(refits), self._threads or os.cpu_count() or 1, progress)

    def granularity(
        self, refits: int | None = None, progress: Callable[[str], None] | None = None, again: bool = False
    ) -> Curve:
        """Every level of the method's own granularity, refitted on so many draws (10), and its cliffs.

        Where ``ri quality --curve`` kept it in the index, that is the answer, unless another number of refits is asked
        for, or it ``again``.
        """
        from riindex.grouping.curve import granularity

        wanted = None if refits is None else guard.positive(refits)
        return granularity(self.store, wanted, self._threads or os.cpu_count() or 1, progress, again)

    def persona_id(self, wanted: int | str) -> int:
        """The number of a persona given by number or name (any case, or its beginning); QueryError if there is none."""
        found = self.store.rows("ask/persona_ids", wanted=str(wanted))
        if not found:
            raise QueryError(f"there is no persona {wanted!r}", "ri personas lists them")
        exact = found[0][1].lower() == str(wanted).lower() or str(found[0][0]) == str(wanted)
        if len(found) > 1 and not exact:
            raise QueryError(
                f"{len(found)} personas begin with {wanted!r}", "say which: " + "; ".join(name for _, name in found)
            )
        return int(found[0][0])

    def export(self, folder: str | os.PathLike[str], raw: bool = False) -> list[Path]:
        """Write the seven classic files, ``tweets.parquet`` and ``map.parquet``; texts are masked unless ``raw``."""
        from riindex.compat.files import export

        return export(self.store, Path(folder), raw)

    def ship(
        self,
        target: str | os.PathLike[str],
        level: str = "analyst",
        keep: Sequence[str] = (),
        k: int = 10,
        embeddings: bool = True,
    ) -> list[str]:
        """Write a copy for others at a level: internal, analyst or public; the answer says what was taken out."""
        from riindex.share.ship import ship

        return ship(self.path, Path(target), level, keep, k, embeddings)

    # -- inside ------------------------------------------------------------------------------------------------

    def _search(
        self, query: Query | Sequence[str] | None, tweet_id: str | None, where: str | None, persona: int | str | None,
        limit: int, mode: str, exact: bool,
    ) -> tuple[list[dict[str, Any]], Plan]:  # fmt: skip
        now, asked = self._now, queries.each(query, tweet_id, mode)
        vectors = _vectors(now, asked, tweet_id, mode)
        texts = [text if mode != "vector" and isinstance(text, str) else None for text in asked] or [None]
        wanted = engine.Filter(where, None if persona is None else self.persona_id(persona))
        own = tweet_id is not None
        searched = engine.Search(now.store, now.kept, now.persona_names, wanted, now.beside, self._loaded, exact)
        found, plan = searched.find(vectors, texts, guard.positive(limit) + own)
        return ([row for row in found if row["tweet_id"] != tweet_id][:limit] if own else found), plan

    def _text_vector(self, text: str) -> npt.NDArray[np.float32]:
        queries.check_text(text)
        vector: npt.NDArray[np.float32] = self._now.encoder.encode([text])[0]
        return vector

    @property
    def _loaded(self) -> bool:
        return self._long_lived or "lancedb" in sys.modules


def _vectors(
    now: Opened, asked: Sequence[Query], tweet_id: str | None, mode: str
) -> Sequence[npt.NDArray[np.float32] | None]:
    """The unit vector of each query, of a text without a known word zeros; None where words alone count."""
    if tweet_id is not None:
        return [queries.vector_of(now.store, tweet_id)]
    if mode == "keyword":
        return [None] * len(asked)
    texts = [query for query in asked if isinstance(query, str)]
    return list(now.encoder.encode(texts)) if texts else queries.unit_vectors(now.store, asked)
