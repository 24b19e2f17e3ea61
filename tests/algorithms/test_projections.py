"""Projections in a process of their own are those of this process; the process ends when it is not needed."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import psutil
import pytest

from riindex.algorithms import projections, reduction
from riindex.algorithms.parallel import ONE_WORKER
from riindex.errors import BuildError

ROWS = np.random.default_rng(3).normal(size=(60, 8)).astype(np.float32)


def children():
    return [p for p in psutil.Process().children() if "riindex.algorithms.projections" in " ".join(p.cmdline())]


def test_results_are_those_of_this_process_in_any_order():
    with projections.running():
        waiting = [projections.begin("tsne", ROWS[:count], 5) for count in (20, 40, 60)]
        found = [wait() for wait in reversed(waiting)][::-1]
    assert not children()
    for count, points in zip((20, 40, 60), found, strict=True):
        assert np.array_equal(points, reduction.tsne(ROWS[:count], 5))


@pytest.mark.slow
def test_umap_is_that_of_this_process():
    points = projections.compute("umap", ROWS, 2, 15, 0.1, 7, ONE_WORKER, 20)
    assert np.array_equal(points, reduction.umap(ROWS, 2, 15, 0.1, 7, epochs=20))
    assert not children()


def test_an_error_is_raised_where_the_result_is_awaited():
    with projections.running():
        wait, other = projections.begin("tsne", "no matrix", 5), projections.begin("tsne", ROWS[:20], 5)
        with pytest.raises(AttributeError):
            wait()
        assert other().shape == (20, 2)


def test_a_process_that_is_killed_is_told():
    with projections.running():
        wait = projections.begin("tsne", ROWS, 5)
        (child,) = children()
        child.kill()
        with pytest.raises(BuildError, match=r"exit code -9") as problem:
            wait()
        assert problem.value.hint
        with pytest.raises(BuildError):
            projections.begin("tsne", np.zeros((50_000, 64), np.float32), 5)
    assert projections.compute("tsne", ROWS, 5).shape == (60, 2)  # a new process
    assert not children()


def test_a_process_ends_with_its_block_whatever_was_begun():
    with projections.running():
        projections.begin("tsne", ROWS, 5)  # whose result nobody awaits, as where another stage fails
        assert children()
    assert not children()
    with pytest.raises(RuntimeError, match="no process"):
        projections.begin("tsne", ROWS, 5)


def test_threads_share_one_process():
    counts, shapes = [], []

    def draw():
        with projections.running():
            counts.append(len(children()))
            shapes.append(projections.begin("tsne", ROWS[:20], 5)().shape)

    with projections.running():
        threads = [threading.Thread(target=draw) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [1] * 4
    assert shapes == [(20, 2)] * 4
    assert not children()


@pytest.mark.skipif(sys.platform == "win32", reason="kill is of POSIX")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_the_one_that_began_it(sign):
    code = textwrap.dedent("""
        import numpy as np, time
        from riindex.algorithms import projections
        with projections.running():
            projections.begin("tsne", np.zeros((4_000, 64), np.float32), 5)
            print(projections._process._child.pid, flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        os.kill(parent.pid, sign)
    begun = time.monotonic()
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() - begun < 20
        time.sleep(0.05)
