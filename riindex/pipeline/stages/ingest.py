"""Ingestion of any source in one shape: documents, replies, extra columns, and rejected rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from riindex import sources
from riindex.errors import InputError
from riindex.pipeline.context import Run
from riindex.sources import Source
from riindex.sources.base import EMPTY_HINT
from riindex.sources.columns import ROLES, ROLES_BY_KIND, join_names, normalised_name
from riindex.sources.contents import Contents
from riindex.sources.descriptions import KIND, check_blocks
from riindex.sources.roles import Roles, roles_of, unused
from riindex.store.arrow import string_array
from riindex.store.database import Store
from riindex.store.statements import quoted
from riindex.store.views import TWEET_COLUMNS
from riindex.text import readable, tokenised
from riindex.text.pii import mask_text

# Rows are in the order of the source. The rowid of DuckDB counts from 2^55 until a transaction is committed.
ROW_NUMBER = "row_number() over ()"
# Sources whose roles are reported without being asked for.
SHOWN_SOURCES = 3
# Texts that are made readable at a time.
TEXT_BATCH = 50_000
# Orders of the first two numbers of a date.
DAY_FIRST, MONTH_FIRST = "day/month", "month/day"
# Types with named parts.
NESTED = re.compile(r"STRUCT\(|MAP\(|UNION\(|VARIANT")


@dataclass(frozen=True)
class Read:
    """Source in a scratch table, with the roles of its columns, and how its dates such as 02/01/2017 are read."""

    source: Source
    table: str
    number: int
    roles: Roles
    extras: Sequence[str]
    date_order: str = ""


def ingest(run: Run) -> None:
    """Write documents, replies, document_extras and rejects from the run's sources."""
    write(run, stage(run))


def stage(run: Run) -> list[Read]:
    """Read the run's sources into one scratch table of all roles, every value still text."""
    store = run.store
    store.run("ingest/schema")
    store.run("ingest/values")
    store.run("ingest/read/readings")
    store.run("ingest/staged")
    reads = [_stage(run, source, number, "staged") for number, source in enumerate(run.sources, 1)]
    for number, source in enumerate(run.replies, len(reads) + 1):
        read = _stage(run, source, number, "staged_replies")
        if "in_reply_to" not in read.roles.readings:
            raise InputError(
                f"{source.name} has no column for the tweet that each reply answers",
                "name the column: --map in_reply_to=COLUMN",
            )
    _mend(run)
    orders = _read_times(run)
    return [replace(read, date_order=orders.get(read.number, "")) for read in reads]


def write(run: Run, reads: Sequence[Read]) -> None:
    """Write the tables of the stage from what was read."""
    store = run.store
    _write(run, reads)
    documents, replies, rejected = store.rows("ingest/figures")[0]
    if not documents and not rejected:
        raise InputError(f"{', '.join(s.name for s in run.sources)} has a header but no rows", EMPTY_HINT)
    if not documents:
        raise InputError("no row has a text", "check --map text=COLUMN, or the file")
    run.report.note(f"{documents:,} documents, {replies:,} replies")
    ambiguous = store.value("ingest/ambiguous_ids")
    if ambiguous:
        run.report.warn(f"{ambiguous:,} ids are on rows with different texts; use doc_id for these")
    if rejected:
        run.report.warn(f'{rejected:,} rows could not be read; see the table rejects (ri sql "from rejects")')


def _stage(run: Run, source: Source, number: int, staged: str) -> Read:
    """Read one source and write its roles, as text, to the staged table."""
    store = run.store
    table = f"raw_{number}"
    columns = sources.read(store, source, table, run.report.warn)
    store.run("ingest/read/rejected", source=source.name)
    columns = [c for c in columns if c]
    if run.config.ingest.kind == KIND and source.format == ".txt":
        check_blocks(columns, source.name)
    names = ROLES_BY_KIND[run.config.ingest.kind]
    contents = Contents.of(store, table)
    roles = roles_of(columns, run.config.ingest.map, source.name, names, contents)
    _say_roles(run, source, columns, roles, contents)
    selected = [duckdb.ConstantExpression(number), duckdb.SQLExpression(ROW_NUMBER)]
    selected += [roles.value(role).alias(role) for role in ROLES]
    store.append_scratch(staged, store.connection.table(table).select(*selected))
    if staged == "staged":
        store.run("ingest/no_text", source=source.name, source_no=number)
    return Read(source, table, number, roles, [c for c in columns if c not in roles.used])


