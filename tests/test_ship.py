"""A shipped copy holds what its level says and nothing else."""

import html
import json
import re
import shutil
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canaries import canaries
from corpora import QUICK, talk

from riindex.errors import ConfigError, QueryError
from riindex.index import RIIndex
from riindex.pipeline.run import build
from riindex.share.map import write_map
from riindex.share.ship import LEVELS, ship
from riindex.share.verify import verify
from riindex.text.pii import mask_text

# Each copies the sample and makes its words, terms and vectors again.
pytestmark = pytest.mark.slow

CANARIES = [(sentence, secret) for _, sentence, secret in canaries()]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """An index in whose texts, authors, ids and extra columns secrets stand."""
    texts = talk(1500)["text"].to_pylist()
    assert len(texts) >= len(CANARIES) >= 1500
    rows = [f"{text} {CANARIES[n % len(CANARIES)][0]}" for n, text in enumerate(texts)]
    frame = pa.table({
        "tweet_id": [f"canaryid{n:05}" for n in range(len(rows))], "text": rows,
        "author": [f"canaryauthor{n % 30}" for n in range(len(rows))],
        "in_reply_to": [f"canaryid{n - 1:05}" if n % 3 else None for n in range(len(rows))],
        "note": [CANARIES[n % len(CANARIES)][0] for n in range(len(rows))],
        "place": ["canarytown"] * len(rows), "display_name": ["Canaryname Nest"] * len(rows),
        "user_id": [44196397] * len(rows), "lat": [28.613912] * len(rows),
        "blob": [b"canaryblob@nest.example"] * len(rows),
    })  # fmt: skip
    target = tmp_path_factory.mktemp("ship") / "canaryfile.duckdb"
    build(frame, target, settings={**QUICK, "fit.personas": 3, "denoise.near_duplicate_similarity": 1.0})
    return target


