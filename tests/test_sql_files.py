"""Every statement of every SQL file is planned and run against the built sample, and rolled back."""

import shutil
from datetime import datetime

import duckdb
import pytest
from test_laws import NAMES

from riindex.ask.recipes import recipe
from riindex.store.database import Store
from riindex.store.statements import sql_text

# Not run here, each with its reason.
EXCEPTIONS = {
    "store/attach": "it opens the file; every test of Store runs it",
    "store/attach_read_only": "it opens the file; every test of Store runs it",
    "store/connect": "it settles a new connection; every test of Store runs it",
    "store/lock": "it closes the connection for good; every test of RIIndex runs it",
    "catalog/mirror": "it attaches a new file; every test of verify runs it",
    "catalog/mirrored": "it attaches a file; every test of verify runs it",
    "build/attach_cache": "it opens a file; the fixture below runs it",
    "build/attach_previous": "it opens a file; the fixture below runs it",
    "share/ship/compact": "it attaches a new file and copies to it; every test of ship runs it",
    "ask/compare/attach": "it opens a file; the fixture below runs it",
    "denoise/release": "it drops what the others need; the fixture below runs it last",
    "speakers/release": "it drops what the others need; the fixture below runs it last",
    "enrich/release": "it drops what the others need; the fixture below runs it last",
}
# What the stages do before: macros and temporary tables, in this order.
BEFORE = (
    "shared/text", "ingest/values", "ingest/staged", "ingest/times/written",
    "ingest/mend", "ingest/damaged_ids", "ingest/read/unreadable",
    "ingest/readable/suspects", "ingest/readable/replace",
    "denoise/skeleton", "denoise/normal", "denoise/text_languages",
    "speakers/schema", "speakers/posts", "speakers/templates", "speakers/accounts",
    "behave/posts", "behave/threads", "behave/temporal", "behave/interaction", "behave/style", "behave/network",
    "enrich/members", "enrich/terms/stop_words", "enrich/terms/opening", "enrich/terms/words",
    "enrich/terms/foreign_words", "enrich/terms/mentioned", "enrich/terms/term_counts",
    "enrich/traits/trait_sums", "enrich/traits/weeks", "share/verify/stances_before", "classify/heads_schema",
)  # fmt: skip
# Of a table that only ri quality --curve makes.
LEVELS = (
    'select 12.0 as setting, 12 as groups, 0.0 as noise, 0.2 as largest, 0.9 as ari, 0.1 as error, 0.3 as "null", '
    "0.9 as jaccard, 0.8 as weakest, 0.2 as silhouette, null::double as dbcv, 10 as refits, true as built"
)
# What stages hand over under the name incoming, taken from the tables that were made of it.
INCOMING = {
    "assign/assignments": "from assignments",
    "ask/compare/members": "select doc_id from assignments",
    "ask/compare/other_members": "select doc_id from assignments",
    "ask/compare/terms": "select test, 1.0 as lift, 0.5 as lift_low, 2.0 as lift_high, 0.1 as p, 0.2 as q, "
    "1.0 as score from term_tests",
    "ask/compare/traits": "select test, 1.0 as low, 1.0 as high, 1.0 as lift, 0.5 as lift_low, 2.0 as lift_high, 0.1 "
    "as p, 0.2 as q from trait_sums",
    "assign/persona_centres": "from persona_centres",
    "build/digests": "from digests",
    "classify/label_scores": "from label_scores",
    "classify/labels": "from labels",
    "classify/forget": "select 'seniority' as dimension",
    "classify/head": "select 'mine' as dimension, '' as head, 9 as texts, 0.5 as macro_f1, 0.5 as accuracy, "
    "0.1 as calibration_error",
    "speakers/declared": "select doc_id, 'true' as value from documents",
    "stances/stances": "select text_hash, 'talk' as best_stance, 0.5 as probability, 'news' as runner_up, "
    "0.2 as runner_up_probability from documents",
    "tally/persona_stances": "select persona_id, stance, n, 100 as size, 5 as others, 200 as others_size, low, high, "
    "lift, lift_low, lift_high, p, q from persona_stances",
    "denoise/where": "select doc_id from documents",
    "denoise/near_duplicates": "select doc_id, kept_doc_id, similarity from dropped",
    "embed/cache": "select text_hash, vector from documents join embeddings using (doc_id)",
    "embed/keep": "select text_hash, vector from documents join embeddings using (doc_id)",
    "enrich/claims/persona_evidence": "from persona_evidence",
    "enrich/claims/persona_hints": "from persona_hints",
    "enrich/persona_similarity": "from persona_similarity",
    "enrich/terms/persona_terms": "select test, false as absent, 1.0 as lift, 0.5 as lift_low, 2.0 as lift_high, 0.1 "
    "as p, 0.2 as q, 1.0 as score from term_tests",
    "enrich/personas": "from personas",
    "enrich/names/namings": "from namings",
    "enrich/claims/claims": "select 0 as position, * from claims",
    "enrich/terms/stop_words": "select 'the' as word",
    "denoise/text_languages": "select 0::bigint as doc_id, 'English' as language, false as unknown",
    "enrich/terms/foreign_words": "select 'Spanish' as language, 'que' as word",
    "enrich/traits/trends": "select persona_id, number, 0.1 as low, 0.2 as high from weeks",
    "enrich/traits/growth": "from persona_growth",
    "enrich/traits/traits": "select test, 1.0 as low, 1.0 as high, 1.0 as lift, 0.5 as lift_low, 2.0 as lift_high, 0.1 "
    "as p, 0.2 as q from trait_sums",
    "evaluate/calibration": "from calibration",
    "evaluate/persona_quality": "from persona_quality",
    "evaluate/quality": "select 1 as position, * from quality",
    "fuse/axes": "from axes",
    "fit/curve": "from granularity",
    "fit/silhouettes": "from silhouettes",
    "fit/raw_labels": "from raw_labels",
    "refit/refits": "from refits",
    "ingest/readable/found": "select false as markdown, 'a &amp; b' as raw, 'a & b' as text",
    "ingest/read/reject_blocks": "select '1' as place",
    "layout/layout": "from layout",
    "layout/layout_axes": "from layout_axes",
    "share/ship/extras": "select doc_id from document_extras",
    "share/ship/pseudonyms": "select distinct author, author as account from documents",
    "share/ship/masked": "select doc_id, text from documents",
    "share/ship/public/open_names": "select persona_id, name from personas",
    "share/ship/shipped": "select 1 as position, 'x' as removed",
    "succeed/successions": "from successions",
    "enrich/names/given_names": "select persona_id, name from personas",
    "quality/levels": LEVELS,
    "words/search_personas": "from search_personas",
    "words/words": "from words",
}
MOMENT = datetime(2025, 1, 1)
VALUES = {
    "timezone": "Asia/Kolkata", "languages": ["Spanish"], "words": ["que"], "few_letters": 4, "many_texts": 0.05,
    "enough_texts": 5, "min_documents": 3, "most": 10, "min_chars": 20, "min_words": 5, "min_repeats": 5,
    "day_first": [1], "snowflakes": False, "source_files": ["a.csv"], "source": "a.csv", "source_no": 1,
    "limit": 3, "persona": 0,
    "runner_up": 1, "doc_id": 0, "tweet_id": "1", "wanted": "0", "method": "language", "stage": "x",
    "fingerprint": "x", "started_at": MOMENT, "finished_at": MOMENT, "seconds": 1.0, "build_id": "x", "version": "0",
    "preset": "x", "config": "{}", "config_digest": "x", "sources": "[]", "source_digest": "x", "encoder": "x",
    "encoder_digest": "x", "seed": 1, "threads": 1, "libraries": "{}", "vector_table": "x",
    "columns": {"id": "VARCHAR", "text": "VARCHAR"}, "delimiter": ",", "header": True, "quote": '"',
    "escape": '"', "skip": 0,
    "line_limit": 1 << 20, "strict": True, "query": "refund policy", "k": 10, "key": "x", "level": "x",
    "first": 0, "last": 9,
    "digest": "x", "spaced": "@ a", "glued": "@a", "pattern": "@ (a)", "replacement": r"@\1",
    "paths": ["$.id"], "stop_words": ["the"], "called": "posts", "dimension": "industry", "claim": "p0c1",
    "kind": "rename", "other": None, "made_at": MOMENT, "edit": 1, "said": " a ", "feature": "word_count", "hour": 9,
    "mark": "x", "markdown": [1], "suspect": "x",
    "ranked": [1, 2], "listed": [1, 2], "sentence": "x", "claim_ids": ["p0c1"],
    "parameter": "personas", "threshold": 0.35, "tolerance": 1e-5,
    "database": "ri", "names": ["max"], "draws": 10, "telling": 0.5, "least_audience": 0.5,
    "desk": "a", "own": "a", "we": "a", "signature": "a", "advert": "a",
    "desk_account": "a", "press_account": "a", "column": "inbound", "meaning": "role", "flood": 0.5, "several": True,
    "target": duckdb.Value([0.0] * 256, duckdb.array_type(duckdb.type("FLOAT"), 256)),
}  # fmt: skip
# What a build with a namer has beside the others.
NAMED = "create table namings as select 'x' as digest, 0 as persona_id, 'm' as model, 'a' as name, 's' as sentence, " \
        "['p0c1'] as claim_ids"  # fmt: skip
