"""Do names tell personas apart? Given only the name, at which place does ri.similar_personas find the persona?

Run: python tests/bench/names.py INDEX.duckdb …

Mean reciprocal rank over the personas, beside that of the persona's top four TF-IDF terms joined.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from riindex.index import RIIndex


def reciprocal_ranks(ri: RIIndex, texts: dict[int, str]) -> list[float]:
    """1 / the place at which each persona is found by its text."""
    found = []
    for persona, text in texts.items():
        ranked = ri.similar_personas(text, len(texts))["persona_id"].to_list()
        found.append(1 / (ranked.index(persona) + 1))
    return found


def four_terms(ri: RIIndex) -> dict[int, str]:
    """Every persona's four terms of most TF-IDF, joined."""
    rows = ri.sql(
        "select persona_id, string_agg(term, ' ' order by tfidf desc, term) from (select *, row_number() over "
        "(partition by persona_id order by tfidf desc, term) as place from persona_terms where kind = 'term') "
        "where place <= 4 group by persona_id"
    ).fetchall()
    return dict(rows)


def main() -> None:
    """Print both figures of each index, and the names."""
    for path in sys.argv[1:]:
        with RIIndex(Path(path)) as ri:
            names = dict(ri.sql("select persona_id, name from personas order by persona_id").fetchall())
            terms = {persona: four_terms(ri).get(persona, "nothing") for persona in names}
            own, joined = reciprocal_ranks(ri, names), reciprocal_ranks(ri, terms)
        for (persona, name), one, other in zip(names.items(), own, joined, strict=True):
            print(f"  {persona:>3}  {name:<60} {one:.2f}   {terms[persona]:<44} {other:.2f}")
        print(f"{Path(path).name}: names {np.mean(own):.3f}, four TF-IDF terms {np.mean(joined):.3f}")


if __name__ == "__main__":
    main()