def _say_roles(run: Run, source: Source, columns: Sequence[str], roles: Roles, contents: Contents) -> None:
    """Report how the roles were found, and what looks like one and was not used."""
    family = f" ({roles.form.name})" if roles.form is not None else ""
    columns_of = [(role, roles.shown(role)) for role in roles.readings]
    shown = ", ".join(role if role == column else f"{role} ← {column}" for role, column in columns_of)
    told = run.report.note if source in run.sources[:SHOWN_SOURCES] else run.report.detail
    told(f"{Path(source.name).name}{family}: {shown}")
    text = roles.columns["text"]
    others = [c for c in columns if normalised_name(c) in ROLES["text"] and c != text and contents.fits("text", c)]
    if others and roles.reasons["text"] == "name" and len(roles.readings["text"]) == 1:
        run.report.note(f"the text is {text}, not {join_names(others, 3)} (--map text=COLUMN for another)")
    for note in (*roles.notes, *unused(roles, columns, contents)):
        run.report.warn(f"{source.name}: {note}")


def _mend(run: Run) -> None:
    """Repair texts that spreadsheets or tokenisers have changed, and drop ids that a spreadsheet has rounded."""
    store = run.store
    store.run("ingest/mend")
    mended = store.value("ingest/mended")
    if mended:
        run.report.warn(f"{mended:,} texts were formula cells of a spreadsheet (=@name); they were repaired")
    names = [source.name for source in (*run.sources, *run.replies)]
    for number, spaced, glued in store.rows("ingest/tokenised", spaced=tokenised.SPACED, glued=tokenised.GLUED):
        if tokenised.is_tokenised(spaced, glued):
            for pattern, replacement in tokenised.JOIN_STEPS:
                store.run("ingest/rejoin", source_no=number, pattern=pattern, replacement=replacement)
            run.report.warn(f"{names[number - 1]} has spaces round every sign; handles, hashtags and links were joined")
    store.run("ingest/damaged_ids")
    for number, damaged in store.rows("ingest/damaged"):
        run.report.warn(
            f"{names[number - 1]}: {damaged:,} ids were rounded by a spreadsheet (5.70306E+17, 570306133677760000); "
            "none of its ids is reliable, so each tweet got a new one, and replies are not linked"
        )
    store.run("ingest/forget_ids")
    _make_readable(run)


def _make_readable(run: Run) -> None:
    """Replace texts with markup, escapes or invisible characters by what a reader sees; the raw ones are kept."""
    import pyarrow as pa

    store = run.store
    counts = store.rows("ingest/readable/markdown", mark=readable.MARKDOWN)
    markdown = [number for number, texts, marked in counts if readable.is_markdown(texts, marked)]
    store.run("ingest/readable/suspects", markdown=markdown, suspect=readable.SUSPECT)
    steps: Counter[str] = Counter()
    first = 1
    while rows := store.rows("ingest/readable/batch", first=first, last=first + TEXT_BATCH - 1):
        found = [(marked, text, readable.readable(text, marked)) for marked, text in rows]
        changed = [(marked, raw, new) for marked, raw, new in found if new.text != raw]
        steps.update(name for _, _, new in changed for name in new.steps)
        columns = {
            "markdown": string_array([str(marked) for marked, _, _ in changed]),
            "raw": string_array([raw for _, raw, _ in changed]),
            "text": string_array([new.text for _, _, new in changed]),
        }
        store.insert("ingest/readable/found", pa.table(columns))
        first += TEXT_BATCH
    store.run("ingest/readable/replace", markdown=markdown)
    told = ", ".join(f"{name} {number:,}" for name, number in steps.most_common() if name != readable.DECODING)
    if told:
        run.report.note(f"made readable, by distinct texts: {told}")
    if steps[readable.DECODING]:
        run.report.warn(
            f"{steps[readable.DECODING]:,} texts had been decoded by the wrong table (cafÃ©); they were repaired"
        )


def _read_times(run: Run) -> dict[int, str]:
    """Read the times in other forms than those that programs write; return how sources order days and months."""
    if not run.store.value("ingest/times/other"):
        return {}
    run.store.run("ingest/times/written")
    orders = _date_orders(run)
    day_first = [number for number, order in orders.items() if order.startswith(DAY_FIRST)]
    run.store.run("ingest/times/read", day_first=day_first)
    return orders