PLANNED = {duckdb.StatementType.SELECT, duckdb.StatementType.INSERT, duckdb.StatementType.UPDATE,
           duckdb.StatementType.DELETE}  # fmt: skip


@pytest.fixture(scope="module")
def prepared(sample_path, tmp_path_factory):
    """A copy of the sample with everything a stage makes on the way."""
    folder = tmp_path_factory.mktemp("statements")
    for name in ("copy", "previous", "baseline"):
        shutil.copyfile(sample_path, folder / f"{name}.duckdb")
    with duckdb.connect(str(folder / "previous.duckdb")) as previous:
        previous.execute(NAMED)
    (folder / "rows.csv").write_text("id,text\n1,some words\n", encoding="utf-8")
    (folder / "rows.json").write_text('[{"id": 1, "text": "some words"}]', encoding="utf-8")
    store = Store.create(folder / "copy.duckdb")
    connection = store.connection
    connection.execute(f"copy (select 1 as id) to '{folder / 'rows.parquet'}'")
    connection.execute(NAMED)
    store.run("build/attach_cache", path=str(folder / "cache.duckdb"))
    store.run("enrich/names/naming_cache")
    store.run("build/attach_previous", path=str(folder / "previous.duckdb"))
    store.run("ask/compare/attach", path=str(folder / "baseline.duckdb"))
    connection.execute(
        "create table cache.vectors as select text_hash, vector from documents join embeddings using (doc_id) limit 0"
    )
    connection.execute("create table cache.about as select 'x' as encoder_digest")
    for name in BEFORE:
        run_all(store, name)
    connection.execute('create temp table records as select \'{"id": 1, "a": {"b": 2}}\' as json')
    run_all(store, "quality/levels")
    run_all(store, "ingest/read/read_csv", folder)  # it leaves the table reject_errors
    connection.execute("create temp table staged_extras as select 1 as source_no, 1 as row_no, 'x' as colour")
    connection.execute("create temp table passing as select doc_id, persona_name, tweet_id, persona_id, author, "
                       "created_at, text from tweets")  # fmt: skip
    connection.execute("create table shipped as select 'internal' as level")
    connection.execute("create table search_vectors_own as select doc_id, vector from embeddings")
    connection.execute("create temp view shown as from tweets")
    yield store, folder
    store.run("denoise/release")
    store.run("enrich/release")
    store.run("speakers/release")
    store.close()


