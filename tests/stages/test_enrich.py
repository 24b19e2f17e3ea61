"""Every figure of a persona, computed again from its rows."""

import re
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from corpora import THROUGH_ASSIGN, ask, start, talk, through
from scipy.stats import fisher_exact

from riindex.store.statements import sql_text
from riindex.text.pii import mask_text
from riindex.text.stop_words import stop_words

THROUGH_ENRICH = (*THROUGH_ASSIGN, "evaluate", "enrich")


def one(index, query):
    return index.sql(query).fetchall()


@pytest.fixture
def members(sample):
    """persona → its kept rows (dictionaries)."""
    relation = sample.sql("select t.*, b.* exclude (doc_id, like_count, retweet_count, reply_count, quote_count) "
                          "from tweets t join behaviour b using (doc_id) order by doc_id")  # fmt: skip
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    found = {}
    for row in rows:
        found.setdefault(row["persona_id"], []).append(row)
    return found


def test_sizes_shares_authors_and_core_are_counted(sample, members):
    total = sum(map(len, members.values()))
    for persona, size, core, share, authors in one(
        sample, "select persona_id, size, core_size, share, n_authors from personas"
    ):
        own = members[persona]
        assert (size, core) == (len(own), sum(r["is_core"] for r in own))
        assert share == pytest.approx(size / total)
        assert authors == len({r["author"] for r in own})


def test_hours_and_weekdays_are_counted_on_all_members(sample, members):
    everyone = [r for own in members.values() for r in own]
    for persona, hour, n, share, baseline in one(sample, "select * from persona_hours"):
        own = members[persona]
        wanted = sum(r["created_at"].hour == hour for r in own)
        others = sum(r["created_at"].hour == hour for r in everyone) - wanted
        assert (n, share) == (wanted, pytest.approx(wanted / len(own)))
        assert baseline == pytest.approx(others / (len(everyone) - len(own)))
    for persona, weekday, n, share, _ in one(sample, "select * from persona_weekdays"):
        wanted = sum(r["created_at"].isoweekday() == weekday for r in members[persona])
        assert (n, share) == (wanted, pytest.approx(wanted / len(members[persona])))
    assert one(sample, "select distinct count(*) from persona_hours group by persona_id") == [(24,)]
    assert one(sample, "select distinct count(*) from persona_weekdays group by persona_id") == [(7,)]


def test_peak_hour_and_week_ratio_follow_from_the_rows(sample, members):
    for persona, peak, ratio in one(sample, "select persona_id, peak_hour, weekday_weekend_ratio from personas"):
        hours = np.bincount([r["created_at"].hour for r in members[persona]], minlength=24)
        assert peak == int(hours.argmax())
        ends = sum(r["created_at"].isoweekday() > 5 for r in members[persona])
        assert ratio == (pytest.approx((len(members[persona]) - ends) / ends) if ends else None)


def test_hours_differ_between_personas(sample):
    assert len(set(map(str, one(sample, "select list(n order by hour) from persona_hours group by persona_id")))) > 5


def test_style_means_are_means_of_all_members(sample, members):
    columns = ("avg_text_length", "avg_word_count", "question_density", "exclam_density")
    features = ("text_length", "word_count", "question_density", "exclam_density")
    for persona, *found in one(sample, f"select persona_id, {', '.join(columns)} from personas"):
        for value, feature in zip(found, features, strict=True):
            assert value == pytest.approx(np.mean([r[feature] for r in members[persona]]), abs=1e-5)


def test_traits_compare_with_all_other_personas(sample):
    behaviour = sample.sql(
        "select a.persona_id, b.* exclude (doc_id) from behaviour b join assignments a using (doc_id) order by b.doc_id"
    )
    names, rows = behaviour.columns[1:], behaviour.fetchall()
    personas = np.array([row[0] for row in rows])
    values = {name: np.array([row[i] for row in rows], float) for i, name in enumerate(names, 1)}
    traits = one(
        sample,
        "select persona_id, feature, n, mean, baseline_mean, difference from persona_traits "
        "where not contains(feature, '=')",
    )
    assert len(traits) >= 0.9 * len(names) * len(set(personas.tolist()))
    for persona, feature, n, mean, baseline, difference in traits:
        column, own = values[feature], personas == persona
        assert n == np.isfinite(column[own]).sum()
        assert mean == pytest.approx(np.nanmean(column[own]), abs=2e-6)
        assert baseline == pytest.approx(np.nanmean(column[~own]), abs=2e-6)
        spread = np.nanstd(column)
        if spread > 1e-3:
            assert difference == pytest.approx((mean - baseline) / spread, abs=2e-2, rel=2e-3)


