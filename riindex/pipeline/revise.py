"""Changes to a published index: each on a copy, which then takes its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from riindex.algorithms.parallel import Workers
from riindex.config.build_config import BuildConfig, from_json
from riindex.config.sections import ClassifyConfig
from riindex.errors import QueryError, StaleIndex, as_build_error
from riindex.grouping.curve import Curve, write_curve
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.pipeline.publish import publish
from riindex.pipeline.stages.classify import write_labels
from riindex.pipeline.stages.index import index
from riindex.search import lance
from riindex.search.lance import new_vector_folder
from riindex.store import digests
from riindex.store.builds import last_build
from riindex.store.database import Store
from riindex.store.folders import private_folder
from riindex.store.locks import sole_writer
from riindex.store.outputs import check_writable


def rebuild_vectors(target: Path) -> Path:
    """Make the vector table of a published index again, from the file alone; the answer is its folder.

    The file is published anew with the table's name, as a build is. Raises IndexNotFound, QueryError for a copy
    without vectors, or a BuildError.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            _must_have(published, "embeddings")
            last = last_build(published)
        folder = new_vector_folder(target, f"{last.build_id}-{os.urandom(2).hex()}")
        with edited(target, "making the vector table", folder) as store:
            index(_run(store, from_json(last.config), folder))
            store.run("build/record_vectors", vector_table=folder.name, build_id=last.build_id)
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
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            _must_have(published, "documents")
        with edited(target, "labelling") as store:
            store.run("shared/text")
            write_labels(store, config, Workers.all(), NullProgress())
            store.run("views/persona_labels")
            digests.record(store)
            return store.records("ask/collection/label_counts")


def keep_curve(target: Path, found: Curve, build_id: str) -> None:
    """Put a curve that was measured on the build ``build_id`` into its index, which is published anew.

    Raises StaleIndex where another build has replaced it since, QueryError for a copy for others, IndexBusy or
    BuildError where it cannot be written.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            if published.has("shipped"):
                raise QueryError("this is a copy for others", "ask the index that ri build made")
            if last_build(published).build_id != build_id:
                raise StaleIndex(f"{target} was built anew meanwhile", "ask again")
        with edited(target, "keeping the curve") as store:
            write_curve(store, found)
            digests.record(store)


def _run(store: Store, config: BuildConfig, folder: Path) -> Run:
    return Run(store, config, NullProgress(), Workers.all(), vector_table=folder)


@contextmanager
def edited(target: Path, what: str, folder: Path | None = None) -> Iterator[Store]:
    """Give a copy of a published file, which takes its place when all has gone well, its vector table beside it."""
    check_writable(target)
    with private_folder(target.parent) as scratch:
        work = scratch / "edited.duckdb"
        try:
            with as_build_error(what, resumed=False):
                shutil.copyfile(target, work)
                with Store.edit(work) as store:
                    before = store.value("build/vector_table")
                    with store.transaction():
                        yield store
                    made = store.value("build/vector_table")
                    store.checkpoint()
                publish(work, target, made, before)
        except BaseException:
            # Once the file has its name, its vector table is in use, whatever went wrong after.
            if folder is not None and work.exists():
                lance.remove(folder)
            raise
