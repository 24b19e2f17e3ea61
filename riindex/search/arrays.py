"""Search arrays: files that are mapped into memory, row *i* of each the *i*-th kept document.

They repeat data of the index file, so that a search reads only what it needs: DuckDB takes 5 ms for the smallest query,
and needs as long to select some vectors as to read all.
"""

from __future__ import annotations

import math
import re
import stat
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from riindex.errors import IndexNotFound
from riindex.text.keywords import is_found_inside

if TYPE_CHECKING:
    import pyarrow as pa

    from riindex.algorithms.types import Bools, Floats, Ints


FOLDER = "arrays"
# Rows that are gathered and multiplied at a time: they stay in the cache. 16,384 take twice as long.
BLOCK_ROWS = 512
HEADER_BYTES = 128  # length of the header of a NumPy file
NO_PERSONA = -1  # persona of documents that the build left as noise


class Strings(Sequence[str]):
    """Texts from a file of UTF-8 and a file of the offset at which each ends; ValueError if they disagree."""

    def __init__(self, folder: Path, name: str) -> None:
        self._ends = _mapped(folder, f"{name}_ends", np.int64)
        path = folder / f"{name}.utf8"
        length = _length(self._ends)
        if _regular(path) != length:
            raise ValueError(f"{path.name} is cut short")
        self._bytes = np.memmap(path, np.uint8, "r") if length else np.empty(0, np.uint8)

    def __len__(self) -> int:
        return len(self._ends)

    def containing(self, part: str) -> list[int]:
        """Return the places of the texts that contain ``part``, in order."""
        wanted = part.encode()
        pattern, found = re.compile(re.escape(wanted)), []
        match = pattern.search(self._bytes.data)
        while match:
            found.append(match.start())
            match = pattern.search(self._bytes.data, match.start() + 1)
        starts = np.array(found, np.int64)
        places = np.searchsorted(self._ends, starts, "right")
        # Neither the end of one text with the beginning of the next.
        return sorted(set(places[starts + len(wanted) <= self._ends[places]].tolist()))

    def __getitem__(self, place: Any) -> Any:
        start = int(self._ends[place - 1]) if place else 0
        return self._bytes[start : int(self._ends[place])].tobytes().decode(errors="replace")