def words(text):
    """A text's words without links and mentions, roughly: enough to check counts of plain words."""
    text = re.sub(r"https?://\S+|@\w+|#\w+", " ", text)
    return {re.sub(r"'s$", "", w) for w in re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower().replace("\u2019", "'"))}


def test_terms_count_core_members_and_compare_with_the_others(sample, members):
    core = {p: [words(r["text"]) for r in own if r["is_core"]] for p, own in members.items()}
    total = sum(map(len, core.values()))
    checked = 0
    for persona, term, n, counted, share, baseline, lift in one(
        sample, "select persona_id, term, n, n_independent, share, baseline_share, lift from persona_terms "
        "where kind = 'term' and rank <= 8 and regexp_full_match(term, '[a-z]+')",
    ):  # fmt: skip
        here = sum(term in w for w in core[persona])
        everywhere = sum(term in w for own in core.values() for w in own)
        size = len(core[persona])
        assert abs(n - here) <= max(1, 0.05 * here), term
        assert share == pytest.approx(n / size)
        others = everywhere - here
        assert baseline == pytest.approx(others / (total - size), abs=2.5 / (total - size)), term
        in_others = round(baseline * (total - size))
        if counted == n:
            assert lift == pytest.approx(((n + 0.5) / (size + 1)) / ((in_others + 0.5) / (total - size + 1)))
        assert lift >= 1.5
        checked += 1
    assert checked >= 50


def test_hashtags_mentions_domains_and_emoji_are_counted(sample, members):
    patterns = {
        "hashtag": lambda t, text: re.search(rf"(?<![\w&]){re.escape(t)}(?!\w)", text.lower()),
        "emoji": lambda t, text: t in text,
        "domain": lambda t, text: t in text.lower(),
    }
    found = one(
        sample, "select persona_id, kind, term, n from persona_terms where kind in ('hashtag', 'emoji', 'domain')"
    )
    assert len(found) > 10
    for persona, kind, term, n in found:
        assert n == sum(bool(patterns[kind](term, r["text"])) for r in members[persona] if r["is_core"]), term


def test_ranks_are_dense_and_by_score(sample):
    for _, scores, ranks in one(
        sample, "select persona_id || kind, list(score order by rank), list(rank order by rank) from persona_terms "
        "where kind <> 'absent_term' group by all",
    ):  # fmt: skip
        assert ranks == list(range(1, len(ranks) + 1))
        assert all(a >= b - 1e-8 for a, b in pairwise(scores))


def test_no_stop_word_link_or_leftover_is_a_term(sample):
    terms = [t for (t,) in one(sample, "select distinct term from persona_terms where kind in ('term', 'ngram')")]
    banned = set(stop_words()) | {"rt", "amp", "http", "https", "co", "www", "com"}
    assert {"the", "hai", "rt", "amp", "https"} <= banned
    assert [t for t in terms if t in banned] == []
    assert [t for t in terms if t.split()[0] in banned or t.split()[-1] in banned] == []
    assert [t for t in terms if "t.co" in t or "://" in t or "/" in t] == []


def test_names_are_unique_and_say_something(sample):
    names = [name for (name,) in one(sample, "select name from personas")]
    assert len({name.lower() for name in names}) == len(names) >= 8
    assert all(name and not name.startswith("Persona ") for name in names)
    for name, persona in one(sample, "select name, persona_id from personas"):
        spelled = " ".join(
            t
            for (t,) in one(
                sample, f"select lower(spelling || ' ' || term) from persona_terms where persona_id = {persona}"
            )
        )
        assert all(part.lower() in spelled for part in re.split(r", | & ", re.sub(r" \([^)]*\)$", "", name)))


def test_descriptions_hold_the_size_and_the_share(sample):
    for size, share, description in one(sample, "select size, share, description from personas"):
        assert description.startswith(f"{size:,} posts ({share:.1%})")
        assert description.endswith(".")


