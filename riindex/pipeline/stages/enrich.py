"""Profiles of personas from their own rows: terms, times, traits, evidence, hints, a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from riindex.algorithms.clustering.cluster_metrics import mean_vectors
from riindex.algorithms.parallel import single_threaded
from riindex.algorithms.types import Floats
from riindex.encoders.static import StaticEncoder
from riindex.pipeline.context import Run
from riindex.profiles.claims import write_claims
from riindex.profiles.evidence import write_evidence
from riindex.profiles.hints import Hint, hints
from riindex.profiles.llm_names import model_names
from riindex.profiles.llm_prompt import Subject
from riindex.profiles.names import Term, Trait, Uses, coarse, known_for, names, phrases, strongest, well_formed
from riindex.profiles.similarity import write_similarity
from riindex.profiles.statements import Peak, Statement, describe, trending
from riindex.profiles.terms import count_terms, write_terms, write_traits
from riindex.profiles.trends import Growth, write_trends
from riindex.profiles.verdict import LANGUAGE_NMI, MIN_AUDIENCE_SHARE, ONE_ACCOUNT_SHARE
from riindex.store.arrow import matrix_column
from riindex.store.database import Store

# Columns of a persona's card that are counted, NULL if the source lacks the data.
COUNTED = {
    "n_authors": "int64",
    "top_author_share": "float64",
    "peak_hour": "int32",
    "weekday_weekend_ratio": "float64",
}


def enrich(run: Run) -> None:
    """Write personas, the persona_* tables and claims; terms and names from core members, the rest from all members."""
    store, config = run.store, run.config.enrich
    store.run("enrich/members", timezone=run.config.behave.timezone)
    store.run("enrich/terms/spoken_texts")
    count_terms(store, config.min_documents)
    write_terms(store, config)
    store.run("enrich/traits/hours")
    growth = write_trends(store)
    write_traits(store)
    evidence = write_evidence(store, config.evidence)
    _write_personas(run, _terms(store), _traits(store), growth, evidence)
    store.run("enrich/persona_card")
    store.run("enrich/release")


def _terms(store: Store) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    short = {term for (term,) in store.rows("enrich/terms/abbreviations")}
    uses = {word: Uses(*counts) for word, *counts in store.rows("enrich/terms/word_uses")}
    for persona, kind, rank, term, spelling, _, n, share, baseline, lift, q in store.rows("enrich/terms/term_rows"):
        formed = well_formed(term, uses)
        written = " ".join(word.upper() if word in short else word for word in spelling.split(" "))
        found[persona].append(Term(kind, rank, term, written, n, share, baseline, lift, q, formed))
    return found


def _traits(store: Store) -> dict[int, list[Trait]]:
    found: dict[int, list[Trait]] = defaultdict(list)
    for persona, *figures in store.rows("enrich/traits/trait_rows"):
        found[persona].append(Trait(*figures))
    return found


def _write_personas(
    run: Run,
    terms: Mapping[int, Sequence[Term]],
    traits: Mapping[int, Sequence[Trait]],
    growth: Mapping[int, Growth],
    evidence: Mapping[int, Sequence[str]],
) -> None:
    import pyarrow as pa

    store, most, called = run.store, run.config.enrich.hints, run.config.ingest.called
    labels = store.columns("enrich/core_labels")["persona_id"]
    profiles = store.rows("enrich/profile_rows")
    ids = [profile[0] for profile in profiles]
    with single_threaded():
        means = mean_vectors(store.matrix("fuse/kept_vectors"), labels, max(ids) + 1)[ids]
    columns: dict[str, list[Any]] = defaultdict(list)
    statements: list[tuple[int, Statement, Hint | None]] = []
    shown = {i: strongest(traits.get(i, [])) for i in ids}
    for profile, trait in zip(profiles, shown.values(), strict=True):
        persona, size, _, n_authors, top_author, peak_hour, peak_share, peak_baseline, peak_n, ratio, total = profile
        own = terms.get(persona, [])
        peak = None if peak_hour is None else Peak(peak_hour, peak_share, peak_baseline, peak_n)
        sentences = describe(size, total, [p for p in phrases(own) if not coarse(p.term)], trait, peak, called)
        sentences += trending(growth[persona].trend, growth[persona].slope, growth[persona].n, called)
        statements += [(persona, statement, None) for statement in sentences]
        statements += [
            (persona, hint.statement, hint) for hint in hints(own, traits.get(persona, []), peak, most, called)
        ]
        row = (
            persona,
            " ".join(statement.sentence for statement in sentences),
            n_authors,
            top_author,
            peak_hour,
            ratio,
        )
        for key, value in zip(("persona_id", "description", *COUNTED), row, strict=True):
            columns[key].append(value)
    claims = _write_statements(run, statements)
    subjects = {i: Subject(terms.get(i, []), claims[i], evidence.get(i, []), called) for i in ids}
    known, flooded = _known_for(run, shown)
    columns["name"], columns["generated_name"] = _names(run, subjects, known, means)
    typed = {
        **columns,
        **{name: pa.array(columns[name], pa.from_numpy_dtype(kind)) for name, kind in COUNTED.items()},
        "centroid": matrix_column(means),
    }
    store.insert("enrich/personas", pa.table(typed))
    _warn_of_accounts(run, columns, flooded)
    write_similarity(store, ids, means)


def _names(
    run: Run, subjects: Mapping[int, Subject], known: Mapping[int, str | None], means: Floats
) -> tuple[list[str], list[str]]:
    """Return the name of every persona (given by hand, else by a model, else generated), and the generated one."""
    identifies = _name_test(run, list(subjects), means)
    terms = {persona: subject.terms for persona, subject in subjects.items()}
    made = names(terms, known, identifies)
    by_hand = {persona: name for persona, name in run.store.rows("succeed/renames") if persona in subjects}
    given = names(terms, known, identifies, by_hand) if by_hand else made
    offline = {persona: {given[persona].lower(), made[persona].lower()} for persona in subjects}
    config = run.config
    named = model_names(run.store, subjects, offline, config.enrich.namer, config.seed, run.namer, run.report)
    model = {persona: naming.name for persona, naming in named.items()}
    return [*{**given, **model, **by_hand}.values()], [*{**made, **model}.values()]


def _known_for(run: Run, shown: Mapping[int, Trait | None]) -> tuple[dict[int, str | None], list[bool]]:
    """Return the distinction of each persona beyond its subject, and True for those mostly by one account."""
    several = run.store.value("evaluate/several_authors")
    rows = run.store.rows(
        "enrich/names/known_for",
        telling=LANGUAGE_NMI, flood=ONE_ACCOUNT_SHARE, several=several, least_audience=MIN_AUDIENCE_SHARE,
    )  # fmt: skip
    health = {
        persona: (language and (language, share), speaker, bool(flooded))
        for persona, language, share, speaker, flooded in rows
    }
    known = {persona: known_for(trait, run.config.ingest.called, *health[persona]) for persona, trait in shown.items()}
    return known, [health[persona][-1] for persona in shown]


def _name_test(run: Run, ids: Sequence[int], means: Floats) -> Callable[[int, str], bool] | None:
    """Return a test whether the vector of a name is nearest to its persona's mean; None for another encoder."""
    encoder = StaticEncoder() if run.encoder is None else run.encoder
    if run.config.embed.encoder != "static" or not isinstance(encoder, StaticEncoder):
        return None

    def identifies(persona: int, name: str) -> bool:
        return ids[int((means @ encoder.encode([name])[0]).argmax())] == persona

    return identifies


