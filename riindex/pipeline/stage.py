"""What a stage depends on, as one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from riindex.config.build_config import BuildConfig
from riindex.pipeline.context import Run
from riindex.store.statements import sql_folder


@dataclass(frozen=True)
class Stage:
    """A step of the pipeline: its function, the stages it reads from, and the count of its changes.

    ``sections``: further config sections it reads; ``seeded``: whether it makes random choices;
    ``vectors``: whether it writes vectors, which are stored as they are.
    """

    name: str
    function: Callable[[Run], None]
    parents: Sequence[str] = ()
    version: int = 1
    sections: Sequence[str] = ()
    seeded: bool = False
    vectors: bool = False


def fingerprints(stages: Sequence[Stage], config: BuildConfig, inputs: Mapping[str, str]) -> dict[str, str]:
    """Stage name → hash of its name, version, SQL, settings, inputs and its parents' hashes.

    ``inputs``: digests from outside, by stage: the source's for ingest, the encoder's for embed.
    """
    found: dict[str, str] = {}
    shared = _sql_text("shared")
    for stage in stages:
        parts = [
            stage.name,
            str(stage.version),
            shared,
            _sql_text(stage.name),
            json.dumps([config.section(name) for name in (stage.name, *stage.sections)], sort_keys=True),
            inputs.get(stage.name, ""),
            str(config.seed) if stage.seeded else "",
            *(found[parent] for parent in stage.parents),
        ]
        found[stage.name] = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    return found


def _sql_text(folder: str) -> str:
    """The statements of one folder, without those below it."""
    files = sorted((sql_folder() / folder).glob("*.sql"))
    return "\0".join(file.name + "\0" + file.read_text(encoding="utf-8") for file in files)
