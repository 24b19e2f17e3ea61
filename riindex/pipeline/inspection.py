"""Inspection of sources before a build: kind of export, roles of columns, and share of values that are readable."""

from __future__ import annotations

import re
from collections import Counter
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


# Ids as platforms give them to posts, which are no personal data; those of other forms are masked like texts.
ID_ROLES = ("tweet_id", "in_reply_to")
PLATFORM_ID = re.compile(r"\d{1,20}(?:\.0)?|t\d_\w{1,12}")
YES_OR_NO = re.compile(r"true|false|yes|no|[01]", re.I)
# Texts in which languages are looked for.
LANGUAGE_TEXTS, SHOWN_LANGUAGES = 2_000, 5


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

    ``languages``: name → share of the texts whose language is given, or found by their letters and common words.
    ``family``: the kind of export, or ""; ``zone``: how times are understood; ``date_order``: order of day and month
    in dates such as 02/01/2017, and what shows it; ``linked``: replies whose post is there
    too; ``unused``: columns without a role, which are kept as they are; ``warnings``: what to check.
    """

    source: str
    family: str
    rows: int
    documents: int
    authors: int
    roles: Sequence[RoleReport]
    languages: Mapping[str, float]
    first_at: datetime | None
    last_at: datetime | None
    zone: str
    date_order: str
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
    from riindex.pipeline.stages.ingest import stage, value_shares, write
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
        shares = {read.number: value_shares(store, read.number) for read in reads}
        roles = [_roles(store, read, shares[read.number], raw) for read in reads]
        write(run, reads)
        return [_inspection(run, read, found, report.kept) for read, found in zip(reads, roles, strict=True)]


def _languages(store: Store, number: int, given: Mapping[str, int] | None) -> dict[str, float]:
    """Return name → share of the most frequent languages: as the source gives them, else found in its texts."""
    from riindex.text.languages import language_name, language_of

    counts = Counter(given or {})
    if not counts:
        texts = store.rows("ingest/inspect/some_texts", source_no=number, limit=LANGUAGE_TEXTS)
        counts.update(filter(None, (language_of(text) for (text,) in texts)))
    total = counts.total()
    named: Counter[str] = Counter()
    for language, count in counts.items():
        named[language_name(language)] += count
    return {name: count / total for name, count in named.most_common(SHOWN_LANGUAGES)}


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

    plain = role in ID_ROLES and PLATFORM_ID.fullmatch(value.strip()) is not None
    # A mark of a repost may be the name of whom it is from.
    person = role == "author" or (role == "is_repost" and not YES_OR_NO.fullmatch(value.strip()))
    shown = value if raw or plain else str(mask_value(value, "author" if person else ""))
    shown = " ".join(shown.split())
    return shown if len(shown) <= SAMPLE_WIDTH else shown[: SAMPLE_WIDTH - 1] + "…"


def _inspection(run: Run, read: Read, roles: Sequence[RoleReport], warnings: Sequence[str]) -> Inspection:
    rows, documents, authors, first, last, replies, linked, languages = run.store.rows(
        "ingest/inspect/inspected", source_no=read.number
    )[0]
    name = read.source.name
    others = [other.name for other in run.sources if other is not read.source]
    own = [w for w in warnings if not any(w.startswith(other + ":") for other in others)]
    return Inspection(
        source=name, family=read.roles.form.name if read.roles.form else "", rows=rows, documents=documents,
        authors=authors, roles=roles, languages=_languages(run.store, read.number, languages),
        first_at=first, last_at=last,
        zone="UTC; times without a zone are taken as UTC", date_order=read.date_order,
        replies=replies, linked=linked, unused=read.extras,
        warnings=own,
    )  # fmt: skip
