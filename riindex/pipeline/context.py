"""Context in which a stage runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riindex.algorithms.parallel import Workers
from riindex.grouping.space import Matrices
from riindex.machine.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from riindex.config.build_config import BuildConfig
    from riindex.encoders.base import Encoder
    from riindex.profiles.llm import Namer
    from riindex.sources import Source
    from riindex.store.database import Store


@dataclass(frozen=True)
class Run:
    """Context of a stage: the file, the settings, the input, and the progress report.

    ``namer``: the language model for names; without one, stored answers are used and no model is queried. ``begun``:
    what the stage's own ``begin`` returned.
    """

    store: Store
    config: BuildConfig
    report: Progress
    workers: Workers
    sources: Sequence[Source] = ()
    replies: Sequence[Source] = ()
    encoder: Encoder | None = None
    matrices: Matrices | None = None
    vector_cache: Path | None = None
    previous: Path | None = None
    vector_table: Path | None = None
    namer: Namer | None = None
    begun: object = None
