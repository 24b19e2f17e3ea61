"""Stage of a build: its declared inputs, from which the graph of stages and their fingerprints follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from riindex.config.build_config import BuildConfig
from riindex.errors import BuildError
from riindex.pipeline.context import Run
from riindex.store.statements import expanded_names, header, sql_text

PACKAGE = Path(__file__).parent.parent
# Statement that every stage may run: the macros of text.
SHARED = "shared/text"


@dataclass(frozen=True)
class Stage:
    """Step of the pipeline: its function, and everything that its result depends on.

    ``statements``: SQL files that it runs besides those of its own folder and SHARED, as names or ``folder/*``;
    ``tables``: those that it reads without a statement; ``settings``: sections of the configuration, and ``seed`` if it
    makes random choices; ``files``: data files of the package; ``version``: the count of changes of its code;
    ``vectors``: True if it writes vectors, which are stored uncompressed; ``begin``: begins work while other stages
    run, as soon as the parents are done, and returns what the function gets as ``begun``. Undeclared inputs cannot
    be read: see ``given``. ``parents``, the stages before it that write its inputs, are determined by ``linked``.
    """

    name: str
    function: Callable[[Run], None]
    version: int = 1
    statements: Sequence[str] = ()
    tables: Sequence[str] = ()
    settings: Sequence[str] = ()
    files: Sequence[str] = ()
    vectors: bool = False
    begin: Callable[[Run], object] | None = None
    parents: Sequence[str] = ()

    @property
    def runs(self) -> frozenset[str]:
        """Set of the names of all statements that the stage may run."""
        return expanded_names((f"{self.name}/*", SHARED, *self.statements))

    @property
    def reads(self) -> frozenset[str]:
        """Tables and views of the file that the stage reads."""
        return frozenset(self.tables).union(*(header(name).reads for name in self.runs))

    @property
    def writes(self) -> frozenset[str]:
        """Tables and views of the file that the statements of the stage's own folder write."""
        return frozenset().union(*(header(name).writes for name in expanded_names((f"{self.name}/*",))))

    def given(self, run: Run) -> Run:
        """Return a run restricted to the inputs that the stage declares."""
        return replace(
            run,
            store=run.store.only(self.runs, frozenset(self.tables)),
            config=run.config.only(self.settings),
            matrices=run.matrices if "axes" in self.tables or "axes" in self.writes else None,
        )


def linked(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages with their parents: the earlier stages that write a table or view that it reads."""
    found: list[Stage] = []
    for stage in stages:
        parents = [other.name for other in found if other.writes & stage.reads]
        found.append(replace(stage, parents=tuple(parents)))
    return tuple(found)


def fingerprints(stages: Sequence[Stage], config: BuildConfig, inputs: Mapping[str, str]) -> dict[str, str]:
    """Return stage name → hash of its name, version, statements, settings, files, inputs and its parents' hashes.

    ``inputs``: digests of external inputs by stage: of the source for ingest, of the encoder for embed.
    """
    found: dict[str, str] = {}
    for stage in stages:
        parts = [
            stage.name,
            str(stage.version),
            *(f"{name}\0{sql_text(name)}" for name in sorted(stage.runs)),
            json.dumps({name: config.section(name) for name in stage.settings}, sort_keys=True),
            *(file_digest(PACKAGE / name) for name in stage.files),
            inputs.get(stage.name, ""),
            *(found[parent] for parent in stage.parents),
        ]
        found[stage.name] = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    return found


def due_stages(
    stages: Sequence[Stage], current: Mapping[str, str], recorded: Mapping[str, str], force: str | None
) -> set[str]:
    """Return the stages to run: those whose fingerprint is not the recorded one, ``force``, and all that follow.

    BuildError if no stage is called ``force``.
    """
    names = [stage.name for stage in stages]
    if force is not None and force not in names:
        raise BuildError(f"there is no stage {force!r}", f"choose one of: {', '.join(names)}")
    due: set[str] = set()
    for stage in stages:
        changed = recorded.get(stage.name) != current[stage.name]
        if changed or stage.name == force or due.intersection(stage.parents):
            due.add(stage.name)
    return due


def following(stages: Sequence[Stage], first: str) -> list[Stage]:
    """Return the stage called ``first`` and all that depend on it, in their order."""
    same = {stage.name: "" for stage in stages}
    due = due_stages(stages, same, same, first)
    return [stage for stage in stages if stage.name in due]


@cache
def file_digest(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
