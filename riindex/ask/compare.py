"""Comparison of a persona with a baseline: terms and behaviour that differ, with intervals and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from riindex.ask.personas import named_persona
from riindex.ask.snapshot import Snapshot
from riindex.config.build_config import from_json
from riindex.errors import QueryError, StaleIndex
from riindex.profiles.terms import count_terms, measured, trait_figures
from riindex.store.builds import last_build
from riindex.store.database import Store
from riindex.store.folders import private_folder
from riindex.store.guard import filtered, query_error


@dataclass(frozen=True)
class Comparison:
    """Comparison of a persona with a baseline, on the core members of both.

    ``terms``: here (the persona's, else the baseline's), kind, term, n, n_authors, share, baseline_share, lift with its
    95 % interval, p, q and score, the surest first. ``traits``: mean, baseline_mean and standardised difference, of a
    share its lift too, with interval, p and q, the greatest difference first, on all members.
    """

    persona: str
    baseline: str
    size: int
    baseline_size: int
    terms: Sequence[dict[str, Any]]
    traits: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Baseline:
    """Baseline of a comparison: its label, its documents (an Arrow table of doc_id), their index."""

    label: str
    doc_ids: Any
    index: Path | None = None


def baseline(store: Store, persona: tuple[int, str] | None, where: str | None, index: Path | None) -> Baseline:
    """Return the documents of ``store`` that belong to ``persona`` (number and name) and meet ``where``, if given.

    ``index``: the file of ``store``, if it is not the persona's own.
    """
    found = filtered(store.table("tweets"), where, None if persona is None else persona[0])
    label = [] if persona is None else [persona[1]]
    if where is not None:
        label.append(f"where {where}" if label else f"tweets where {where}")
    try:
        doc_ids = found.select("doc_id").to_arrow_table()
    except duckdb.Error as problem:
        raise query_error(problem) from problem
    label = label or ["all others" if index is None else "all of it"]
    return Baseline(", ".join(label if index is None else [index.name, *label]), doc_ids, index)


def compare(
    now: Snapshot, persona: int | str, other: int | str | None = None, where: str | None = None,
    index: Path | None = None, threads: int = 0,
) -> Comparison:  # fmt: skip
    """Compare a persona with all others; with ``other``; with documents that meet ``where``; or with another ``index``.

    The baseline in another index is all of it, or the documents that ``other`` and ``where`` select.
    """
    number, name = named_persona(now.store, persona)
    theirs = now if index is None else Snapshot(index, threads)
    try:
        chosen = None if other is None else named_persona(theirs.store, other)
        if index is None and chosen is not None and chosen[0] == number:
            raise QueryError("both are the same persona", "give another, or leave it out")
        against = baseline(theirs.store, chosen, where, index)
    finally:
        if theirs is not now:
            theirs.store.close()
    found = compared(now.path, number, name, against, threads)
    if now.stale:
        raise StaleIndex(f"{now.path} was built anew since it was opened", "call reopen(), and compare again")
    return found


def compared(path: Path, persona: int, name: str, against: Baseline, threads: int = 0) -> Comparison:
    """Compare a persona of the index at ``path`` with a baseline, without its own documents.

    QueryError if either side has no core member.
    """
    with (
        private_folder() as spill,
        Store.read(path, threads, spill, against.index) as store,
    ):
        config = from_json(last_build(store).config)
        store.run("shared/text")
        gather = "ask/compare/members" if against.index is None else "ask/compare/other_members"
        store.insert(gather, against.doc_ids, persona=persona, timezone=config.behave.timezone)
        size, baseline_size = store.rows("ask/compare/sizes")[0]
        if not size or not baseline_size:
            raise QueryError(
                f"{name if not size else against.label} has no core member", "compare it with something larger"
            )
        return Comparison(name, against.label, size, baseline_size, _terms(store, config.enrich.min_documents),
                          _traits(store))  # fmt: skip


def _terms(store: Store, min_documents: int) -> list[dict[str, Any]]:
    import pyarrow as pa

    count_terms(store, min_documents)
    tests = measured(store.columns("enrich/terms/tests"), int(store.value("enrich/terms/tried")))
    rows = pa.table({"test": np.arange(1, len(tests["p"]) + 1), **tests})
    return _computed(store, "ask/compare/terms", rows, min_documents=min_documents)


def _traits(store: Store) -> list[dict[str, Any]]:
    import pyarrow as pa

    store.run("enrich/traits/trait_sums")
    found = trait_figures(store.columns("enrich/traits/trait_tests"))
    columns = {key: pa.array(value, pa.float64(), from_pandas=True) for key, value in found.items()}
    return _computed(store, "ask/compare/traits", pa.table({"test": np.arange(1, len(found["p"]) + 1), **columns}))


def _computed(store: Store, name: str, rows: Any, **values: object) -> list[dict[str, Any]]:
    store.connection.register("incoming", rows)
    try:
        return store.records(name, **values)
    finally:
        store.connection.unregister("incoming")
