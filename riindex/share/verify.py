"""Verification of a file: it contains what its build wrote, and every figure follows from the rows."""

from __future__ import annotations

import filecmp
import math
import shutil
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from riindex.algorithms.parallel import Workers
from riindex.config.build_config import from_json
from riindex.errors import IndexNotFound, RiError, UnsafeIndex
from riindex.machine import memory
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.pipeline.stages.enrich import enrich
from riindex.pipeline.stages.stances import stances
from riindex.pipeline.stages.tally import tally
from riindex.profiles.claims import question
from riindex.profiles.statements import Statement
from riindex.search.tables import arrays_written
from riindex.store import digests
from riindex.store.builds import last_build
from riindex.store.catalog import foreign_objects
from riindex.store.database import Store
from riindex.store.folders import private_folder
from riindex.version import __version__

# Derived table → its key. These tables are recomputed from the rows and compared cell by cell.
DERIVED = {
    "personas": ("persona_id",),
    "persona_terms": ("persona_id", "kind", "term"),
    "persona_hours": ("persona_id", "hour"),
    "persona_weekdays": ("persona_id", "weekday"),
    "persona_traits": ("persona_id", "feature"),
    "persona_trends": ("persona_id", "week"),
    "persona_growth": ("persona_id",),
    "persona_hints": ("persona_id", "kind", "rank"),
    "claims": ("claim_id",),
    "persona_similarity": ("persona_id", "other_id", "method"),
    "persona_evidence": ("persona_id", "rank"),
    "persona_stances": ("persona_id", "stance"),
}
# Relative tolerance of figures: sums of floats depend on the machine.
TOLERANCE = 1e-5
MISSING_TABLE = "the table is missing"


@dataclass(frozen=True)
class Finding:
    """Problem of a file; with ``note``, something that is only missing."""

    table: str
    key: str
    problem: str
    note: bool = False


def verify(path: Path) -> list[Finding]:
    """Return all problems of the index at ``path``; a missing vector table is a note.

    Compare the digest of every table with the recorded one, look for contradictions between tables, recompute the
    persona tables from the rows in a copy and compare them cell by cell, run the SQL of every claim, and count the
    vector table. The file itself is only read.
    """
    path = path.resolve()
    memory.check_memory(work="a verification")
    try:
        with private_folder(path.parent) as spill, Store.read(path, spill=spill) as store:
            lacking = [table for table in ("build", "digests") if not store.has(table)]
            if lacking:
                return [Finding(table, "", MISSING_TABLE) for table in lacking]
            findings: list[Finding] = []
            for look in (_digests, _version, _foreign_objects, _contradictions):
                try:
                    findings += look(store)
                except duckdb.OutOfMemoryException:
                    raise
                # Any error from a table of another shape: a table that cannot be checked is a problem.
                except (RiError, duckdb.Error, LookupError, ValueError, TypeError, AttributeError) as problem:
                    findings.append(Finding("", "", f"it cannot be checked: {_short(problem)}"))
                if any(finding.problem == MISSING_TABLE for finding in findings):
                    break
            return findings
    except UnsafeIndex as problem:
        return [Finding("", "", problem.message)]


def _contradictions(store: Store) -> Iterator[Finding]:
    """Find contradictions between tables."""
    if {"claims", "documents"} <= store.tables():
        yield from claims(store.path)
    # Masked, hashed or removed data of a shipped copy cannot be recomputed.
    if _is_whole(store):
        yield from (Finding(*row) for row in store.rows("share/verify/contradictions"))
        yield from (Finding(*row) for row in store.rows("share/verify/views"))
        if store.has("namings"):
            yield from (Finding(*row) for row in store.rows("share/verify/namings"))
        yield from _vectors(store, store.path)
        yield from _derived(store, store.path)


def _foreign_objects(store: Store) -> Iterator[Finding]:
    """Find views, macros and other objects that this version does not write, or writes differently."""
    kind = from_json(last_build(store).config).ingest.kind
    for found in foreign_objects(store, kind):
        yield Finding(found.name, found.kind, found.problem)


def _version(store: Store) -> Iterator[Finding]:
    made = last_build(store).riindex_version
    if made != __version__:
        problem = (
            f"made by riindex {made}, this is {__version__}: differences between the versions are reported as problems"
        )
        yield Finding("build", "", problem, note=True)


def _is_whole(store: Store) -> bool:
    return not store.has("shipped") or store.value("share/ship/level") == "internal"


def _digests(store: Store) -> Iterator[Finding]:
    recorded = dict(store.rows("share/verify/stored_digests"))
    found = digests.table_digests(store)
    for table in sorted(recorded.keys() | found.keys()):
        if table not in found:
            yield Finding(table, "", MISSING_TABLE)
        elif table not in recorded:
            yield Finding(table, "", "the build wrote no such table")
        elif found[table] != recorded[table]:
            yield Finding(table, "", "its rows differ from those that the build wrote")


