"""Build from sources to a published index: a tuple of stages, and a loop that runs those that are due."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import duckdb

from riindex.algorithms import projections
from riindex.config.build_config import BuildConfig
from riindex.errors import BuildError, IndexNotFound, UnsafeIndex, as_build_error
from riindex.machine import memory
from riindex.machine.progress import NullProgress, Progress
from riindex.pipeline.context import Run
from riindex.pipeline.job import Job, kind_of, make_job, resolve_config
from riindex.pipeline.publish import Former, check_replaceable, publish
from riindex.pipeline.report import BuildPlan, BuildReport, read_report
from riindex.pipeline.stage import Stage, due_stages
from riindex.pipeline.stages import STAGES
from riindex.pipeline.work import begin, in_bytes, leave, open_work, same_table
from riindex.profiles import llm as namers
from riindex.search.lance import vector_folder
from riindex.store import digests
from riindex.store.database import Store
from riindex.store.files import is_passing
from riindex.store.locks import open_build_folder, remove_build_folder, sole_writer
from riindex.store.outputs import check_writable
from riindex.store.views import write_views
from riindex.version import __version__

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
    or a list of these; ``query``: the SQL query for a server whose URL names no table. Without ``output`` the file is
    ``./<source stem>.duckdb``. ``config``: a BuildConfig or a TOML file; ``settings``: ``{"fit.personas": 8}``;
    ``kind``: tweets or descriptions, if the source does not show it; ``namer``:
    ``openai:MODEL``, queried for the personas' names at ``base_url``; ``force``: a stage to run again although nothing
    changed. An unchanged build does nothing; a stage whose inputs, settings and SQL are those of its last run is not
    run again; an interrupted build continues where it stopped.
    Raises a RiError; the previous index stays unchanged until the new one is complete.
    """
    resolved = resolve_config(preset, config, settings, encoder, personas, map, timezone, kind_of(source, kind),
                           namer, base_url)  # fmt: skip
    listener = report or NullProgress()
    job = make_job(STAGES, source, output, resolved, replies, query)
    with sole_writer(job.target):
        former, due = _examined(job, force)
        if former.report is not None:
            remove_build_folder(job.folder)  # of a build that was interrupted after publishing its file
            return former.report
        memory.check_memory(job.size, job.config.memory)
        check_writable(job.target)
        open_build_folder(job.folder)
        return _run(job, former, due, force, listener)


def plan(
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
) -> BuildPlan:
    """Return the stages that ``build`` would run with the same arguments, and its settings; nothing is written."""
    resolved = resolve_config(preset, config, settings, encoder, personas, map, timezone, kind_of(source, kind),
                              namer, base_url)  # fmt: skip
    job = make_job(STAGES, source, output, resolved, replies, query)
    _, due = _examined(job, force, replace=False)
    names = [stage.name for stage in STAGES]
    return BuildPlan(
        resolved,
        job.target,
        [name for name in names if name in due],
        [name for name in names if name not in due],
        {
            "sources": [s.name for s in job.sources],
            "source_digest": job.inputs["ingest"],
            "threads": job.threads,
            "memory": memory.format_size(memory.RESIDENT + memory.MIN_DATABASE + job.size.needed),
        },
    )


def _examined(job: Job, force: str | None, replace: bool = True) -> tuple[Former, set[str]]:
    """Return the state of the published file, which is read once, and the stages that are due.

    If none is due, the state has its report. ``replace``: True if the file is replaced when any is due. BuildError for
    a file that riindex did not make, or that a build must not replace.
    """
    if not job.target.exists():
        return Former(), due_stages(STAGES, job.fingerprints, {}, force)
    try:
        with Store.read(job.target, job.threads) as published:
            if not {"build", "stage_run", "documents"} <= published.tables():
                raise BuildError(f"{job.target} is a database that riindex did not make", "choose another name with -o")
            runs = dict(published.rows("build/stage_runs"))
            table = published.value("build/vector_table")
            folder = vector_folder(job.target, table)
            if folder is None or not folder.is_dir():
                runs.pop("index", None)
            due = due_stages(STAGES, job.fingerprints, runs, force)
            if not due:
                return Former(runs, table, read_report(published, job.target, changed=False)), due
            if replace:
                check_replaceable(published, job.config.ingest.kind)
            return Former(runs, table), due
    except (IndexNotFound, UnsafeIndex, duckdb.Error) as problem:
        if is_passing(problem):
            raise
        first = getattr(problem, "message", None) or f"{job.target} is damaged: {str(problem).splitlines()[0]}"
        raise BuildError(first, "move it away, or choose another name with -o") from problem


