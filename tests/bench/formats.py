"""The same rows in every format that a build reads: what fuzz.py and the tests of odd files write."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Rows = Sequence[Mapping[str, str | None]]
# A workbook of OpenDocument is a zip with these two files in it; only the cells' text matters here.
SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
    '<office:spreadsheet><table:table table:name="posts">{rows}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def _cells(rows: Rows) -> list[list[str | None]]:
    names = list(rows[0])
    return [list(names), *([row[name] for name in names] for row in rows)]


def _delimited(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="", errors="surrogatepass") as out:
        csv.writer(out, delimiter="\t" if path.suffix == ".tsv" else ",").writerows(_cells(rows))


def _parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], pa.schema([(n, pa.string()) for n in rows[0]])),
                   path)  # fmt: skip


def _json(path: Path, rows: Rows) -> None:
    path.write_text(json.dumps(rows), encoding="utf-8")


def _json_lines(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _archive_file(path: Path, rows: Rows) -> None:
    path.write_text("window.YTD.tweets.part0 = " + json.dumps([{"tweet": row} for row in rows]), encoding="utf-8")


def _workbook(path: Path, rows: Rows) -> None:
    book = Workbook()
    for line in _cells(rows):
        book.active.append([ILLEGAL_CHARACTERS_RE.sub(" ", cell)[:32_000] if cell else cell for cell in line])
    book.save(path)


def _open_document(path: Path, rows: Rows) -> None:
    lines = []
    for line in _cells(rows):
        cells = (
            '<table:table-cell office:value-type="string"><text:p>' + escape(ILLEGAL_CHARACTERS_RE.sub(" ", cell or ""))
            for cell in line
        )
        lines.append(
            "<table:table-row>"
            + "".join(cell + "</text:p></table:table-cell>" for cell in cells)
            + "</table:table-row>"
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", SHEET.format(rows="".join(lines)))


def _database(path: Path, rows: Rows) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path) if path.suffix == ".sqlite" else duckdb.connect(str(path))
    header, *body = _cells(rows)
    connection.execute("create table posts (" + ", ".join(f'"{name}" varchar' for name in header) + ")")
    connection.executemany("insert into posts values (" + ", ".join("?" * len(header)) + ")", body)
    connection.commit()
    connection.close()


def _zip(path: Path, rows: Rows) -> None:
    inner = path.with_suffix(".csv")
    _delimited(inner, rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "export/" + inner.name)
    inner.unlink()


def _tar(path: Path, rows: Rows) -> None:
    inner = path.with_suffix(".csv")
    _delimited(inner, rows)
    with tarfile.open(path, "w") as archive:
        archive.add(inner, "export/" + inner.name)
    inner.unlink()


WRITERS: dict[str, Callable[[Path, Rows], None]] = {
    "parquet": _parquet,
    "csv": _delimited,
    "tsv": _delimited,
    "json": _json,
    "jsonl": _json_lines,
    "js": _archive_file,
    "xlsx": _workbook,
    "ods": _open_document,
    "sqlite": _database,
    "duckdb": _database,
    "zip": _zip,
    "tar": _tar,
}
PACKED = (
    "parquet.gz",
    "csv.gz",
    "tsv.gz",
    "json.gz",
    "jsonl.gz",
    "csv.bz2",
    "jsonl.xz",
    "json.zst",
    "tar.gz",
    "tar.xz",
)
# Ending of a packed file → how to pack and to unpack.
PACKERS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "gz": (lambda data: gzip.compress(data, 1), gzip.decompress),
    "bz2": (bz2.compress, bz2.decompress),
    "xz": (lzma.compress, lzma.decompress),
    "zst": (lambda data: zstandard.compress(data), lambda data: zstandard.decompress(data)),
}
FORMATS = (*WRITERS, *PACKED)


def write(folder: Path, rows: Rows, kind: str, stem: str = "posts") -> Path:
    """Write ``rows`` (dictionaries with the same keys) in one of FORMATS; the answer is the file."""
    ending = kind.rpartition(".")[2]
    base = kind.removesuffix("." + ending) if ending in PACKERS else kind
    path = folder / f"{stem}.{base}"
    WRITERS[base](path, rows)
    if kind == base:
        return path
    packed = folder / f"{stem}.{kind}"
    packed.write_bytes(PACKERS[ending][0](path.read_bytes()))
    path.unlink()
    return packed