def test_tiers_follow_the_cumulative_share(sample):
    found = one(sample, "select share, tier from personas order by size desc, persona_id")
    before = 0.0
    for share, tier in found:
        assert tier == ("dominant" if before < 0.5 - 1e-9 else "significant" if before < 0.7 - 1e-9 else "niche")
        before += share
    assert before == pytest.approx(1)


def test_evidence_is_of_the_persona_masked_and_by_different_authors(sample, members):
    found = one(sample, "select persona_id, rank, doc_id, tweet_id, text from persona_evidence order by 1, 2")
    by_persona = {}
    for persona, rank, doc, tweet, text in found:
        row = next(r for r in members[persona] if r["doc_id"] == doc)
        assert row["tweet_id"] == tweet
        assert text == mask_text(row["text"])
        assert not re.search(r"@(?!user\b)\w+", text)
        by_persona.setdefault(persona, []).append((rank, row["author"]))
    assert set(by_persona) == set(members)
    for persona, picked in by_persona.items():
        authors = len({r["author"] for r in members[persona]})
        assert [rank for rank, _ in picked] == list(range(1, len(picked) + 1))
        assert len(picked) == min(10, len(members[persona]))
        assert len({a for _, a in picked}) >= min(len(picked), authors) - 2


def test_every_hint_rests_on_a_row_with_its_figures(sample):
    hints = one(
        sample, "select persona_id, kind, hint, grounded_table, grounded_key, value, baseline from persona_hints"
    )
    figures = {
        "persona_terms": ("share", "baseline_share"),
        "persona_hours": ("share", "baseline_share"),
        "persona_traits": ("mean", "baseline_mean"),
    }
    assert len(hints) > 20
    for persona, kind, _, table, key, value, baseline in hints:
        assert kind in ("do", "dont")
        pairs = dict(part.split("=", 1) for part in key.split(", "))
        where = " and ".join(
            f"{column}::varchar = '{wanted.replace(chr(39), 2 * chr(39))}'" for column, wanted in pairs.items()
        )
        own = one(sample, f"select {', '.join(figures[table])} from {table} where persona_id = {persona} and {where}")
        assert own == [(pytest.approx(value), baseline if baseline is None else pytest.approx(baseline))], key


def test_hints_have_both_kinds_and_at_most_four_of_each(sample):
    for _, kind, ranks in one(
        sample, "select persona_id, kind, list(rank order by rank) from persona_hints group by all"
    ):
        assert ranks == list(range(1, len(ranks) + 1))
        assert len(ranks) <= 4
        assert kind in ("do", "dont")
    personas = one(sample, "select count(*) from personas")[0][0]
    assert one(sample, "select count(distinct persona_id) from persona_hints where kind = 'do'") == [(personas,)]


def test_similarities_are_symmetric_complete_and_checkable(sample):
    found = {(a, b, m): s for a, b, m, s in one(sample, "select * from persona_similarity")}
    sizes = dict(one(sample, "select persona_id, size from personas"))
    centroids = {p: np.array(v, float) for p, v in one(sample, "select persona_id, centroid from personas")}
    mean = np.mean(list(centroids.values()), axis=0)
    assert len(found) == 3 * len(sizes) * (len(sizes) - 1)
    for (a, b, method), value in found.items():
        assert value == pytest.approx(found[b, a, method])
        if method == "size":
            assert value == pytest.approx(min(sizes[a], sizes[b]) / max(sizes[a], sizes[b]))
        if method == "language":
            x, y = centroids[a] - mean, centroids[b] - mean
            assert value == pytest.approx(x @ y / np.linalg.norm(x) / np.linalg.norm(y), abs=1e-4)
        if method == "style":
            assert 0 < value <= 1


def test_trends_count_every_week(sample, members):
    found = one(sample, "select persona_id, week, n, total, share from persona_trends")
    everyone = [r["created_at"] for own in members.values() for r in own]

    def week(moment):
        return (moment - timedelta(days=moment.weekday())).date()

    assert len(found) == len(members) * len({week(m) for m in everyone})
    for persona, start_of, n, total, share in found:
        assert n == sum(week(r["created_at"]) == start_of for r in members[persona])
        assert total == sum(week(m) == start_of for m in everyone)
        assert share == pytest.approx(n / total)


