"""Exclusive write lock of an index, and the private folder of its build."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from riindex.errors import BuildError, IndexBusy
from riindex.store.folders import CLOSED_TO_CHILDREN, NO_LINK, NO_LOCKS, NO_WAIT, is_at, lock_at_once, sweep

# File that marks a folder as the work folder of a build.
BUILD_MARK = "what a build of riindex has done so far"


@contextmanager
def sole_writer(target: Path, what: str = "build") -> Iterator[None]:
    """Hold the exclusive write lock of an index.

    Raises IndexBusy at once if another program holds it, BuildError if the folder is not writable.
    """
    path = target.with_name(target.name + ".lock")
    if sys.platform == "win32":  # links are no risk there, and an open file cannot be removed
        with _lock_by_path(path, target):
            yield
        return
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK | NO_WAIT | CLOSED_TO_CHILDREN, 0o600)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            raise BuildError(f"{path} is in the way: it is not a file", "move it away") from problem
        raise BuildError(
            f"{target.parent} cannot be written: {problem.strerror}",
            "choose another place with -o" if what == "build" else "copy the index to a folder that can be written",
        ) from problem
    try:
        try:
            lock_at_once(descriptor)
        except OSError as problem:
            if problem.errno not in NO_LOCKS:
                raise IndexBusy(f"another program is writing {target}", "wait for it to end, then try again") from None
            _remove_own(path, descriptor)
            with _lock_by_path(path, target, soft=True):
                yield
            return
        if not is_at(descriptor, path):
            raise IndexBusy(f"another program has just written {target}", "try again")
        try:
            yield
        finally:
            _remove_own(path, descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _lock_by_path(path: Path, target: Path, soft: bool = False) -> Iterator[None]:
    """Hold a filelock lock.

    ``soft``: by the existence of a file, if the file system has no locks; that of a dead program is taken over.
    """
    import filelock

    lock = filelock.SoftFileLock(path, timeout=0) if soft else filelock.FileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexBusy(
            f"another program is writing {target}",
            "wait for it to end"
            + (f"; if none is running on any machine, remove {path.name}" if soft else ", then try again"),
        ) from None
    try:
        yield
    finally:
        lock.release()


def _remove_own(path: Path, descriptor: int) -> None:
    """Remove an empty lock file; one with content was there before, and belongs to another program."""
    if os.fstat(descriptor).st_size == 0:
        path.unlink(missing_ok=True)


def open_build_folder(folder: Path) -> None:
    """Make the private folder of a build, or reuse that of an interrupted build; BuildError for anything else there."""
    try:
        folder.mkdir(mode=0o700)
        (folder / BUILD_MARK).touch(mode=0o600)
    except FileExistsError:
        if not _is_build_folder(folder):
            raise BuildError(f"{folder} is in the way: it is not the work folder of a build", "move it away") from None
    except OSError as problem:
        raise BuildError(
            f"{folder.parent} cannot be written: {problem.strerror}", "choose another place with -o"
        ) from (problem)


def _is_build_folder(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    # A folder that another user owns or can write to may contain code that they want to have run.
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022
    held = list(folder.iterdir()) if own else []
    return own and not any(path.is_symlink() for path in held) and (not held or (folder / BUILD_MARK) in held)


def remove_build_folder(folder: Path) -> None:
    """Remove the private folder of a build, if it exists."""
    if _is_build_folder(folder):
        shutil.rmtree(folder, ignore_errors=True)


def tidy(target: Path) -> None:
    """Remove the files of a killed command next to an index, unless another program is writing it."""
    with suppress(IndexBusy, BuildError), sole_writer(target):
        sweep(target.parent)
