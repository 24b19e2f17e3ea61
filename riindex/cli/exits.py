"""End of a command: its exit code, error messages, and signals."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click

from riindex.cli.terminal import guard_streams
from riindex.errors import RiError

# Seconds that a command has to clean up.
GRACE_SECONDS = 20.0
# Exit code of an interrupted command.
EXIT_STOPPED = 130


class ReaderLeft(Exception):  # noqa: N818 - it is not an error
    """Signal that the reader of a pipe (head, less) has closed it."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that it cleans up; the exit code is 143 or 129.

    A second Ctrl-C does not interrupt the cleaning, a third ends the command at once. It also ends if a library blocks
    it for GRACE_SECONDS after SIGTERM or SIGHUP.
    """
    received: list[int] = []
    over = False

    def end(number: int, _: object) -> None:
        received.append(number)
        if over:
            os._exit(128 + number)
        if received.count(number) == 1:
            raise KeyboardInterrupt
        if received.count(number) > 2 or number != signal.SIGINT:
            os._exit(128 + number)

    # Signals ignored by nohup stay ignored, and handlers of an embedding program are kept.
    usual: dict[signal.Signals, Any] = {signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    usual[signal.SIGINT] = signal.default_int_handler
    here = threading.current_thread() is threading.main_thread()
    before = {number: usual[number] for number in usual if here and signal.getsignal(number) == usual[number]}
    try:
        for number in before:
            signal.signal(number, end)
        with _watched() if before else nullcontext():
            yield
    except KeyboardInterrupt:  # before the start or after the end of the command
        raise SystemExit(128 + received[0] if received else EXIT_STOPPED) from None
    except SystemExit as done:
        if received and done.code == EXIT_STOPPED:
            raise SystemExit(128 + received[0]) from None
        raise
    finally:
        over = True
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _watched() -> Iterator[None]:
    """End this process GRACE_SECONDS after SIGTERM or SIGHUP: Python runs a handler only when a library returns."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    former = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    ended = threading.Event()

    def watch() -> None:
        while signals := os.read(reader, 1):
            if signals[0] in (signal.SIGTERM, signal.SIGHUP) and not ended.wait(GRACE_SECONDS):
                os._exit(128 + signals[0])
        os.close(reader)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        ended.set()
        os.close(writer)


def guarded(run: Callable[[], None]) -> None:
    """Run a function; print an error that the user can fix as two lines on stderr, with exit code 1."""
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
        sys.exit(EXIT_STOPPED)
    except RiError as problem:
        _report_error(problem.message, problem.hint)
    except MemoryError:
        _report_error("there is not enough memory", "close other programs, or request less at once")
    except (ReaderLeft, BrokenPipeError):
        # No more output is possible, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        _report_error(
            f"{problem.filename or 'a file'}: {problem.strerror or problem}", "check the disk and its permissions"
        )
    except _unreadable() as problem:
        first = str(problem).splitlines()[0]
        _report_error(
            f"the index cannot be read: {first}", "it may be damaged: check it with ri verify, or build it again"
        )


def _report_error(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    sys.exit(1)


def _unreadable() -> tuple[type[Exception], ...]:
    """Return the error types of DuckDB; none if it was never imported."""
    duckdb = sys.modules.get("duckdb")
    return () if duckdb is None else (duckdb.Error,)
