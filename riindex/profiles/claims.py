"""Claims: every statement about a persona as a row, with the SQL that computes its figure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from riindex.profiles.statements import Statement
from riindex.store.database import Store
from riindex.store.statements import sql_text

# Kind of statement → SQL file of its figure.
QUESTIONS = {
    "size": "enrich/claims/claim_size",
    "term": "enrich/claims/claim_words",
    "ngram": "enrich/claims/claim_words",
    "absent_term": "enrich/claims/claim_words",
    "hashtag": "enrich/claims/claim_hashtag",
    "hour": "enrich/claims/claim_hour",
    "trait": "enrich/claims/claim_trait",
    "trend": "enrich/claims/claim_trend",
}


def write_claims(store: Store, statements: Sequence[tuple[int, Statement]], timezone: str) -> list[str]:
    """Write ``claims``; return the claim ids, in the order of the given (persona, statement)."""
    import pyarrow as pa

    ids = claim_ids([persona for persona, _ in statements])
    own = [statement for _, statement in statements]
    columns = {
        "position": list(range(len(own))),
        "claim_id": pa.array(ids, pa.string()),
        "persona_id": pa.array([persona for persona, _ in statements], pa.int32()),
        "place": pa.array([s.place for s in own], pa.string()),
        "kind": pa.array([s.kind for s in own], pa.string()),
        "subject": pa.array([s.subject for s in own], pa.string()),
        "sentence": pa.array([s.sentence for s in own], pa.string()),
        "sql": pa.array([question(persona, s, timezone) for persona, s in statements], pa.string()),
        "value": pa.array([s.value for s in own], pa.float64()),
        "baseline": pa.array([s.baseline for s in own], pa.float64()),
        "n": pa.array([s.n for s in own], pa.int64()),
    }
    store.insert("enrich/claims/claims", pa.table(columns))
    return ids


def claim_ids(personas: Sequence[int]) -> list[str]:
    """Return claim ids ``p7c1``, ``p7c2``, …, numbered within each persona."""
    counts: dict[int, int] = defaultdict(int)
    found = []
    for persona in personas:
        counts[persona] += 1
        found.append(f"p{persona}c{counts[persona]}")
    return found


def question(persona: int, statement: Statement, timezone: str) -> str:
    """Return the complete SQL of a statement's figure, to run in any client that has the file open."""
    subject = statement.subject
    values: dict[str, str | int] = {"persona": persona, "feature": subject, "timezone": timezone}
    values["said"] = f" {subject.removeprefix('#') if statement.kind == 'hashtag' else subject} "
    if statement.kind == "hour":
        values["hour"] = int(subject)
    return filled(sql_text(QUESTIONS[statement.kind]), values)


def filled(text: str, values: Mapping[str, str | int]) -> str:
    """Return the text of a statement without its header, with its values as literals."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return re.sub(r"\$([a-z_]+)", lambda match: _literal(values[match[1]]), body).strip().rstrip(";")


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
