"""Where documents come from: files and frames, each read into one scratch table of the store."""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from riindex.errors import InputError
from riindex.store import Store, sql_text
from riindex.text.columns import recognised

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

# Longest line and largest JSON value read, in bytes.
LINE_LIMIT = 1 << 26
FORMATS = (".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Source:
    """One file, or one frame handed over in Python (then ``frame`` is set)."""

    name: str
    path: Path | None = None
    frame: Any = None

    @property
    def format(self) -> str:
        """The file's format as a suffix, that of the compressed file for ``.gz``; empty for a frame."""
        if self.path is None:
            return ""
        suffixes = [s.lower() for s in self.path.suffixes]
        if suffixes and suffixes[-1] == ".gz":
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @property
    def packed(self) -> bool:
        """Whether the file is compressed by gzip."""
        return self.path is not None and self.path.suffix.lower() == ".gz"


def resolve(inputs: Sequence[Any]) -> list[Source]:
    """Paths, globs and frames as sources, in the order given (a glob's files by name); InputError if one is missing."""
    sources: list[Source] = []
    for given in inputs:
        if isinstance(given, str | Path):
            sources += _files(str(given))
        else:
            sources.append(Source(type(given).__name__, frame=given))
    if not sources:
        raise InputError("there is nothing to read", "name a file: ri build tweets.parquet")
    return sources


def _files(pattern: str) -> Iterator[Source]:
    path = Path(pattern).expanduser()
    matches = sorted(glob.glob(str(path)))  # noqa: PTH207 - Path.glob takes no absolute pattern
    paths = [path] if path.exists() else [Path(match) for match in matches]
    if not paths:
        raise InputError(f"there is no file {pattern}", "check the name; quote a glob: 'tweets/*.csv'")
    for found in paths:
        source = Source(str(found), found)
        if found.is_dir():
            raise InputError(f"{found} is a folder", f"name its files: '{found}/*.csv'")
        if source.format not in FORMATS:
            raise InputError(
                f"{found.name} has no format that is known", f"formats: {', '.join(FORMATS)}, each also .gz"
            )
        yield source


def digest(sources: Iterable[Source]) -> str:
    """Hash of the sources' contents, in order."""
    hasher = hashlib.blake2b(digest_size=16)
    for source in sources:
        hasher.update(source.format.encode() + b"\0")
        if source.path is not None:
            try:
                with source.path.open("rb") as handle:
                    while block := handle.read(1 << 20):
                        hasher.update(block)
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


def as_arrow(frame: Any) -> Any:
    """An Arrow table of a Polars, pandas or Arrow frame; InputError for anything else."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "collect") and hasattr(frame, "lazy"):
        frame = frame.lazy().collect()
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    if type(frame).__module__.startswith("pandas"):
        return pa.Table.from_pandas(frame, preserve_index=False)
    raise InputError(f"a {type(frame).__name__} is no source", "give a path, or an Arrow, Polars or pandas table")


def read(store: Store, source: Source, table: str) -> list[str]:
    """Read a source into scratch table ``table``, rows in their order; the answer is its columns.

    Rows that cannot be parsed go to the scratch table ``unreadable(place, reason)``. Raises InputError when nothing
    can be read at all.
    """
    store.run("ingest/unreadable")
    try:
        with _plain_file(source) as path:
            if source.format in (".csv", ".tsv"):
                _read_csv(store, source, path, table)
            else:
                store.scratch(table, _relation(store, source, path))
    except duckdb.Error as problem:
        raise InputError(f"{source.name} cannot be read: {_reason(problem)}", _hint(source, problem)) from problem
    return list(store.connection.table(table).columns)


def _reason(problem: duckdb.Error) -> str:
    lines = [line for line in str(problem).splitlines() if line.strip()]
    return lines[0][:300] if lines else "unknown reason"


def _hint(source: Source, problem: duckdb.Error) -> str:
    text = str(problem).lower()
    if "unicode" in text or "utf-8" in text or "encoding" in text:
        return "save it as UTF-8 first"
    if source.format == ".parquet":
        return "the file may be cut short: write or copy it again"
    return "open it in a text editor at the place named, or export it again"


@contextmanager
def _plain_file(source: Source) -> Iterator[str]:
    """A path that DuckDB can open as it is: unpacked where the reader of the format cannot unpack."""
    if source.path is None:
        yield ""
        return
    if not (source.packed and source.format == ".parquet"):
        yield _literal(source.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "source.parquet"
        try:
            with gzip.open(source.path) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out)
        except (OSError, EOFError) as problem:
            raise InputError(f"{source.name} cannot be unpacked: {problem}", "download or pack it again") from problem
        yield str(target)


def _literal(path: Path) -> str:
    """A path in which no character means anything to DuckDB's glob."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path.resolve()))


def _relation(store: Store, source: Source, path: str) -> DuckDBPyRelation:
    connection = store.connection
    if source.frame is not None:
        return connection.from_arrow(as_arrow(source.frame))
    if source.format == ".parquet":
        return connection.sql(sql_text("ingest/read_parquet"), params={"path": path})
    return _json(store, source, path)


def _read_csv(store: Store, source: Source, path: str, table: str) -> None:
    """Read by the letter of the format, so that a row of too many cells is rejected; else as it comes.

    A carriage return in the middle of an unquoted cell stops the strict reader for good; the lenient one rejects
    that row and goes on.
    """
    head = _head(source)
    delimiter, names, header = _dialect(head, source.format)
    values = {
        "path": path,
        "columns": dict.fromkeys(_distinct(names), "VARCHAR"),
        "delimiter": delimiter,
        "header": header,
        "quote": '"' if _quotes(head, delimiter) else "",
        "line_limit": LINE_LIMIT,
    }
    values["strict"] = _reads_strictly(store, values)
    store.run("ingest/forget_rejects")
    store.scratch(table, store.connection.sql(sql_text("ingest/read_csv"), params=values))
    store.run("ingest/reject_csv")


def _reads_strictly(store: Store, values: dict[str, Any]) -> bool:
    """Whether the strict reader comes to the end; tried beside the transaction, which its failure would end."""
    cursor = store.connection.cursor()
    try:
        cursor.sql(sql_text("ingest/read_csv"), params={**values, "strict": True}).count("*").fetchall()
    except duckdb.InvalidInputException:
        return False
    finally:
        cursor.close()
    return True


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names, the blank ones numbered, repeats told apart."""
    distinct: list[str] = []
    taken: set[str] = set()
    for number, given in enumerate(names):
        name = base = given.strip() or f"column{number}"
        again = 1
        while name.lower() in taken:
            name = f"{base}_{again}"
            again += 1
        taken.add(name.lower())
        distinct.append(name)
    return distinct


def _head(source: Source, size: int = 1 << 18) -> str:
    """The first characters of a text file."""
    assert source.path is not None
    opener = gzip.open if source.packed else open
    try:
        with opener(source.path, "rb") as handle:
            data: bytes = handle.read(size)
    except (OSError, EOFError) as problem:
        raise InputError(f"{source.name} cannot be read: {problem}", "check the file") from problem
    if not data.strip():
        raise InputError(f"{source.name} is empty", "export it again")
    return codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(data)


def _dialect(head: str, suffix: str) -> tuple[str, list[str], bool]:
    """(delimiter, column names, whether the first line is a header), judged by the column names that are known."""
    choices = "\t" if suffix == ".tsv" else ",;\t|"
    first = {d: next(csv.reader(io.StringIO(head), delimiter=d), []) for d in choices}
    delimiter = max(choices, key=lambda d: (sum(map(recognised, first[d])), len(first[d])))
    names = first[delimiter]
    if any(map(recognised, names)) or _looks_like_header(names):
        return delimiter, names, True
    return delimiter, [f"column{number}" for number in range(len(names))], False


def _looks_like_header(names: Sequence[str]) -> bool:
    """Short distinct names without digits alone: a header even where no name is known."""
    cleaned = [name.strip() for name in names]
    return (
        len(set(cleaned)) == len(cleaned)
        and all(0 < len(name) <= 40 and not name.isdigit() for name in cleaned)
        and all(name.count(" ") <= 2 for name in cleaned)
        and len(cleaned) > 1
    )


def _quotes(head: str, delimiter: str) -> bool:
    """Whether quotes enclose fields. Tab-separated exports of tweets mostly leave quotes as they are."""
    if delimiter != "\t":
        return True
    rows = head.splitlines()[:2000]
    width = rows[0].count("\t")
    broken = sum(row.count("\t") != width for row in rows[1:-1])
    return broken > 0 and '"' in head


def _json(store: Store, source: Source, path: str) -> DuckDBPyRelation:
    """One scratch column ``json`` a record, then one column a key (keys of an inner object are joined by ``_``)."""
    lines = source.format in (".jsonl", ".ndjson") or _one_object_a_line(_head(source))
    values: dict[str, Any] = {"path": path}
    if lines:
        values["line_limit"] = LINE_LIMIT
    else:
        values["limit"] = _json_limit(source)
    store.scratch(
        "records",
        store.connection.sql(sql_text(f"ingest/read_json{'_lines' if lines else ''}"), params=values),
    )
    if lines:
        store.run("ingest/reject_json_lines")
    else:
        store.run("ingest/unwrap_json")
    keys = store.rows("ingest/json_keys")
    if not keys:
        raise InputError(f"{source.name} holds no JSON objects", 'a record looks like {"id": "1", "text": "…"}')
    json_column = duckdb.ColumnExpression("json")
    columns = []
    for outer, inner in keys:
        path_text = f"${_step(outer)}{_step(inner) if inner is not None else ''}"
        value = duckdb.FunctionExpression("json_extract_string", json_column, duckdb.ConstantExpression(path_text))
        columns.append(value.alias(f"{outer}_{inner}" if inner is not None else outer))
    return store.connection.table("records").select(*columns)


def _step(key: str) -> str:
    return "." + json.dumps(key, ensure_ascii=False)


def _one_object_a_line(head: str) -> bool:
    """Whether a ``.json`` file holds one complete object a line."""
    rows = [row for row in head.splitlines()[:3] if row.strip()]
    if len(rows) < 2:
        return False
    try:
        return all(isinstance(json.loads(row), dict) for row in rows[:2])
    except ValueError:
        return False


def _json_limit(source: Source) -> int:
    """Room for the whole file as one value: an export may wrap every record in a single object."""
    assert source.path is not None
    size = source.path.stat().st_size
    return max(LINE_LIMIT, size * (20 if source.packed else 1) + 1024)
