"""Statistics of each persona's terms and traits: intervals and exact tests, corrected for multiple testing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms import statistics
from riindex.config.sections import EnrichConfig
from riindex.store.database import Store
from riindex.text.languages import common_words
from riindex.text.stop_words import stop_words_by_language, term_stop_words

# A function word of a script without a list has few letters, and many texts use it: one of twenty, and enough.
FUNCTION_WORD_LETTERS = 4
FUNCTION_WORD_SHARE = 0.05
FUNCTION_WORD_TEXTS = 5

Columns = dict[str, npt.NDArray[Any]]


def count_terms(store: Store, min_documents: int) -> None:
    """Count the terms of core members, into ``said`` and ``term_tests``, without stop words."""
    import pyarrow as pa

    store.insert("enrich/terms/stop_words", pa.table({"word": term_stop_words()}))
    store.run("enrich/terms/opening")
    store.run("enrich/terms/words")
    languages, words = zip(*sorted({*common_words(), *stop_words_by_language()}), strict=True)
    store.insert("enrich/terms/foreign_words", pa.table({"language": languages, "word": words}))
    store.run(
        "enrich/terms/unlisted_words",
        few_letters=FUNCTION_WORD_LETTERS,
        many_texts=FUNCTION_WORD_SHARE,
        enough_texts=FUNCTION_WORD_TEXTS,
    )
    store.run("enrich/terms/signatures")
    store.run("enrich/terms/mentioned")
    store.run("enrich/terms/term_counts", min_documents=min_documents)


def write_terms(store: Store, config: EnrichConfig) -> None:
    """Write ``persona_terms``: the counted terms, with lift, 95 % interval, p and q."""
    import pyarrow as pa

    tried = int(store.value("enrich/terms/tried"))
    present = measured(store.columns("enrich/terms/tests"), tried)
    absent = measured(store.columns("enrich/terms/absences"), None)
    tests = {key: np.concatenate([present[key], absent[key]]) for key in present}
    tests["test"] = np.concatenate([np.arange(1, len(part["p"]) + 1) for part in (present, absent)])
    tests["absent"] = np.repeat([False, True], [len(present["p"]), len(absent["p"])])
    rows = pa.table(tests)
    store.insert("enrich/terms/persona_terms", rows, min_documents=config.min_documents, most=config.terms)


def measured(counts: Columns, tried: int | None) -> Columns:
    """Return score, lift, interval, p and q of rows (persona_id, n, size, others, others_size).

    ``tried``: number of terms tested in each persona, if terms that it never uses are not among the rows. None: the
    rows are all, and the test is whether the persona uses them less.
    """
    table = tuple(counts[key].astype(np.int64) for key in ("n", "size", "others", "others_size"))
    lift, low, high = statistics.lift_interval(*table)
    p = statistics.fisher_less(*table) if tried is None else statistics.fisher_greater(*table)
    q = statistics.corrected_by_group(counts["persona_id"], p, tried)
    return {"score": statistics.log_odds(*table), "lift": lift, "lift_low": low, "lift_high": high, "p": p, "q": q}


def write_traits(store: Store) -> None:
    """Write ``persona_traits``: numbers by Welch's t-test, shares by Fisher's, corrected within each persona."""
    import pyarrow as pa

    store.run("enrich/traits/trait_sums")
    found = trait_figures(store.columns("enrich/traits/trait_tests"))
    columns = {key: pa.array(value, pa.float64(), from_pandas=True) for key, value in found.items()}
    store.insert("enrich/traits/traits", pa.table({"test": np.arange(1, len(found["p"]) + 1), **columns}))


def trait_figures(sums: Columns) -> Columns:
    """Return bounds of the difference of means, lift with its interval, p and q; NaN where undefined.

    ``sums``: count, sum and sum of squares of the persona (n, s, q) and of the others, and True if values are 0 or 1.
    """
    n, others = sums["n"], sums["others"]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, their_mean = sums["s"] / n, sums["s_others"] / others
        variance = np.maximum(sums["q"] - n * mean**2, 0) / (n - 1)
        their_variance = np.maximum(sums["q_others"] - others * their_mean**2, 0) / (others - 1)
    low, high, p = statistics.welch_interval(n, mean, variance, others, their_mean, their_variance)
    shares = np.flatnonzero(sums["is_share"].astype(bool) & (others > 0))
    table = tuple(np.rint(sums[key][shares]).astype(np.int64) for key in ("s", "n", "s_others", "others"))
    lifts = np.full((3, len(n)), np.nan)
    lifts[:, shares] = statistics.lift_interval(*table)
    p[shares] = statistics.fisher_two_sided(*table)
    q = statistics.corrected_by_group(sums["persona_id"], p, None)
    return {"low": low, "high": high, "lift": lifts[0], "lift_low": lifts[1], "lift_high": lifts[2], "p": p, "q": q}
