"""Selection of documents: those without signal are dropped, with a reason."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from riindex.algorithms.near_duplicates import Agreement, NearDuplicates, near_duplicates
from riindex.algorithms.types import Bools, Floats, Ints
from riindex.algorithms.word_sets import WordSets
from riindex.encoders.base import ReadsWords
from riindex.errors import InputError
from riindex.pipeline.context import Run
from riindex.store.database import locked_connection
from riindex.store.guard import filtered, query_error
from riindex.text.languages import MIN_WORDS, language_name
from riindex.text.stop_words import romanised_hindi, stop_words, stop_words_by_language

# Rows that a condition is evaluated on at a time.
BATCH_ROWS = 4_096
# Near-duplicates have the content words of the shorter one in common, but for one of fifty: a name or a number instead
# of another makes it another message. (A word without blanks round it is several of these words.)
CONTENT_CONTAINED = 0.98


# Share of the documents from which a language is reported, and a warning given.
REPORTED_SHARE = 0.01
# Stop words that are no sign of a language: those of Twitter, and of Hindi and English together.
OF_NO_LANGUAGE = ""
MULTILINGUAL_ENCODER = "model2vec:minishlab/potion-multilingual-128M"


class LanguageCounts(NamedTuple):
    """Documents of a language: all, kept, with words unknown to the encoder, and dropped by each reason."""

    language: str
    documents: int
    kept: int
    unknown: int
    exact_duplicates: int
    near_duplicates: int
    retweets: int
    too_short: int
    templates: int
    by_condition: int

    @property
    def kept_of_all(self) -> str:
        """Return "Thai 548 of 600"."""
        return f"{self.language} {self.kept:,} of {self.documents:,}"

    @property
    def sentence(self) -> str:
        """Return the counts in words: "Thai: 548 of 600 kept, 1 near-duplicates, 51 too short"."""
        reasons = [
            f"{count:,} {name.replace('_', ' ').replace('near ', 'near-')}"
            for name, count in zip(self._fields[4:], self[4:], strict=True)
            if count
        ]
        return ", ".join([f"{self.language}: {self.kept:,} of {self.documents:,} kept", *reasons])


@dataclass(frozen=True)
class Words:
    """Sets of words of documents: of every word, and without stop words; and function words with their languages."""

    every: WordSets
    content: WordSets
    function_words: Ints
    languages: npt.NDArray[np.str_]


def denoise(run: Run) -> None:
    """Mark every document without signal as dropped, with the first reason that applies, in the published order.

    Of duplicate documents the earliest by ``created_at`` stays; without times, the first in the source.
    """
    store, rules = run.store, run.config.denoise
    store.run("denoise/schema")
    if rules.where:
        _drop_unmatched(run)
    store.run("denoise/normal")
    if rules.exact_duplicates:
        store.run("denoise/exact_duplicates")
    if rules.near_duplicate_similarity < 1:
        _near_duplicates(run)
    if rules.retweets:
        store.run("denoise/retweets")
    store.run("denoise/too_short", min_chars=rules.min_chars, min_words=rules.min_words)
    if rules.template_repeats:
        store.run("denoise/skeleton")
        store.run("denoise/templates", min_repeats=rules.template_repeats)
    if rules.near_duplicate_similarity < 1 and rules.near_duplicate_words:
        _report_languages(run)
    store.run("denoise/release")
    store.run("denoise/twins")
    store.run("denoise/funnel")
    kept, total = store.value("shared/kept_count"), store.value("shared/document_count")
    if not kept and rules.where:
        raise InputError(
            f"of {total:,} documents, none that meets the condition remains after cleaning",
            f"check that some meet it: {rules.where}",
        )
    if not kept:
        raise InputError(
            f"none of the {total:,} documents is left after cleaning",
            "lower denoise.min_words and denoise.min_chars, e.g. --set min_words=1 --set min_chars=1",
        )
    run.report.note(f"{kept:,} of {total:,} kept ({kept / total:.1%})")


def _drop_unmatched(run: Run) -> None:
    """Drop documents that do not meet the condition of the settings, which can read their rows and nothing else."""
    with closing(locked_connection()) as connection:
        rows = connection.from_arrow(run.store.relation("denoise/conditioned").to_arrow_reader(BATCH_ROWS))
        found = filtered(rows, run.config.denoise.where).select("doc_id")
        try:
            passing = found.to_arrow_table()
        except duckdb.Error as problem:
            raise query_error(problem, "the condition may use the columns of documents and of the source") from problem
    run.store.insert("denoise/where", passing)


def _near_duplicates(run: Run) -> None:
    """Drop near-duplicates: by vectors and words, or by words alone where the encoder does not know them."""
    rows = run.store.columns("denoise/distinct_ids")
    doc_ids, vectors = rows["doc_id"], run.store.matrix("denoise/distinct_vectors")
    # The earliest stays, in any order of the file.
    order = np.argsort(rows["place"])
    least = run.config.denoise.near_duplicate_words
    if not least:
        _write_pairs(run, doc_ids[order], _by_vectors(run, vectors[order]), compared=True)
        return
    words = _word_sets(run)
    unknown = _unknown(run, doc_ids, vectors)
    _write_languages(run, doc_ids, words, unknown)
    known = order[~unknown[order]]
    if len(known) < len(order) or (np.diff(known) < 0).any():  # else as they are: a copy may not fit into memory
        vectors = vectors[known]
    found = _by_vectors(run, vectors, _same_words(words, known, least))
    _write_pairs(run, doc_ids[known], found, compared=True)
    spelled = order[unknown[order]]
    found = words.every.take(spelled).near_duplicates(least, run.workers, _same_words(words, spelled, least))
    _write_pairs(run, doc_ids[spelled], found, compared=False)


def _same_words(words: Words, rows: Ints, least: float) -> Agreement:
    """Return the test that two of ``rows`` have the same message: one may have more words, but no other instead."""
    every, content = words.every.take(rows), words.content.take(rows)

    def agree(later: Ints, earlier: Ints) -> Bools:
        agreed = every.jaccard(later, earlier) >= least
        agreed[agreed] = content.contained(later[agreed], earlier[agreed]) >= CONTENT_CONTAINED
        return agreed

    return agree


def _by_vectors(run: Run, vectors: Floats, agree: Agreement | None = None) -> NearDuplicates:
    return near_duplicates(vectors, run.config.denoise.near_duplicate_similarity, run.config.seed, run.workers, agree)


def _word_sets(run: Run) -> Words:
    """Return the words of the documents that are not exact duplicates, in order of their ids."""
    lists = run.store.arrow("denoise/word_sets").column("words").combine_chunks()
    numbers, sizes = lists.flatten().to_numpy(zero_copy_only=False), lists.value_lengths().to_numpy()
    languages, words = _listed_function_words()
    function = run.store.columns("denoise/function_words", languages=languages, words=words)
    every = WordSets.of(numbers, sizes.cumsum())
    of_language = function["language"] != OF_NO_LANGUAGE
    spoken, named = function["number"][of_language], function["language"][of_language].astype(str)
    present = np.isin(named, _languages_of(every, spoken, named))
    content = ~np.isin(numbers, np.concatenate([function["number"][~of_language], spoken[present]]))
    of_row = np.bincount(np.repeat(np.arange(len(sizes)), sizes)[content], minlength=len(sizes))
    return Words(every, WordSets.of(numbers[content], of_row.cumsum()), spoken, named)


def _languages_of(texts: WordSets, words: Ints, languages: npt.NDArray[np.str_]) -> list[str]:
    """Return the languages of a share of the texts: elsewhere their function words are subjects (tren, in Spanish)."""
    names, groups = np.unique(languages, return_inverse=True)
    found = texts.most_frequent(words, groups, MIN_WORDS)
    counts = np.bincount(found[found >= 0], minlength=len(names))
    return [str(name) for name in names[counts >= max(1, REPORTED_SHARE * len(texts))]]


@cache
def _listed_function_words() -> tuple[list[str], list[str]]:
    """Return the languages of all listed function words, and the words."""
    listed = [*stop_words_by_language(), *(("Hindi in Latin script", word) for word in romanised_hindi())]
    listed += [(OF_NO_LANGUAGE, word) for word in stop_words()]
    return [language for language, _ in listed], [word for _, word in listed]


def _unknown(run: Run, doc_ids: Ints, vectors: Floats) -> Bools:
    """Return True for each document whose vector has no meaning: most of its letters are in unknown words."""
    unknown: Bools = ~np.asarray(vectors.any(axis=1), np.bool_)
    if isinstance(run.encoder, ReadsWords):
        for batch in run.store.relation("denoise/foreign_texts").to_arrow_reader(BATCH_ROWS):
            known = run.encoder.known_letters(batch.column("text").to_pylist())
            deaf = 2 * known < batch.column("letters").to_numpy()
            unknown[np.searchsorted(doc_ids, batch.column("doc_id").to_numpy()[deaf])] = True
    return unknown


def _write_languages(run: Run, doc_ids: Ints, words: Words, unknown: Bools) -> None:
    """Write the language of every text by its function words, and whether its words are unknown."""
    import pyarrow as pa

    languages, groups = np.unique(words.languages, return_inverse=True)
    found = words.every.most_frequent(words.function_words, groups, MIN_WORDS)
    named = pa.array(languages[found], pa.string(), mask=found < 0)
    rows_of = {"doc_id": doc_ids, "language": named, "unknown": unknown}
    run.store.insert("denoise/text_languages", pa.table(rows_of))


def _report_languages(run: Run) -> None:
    """Report per language the documents, those kept and why not; warn of those that the encoder does not know."""
    found = [
        LanguageCounts(language_name(language), *counts) for language, *counts in run.store.rows("denoise/languages")
    ]
    total = sum(counts.documents for counts in found)
    frequent = [counts for counts in found if counts.documents >= REPORTED_SHARE * total]
    if len(frequent) > 1:
        run.report.note("by language: " + ", ".join(counts.kept_of_all for counts in frequent))
    for counts in found:
        run.report.detail(counts.sentence)
    unknown = sum(counts.unknown for counts in found)
    if unknown >= REPORTED_SHARE * total:
        mostly = [counts.language for counts in found if 2 * counts.unknown > counts.documents]
        named = f" ({', '.join(mostly[:5])})" if mostly else ""
        run.report.warn(
            f"unknown words: the encoder {run.config.embed.encoder} does not know most words of {unknown:,} of "
            f"{total:,} documents{named}: their near-duplicates are found by words, and their personas are weak; a "
            f"multilingual model knows them, e.g. --encoder {MULTILINGUAL_ENCODER}"
        )


def _write_pairs(run: Run, doc_ids: Ints, found: NearDuplicates, compared: bool) -> None:
    """Drop rows found among ``doc_ids``; ``compared``: by their vectors, so that the similarity is a cosine."""
    import pyarrow as pa

    similarity = pa.array(found.similarity, pa.float64()) if compared else pa.nulls(len(found.dropped), pa.float64())
    pairs = {"doc_id": doc_ids[found.dropped], "kept_doc_id": doc_ids[found.kept], "similarity": similarity}
    run.store.insert("denoise/near_duplicates", pa.table(pairs))
