"""Zip files, the archive that Twitter hands out, and files that were compressed by other programs than gzip."""

from __future__ import annotations

import bz2
import contextlib
import json
import lzma
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from riindex.errors import InputError
from riindex.machine.memory import format_size
from riindex.sources.base import FORMATS, ScratchFolder, Source, check_file_count, check_free_space
from riindex.sources.survey import open_binary
from riindex.sources.twitter_archive import complete

# Bytes copied at a time.
COPY_BYTES = 1 << 20
# The tweets of an archive: ``data/tweets.js`` since 2022, ``data/tweet.js`` before, large ones in parts.
TWEETS = re.compile(r"(?:^|/)tweets?(?:-part\d+)?\.js$")
# Errors of zipfile about a damaged file, those of its decompressors included.
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, NotImplementedError,
              EOFError, OSError, ValueError)  # fmt: skip
# A .js file of an archive assigns its records: ``window.YTD.tweets.part0 = [ … ]``.
ASSIGNMENT = re.compile(rb"^\s*window\.YTD\.[\w.]+\s*=\s*")


def unpack_zip(path: Path) -> Iterator[Source]:
    """Yield the files of a zip that are sources, by name; of a Twitter archive its tweets alone."""
    folder = ScratchFolder()
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = _chosen(archive, path)
            check_file_count(len(chosen), str(path))
            _check_free_space(sum(member.file_size for member in chosen), folder.path, path)
            targets: list[Path] = []
            for number, member in enumerate(chosen):
                # The name in the archive is text from outside: only its suffixes reach the disk.
                target = folder.path / (str(number) + "".join(Path(member.filename).suffixes[-2:]))
                with archive.open(member) as packed, target.open("wb") as out:
                    shutil.copyfileobj(packed, out)
                targets.append(target)
            if TWEETS.search(chosen[0].filename):
                _complete(archive, targets)
            for member, target in zip(chosen, targets, strict=True):
                yield Source(f"{path}/{member.filename}", target, keep=folder)
    except DAMAGED_ZIP as problem:
        check_free_space(problem)
        reason = "a name in it is not valid text" if isinstance(problem, UnicodeDecodeError) else problem
        raise InputError(f"{path} cannot be unpacked: {reason}", "download or pack it again, without password") from (
            problem
        )


def _complete(archive: zipfile.ZipFile, targets: list[Path]) -> None:
    """Add the author and whole texts to the tweets; a file that is not JSON is refused when it is read."""
    with contextlib.suppress(json.JSONDecodeError, RecursionError):
        complete(archive, targets)


def _chosen(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    members = [
        member
        for member in sorted(archive.infolist(), key=lambda m: m.filename)
        if not member.is_dir() and not member.filename.startswith("__MACOSX/") and _format(member.filename) in FORMATS
    ]
    tweets = [member for member in members if TWEETS.search(member.filename)]
    tables = [m for m in members if _format(m.filename) not in (".js", ".zip", ".txt")]
    # Next to tables a text file is a note to the reader; alone, it may hold persona descriptions.
    chosen = tweets or tables or [m for m in members if _format(m.filename) == ".txt"]
    if not chosen:
        raise InputError(f"{path} holds no file that can be read", f"formats: {', '.join(FORMATS)}")
    return chosen


def _format(name: str) -> str:
    return Source(name, Path(name)).format


def _check_free_space(size: int, folder: Path, path: Path) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise InputError(
            f"{path} unpacks to {format_size(size)}, and {format_size(free)} are free in {folder.parent}",
            "free some space there, or name another folder: TMPDIR=/path",
        )


def strip_assignment(path: Path, packed: bool, target: Path) -> Path:
    """Write the records that a ``.js`` file of an archive assigns, as JSON; return the path."""
    with open_binary(path, packed) as handle, target.open("wb") as out:
        out.write(ASSIGNMENT.sub(b"", handle.read(4096), count=1))
        shutil.copyfileobj(handle, out)
    return target


def unpack(path: Path) -> Source:
    """Return the file in a ``.bz2``, ``.xz`` or ``.zst`` under the name of the packed one; InputError if damaged."""
    folder = ScratchFolder()
    target = folder.path / ("0" + "".join(Path(path.stem).suffixes[-2:]))
    try:
        with _opened(path) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, COPY_BYTES)
    except (*DAMAGED_ZIP, _zstd_error()) as problem:
        check_free_space(problem)
        raise InputError(f"{path} cannot be unpacked: {problem}", "download, copy or pack it again") from problem
    return Source(str(path), target, keep=folder)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    suffix = path.suffix.lower()
    if suffix != ".zst":
        with (bz2.open if suffix == ".bz2" else lzma.open)(path) as packed:
            yield packed
        return
    import zstandard

    # Dumps of Reddit use windows of 2 GB, the largest that the format has.
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 31)
    with path.open("rb") as raw, reader.stream_reader(raw, read_across_frames=True) as packed:
        yield packed


def _zstd_error() -> type[Exception]:
    import zstandard

    return cast("type[Exception]", zstandard.ZstdError)