def run_all(store, name, folder=None):
    """Plan each statement, run it and read its rows."""
    connection = store.connection
    path = {} if folder is None else {"path": str(folder / PATHS.get(name, "rows.csv")), "limit": VALUES["limit"]}
    if name == "ingest/read/read_json":
        path["limit"] = 1 << 20
    values = {**VALUES, **path}
    if name in INCOMING:
        connection.execute("create or replace temp table incoming as " + with_select(INCOMING[name]))
    statements = connection.extract_statements(sql_text(name))
    assert statements, name
    for statement in statements:
        if name.startswith("ask/recipes/"):
            values = recipe(name.removeprefix("ask/recipes/")).values({})
        missing = set(statement.named_parameters) - set(values)
        assert not missing, f"{name}: give VALUES for {missing}"
        own = {key: values[key] for key in statement.named_parameters}
        if statement.type in PLANNED:
            assert connection.execute("explain " + statement.query, own).fetchall()
        connection.execute(statement, own).fetchall()


PATHS = {
    "ingest/read/read_json": "rows.json",
    "ingest/read/read_json_lines": "rows.json",
    "ingest/read/read_parquet": "rows.parquet",
}


def with_select(query):
    return query if query.startswith("select") else "select * " + query


@pytest.mark.parametrize("name", [n for n in NAMES if n not in EXCEPTIONS])
def test_statement_runs_against_the_sample(name, prepared):
    store, folder = prepared
    store.connection.execute("begin")
    try:
        run_all(store, name, folder)
    finally:
        store.connection.execute("rollback")


def test_exceptions_are_files():
    assert set(EXCEPTIONS) <= set(NAMES)