def _warn_of_accounts(run: Run, columns: Mapping[str, Sequence[Any]], flooded: Sequence[bool]) -> None:
    for name, share, flood in zip(columns["name"], columns["top_author_share"], flooded, strict=True):
        if flood:
            run.report.warn(f"{name}: one account wrote {share:.0%} of its posts; see ri quality")


def _write_statements(run: Run, statements: Sequence[tuple[int, Statement, Hint | None]]) -> dict[int, dict[str, str]]:
    """Write every statement as a claim, and hints with the rows that they are based on.

    Return persona → id of a claim → its sentence.
    """
    import pyarrow as pa

    timezone = run.config.behave.timezone
    ids = write_claims(run.store, [(persona, statement) for persona, statement, _ in statements], timezone)
    ranks: dict[tuple[int, str], int] = defaultdict(int)
    rows = []
    for (persona, statement, hint), claim in zip(statements, ids, strict=True):
        if hint is not None:
            ranks[persona, statement.place] += 1
            rank = ranks[persona, statement.place]
            figures = (hint.table, hint.key, statement.value, statement.baseline)
            rows.append((persona, statement.place, rank, statement.sentence, *figures, claim))
    names_ = ("persona_id", "kind", "rank", "hint", "grounded_table", "grounded_key", "value", "baseline", "claim_id")
    text, number = pa.string(), pa.float64()
    types = (pa.int32(), text, pa.int32(), text, text, text, number, number, text)
    columns = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(types)]
    run.store.insert("enrich/claims/persona_hints", pa.table(columns, names=names_))
    claims: dict[int, dict[str, str]] = defaultdict(dict)
    for (persona, statement, _), claim in zip(statements, ids, strict=True):
        claims[persona][claim] = statement.sentence
    return claims
