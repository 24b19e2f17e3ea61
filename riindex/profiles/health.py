"""Health of each persona: authors, language, duplicates, agreement of words, and a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.clustering.cluster_metrics import membership_nmi
from riindex.algorithms.types import Ints
from riindex.algorithms.word_agreement import word_agreement
from riindex.machine.progress import Progress
from riindex.profiles.verdict import FRAGILE, Health, verdict
from riindex.store.database import Store
from riindex.text.languages import language_name, language_of

Figures = Mapping[str, npt.NDArray[Any]]
Places = Mapping[int, int]  # persona → its position among the personas


def persona_health(
    store: Store, personas: Ints, figures: Figures, texts_read: int, seed: int, progress: Progress
) -> list[str]:
    """Write ``persona_quality`` from ``figures`` by name (one value for each of ``personas``) and those computed here.

    ``texts_read``: number of documents, drawn by ``seed``, whose words and languages are read. Return the verdict of
    each persona.
    """
    import pyarrow as pa

    groups, places = len(personas), {persona: place for place, persona in enumerate(personas.tolist())}
    found = {**figures, **_authors(store, places), **_copies(store, places, figures["size"])}
    found["audience_share"], others = _speakers(store, places)
    found["core_share"] = found["core_size"] / found["size"]
    texts = store.rows("evaluate/texts", most=texts_read, seed=seed)
    rows = [(places[persona], *rest) for persona, *rest in texts]
    languages = _languages(rows, groups)
    words = word_agreement([row[1] for row in rows], np.array([row[0] for row in rows], np.int64), groups, seed)
    found["word_agreement"], found["words_apart"] = words.overall, words.apart
    found["words_apart_from"] = np.where(words.apart_from < 0, np.nan, personas[words.apart_from])
    several = bool(store.value("evaluate/several_authors"))
    judged = [
        verdict(_health(persona, found, languages[persona], others[persona], words.texts, several))
        for persona in range(groups)
    ]
    columns = {name: pa.array(column, from_pandas=True) for name, column in found.items()}
    columns |= {
        "persona_id": pa.array(personas, pa.int32()),
        "verdict": pa.array([word for word, _ in judged]),
        "reason": pa.array([reason for _, reason in judged]),
        "other_speaker": pa.array(others, pa.string()),
        "language": pa.array([name for name, _, _ in languages], pa.string()),
        "language_share": pa.array([share for _, share, _ in languages], pa.float64(), from_pandas=True),
        "language_nmi": pa.array([nmi for _, _, nmi in languages], pa.float64(), from_pandas=True),
    }
    store.insert("evaluate/persona_quality", pa.table(columns))
    _report(progress, personas, judged)
    return [word for word, _ in judged]


def _health(
    persona: int,
    found: Figures,
    language: tuple[str | None, float, float],
    other_speaker: str | None,
    texts: int,
    several_authors: bool,
) -> Health:
    name, _, nmi = language
    return Health(
        size=int(found["size"][persona]),
        share=float(found["size"][persona] / found["size"].sum()),
        core_share=float(found["core_share"][persona]),
        stability=float(found["stability"][persona]),
        word_agreement=float(found["word_agreement"][persona]),
        words_apart=float(found["words_apart"][persona]),
        words_apart_from=int(np.nan_to_num(found["words_apart_from"][persona], nan=-1)),
        texts=texts,
        top_author_share=float(found["top_author_share"][persona]),
        several_authors=several_authors,
        language=language_name(name) if name else "",
        language_nmi=nmi,
        duplicate_share=float(found["duplicate_share"][persona]),
        audience_share=float(found["audience_share"][persona]),
        other_speaker=other_speaker or "",
    )


def _authors(store: Store, places: Places) -> dict[str, npt.NDArray[np.float64]]:
    """Return the distribution of posts over authors; NaN if the source has no authors."""
    names = ("n_authors", "top_author_share", "author_gini")
    found = {name: np.full(len(places), np.nan) for name in names}
    for persona, *values in store.rows("evaluate/authors"):
        for name, value in zip(names, values, strict=True):
            found[name][places[persona]] = value
    return found


def _speakers(store: Store, places: Places) -> tuple[npt.NDArray[np.float64], list[str | None]]:
    """Return the share of the audience in each persona (NaN for descriptions), and the most frequent other speaker."""
    shares = np.full(len(places), np.nan)
    others: list[str | None] = [None] * len(places)
    for persona, share, other in store.rows("evaluate/speakers"):
        shares[places[persona]], others[places[persona]] = share, other
    return shares, others


def _copies(store: Store, places: Places, sizes: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float64]]:
    copies = np.zeros(len(sizes))
    for persona, n in store.rows("evaluate/copies"):
        copies[places[persona]] = n
    return {"duplicate_share": copies / (copies + sizes)}


def _languages(rows: Sequence[tuple[Any, ...]], groups: int) -> list[tuple[str | None, float, float]]:
    """Return each persona's commonest language, its share, and the mutual information of persona and language.

    The language is that of the source; if the source has none at all, that detected from the words of each text.
    """
    given = any(lang for _, _, lang in rows)
    counts = Counter((persona, lang if given else language_of(text)) for persona, text, lang in rows)
    spoken = sorted({name for _, name in counts if name is not None})
    if not spoken:
        return [(None, float("nan"), float("nan"))] * groups
    table = np.array([[counts[persona, name] for name in spoken] for persona in range(groups)])
    return [_language(persona, table, spoken) for persona in range(groups)]


def _language(persona: int, table: npt.NDArray[Any], spoken: Sequence[str]) -> tuple[str | None, float, float]:
    own, every = table[persona], table.sum(axis=0)
    if not own.sum():
        return None, float("nan"), float("nan")
    place = int(own.argmax())
    inside, outside = (own[place], own.sum() - own[place]), (every[place] - own[place],)
    rest = every.sum() - own.sum() - outside[0]
    return spoken[place], float(own[place] / own.sum()), membership_nmi(np.array([inside, (outside[0], rest)]))


def _report(progress: Progress, personas: Ints, judged: Sequence[tuple[str, str]]) -> None:
    counts = {word: sum(own == word for own, _ in judged) for word in ("solid", "usable", "fragile")}
    progress.note(", ".join(f"{n} {word}" for word, n in counts.items() if n))
    fragile = [str(persona) for persona, (word, _) in zip(personas, judged, strict=True) if word == FRAGILE]
    if fragile:
        persons = "persona" if len(fragile) == 1 else "personas"
        progress.warn(
            f"fragile: {persons} {', '.join(fragile)} are too weak for decisions; ri quality gives the reasons"
        )