def test_coherence_is_the_mean_cosine_to_the_mean_vector(sample):
    rows = one(sample, "select persona_id, vector from embeddings join assignments using (doc_id) order by doc_id")
    personas, vectors = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], float)
    for persona, coherence in one(sample, "select persona_id, coherence from personas"):
        own = vectors[personas == persona]
        mean = own.mean(axis=0)
        assert coherence == pytest.approx((own @ (mean / np.linalg.norm(mean))).mean(), abs=1e-5)


def test_centroids_are_unit_means_of_core_members(sample):
    rows = one(sample, "select persona_id, vector from embeddings join assignments using (doc_id) where is_core")
    personas, vectors = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], float)
    for persona, centroid in one(sample, "select persona_id, centroid from personas"):
        mean = vectors[personas == persona].mean(axis=0)
        assert np.array(centroid) == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_personas_without_times_authors_or_behaviour_are_whole(tmp_path):
    frame = talk(90).select(["text"])
    run = start(tmp_path, frame, settings={"fit.personas": 3, "fit.restarts": 5, "evaluate.refits": 0})
    with through(run, *THROUGH_ENRICH) as store:
        found = store.connection.execute(
            "select peak_hour, weekday_weekend_ratio, n_authors, stability, name from personas"
        ).fetchall()
        assert store.connection.execute("select count(*) from persona_evidence").fetchall()[0] == (30,)
        assert store.connection.execute("select count(*) from persona_trends").fetchall()[0] == (0,)
    assert [row[:4] for row in found] == [(None, None, None, None)] * 3
    assert len({row[4] for row in found}) == 3


def test_the_time_zone_shifts_the_hours(tmp_path):
    hours = {}
    for zone in ("UTC", "Asia/Kolkata"):
        (tmp_path / zone.replace("/", "")).mkdir()
        run = start(tmp_path / zone.replace("/", ""), talk(90), settings={
            "fit.personas": 3, "fit.restarts": 5, "evaluate.refits": 0, "behave.timezone": zone,
            "fuse.text_share": 1.0})  # fmt: skip
        with through(run, *THROUGH_ENRICH) as store:
            hours[zone] = sorted(h for (h,) in store.connection.execute("select peak_hour from personas").fetchall())
    assert hours["UTC"] == [8, 15, 21]
    assert set(hours["Asia/Kolkata"]) <= {13, 14, 20, 21, 2, 3}


def test_terms_carry_the_exact_test_of_their_counts(sample, members):
    core = {persona: sum(row["is_core"] for row in own) for persona, own in members.items()}
    total = sum(core.values())
    for persona, n, counted, baseline, low, lift, high, p, q in one(
        sample, "select persona_id, n, n_independent, baseline_share, lift_low, lift, lift_high, p, q "
        "from persona_terms where kind <> 'absent_term'",
    ):  # fmt: skip
        size = core[persona] - (n - counted)
        others = round(baseline * (total - core[persona]))
        table = [[counted, size - counted], [others, total - core[persona] - others]]
        assert p == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-6, abs=1e-9)
        assert low < lift < high
        assert p <= q <= 1


def test_one_account_counts_once_where_it_could_make_a_term(tmp_path):
    frame = talk(90).to_pylist()
    for number, row in enumerate(frame):
        row["text"] += " zebra crossing" * (row["topic"] == "delivery" and number < 45)
        row["author"] = "loud" if "zebra" in row["text"] and number > 0 else row["author"]
    run = start(tmp_path, pa.Table.from_pylist(frame), settings={"fit.personas": 3, "fit.restarts": 5,
                "evaluate.refits": 0, "fuse.text_share": 1.0, "denoise.template_repeats": 0})  # fmt: skip
    with through(run, *THROUGH_ENRICH) as store:
        found = ask(store, "select n, n_authors, n_independent, q from persona_terms where term = 'zebra'")
    (n, authors, counted, q) = found[0]
    assert n >= 10
    assert counted == authors
    assert q > 0.05


