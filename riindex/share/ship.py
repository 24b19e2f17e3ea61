"""Copies of an index for others: everything, without personal data, or aggregates alone."""

from __future__ import annotations

import secrets
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from riindex.algorithms.parallel import Workers
from riindex.config.build_config import BuildConfig, from_json
from riindex.config.sections import EnrichConfig
from riindex.encoders.static import StaticEncoder
from riindex.errors import ConfigError, QueryError, RiError, UnsafeIndex, as_build_error
from riindex.machine.paths import expand_path
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.pipeline.stages.enrich import enrich
from riindex.pipeline.stages.words import words
from riindex.profiles.names import Term, names
from riindex.profiles.verdict import ONE_ACCOUNT_SHARE
from riindex.store import catalog, digests
from riindex.store.arrow import matrix_column, vector_table
from riindex.store.builds import last_build
from riindex.store.catalog import TABLES, drop_code, foreign_objects, replacing_views, write_code
from riindex.store.database import Store
from riindex.store.folders import private_folder
from riindex.store.macros import MACROS
from riindex.store.outputs import check_writable, put_in_place
from riindex.store.views import write_views
from riindex.text.accounts import account_key
from riindex.text.pii import mask_columns, mask_text, remove_masks
from riindex.version import __version__

LEVELS = ("internal", "analyst", "public")
# Kinds of objects that belong to a table of riindex and cannot be dropped alone.
BOUND_KINDS = ("computed column", "constraint", "trigger", "type")
# Authors of the smallest step of a public copy.
SMALLEST_STEP = 5
# All tables of a public copy: a table that a later version adds is in none until it is listed here.
PUBLIC_TABLES = frozenset(
    {
        "about",
        "build",
        "digests",
        "persona_hours",
        "persona_similarity",
        "persona_stances",
        "persona_terms",
        "persona_traits",
        "persona_weekdays",
        "personas",
        "search_personas",
        "shipped",
        "stage_run",
        "words",
    }
)


def ship(
    path: Path,
    target: Path,
    level: str = "analyst",
    keep: Sequence[str] = (),
    k: int = 10,
    embeddings: bool = True,
) -> list[str]:
    """Write a compact copy of the index at ``path`` to ``target``; return a list of the removed data.

    ``internal``: everything. ``analyst``: texts masked, and vectors, words, terms and evidence recomputed from the
    masked texts; ids and authors hashed under a random key that is discarded; no dropped texts, rejects, places, or
    extra columns except ``keep``. ``public``: aggregates alone, each of at least ``k`` authors, in steps (``step_of``),
    without personas that one account wrote. At every level: no code that riindex did not write. Raises ConfigError for
    an unknown level, QueryError for a target that is another file already or cannot be written or, at ``public``, a
    source without authors.
    """
    path, target = path.resolve(), expand_path(target).resolve()
    _check(path, target, level, k)
    # Personal data is next to the index during the work, never in the folder of the copy.
    with as_build_error("making the copy", resumed=False), private_folder(path.parent) as scratch:
        copy, fresh = scratch / "copy.duckdb", scratch / "fresh.duckdb"
        shutil.copyfile(path, copy)
        removed: list[str] = []
        with Store.read(copy) as published:  # a table that a statement needs and that is not there is told here
            published.run("share/ship/needed")
        with Store.edit(copy) as store:
            kind = from_json(store.value("build/config")).ingest.kind
            removed += _without_foreign_objects(store, kind, level)
            if level != "internal":
                removed += _without_people(store, keep)
            if level == "public":
                removed += _aggregates(store, k)
            elif not embeddings:
                store.run("share/ship/without_vectors")
                removed.append("the vectors of tweets; similar_tweets needs them")
            _rewrite_code(store, kind)
            _write_notice(store, level, removed)
            store.run("share/ship/compact", path=str(fresh))
        _check_target(target)  # again, as minutes have passed
        _hand_over(fresh, target, path if level == "internal" else None)
    return removed


def _without_foreign_objects(store: Store, kind: str, level: str) -> list[str]:
    """Drop code that riindex did not write, and at every level but internal also tables; return a list of them.

    Raises UnsafeIndex for objects that cannot be separated from the index: views that replace tables, parts of tables.
    """
    found = [s for s in foreign_objects(store, kind) if s.name not in catalog.VIEWS | MACROS]
    bound = [str(s) for s in found if s.kind in BOUND_KINDS]
    if bound or replacing_views(store):
        raise UnsafeIndex(
            f"{', '.join([*map('view {}'.format, replacing_views(store)), *bound][:5])}: riindex did not write these",
            "build the index again, and ship the new one",
        )
    found = [s for s in found if s.kind in ("view", "macro") or level != "internal"]
    _rewrite_code(store, kind)
    for stranger in found:
        if stranger.kind in ("table", "schema", "sequence", "index"):
            store.drop(stranger.name, stranger.kind)
    return [f"objects that riindex did not write: {', '.join(map(str, found))}"] if found else []


def _rewrite_code(store: Store, kind: str) -> None:
    """Rewrite the views and macros for the existing tables."""
    drop_code(store)
    write_code(store.connection, store.tables(), kind)
    if store.has("documents"):
        write_views(store, kind)


