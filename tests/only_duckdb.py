"""With nothing but duckdb: does a file find what riindex found in it? `python tests/only_duckdb.py FILE EXPECTED.json`.

EXPECTED.json maps each query to the ids that riindex found; `python tests/only_duckdb.py FILE EXPECTED.json --write`
makes it, with riindex. CI runs this with every DuckDB that the file is promised to.
"""

import json
import sys
from pathlib import Path

import duckdb

SUBJECTS = [
    *("where is my parcel", "refund policy", "AI shopping", "late delivery", "fake seller", "customer service bot"),
    *("payment gateway api", "quick commerce in India", "credit card fees", "checkout design"),
]
# Accents, Hindi, hashtags, elongations, casing, links, handles, and words that nobody ever wrote.
WAYS = [
    *(
        "{}",
        "SOOOOO ANGRY: {}!!!",
        "#FreeShipping #{} @someone",
        "café naïve {} Ångström",
        "{} https://example.com/a?b",
    ),
    *("मेरा {} कहाँ है", "paisa wapas karo {}", "{} zqxvorbling", "unheardofness of {}", "{} &amp; more"),
]
# Keywords of scripts with and without blanks between words.
KEYWORDS = ["refund policy", "पैसा", "paisa", "快递", "ส่งของ", "荷物 が", "العملاء", "банк", "café"]
QUERIES = [way.format(subject) for subject in SUBJECTS for way in WAYS]


def write(index, target):
    from riindex.index import RIIndex

    with RIIndex(index) as ri:
        found = {query: ri.similar(query)["tweet_id"].to_list() for query in QUERIES}
        said = {word: ri.similar(word, mode="keyword")["tweet_id"].to_list() for word in KEYWORDS}
    Path(target).write_text(json.dumps({"similar": found, "keyword": said}), encoding="utf-8")


def check(index, expected):
    answers = json.loads(Path(expected).read_text(encoding="utf-8"))
    wanted = answers["similar"]
    connection = duckdb.connect(str(index), read_only=True)
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    wrong = []
    for query, ids in wanted.items():
        rows = connection.execute("select tweet_id from similar_tweets($q)", {"q": query}).fetchall()
        if [row[0] for row in rows] != ids:
            wrong.append(query)
    for word, ids in answers["keyword"].items():
        rows = connection.execute("select tweet_id from search_tweets($q)", {"q": word}).fetchall()
        if [row[0] for row in rows] != ids:
            wrong.append(word)
    assert len(wanted) >= 100
    assert not wrong, wrong
    assert connection.execute("select * from similar_personas('late parcel')").fetchall()
    assert connection.execute("select * from search_tweets('refund policy', 3)").fetchall()
    assert connection.execute("select * from persona_card(0)").fetchall()
    loaded = connection.execute(
        "select extension_name from duckdb_extensions() where loaded and install_path not in ('', '(BUILT-IN)')"
    ).fetchall()
    assert not loaded, loaded
    print(f"duckdb {duckdb.__version__}: {len(wanted)} queries, the same ten ids each")


if __name__ == "__main__":
    (write if "--write" in sys.argv else check)(*sys.argv[1:3])
