"""Work file of a build: opened, continued, and released."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

from riindex.algorithms.parallel import Workers
from riindex.errors import BuildError, UnsafeIndex
from riindex.grouping.space import Matrices, fuse
from riindex.machine import memory
from riindex.machine.progress import Progress
from riindex.pipeline.context import Run
from riindex.pipeline.job import Job
from riindex.pipeline.stages import STAGES
from riindex.search.lance import new_vector_folder, vector_folder
from riindex.store.catalog import drop_code, write_code
from riindex.store.database import Store
from riindex.store.files import is_passing, remove_database
from riindex.store.locks import remove_build_folder

# Errors of DuckDB for a work file of another version, or an incomplete one.
UNUSABLE = (duckdb.CatalogException, duckdb.BinderException, duckdb.SerializationException)


def leave(job: Job, work: Store) -> None:
    """Release the work file, and remove it if no stage has finished in it."""
    try:
        nothing_done = not work.rows("build/stage_runs")
    except duckdb.Error:
        nothing_done = False  # on a full disk the file cannot be read; the next build checks its content
    work.close()
    if nothing_done:
        remove_build_folder(job.folder)


def same_table(job: Job, work: Store) -> bool:
    """Return True if the vector table of the work file exists."""
    folder = vector_folder(job.target, work.value("build/vector_table"))
    return folder is not None and folder.is_dir()


def open_work(job: Job, due: set[str]) -> Store:
    """Open the work file: that of an interrupted build, else a copy of the published file, else a new one."""
    if job.work.exists():
        try:
            work = Store.create(job.work, job.threads)
            work.run("build/schema")
            if dict(work.rows("build/stage_runs")).get("ingest") == job.fingerprints["ingest"]:
                return work
            work.close()
        except (*UNUSABLE, UnsafeIndex, BuildError) as problem:
            if is_passing(problem):  # hours of work may be in it
                raise
        remove_database(job.work)
    if job.target.exists() and "ingest" not in due:
        part = job.folder / "copy.duckdb"
        shutil.copyfile(job.target, part)
        # A build may read other files, so only code that this version wrote may run in it.
        with Store.edit(part, job.threads) as copied:
            drop_code(copied)
            write_code(copied.connection, copied.tables(), job.config.ingest.kind)
        part.replace(job.work)
        return Store.create(job.work, job.threads)
    work = Store.create(job.work, job.threads)
    work.run("build/schema")
    return work


def begin(job: Job, work: Store, build_id: str, report: Progress) -> Run:
    """Return the run of a build in its work file, with the vector cache and the former index attached."""
    work.limit_memory(in_bytes(memory.database_memory(job.size, job.config.memory)))
    work.run("shared/text")
    previous = _attach_sources(job, work)
    run = Run(
        store=work,
        config=job.config,
        report=report,
        workers=Workers(job.threads),
        sources=job.sources,
        replies=job.replies,
        encoder=job.encoder,
        previous=previous,
        vector_table=new_vector_folder(job.target, build_id),
    )
    given = next(stage for stage in STAGES if stage.name == "fuse").given(run)
    return replace(run, matrices=Matrices(lambda: fuse(given.store, given.config, run.workers)))


def in_bytes(size: int) -> str:
    """Return a size in the notation of DuckDB."""
    return f"{size}B"


def _attach_sources(job: Job, work: Store) -> Path | None:
    """Attach the vector cache, and the published file if the same encoder made its vectors."""
    try:
        work.run("build/attach_cache", path=str(job.cache))
    except duckdb.Error as problem:
        if is_passing(problem):
            raise
        remove_database(job.cache)  # incomplete after a power failure: its vectors are computed again
        work.run("build/attach_cache", path=str(job.cache))
    if not job.target.exists():
        return None
    work.run("build/attach_previous", path=str(job.target))
    work.run("build/keep_history")
    digest = work.rows("build/previous_encoder")
    if job.encoder is not None and digest and digest[0][0] == job.encoder.digest:
        return job.target
    return None
