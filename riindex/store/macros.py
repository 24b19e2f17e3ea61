"""Macros that riindex writes into a file, and the check that no other replaces a built-in function of DuckDB."""

from __future__ import annotations

from pathlib import Path

from riindex.errors import UnsafeIndex
from riindex.store.answers import Answers

# Macros that riindex writes into a file; none has the name of a built-in function of DuckDB.
MACROS = frozenset(
    {
        "cleaned_query",
        "keyword_scores",
        "keywords",
        "letter_pairs",
        "letters_alone",
        "matching_tweets",
        "persona_card",
        "ranked_personas",
        "ranked_tweets",
        "search_tweets",
        "similar_personas",
        "similar_tweets",
        "split_hashtag",
        "text_pieces",
        "text_vector",
        "text_words",
    }
)


def check_macros(store: Answers, database: str, path: Path) -> None:
    """Raise UnsafeIndex for macros of an attached ``database`` that replace built-in functions."""
    strange = sorted({name for (name,) in store.rows("catalog/macros", database=database)} - MACROS)
    found = [name for (name,) in store.rows("catalog/built_in", names=strange)] if strange else []
    if found:
        raise UnsafeIndex(
            f"{path.name} has macros that replace built-in functions of DuckDB ({', '.join(found[:5])})",
            "riindex does not write such macros: get the file again, or build it again",
        )