class Arrays:
    """Arrays of an index of ``rows`` kept documents; IndexNotFound if they are missing, damaged or stale.

    ``folder``: the vector table that contains them; ``width``: length of a vector. A row is the position of a document
    among the kept ones, from 0. The headers of the files are checked against the expected shapes before mapping.
    """

    def __init__(self, folder: Path, rows: int, width: int) -> None:
        own = folder / FOLDER
        self._folder = folder
        try:
            if any(path.is_symlink() for path in (folder, *folder.rglob("*"))):
                raise ValueError("a link leads out of it")
            self.vectors: npt.NDArray[np.float32] = _mapped(own, "vectors", np.float32, width)
            self.doc_ids: Ints = _mapped(own, "doc_ids", np.int64)
            self._personas = _mapped(own, "persona_ids", np.int32)
            self._tweet_ids, self._texts = Strings(own, "tweet_ids"), Strings(own, "texts")
            self._terms, self._posting_ends = Strings(own, "terms"), _mapped(own, "posting_ends", np.int64)
            self._posting_rows = _mapped(own, "posting_rows", np.int32)
            self._weights = _mapped(own, "posting_weights", np.float32)
            held = {len(self._posting_rows), len(self._weights), _length(self._posting_ends)}
            self._sizes = {path: path.stat().st_size for path in own.iterdir()}
        except FileNotFoundError:
            raise IndexNotFound(f"the vector table {folder.name} is missing", "ri index rebuilds it") from None
        except (OSError, EOFError, ValueError, SyntaxError) as problem:
            raise self._unusable("cannot be read") from problem
        lengths = {len(held) for held in (self.vectors, self.doc_ids, self._personas, self._tweet_ids, self._texts)}
        if lengths != {rows}:
            raise self._unusable(f"holds {min(lengths):,} of {rows:,} vectors")
        if len(self._terms) != len(self._posting_ends) or len(held) != 1:
            raise self._unusable("has keywords without their documents")

    def check(self, documents: int, personas: Container[int]) -> None:
        """Raise IndexNotFound for ids outside of ``documents`` or not of the ``personas``."""
        ids = self.doc_ids
        if len(ids) and not (ids[0] >= 0 and ids[-1] < documents and bool(np.all(ids[1:] > ids[:-1]))):
            raise self._unusable("holds vectors of other documents")
        if any(persona != NO_PERSONA and persona not in personas for persona in np.unique(self._personas).tolist()):
            raise self._unusable("refers to personas that do not exist")

    @property
    def intact(self) -> bool:
        """True if the files are as long as when they were mapped: reading past the end would kill the process."""
        try:
            return all(path.stat().st_size == size for path, size in self._sizes.items())
        except OSError:
            return False

    def _unusable(self, state: str) -> IndexNotFound:
        return IndexNotFound(f"the vector table {self._folder.name} {state}", "ri index rebuilds it")

    def mask(self, doc_ids: Ints) -> Bools:
        """Return a mask of the rows of given documents, all of which must be kept ones."""
        found = np.zeros(len(self.doc_ids), np.bool_)
        found[self._places[doc_ids]] = True
        return found

    @cached_property
    def _places(self) -> npt.NDArray[np.int32]:
        """Row of each doc_id."""
        return places(self.doc_ids)

    def near(self, vector: Floats, limit: int, among: Ints | None = None) -> list[tuple[int, float]]:
        """Return the ``limit`` rows nearest to a unit vector, of all or ``among`` some, as (row, cosine)."""
        if among is None:
            scores = self.vectors @ vector
        elif 2 * len(among) > len(self.vectors):
            scores = (self.vectors @ vector)[among]
        else:
            scores = np.empty(len(among), np.float32)
            held = np.empty((BLOCK_ROWS, len(vector)), np.float32)
            for start in range(0, len(among), BLOCK_ROWS):
                rows = among[start : start + BLOCK_ROWS]
                picked = held[: len(rows)]
                np.take(self.vectors, rows, axis=0, out=picked, mode="clip")  # "raise" would copy once more
                np.dot(picked, vector, out=scores[start : start + BLOCK_ROWS])
        return _best(scores, limit, among)

    def bm25(self, times: Counter[str], limit: int, mask: Bools | None = None) -> list[tuple[int, float]]:
        """Return the ``limit`` rows with the highest BM25 for keywords with their counts ``times``, as (row, score)."""
        scores = np.zeros(len(self.doc_ids))
        asked: Counter[int] = Counter()
        for term, count in times.items():
            asked.update(dict.fromkeys(self._stands_for(term), count))
        for place, count in sorted(asked.items()):
            own = slice(int(self._posting_ends[place - 1]) if place else 0, int(self._posting_ends[place]))
            rows = self._posting_rows[own]
            if len(rows) and not (rows.min() >= 0 and rows.max() < len(scores)):
                raise self._unusable("has keywords of other documents")
            scores[rows] += np.float32(count) * self._weights[own]
        saying = np.flatnonzero(scores > 0 if mask is None else (scores > 0) & mask)
        return _best(scores[saying], limit, saying)

    def _stands_for(self, keyword: str) -> Iterable[int]:
        """Return the places of the terms that a keyword of a query stands for, as the macro ``keyword_scores`` does."""
        if is_found_inside(keyword):
            return self._terms.containing(keyword)
        place = bisect_left(self._terms, keyword)
        return [place] if place < len(self._terms) and self._terms[place] == keyword else []

    def row(self, row: int) -> tuple[str, int | None, str]:
        """Return tweet_id, persona_id (None: of no persona) and text of a row."""
        persona = int(self._personas[row])
        return self._tweet_ids[row], None if persona == NO_PERSONA else persona, self._texts[row]


def _mapped(folder: Path, name: str, kind: type[np.generic], width: int | None = None) -> npt.NDArray[Any]:
    """Map an array of a file: values of a type, in rows of a width if one is given; ValueError if they differ."""
    path = folder / f"{name}.npy"
    size = _regular(path)
    with path.open("rb") as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(f"{path.name} is of another version")
        shape, by_column, found = np.lib.format.read_array_header_1_0(file, max_header_size=HEADER_BYTES)
        start = file.tell()
    shaped = len(shape) == 1 if width is None else len(shape) == 2 and shape[1] == width
    if found != np.dtype(kind) or by_column or not shaped or size != start + math.prod(shape) * found.itemsize:
        raise ValueError(f"{path.name} is cut short, or of another kind")
    # A file with nothing but its header cannot be mapped.
    return np.memmap(path, found, "r", start, shape).view(np.ndarray) if math.prod(shape) else np.empty(shape, found)


