"""Subtract public copies from one another: is anything that they hold a figure of fewer authors than a step?

Run: python tests/bench/differencing.py [--builds 11] [--seed 1]

A corpus of three subjects and forty authors is built, and again over the same index with 1 to 50 more rows: of a new
author, of authors who are there already, or copies of one text; each with words of its own that fewer than five authors
say, and spellings of its own of words that all say. Every build is shipped at --k 5, 10 and 20, and at 5 once more.
Every copy is looked at alone, and every two: those of one build at two steps, and those of two builds at one step.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import tempfile
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
from trials import QUICK

from riindex.pipeline.run import build
from riindex.share.ship import PUBLIC_TABLES, ship

STEPS = (5, 10, 20)
AUTHORS = 40
SUBJECTS = (
    "parcel courier van doorstep tracking late depot driver route delivery",
    "refund policy receipt cashier money deadline exchange store credit counter",
    "font layout colour button page screen spacing contrast menu header",
)
# Table → the columns that say what a row is about.
KEYS = {
    "personas": ("persona_id",),
    "persona_terms": ("persona_id", "kind", "term"),
    "persona_traits": ("persona_id", "feature"),
    "persona_hours": ("persona_id", "hour"),
    "persona_weekdays": ("persona_id", "weekday"),
    "persona_similarity": ("persona_id", "other_id", "method"),
}
COUNTS = {"n", "n_authors", "size"}
# In what order the rows of a table may lie, so that their order says nothing.
ORDERED = {"personas": "persona_id", "persona_terms": "persona_id, kind, rank"}
# Of a build and its settings, not of its rows.
OF_THE_BUILD = {"build_id", "started_at", "finished_at"}
Row = dict[str, str]
Cells = dict[tuple[Any, ...], Any]


def _post(number: int, author: str, subject: int, dice: random.Random, tail: str = "") -> Row:
    words = dice.sample(SUBJECTS[subject].split(), 5)
    text = f"the {words[0]} {words[1]} and my {words[2]} {words[3]} with {words[4]}{tail} number {number}"
    return {
        "tweet_id": str(1_900_000_000_000_000_000 + number),
        "text": text,
        "author": author,
        "created_at": f"2025-03-{1 + dice.randrange(28):02} {dice.randrange(24):02}:{number % 60:02}:00",
        "like_count": str(dice.randrange(30)),
    }


def base(dice: random.Random) -> list[Row]:
    """Posts of AUTHORS authors, every one on a subject of his."""
    return [_post(i, f"writer-{i % AUTHORS}-known", i % AUTHORS % 3, dice) for i in range(410)]


def more(number: int, dice: random.Random) -> tuple[str, list[Row], list[str]]:
    """What is added in a build: its kind, the rows, and words of which a copy may say nothing."""
    kind = ("one new author", "authors already there", "copies of one text", "one author's own spelling")[number % 4]
    rows = dice.choice((1, 2, 5, 13, 50))
    planted, start, subject = f"zzqsecret{number}word", 5_000 + 100 * number, dice.randrange(3)
    few = [f"planted-author-{number}"]
    if kind == "authors already there":
        few = [f"writer-{3 * i + subject}-known" for i in range(4)]
    found = [_post(start + i, few[i % len(few)], subject, dice, f" {planted}!") for i in range(rows)]
    if kind == "copies of one text":
        found = [{**row, "text": found[0]["text"]} for row in found]
    if kind == "one author's own spelling":
        for row in found:
            row["text"] = row["text"].upper()
    return kind, found, [planted, planted.upper(), *few, *(row["tweet_id"] for row in found)]


def _write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def cells(copy: duckdb.DuckDBPyConnection) -> Cells:
    """Every figure and text of a copy by table, key and column."""
    found: Cells = {}
    for table, key in KEYS.items():
        relation = copy.table(table)
        for row in relation.fetchall():
            named = dict(zip(relation.columns, row, strict=True))
            own = tuple(named.pop(name) for name in key)
            found.update({(table, own, column): value for column, value in named.items() if column != "centroid"})
    return found


def _two_digits(value: float) -> bool:
    if value == 0 or not math.isfinite(value):
        return True
    return math.isclose(value, round(value, 1 - math.floor(math.log10(abs(value)))), rel_tol=1e-6)


def alone(path: Path, step: int, hidden: list[str], totals: set[int]) -> tuple[Cells, list[str]]:
    """What a copy holds, and what in it is of too few."""
    problems, content = [], path.read_bytes()
    with duckdb.connect(str(path), read_only=True) as copy:
        tables = [row[0] for row in copy.execute("select table_name from duckdb_tables()").fetchall()]
        problems += [f"table {name}" for name in tables if name not in PUBLIC_TABLES]
        told = content.decode("latin-1")
        for name in tables:
            if name != "words":  # the encoder's own
                told += str(copy.table(name).fetchall())
        told += str(copy.execute("select table_name, comment from duckdb_tables()").fetchall())
        told += str(copy.execute("select column_name, comment from duckdb_columns()").fetchall())
        problems += [f"{word!r} is in it" for word in hidden if word in told]
        for name, order in ORDERED.items():
            lying = copy.execute(f"select * exclude (rowid) from (select rowid, {order} from {name}) order by rowid")
            rows = lying.fetchall()
            if rows != sorted(rows):
                problems.append(f"the rows of {name} lie in an order of their own")
        found = cells(copy)
    for (table, key, column), value in found.items():
        if column in COUNTS and value % step:
            problems.append(f"{table}.{column} of {key} is {value}")
        if isinstance(value, float) and not _two_digits(value):
            problems.append(f"{table}.{column} of {key} has more digits: {value}")
        if isinstance(value, int) and not isinstance(value, bool) and value in totals and column != "rank":
            problems.append(f"{table}.{column} of {key} is a total: {value}")
    return found, problems


def coarser(fine: Cells, coarse: Cells, step: int) -> list[str]:
    """What a copy of a larger step says that does not follow from one of a smaller."""
    problems = []
    for key, value in coarse.items():
        table, own, column = key
        if key not in fine:
            problems.append(f"{table} has {own}, {column} only at {step}")
        elif (column in COUNTS and fine[key] // step * step != value) or (
            column in ("mean", "spelling") and value not in (fine[key], own[-1])
        ):
            problems.append(f"{table}.{column} of {own}: {fine[key]} and {value}")
        elif column == "name":
            words = {k[1][2] for k in fine if k[0] == "persona_terms" and k[1][0] == own[0]}
            plain = value.split(" (")[0].lower().replace("&", " ").split()
            made_up = plain in (["mixed", "talk"], ["persona", str(own[0])])
            if not made_up and not set(plain) <= words:
                problems.append(f"the name {value!r} at {step} has words that the finer copy lacks")
    return problems


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--builds", type=int, default=11)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        pairs, problems, moved, kinds = campaign(Path(name), options.builds, random.Random(options.seed))
    print("| figure | pairs of builds, of 1 step, in which one that both hold moves |\n|---|---|")
    for figure, number in moved.most_common():
        print(f"| {figure} | {number} |")
    print(f"\npairs: {dict(pairs)}; builds: {dict(kinds)}; {time.monotonic() - begun:.0f} s; problems: {len(problems)}")
    for problem, number in Counter(problems).most_common(30):
        print(f"  {number} times: {problem}")
    raise SystemExit(1 if problems else 0)


def campaign(
    folder: Path, builds: int, dice: random.Random
) -> tuple[Counter[str], list[str], Counter[str], Counter[str]]:
    """Build, ship, and subtract; the answer: pairs by kind, problems, figures that moved, builds by kind."""
    rows, settings = base(dice), dict(setting.split("=") for setting in QUICK)
    target, copies = folder / "posts.duckdb", {}
    problems: list[str] = []
    kinds: Counter[str] = Counter()
    for number in range(builds):
        kind, extra, hidden = more(number, dice) if number else ("the base", [], [])
        kinds[kind] += 1
        hidden = [word for word in hidden if not word.endswith("-known")] + [row["author"] for row in rows[:AUTHORS]]
        report = build(_write(folder / "posts.csv", rows + extra), target, settings=settings)
        totals = {report.documents, report.kept, len(rows) + len(extra)}
        for step in STEPS:
            path = folder / f"copy{number}-{step}.duckdb"
            ship(target, path, "public", k=step)
            copies[number, step], found = alone(path, step, hidden, totals)
            problems += [f"{kind}, k {step}: {problem}" for problem in found]
        again = folder / "again.duckdb"
        ship(target, again, "public", k=STEPS[0])
        if alone(again, STEPS[0], hidden, totals)[0] != copies[number, STEPS[0]]:
            problems.append("a copy of the same step, made after the others, is another")
        print(f"  {number}: {kind}, {len(extra)} rows, {len(problems)} problems", flush=True)
    pairs: Counter[str] = Counter({"one build, once more": builds})
    for number in range(builds):
        for fine, coarse in combinations(STEPS, 2):
            pairs["one build, two steps"] += 1
            problems += coarser(copies[number, fine], copies[number, coarse], coarse)
    moved: Counter[str] = Counter()
    for step in STEPS:
        for one, other in combinations(range(builds), 2):
            pairs["two builds, one step"] += 1
            here, there = copies[one, step], copies[other, step]
            both = here.keys() & there.keys()
            moved.update({f"{table}.{column}" for table, own, column in both
                          if here[table, own, column] != there[table, own, column]})  # fmt: skip
            for key in both:
                if key[2] in COUNTS and (here[key] - there[key]) % step:
                    problems.append(f"{key}: {here[key]} and {there[key]}")
    return pairs, problems, moved, kinds


if __name__ == "__main__":
    main()