def _run(job: Job, former: Former, due: set[str], force: str | None, report: Progress) -> BuildReport:
    started = time.monotonic()
    begun = datetime.now(UTC).replace(tzinfo=None)
    build_id = begun.strftime("%Y%m%dT%H%M%S") + "-" + os.urandom(2).hex()
    # An unusable namer is reported before the work file is made, also if an interrupted build may need it.
    namer = namers.load(job.config.enrich) if "enrich" in due or job.work.exists() else None
    with as_build_error("opening the work file"):
        work = open_work(job, due)
    try:
        with as_build_error("opening the work file"):
            run = replace(begin(job, work, build_id, report), namer=namer)
        recorded = dict(work.rows("build/stage_runs"))
        if job.target.exists() and work.has("edits") and work.rows("build/changed_edits"):
            recorded.pop("succeed", None)  # edits by hand, made since the interrupted build started
        due = due_stages(STAGES, job.fingerprints, recorded, force)
        published = former.stage_runs.get("index") == job.fingerprints["index"]
        if not (published and same_table(job, work)):
            due.add("index")  # a table that was written but never published is written again
        with _projections(job.config, due):
            _run_stages(run, job, due)
        with as_build_error("finishing the file"):
            answer = _finish(job, run, build_id, begun, started, due)
    finally:
        leave(job, work)
    with as_build_error("publishing the file"):
        publish(job.work, job.target, answer.vector_table.name if answer.vector_table else None, former.vector_table)
    remove_build_folder(job.folder)
    return answer


def _projections(config: BuildConfig, due: set[str]) -> AbstractContextManager[None]:
    """Keep the process of projections during the stages, if any of them needs it."""
    umap = (config.layout.method == "umap" and "layout" in due) or (config.fit.reduction == "umap" and "refit" in due)
    needed = umap or (config.layout.method == "tsne" and "layout" in due)
    return projections.running(prepare=umap) if needed else nullcontext()


def _run_stages(run: Run, job: Job, due: set[str]) -> None:
    begun: dict[str, object] = {}
    for number, stage in enumerate(STAGES):
        if stage.name in due:
            _run_stage(replace(run, begun=begun.get(stage.name)), stage, job.fingerprints[stage.name])
        else:
            run.report.finish(stage.name, 0.0, reused=True)
        done = {done.name for done in STAGES[: number + 1]}
        for later in STAGES[number + 1 :]:
            if (
                later.begin is not None
                and later.name in due
                and later.name not in begun
                and done.issuperset(later.parents)
            ):
                with as_build_error(f"the stage {later.name}", later.name):
                    begun[later.name] = later.begin(later.given(run))


def _run_stage(run: Run, stage: Stage, fingerprint: str) -> None:
    run.report.stage(stage.name)
    begun, started = datetime.now(UTC).replace(tzinfo=None), time.monotonic()
    storing = run.store.uncompressed() if stage.vectors else nullcontext()
    with as_build_error(f"the stage {stage.name}", stage.name), storing, run.store.transaction():
        stage.function(stage.given(run))
        seconds = time.monotonic() - started
        run.store.run(
            "build/record_stage", stage=stage.name, fingerprint=fingerprint, started_at=begun, seconds=seconds
        )
    run.report.finish(stage.name, seconds, reused=False)


def _finish(job: Job, run: Run, build_id: str, begun: datetime, started: float, due: set[str]) -> BuildReport:
    """Write views, digests and the row of the build, which complete the file."""
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
    with work.memory_limited(in_bytes(min(memory.FINISHING, memory.database_memory(job.size, config.memory)))):
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