def test_hours_weekdays_and_languages_are_shares_with_lift(sample, members):
    found = {
        (persona, feature): rest
        for persona, feature, *rest in one(
            sample, "select persona_id, feature, n, mean, baseline_mean, lift, p, q, n_authors from persona_traits "
            "where contains(feature, '=')")}  # fmt: skip
    everyone = [row for own in members.values() for row in own]
    for persona, own in members.items():
        night = [row for row in own if row["created_at"].hour < 6]
        others = sum(row["created_at"].hour < 6 for row in everyone) - len(night)
        n, mean, baseline, lift, p, q, authors = found[persona, "hours=00-05"]
        assert (n, authors) == (len(own), len({row["author"] for row in night}))
        assert mean == pytest.approx(len(night) / len(own))
        assert baseline == pytest.approx(others / (len(everyone) - len(own)))
        table = [[len(night), len(own) - len(night)], [others, len(everyone) - len(own) - others]]
        assert p == pytest.approx(fisher_exact(table).pvalue, rel=1e-6, abs=1e-9)
        assert q >= p
        assert (lift > 1) == (mean > baseline) or abs(lift - 1) < 0.1
    assert {"weekday=Mon", "weekday=Sun", "lang=en"} <= {feature for _, feature in found}


def test_growth_is_the_slope_of_the_weekly_share_and_said_where_it_is_sure(sample):
    found = {row["persona_id"]: row for row in sample.trends()}
    weekly = one(sample, "select persona_id, list(share order by week), list(total order by week), "
                 "list(low order by week), list(high order by week) from persona_trends group by 1")  # fmt: skip
    for persona, shares, totals, low, high in weekly:
        assert all(a <= b <= c for a, b, c in zip(low, shares, high, strict=True))
        fitted = np.polyfit(np.arange(len(shares)), shares, 1, w=np.sqrt(totals))
        assert found[persona]["slope"] == pytest.approx(fitted[0], rel=1e-6, abs=1e-9)
        assert found[persona]["low"] <= found[persona]["slope"] <= found[persona]["high"]
        description = one(sample, f"select description from personas where persona_id = {persona}")[0][0]
        assert (found[persona]["trend"].capitalize() in description) == (found[persona]["q"] <= 0.05)
    assert {"emerging", "fading", "steady"} >= {row["trend"] for row in found.values()}


def test_few_weeks_say_that_they_are_few(tmp_path):
    run = start(tmp_path, talk(90), settings={"fit.personas": 3, "fit.restarts": 5, "evaluate.refits": 0})
    with through(run, *THROUGH_ENRICH) as store:
        assert ask(store, "select distinct trend, slope is null from persona_growth") == [("too little time", True)]


def test_a_language_is_named_and_its_commonest_words_are_no_terms(tmp_path):
    frame = talk(90).to_pylist()
    for number, row in enumerate(frame):
        nouns = " ".join(word for word in row["text"].split() if len(word) > 4)
        told = {"delivery": f"el {nouns} que no llega con la {number} y por una casa",
                "refund": f"they would die for the {nouns} {number} in a war and sue",
                "design": f"the {nouns} of this {'atm' if number % 4 else 'ATM'} is {number}"}  # fmt: skip
        row["text"] = told[row["topic"]]
        row["author"] = "loud" if row["topic"] == "design" and number % 5 else row["author"]
    run = start(tmp_path, pa.Table.from_pylist(frame), settings={"fit.personas": 3, "fit.restarts": 5,
                "evaluate.refits": 0, "fuse.text_share": 1.0, "denoise.template_repeats": 0})  # fmt: skip
    with through(run, *THROUGH_ENRICH) as store:
        held = dict(ask(store, "select name, list(term) from personas join persona_terms using (persona_id) "
                        "where kind in ('term', 'ngram') group by name"))  # fmt: skip
        reasons = " ".join(reason for (reason,) in ask(store, "select reason from persona_quality"))
    said = {term for terms in held.values() for term in terms}
    (spanish,) = (name for name in held if name.endswith(" (in Spanish)"))
    (loud,) = (name for name in held if name.endswith(" (one account)"))
    assert "llega" in held[spanish]
    assert not said & {"el", "que", "con", "por", "una", "la"}
    assert {"die", "war"} <= said, "a commonest word of German is none in an English text"
    assert "ATM" in loud, "written in capitals where it is written with any"
    assert "Spanish" in reasons


def test_the_share_of_a_long_text_is_the_same_wherever_terms_are_counted():
    """A view can name no value from outside, so the formula stands in each file."""
    found = [
        re.findall(r"greatest\(2000.*?\) as most", sql_text(f"enrich/terms/{name}"))
        for name in ("opening", "spoken_texts")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 1