def _date_orders(run: Run) -> dict[int, str]:
    """Return the order of dates such as 02/01/2017 by source, and what shows it; warn where that is a guess."""
    orders = {}
    names = [source.name for source in (*run.sources, *run.replies)]
    for number, days, months, day, month in run.store.rows("ingest/day_first"):
        setting = run.config.ingest.day_first
        first = days > months if setting == "auto" else setting == "yes"
        shown = "as set" if setting != "auto" else f"as {day if first else month} shows" if days or months else ""
        orders[number] = (DAY_FIRST if first else MONTH_FIRST) + (f", {shown}" if shown else ", a guess")
        name = names[number - 1]
        if not shown:
            run.report.warn(
                f"{name}: dates such as 02/01/2017 are ambiguous; read as month/day: --set day_first=yes for day/month"
            )
        elif days and months:
            run.report.warn(
                f"{name}: some dates put the day first ({day}), some the month ({month}); read as {orders[number]}"
            )
        else:
            run.report.note(f"{Path(name).name}: dates are {orders[number]}")
    return orders


def _write(run: Run, reads: Sequence[Read]) -> None:
    store = run.store
    absurd = store.value("ingest/out_of_range")
    if absurd:
        run.report.warn(f"{absurd:,} counts are above 2,147,483,647, as an id would be; they were dropped")
    snowflakes = not any("created_at" in read.roles.readings for read in reads)
    files = [source.file_name for source in run.sources]
    store.run("ingest/documents", snowflakes=snowflakes, source_files=files)
    store.run("ingest/readable/raw_texts")
    _warn_unread(run, reads)
    _write_extras(store, reads)
    store.run("ingest/replies")
    store.run("ingest/count_replies")


def _warn_unread(run: Run, reads: Sequence[Read]) -> None:
    """Warn of a column that has a role and whose values mostly could not be read."""
    for read in reads:
        for role, given, found, example in value_shares(run.store, read.number):
            if given > found and (2 * found < given or (role == "created_at" and not run.config.ingest.map)):
                column = read.roles.shown(role)
                run.report.warn(
                    f"{read.source.name}: {given - found:,} of {given:,} values of {column!r} could not be read as "
                    f"{role}, such as {mask_text(example[:40])!r}"
                )


def value_shares(store: Store, number: int) -> list[tuple[str, int, int, str]]:
    """Return role, values given, values read and one that was not, for times and counts of a source."""
    return store.rows("ingest/read/shares", source_no=number)


def _write_extras(store: Store, reads: Sequence[Read]) -> None:
    """Write the other columns under their names; a column of several sources is one column."""
    names = _extra_names(reads)
    for read in reads:
        own = {names[c]: c for c in read.extras}
        # As text: DuckDB compares each of a list of expressions with every column, a minute at 5,000 columns.
        selected = [f"{read.number} as source_no", f"{ROW_NUMBER} as row_no"]
        table = store.connection.table(read.table)
        kinds = dict(zip(table.columns, map(str, table.types), strict=True))
        for name in dict.fromkeys(names.values()):
            value = quoted(own[name]) if name in own else "null"
            # Clients cannot convert named parts to rows: they are stored as JSON.
            value = f"to_json({value})::varchar" if name in own and NESTED.search(kinds[own[name]]) else value
            selected.append(f"{value}{'::varchar' if len(reads) > 1 else ''} as {quoted(name)}")
        relation = table.select(", ".join(selected))
        if read is reads[0]:
            store.scratch("staged_extras", relation)
        else:
            store.append_scratch("staged_extras", relation)
        store.connection.execute("drop table " + read.table)
    store.run("ingest/extras")
    store.run("ingest/extras_comment")
    store.comment_columns("document_extras", list(names.values()), "A column of the source")


def _extra_names(reads: Sequence[Read]) -> dict[str, str]:
    """Return source column → column of document_extras: no reserved name, and no two that differ in case alone."""
    names: dict[str, str] = {}
    taken = {"source_no", "row_no"} | set(TWEET_COLUMNS)
    for column in dict.fromkeys(c for read in reads for c in read.extras):
        name = column
        while name.lower() in taken:
            name = f"source_{name}"
        taken.add(name.lower())
        names[column] = name
    return names
