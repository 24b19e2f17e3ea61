"""``ri build``, ``ri inspect`` and ``ri index``."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from riindex.cli.options import format_option, index_option, open_index, pairs, raw_option
from riindex.cli.output import write, write_table

if TYPE_CHECKING:
    from riindex.pipeline.inspection import Inspection
    from riindex.pipeline.report import BuildReport


STOP_MESSAGE = "\nstopped; finished work is kept: run the same command to continue"


@click.command(name="build")
@click.argument("source", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", help="File of the index; default ./<source stem>.duckdb.")
@click.option("--preset", metavar="NAME", help="tweets (default), descriptions, persona-clustering, or ri-2025.")
@click.option(
    "--kind",
    type=click.Choice(["tweets", "descriptions"]),
    help="Kind of documents, if SOURCE does not show it.",
)
@click.option("--config", metavar="FILE.toml", help="Settings; sections are stages.")
@click.option("--set", "settings", multiple=True, metavar="[STAGE.]KEY=VALUE", callback=pairs, help="One setting.")
@click.option("--encoder", metavar="NAME", help="static, model2vec:PATH, sentence:PATH, or column:NAME.")
@click.option("--personas", type=click.IntRange(1, 500), metavar="N", help="Exactly N personas.")
@click.option(
    "--no-assign", is_flag=True, help="Leave documents that the clustering labels as noise without a persona."
)
@click.option("--replies", multiple=True, metavar="FILE", help="Replies that are not documents themselves.")
@click.option("--query", metavar="SQL", help="Query for a database server whose URL names no table.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="ROLE=COLUMN",
    callback=pairs,
    help="Column for a role, such as text=body.",
)
@click.option("--where", metavar="SQL", help="Keep only rows that meet this condition over their columns.")
@click.option("--timezone", metavar="TZ", help="Time zone of hours and weekdays; default UTC.")
@click.option("--namer", metavar="openai:MODEL", help="Language model that names the personas; see above.")
@click.option("--base-url", metavar="URL", help="Server of the language model; default OpenAI's.")
@click.option(
    "--memory",
    metavar="SIZE",
    help="Memory limit of the build, e.g. 2GB; default: the limit of the system.",
)
@click.option("--plan", is_flag=True, help="Only show the stages that would run, and the settings.")
@click.option("--force", metavar="STAGE", help="Run a stage again, and all stages that depend on it.")
@click.option("-v", "--verbose", is_flag=True, help="Show more: roles of columns, unchanged stages.")
def build(source: tuple[str, ...], output: str | None, plan: bool, verbose: bool, **options: Any) -> None:
    """Build an index from one or several SOURCE.

    A file of Parquet, CSV, TSV, JSON or JSONL, each also .gz, .bz2, .xz or .zst; a workbook of Excel; a zip of these,
    or a Twitter archive; a chat of WhatsApp, or a text file with one post a line; a text file of === PERSONA n ===
    blocks, or a JSON object of named descriptions; FILE.db::TABLE of SQLite or DuckDB;
    mysql://USER:PASSWORD@HOST/DATABASE::TABLE or postgres://… (with
    pip install 'riindex[databases]'); a quoted glob.

    --namer (pip install 'riindex[llm]') sends each persona's terms, claims and five masked texts to a server that
    speaks OpenAI's chat completions, and receives a name, and a sentence that cites claims. $OPENAI_API_KEY is the key.

    An interrupted build continues where it stopped; an unchanged one does nothing; an existing index stays readable
    until the new one is complete.
    """
    from riindex.machine.memory import check_memory

    settings = _settings(options)
    check_memory(setting=settings.get("memory", ""))  # before loading a library that such a limit would kill
    from riindex.cli.progress import Terminal
    from riindex.pipeline import run

    names = ("preset", "config", "encoder", "personas", "query", "timezone", "kind", "namer", "base_url", "force")
    inputs: dict[str, Any] = {name: options[name] for name in names}
    inputs.update(settings=settings, map=options["mapping"] or None, replies=list(options["replies"]) or None)
    if plan:
        _show_plan(run.plan(list(source), output, **inputs))
        return
    report = Terminal(verbose, load_libraries)
    previous = signal.signal(signal.SIGINT, _interrupt)
    try:
        answer = run.build(list(source), output, report=report, **inputs)
    except KeyboardInterrupt:
        click.echo(STOP_MESSAGE, err=True)
        raise SystemExit(130) from None
    finally:
        signal.signal(signal.SIGINT, previous)
    _show(answer, report.warnings)


def _settings(options: dict[str, Any]) -> dict[str, str]:
    """Return the settings of ``--set``, with those of dedicated options."""
    settings: dict[str, str] = dict(options["settings"])
    if options["memory"] is not None:
        settings["memory"] = options["memory"]
    if options["no_assign"]:
        settings["assign.noise"] = "false"
    if options["where"] is not None:
        settings["denoise.where"] = options["where"]
    return settings


def _interrupt(*_: object) -> None:
    """Stop at the next opportunity; a second Ctrl-C ends the process at once, as a thread may hold locks by then."""

    def at_once(*_: object) -> None:
        os.write(sys.stderr.fileno(), STOP_MESSAGE.encode() + b"\n")
        os._exit(130)

    signal.signal(signal.SIGINT, at_once)
    raise KeyboardInterrupt


def load_libraries() -> None:
    """Import the libraries of the last stages on the idle core."""
    import threading
    from contextlib import suppress
    from importlib import import_module

    from riindex.algorithms.parallel import loading_libraries

    def load() -> None:
        # A build that ends early shuts the interpreter down, and no library can start its threads then (RuntimeError).
        # A stage that needs a library imports it again, and says what is wrong with it.
        with suppress(RuntimeError, ImportError):
            for module in ("sklearn.cluster", "riindex.search.lance"):
                with loading_libraries():
                    import_module(module)

    threading.Thread(target=load, daemon=True).start()


def _show_plan(planned: Any) -> None:
    click.echo(f"target     {planned.target}")
    click.echo(f"sources    {', '.join(planned.details['sources'])}")
    click.echo(f"to run     {', '.join(planned.due) or 'nothing: the index is up to date'}")
    click.echo(f"unchanged  {', '.join(planned.reused) or 'nothing'}")
    click.echo(f"memory     {planned.details['memory']} or more")
    click.echo(f"config     {planned.config.digest}")
    click.echo(json.dumps(json.loads(planned.config.to_json()), indent=2))


def _show(answer: BuildReport, warnings: list[str]) -> None:
    """Print the summary of a build to stderr, and the name of the file to stdout."""
    import contextlib
    import sys

    shown = _relative(answer.path)
    if not answer.changed:
        click.echo(f"{shown} is up to date: nothing has changed since it was built", err=True)
        click.echo(str(shown))
        return
    with contextlib.redirect_stdout(sys.stderr):
        click.echo("\nCleaning")
        steps = [s for s in answer.funnel if s.input]
        write_table([{"step": s.step, "in": s.input, "dropped": s.dropped, "out": s.output} for s in steps],
                    ["step", "in", "dropped", "out"])  # fmt: skip
        click.echo(f"\n{len(answer.personas)} personas of {answer.kept:,} documents")
        lines = [
            {
                "id": p.persona_id,
                "name": p.name,
                "size": p.size,
                "share": f"{p.share:.1%}",
                "tier": p.tier,
                "terms": ", ".join(p.terms),
            }
            for p in answer.personas
        ]
        write_table(lines, ["id", "name", "size", "share", "tier", "terms"])
        click.echo("\nQuality: " + ", ".join(_quality(answer)))
        for warning in warnings:
            click.echo(f"! {warning}")
        click.echo(
            f"\nBuilt in {answer.seconds:.1f} s: {shown}"
            + (f" and {answer.vector_table.name}/" if answer.vector_table else "")
        )
        first = answer.personas[0].persona_id
        click.echo(f'Next: ri persona {first} -i {shown}   ri similar "…" -i {shown}   ri sql -i {shown}')
    click.echo(str(shown))


def _quality(answer: BuildReport) -> list[str]:
    inputs = (
        "coherence",
        "separation",
        "silhouette",
        "refit_ari",
        "noise_ratio",
        "unclear_ratio",
        "retention",
    )
    return [f"{name} {answer.quality[name]:.2f}" for name in inputs if answer.quality.get(name) is not None]


def _relative(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


@click.command(name="inspect")
@click.argument("source", nargs=-1, required=True)
@click.option(
    "--map", "mapping", multiple=True, metavar="ROLE=COLUMN", callback=pairs,
    help="Column for a role, such as text=body.",
)  # fmt: skip
@click.option("--query", metavar="SQL", help="Query for a database server whose URL names no table.")
@format_option
@raw_option
def inspect(source: tuple[str, ...], mapping: dict[str, str], query: str | None, fmt: str, raw: bool) -> None:
    """Show what ri build would read from each SOURCE: the kind of export, and the column of each role.

    For each role: why this column, the share of rows that have a value, the share of these that can be read, and three
    values. Then rows, languages, the range of the times, replies whose post is in the file, and columns without a role.
    """
    from riindex.pipeline import inspection

    found = inspection.inspect(list(source), map=mapping, query=query, raw=raw)
    if fmt == "table":
        for number, one in enumerate(found):
            _show_inspection(one, number)
        return
    write([{**asdict(one), "line": one.line} for one in found], fmt)


def _show_inspection(one: Inspection, number: int) -> None:
    click.echo(("\n" if number else "") + f"{one.source}: {one.family or 'a table of no known program'}")
    click.echo(f"rows       {one.rows:,}, {one.documents:,} of them with a text, {one.authors:,} with an author")
    if one.first_at is not None:
        click.echo(f"times      {one.first_at:%Y-%m-%d %H:%M} to {one.last_at:%Y-%m-%d %H:%M} ({one.zone})")
    if one.date_order:
        click.echo(f"dates      {one.date_order}")
    if one.languages:
        click.echo("languages  " + ", ".join(f"{name} {share:.0%}" for name, share in one.languages.items()))
    click.echo(f"replies    {one.replies:,}, {one.linked:,} of them to a post in the file\n")
    lines = [
        {"role": role.role, "column": role.columns, "because": "family" if role.reason == one.family else role.reason,
         "filled": f"{role.filled:.0%}",
         "readable": f"{role.readable:.0%}", "values": " | ".join(role.samples)}
        for role in one.roles
    ]  # fmt: skip
    write_table(lines, ["role", "column", "because", "filled", "readable", "values"])
    if one.unused:
        click.echo("\nwithout a role, kept as they are: " + ", ".join(one.unused[:30]))
    for warning in one.warnings:
        click.echo(f"! {warning}")


@click.command(name="index")
@index_option
def index(path: str | None) -> None:
    """Rebuild the vector table (the .lance folder) of an index, from the index alone."""
    with open_index(path) as ri:
        click.echo(str(_relative(ri.rebuild_search())))
