"""Changes to a published index, each on a copy that then replaces it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    """Rebuild the vector table of a published index, from the file alone; return its folder.

    The file is published again with the name of the table, as by a build. Raises IndexNotFound, QueryError for a copy
    without vectors, or a BuildError.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            _must_have(published, "embeddings")
            last = last_build(published)
        folder = new_vector_folder(target, f"{last.build_id}-{os.urandom(2).hex()}")
        with edited(target, "rebuilding the vector table", folder) as store:
            index(_run(store, from_json(last.config), folder))
            store.run("build/record_vectors", vector_table=folder.name, build_id=last.build_id)
    return folder


def _must_have(store: Store, table: str) -> None:
    if not store.has(table):
        raise QueryError(f"this copy has no {table}", "use the index that ri build made")


def relabel(target: Path, config: ClassifyConfig) -> list[dict[str, Any]]:
    """Label every kept document of a published index by the dimensions of ``config``; return the counts of its labels.

    Labels of other dimensions stay. The file is published again, as by a build; a later build writes the labels of
    its own settings. Raises IndexNotFound, QueryError for a copy without texts, ConfigError for an unknown
    dimension or model.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            _must_have(published, "documents")
        with edited(target, "labelling") as store:
            store.run("shared/text")
            if not store.has("labels"):
                store.run("classify/schema")
            found = {labelled.dimension.name for labelled in write_labels(store, config, Workers.all(), NullProgress())}
            store.run("views/persona_labels")
            digests.record(store)
            return [row for row in store.records("ask/collection/label_counts") if row["dimension"] in found]


def keep_curve(target: Path, found: Curve, build_id: str) -> None:
    """Store a curve that was measured on the build ``build_id`` in its index, which is published again.

    Raises StaleIndex if another build has replaced it since, QueryError for a shipped copy, IndexBusy or BuildError if
    it cannot be written.
    """
    target = target.resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            if published.has("shipped"):
                raise QueryError("this is a shipped copy", "use the index that ri build made")
            if last_build(published).build_id != build_id:
                raise StaleIndex(f"{target} was rebuilt meanwhile", "run the command again")
        with edited(target, "storing the curve") as store:
            write_curve(store, found)
            digests.record(store)


def _run(store: Store, config: BuildConfig, folder: Path) -> Run:
    return Run(store, config, NullProgress(), Workers.all(), vector_table=folder)


@contextmanager
def edited(target: Path, what: str, folder: Path | None = None) -> Iterator[Store]:
    """Yield a copy of a published file, which replaces it with its vector table if no error occurs."""
    check_writable(target)
    with private_folder(target.parent) as scratch, ExitStack() as unfinished:
        work = scratch / "edited.duckdb"
        unfinished.callback(_remove_unused, folder, work)
        with as_build_error(what, resumed=False):
            shutil.copyfile(target, work)
            with Store.edit(work) as store:
                before = store.value("build/vector_table")
                with store.transaction():
                    yield store
                made = store.value("build/vector_table")
                store.checkpoint()
            publish(work, target, made, before)
        unfinished.pop_all()


def _remove_unused(folder: Path | None, work: Path) -> None:
    """Remove the vector table of a change that failed; once the file has its name, the table is in use."""
    if folder is not None and work.exists():
        lance.remove(folder)
