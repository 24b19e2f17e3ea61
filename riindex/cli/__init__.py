"""The command ``ri``: each command is imported when it is called."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any

import click

from riindex.cli.terminal import guard_streams
from riindex.errors import INTERRUPTED, RiError
from riindex.version import __version__

# Command → (module, one line of help). The modules import what is heavy; listing the commands imports none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("riindex.cli.build", "Build an index from tweets: one DuckDB file and a vector table."),
    "summary": ("riindex.cli.personas", "What is in an index."),
    "personas": ("riindex.cli.personas", "List the personas."),
    "persona": ("riindex.cli.personas", "One persona in full: terms, times, traits, evidence, hints."),
    "compare": ("riindex.cli.evidence", "A persona beside another: what it says and does more, and how sure that is."),
    "evidence": ("riindex.cli.evidence", "What a claim rests on: its figures, their SQL, and tweets that bear it out."),
    "tweets": ("riindex.cli.personas", "List tweets, of a persona or under a SQL condition."),
    "similar": ("riindex.cli.personas", "Find tweets or personas by meaning."),
    "why": ("riindex.cli.why", "Why a tweet has its persona, or why it was left out."),
    "sql": ("riindex.cli.sql", "Ask in SQL; without a query, list the tables."),
    "quality": ("riindex.cli.quality", "How good the personas are, and how sure that is."),
    "rename": ("riindex.cli.edit", "Give a persona a name that later builds keep."),
    "merge": ("riindex.cli.edit", "Make one persona of two."),
    "undo": ("riindex.cli.edit", "Take the last rename or merge back."),
    "export": ("riindex.cli.share", "Write the classic files, and everything as Parquet."),
    "ship": ("riindex.cli.share", "Write a copy for others, without personal data."),
    "verify": ("riindex.cli.share", "Check that every figure of a file follows from its rows."),
    "map": ("riindex.cli.share", "Write the map of all tweets as one HTML page."),
    "cluster": ("riindex.cli.cluster", "Cluster persona descriptions, with the familiar options."),
    "classify": ("riindex.cli.classify", "Label an index by dimensions such as seniority or industry."),
    "redundant": ("riindex.cli.collection", "Which documents say the same, and which to keep."),
    "gaps": ("riindex.cli.collection", "Which combinations of labels are missing or rare."),
    "select": ("riindex.cli.collection", "A small subset that stands for all."),
    "index": ("riindex.cli.build", "Make the vector table of an index again."),
    "encoder": ("riindex.cli.encoder", "Train and compare encoders."),
}


# Seconds that a command has to tidy up.
PATIENCE = 20.0
# Exit code of a command that was stopped.
STOPPED = 130
# Commands whose name Python has another use for.
ATTRIBUTES = {"map": "map_page"}


class _ReaderLeft(Exception):  # noqa: N818 - nothing went wrong
    """The reader of a pipe (head, less) has seen enough."""


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a pipe whose reader has left is not an error, and what DuckDB makes of Ctrl-C is one."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderLeft from None
        except RuntimeError as problem:
            if INTERRUPTED in str(problem):
                raise KeyboardInterrupt from problem
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, ATTRIBUTES.get(cmd_name, cmd_name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; an unknown name is told with the one that it may be."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            if near:
                raise click.UsageError(f"{problem.message} Did you mean {near[0]!r}?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="riindex")
def ri() -> None:
    """Personas from social posts: build an index, ask it, hand it on.

    \b
      ri build tweets.parquet          one DuckDB file with personas
      ri personas                      who they are
      ri similar "AI shopping"         tweets by meaning
      ri sql "from personas"           anything else
    """


def _check_arguments(arguments: list[str]) -> None:
    """A terminal of another encoding hands over bytes that are no text."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            shown = argument.encode(errors="replace").decode()
            raise RiError(f"{shown!r} is not UTF-8", "set the terminal to UTF-8, or type it again") from None


def main() -> None:
    """Run the command that the arguments name."""

    def run() -> None:
        _check_arguments(sys.argv[1:])
        ri.main(standalone_mode=False)

    with ended_by_signals():
        guarded(run)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that it tidies up; the exit code is 143 or 129.

    A second Ctrl-C does not break into that, a third ends the command at once; and so does a library that holds the
    command up for PATIENCE seconds after SIGTERM or SIGHUP.
    """
    received: list[int] = []

    def end(number: int, _: object) -> None:
        received.append(number)
        if received.count(number) == 1:
            raise KeyboardInterrupt
        if received.count(number) > 2 or number != signal.SIGINT:
            os._exit(128 + number)

    # What nohup ignores stays ignored, and so does what the program around this one has settled.
    usual: dict[signal.Signals, Any] = {signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    usual[signal.SIGINT] = signal.default_int_handler
    here = threading.current_thread() is threading.main_thread()
    before = {number: usual[number] for number in usual if here and signal.getsignal(number) == usual[number]}
    for number in before:
        signal.signal(number, end)
    try:
        with _watched() if before else nullcontext():
            yield
    except SystemExit as done:
        if received and done.code == STOPPED:
            raise SystemExit(128 + received[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _watched() -> Iterator[None]:
    """End this process PATIENCE seconds after SIGTERM or SIGHUP: Python runs a handler only when a library returns."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    former = signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def watch() -> None:
        while signals := os.read(heard, 1):
            if signals[0] in (signal.SIGTERM, signal.SIGHUP):
                time.sleep(PATIENCE)
                os._exit(128 + signals[0])

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        os.close(told)


def guarded(run: Callable[[], None]) -> None:
    """Run something; an error the user can mend is two lines on stderr and exit code 1."""
    try:
        guard_streams()
        run()
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(STOPPED)
    except RiError as problem:
        _tell(problem.message, problem.hint)
    except MemoryError:
        _tell("there is not enough memory", "close other programs, or ask for less at once")
    except (_ReaderLeft, BrokenPipeError):
        # Nothing more can be written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        _tell(f"{problem.filename or 'a file'}: {problem.strerror or problem}", "check the disk and its permissions")
    except _unreadable() as problem:
        first = str(problem).splitlines()[0]
        _tell(f"the index cannot be read: {first}", "it may be damaged: ri verify tells; or build it again")


def _tell(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    sys.exit(1)


def _unreadable() -> tuple[type[Exception], ...]:
    """What DuckDB raises of a file that it cannot read; where it was never imported, nothing."""
    duckdb = sys.modules.get("duckdb")
    return () if duckdb is None else (duckdb.Error,)
