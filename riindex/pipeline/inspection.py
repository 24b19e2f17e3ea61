"""Inspection of sources before a build: kind of export, roles of columns, and share of values that are readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from riindex.machine.progress import NullProgress

if TYPE_CHECKING:
    from riindex.pipeline.context import Run
    from riindex.pipeline.stages.ingest import Read
    from riindex.store.database import Store

# Values of a role that are shown, and characters of each.
SAMPLE_VALUES, SAMPLE_WIDTH = 3, 60


@dataclass(frozen=True)
class RoleReport:
    """One role of a source: how it is read, why so, the share of rows with a value, and masked samples.

    ``readable``: share of the given values that could be read, for times and counts; 1 for all else.
    """

    role: str
    columns: str
    reason: str
    filled: float
    readable: float
    samples: Sequence[str]


@dataclass(frozen=True)
class Inspection:
    """Content of one source as a build would read it.

    ``family``: the kind of export, or ""; ``zone``: how times are understood; ``linked``: replies whose post is there
    too; ``unused``: columns without a role, which are kept as they are; ``warnings``: what to check.
    """

    source: str
    family: str
    rows: int
    documents: int
    authors: int
    roles: Sequence[RoleReport]
    languages: Mapping[str, int]
    first_at: datetime | None
    last_at: datetime | None
    zone: str
    replies: int
    linked: int
    unused: Sequence[str]
    warnings: Sequence[str]

    @property
    def line(self) -> str:
        """The inspection in one line."""
        roles = ", ".join(f"{role.role} ← {role.columns}" for role in self.roles)
        return f"{self.source}: {self.family or 'table'}, {self.documents:,} of {self.rows:,} rows; {roles}"


class _Warnings(NullProgress):
    """Receiver that keeps the warnings."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def warn(self, text: str) -> None:
        """Keep a warning, once."""
        if text not in self.kept:
            self.kept.append(text)


def inspect(
    source: Any, *, map: Mapping[str, str] | None = None, query: str | None = None, raw: bool = False
) -> list[Inspection]:
    """Return what a build would read from sources, one Inspection a file; nothing is built.

    ``source``: a path, glob, URL or frame, or a list of them; ``map``: role → column, as for ``build``; ``raw``: show
    personal data in the samples. Raises InputError for what cannot be read.
    """
    from riindex import sources
    from riindex.algorithms.parallel import Workers
    from riindex.config.presets import preset
    from riindex.pipeline.context import Run
    from riindex.pipeline.stages.ingest import read_times, stage, value_shares, write
    from riindex.store.database import Store
    from riindex.store.folders import private_folder

    given = list(source) if isinstance(source, list | tuple) else [source]
    config = preset(sources.kind_of(given) or "tweets")
    config = replace(config, ingest=replace(config.ingest, map=dict(map or {})))
    report = _Warnings()
    with private_folder() as folder, Store.create(folder / "inspected.duckdb") as store:
        store.run("shared/text")
        run = Run(store, config, report, Workers(1), sources.resolve(given, query))
        reads = stage(run)
        read_times(run)
        shares = {read.number: value_shares(store, read.number) for read in reads}
        roles = [_roles(store, read, shares[read.number], raw) for read in reads]
        write(run, reads)
        return [_inspection(run, read, found, report.kept) for read, found in zip(reads, roles, strict=True)]


def _roles(store: Store, read: Read, shares: Sequence[tuple[str, int, int, str]], raw: bool) -> list[RoleReport]:
    readable = {role: found / given for role, given, found, _ in shares if given}
    table = store.connection.table(read.table)
    found = []
    for role in read.roles.readings:
        values = table.select(read.roles.value(role).alias("value"))
        rows, filled = values.aggregate("count(*), count(nullif(trim(value), ''))").fetchall()[0]
        shown = values.filter("trim(value) <> ''").limit(SAMPLE_VALUES).fetchall()
        found.append(
            RoleReport(
                role, read.roles.shown(role), read.roles.reasons[role], filled / rows if rows else 0.0,
                readable.get(role, 1.0), [_sample(value, role, raw or readable.get(role) == 1) for (value,) in shown],
            )
        )  # fmt: skip
    return found


def _sample(value: str, role: str, raw: bool) -> str:
    from riindex.text.pii import mask_value

    shown = value if raw else str(mask_value(value, role if role == "author" else ""))
    shown = " ".join(shown.split())
    return shown if len(shown) <= SAMPLE_WIDTH else shown[: SAMPLE_WIDTH - 1] + "…"


def _inspection(run: Run, read: Read, roles: Sequence[RoleReport], warnings: Sequence[str]) -> Inspection:
    rows, documents, authors, first, last, replies, linked, languages = run.store.rows(
        "ingest/read/inspected", source_no=read.number
    )[0]
    name = read.source.name
    others = [other.name for other in run.sources if other is not read.source]
    own = [w for w in warnings if not any(w.startswith(other + ":") for other in others)]
    return Inspection(
        source=name, family=read.roles.form.name if read.roles.form else "", rows=rows, documents=documents,
        authors=authors, roles=roles, languages=languages or {}, first_at=first, last_at=last,
        zone="UTC; times without a zone are taken as UTC", replies=replies, linked=linked, unused=read.extras,
        warnings=own,
    )  # fmt: skip
