"""Publication: a finished file with its vector table replaces the target."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from riindex.config.build_config import from_json
from riindex.errors import BuildError
from riindex.pipeline.report import BuildReport
from riindex.search import lance
from riindex.search.lance import VECTOR_TABLE, table_stem, vector_folder
from riindex.store.catalog import foreign_names
from riindex.store.database import Store
from riindex.store.outputs import check_writable, put_in_place, sync_tree


@dataclass(frozen=True)
class Former:
    """State of the file at a build's target: the fingerprint of each stage, and its vector table.

    ``report``: the report of its build, if nothing has changed since.
    """

    stage_runs: Mapping[str, str] = field(default_factory=dict)
    vector_table: str | None = None
    report: BuildReport | None = None


def publish(work: Path, target: Path, made: str | None, before: str | None) -> None:
    """Replace the target by the finished, closed work file, and remove vector tables that no reader can need.

    ``made``: its vector table; ``before``: that of the replaced file, which stays for its open readers. Raises
    BuildError if the target cannot be replaced.
    """
    check_writable(target)
    try:
        folder = vector_folder(target, made)
        if folder is not None and folder.is_dir():
            _sync_vectors(folder, target if target.exists() else work)
        put_in_place(work, target)
    except (PermissionError, IsADirectoryError) as problem:
        raise BuildError(
            f"{target} cannot be written: {problem.strerror}", "free the name or choose another with -o"
        ) from problem
    own = re.compile(re.escape(table_stem(target)) + VECTOR_TABLE)
    for held in target.parent.iterdir():
        if own.fullmatch(held.name) and held.name not in (made, before):
            lance.remove(held)


def check_replaceable(published: Store, kind: str) -> None:
    """Raise BuildError for an index that a build may not replace: of another kind, or with foreign objects.

    ``kind``: that of the documents of the build.
    """
    name = published.path.name
    there = from_json(published.value("build/config")).ingest.kind
    if there != kind:
        raise BuildError(
            f"{name} is an index of {there}, and these are {kind}", "choose another name for the new index"
        )
    others = foreign_names(published)
    if others:
        shown = ", ".join(map(str, others[:5]))
        raise BuildError(
            f"{name} contains objects that riindex did not write, and a build would lose them: {shown}",
            "move them to another file, or choose another name with -o",
        )


def _sync_vectors(folder: Path, index: Path) -> None:
    """Flush a vector table to the disk before the name that refers to it; its folder gets the index's permissions."""
    readers = stat.S_IMODE(index.stat().st_mode) & 0o444
    folder.chmod(0o700 | readers | readers >> 2)
    sync_tree(folder)
