"""Zip and tar files, the archive that Twitter hands out, and files that were compressed by other programs than gzip."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import json
import lzma
import re
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self, cast

from riindex.errors import InputError
from riindex.machine.memory import format_size
from riindex.sources import base
from riindex.sources.base import FORMATS, TARS, ScratchFolder, Source, check_file_count, check_free_space
from riindex.sources.survey import open_binary
from riindex.sources.twitter_archive import complete

# Bytes of the longest header of a tar, and members of one, also those that are not read.
TAR_HEADER_BYTES, MAX_MEMBERS = 1 << 24, 100_000
END_OF_TAR = "end of file header"  # tarfile's message at the mark of the end
# Bytes copied at a time.
COPY_BYTES = 1 << 20
# Bytes of zstd unpacked at a time: no more than 32 MB come of them.
PIECE_BYTES = 1 << 10
# The tweets of an archive: ``data/tweets.js`` since 2022, ``data/tweet.js`` before, large ones in parts.
TWEETS = re.compile(r"(?:^|/)tweets?(?:-part\d+)?\.js$")
# Errors of zipfile and of decompressors about a damaged file (RuntimeError: it needs a password, or another method).
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError, OSError, ValueError)
OPENERS: Mapping[str, Callable[..., Any]] = {
    ".gz": gzip.open, ".tgz": gzip.open, ".bz2": bz2.open, ".tbz2": bz2.open, ".xz": lzma.open, ".txz": lzma.open,
}  # fmt: skip
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
    except DAMAGED as problem:
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
    members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    return [members[name] for name in _chosen_names(list(members), path)]


def _chosen_names(names: Sequence[str], path: Path) -> list[str]:
    """Return the names of an archive's members that are read, in order; raise InputError where there are none."""
    names = [name for name in sorted(names) if _is_readable(name)]
    tweets = [name for name in names if TWEETS.search(name)]
    tables = [name for name in names if _format(name) not in (".js", ".zip", ".txt", *TARS)]
    # Next to tables a text file is a note to the reader; alone, it may hold persona descriptions.
    chosen = tweets or tables or [name for name in names if _format(name) == ".txt"]
    if not chosen:
        raise InputError(f"{path} holds no file that can be read", f"formats: {', '.join(FORMATS)}")
    return chosen


def _is_readable(name: str) -> bool:
    """Check that a member has a known format, and was not added by macOS."""
    hidden = name.startswith("__MACOSX/") or Path(name).name.startswith("._")
    return not hidden and _format(name) in FORMATS


def unpack_tar(path: Path) -> Iterator[Source]:
    """Yield the files of a tar, compressed or not, that are sources, by name; InputError if it is damaged or too large.

    Links, devices and sparse files are left out, and no name of a member reaches the disk.
    """
    folder = ScratchFolder()
    try:
        with (
            _opened(path) as packed,
            tarfile.open(fileobj=cast("IO[bytes]", _Bounded(packed)), mode="r:", tarinfo=_Member) as archive,
        ):
            targets = _written(archive, folder.path, path)
        chosen = _chosen_names(list(targets), path)
    except (*DAMAGED, tarfile.TarError, MemoryError, _zstd_error()) as problem:
        check_free_space(problem)
        raise InputError(f"{path} cannot be unpacked: {problem}", "download or pack it again") from problem
    check_file_count(len(chosen), str(path))
    for name in chosen:
        yield Source(f"{path}/{name}", targets[name], keep=folder)


class _Member(tarfile.TarInfo):
    """Member of a tar: where no further one can be read and the end is not marked, the file is damaged."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """Read the next member; ReadError for one whose header is damaged, at which tarfile would end in silence."""
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as problem:
            if str(problem) == END_OF_TAR:
                raise
            raise tarfile.ReadError(f"it is cut short or damaged ({problem})") from problem


def _written(archive: tarfile.TarFile, folder: Path, path: Path) -> dict[str, Path]:
    """Write the members that may be read to a folder; return their names and places. The last of a name counts."""
    targets: dict[str, Path] = {}
    size = 0
    for number, member in enumerate(archive):
        size += member.size
        _check_free_space(size, folder, path)
        if number >= MAX_MEMBERS or len(targets) > base.MAX_FILES:
            check_file_count(max(number, len(targets)), str(path))
        if not member.isreg() or member.issparse() or not _is_readable(member.name):
            continue
        target = folder / (str(number) + "".join(Path(member.name).suffixes[-2:]))
        held = archive.extractfile(member)
        assert held is not None
        with held, target.open("wb") as out:
            shutil.copyfileobj(held, out, COPY_BYTES)
        targets[member.name.removeprefix("./")] = target
    return targets


class _Bounded:
    """Reader that refuses to read a header of any length at once, as a hostile tar would have it."""

    def __init__(self, held: IO[bytes]) -> None:
        self._held = held
        self.seek, self.tell = held.seek, held.tell

    def read(self, size: int = -1) -> bytes:
        """Read bytes; raise ValueError for more than a header may have."""
        if not 0 <= size <= TAR_HEADER_BYTES:
            raise ValueError("a header in it is too long")
        return self._held.read(size)


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
        with target.open("wb") as out:
            if path.suffix.lower() == ".zst":
                _write_zstd(path, out)
            else:
                with _opened(path) as packed:
                    shutil.copyfileobj(packed, out, COPY_BYTES)
    except (*DAMAGED, _zstd_error()) as problem:
        check_free_space(problem)
        raise InputError(f"{path} cannot be unpacked: {problem}", "download, copy or pack it again") from problem
    return Source(str(path), target, keep=folder)


def _write_zstd(path: Path, out: IO[bytes]) -> None:
    """Write what the frames of a file hold; EOFError for a cut one, at which zstandard's own reader ends in silence."""
    reader = _zstd()
    frame = reader.decompressobj()
    with path.open("rb") as packed:
        while piece := packed.read(PIECE_BYTES):
            while piece:
                if frame.eof:
                    frame = reader.decompressobj()
                out.write(frame.decompress(piece))
                piece = frame.unused_data if frame.eof else b""
    if not frame.eof:
        raise EOFError("it is cut short")


def _zstd() -> Any:
    """Return a decompressor with windows of 2 GB, the largest that the format has: dumps of Reddit use them."""
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=1 << 31)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    suffix = path.suffix.lower()
    if suffix != ".zst":
        with OPENERS.get(suffix, Path.open)(path, "rb") as packed:
            yield packed
        return
    with path.open("rb") as raw, _zstd().stream_reader(raw, read_across_frames=True) as packed:
        yield packed


def _zstd_error() -> type[Exception]:
    import zstandard

    return cast("type[Exception]", zstandard.ZstdError)
