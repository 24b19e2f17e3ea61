"""Files as riindex writes them: whole or not at all, in no place of another file, with nothing left behind."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from riindex.errors import BuildError, IndexBusy, QueryError

# How the names of private folders begin; what follows is random.
PRIVATE = ".riindex-"
# The file in a private folder whose lock its program holds until it ends, however it ends.
HELD = "held"
# Errors of a file system that has no locks, as some network file systems have none.
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
# The file that says of a folder that a build works in it.
BUILD_MARK = "what a build of riindex has done so far"
# A page of riindex's own says so at its beginning.
PAGE_MARK = "<!-- a page of riindex -->"
# And so does a JSON file that is written alone.
JSON_MARK = {"written_by": "riindex"}
MARK_WITHIN = 512
# What an export wrote, file by file: only what is still as it was written is written over.
MANIFEST = "riindex_export.json"


@contextmanager
def private_folder(beside: Path | None = None) -> Iterator[Path]:
    """Make a folder that nobody else can enter, and remove it with all that is in it.

    ``beside``: where it lies; the folder for temporary files if none is given or nothing can be written there. What a
    program that was killed left there is removed first.
    """
    folder, held = make_private(beside)
    try:
        yield folder
    finally:
        remove_private(folder, held)


def make_private(beside: Path | None = None) -> tuple[Path, int]:
    """Make a private folder, for ``remove_private`` with the descriptor that holds it."""
    temporary = Path(tempfile.gettempdir())
    where = beside if beside is not None and os.access(beside, os.W_OK | os.X_OK) else temporary
    sweep(where)
    return _make_private(where)


def remove_private(folder: Path, held: int) -> None:
    """Remove a private folder, and let go of it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(held)


def _make_private(where: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PRIVATE, dir=where))
        try:
            held = os.open(folder / HELD, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            continue  # another program has just swept it away, before it was held
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno not in NO_LOCKS:  # another program is just sweeping it away
                os.close(held)
                continue
        if _is_at(held, folder / HELD):
            return folder, held
        os.close(held)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file still has its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def sweep(where: Path) -> None:
    """Remove the private folders that programs which have ended left in a folder."""
    for folder in where.glob(PRIVATE + "*"):
        with suppress(OSError):
            if not stat.S_ISDIR(folder.lstat().st_mode):
                continue
            try:
                held = os.open(folder / HELD, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                folder.rmdir()  # only if it is empty
                continue
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(held)


@contextmanager
def sole_writer(target: Path, what: str = "build") -> Iterator[None]:
    """Hold the right to write an index.

    Raises IndexBusy at once where another program holds it, BuildError where the folder cannot be written.
    """
    path = target.with_name(target.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            raise BuildError(f"{path} is in the way: it is not a file", "move it away") from problem
        raise BuildError(
            f"{target.parent} cannot be written: {problem.strerror}",
            "choose another place with -o" if what == "build" else "copy the index to a folder that can be written",
        ) from problem
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno not in NO_LOCKS:
                raise IndexBusy(f"another program is writing {target}", "wait for it to end, then try again") from None
            _remove_own(path, descriptor)
            with _soft_lock(path, target):
                yield
            return
        if not _is_at(descriptor, path):
            raise IndexBusy(f"another program has just written {target}", "try again")
        try:
            yield
        finally:
            _remove_own(path, descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _soft_lock(path: Path, target: Path) -> Iterator[None]:
    """Hold a lock by the existence of a file, where there are no others; that of a dead program is taken over."""
    import filelock

    lock = filelock.SoftFileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexBusy(
            f"another program is writing {target}",
            f"wait for it to end; if none is left, on no machine, remove {path.name}",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _remove_own(path: Path, descriptor: int) -> None:
    """Remove a lock file; one that holds anything was there before, and is somebody's."""
    if os.fstat(descriptor).st_size == 0:
        path.unlink(missing_ok=True)


def open_build_folder(folder: Path) -> None:
    """Make the private folder of a build, or find the one that a cut-off build left; BuildError for another thing."""
    try:
        folder.mkdir(mode=0o700)
        (folder / BUILD_MARK).touch(mode=0o600)
    except FileExistsError:
        if not _is_build_folder(folder):
            raise BuildError(f"{folder} is in the way: no build left it", "move it away") from None
    except OSError as problem:
        raise BuildError(
            f"{folder.parent} cannot be written: {problem.strerror}", "choose another place with -o"
        ) from (problem)


def _is_build_folder(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    # One that somebody else made, or can write to, may hold what they wish to have run.
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022
    held = list(folder.iterdir()) if own else []
    return own and not any(path.is_symlink() for path in held) and (not held or (folder / BUILD_MARK) in held)


def remove_build_folder(folder: Path) -> None:
    """Remove the private folder of a build, if there is one."""
    if _is_build_folder(folder):
        shutil.rmtree(folder, ignore_errors=True)


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


def tidy(target: Path) -> None:
    """Remove what a killed command left beside an index, unless another program is writing it."""
    with suppress(IndexBusy, BuildError), sole_writer(target):
        sweep(target.parent)


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
