"""Evidence: typical posts of each persona that differ from each other."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from riindex.algorithms.mmr import select_diverse
from riindex.store.database import Store
from riindex.text.pii import mask_text

# Typical documents among which evidence is chosen.
CANDIDATES = 200


def write_evidence(store: Store, most: int) -> dict[int, list[str]]:
    """Write ``persona_evidence``; return the texts of each persona, with personal data masked."""
    import pyarrow as pa

    offered = store.arrow("enrich/claims/candidates", most=CANDIDATES)
    width = offered.schema.field("vector").type.list_size
    vectors = np.asarray(offered.column("vector").combine_chunks().flatten()).reshape(-1, width)
    personas = np.asarray(offered.column("persona_id"))
    authors, texts = offered.column("author").to_pylist(), offered.column("text").to_pylist()
    doc_ids = offered.column("doc_id").to_pylist()
    rows: list[tuple[int, int, int, str]] = []
    for persona in np.unique(personas):
        own = np.flatnonzero(personas == persona)
        picked = select_diverse(vectors[own], [authors[i] for i in own], most)
        rows += [(int(persona), rank, doc_ids[own[i]], mask_text(texts[own[i]])) for rank, i in enumerate(picked, 1)]
    columns = [pa.array([row[i] for row in rows]) for i in range(4)]
    store.insert("enrich/claims/persona_evidence", pa.table(columns, names=("persona_id", "rank", "doc_id", "text")))
    found: dict[int, list[str]] = defaultdict(list)
    for persona, _, _, text in rows:
        found[persona].append(text)
    return found
