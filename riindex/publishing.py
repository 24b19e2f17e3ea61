"""A finished file takes the target's place, its vector table beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from riindex import cards, digests, vectors
from riindex import store as stores
from riindex.boundary import told
from riindex.config import BuildConfig, from_json
from riindex.errors import BuildError, QueryError, StaleIndex
from riindex.records import Run, Silence
from riindex.sections import ClassifyConfig
from riindex.stages.classify import write_labels
from riindex.stages.index import index
from riindex.store import Store
from riindex.trials import Curve, write_curve

# What follows the index's name in that of its vector table: the build's id, and that of a rebuilding.
VECTOR_TABLE = r"\.\d{8}T\d{6}-[0-9a-f]{4}(-[0-9a-f]{4})?\.lance"


def table_stem(target: Path) -> str:
    """How the names of an index's vector tables begin: tweets.duckdb and tweets.db share none."""
    return target.name.removesuffix(".duckdb")


def new_vector_folder(target: Path, build_id: str) -> Path:
    """Where the vector table of a build goes."""
    return target.with_name(f"{table_stem(target)}.{build_id}.lance")


def vector_folder(target: Path, last: list[tuple[Any, ...]]) -> Path | None:
    """The vector table that the row of the last build names."""
    name = last[0][16] if last else None
    return target.with_name(name) if name else None


def publish(work: Path, target: Path, table: Path | None) -> None:
    """Put the work file in the target's place; the vector table of the build before stays for its open readers.

    Raises BuildError where the target cannot be replaced.
    """
    kept = {table.name} if table is not None else set()
    if target.exists():
        with Store.read(target) as before:
            kept |= {row[16] for row in before.rows("build/last_build")}
    try:
        stores.publish(work, target, table)
    except (PermissionError, IsADirectoryError) as problem:
        raise BuildError(
            f"{target} cannot be written: {problem.strerror}", "free the name or choose another with -o"
        ) from problem
    own = re.compile(re.escape(table_stem(target)) + VECTOR_TABLE)
    for folder in target.parent.iterdir():
        if own.fullmatch(folder.name) and folder.name not in kept:
            vectors.remove(folder)


def remove(path: Path) -> None:
    """Remove a database file and what DuckDB leaves beside one."""
    for suffix in ("", ".wal", ".part"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def rebuild_vectors(target: Path) -> Path:
    """Make the vector table of a published index again, from the file alone; the answer is its folder.

    The file is published anew with the table's name, as a build is. Raises IndexNotFound, QueryError for a copy
    without vectors, or a BuildError.
    """
    target = target.resolve()
    with stores.sole_builder(target):
        with Store.read(target) as published:
            _must_have(published, "embeddings")
            last = cards.records(published, "build/last_build")[0]
        folder = new_vector_folder(target, f"{last['build_id']}-{os.urandom(2).hex()}")
        with edited(target, "making the vector table", folder) as store:
            index(_run(store, from_json(last["config"]), folder))
            store.run("build/record_vectors", vector_table=folder.name, build_id=last["build_id"])
    return folder


def _must_have(store: Store, table: str) -> None:
    if not store.has(table):
        raise QueryError(f"this copy has no {table}", "ask the index that ri build made")


def relabel(target: Path, config: ClassifyConfig) -> list[dict[str, Any]]:
    """Label every kept document of a published index, in place of the labels it has; the answer counts the labels.

    The file is published anew, as a build is; a later build makes the labels that its own settings ask for. Raises
    IndexNotFound, QueryError for a copy without texts, ConfigError for an unknown dimension or model.
    """
    target = target.resolve()
    with stores.sole_builder(target):
        with Store.read(target) as published:
            _must_have(published, "documents")
        with edited(target, "labelling") as store:
            store.run("text")
            write_labels(store, config, os.cpu_count() or 1, Silence())
            store.run("views/persona_labels")
            digests.record(store)
            return cards.records(store, "collection/label_counts")


def keep_curve(target: Path, found: Curve, build_id: str) -> None:
    """Put a curve that was measured on the build ``build_id`` into its index, which is published anew.

    Raises StaleIndex where another build has replaced it since, QueryError for a copy for others, IndexBusy or
    BuildError where it cannot be written.
    """
    target = target.resolve()
    with stores.sole_builder(target):
        with Store.read(target) as published:
            if published.has("shipped"):
                raise QueryError("this is a copy for others", "ask the index that ri build made")
            if cards.records(published, "build/last_build")[0]["build_id"] != build_id:
                raise StaleIndex(f"{target} was built anew meanwhile", "ask again")
        with edited(target, "keeping the curve") as store:
            write_curve(store, found)
            digests.record(store)


def _run(store: Store, config: BuildConfig, folder: Path) -> Run:
    return Run(store, config, Silence(), os.cpu_count() or 1, vector_table=folder)


@contextmanager
def edited(target: Path, what: str, folder: Path | None = None) -> Iterator[Store]:
    """A copy of a published file, which takes its place, its new vector table beside it, when all has gone well."""
    # Not the work file of a build: one that was cut off goes on from its own.
    work = target.with_name(target.name + ".reindex")
    remove(work)
    try:
        with told(what):
            stores.copy(target, work)
            with Store.open(work) as store:
                with store.transaction():
                    yield store
                store.checkpoint()
            stores.publish(work, target, folder if folder is not None and folder.is_dir() else None)
    except BaseException:
        if folder is not None:
            vectors.remove(folder)
        raise
    finally:
        remove(work)
