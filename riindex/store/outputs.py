"""Files as riindex writes them: whole or not at all, in no place of another file, with nothing left behind."""

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

# A page of riindex's own says so at its beginning.
PAGE_MARK = "<!-- a page of riindex -->"
# And so does a JSON file that is written alone.
JSON_MARK = {"written_by": "riindex"}
MARK_WITHIN = 512
# What an export wrote, file by file: only what is still as it was written is written over.
MANIFEST = "riindex_export.json"


def put_in_place(finished: Path, target: Path) -> None:
    """Put a finished file in the target's place, with the target's permissions: readers see the old file or the new.

    Both lie on one file system. After a power failure the file that is there is whole.
    """
    with suppress(FileNotFoundError):
        finished.chmod(stat.S_IMODE(target.stat().st_mode))
    sync(finished)
    finished.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Write a file's contents, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Write a folder with all that is in it to the disk: contents before the names that lead to them."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)
    sync(folder.parent)


def check_writable(target: Path) -> None:
    """Raise BuildError for a file that its owner has made read-only, or beside which DuckDB's unfinished changes lie.

    DuckDB would replay them into whatever file has the name.
    """
    log = target.with_name(target.name + ".wal")
    if log.is_symlink() or log.exists():
        raise BuildError(
            f"{log.name} lies beside {target.name}: another program is changing that file, or ended before it was done",
            f"wait for it, or open {target.name} in DuckDB once and close it; without such a file remove {log.name}",
        )
    if target.exists() and not target.stat().st_mode & 0o222:
        raise BuildError(f"{target} is read-only", f"allow it to be replaced first: chmod u+w {target.name}")


@contextmanager
def one_file(path: Path, new: bool = False) -> Iterator[Path]:
    """Give a place to write a file to, which then takes its name; QueryError where it cannot be written.

    ``new``: whether there must be no file of that name.
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
    """Write an HTML page that bears PAGE_MARK; QueryError where there is a file that does not bear it."""
    _write_marked(path, page, PAGE_MARK)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON object that bears JSON_MARK; QueryError where there is a file that does not bear it."""
    text = json.dumps({**JSON_MARK, **content}, indent=2, ensure_ascii=False) + "\n"
    _write_marked(path, text, json.dumps(JSON_MARK)[1:-1])


def _write_marked(path: Path, text: str, mark: str) -> None:
    with one_file(path) as part:
        if path.is_symlink() or path.exists():
            if not path.is_file():  # a pipe would be waited for
                raise _another(path)
            with path.open("rb") as held:
                if mark.encode() not in held.read(MARK_WITHIN):
                    raise _another(path)
        part.write_text(text, encoding="utf-8")


def write_new(path: Path, content: str) -> None:
    """Write a file where there is none; QueryError where there is one."""
    with one_file(path, new=True) as part:
        part.write_text(content, encoding="utf-8")


def _another(path: Path) -> QueryError:
    return QueryError(f"{str(path)[-200:]} is another file already", "name another, or remove that one first")


@contextmanager
def file_set(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """Give a place to write files of these ``names`` to, which then stand in ``folder``; it is made if missing.

    Files of an earlier set are replaced if they are still as they were written, as a manifest in the folder tells;
    QueryError where one has been changed since, or was never riindex's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _manifest(folder)
        for name in names:
            _check_own(folder / name, known.get(name, ()))
        with private_folder(folder) as parts:
            yield parts
            digests = {name: _digest(parts / name) for name in names}
            # Both, so that one that is cut off between two files can be written again.
            _write_manifest(folder, parts, {name: [*known.get(name, ()), digests[name]] for name in names})
            with _undisturbed():
                for name in names:
                    put_in_place(parts / name, folder / name)
                _write_manifest(folder, parts, {name: [digests[name]] for name in names})
    except OSError as problem:
        raise QueryError(f"{folder} cannot be written: {problem.strerror}", "choose another folder") from problem


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back for the moment in which several files take their names."""
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
            "name another folder, or move that file away first",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as held:
        return hashlib.file_digest(held, "blake2b").hexdigest()[:32]


def _manifest(folder: Path) -> dict[str, list[str]]:
    """Return name → digests of what was written; empty without a manifest."""
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
