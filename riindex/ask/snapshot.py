"""Snapshot of an index file as it was when it was opened, shared by all queries."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from riindex.errors import IndexNotFound, QueryError, StaleIndex
from riindex.store.builds import BuildRow, last_build
from riindex.store.database import Store

if TYPE_CHECKING:
    from riindex.encoders.base import Encoder
    from riindex.search.arrays import Arrays
    from riindex.search.lance import VectorTable


class Snapshot:
    """Open file at ``path``, locked: SQL can read it and nothing else. IndexNotFound if it is not an index.

    Each query keeps a reference until it has its result, so that a reopening in another thread does not disturb it: the
    file is released with the last reference.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self.path = path = path.absolute()
        self._identity = _identity(path) if path.is_file() else None
        self.store = Store.read(path, threads)
        if not self.store.has("personas"):
            self.store.close()
            raise IndexNotFound(f"{path} has no personas", "build an index: ri build tweets.parquet")

    @property
    def stale(self) -> bool:
        """Return True if the file was replaced or overwritten; StaleIndex if it no longer exists."""
        return _identity(self.path) != self._identity

    @cached_property
    def build(self) -> BuildRow:
        """Row of the build that made the file."""
        return last_build(self.store)

    @cached_property
    def kept(self) -> int:
        """Number of documents kept."""
        return int(self.store.value("shared/kept_count"))

    @cached_property
    def width(self) -> int:
        """Length of a vector."""
        return int(self.store.value("search/width"))

    @cached_property
    def persona_names(self) -> dict[int, str]:
        """Name of each persona."""
        return dict(self.store.rows("ask/personas/persona_names"))

    @cached_property
    def encoder(self) -> Encoder:
        """Encoder of the vectors; QueryError if this installation has another version of it."""
        from riindex import encoders

        if self.build.encoder.startswith("column:"):
            raise QueryError(
                "the vectors came with the input, so texts cannot be encoded", "start from a tweet: --tweet ID"
            )
        encoder = encoders.load(self.build.encoder, fetch=False)
        if encoder.digest != self.build.encoder_digest:
            raise QueryError(
                f"the encoder {self.build.encoder} is not the one that made this index",
                "build the index again, or use the riindex version that made it",
            )
        return encoder

    @property
    def search_files(self) -> tuple[Arrays, VectorTable] | str:
        """Arrays and vector table next to the file, or the reason why they cannot be used."""
        files = self._open_search_files
        if not isinstance(files, str) and not files[0].intact:
            return "the vector table was changed since it was opened; ri index rebuilds it"
        return files

    @cached_property
    def _open_search_files(self) -> tuple[Arrays, VectorTable] | str:
        from riindex.search.arrays import Arrays
        from riindex.search.lance import VectorTable, vector_folder

        name = self.build.vector_table
        if not name:
            return "a shipped copy has no vector table"
        folder = vector_folder(self.path.resolve(), name)
        if folder is None:
            return "the file refers to no vector table next to it"
        try:
            arrays = Arrays(folder, self.kept, self.width)
            arrays.check(int(self.store.value("shared/document_count")), self.persona_names)
        except IndexNotFound as problem:
            return f"{problem.message}; {problem.hint}"
        return arrays, VectorTable(folder, arrays.doc_ids)


def _identity(path: Path) -> tuple[int, ...]:
    """Return the attributes that change when a file is replaced by another, or overwritten in place."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise StaleIndex(f"{path} no longer exists", "build it again") from None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
