"""Who speaks: the audience, a company's desk, adverts, feeds or the press; planted, declared and real."""

import pyarrow as pa
import pytest
from click.testing import CliRunner
from corpora import ask, start, table, through

from riindex.cli import ri
from riindex.labels.speakers import declaring_columns, signs
from riindex.pipeline.run import build

PLACES = ["kitchen", "garden", "station", "office", "market", "harbour", "library", "airport", "school", "theatre"]


def customers(count):
    """Posts of people who write to the desk of a shop, one each."""
    return [
        {
            "author": f"person{i}",
            "text": f"@shophelp my parcel for the {PLACES[i % 10]} is {i} days late and I am tired",
        }
        for i in range(count)
    ]


def desk(count, author="shophelp"):
    """Answers of a desk, one to each customer."""
    return [
        {"author": author,
         "text": f"@person{i} Sorry to hear about the {PLACES[i % 10]}! Please send us a DM, we'll look into it. ^KF"}
        for i in range(count)
    ]  # fmt: skip


def feed(count, author="tickers"):
    """Posts of a feed: links, tags, the same words."""
    return [
        {"author": author, "text": f"Stock alerts: {PLACES[i % 10]} report {i} $AAPL $FB $GOOG http://x.example/{i}"}
        for i in range(count)
    ]


def spoken(folder, posts, **columns):
    """Return (speaker, score, reasons) of each post, in order."""
    rows = {name: [post.get(name) for post in posts] for name in ("author", "text")} | columns
    store = through(start(folder, pa.table(rows)), "ingest", "embed", "denoise", "stances", "speakers")
    return ask(store, "select speaker, score, reasons from speakers order by doc_id")


def test_planted_kinds_are_told_by_the_signs_of_their_accounts(tmp_path):
    posts = [*customers(30), *desk(30), *feed(30), *feed(5, "city_news")]
    found = spoken(tmp_path, posts)
    kinds = [speaker for speaker, _, _ in found]
    assert kinds[:30] == ["audience"] * 30
    assert kinds[30:60] == ["company"] * 30
    assert kinds[60:90] == ["automated"] * 30
    assert set(kinds[90:]) <= {"promotion", "press", "automated"}
    assert all(0.5 <= score <= 1 for _, score, _ in found)
    assert "answers 30 accounts" in found[30][2]
    assert any("links" in reason for reason in found[60][2])


def test_what_a_column_says_goes_before_the_signs(tmp_path):
    posts = [*customers(10), *desk(10)]
    found = spoken(tmp_path, posts, inbound=["False"] * 10 + ["True"] * 10)
    assert [speaker for speaker, _, _ in found] == ["company"] * 10 + ["audience"] * 10
    assert found[0] == ("company", 1.0, ["inbound is False"])


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("inbound", ["morning", "evening"]),  # says something else
        ("is_company", ["true", "true"]),  # tells nobody apart
        ("role", ["customer", "17"]),
    ],
)
def test_a_column_that_says_nothing_is_not_believed(tmp_path, column, values):
    posts = [*customers(10), *desk(10)]
    found = spoken(tmp_path, posts, **{column: [values[0]] * 10 + [values[1]] * 10})
    assert [speaker for speaker, _, _ in found] == ["audience"] * 10 + ["company"] * 10


def test_posts_without_an_author_are_judged_one_by_one(tmp_path):
    posts = [{"text": post["text"]} for post in (*customers(3), *desk(3), *feed(3))]
    kinds = [speaker for speaker, _, _ in spoken(tmp_path, posts)]
    assert kinds == ["audience"] * 3 + ["company"] * 3 + ["promotion"] * 3


def test_a_retweet_is_no_sign_of_who_repeats_it(tmp_path):
    posts = [*customers(5), *({"author": "person1", "text": f"RT @shop: {post['text']}"} for post in desk(5))]
    assert {speaker for speaker, _, _ in spoken(tmp_path, posts)} == {"audience"}


def test_descriptions_have_no_speaker(tmp_path):
    run = start(
        tmp_path,
        table([f"You are a {place} researcher with ten years of work" for place in PLACES]),
        settings={"ingest.kind": "descriptions"},
    )
    assert ask(through(run, "ingest", "embed", "denoise", "stances", "speakers"), "from speakers") == []


def test_columns_are_recognised_without_their_punctuation():
    assert declaring_columns(["user.verified_type", "Inbound", "text"]) == [
        ("user.verified_type", "verified type"),
        ("Inbound", "from the audience"),
    ]
    assert {"desk", "own", "we", "signature", "advert", "desk_account", "press_account"} == set(signs())


@pytest.mark.slow
def test_a_persona_of_a_desk_is_named_and_judged_as_one(tmp_path):
    desks = ("shophelp", "shopcare", "shop_support", "askshop")
    posts = [*customers(150), *({**post, "author": desks[i % 4]} for i, post in enumerate(desk(150)))]
    path = tmp_path / "shop.duckdb"
    build(
        pa.table({name: [post[name] for post in posts] for name in ("author", "text")}),
        path,
        settings={"fit.personas": 2, "denoise.template_repeats": 0, "denoise.near_duplicate_similarity": 1},
    )
    asked = CliRunner().invoke(ri, ["sql", "@who_speaks", "-i", str(path), "-f", "csv"], catch_exceptions=False)
    assert asked.exit_code == 0
    first = asked.output.splitlines()[1]
    assert "support desk" in first
    quality = CliRunner().invoke(ri, ["quality", "-i", str(path)], catch_exceptions=False)
    assert "of it was not written by the audience" in quality.output
    why = CliRunner().invoke(ri, ["why", "d200", "-i", str(path)], catch_exceptions=False)
    assert "speaker: company" in why.output


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "least_recall", "least_precision"),
    [("support_threads_5k.csv", 0.95, 0.97), ("support_spotify_15k.csv", 0, 0)],
)
def test_agents_are_found_where_the_file_does_not_say_who_they_are(
    tmp_path, real_data, name, least_recall, least_precision
):
    run = start(tmp_path, real_data / "tweets" / name)
    store = through(run, "ingest", "embed", "denoise", "stances")
    store.connection.execute("create table truth as select doc_id, inbound = 'False' as staff from document_extras")
    store.connection.execute("alter table document_extras drop inbound")
    through(run, "speakers")
    hits, called, staff, posts = ask(
        store,
        "select count(*) filter (staff and s.speaker = 'company'), count(*) filter (s.speaker = 'company'), "
        "count(*) filter (staff), count(*) from truth join speakers as s using (doc_id) "
        "where doc_id not in (select doc_id from dropped)",
    )[0]
    if staff:
        assert hits / staff >= least_recall
        assert hits / called >= least_precision
    else:
        assert called / posts <= 0.005
