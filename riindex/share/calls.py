"""Methods of an open index that write copies, maps and checks of it, and that change it by hand."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from riindex.config.sections import ClassifyConfig
    from riindex.grouping.curve import Curve
    from riindex.pipeline.edits import Edit
    from riindex.share.verify import Finding
    from riindex.store.database import Store

Answer = TypeVar("Answer")


class SharingCalls(ABC):
    """Maps, shipped copies, verification and changes of the index at ``path``; a change publishes a new file."""

    path: Path

    @property
    @abstractmethod
    def store(self) -> Store:
        """Open file."""

    @abstractmethod
    def persona_id(self, wanted: int | str) -> int:
        """Return the number of a persona given by number or name."""

    @abstractmethod
    def reopen(self) -> None:
        """Open the current file."""

    def write_map(self, target: str | os.PathLike[str], raw: bool = False) -> int:
        """Write the map as one HTML page; return its number of points."""
        from riindex.share.map import write_map

        return write_map(self.store, Path(target), raw)

    def ship(
        self, target: str | os.PathLike[str], level: str = "analyst", keep: Sequence[str] = (), k: int = 10,
        embeddings: bool = True,
    ) -> list[str]:  # fmt: skip
        """Write a copy for others at a level: internal, analyst or public; return a list of the removed data."""
        from riindex.share.ship import ship

        return ship(self.path, Path(target), level, keep, k, embeddings)

    def verify(self) -> list[Finding]:
        """Return the problems of the file: figures that do not follow from its rows, foreign objects; empty if none."""
        from riindex.share.verify import verify

        return verify(self.path)

    def rename_persona(self, persona: int | str, name: str) -> Edit:
        """Rename a persona, also for later builds; the changed index is published, and this one reopened."""
        from riindex.pipeline.edits import rename_persona

        self._tidy()
        return self._changed(rename_persona(self.path, self.persona_id(persona), name))

    def merge_personas(
        self,
        persona: int | str,
        other: int | str,
        namer: str | None = None,
        base_url: str | None = None,
    ) -> Edit:
        """Merge ``other`` into ``persona``; the changed index is published, and this one reopened."""
        from riindex.pipeline.edits import merge_personas

        self._tidy()
        numbers = self.persona_id(persona), self.persona_id(other)
        return self._changed(merge_personas(self.path, *numbers, namer, base_url))

    def undo_edit(self, namer: str | None = None, base_url: str | None = None) -> Edit:
        """Undo the last rename or merge; the changed index is published, and this one reopened."""
        from riindex.pipeline.edits import undo_edit

        return self._changed(undo_edit(self.path, namer, base_url))

    def keep_granularity(self, curve: Curve) -> None:
        """Store a curve of this file in it, as long as it was not rebuilt; the changed index is published.

        Raises StaleIndex if it was rebuilt, QueryError for a shipped copy.
        """
        from riindex.pipeline.revise import keep_curve
        from riindex.store.builds import last_build

        self._tidy()
        keep_curve(self.path, curve, last_build(self.store).build_id)
        self.reopen()

    def classify(self, config: ClassifyConfig) -> list[dict[str, Any]]:
        """Label every kept document by the dimensions of ``config``; return the number of documents per label."""
        from riindex.pipeline.revise import relabel

        return self._changed(relabel(self.path, config))

    def learn_labels(self, column: str, threshold: float | None = None) -> dict[str, Any]:
        """Learn the labels in a source's column and label the documents without one; see ``ri classify --learn``.

        Return ``held_out``, figures by cross-validation, and ``counts``, the documents of each label.
        """
        from riindex.config.sections import ClassifyConfig as Defaults
        from riindex.pipeline.learning import learn_column

        lowest = Defaults.threshold if threshold is None else threshold
        return self._changed(learn_column(self.path, column, lowest))

    def rebuild_search(self) -> Path:
        """Rebuild the vector table next to the file, from the file alone; return its folder."""
        from riindex.pipeline.revise import rebuild_vectors

        return self._changed(rebuild_vectors(self.path))

    def _tidy(self) -> None:
        """Remove the files that a killed command left next to the index, which would block the next command."""
        from riindex.store.locks import tidy

        tidy(self.path.resolve())

    def _changed(self, answer: Answer) -> Answer:
        self.reopen()
        return answer
