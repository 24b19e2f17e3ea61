"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from riindex.ask import sandbox
from riindex.errors import IndexNotFound
from riindex.store.statements import MAX_ROWS

if TYPE_CHECKING:
    from riindex.index import RIIndex

Function = TypeVar("Function", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv", "parquet")


def index_option(function: Function) -> Function:
    """Add ``-i/--index FILE``; default $RI_INDEX, else the only index in the folder."""
    return click.option(
        "-i",
        "--index",
        "path",
        envvar="RI_INDEX",
        metavar="FILE",
        help="File of the index; default $RI_INDEX, else the only one in this folder.",
    )(function)


def format_option(function: Function) -> Function:
    """Add ``-f/--format``: the format of a listing."""
    return click.option(
        "-f",
        "--format",
        "fmt",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="Output format.",
    )(function)


def limit_option(default: int) -> Callable[[Function], Function]:
    """Add ``-n``: the number of rows."""
    return click.option(
        "-n", "limit", type=click.IntRange(1, MAX_ROWS), default=default, show_default=True, help="Number of rows."
    )


def where_option(about: str) -> Callable[[Function], Function]:
    """Add ``--where``: a SQL condition over ``tweets``."""
    return click.option("--where", metavar="CONDITION", callback=_begin_child, help=about)


def _begin_child(_: click.Context, __: click.Parameter, condition: str | None) -> str | None:
    """Start the process that evaluates a condition from outside, while this one imports its own modules."""
    if condition is not None:
        sandbox.begin()
    return condition


def raw_option(function: Function) -> Function:
    """Add ``--raw``: unmasked texts."""
    return click.option("--raw", is_flag=True, help="Show texts with personal data unmasked.")(function)


def pairs(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return ``key=value`` options as a dictionary."""
    found = {}
    for value in values:
        key, sign, rest = value.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"{value!r} is not key=value", ctx, option)
        found[key.strip()] = rest.strip()
    return found


def names(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[str]:
    """Return names that were given one by one or separated by commas."""
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def open_index(path: str | None) -> RIIndex:
    """Open the given index."""
    from riindex.index import RIIndex

    return RIIndex(index_path(path), long_lived=False, sandboxed=True)


def index_path(path: str | None) -> Path:
    """Return the file of the given index, else the only one in this folder; shipped copies do not count."""
    return Path(path) if path else _only_index()


def _only_index() -> Path:
    found = sorted(Path().glob("*.duckdb"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise IndexNotFound("there is no index in this folder", "build one: ri build tweets.parquet, or give -i FILE")
    built = [path for path in found if not _is_copy(path)]
    if len(built) == 1:
        return built[0]
    names = ", ".join(p.name for p in found[:5])
    raise IndexNotFound(f"there are {len(found)} indexes in this folder ({names})", "choose one: -i FILE")


def _is_copy(path: Path) -> bool:
    """Return True for a copy that ri ship made; a file that cannot be read is not one."""
    from riindex.errors import RiError
    from riindex.store.database import Store

    try:
        with Store.read(path) as store:
            return store.has("shipped")
    except RiError:
        return False
