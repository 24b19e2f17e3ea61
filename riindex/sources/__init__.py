"""Sources of documents: files, archives, databases and frames, each read into one scratch table of the store."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from riindex.errors import InputError
from riindex.machine.memory import Size
from riindex.machine.paths import expand_path
from riindex.sources import archives, databases, sheets, text_files
from riindex.sources.base import (
    COMPRESSED,
    DATABASES,
    EMPTY_HINT,
    FORMATS,
    TARS,
    WORKBOOKS,
    Source,
    as_arrow,
    check_file_count,
    check_free_space,
)
from riindex.sources.descriptions import kind_of
from riindex.sources.survey import survey_file
from riindex.store.database import Store

__all__ = ["FORMATS", "Source", "as_arrow", "digest", "kind_of", "read", "resolve", "size_of"]

# Assumed bytes of a record where a file has no lines.
LINE_BYTES = 200


def resolve(inputs: Sequence[Any], query: str | None = None) -> list[Source]:
    """Return paths, globs, tables of databases and frames as sources, in the order given (a glob's files by name).

    ``query``: the SQL query for the servers among them. Raises InputError if one is missing or cannot be read.
    """
    sources: list[Source] = []
    if query is not None and not any(isinstance(given, str) and databases.is_url(given) for given in inputs):
        raise InputError("--query needs a database server", "name one: mysql://user@host/database")
    for given in inputs:
        if isinstance(given, str) and databases.is_url(given):
            sources.append(databases.from_server(given, query))
        elif isinstance(given, str | Path):
            sources += _files(str(given))
        else:
            sources.append(Source(type(given).__name__, frame=given))
    check_file_count(len(sources), "this")
    if not sources:
        raise InputError("there is nothing to read", "name a file: ri build tweets.parquet")
    return sources


def _files(pattern: str) -> Iterator[Source]:
    name, part = _split_table(pattern)
    path = expand_path(name)
    try:
        matches = sorted(glob.glob(str(path)))  # noqa: PTH207 - Path.glob takes no absolute pattern
        paths = [path] if path.exists() else [Path(match) for match in matches]
    except (OSError, ValueError) as problem:
        raise InputError(f"there is no file {pattern[:100]!r}", "check the name") from problem
    check_file_count(len(paths), pattern)
    if not paths:
        raise InputError(f"there is no file {name}", "check the name; quote a glob: 'tweets/*.csv'")
    for found in paths:
        yield from _file(found, part)


def _split_table(pattern: str) -> tuple[str, str | None]:
    """Split ``file.db::table``; a file whose own name has the two colons stays whole."""
    name, sign, part = pattern.rpartition("::")
    return (name, part) if sign and part and not Path(pattern).exists() else (pattern, None)


def _file(path: Path, part: str | None) -> Iterator[Source]:
    source = Source(str(path), path)
    _check(source, path, part)
    try:
        if source.format in TARS:
            yield from (found for member in archives.unpack_tar(path) for found in _member(member))
        elif path.suffix.lower() in COMPRESSED:
            unpacked = archives.unpack(path)
            _check(unpacked, path, None)
            yield unpacked
        elif source.format in WORKBOOKS:
            yield sheets.sheet_source(path, part)
        elif source.format in DATABASES:
            yield databases.from_file(path, part)
        elif source.format == ".zip":
            yield from (found for member in archives.unpack_zip(path) for found in _member(member))
        else:
            yield source
    except OSError as problem:
        check_free_space(problem)
        raise InputError(f"{path} cannot be read: {problem.strerror}", "check its permissions") from problem


def _check(source: Source, path: Path, part: str | None) -> None:
    """Raise InputError for what is not a file, is empty, or has a name of no known format."""
    if path.is_dir():
        inner = next((p for p in (path / "data" / "tweets.js", path / "data" / "tweet.js") if p.exists()), None)
        raise InputError(f"{path} is a folder", f"name its files: '{inner or path / '*.csv'}'")
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is not a file", "name a file: a pipe or a device cannot be read twice")
    if source.format not in FORMATS:
        raise InputError(
            f"{path.name} is not of a known format", f"formats: {', '.join(FORMATS)}, each also .gz, .bz2, .xz or .zst"
        )
    if (source.packed or path.suffix.lower() in COMPRESSED) and source.format in (*WORKBOOKS, *DATABASES, ".zip"):
        raise InputError(f"{path.name} is packed twice", "unpack it first")
    if part is not None and source.format not in (*WORKBOOKS, *DATABASES):
        raise InputError(f"{path.name} has no tables", f"leave '::{part}' out")
    if path.exists() and not path.stat().st_size:
        raise InputError(f"{source.name} is empty", EMPTY_HINT)


def _member(member: Source) -> Iterator[Source]:
    """Yield a file of an archive under the name it has there."""
    assert member.path is not None
    for found in _file(member.path, None):
        yield replace(found, name=member.name, keep=member.keep)


def digest(sources: Iterable[Source]) -> str:
    """Compute the hash of the sources' contents and of the names of their files, in order."""
    hasher = hashlib.blake2b(digest_size=16)
    for source in sources:
        hasher.update(source.format.encode() + b"\0")
        hasher.update((source.file_name or "").encode("utf-8") + b"\0")
        if source.path is not None:
            try:
                hasher.update(survey_file(source.path, source.packed).digest.encode())
            except OSError as problem:
                raise InputError(
                    f"{source.name} cannot be read: {problem.strerror}", "check its permissions"
                ) from problem
        else:
            _hash_frame(source.frame, hasher)
    return hasher.hexdigest()


def _hash_frame(frame: Any, hasher: Any) -> None:
    import pyarrow as pa

    table = as_arrow(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    hasher.update(sink.getvalue())


def read(store: Store, source: Source, table: str, notify: Callable[[str], None]) -> list[str]:
    """Read a source into scratch table ``table``, rows in their order; return its columns.

    Rows that cannot be parsed go to the scratch table ``unreadable(place, reason)``; ``notify`` is called with what a
    user should know, such as an encoding. Raises InputError when nothing can be read at all.
    """
    store.run("ingest/read/unreadable")
    if source.note:
        notify(f"{source.name}: {source.note}")
    if source.frame is not None:
        store.scratch(table, store.connection.from_arrow(as_arrow(source.frame)))
    else:
        text_files.read(store, source, table, notify)
    return list(store.connection.table(table).columns)


def size_of(sources: Iterable[Source]) -> Size:
    """Estimate the rows and bytes of sources; only the beginning of each is read."""
    sizes = [_size(source) for source in sources]
    return Size(sum(size.rows for size in sizes), sum(size.bytes for size in sizes))


def _size(source: Source) -> Size:
    if source.path is None:
        rows = len(source.frame) if hasattr(source.frame, "__len__") else 0
        return Size(rows, int(getattr(source.frame, "nbytes", rows * LINE_BYTES)))
    if source.format == ".parquet" and not source.packed:
        return Size(*text_files.parquet_size(source.path))
    seen = survey_file(source.path, source.packed)
    return Size(seen.lines if seen.lines > 1 else max(1, seen.size // LINE_BYTES), seen.size)
