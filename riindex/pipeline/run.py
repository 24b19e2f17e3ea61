"""From sources to a published index: the stages as a tuple, and a loop that runs what is due."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import duckdb

from riindex.config.build_config import BuildConfig
from riindex.errors import BuildError, IndexNotFound, UnsafeIndex, told
from riindex.grouping.space import Matrices, fuse
from riindex.machine import memory
from riindex.machine.progress import NullProgress, Progress
from riindex.pipeline.context import Run
from riindex.pipeline.job import Job, kind_of, make_job, resolve_config
from riindex.pipeline.publish import check_replaceable, publish
from riindex.pipeline.report import BuildReport, FunnelStep, PersonaLine, Plan
from riindex.pipeline.stage import Stage
from riindex.pipeline.stages import STAGES
from riindex.profiles import llm as namers
from riindex.search.lance import new_vector_folder, vector_folder
from riindex.store import digests
from riindex.store.catalog import drop_code, write_code
from riindex.store.database import Store
from riindex.store.files import remove_database
from riindex.store.locks import open_build_folder, remove_build_folder, sole_writer
from riindex.store.outputs import check_writable
from riindex.store.views import write_views
from riindex.version import __version__

# What DuckDB says of a work file of another version, or of half of one.
_UNUSABLE = (duckdb.CatalogException, duckdb.BinderException, duckdb.SerializationException)
LIBRARIES = ("duckdb", "lancedb", "numpy", "pyarrow", "scikit-learn", "umap-learn", "hdbscan", "tokenizers")


def build(
    source: Any,
    output: str | Path | None = None,
    *,
    preset: str | None = None,
    config: str | Path | BuildConfig | None = None,
    settings: Mapping[str, object] | None = None,
    encoder: str | None = None,
    personas: int | None = None,
    replies: Any = None,
    query: str | None = None,
    map: Mapping[str, str] | None = None,
    timezone: str | None = None,
    kind: str | None = None,
    namer: str | None = None,
    base_url: str | None = None,
    force: str | None = None,
    report: Progress | None = None,
) -> BuildReport:
    """Build an index from ``source`` and publish it at ``output``.

    ``source``: a path, a glob, ``file.db::table``, the URL of a table on a server, an Arrow, Polars or pandas table,
    or a list of these; ``query``: what a server is asked where its URL names no table. Without ``output`` the file is
    ``./<source stem>.duckdb``. ``config``: a BuildConfig or a TOML file; ``settings``: ``{"fit.personas": 8}``;
    ``kind``: what a document is, tweets or descriptions, where the source does not show it; ``namer``:
    ``openai:MODEL``, asked for the personas' names at ``base_url``; ``force``: a stage to run again although nothing
    changed. An unchanged build does nothing; a stage whose inputs, settings and SQL are those of its last run is not
    run again; a build that was cut off goes on where it stopped.
    Raises a RiError; the previous index stays as it was until the new one is whole.
    """
    asked = resolve_config(preset, config, settings, encoder, personas, map, timezone, kind_of(source, kind),
                           namer, base_url)  # fmt: skip
    listener = report or NullProgress()
    job = make_job(STAGES, source, output, asked, replies, query)
    with sole_writer(job.target):
        due = _due(job, _recorded(job), force)
        if not due:
            remove_build_folder(job.folder)  # of a build that was cut off after its file had taken its place
            return _report_unchanged(job)
        memory.check(job.size, job.config.memory)
        if job.target.exists():
            check_replaceable(job.target, job.config.ingest.kind)
        check_writable(job.target)
        open_build_folder(job.folder)
        return _run(job, due, force, listener)


def plan(
    source: Any,
    output: str | Path | None = None,
    *,
    config: BuildConfig,
    replies: Any = None,
    query: str | None = None,
    force: str | None = None,
) -> Plan:
    """What ``build`` would do: which stages are due, under which settings; nothing is written."""
    job = make_job(STAGES, source, output, config, replies, query)
    due = _due(job, _recorded(job), force)
    names = [stage.name for stage in STAGES]
    return Plan(
        config,
        job.target,
        [name for name in names if name in due],
        [name for name in names if name not in due],
        {
            "sources": [s.name for s in job.sources],
            "source_digest": job.inputs["ingest"],
            "threads": job.threads,
            "memory": memory.shown(memory.RESIDENT + memory.LEAST_DATABASE + job.size.needed),
        },
    )


def _recorded(job: Job) -> dict[str, str]:
    """Stage → fingerprint in the published file; none where there is no file. BuildError for a file of another kind."""
    if not job.target.exists():
        return {}
    try:
        with Store.read(job.target, job.threads) as published:
            if not {"build", "stage_run", "documents"} <= published.tables():
                raise BuildError(f"{job.target} is a database that riindex did not make", "choose another name with -o")
            recorded = dict(published.rows("build/stage_runs"))
            table = published.value("build/vector_table")
    except (IndexNotFound, UnsafeIndex, duckdb.Error) as problem:
        first = getattr(problem, "message", None) or f"{job.target} is damaged: {str(problem).splitlines()[0]}"
        raise BuildError(first, "move it away, or choose another name with -o") from problem
    folder = vector_folder(job.target, table)
    if folder is None or not folder.is_dir():
        recorded.pop("index", None)
    return recorded


def _due(job: Job, recorded: Mapping[str, str], force: str | None) -> set[str]:
    """Stages to run: those whose fingerprint is not the recorded one, ``force`` and all that follow from it."""
    names = [stage.name for stage in STAGES]
    if force is not None and force not in names:
        raise BuildError(f"there is no stage {force!r}", f"stages: {', '.join(names)}")
    due: set[str] = set()
    for stage in STAGES:
        changed = recorded.get(stage.name) != job.wanted[stage.name]
        if changed or stage.name == force or due.intersection(stage.parents):
            due.add(stage.name)
    return due


def _run(job: Job, due: set[str], force: str | None, report: Progress) -> BuildReport:
    started = time.monotonic()
    begun = datetime.now(UTC).replace(tzinfo=None)
    build_id = begun.strftime("%Y%m%dT%H%M%S") + "-" + os.urandom(2).hex()
    # Who cannot be asked is known before a work file is there; what one of a cut-off build lacks, only after.
    namer = namers.load(job.config.enrich) if "enrich" in due or job.work.exists() else None
    with told("opening the work file"):
        work = _open_work(job, due)
    try:
        with told("opening the work file"):
            run = replace(_begin(job, work, build_id, report), namer=namer)
        recorded = dict(work.rows("build/stage_runs"))
        if job.target.exists() and work.has("edits") and work.rows("build/changed_edits"):
            recorded.pop("succeed", None)  # edits by hand, made since the build that was cut off had begun
        due = _due(job, recorded, force)
        published = _recorded(job).get("index") == job.wanted["index"]
        if not (published and _same_table(job, work)):
            due.add("index")  # a table that was made but never published is made again
        for stage in STAGES:
            if stage.name in due:
                _run_stage(run, stage, job.wanted[stage.name])
            else:
                report.finish(stage.name, 0.0, reused=True)
        with told("finishing the file"):
            answer = _finish(job, run, build_id, begun, started, due)
    finally:
        _leave(job, work)
    with told("publishing the file"):
        publish(job.work, job.target)
    remove_build_folder(job.folder)
    return answer


def _leave(job: Job, work: Store) -> None:
    """Let go of the work file; one that no stage has finished in holds nothing to go on with."""
    try:
        nothing_done = not work.rows("build/stage_runs")
    except duckdb.Error:
        nothing_done = False  # a full disk closes the file for everything; the next build looks at what is in it
    work.close()
    if nothing_done:
        remove_build_folder(job.folder)


def _same_table(job: Job, work: Store) -> bool:
    """Whether the vector table that the work file names is there."""
    folder = vector_folder(job.target, work.value("build/vector_table"))
    return folder is not None and folder.is_dir()


def _open_work(job: Job, due: set[str]) -> Store:
    """The work file: the one that a cut-off build left, else a copy of the published one, else a new one."""
    if job.work.exists():
        try:
            work = Store.create(job.work, job.threads)
            work.run("build/schema")
            if "ingest" not in _due(job, dict(work.rows("build/stage_runs")), None):
                return work
            work.close()
        except (*_UNUSABLE, UnsafeIndex, BuildError):
            pass  # a work file that cannot be opened holds nothing to go on with
        remove_database(job.work)
    if job.target.exists() and "ingest" not in due:
        part = job.folder / "copy.duckdb"
        shutil.copyfile(job.target, part)
        # A build may read other files, so nothing runs in it that this version did not write.
        with Store.edit(part, job.threads) as copied:
            drop_code(copied)
            write_code(copied.connection, copied.tables(), job.config.ingest.kind)
        part.replace(job.work)
        return Store.create(job.work, job.threads)
    work = Store.create(job.work, job.threads)
    work.run("build/schema")
    return work


def _begin(job: Job, work: Store, build_id: str, report: Progress) -> Run:
    work.limit_memory(_bytes(memory.database(job.size, job.config.memory)))
    work.run("shared/text")
    previous = _attach_beside(job, work)
    matrices = Matrices(lambda: fuse(work, job.config, job.threads))
    return Run(
        store=work,
        config=job.config,
        report=report,
        threads=job.threads,
        sources=job.sources,
        replies=job.replies,
        encoder=job.encoder,
        matrices=matrices,
        previous=previous,
        vector_table=new_vector_folder(job.target, build_id),
    )


def _bytes(size: int) -> str:
    """Return a size as DuckDB reads it."""
    return f"{size}B"


def _attach_beside(job: Job, work: Store) -> Path | None:
    """Attach the vector cache, and the published file where the same encoder made its vectors."""
    try:
        work.run("build/attach_cache", path=str(job.cache))
    except duckdb.Error:
        remove_database(job.cache)  # half of one, from before a power failure: its vectors are made again
        work.run("build/attach_cache", path=str(job.cache))
    if not job.target.exists():
        return None
    work.run("build/attach_previous", path=str(job.target))
    work.run("build/keep_history")
    digest = work.rows("build/previous_encoder")
    if job.encoder is not None and digest and digest[0][0] == job.encoder.digest:
        return job.target
    return None


def _run_stage(run: Run, stage: Stage, fingerprint: str) -> None:
    run.report.stage(stage.name)
    begun, started = datetime.now(UTC).replace(tzinfo=None), time.monotonic()
    storing = run.store.uncompressed() if stage.vectors else nullcontext()
    with told(f"the stage {stage.name}", stage.name), storing, run.store.transaction():
        stage.function(stage.given(run))
        seconds = time.monotonic() - started
        run.store.run(
            "build/record_stage", stage=stage.name, fingerprint=fingerprint, started_at=begun, seconds=seconds
        )
    run.report.finish(stage.name, seconds, reused=False)


def _finish(job: Job, run: Run, build_id: str, begun: datetime, started: float, due: set[str]) -> BuildReport:
    """Views, digests and the build's own row; then everything is in the file."""
    work, config = run.store, job.config
    assert run.vector_table is not None
    folder = run.vector_table
    if "index" not in due:
        last = vector_folder(job.target, work.value("build/vector_table"))
        assert last is not None
        folder = last
    with work.transaction():
        write_views(work, config.ingest.kind)
        work.run(
            "views/about",
            version=__version__,
            called=config.ingest.called,
            preset=config.preset,
            encoder=config.embed.encoder,
            sources=", ".join(Path(s.name).name for s in job.sources),
        )
    with work.held_to(_bytes(min(memory.FINISHING, memory.database(job.size, config.memory)))):
        digests.record(work)
    seconds = time.monotonic() - started
    work.run(
        "build/record_build",
        build_id=build_id,
        version=__version__,
        started_at=begun,
        finished_at=datetime.now(UTC).replace(tzinfo=None),
        seconds=seconds,
        preset=config.preset,
        config=config.to_json(),
        config_digest=config.digest,
        sources=json.dumps([s.name for s in (*job.sources, *job.replies)]),
        source_digest=job.inputs["ingest"],
        encoder=config.embed.encoder,
        encoder_digest=job.inputs["embed"],
        seed=config.seed,
        threads=job.threads,
        timezone=config.behave.timezone,
        libraries=json.dumps({name: installed(name) for name in LIBRARIES}),
        vector_table=folder.name,
    )
    answer = read_report(work, job.target, changed=True)
    work.checkpoint()
    return replace(answer, seconds=seconds)


def _report_unchanged(job: Job) -> BuildReport:
    with Store.read(job.target, job.threads) as published:
        return read_report(published, job.target, changed=False)


def read_report(published: Store, target: Path, changed: bool) -> BuildReport:
    """The report of the last build that the file holds."""
    build_row = published.relation("build/last_build")
    last = dict(zip(build_row.columns, build_row.fetchall()[0], strict=True))
    return BuildReport(
        path=target,
        build_id=last["build_id"],
        seconds=last["seconds"] if changed else 0.0,
        changed=changed,
        documents=last["documents"],
        kept=last["kept"],
        rejected=last["rejected"],
        funnel=[FunnelStep(*row) for row in published.rows("build/funnel")],
        personas=[PersonaLine(*row) for row in published.rows("build/persona_lines")],
        quality=dict(published.rows("build/quality")),
        vector_table=target.with_name(last["vector_table"]),
        stages=dict(published.rows("build/stage_seconds")),
    )