def everything(path):
    """Every cell of every table, as text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()]
        for name in names:
            for row in connection.table(name).fetchall():
                for cell in row:
                    yield name, str(cell)


@pytest.mark.parametrize("level", ["analyst", "public"])
def test_no_secret_is_in_any_cell(planted, level, tmp_path):
    target = tmp_path / "copy.duckdb"
    ship(planted, target, level, keep=["note", "place", "display_name", "user_id", "lat", "blob"], k=2)
    # Shorter ones stand in hashes and figures by chance.
    secrets = {secret for _, secret in CANARIES if len(secret) > 7}
    secrets |= {
        "canaryauthor",
        "canarytown",
        "canaryid",
        "canaryfile",
        "Canaryname",
        "44196397",
        "28.6139",
        "canaryblob",
    }
    cells = {(name, cell) for name, cell in everything(target) if len(cell) > 5}
    leaks = {(name, secret) for name, cell in cells for secret in secrets if secret in cell}
    figures = {(name, secret) for name, secret in leaks if secret.isdigit() and name in {"behaviour", "embeddings"}}
    assert leaks - figures == set()


@pytest.fixture(scope="module")
def analyst(sample_path, tmp_path_factory):
    target = tmp_path_factory.mktemp("analyst") / "analyst.duckdb"
    removed = ship(sample_path, target)
    return target, removed


def test_no_secret_is_in_an_export_or_a_page(planted, tmp_path):
    pytest.importorskip("plotly")
    with RIIndex(planted) as index:
        files = [*index.export(tmp_path / "out"), index.export_for_app(tmp_path / "app.json")]
        write_map(index.store, tmp_path / "map.html")
    told = {file.name: file.read_text(encoding="utf-8") for file in files if file.suffix != ".parquet"}
    # What riindex wrote of the index, without the program that draws it.
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    drawn = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1]
    told["map.html"] = html.unescape(json.dumps(json.loads(drawn), ensure_ascii=False))
    for file in files:
        if file.suffix == ".parquet":
            rows = pq.read_table(file).drop_columns(
                [c for c in ("tweet_id", "in_reply_to") if c in pq.read_schema(file).names]
            )
            told[file.name] = "\n".join(map(str, rows.to_pylist()))
    secrets = {secret for _, secret in CANARIES if len(secret) > 7}
    secrets |= {"canaryauthor", "canarytown", "Canaryname", "44196397", "28.6139", "canaryblob"}
    assert {(name, secret) for name, text in told.items() for secret in secrets if secret in text} == set()


def test_an_analyst_copy_answers_as_an_index_does(analyst, sample):
    path, removed = analyst
    with RIIndex(path) as copy:
        own = copy.sql("select persona_id, size, tier from personas order by 1").fetchall()
        assert own == sample.sql("select persona_id, size, tier from personas order by 1").fetchall()
        assert len(copy.similar("late parcel", limit=5)) == 5
        assert len(copy.similar("late parcel", limit=5, mode="hybrid")) == 5
        texts = [row[0] for row in copy.sql("select text from tweets").fetchall()]
        assert all(mask_text(text) == text for text in texts)
        assert copy.sql("select count(*) from dropped").fetchall() == [(0,)]
        assert [row[0] for row in copy.sql("select removed from shipped order by position").fetchall()] == removed
        about = " ".join(row[0] for row in copy.sql("select text from about").fetchall())
        assert all(line in about for line in removed)


@pytest.mark.slow
def test_two_copies_share_no_pseudonyms(analyst, sample_path, tmp_path):
    ship(sample_path, tmp_path / "again.duckdb")
    ids = [{cell for name, cell in everything(path) if name == "documents" and len(cell) == 17 and cell[0] in "at"}
           for path in (analyst[0], tmp_path / "again.duckdb")]  # fmt: skip
    assert min(map(len, ids)) > 1000
    assert not ids[0] & ids[1]


def test_pseudonyms_keep_who_answers_whom(analyst, sample):
    with RIIndex(analyst[0]) as copy:
        query = ("select count(*), count(distinct author) from documents as d "
                 "where in_reply_to in (select tweet_id from documents)")  # fmt: skip
        kept = query.replace("documents", "tweets")
        assert copy.sql(query).fetchall() == sample.sql(kept).fetchall()


@pytest.mark.slow
def test_an_internal_copy_is_the_whole_index(sample_path, tmp_path):
    target = tmp_path / "internal.duckdb"
    assert ship(sample_path, target, "internal") == []
    with RIIndex(sample_path) as one, RIIndex(target) as other:
        for table in ("documents", "personas", "persona_terms", "dropped", "postings"):
            assert one.sql("from " + table).fetchall() == other.sql("from " + table).fetchall()
    assert [finding for finding in verify(target) if not finding.note] == []


@pytest.mark.slow
def test_columns_of_any_type_are_masked_and_masks_are_no_words(tmp_path):
    frame = talk(120)
    rows = [f"{text} see https://pics.example.com/{n}" for n, text in enumerate(frame["text"].to_pylist())]
    frame = frame.set_column(frame.column_names.index("text"), "text", pa.array(rows))
    frame = frame.append_column("tags", pa.array([["x", f"mail{n}@secret.org"] for n in range(120)]))
    frame = frame.append_column("phone", pa.array([9876500000 + n for n in range(120)]))
    frame = frame.append_column("mobile", pa.array([9876500000.0 + n for n in range(120)]))
    frame = frame.append_column("exact", pa.array([Decimal(9876500000 + n) for n in range(120)]))
    frame = frame.append_column("ratio", pa.array([0.5 + n for n in range(120)]))
    frame = frame.append_column("place", pa.array([{"mail": f"place{n}@secret.org"} for n in range(120)]))
    index, target, folder = tmp_path / "index.duckdb", tmp_path / "copy.duckdb", tmp_path / "out"
    build(frame, index, settings={**QUICK, "fit.personas": 3, "denoise.near_duplicate_similarity": 1.0,
                                  "denoise.where": "author <> 'canaryclient'"})  # fmt: skip
    ship(index, target, keep=["tags", "phone", "mobile", "exact", "ratio", "place"])
    with RIIndex(index) as own:
        own.export(folder)
        flat = pq.read_table(folder / "tweets.parquet")
    assert flat.schema.field("ratio").type == pa.float64()
    told = " ".join(cell for _, cell in everything(target)) + " ".join(map(str, flat.to_pylist()))
    assert not [secret for secret in ("secret.org", "98765000", "canaryclient") if secret in told]
    with RIIndex(target) as copy:
        terms = {
            term for (term,) in copy.sql("select term from persona_terms where kind in ('term', 'ngram')").fetchall()
        }
        assert terms
        assert not [term for term in terms if set(term.split()) & {"pics", "example", "com"}]
        row = copy.matches("parcel late", limit=1)[0]
        shares = copy.explain_match("parcel late", row["tweet_id"])
        assert sum(share for _, share in shares) == pytest.approx(row["score"], abs=1e-5)


@pytest.mark.slow
def test_a_public_copy_rests_on_enough_authors(sample, sample_path, tmp_path):
    target, k = tmp_path / "public.duckdb", 10
    ship(sample_path, target, "public", k=k)
    with duckdb.connect(str(target), read_only=True) as copy:
        tables = {row[0] for row in copy.execute("select table_name from duckdb_tables()").fetchall()}
        assert not tables & {"documents", "embeddings", "assignments", "replies", "persona_evidence", "postings"}
        assert copy.execute("select min(n_authors) >= $k from personas", {"k": k}).fetchall() == [(True,)]
        assert copy.execute("select min(n_authors) >= $k from persona_terms", {"k": k}).fetchall() == [(True,)]
        counted = sample.sql("select persona_id, count(distinct author) from tweets group by all").fetchall()
        sizes = dict(copy.execute("select persona_id, size from personas").fetchall())
        assert sizes
        assert all(sizes.get(persona, 0) in (0, authors // k * k) for persona, authors in counted)
        for persona, hour, n in copy.execute("select persona_id, hour, n from persona_hours where n > 0").fetchall():
            authors = sample.sql("select count(distinct author) from tweets where persona_id = $p and "
                                 "hour(created_at) = $h", {"p": persona, "h": hour}).fetchall()[0][0]  # fmt: skip
            assert n == authors // k * k > 0
        assert copy.execute("select * from similar_personas('late parcel')").fetchall()
        first = copy.execute("select min(persona_id) from personas").fetchall()[0][0]
        assert copy.execute(f"select * from persona_card({first})").fetchall()
        for (text,) in copy.execute("select text from about where text like 'select %'").fetchall():
            copy.execute(text.split("   or")[0]).fetchall()


@pytest.mark.slow
def test_no_figure_of_a_public_copy_is_of_few_authors_nor_what_two_leave(sample, sample_path, tmp_path):
    target, k = tmp_path / "public.duckdb", 10
    ship(sample_path, target, "public", k=k)
    columns = [row[0] for row in sample.sql("describe behaviour").fetchall() if row[0] != "doc_id"]
    traits = {}
    for feature in columns:
        for persona, *counts in sample.sql(
            f"select persona_id, count(distinct author), count(distinct author) filter ({feature} is not null), "
            f"count(*) - count({feature}), count(distinct author) filter ({feature} is null), "
            f"count(distinct author) filter ({feature} = 1), count(distinct author) filter ({feature} = 0) "
            "from behaviour join (select doc_id, persona_id, author from tweets) using (doc_id) group by all"
        ).fetchall():  # fmt: skip
            traits[persona, feature] = counts
    core = dict(
        sample.sql("select persona_id, count(distinct author) from tweets where is_core group by all").fetchall()
    )
    with duckdb.connect(str(target), read_only=True) as copy:
        assert all(core[persona] >= k for (persona,) in copy.execute("select persona_id from personas").fetchall())
        assert copy.execute("select count(core_size) from personas").fetchall() == [(0,)]
        told = copy.execute("select persona_id, feature, is_share, n from persona_traits").fetchall()
        assert len(told) > 100
        for persona, feature, is_share, n in told:
            if "=" in feature:
                continue
            everybody, known_authors, unknown, unknown_authors, yes, no = traits[persona, feature]
            assert n == everybody // k * k or n == known_authors // k * k, feature
            assert known_authors >= k, feature
            assert not unknown or unknown_authors >= k, feature
            assert not is_share or all(part == 0 or part >= k for part in (yes, no)), feature
        quarters = dict(
            copy.execute(
                "select persona_id, count(*) from persona_traits where starts_with(feature, 'hours=') group by all"
            ).fetchall()
        )
        assert set(quarters.values()) <= {4}
        kinds = {kind for (kind,) in copy.execute("select distinct kind from persona_terms").fetchall()}
        assert not kinds & {"ngram", "absent_term"}
        shares = copy.execute("select max(abs(t.share * p.size / t.n - 1)), min(p.size - t.n) from persona_terms as t "
                              "join personas as p using (persona_id)").fetchall()[0]  # fmt: skip
        assert shares[0] <= 0.05
        assert shares[1] >= k


@pytest.mark.slow
def test_a_public_copy_names_nobody_by_what_few_say_and_holds_no_single_account(sample_path, tmp_path):
    index, target, k = tmp_path / "index.duckdb", tmp_path / "public.duckdb", 20
    shutil.copyfile(sample_path, index)
    with duckdb.connect(str(index)) as own:
        own.execute("update documents set author = 'loud' where doc_id % 10 < 7 and doc_id in "
                    "(select doc_id from assignments where persona_id = 1)")  # fmt: skip
        # A name that few say, which another persona will get: both are given anew.
        own.execute("update personas set name = 'Mixed talk', generated_name = 'Mixed talk' where persona_id = 2")
    told = " ".join(ship(index, target, "public", k=k))
    with duckdb.connect(str(target), read_only=True) as copy:
        names = dict(copy.execute("select persona_id, name from personas").fetchall())
        said = dict(copy.execute("select persona_id, string_agg(term, ' ') from persona_terms "
                                 "where kind in ('term', 'ngram') group by all").fetchall())  # fmt: skip
        described = [text for (text,) in copy.execute("select description from personas").fetchall()]
    assert 1 not in names
    assert "1" in told
    assert len(set(names.values())) == len(names) >= 3
    for persona, name in names.items():
        subject = name.split(" (")[0].lower().replace("&", "").replace(",", "").split()
        made_up = subject == ["mixed", "talk"] or subject == ["persona", str(persona)]
        assert made_up or set(subject) <= set(said.get(persona, "").split()), name
    assert all(re.search("authors, (solid|usable|fragile);", text) for text in described)


@pytest.mark.slow
def test_without_vectors_the_copy_is_small_and_says_so(analyst, sample_path, tmp_path):
    target = tmp_path / "small.duckdb"
    removed = ship(sample_path, target, embeddings=False)
    assert target.stat().st_size < analyst[0].stat().st_size
    assert any("similar_tweets" in line for line in removed)
    with duckdb.connect(str(target), read_only=True) as copy:
        assert copy.execute("select * from search_tweets('refund')").fetchall()
        assert copy.execute("select * from similar_personas('refund')").fetchall()


COMMANDS = ["summary", "personas", "persona 0", "tweets -n 1", "similar late", "similar late --personas", "similar 0",
            "similar late --mode keyword", "similar late --mode hybrid", "why x", "sql", "sql @targeting", "quality",
            "export out", "map map.html", "verify", "index", "ship again.duckdb"]  # fmt: skip
ANSWERED = {"public": {"personas", "similar late --personas", "similar 0", "sql", "sql @targeting", "verify"},
            "small": set(COMMANDS) - {"similar late", "similar late --mode hybrid", "index", "ship again.duckdb",
                                      "why x", "export out"},
            "analyst": set(COMMANDS) - {"why x"}}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWERED)
def test_every_command_answers_or_says_what_was_taken_out(kind, sample_path, tmp_path, monkeypatch, capfd):
    import sys

    from riindex.cli import main

    pytest.importorskip("plotly")
    copy = tmp_path / f"{kind}.duckdb"
    ship(sample_path, copy, "public" if kind == "public" else "analyst", embeddings=kind != "small")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RI_INDEX", str(copy))
    for command in COMMANDS:
        monkeypatch.setattr(sys, "argv", ["ri", *command.split()])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        told = capfd.readouterr().err
        assert "Traceback" not in told, command
        assert (code == 0) == (command in ANSWERED[kind]), (command, told)
        if code:
            assert "error: " in told, command
            assert "hint: " in told, command


@pytest.mark.parametrize("level", LEVELS)
def test_a_copy_replaces_an_earlier_copy_but_no_table_of_somebody_else(level, sample_path, tmp_path):
    copy, other = tmp_path / "copy.duckdb", tmp_path / "other.duckdb"
    ship(sample_path, copy, level)
    with duckdb.connect(copy) as changed:
        changed.execute("delete from shipped")
    ship(sample_path, copy, level)
    with duckdb.connect(copy, read_only=True) as again:
        assert again.sql("select distinct level from shipped").fetchall() == [(level,)]
    with duckdb.connect(other) as theirs:
        theirs.execute("create table shipped as select 'public' as level, 1 as position, 'x' as removed")
    before = other.read_bytes()
    with pytest.raises(QueryError, match="another file already"):
        ship(sample_path, other, level)
    assert other.read_bytes() == before


def test_what_cannot_be_shipped_says_so(sample_path, tmp_path):
    copy = tmp_path / "own.duckdb"
    shutil.copyfile(sample_path, copy)
    for arguments, kind in (
        ((copy, copy), QueryError),
        ((copy, tmp_path), QueryError),
        ((copy, tmp_path / "none" / "a.duckdb"), QueryError),
        ((copy, tmp_path / "a.duckdb", "secret"), ConfigError),
        ((copy, tmp_path / "a.duckdb", "analyst", ["colour"]), ConfigError),
        ((copy, tmp_path / "a.duckdb", "public", (), 1), ConfigError),
    ):
        with pytest.raises(kind) as problem:
            ship(*arguments)
        assert problem.value.hint
    assert not [p for p in tmp_path.iterdir() if p.name != "own.duckdb"]
