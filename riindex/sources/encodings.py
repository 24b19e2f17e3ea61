"""Text files that are not UTF-8."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

# Errors of reading a file that cannot be read, is cut short or was damaged in packed form.
READ_ERRORS = (OSError, EOFError, zlib.error)
# Bytes read at a time.
BLOCK_BYTES = 1 << 22
# Bytes shown to the recogniser, from the first that is not UTF-8 on and from the beginning.
SAMPLE_BYTES = 1 << 16
# A recogniser cannot distinguish the Western code pages by a few accents: a file for which it names one of these is
# read as the superset that Windows writes.
WESTERN_ENCODINGS = frozenset({
    "ascii", "latin_1", "cp1252", "iso8859_15", "cp1254", "cp858", "cp850", "cp437", "mac_roman", "cp1250",
    "iso8859_2", "hp_roman8", "cp1140", "cp037", "cp500", "cp273", "cp775", "cp1257", "iso8859_4", "iso8859_10",
    "iso8859_13", "iso8859_14", "iso8859_16", "iso8859_3", "iso8859_9", "mac_latin2", "mac_iceland", "mac_turkish",
    "cp852", "cp857", "cp860", "cp861", "cp863", "cp865", "cp1026", "cp1258", "johab",
})  # fmt: skip
# An unpaired surrogate, encoded as if it were a character.
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def encoding_of(path: Path, packed: bool) -> str | None:
    """Detect the encoding of a text file that is not UTF-8, as Python names it; None for UTF-8.

    A byte order mark decides; else a file with many NUL bytes is UTF-16; else charset-normalizer decides. "utf-8" is
    returned for UTF-8 with unpaired surrogates. Raises one of READ_ERRORS for a file that cannot be read or unpacked.
    """
    with open_binary(path, packed) as handle:
        head = handle.read(SAMPLE_BYTES)
        for mark, name in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return name
        if head.count(0) > len(head) / 4:
            return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    broken = _first_invalid(path, packed)
    if not broken:
        return None
    if _only_unpaired_surrogates(broken):
        return "utf-8"
    from charset_normalizer import from_bytes

    found = from_bytes(head[: SAMPLE_BYTES // 4] + b"\n" + broken[: SAMPLE_BYTES // 4]).best()
    name = codecs.lookup(found.encoding).name.replace("-", "_") if found is not None else "cp1252"
    return "cp1252" if name in WESTERN_ENCODINGS or name.startswith(("utf", "iso8859_1")) else name


def _first_invalid(path: Path, packed: bool) -> bytes:
    """Return the bytes about the first place that is not UTF-8; empty for a file that is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_binary(path, packed) as handle:
        while block := handle.read(BLOCK_BYTES):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as problem:
                start = max(0, problem.start - SAMPLE_BYTES // 8)
                return problem.object[start : start + SAMPLE_BYTES // 4]
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as problem:
            return problem.object
    return b""


def _only_unpaired_surrogates(data: bytes) -> bool:
    """Check that unpaired surrogates alone keep ``data``, cut out anywhere, from being UTF-8."""
    repaired = SURROGATE.sub(b"?", data.lstrip(bytes(range(0x80, 0xC0))))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(repaired)
    except UnicodeDecodeError:
        return False
    return repaired != data


def to_utf8(path: Path, packed: bool, encoding: str, target: Path) -> Path:
    """Write the file as UTF-8 and return the path. A line that is UTF-8 stays: exports are pasted together."""
    with open_binary(path, packed) as handle, target.open("wb") as out:
        if encoding.startswith("utf"):
            out.writelines(_decoded(handle, encoding))
        else:
            out.writelines(_line(line, encoding) for line in handle)
    return target


def _decoded(handle: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while block := handle.read(BLOCK_BYTES):
        yield decoder.decode(block).encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def _line(line: bytes, encoding: str) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace").encode("utf-8")
    return line


def open_binary(path: Path, packed: bool) -> BinaryIO:
    """Open the file's bytes, unpacked; reading a damaged one raises one of READ_ERRORS."""
    return cast("BinaryIO", gzip.open(path, "rb") if packed else path.open("rb"))
