"""What a system without the modules of POSIX can still do."""

import subprocess
import sys

import filelock
import pytest

from riindex.errors import IndexBusy
from riindex.store import locks

WITHOUT = (
    "import sys\n"
    "sys.modules.update(dict.fromkeys(('fcntl', 'resource')))\n"  # an import of either fails, as on Windows
    "import riindex.{module}\n"
    "assert sys.modules['fcntl'] is None and sys.modules['resource'] is None\n"
)


@pytest.mark.parametrize("module", ["store", "store.folders", "store.locks", "store.database", "index"])
def test_modules_are_imported_without_fcntl_and_resource(module):
    answer = subprocess.run([sys.executable, "-c", WITHOUT.format(module=module)], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_limits_are_read_and_set_where_there_are_any(monkeypatch):
    from riindex.machine import memory
    from riindex.sources import workbooks

    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    assert [limit.source for limit in memory.memory_limits() if "ulimit" in limit.source] == []
    memory.check_memory()
    workbooks._limit_process()


def test_a_writer_is_alone_by_the_library_too(tmp_path, monkeypatch):
    """As on Windows, where it is filelock alone that locks."""
    assert issubclass(filelock.FileLock, filelock.BaseFileLock)  # the one for this system, chosen before it is feigned
    monkeypatch.setattr(locks.sys, "platform", "win32")
    target = tmp_path / "x.duckdb"
    with locks.sole_writer(target), pytest.raises(IndexBusy, match="another program"), locks.sole_writer(target):
        pass
    with locks.sole_writer(target):
        pass