def _check(path: Path, target: Path, level: str, k: int) -> None:
    if level not in LEVELS:
        raise ConfigError(f"there is no level {level!r}", f"choose one of: {', '.join(LEVELS)}")
    if k < 2:
        raise ConfigError("--k 1 would show single authors", "give at least 2")
    if target == path:
        raise QueryError("the target is the index itself", "choose another file")
    if target.is_dir() or not target.parent.is_dir():
        raise QueryError(f"{target} cannot be written", "choose a file in an existing folder")
    _check_target(target)
    free = shutil.disk_usage(target.parent).free
    if free < 2 * path.stat().st_size:
        raise QueryError(
            f"{target.parent} has {free / 1e6:.0f} MB of free space", "free more space: the copy is written twice"
        )


def _hand_over(fresh: Path, target: Path, index: Path | None) -> None:
    """Move the finished copy to its target, with the permissions of ``index`` if it is a full copy of that."""
    try:
        with private_folder(target.parent) as handed:
            shutil.copyfile(fresh, handed / "fresh.duckdb")
            if index is not None:
                shutil.copymode(index, handed / "fresh.duckdb")
            put_in_place(handed / "fresh.duckdb", target)
    except OSError as problem:
        raise QueryError(f"{target} cannot be written: {problem.strerror}", "choose another place") from problem


def _check_target(target: Path) -> None:
    check_writable(target)
    if target.exists() and not _is_copy(target):
        raise QueryError(
            f"{target} is another file already, not a shipped copy", "choose another name, or remove that file first"
        )


def _is_copy(path: Path) -> bool:
    """Return True if a file is a shipped copy and nothing else: it has the mark, and no other tables."""
    try:
        with Store.read(path) as store:
            return store.tables() <= TABLES and store.rows("share/ship/mark") == [(True,)]
    except (RiError, duckdb.Error):
        return False


def _without_people(store: Store, keep: Sequence[str]) -> list[str]:
    """Mask texts, hash ids and authors, and recompute everything that was derived from texts."""
    import pyarrow as pa

    build = last_build(store)
    config = _without_source(from_json(build.config))
    names = {row["persona_id"]: row["name"] for row in store.records("ask/personas/coverage")}
    named = ["names and sentences of a language model, except names whose every word is in a masked term"]
    named = named if store.has("namings") else []
    _keep_columns(store, keep)
    store.run("share/ship/forget")
    rows = store.rows("share/ship/texts")
    texts = [mask_text(text) for _, text in rows]
    ids = pa.array([doc_id for doc_id, _ in rows], pa.int64())
    store.insert("share/ship/masked", pa.table({"doc_id": ids, "text": pa.array(texts, pa.string())}))
    authors = [author for (author,) in store.rows("share/ship/author_names")]
    accounts = {"author": pa.array(authors, pa.string()), "account": pa.array(map(account_key, authors), pa.string())}
    store.insert("share/ship/pseudonyms", pa.table(accounts), key=secrets.token_hex(16))
    static = StaticEncoder()
    store.run("shared/text")
    store.make("embeddings", vector_table(ids.to_numpy(), static.encode([remove_masks(text) for text in texts])))
    store.run("embed/comments")
    run = Run(store, config, NullProgress(), Workers(2), encoder=static)
    enrich(run)
    words(run)
    _name_again(store, names)
    store.run("share/ship/settings", digest=static.digest, config=config.to_json())
    return [
        "personal data in texts, terms and evidence: e-mail, phones, handles, links, cards, ids and numbers are masked",
        "vectors of the original texts: all were recomputed from the masked texts, by the static encoder",
        "authors, tweet ids and reply ids: replaced by hashes under a discarded key",
        "dropped tweets, rejected rows, replies that are not documents, names and places of the source, settings",
        "edits by hand, and given names with a word that is in no masked term",
        *named,
        "extra columns of the source" + (f", except {', '.join(keep)}" if keep else ""),
    ]


def _without_source(config: BuildConfig) -> BuildConfig:
    """Return the settings without names and values of source columns, model folders and servers."""
    no_namer = replace(config.enrich, namer=EnrichConfig.namer, base_url=EnrichConfig.base_url)
    ingest, denoise = replace(config.ingest, map={}), replace(config.denoise, where="")
    return replace(config, ingest=ingest, denoise=denoise, embed=replace(config.embed, encoder="static"),
                   classify=replace(config.classify, file=""), enrich=no_namer)  # fmt: skip


def _keep_columns(store: Store, keep: Sequence[str]) -> None:
    table = store.arrow_table("document_extras")
    unknown = set(keep) - set(table.column_names)
    if unknown:
        raise ConfigError(
            f"there is no extra column {sorted(unknown)[0]!r}",
            f"there are: {', '.join(table.column_names[1:]) or 'none'}",
        )
    kept = mask_columns(table.select(["doc_id", *[name for name in keep if name != "doc_id"]]))
    store.insert("share/ship/extras", kept)
    store.comment_columns("document_extras", kept.column_names[1:], "A column of the source")


