"""Report and plan of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.store.builds import last_build
from riindex.store.database import Store

if TYPE_CHECKING:
    from pathlib import Path

    from riindex.config.build_config import BuildConfig


@dataclass(frozen=True)
class FunnelStep:
    """Step of the cleaning: the number of incoming and of dropped documents."""

    step: str
    input: int
    dropped: int
    output: int
    retention: float


@dataclass(frozen=True)
class PersonaLine:
    """Persona as shown in a listing."""

    persona_id: int
    name: str
    tier: str
    size: int
    share: float
    terms: Sequence[str]


@dataclass(frozen=True)
class BuildReport:
    """Report of a build: path, duration, funnel, personas, figures."""

    path: Path
    build_id: str
    seconds: float
    changed: bool
    documents: int
    kept: int
    rejected: int
    funnel: Sequence[FunnelStep]
    personas: Sequence[PersonaLine]
    quality: dict[str, float | None]
    vector_table: Path | None
    warnings: Sequence[str] = ()
    stages: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        names = ", ".join(p.name for p in self.personas)
        return f"{self.path}: {self.kept:,} of {self.documents:,} documents in {len(self.personas)} personas: {names}"


@dataclass(frozen=True)
class BuildPlan:
    """Plan of a build: the resolved settings and the stages that are due."""

    config: BuildConfig
    target: Path
    due: Sequence[str]
    reused: Sequence[str]
    details: dict[str, Any] = field(default_factory=dict)


def read_report(published: Store, target: Path, changed: bool) -> BuildReport:
    """Return the report of the last build of the file."""
    last = last_build(published)
    return BuildReport(
        path=target,
        build_id=last.build_id,
        seconds=last.seconds if changed else 0.0,
        changed=changed,
        documents=last.documents,
        kept=last.kept,
        rejected=last.rejected,
        funnel=[FunnelStep(*row) for row in published.rows("build/funnel")],
        personas=[PersonaLine(*row) for row in published.rows("build/persona_lines")],
        quality=dict(published.rows("build/quality")),
        vector_table=target.with_name(last.vector_table),
        stages=dict(published.rows("build/stage_seconds")),
    )