def _regular(path: Path) -> int:
    """Return the size of a file; ValueError for a pipe or a device, on which reading would block."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path.name} is not a file")
    return status.st_size


def _length(ends: npt.NDArray[np.int64]) -> int:
    """Return the offset at which the last part ends; ValueError if offsets do not ascend."""
    if len(ends) and (ends[0] < 0 or bool(np.any(ends[1:] < ends[:-1]))):
        raise ValueError("parts end before they begin")
    return int(ends[-1]) if len(ends) else 0


def _best(scores: npt.NDArray[Any], limit: int, rows: Ints | None) -> list[tuple[int, float]]:
    """Return rows and scores of the ``limit`` highest, the first rows among equal scores."""
    if len(scores) > limit:
        edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        high = np.flatnonzero(scores >= edge)
    else:
        high = np.arange(len(scores))
    own = high if rows is None else rows[high]
    order = np.lexsort((own, -scores[high]))[:limit]
    return list(zip(own[order].tolist(), scores[high[order]].astype(float).tolist(), strict=True))


def places(doc_ids: Ints) -> npt.NDArray[np.int32]:
    """Return an array doc_id → row for ascending ids."""
    found = np.full(int(doc_ids[-1]) + 1 if len(doc_ids) else 0, -1, np.int32)
    found[doc_ids] = np.arange(len(doc_ids), dtype=np.int32)
    return found


class Writer(AbstractContextManager["Writer"]):
    """Writer of the arrays of ``rows`` documents into the vector table ``folder``: ``add`` batches, then ``post``."""

    def __init__(self, folder: Path, rows: int, width: int) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(parents=True)
        self._open = ExitStack()
        self._vectors = self._started("vectors", "<f4", (rows, width))
        self._tweet_ids, self._texts = self._strings("tweet_ids"), self._strings("texts")
        self._ids: list[npt.NDArray[Any]] = [np.empty(0, np.int64)]
        self._personas: list[npt.NDArray[Any]] = [np.empty(0, np.int32)]

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Write rows in order of doc_id: doc_id, tweet_id, text, persona_id and vector."""
        np.asarray(batch["vector"].flatten()).astype("<f4", copy=False).tofile(self._vectors)
        self._tweet_ids.add(batch["tweet_id"])
        self._texts.add(batch["text"])
        self._ids.append(np.asarray(batch["doc_id"]))
        self._personas.append(np.asarray(batch["persona_id"].fill_null(NO_PERSONA)))

    def post(self, terms: Iterable[pa.RecordBatch], postings: Iterable[pa.RecordBatch]) -> None:
        """Write every keyword with its number of documents, then the documents and weights of each, in order."""
        doc_ids = np.concatenate(self._ids)
        rows_of, named = places(doc_ids), self._strings("terms")
        counts: list[npt.NDArray[Any]] = [np.empty(0, np.int64)]
        for batch in terms:
            named.add(batch["term"])
            counts.append(np.asarray(batch["n_documents"]))
        ends = np.cumsum(np.concatenate(counts))
        length = (int(ends[-1]) if len(ends) else 0,)
        rows, weights = self._started("posting_rows", "<i4", length), self._started("posting_weights", "<f4", length)
        for batch in postings:
            rows_of[np.asarray(batch["doc_id"])].tofile(rows)
            np.asarray(batch["weight"]).tofile(weights)
        self._save("doc_ids", doc_ids)
        self._save("persona_ids", np.concatenate(self._personas))
        self._save("posting_ends", ends)
        for strings in (self._tweet_ids, self._texts, named):
            self._save(f"{strings.name}_ends", np.concatenate(strings.ends))

    def _started(self, name: str, kind: str, shape: tuple[int, ...]) -> BinaryIO:
        """Open the file of an array whose values are written in batches."""
        file = self._open.enter_context((self._folder / f"{name}.npy").open("wb"))
        np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
        return file

    def _strings(self, name: str) -> _Strings:
        return _Strings(name, self._open.enter_context((self._folder / f"{name}.utf8").open("wb")))

    def _save(self, name: str, values: npt.NDArray[Any]) -> None:
        np.save(self._folder / f"{name}.npy", values, allow_pickle=False)


class _Strings:
    """Writer of the bytes that ``Strings`` reads; it records the offset at which each text ends."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.ends: list[npt.NDArray[Any]] = [np.empty(0, np.int64)]
        self._file = file
        self._length = 0

    def add(self, column: pa.Array) -> None:
        import pyarrow as pa

        binary = column.cast(pa.large_binary())
        _, offsets, data = binary.buffers()
        ends = np.frombuffer(offsets, np.int64)[binary.offset : binary.offset + len(binary) + 1]
        if data is not None:
            self._file.write(memoryview(data)[ends[0] : ends[-1]])
        self.ends.append(ends[1:] - ends[0] + self._length)
        self._length += int(ends[-1] - ends[0])
