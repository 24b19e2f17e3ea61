"""Output files: written whole or not at all, never over a file of others, with nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from riindex.errors import BuildError, QueryError
from riindex.store.folders import private_folder

# Mark at the beginning of every page that riindex writes.
PAGE_MARK = "<!-- a page of riindex -->"
# Mark of a JSON file that is written alone.
JSON_MARK = {"written_by": "riindex"}
MARK_WITHIN = 512
# Digests of the files that an export wrote: only unchanged files are overwritten.
MANIFEST = "riindex_export.json"


def put_in_place(finished: Path, target: Path) -> None:
    """Replace the target by a finished file, with the target's permissions: readers see the old file or the new one.

    Both are on one file system. After a power failure the file at the target is whole.
    """
    with suppress(FileNotFoundError):
        finished.chmod(stat.S_IMODE(target.stat().st_mode))
    sync(finished)
    finished.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Flush a file's contents, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Flush a folder with its content to the disk: contents before the names that refer to them."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)
    sync(folder.parent)


def check_writable(target: Path) -> None:
    """Raise BuildError for a file that is read-only, or has a write-ahead log of DuckDB with unfinished changes.

    DuckDB would replay the log into any file of that name.
    """
    log = target.with_name(target.name + ".wal")
    if log.is_symlink() or log.exists():
        raise BuildError(
            f"{log.name} exists next to {target.name}: another program is changing that file, or was interrupted",
            f"wait for it, or open and close {target.name} in DuckDB once; if there is no such file, remove {log.name}",
        )
    if target.exists() and not target.stat().st_mode & 0o222:
        raise BuildError(f"{target} is read-only", f"make it writable first: chmod u+w {target.name}")


@contextmanager
def one_file(path: Path, new: bool = False) -> Iterator[Path]:
    """Yield a path to write a file to, which then takes its name; QueryError if it cannot be written.

    ``new``: fail if a file of that name exists.
    """
    try:
        with private_folder(path.parent) as folder:
            part = folder / "part"
            yield part
            if new and (path.is_symlink() or path.exists()):
                raise _another(path)
            put_in_place(part, path)
    except OSError as problem:
        raise QueryError(f"{path} cannot be written: {problem.strerror}", "choose another place") from problem


def write_page(path: Path, page: str) -> None:
    """Write an HTML page with PAGE_MARK; QueryError if a file without the mark is there."""
    _write_marked(path, page, PAGE_MARK)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON object with JSON_MARK; QueryError if a file without the mark is there."""
    text = json.dumps({**JSON_MARK, **content}, indent=2, ensure_ascii=False) + "\n"
    _write_marked(path, text, json.dumps(JSON_MARK)[1:-1])


def _write_marked(path: Path, text: str, mark: str) -> None:
    with one_file(path) as part:
        if path.is_symlink() or path.exists():
            if not path.is_file():  # reading a pipe would block
                raise _another(path)
            with path.open("rb") as held:
                if mark.encode() not in held.read(MARK_WITHIN):
                    raise _another(path)
        part.write_text(text, encoding="utf-8")


def write_new(path: Path, content: str) -> None:
    """Write a new file; QueryError if one of that name exists."""
    with one_file(path, new=True) as part:
        part.write_text(content, encoding="utf-8")


def _another(path: Path) -> QueryError:
    return QueryError(f"{str(path)[-200:]} is another file already", "choose another name, or remove that file first")


@contextmanager
def file_set(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """Yield a folder to write files of these ``names`` to, which then move to ``folder``; it is made if missing.

    Files of an earlier set are replaced if they are unchanged by the manifest in the folder; QueryError if one has been
    changed since, or was not written by riindex.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _manifest(folder)
        for name in names:
            _check_own(folder / name, known.get(name, ()))
        with private_folder(folder) as parts:
            yield parts
            digests = {name: _digest(parts / name) for name in names}
            # Old and new digests, so that an export interrupted between two files can be repeated.
            _write_manifest(folder, parts, {name: [*known.get(name, ()), digests[name]] for name in names})
            with _undisturbed():
                for name in names:
                    put_in_place(parts / name, folder / name)
                _write_manifest(folder, parts, {name: [digests[name]] for name in names})
    except OSError as problem:
        raise QueryError(f"{folder} cannot be written: {problem.strerror}", "choose another folder") from problem


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Block signals while several files are moved to their names."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _check_own(path: Path, digests: Sequence[str]) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise _another(path)
    if path.exists() and _digest(path) not in digests:
        raise QueryError(
            f"{path} is another file already, or was changed since riindex wrote it",
            "choose another folder, or move that file away first",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as held:
        return hashlib.file_digest(held, "blake2b").hexdigest()[:32]


def _manifest(folder: Path) -> dict[str, list[str]]:
    """Return name → digests of the written files; empty without a manifest."""
    path = folder / MANIFEST
    if path.exists() and not path.is_file():
        raise _another(path)
    try:
        held = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): [str(digest) for digest in digests] for name, digests in held.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_manifest(folder: Path, parts: Path, files: Mapping[str, list[str]]) -> None:
    path = folder / MANIFEST
    if path.is_symlink() or (path.exists() and not _manifest(folder)):
        raise _another(path)
    part = parts / MANIFEST
    about = "What riindex wrote here, with the hash of each file: a file that was changed since is not written over"
    part.write_text(json.dumps({"about": about, "files": dict(files)}, indent=2) + "\n", encoding="utf-8")
    put_in_place(part, path)
