"""Commands with a condition from outside run whole in a child process, which the system limits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from riindex.ask.sandbox import SECONDS, begin_child, in_child

Function = TypeVar("Function", bound=Callable[..., Any])

# What the child is called; in a process of that name nothing is handed on.
CHILD = "riindex.cli.apart"


def where_option(told: str) -> Callable[[Function], Function]:
    """``--where``: with a condition the whole command runs in a child."""
    return click.option("--where", callback=_apart, help=told)


def _apart(ctx: click.Context, option: click.Parameter, condition: str | None) -> str | None:
    if condition is None or sys.argv[0] == CHILD:
        return condition
    in_child(CHILD, sys.argv[1:], SECONDS, "ask for less, or ask ri sql, which takes a --timeout")
    ctx.exit()
    return None


if __name__ == "__main__":
    from riindex.cli import main

    begin_child()
    sys.argv[0] = CHILD
    main()
