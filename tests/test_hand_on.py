"""What leaves the index: the classic files, the map, and the check of a file."""

import csv
import json
import re
import shutil
import subprocess
import sys

import duckdb
import polars as pl
import pytest

from riindex.ask.recipes import recipes
from riindex.compat.files import FILES
from riindex.errors import QueryError
from riindex.index import RIIndex
from riindex.share.map import PART, _for_script, _hover, write_map
from riindex.share.ship import ship
from riindex.share.tables import NEIGHBOURS
from riindex.share.verify import verify
from riindex.text.pii import mask_text

# -- export --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(sample_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "out"
    with RIIndex(sample_path) as index:
        assert index.export(folder) == [folder / name for name in FILES]
    return folder


def load(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def shape(value):
    """Keys and kinds, lists by their first item, dictionaries of ids by any of theirs."""
    if isinstance(value, dict):
        if len(value) > 25 or (value and all(key.isdigit() for key in value)):
            return {"<id>": shape(next(iter(value.values())))}
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) else type(value).__name__


def assert_has(wanted, found, where=""):
    """``found`` has the keys of ``wanted``, kind by kind; an empty list of either says nothing."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), where
        assert set(found) == set(wanted), where
        for key, inner in wanted.items():
            assert_has(inner, found[key], f"{where}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(found, list), where
        if wanted and found:
            assert_has(wanted[0], found[0], where + "[]")
    else:
        assert found == wanted, where


@pytest.mark.real_data
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
def test_the_classic_files_have_their_published_shape(name, exported, real_data):
    assert_has(shape(load(real_data / "ri_reports", name)), shape(load(exported, name)))


@pytest.mark.real_data
def test_the_review_table_has_its_published_columns(exported, real_data):
    heads = [(folder / "personas_for_review.csv").read_text(encoding="utf-8").splitlines()[0]
             for folder in (real_data / "ri_reports", exported)]  # fmt: skip
    assert heads[0] == heads[1]


def test_names_sizes_and_ids_are_the_same_in_every_file(exported, sample):
    truth = {str(i): (name, size) for i, name, size in
             sample.sql("select persona_id, name, size from personas").fetchall()}  # fmt: skip
    enriched = {str(p["persona_id"]): (p["name"], p["size"]) for p in load(exported, FILES[0])["personas"]}
    stats = load(exported, "persona_assignment_stats.json")
    distribution = {i: (row["name"], row["count"]) for i, row in stats["persona_distribution"].items()}
    app = {str(p["id"]): (p["name"], p["size"]) for p in load(exported, "ri_index_app.json")["personas"]}
    samples = load(exported, "persona_samples_full.json")["persona_samples"]
    mapping = load(exported, "tweet_persona_mapping.json")
    counted = {}
    for row in mapping["mapping"].values():
        counted[str(row["persona_id"])] = (row["persona_name"], counted.get(str(row["persona_id"]), ("", 0))[1] + 1)
    with (exported / "personas_for_review.csv").open(encoding="utf-8") as handle:
        review = {row["id"]: (row["name"], int(row["size"])) for row in csv.DictReader(handle)}
    flat = pl.read_parquet(exported / "tweets.parquet")
    assert truth == enriched == distribution == app == counted == review
    assert {i: row["size"] for i, row in samples.items()} == {i: size for i, (_, size) in truth.items()}
    assert stats["metadata"]["total_tweets"] == mapping["metadata"]["total_tweets"] == len(flat)


def test_exported_texts_are_masked_unless_raw(exported, sample, tmp_path):
    texts = pl.read_parquet(exported / "tweets.parquet")["text"].to_list()
    assert all(mask_text(text) == text for text in texts)
    folder = tmp_path / "raw"
    sample.export(folder, raw=True)
    raw = pl.read_parquet(folder / "tweets.parquet").sort("doc_id")["text"].to_list()
    assert raw == [row[0] for row in sample.sql("select text from tweets order by doc_id").fetchall()]
    assert raw != texts


def test_the_map_table_names_true_neighbours(exported, sample):
    import numpy as np

    table = pl.read_parquet(exported / "map.parquet")
    assert table.columns == ["x", "y", "text", "persona", "persona_id", "tweet_id", "neighbors"]
    vectors = sample.store.matrix("fuse/kept_vectors")
    for row in (0, 100, 700):
        ids = table["neighbors"][row]["ids"]
        products = vectors @ vectors[row]
        products[row] = -2
        assert len(ids) == NEIGHBOURS
        assert np.isclose(sorted(products[ids])[::-1], np.sort(products)[::-1][:NEIGHBOURS], atol=1e-5).all()


# -- the map -------------------------------------------------------------------------------------------------------


def test_the_page_holds_every_point_and_asks_no_server(sample, tmp_path):
    target = tmp_path / "map.html"
    drawn = write_map(sample.store, target)
    page = target.read_text(encoding="utf-8")
    data = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    assert drawn == len(data["points"]["x"]) == sample.get_summary_stats()["total_tweets"]
    assert [c["name"] for c in data["colourings"]] == ["persona"]
    own = sample.sql("select persona_id from tweets order by doc_id").fetchall()
    named = [group["name"].split(" ")[0] for group in data["colourings"][0]["groups"]]
    assert [int(named[place]) for place in data["colourings"][0]["of"]] == [persona for (persona,) in own]
    assert "default-src 'none'" in page
    assert not [tag for tag in ("<script src", "<link", "<img", "@import") if tag in page.split("<script>")[0]]
    assert {group["name"].split(" ", 1)[1] for group in data["colourings"][0]["groups"]} == {
        row["name"] for row in sample.get_persona_coverage().values()}  # fmt: skip


def test_the_page_searches_what_is_said_and_numbers_personas_as_the_index_does(sample, sample_path, tmp_path):
    index, target = tmp_path / "index.duckdb", tmp_path / "map.html"
    shutil.copyfile(sample_path, index)
    with duckdb.connect(str(index)) as own:
        own.execute(
            "update documents set text = 'he said \"don''t\" ' || text where doc_id in (select doc_id from assignments)"
        )
        own.execute("update assignments set persona_id = 77 where persona_id = 5")
        own.execute("update personas set persona_id = 77 where persona_id = 5")
    with RIIndex(index) as edited:
        write_map(edited.store, target, raw=True)
    page = target.read_text(encoding="utf-8")
    data = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    assert all('he said "don\'t" ' in text and "<br>" not in text for text in data["points"]["said"])
    groups = data["colourings"][0]["groups"]
    assert {group["shortest"] for group in groups} == {group["name"].split(" ")[0] for group in groups}
    assert "77" in {group["shortest"] for group in groups}


def test_nothing_is_written_over_another_file(sample, tmp_path, sample_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("text\nmine\n", encoding="utf-8")
    source = tmp_path / "tweets.parquet"
    pl.DataFrame({"text": ["mine"]}).write_parquet(source)
    index = tmp_path / "other.duckdb"
    shutil.copyfile(sample_path, index)
    before = [path.read_bytes() for path in (mine, source, index)]
    for write in (lambda: write_map(sample.store, mine), lambda: write_map(sample.store, index),
                  lambda: sample.export(tmp_path), lambda: sample.export_for_app(mine),
                  lambda: ship(sample_path, mine), lambda: ship(sample_path, index)):  # fmt: skip
        with pytest.raises(QueryError, match="another file already"):
            write()
    assert before == [path.read_bytes() for path in (mine, source, index)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "other.duckdb", "tweets.parquet"]


def test_what_was_written_before_is_replaced(sample, tmp_path):
    for _ in range(2):
        assert write_map(sample.store, tmp_path / "map.html")
        assert sample.export(tmp_path / "out")
        assert sample.export_for_app(tmp_path / "app.json")


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1280,900", "390,800"])
@pytest.mark.parametrize("least", ["3000", "300"])
def test_a_browser_draws_the_page_by_svg_and_by_webgl(sample, tmp_path, size, least):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    target = tmp_path / "map.html"
    write_map(sample.store, target)
    page = target.read_text(encoding="utf-8")
    assert "many > 3000" in page
    target.write_text(page.replace("many > 3000", f"many > {least}"), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", f"--user-data-dir={tmp_path}/profile", f"--window-size={size}",
               "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-unsafe-swiftshader", "--virtual-time-budget=20000",
               "--dump-dom", target.as_uri()]  # fmt: skip
    drawn = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    drawn = drawn.split("<script>")[0]
    assert "WebGL is not supported" not in drawn
    assert drawn.count('class="legendtext"') >= 8
    assert (drawn.count('class="point"') > 1_000) == (least == "3000")


def test_a_text_that_names_another_part_stays_a_text():
    parts = {"DATA": "a /*PLOTLY*/ <!--TITLE-->", "PLOTLY": "p", "TITLE": "t"}
    page = PART.sub(lambda found: parts[found[1] or found[2]], "<!--TITLE-->/*DATA*/-/*PLOTLY*/")
    assert page == "ta /*PLOTLY*/ <!--TITLE-->-p"


def test_text_cannot_leave_its_place_in_the_page():
    assert "</script" not in _for_script({"a": "</script><script>alert(1)"})
    assert "<script" not in _hover("<script>alert(1)</script>")
    assert json.loads(_for_script({"a": "</b> <!-- x"})) == {"a": "</b> <!-- x"}


# -- verify --------------------------------------------------------------------------------------------------------

CORRUPTIONS = {
    "a changed count": ("update personas set size = size + 1 where persona_id = 3", "personas", "persona_id=3"),
    "a swapped name": ("update personas set name = 'Happy Customers' where persona_id = 2", "personas", "persona_id=2"),
    "a deleted tweet": ("delete from documents where doc_id = (select min(doc_id) from assignments)", "documents", ""),
    "an edited term": ("update persona_terms set term = 'zebra' where persona_id = 1 and kind = 'term' and rank = 1",
                       "persona_terms", "term=zebra"),
    "an edited share": ("update persona_terms set share = 0.9 where persona_id = 1 and kind = 'term' and rank = 2",
                        "persona_terms", "persona_id=1"),
    "a moved hour": ("update persona_hours set n = n + 5 where persona_id = 0 and hour = 9", "persona_hours", "hour=9"),
    "an edited tweet": ("update documents set text = 'I love it' where doc_id = 5", "documents", ""),
    "a moved tweet": ("update assignments set persona_id = (persona_id + 1) % 3 where doc_id = "
                      "(select min(doc_id) from assignments)", "assignments", ""),
    "an invented hint": ("update persona_hints set hint = 'Shout' where persona_id = 4 and kind = 'do' and rank = 1",
                         "persona_hints", "persona_id=4"),
    "edited evidence": ("update persona_evidence set text = 'Best shop ever' where persona_id = 0 and rank = 1",
                        "persona_evidence", "rank=1"),
    "a prettier figure": ("update quality set value = 0.99 where metric = 'coherence'", "quality", ""),
    "an edited funnel": ("update funnel set dropped = 0 where step = 'too_short'", "funnel", "step=too_short"),
}  # fmt: skip


def test_a_fresh_build_holds(sample_path):
    assert verify(sample_path) == []


def test_an_index_of_another_version_is_told(sample_path, tmp_path):
    path = tmp_path / "older.duckdb"
    shutil.copyfile(sample_path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update build set riindex_version = '0.0.9'")
    assert any("made by riindex 0.0.9" in f.problem and f.note for f in verify(path))


@pytest.mark.slow
@pytest.mark.parametrize("what", CORRUPTIONS)
def test_every_corruption_is_found_and_named(what, sample_path, tmp_path):
    statement, table, key = CORRUPTIONS[what]
    path = tmp_path / "broken.duckdb"
    shutil.copyfile(sample_path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
    found = verify(path)
    assert any(f.table == table and key in f.key and not f.note for f in found), found
    assert any(f.note for f in found), "the vector table is not beside the copy"


@pytest.mark.slow
def test_what_is_missing_or_stands_in_for_another_is_told(sample_path, tmp_path):
    path = tmp_path / "broken.duckdb"
    with duckdb.connect(str(sample_path), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
    for table in sorted(set(tables) - {"stage_run", "successions"}):
        shutil.copyfile(sample_path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"drop table {table} cascade")
        assert any(f.table == table and not f.note for f in verify(path)), table
    for statement, table in (
        ("update build set kept = 3", "build"), ("update build set documents = 17", "build"),
        ("create or replace view tweets as select * replace (null as persona_name) from (select d.doc_id, d.tweet_id, "
         "d.text, a.persona_id, '' as persona_name, a.is_core, a.confidence from documents as d join assignments as a "
         "using (doc_id))", "tweets"),
        ("create or replace macro persona_card(id) as table select '' as section, '' as item, '' as value",
         "persona_card"),
        ("alter table personas drop column size", "personas"),
    ):  # fmt: skip
        shutil.copyfile(sample_path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)
        assert any(f.table == table and not f.note for f in verify(path)), statement


# -- recipes -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_recipe_answers_with_other_values_too(sample):
    for found in recipes():
        assert re.fullmatch(r"[A-Z].+\.", found.sentence), found.name
        assert sample.sql(found.query, found.values({})).fetchall(), found.name
    rows = sample.sql(next(r for r in recipes() if r.name == "targeting").query,
                      {"hours": "22-5", "min_size": "100"}).fetchall()  # fmt: skip
    sizes = [row[2] for row in rows]
    assert sizes
    assert min(sizes) >= 100


def test_targeting_counts_what_the_tweets_say(sample):
    found = next(r for r in recipes() if r.name == "targeting")
    for persona, _, size, _, _, posts, *_ in sample.sql(found.query, found.values({"hours": "9-17"})).fetchall():
        counted = sample.sql(
            "select count(*), count(*) filter (hour(created_at) between 9 and 17) from tweets where persona_id = $p",
            {"p": persona}).fetchall()[0]  # fmt: skip
        assert (size, posts) == counted


def asked(sample, name, **values):
    """The rows of a ready question, by persona."""
    found = next(each for each in recipes() if each.name == name)
    relation = sample.sql(found.query, found.values(values))
    return {row[0]: dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()}


def test_lift_has_an_interval_of_newcombe_and_knows_its_columns(sample):
    from statsmodels.stats.proportion import confint_proportions_2indep

    rows = asked(sample, "lift", outcome_column="is_core", group_column="lang", test="en")
    for persona, row in rows.items():
        n, k = sample.sql("select count(*), count(*) filter (is_core) from tweets where persona_id = $p and "
                          "lang = 'en'", {"p": persona}).fetchall()[0]  # fmt: skip
        others, q = sample.sql("select count(*), count(*) filter (is_core) from tweets where persona_id = $p and "
                               "lang <> 'en'", {"p": persona}).fetchall()[0]  # fmt: skip
        assert (row["n_test"], row["n_control"]) == (n, others)
        if n and others:
            wanted = confint_proportions_2indep(k, n, q, others, method="newcomb")
            assert (row["low"], row["high"]) == pytest.approx(wanted, abs=2e-4)
            assert row["high"] > row["low"]
    for name, column in (("outcome_column", "nope"), ("group_column", "x'); --")):
        with pytest.raises(duckdb.Error, match="there is no column"):
            asked(sample, "lift", **{name: column})


@pytest.mark.slow
def test_terms_of_a_ready_question_are_words_whatever_they_hold(sample):
    plain = asked(sample, "market_slice", terms="india,upi")
    assert plain == asked(sample, "market_slice", terms=" India , , upi,")
    assert sum(row["posts"] for row in plain.values()) > 10
    assert sum(row["posts"] for row in asked(sample, "market_slice", terms="c++,[a-z]").values()) == 0
    assert asked(sample, "pain_points", words="fake") == asked(sample, "pain_points", words=" Fake,")


@pytest.mark.parametrize("hours", ["30-40", "9am", "9", "-1-4", "9-24"])
def test_hours_that_are_none_are_told(hours, sample):
    with pytest.raises(duckdb.Error, match="hours are the first and the last"):
        asked(sample, "targeting", hours=hours)


def test_who_is_in_which_group_is_what_the_groups_count(sample):
    relation = next(each for each in recipes() if each.name == "test_members")
    members = sample.sql(relation.query, relation.values({"seed": "7"})).fetchall()
    assert len({author for author, *_ in members}) == len(members)
    for persona, row in asked(sample, "test_groups", seed="7").items():
        own = [group for _, number, _, group in members if number == persona]
        assert (own.count("test"), own.count("control")) == (row["authors_test"], row["authors_control"])


def test_what_grows_is_what_the_persona_page_says(sample):
    rows = asked(sample, "emerging")
    wanted = {row["persona_id"]: row for row in sample.trends()}
    assert rows.keys() == wanted.keys()
    for persona, row in rows.items():
        assert (row["trend"], row["weeks"]) == (wanted[persona]["trend"], wanted[persona]["weeks"])
        assert row["points_a_week"] == pytest.approx(100 * wanted[persona]["slope"], abs=1e-3)


# -- ri sql --------------------------------------------------------------------------------------------------------


def ask(sample_path, *arguments):
    command = [sys.executable, "-m", "riindex", "sql", "-i", str(sample_path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_question_is_stopped_when_its_time_is_up(sample_path):
    # Long, and small in memory: another limit would end it first.
    endless = "select max(md5(a.range::varchar || b.range)) from range(100000000) a, range(300000) b"
    answer = ask(sample_path, "--timeout", "1", endless)
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: no result after 1 s")


def test_a_question_may_not_take_all_memory(sample_path):
    answer = ask(sample_path, "select length(repeat('x', 3500000000) || repeat('y', 3500000000))")
    assert answer.returncode == 1
    assert "error: " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_question_from_standard_input(sample_path):
    command = [sys.executable, "-m", "riindex", "sql", "-i", str(sample_path), "-f", "json", "-"]
    answer = subprocess.run(command, input="select 41 + 1 as n", capture_output=True, text=True, check=False)
    assert json.loads(answer.stdout) == [{"n": 42}]