def claims(path: Path) -> list[Finding]:
    """Return the claims of the index at ``path`` whose SQL does not return their figures, or is not that of riindex.

    SQL that riindex did not write is not run.
    """
    found = []
    with Store.read(path) as store:
        timezone = last_build(store).timezone
        store.run("share/verify/spoken_texts")
        for claim in store.records("ask/personas/claims", persona=None):
            if claim["sql"] != _question(claim, timezone):
                found.append(Finding("claims", claim["claim_id"], "its SQL differs from that which riindex writes"))
                continue
            figures = (claim["value"], claim["baseline"], claim["n"])
            try:
                made = store.connection.execute(claim["sql"]).fetchall()[0]
            except (duckdb.Error, IndexError) as problem:
                found.append(Finding("claims", claim["claim_id"], f"its SQL does not run: {_short(problem)}"))
                continue
            if not all(map(_equal, figures, made)):
                difference = (
                    f"“{_short(claim['sentence'])}” states {_figures(figures)}, its SQL returns {_figures(made)}"
                )
                found.append(Finding("claims", claim["claim_id"], difference))
    return found


def _question(claim: dict[str, Any], timezone: str) -> str | None:
    """Return the SQL that riindex writes for a claim of this kind and subject; None for an unknown kind."""
    try:
        statement = Statement(claim["place"], claim["kind"], claim["subject"], "", 0.0, None, 0)
        return question(claim["persona_id"], statement, timezone)
    except (KeyError, ValueError, TypeError):
        return None


def _equal(one: float | None, other: float | None) -> bool:
    """Return True if two figures are equal except for rounding: they are computed from counts and integers."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9)


def _figures(figures: tuple[Any, ...]) -> str:
    return ", ".join("nothing" if value is None else f"{value:.6g}" for value in figures)


def _vectors(store: Store, path: Path) -> Iterator[Finding]:
    from riindex.search.arrays import FOLDER, Arrays
    from riindex.search.lance import VectorTable, vector_folder

    name = last_build(store).vector_table
    folder = vector_folder(path, name)
    if folder is None:
        yield Finding("build", "vector_table", f"{_short(name)!r} is not the name of a vector table next to the file")
        return
    try:
        arrays = Arrays(folder, store.value("shared/kept_count"), int(store.value("search/width")))
        VectorTable(folder, arrays.doc_ids).check()
    except IndexNotFound as problem:
        yield Finding(name, "", f"{problem.message}; {problem.hint}", note=not folder.is_dir())
        return
    with private_folder(path.parent) as scratch:
        with arrays_written(store, scratch) as (batches, _):
            deque(batches, maxlen=0)
        names = [each.name for each in (scratch / FOLDER).iterdir()]
        _, others, missing = filecmp.cmpfiles(folder / FOLDER, scratch / FOLDER, names, shallow=False)
    for file in sorted(others + missing):
        yield Finding(name, file, "it differs from the file; ri index rebuilds it")


def _derived(store: Store, path: Path) -> list[Finding]:
    build = last_build(store)
    threads = build.threads
    with private_folder(path.parent) as folder:
        copy = folder / "copy.duckdb"
        shutil.copyfile(path, copy)
        with Store.edit(copy, threads) as again:
            again.run("shared/text")
            run = Run(again, from_json(build.config), NullProgress(), Workers(threads))
            again.run("share/verify/stances_before")
            for stage in (stances, tally, enrich):
                stage(run)
            wrong = [Finding(*row) for row in again.rows("share/verify/stances", tolerance=TOLERANCE)]
            return wrong + [finding for table in DERIVED for finding in _compare(store, again, table)]


def _compare(store: Store, again: Store, table: str) -> Iterator[Finding]:
    keys = DERIVED[table]
    there, made = _rows(store, table, keys), _rows(again, table, keys)
    for key in sorted(there.keys() | made.keys(), key=str):
        named = ", ".join(f"{name}={value}" for name, value in zip(keys, key, strict=True))
        if key not in made:
            yield Finding(table, named, "no such row follows from the documents")
        elif key not in there:
            yield Finding(table, named, "the row is missing")
        else:
            for column, value in there[key].items():
                if not _same(value, made[key].get(column)):
                    yield Finding(
                        table, named, f"{column} is {_short(value)}, the rows yield {_short(made[key][column])}"
                    )


def _rows(store: Store, table: str, keys: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    relation = store.table(table)
    columns = relation.columns
    rows = (dict(zip(columns, row, strict=True)) for row in relation.fetchall())
    return {tuple(row[key] for key in keys): row for row in rows}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-7)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
