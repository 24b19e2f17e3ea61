"""Private folders, removed with their content, and the locks of writers."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Prefix of the names of private folders; the rest is random.
PREFIX = ".riindex-"
# File in a private folder that its program keeps locked until it ends, however it ends.
LOCK_FILE = "held"
# Errors of a file system without locks, such as some network file systems.
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
# Flags that Windows lacks: child programs do not inherit open files there, and links need a special right.
CLOSED_TO_CHILDREN, NO_LINK, NO_WAIT = (getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))


@contextmanager
def private_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder that no other user can enter, and remove it with its content at the end.

    ``parent``: the folder to make it in; the folder for temporary files if none is given or it is not writable.
    Private folders of killed programs in it are removed first.
    """
    folder, held = make_private(parent)
    try:
        yield folder
    finally:
        remove_private(folder, held)


def make_private(parent: Path | None = None) -> tuple[Path, int]:
    """Make a private folder, for ``remove_private`` with the descriptor that holds it."""
    temporary = Path(tempfile.gettempdir())
    where = parent if parent is not None and os.access(parent, os.W_OK | os.X_OK) else temporary
    sweep(where)
    return _make_private(where)


def remove_private(folder: Path, held: int) -> None:
    """Remove a private folder, and release its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(held)


def lock_at_once(descriptor: int) -> None:
    """Lock an open file until it is closed, however its program ends. OSError at once if another program holds it.

    The library filelock serves where a lock by path is enough. Here the descriptor is needed: the check whether it
    still has its name separates making a folder from sweeping it. Some of the allowed versions also empty the file, or
    leave it behind.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _make_private(where: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        try:
            held = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_EXCL | CLOSED_TO_CHILDREN, 0o600)
        except FileNotFoundError:
            continue  # another program has just swept it, before it was locked
        try:
            lock_at_once(held)
        except OSError as problem:
            if problem.errno not in NO_LOCKS:  # another program is sweeping it
                os.close(held)
                continue
        if is_at(held, folder / LOCK_FILE):
            return folder, held
        os.close(held)


def is_at(descriptor: int, path: Path) -> bool:
    """Return True if an open file still has its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def sweep(where: Path) -> None:
    """Remove the private folders that ended programs left in a folder."""
    for folder in where.glob(PREFIX + "*"):
        with suppress(OSError):
            if not stat.S_ISDIR(folder.lstat().st_mode):
                continue
            try:
                held = os.open(folder / LOCK_FILE, os.O_RDWR | NO_LINK | CLOSED_TO_CHILDREN)
            except FileNotFoundError:
                folder.rmdir()  # only if it is empty
                continue
            try:
                lock_at_once(held)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(held)
