"""Builds in processes of their own that are made quickly: what kill.py, disk_full.py and fuzz.py share.

Every child is forked from a process that has imported what is slow to import and has done nothing else.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from riindex.index import RIIndex
from riindex.search.arrays import Arrays
from riindex.search.lance import VectorTable, vector_folder
from riindex.store.digests import table_digests

PRELOADED = ["lancedb", "riindex.pipeline.run", "riindex.cli.build", "sklearn.cluster", "sklearn.decomposition", "umap",
             "scipy.sparse", "pyarrow.parquet", "tokenizers"]  # fmt: skip
# What is slow and does not touch files: UMAP on ten rows, uncompiled, lays out a map in a second.
QUICK = ("layout.max_documents=10", "evaluate.refits=1", "fit.restarts=5", "fit.personas=3")
WORDS = [
    "parcel courier van doorstep tracking late depot driver route",
    "refund policy receipt cashier money deadline exchange store",
    "font layout colour button page screen spacing contrast menu",
]


def context(searching: bool = False) -> ForkServerContext:
    """Where children come from; to be asked for once, before anything else is done.

    ``searching``: they open vector tables, which a process cannot that was forked with lancedb loaded.
    """
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOADED[1:] if searching else PRELOADED)
    return made


def posts(number: int, seed: int = 7) -> list[dict[str, str | None]]:
    """Rows as a CSV file has them: three subjects, twelve authors, forty days."""
    import random

    rng = random.Random(seed)
    rows: list[dict[str, str | None]] = []
    for i in range(number):
        words = rng.sample(WORDS[i % 3].split(), 5)
        rows.append(
            {
                "tweet_id": str(1_900_000_000_000_000_000 + i),
                "text": f"the {words[0]} {words[1]} and my {words[2]} {words[3]} with {words[4]} number {i}",
                "author": f"writer{rng.randrange(12)}",
                "created_at": f"2025-03-{1 + i % 28:02} {(8, 15, 21)[i % 3]:02}:{i % 60:02}:00",
                "like_count": str(rng.randrange(30)),
                "place": None if i % 4 else "Pune",
            }
        )
    return rows


def arguments(source: Path, target: Path, settings: Sequence[str] = ()) -> list[str]:
    """The command line of a quick build."""
    told = [part for setting in (*QUICK, *settings) for part in ("--set", setting)]
    return ["build", str(source), "-o", str(target), *told]


def command(words: Sequence[str]) -> tuple[int | str, str]:
    """Run ``ri`` in this process: exit code, or ``traceback``, and what it said on stderr."""
    from riindex.cli import main

    said = io.StringIO()
    sys.argv = ["ri", *words]
    code: int | str = 0
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            code = "traceback"
            traceback.print_exc()
    return code, said.getvalue()


def _alone(words: Sequence[str], told: Path) -> None:
    os.setsid()  # a group of its own, so that everything it starts can be killed with it
    code, said = command(words)
    told.write_text(said, encoding="utf-8", errors="replace")
    sys.exit(code if isinstance(code, int) else 70)


def started(ctx: ForkServerContext, words: Sequence[str], told: Path) -> BaseProcess:
    """``ri`` with these words, begun in a process and group of its own; what it says goes to the file ``told``."""
    process = ctx.Process(target=_alone, args=(list(words), told))
    process.start()
    return process


def state(target: Path) -> dict[str, str]:
    """Digests of all tables, made from their rows, of an index that answers and whose vector table is whole."""
    with RIIndex(target) as index:
        assert index.similar("where is my parcel", limit=3).height
        folder = vector_folder(target, index.store.value("build/vector_table"))
        kept = index.sql("select count(*) from tweets").fetchall()[0][0]
        assert folder is not None
        VectorTable(folder, Arrays(folder, kept, index.store.value("search/width")).doc_ids).check()
        return table_digests(index.store)


def restore(kept: Path, folder: Path) -> None:
    """Empty ``folder`` and put copies of what is in ``kept`` there."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, folder, dirs_exist_ok=True)
