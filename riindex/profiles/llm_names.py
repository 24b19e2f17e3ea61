"""Names and sentences for personas from a language model, checked and stored."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from riindex.machine.progress import Progress
from riindex.profiles.llm_prompt import Naming, Request, Subject, read, refusal, request
from riindex.store.database import Store

if TYPE_CHECKING:
    import duckdb

    from riindex.profiles.llm import Namer

# Requests per persona: one, and a second with the reason why the first answer was refused.
ATTEMPTS = 2
# Database of stored answers → SQL that selects them: this file, the one it replaces, the cache of an interrupted build.
KEPT = {
    "ri": "enrich/names/own_namings",
    "previous": "enrich/names/former_namings",
    "cache": "enrich/names/cached_namings",
}


def model_names(
    store: Store, subjects: Mapping[int, Subject], offline: Mapping[int, set[str]], spec: str | None, seed: int,
    namer: Namer | None, progress: Progress,
) -> dict[int, Naming]:  # fmt: skip
    """Write ``namings``, and return them by persona; one whose answer was refused twice has none, with a warning.

    ``offline``: the names in lower case that each persona has without a model, and no other may get. Without
    ``spec`` (the setting ``enrich.namer``) there is no such table. Each answer is stored at once, in a cache that
    survives a crash, and a request that was ever answered is not sent again.
    """
    found = dict[int, Naming]()
    if not spec:
        store.drop("namings")
        return found
    requests = {persona: request(subject, spec.removeprefix("openai:"), seed) for persona, subject in subjects.items()}
    with closing(store.connection.cursor()) as cursor:
        caching, kept = _open_kept(store, cursor)
        for done, (persona, subject) in enumerate(subjects.items(), 1):
            taken = {name for other, own in offline.items() if other != persona for name in own}
            taken |= {naming.name.lower() for naming in found.values()}
            naming = kept.get(requests[persona].digest)
            if naming is None or refusal(naming, subject.claims, taken):
                naming = _ask_model(namer, progress, persona, subject, requests[persona], taken)
                if naming is not None and caching:
                    _keep(store, cursor, requests[persona].digest, naming)
            if naming is not None:
                found[persona] = naming
            progress.progress(done, len(subjects), "personas")
    _write(store, spec, requests, found)
    progress.note(f"{len(found)} of {len(subjects)} personas named by {spec}")
    return found


def _ask_model(
    namer: Namer | None, progress: Progress, persona: int, subject: Subject, question: Request, taken: set[str]
) -> Naming | None:
    """Ask the model for a naming; None if its answer is refused, or there is no model."""
    if namer is None:
        return None
    reason = ""
    for _ in range(ATTEMPTS):
        answer = namer.ask(question)
        naming = read(answer)
        reason = refusal(naming, subject.claims, taken)
        if not reason:
            return naming
        question = question.again(answer, reason)
    progress.warn(
        f"persona {persona} keeps the name made of its figures: the answer of {namer.model} was refused, {reason}"
    )
    return None


def _open_kept(store: Store, cursor: duckdb.DuckDBPyConnection) -> tuple[bool, dict[str, Naming]]:
    """Return True if there is a cache for new answers, and digest of a request → naming for all stored answers."""

    def rows(name: str) -> list[tuple[Any, ...]]:
        return cursor.execute(store.statement(name)).fetchall()

    caching = ("cache",) in rows("enrich/names/databases")
    if caching:
        rows("enrich/names/naming_cache")
    kept = [row for (place,) in rows("enrich/names/naming_places") for row in rows(KEPT[place])]
    return caching, {digest: Naming(name, sentence, tuple(claims)) for digest, name, sentence, claims in kept}


def _keep(store: Store, cursor: duckdb.DuckDBPyConnection, digest: str, naming: Naming) -> None:
    """Store an answer durably, outside the transaction of the stage."""
    cursor.execute(
        store.statement("enrich/names/keep_naming"),
        {
            "digest": digest,
            "called": naming.name,
            "sentence": naming.sentence,
            "claim_ids": list(naming.claim_ids),
        },
    )


def _write(store: Store, spec: str, requests: Mapping[int, Request], found: Mapping[int, Naming]) -> None:
    import pyarrow as pa

    columns = {
        "digest": pa.array([requests[persona].digest for persona in found], pa.string()),
        "persona_id": pa.array(list(found), pa.int32()),
        "model": pa.array([spec] * len(found), pa.string()),
        "name": pa.array([naming.name for naming in found.values()], pa.string()),
        "sentence": pa.array([naming.sentence for naming in found.values()], pa.string()),
        "claim_ids": pa.array([list(naming.claim_ids) for naming in found.values()], pa.list_(pa.string())),
    }
    store.insert("enrich/names/namings", pa.table(columns))
