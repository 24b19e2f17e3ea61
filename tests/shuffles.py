"""The tests of terms on real posts whose personas are drawn at random: what is found there is false, or was planted."""

import numpy as np
import pyarrow as pa
from corpora import start, through

from riindex.profiles.terms import measured
from riindex.text.stop_words import term_stop_words


def posts(folder, source):
    """A store with what the kept posts of a source say, each a core member of no persona yet."""
    store = through(start(folder, source), "ingest", "embed", "denoise")
    store.connection.execute(
        "create temp table members as select doc_id, 0 as persona_id, true as is_core, 0.0 as distance, author, text, "
        "created_at, created_at as local_time from documents where doc_id not in (select doc_id from dropped)"
    )
    store.insert("enrich/terms/stop_words", pa.table({"word": term_stop_words()}))
    store.connection.execute("create or replace temp table opening as select 50000 as most")
    store.run("enrich/terms/words")
    store.run("enrich/terms/mentioned")
    store.connection.execute("create temp table said_once as from said")
    return store


def significant(store, labels, planted=None):
    """persona → kinds and terms at q <= 0.05, with the posts' personas as given, ``planted`` said by these posts."""
    doc_ids = np.array(store.connection.execute("select doc_id from members order by doc_id").fetchall())[:, 0]
    drawn = pa.table({"doc_id": doc_ids, "persona_id": labels})
    extra = pa.table({"doc_id": pa.array([] if planted is None else planted, pa.int64())})
    connection = store.connection
    connection.register("drawn", drawn)
    connection.register("extra", extra)
    connection.execute("create or replace temp table members as select m.* replace (d.persona_id as persona_id) "
                       "from members as m join drawn as d using (doc_id)")  # fmt: skip
    connection.execute(
        "create or replace temp table said as select s.* replace (d.persona_id as persona_id) from said_once as s "
        "join drawn as d using (doc_id) union all select doc_id, persona_id, author, 'term', 'planted', 'planted' "
        "from members where doc_id in (select doc_id from extra)"
    )
    store.run("enrich/terms/term_counts", min_documents=3)
    found = measured(store.columns("enrich/terms/tests"), store.value("enrich/terms/tried"))
    names = connection.execute("select persona_id, kind, term from term_tests order by test").fetchall()
    answer = {int(persona): set() for persona in np.unique(labels)}
    for place in np.flatnonzero(found["q"] <= 0.05):
        answer[names[place][0]].add(names[place][1:])
    return answer


def sizes_like_a_build(total, personas=12):
    """Persona numbers, unequal as a build's are: 15 % in the first, 2 % in the last."""
    shares = np.linspace(15, 2, personas)
    return np.searchsorted(np.cumsum(shares / shares.sum()), (np.arange(total) + 0.5) / total)


def false_personas(store, draws):
    """Share of personas with any term at q <= 0.05 over so many shuffles of their labels."""
    total = store.connection.execute("select count(*) from members").fetchall()[0][0]
    labels, found = sizes_like_a_build(total), []
    for seed in range(draws):
        found += significant(store, np.random.default_rng(seed).permutation(labels)).values()
    return float(np.mean([bool(terms) for terms in found]))


def planted_found(store, draws, size=300, here=0.1, elsewhere=0.033):
    """In how many draws a term is found that a share of a random persona's posts says, and another of the others'."""
    doc_ids = np.array(store.connection.execute("select doc_id from members order by doc_id").fetchall())[:, 0]
    hits = 0
    for seed in range(draws):
        order = np.random.default_rng(seed).permutation(len(doc_ids))
        labels = np.ones(len(doc_ids), np.int64)
        labels[order[:size]] = 0
        others = len(doc_ids) - size
        planted = np.concatenate([order[: round(here * size)], order[size : size + round(elsewhere * others)]])
        hits += ("term", "planted") in significant(store, labels, doc_ids[planted])[0]
    return hits