def _name_again(store: Store, names: dict[int, str]) -> None:
    """Restore the former names of personas if every word of a name is in the masked terms."""
    spoken = {word for (term,) in store.rows("share/ship/spoken") for word in term.lower().split()}
    for persona, name in names.items():
        if mask_text(name) == name and _subject(name) <= spoken:
            store.run("share/ship/rename", persona=persona, called=name)


def _name_openly(store: Store) -> None:
    """Rename personas whose own open terms do not contain every word of the name."""
    import pyarrow as pa

    terms: dict[int, list[Term]] = defaultdict(list)
    for persona, kind, rank, term, spelling, n, share in store.rows("share/ship/public/open_terms"):
        terms[persona].append(Term(kind, rank, term, spelling, n, share, None, 1.0))
    held = {row["persona_id"]: row["name"] for row in store.records("ask/personas/coverage")}
    spoken = {persona: {word for term in terms[persona] for word in term.term.split()} for persona in held}
    taken = {p: _spelled(name, terms[p]) for p, name in held.items() if _subject(name) <= spoken[p]}
    found = names({persona: terms[persona] for persona in held}, {}, taken=taken)
    store.insert(
        "share/ship/public/open_names",
        pa.table({"persona_id": list(found), "name": pa.array(found.values(), pa.string())}),
    )


def _spelled(name: str, terms: Sequence[Term]) -> str:
    """Return the name with its words spelled as in the open terms: the original spelling may be one author's."""
    open_spellings = {term.term: term.spelling for term in terms if " " not in term.term}
    words = []
    for word in name.split(" "):
        plain = word.strip(",()&")
        spelling = open_spellings.get(plain.lower(), plain)
        known = {spelling, spelling[:1].upper() + spelling[1:]}
        words.append(word if plain in known else word.replace(plain, spelling[:1].upper() + spelling[1:]))
    return " ".join(words)


def _subject(name: str) -> set[str]:
    """Return the words of a name that state its subject, in lower case, without the part in brackets."""
    return set(name.split(" (")[0].replace("&", " ").replace(",", " ").lower().split())


def step_of(k: int) -> int:
    """Return the step of the counts in a public copy: the first of 5, 10, 20, 40 … that is not below ``k``.

    Each step is a multiple of the one before. So a copy with a larger step reveals nothing that one with a smaller step
    of the same index does not, and copies with several steps together reveal no more than that of the smallest.
    """
    step = SMALLEST_STEP
    while step < k:
        step *= 2
    return step


def _aggregates(store: Store, k: int) -> list[str]:
    if not store.value("share/ship/authors"):
        raise QueryError("the source has no authors, so no figure can be proven to include enough of them",
                         "ship the analyst level, or map the author: --map author=COLUMN")  # fmt: skip
    step = step_of(k)
    small = [str(row[0]) for row in store.rows("share/ship/public/few_authors", k=step, flood=ONE_ACCOUNT_SHARE)]
    timezone = from_json(last_build(store).config).behave.timezone
    store.run("share/ship/public/public", k=step, flood=ONE_ACCOUNT_SHARE, timezone=timezone)
    _name_openly(store)
    _vectors_of_words(store, step)
    for table in sorted(store.tables() - PUBLIC_TABLES):
        store.drop(table)
    return [
        "every tweet: texts, vectors, places on the map, keywords, evidence, hints",
        f"every term, trait, hour, weekday and persona of fewer than {step} authors (personas: of core members), and "
        f"personas of which one account wrote {ONE_ACCOUNT_SHARE:.0%} or more"
        + (f" (personas {', '.join(small)})" if small else ""),
        f"names with a word that fewer than {step} authors of the persona use: they are replaced",
        f"exact figures: counts are of authors, each once, down to a multiple of {step}, the others have two digits; "
        "so this copy and another, or one of a later build, differ by whole steps or not at all",
        "phrases, core sizes, baselines, totals, funnel, quality: small groups could be found from them by subtraction",
    ]


def _vectors_of_words(store: Store, step: int) -> None:
    """Recompute the personas' search vectors and similarities from the words in the copy alone."""
    import pyarrow as pa

    rows = store.rows("share/ship/public/open_words", k=step)
    vectors = matrix_column(StaticEncoder().encode([words for _, words in rows]))
    numbers = pa.array([persona for persona, _ in rows], pa.int32())
    store.insert("words/search_personas", pa.table({"persona_id": numbers, "vector": vectors}))
    store.run("share/ship/public/open_similarity")


def _write_notice(store: Store, level: str, removed: Sequence[str]) -> None:
    import pyarrow as pa

    config = from_json(last_build(store).config)
    if level != "internal":
        store.run("share/ship/public/about", version=__version__, called=config.ingest.called)
    if level == "analyst":
        store.run("share/ship/public/about_posts", called=config.ingest.called)
    lines = list(removed) or ["nothing: this is the whole index"]
    rows = pa.table({"position": list(range(1, len(lines) + 1)), "removed": lines})
    store.insert("share/ship/shipped", rows, level=level)
    digests.record(store)
