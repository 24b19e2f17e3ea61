"""Command ``ri``: each subcommand is imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from riindex.cli.exits import ReaderLeft, ended_by_signals, guarded
from riindex.errors import INTERRUPTED, RiError
from riindex.version import __version__

# Command → (module, one line of help). Listing the commands imports none of the modules, which import heavy libraries.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("riindex.cli.build", "Build an index from tweets: one DuckDB file and a vector table."),
    "inspect": ("riindex.cli.build", "Show what a build would read from a file, and from which columns."),
    "summary": ("riindex.cli.personas", "Summarise an index."),
    "personas": ("riindex.cli.personas", "List the personas."),
    "persona": ("riindex.cli.personas", "Show a persona in full: terms, times, traits, evidence, hints."),
    "compare": ("riindex.cli.compare", "Compare a persona with a baseline: terms and behaviour, with tests."),
    "evidence": (
        "riindex.cli.evidence",
        "Show the evidence of a claim: its figures, their SQL, and tweets that support it.",
    ),
    "tweets": ("riindex.cli.tweets", "List tweets, of a persona or under a SQL condition."),
    "similar": ("riindex.cli.similar", "Find tweets or personas by meaning."),
    "why": ("riindex.cli.why", "Explain why a tweet has its persona, or why it was dropped."),
    "sql": ("riindex.cli.sql", "Run a SQL query; without a query, list the tables."),
    "quality": ("riindex.cli.quality", "Show the quality of the personas, with a verdict for each."),
    "rename": ("riindex.cli.edit", "Rename a persona, also for later builds."),
    "merge": ("riindex.cli.edit", "Merge two personas."),
    "undo": ("riindex.cli.edit", "Undo the last rename or merge."),
    "export": ("riindex.cli.share", "Write the classic files, and everything as Parquet."),
    "ship": ("riindex.cli.share", "Write a copy for others, without personal data."),
    "verify": ("riindex.cli.share", "Verify that every figure of a file follows from its rows."),
    "map": ("riindex.cli.share", "Write the map of all tweets as one HTML page."),
    "cluster": ("riindex.cli.cluster", "Cluster persona descriptions, with the familiar options."),
    "classify": ("riindex.cli.edit", "Label an index by dimensions such as seniority or industry."),
    "redundant": ("riindex.cli.collection", "List near-duplicate documents, and which to keep."),
    "gaps": ("riindex.cli.collection", "List combinations of labels that are missing or rare."),
    "select": ("riindex.cli.collection", "Select a small subset that represents all documents."),
    "index": ("riindex.cli.build", "Rebuild the vector table of an index."),
    "encoder": ("riindex.cli.encoder", "Train and compare encoders."),
}


# Commands whose function has another name, because Python uses theirs.
ATTRIBUTES = {"map": "map_page"}


class Commands(click.Group):
    """Group of commands that imports a command when it is called."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a closed pipe is not an error, and DuckDB's error after Ctrl-C becomes an interrupt."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderLeft from None
        except RuntimeError as problem:
            if INTERRUPTED in str(problem):
                raise KeyboardInterrupt from problem
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which users need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, ATTRIBUTES.get(cmd_name, cmd_name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command as click does; the error for an unknown name suggests a similar one."""
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
    """Personas from social posts: build an index, query it, share it.

    \b
      ri build tweets.parquet          one DuckDB file with personas
      ri personas                      list of the personas
      ri similar "AI shopping"         tweets by meaning
      ri sql "from personas"           any query in SQL
    """


def _check_arguments(arguments: list[str]) -> None:
    """Raise RiError for arguments that are not valid UTF-8, for example from a terminal with another encoding."""
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
