"""Edits by hand: renamed and merged personas, each a row of the file that every later build applies again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from riindex import encoders
from riindex.algorithms.parallel import Workers
from riindex.config.build_config import BuildConfig, from_json
from riindex.config.sections import OPENAI_URL
from riindex.errors import QueryError
from riindex.grouping.space import Matrices, fuse
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.pipeline.revise import edited
from riindex.pipeline.stage import following
from riindex.pipeline.stages import STAGES
from riindex.profiles import llm as namers
from riindex.search.lance import new_vector_folder
from riindex.store import digests
from riindex.store.builds import BuildRow, last_build
from riindex.store.database import Store
from riindex.store.locks import sole_writer
from riindex.text.display import terminal_text
from riindex.version import __version__

# Most characters of a name that listings show in full.
MAX_NAME_CHARS = 80


@dataclass(frozen=True)
class Edit:
    """Edit: ``rename`` of ``persona`` to ``name``, or ``merge`` of ``other`` into it."""

    kind: str
    persona: int
    other: int | None
    name: str | None

    def __str__(self) -> str:
        if self.kind == "rename":
            return f"persona {self.persona} is called {self.name}"
        return f"persona {self.other} is merged into persona {self.persona}"


def rename_persona(path: str | os.PathLike[str], persona: int, name: str) -> Edit:
    """Rename a persona; the successor of the persona in later builds keeps the name.

    Raises QueryError for an unknown number, an empty or too long name, or the name of another persona.
    """
    tidied = " ".join(name.split())
    if not tidied or len(tidied) > MAX_NAME_CHARS or terminal_text(tidied) != tidied:
        raise QueryError(
            "the name is not valid", f"give one of 1 to {MAX_NAME_CHARS} characters, none of them a control character"
        )
    with _editing(path) as (store, _):
        names = _names(store, persona)
        if any(other.lower() == tidied.lower() for number, other in names.items() if number != persona):
            raise QueryError(f"another persona is called {tidied!r}", "two personas cannot have one name")
        edit = Edit("rename", persona, None, tidied)
        _insert(store, edit)
        _name(store)
    return edit


def merge_personas(
    path: str | os.PathLike[str], into: int, other: int, namer: str | None = None, base_url: str | None = None
) -> Edit:
    """Merge two personas: the documents of ``other`` go to ``into``, and every figure is recomputed.

    ``namer``: ``openai:MODEL``, which is queried for names at ``base_url``. Without it no model is queried, regardless
    of the settings of the build: names from a model stay if its answer still fits. Raises QueryError for an unknown
    number, one persona given twice, or the last two personas.
    """
    with _editing(path) as (store, target):
        names = _names(store, into, other)
        if into == other:
            raise QueryError("both are the same persona", "give two different ones")
        if len(names) == 2:
            raise QueryError("only two personas are left", "a single one cannot be compared with others")
        edit = Edit("merge", into, other, None)
        _insert(store, edit)
        _recompute(store, target, namer, base_url)
    return edit


def undo_edit(path: str | os.PathLike[str], namer: str | None = None, base_url: str | None = None) -> Edit:
    """Undo the last edit that is in effect; return that edit. QueryError if there is none.

    ``namer``, ``base_url``: as for ``merge_personas``.
    """
    with _editing(path) as (store, target):
        rows = store.rows("succeed/edited")
        if not rows:
            raise QueryError("the index has no edits to undo", "ri rename and ri merge make edits")
        number, *fields = rows[-1]
        edit = Edit(*fields)
        store.run("edits/undo_edit", edit=number)
        if edit.kind == "rename":
            _name(store)
        else:
            _recompute(store, target, namer, base_url)
    return edit


@contextmanager
def _editing(path: str | os.PathLike[str]) -> Iterator[tuple[Store, Path]]:
    """Yield a copy of the index, which replaces it if no error occurs; QueryError for a shipped copy."""
    target = Path(path).resolve()
    with sole_writer(target, "edit"):
        with Store.read(target) as published:
            tables = published.tables()
            if "shipped" in tables or not {"edits", "successions", "documents"} <= tables:
                shipped = "this is a shipped copy" if "shipped" in tables else "this index was made by an older riindex"
                raise QueryError(f"{shipped}: it cannot be edited", "edit the index that ri build made")
        folder = new_vector_folder(target, f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.urandom(2).hex()}")
        with edited(target, "editing", folder) as store:
            store.run("shared/text")
            yield store, folder
            digests.record(store)


def _names(store: Store, *personas: int) -> dict[int, str]:
    names: dict[int, str] = dict(store.rows("ask/personas/persona_names"))
    for persona in personas:
        if persona not in names:
            raise QueryError(f"there is no persona {persona}", "ri personas lists them")
    return names


def _insert(store: Store, edit: Edit) -> None:
    made_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    store.run("edits/add_edit", kind=edit.kind, persona=edit.persona, other=edit.other, called=edit.name,
              made_at=made_at)  # fmt: skip


def _name(store: Store) -> None:
    import pyarrow as pa

    rows = store.rows("succeed/renames")
    columns = {
        "persona_id": pa.array([row[0] for row in rows], pa.int32()),
        "name": pa.array([row[1] for row in rows], pa.string()),
    }
    store.insert("enrich/names/given_names", pa.table(columns))
    names = [name.lower() for (name,) in store.rows("edits/names")]
    if len(set(names)) < len(names):
        raise QueryError("another persona has received that name since", "rename that one first")


def _recompute(store: Store, folder: Path, namer: str | None, base_url: str | None) -> None:
    """Recompute everything that depends on the assignment of documents to personas."""
    build: BuildRow = last_build(store)
    config: BuildConfig = from_json(build.config)
    # The server for a key and a request is never taken from a file, which may come from a third party.
    model = None
    if namer is not None:
        config = config.with_setting("enrich.namer", namer)
        config = config.with_setting("enrich.base_url", base_url or OPENAI_URL)
        model = namers.load(config.enrich)
    workers = Workers.all()
    static = encoders.load(config.embed.encoder, workers.threads) if config.embed.encoder == "static" else None
    run = Run(store, config, NullProgress(), workers, encoder=static, vector_table=folder,
              matrices=Matrices(lambda: fuse(store, config, workers)), namer=model)  # fmt: skip
    for stage in following(STAGES, "assign"):
        stage.function(stage.given(run))
    store.run("views/about", version=__version__, called=config.ingest.called, preset=build.preset,
              encoder=build.encoder, sources="the sources that the table build names")  # fmt: skip
    store.run("build/record_vectors", vector_table=folder.name, build_id=build.build_id)
