"""Views and macros: those that this version writes into a file, and objects in a file that riindex did not write."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from riindex.store.database import ALIAS, Store
from riindex.store.folders import private_folder
from riindex.store.macros import MACROS
from riindex.store.statements import quoted, sql_text

# Every table that a build, an edit or a shipped copy may have.
TABLES = frozenset(
    {
        "about",
        "assignments",
        "axes",
        "behaviour",
        "build",
        "calibration",
        "claims",
        "digests",
        "document_extras",
        "documents",
        "dropped",
        "edits",
        "embeddings",
        "funnel",
        "granularity",
        "granularity_levels",
        "label_scores",
        "labels",
        "layout",
        "layout_axes",
        "learned_heads",
        "namings",
        "persona_centres",
        "persona_evidence",
        "persona_growth",
        "persona_hints",
        "persona_hours",
        "persona_quality",
        "persona_similarity",
        "persona_stances",
        "persona_terms",
        "persona_traits",
        "persona_trends",
        "persona_weekdays",
        "personas",
        "postings",
        "quality",
        "raw_labels",
        "reduced",
        "refits",
        "raw_texts",
        "rejects",
        "replies",
        "search_personas",
        "search_vectors_own",
        "shipped",
        "silhouettes",
        "stage_run",
        "speakers",
        "stances",
        "successions",
        "terms",
        "words",
    }
)
VIEWS = frozenset({"descriptions", "fit_sample", "persona_labels", "search_vectors", "spoken_texts", "tweets"})
# Macro → the table that it reads; a shipped copy may lack it.
NEEDS = {
    "similar_tweets": "search_vectors",
    "ranked_tweets": "search_vectors",
    "search_tweets": "postings",
    "matching_tweets": "postings",
    "keyword_scores": "postings",
}


# Objects that riindex writes, by kind; it writes none of other kinds.
_OWN = {"table": TABLES, "view": VIEWS, "macro": MACROS}
# A statement that creates or comments on a view or macro, and its name.
_OBJECT = re.compile(r"(?:create or replace (?:view|macro)|comment on (?:view|macro table|macro|column))\s+(\w+)")


@dataclass(frozen=True)
class ForeignObject:
    """Object in a file that riindex did not write, or not like this: kind (table, view, macro, …), name, problem."""

    kind: str
    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def write_code(connection: duckdb.DuckDBPyConnection, tables: set[str], kind: str) -> None:
    """Write every view and macro of a file with these ``tables`` into the current database.

    ``kind``: the kind of documents, after which the flat view is named.
    """
    has_vectors = bool(tables & {"embeddings", "search_vectors_own"}) and "documents" in tables
    names = []
    if "documents" in tables:
        names += [f"views/{view}" for view in dict.fromkeys(("tweets", kind))]
        names.append("enrich/terms/spoken_texts")
    if "labels" in tables:
        names.append("views/persona_labels")
    if has_vectors:
        names.append("words/own_vectors" if "search_vectors_own" in tables else "words/same_vectors")
    names += ["words/keywords", "words/macros"]
    names.append("enrich/persona_card" if "persona_hints" in tables else "share/ship/public/public_card")
    there = tables | ({"search_vectors"} if has_vectors else set())
    left_out = {macro for macro, needed in NEEDS.items() if needed not in there}
    for name in names:
        for statement in connection.extract_statements(sql_text(name)):
            written = _OBJECT.search(statement.query)
            if written is not None and written[1] in (MACROS | VIEWS) - left_out:
                connection.execute(statement)


def drop_code(store: Store) -> None:
    """Drop every view and macro of the file that is open for writing."""
    for kind, name, _ in _code(store, ALIAS):
        if kind == "view":
            store.drop(name, "view")
    for name, gives_table in store.rows("catalog/macro_kinds"):
        store.drop(name, "macro table" if gives_table else "macro")


def foreign_objects(store: Store, kind: str) -> list[ForeignObject]:
    """Return the objects of the open file that this version of riindex does not write, or writes differently.

    Tables that riindex writes are not inspected: ``verify`` checks their rows.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for what, name, definition in _code(store, ALIAS):
        found[what, name].append(definition)
    tables = {name.removeprefix("main.") for what, name in found if what == "table"}
    expected = _expected(store, tables & TABLES, kind)
    foreign = []
    for (what, name), definitions in sorted(found.items()):
        if what == "table":
            if name.startswith("main.") and name.removeprefix("main.") not in TABLES:
                foreign.append(ForeignObject(what, name.removeprefix("main."), "riindex does not write such a table"))
        elif (what, name) not in expected:
            foreign.append(ForeignObject(what, name, f"riindex does not write such a {what}"))
        elif sorted(definitions) != sorted(expected[what, name]):
            foreign.append(ForeignObject(what, name, f"this {what} differs from the one that riindex writes"))
    missing = sorted(expected.keys() - found.keys())
    foreign += [ForeignObject(what, name, f"the {what} is missing") for what, name in missing]
    return foreign


def foreign_names(store: Store) -> list[ForeignObject]:
    """Return the objects of the open file whose names riindex uses for no object of their kind."""
    found = []
    for kind, name, _ in _code(store, ALIAS):
        shown = name.removeprefix("main.")
        if shown not in _OWN.get(kind, frozenset()):
            found.append(ForeignObject(kind, shown, f"riindex does not write such a {kind}"))
    return list(dict.fromkeys(found))


def replacing_views(store: Store) -> list[str]:
    """Return the views that have the name of one of riindex's tables."""
    return [found.name for found in foreign_names(store) if found.kind == "view" and found.name in TABLES]


def _code(store: Store, database: str) -> list[tuple[str, str, str]]:
    return store.rows("catalog/code", database=database)


def _expected(store: Store, tables: set[str], kind: str) -> dict[tuple[str, str], list[str]]:
    """Return kind and name → definitions that this version writes for tables with these columns."""
    expected: dict[tuple[str, str], list[str]] = defaultdict(list)
    with private_folder() as folder:
        path = {"path": str(folder / "mirror.duckdb")}
        try:
            with duckdb.connect() as connection:
                _execute(connection, "catalog/mirror", path)
                for table in sorted(tables):
                    connection.from_arrow(store.table(table).limit(0).to_arrow_table()).create(quoted(table))
                write_code(connection, tables, kind)
            with duckdb.connect() as connection:
                _execute(connection, "catalog/mirrored", path)
                rows = _execute(connection, "catalog/code", {"database": "mirror"}).fetchall()
        except duckdb.Error:
            return expected  # a table lacks columns that riindex writes, so its views and macros cannot exist
    for what, name, definition in rows:
        if what != "table":
            expected[what, name].append(definition)
    return expected


def _execute(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    for statement in connection.extract_statements(sql_text(name)):
        connection.execute(statement, {key: values[key] for key in statement.named_parameters})
    return connection
