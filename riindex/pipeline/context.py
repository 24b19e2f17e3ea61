"""Small frozen answers, and what a stage is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from riindex.algorithms.neighborhoods import Neighborhoods
    from riindex.config.build_config import BuildConfig
    from riindex.encoders.base import Encoder
    from riindex.profiles.llm import Namer
    from riindex.sources import Source
    from riindex.store.database import Store


# Rows that can be asked for at once.
MOST_ROWS = 10**9


class Report(Protocol):
    """Who listens to a build: a terminal, a log, or nobody."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def progress(self, done: int, total: int, unit: str) -> None:
        """``done`` of ``total`` units of the current stage are through."""

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """A stage has ended; ``reused``: its result was still good."""

    def note(self, text: str) -> None:
        """A fact about the current stage."""

    def detail(self, text: str) -> None:
        """A fact for those who ask for details."""

    def warn(self, text: str) -> None:
        """Something the user should look at."""


class Silence:
    """A report that nobody reads."""

    def stage(self, name: str) -> None:
        """Say nothing."""

    def progress(self, done: int, total: int, unit: str) -> None:
        """Say nothing."""

    def finish(self, name: str, seconds: float, reused: bool) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def detail(self, text: str) -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Fused:
    """Text and behaviour together, and what the columns are.

    ``matrix``: float32 (n, d). The first columns are ``vector @ projection.T + origin`` of the text's vector, the
    others standardised ``features``: (block, name). ``near``: neighbourhoods of some rows, where the fit uses them.
    """

    matrix: npt.NDArray[np.float32]
    projection: npt.NDArray[np.float32]
    origin: npt.NDArray[np.float32]
    features: Sequence[tuple[str, str]] = ()
    near: Neighborhoods | None = None


@dataclass
class Matrices:
    """Matrices that pass between stages, made when first asked for; row i is the i-th kept document."""

    make_fused: Callable[[], Fused]
    _fused: Fused | None = field(default=None, repr=False)

    @property
    def fused(self) -> npt.NDArray[np.float32]:
        """Text and behaviour together, float32 (n, d)."""
        return self.whole.matrix

    @property
    def whole(self) -> Fused:
        """The fused matrix with what its columns are."""
        if self._fused is None:
            self._fused = self.make_fused()
        return self._fused

    def release(self) -> None:
        """Let go of the memory; the matrix is made again if it is asked for again."""
        self._fused = None


@dataclass(frozen=True)
class Run:
    """What a stage is given: the file, the settings, the input, and who listens.

    ``namer``: whom to ask for names; without one, answers that are kept stand, and nobody is asked.
    """

    store: Store
    config: BuildConfig
    report: Report
    threads: int
    sources: Sequence[Source] = ()
    replies: Sequence[Source] = ()
    encoder: Encoder | None = None
    matrices: Matrices | None = None
    vector_cache: Path | None = None
    previous: Path | None = None
    vector_table: Path | None = None
    namer: Namer | None = None


@dataclass(frozen=True)
class FunnelStep:
    """One step of the cleaning: how many came in, how many it dropped."""

    step: str
    input: int
    dropped: int
    output: int
    retention: float


@dataclass(frozen=True)
class PersonaLine:
    """One persona as a listing shows it."""

    persona_id: int
    name: str
    tier: str
    size: int
    share: float
    terms: Sequence[str]


@dataclass(frozen=True)
class BuildReport:
    """What a build made: where, how long it took, the funnel, the personas, the figures."""

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
class Plan:
    """What a build would do: the resolved settings and which stages are due."""

    config: BuildConfig
    target: Path
    due: Sequence[str]
    reused: Sequence[str]
    details: dict[str, Any] = field(default_factory=dict)
