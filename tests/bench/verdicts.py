"""Are verdicts right? Planted personas among random text, and groups of nothing but shuffled text.

Run: python tests/bench/verdicts.py [SOURCE] [--shuffles 10] [--rows 2000] [--set key=value …]

Planted: ten subjects of twelve words each, 150 posts a subject of eight words, half of them its own and half drawn from
the posts of SOURCE, among as many posts of nothing but such words; default builds of five seeds. A planted persona is a
persona most of whose posts are of one subject. Shuffled: the words of SOURCE's posts dealt out anew, each post as long
as it was, so that nothing is said anywhere; default builds, every group of which is judged.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

import riindex
from riindex.store.database import Store

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "tweets"
QUICK = {"layout.method": "pca", "layout.max_documents": 10, "index.ann_rows": 10**9}
SUBJECTS = (
    "parcel courier van doorstep tracking depot driver delayed route warehouse postcode collect",
    "flight airport gate luggage crew landing seat boarding runway passport terminal cabin",
    "guitar album concert chorus drummer vinyl melody rehearsal stage lyrics bass encore",
    "recipe oven flour butter dough yeast baking pastry whisk sugar kitchen crust",
    "goal striker referee penalty stadium keeper league midfield coach derby offside kickoff",
    "loan mortgage interest banker savings deposit credit debit branch overdraft statement fee",
    "doctor nurse hospital clinic surgery patient ward medicine vaccine symptom diagnosis therapy",
    "garden soil seeds pruning roses compost lawn weeds tomatoes greenhouse shovel hedge",
    "battery charger screen laptop keyboard modem router cable update firmware reboot pixel",
    "teacher homework classroom pupils exam lesson grades timetable headmaster essay textbook chalk",
)
EACH, LENGTH = 150, 8


def texts(source: Path, rows: int) -> list[str]:
    """The kept texts of a source, the first so many, links and handles taken out."""
    with tempfile.TemporaryDirectory() as folder:
        report = riindex.build(source, Path(folder) / "all.duckdb", settings={**QUICK, "evaluate.refits": 0})
        with Store.read(report.path) as store:
            store.run("shared/text")
            found = store.connection.sql("select prose(text) from tweets order by doc_id").fetchall()
    return [text for (text,) in found if len(text.split()) >= 5][:rows]


def judged(frame: pl.DataFrame, seed: int, extra: dict[str, object]) -> list[tuple[str, str, float, int, float]]:
    """Of each persona of a default build: verdict, reason, share of its commonest subject, that subject, stability."""
    with tempfile.TemporaryDirectory() as folder:
        report = riindex.build(frame, Path(folder) / "b.duckdb", settings={**QUICK, **extra, "seed": seed})
        with Store.read(report.path) as store:
            return store.connection.sql(
                "select q.verdict, q.reason, max(n) / sum(n), arg_max(subject, n), any_value(q.stability) from "
                "(select persona_id, subject, count(*) as n from tweets group by all) join persona_quality as q "
                "using (persona_id) group by q.persona_id, q.verdict, q.reason order by q.persona_id"
            ).fetchall()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?", default=DATA / "support_threads_5k.csv")
    parser.add_argument("--shuffles", type=int, default=10)
    parser.add_argument("--planted", type=int, default=5)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--set", action="append", default=[], dest="settings")
    options = parser.parse_args()
    extra: dict[str, object] = dict(pair.split("=", 1) for pair in options.settings)
    posts = texts(options.source, options.rows)
    words = np.array(" ".join(posts).split())
    print("| planted, seed | subjects found | solid | usable | fragile | other personas |")
    print("|---|---|---|---|---|---|", flush=True)
    for seed in range(options.planted):
        rng = np.random.default_rng(seed)
        rows, subjects = [], []
        for subject, own in enumerate([*map(str.split, SUBJECTS), *[[]] * len(SUBJECTS)]):
            for _ in range(EACH):
                said = [*rng.choice(own, LENGTH // 2, replace=False)] if own else []
                said += [*rng.choice(words, LENGTH - len(said))]
                rows.append(" ".join(rng.permutation(said)))
                subjects.append(subject if own else -1)
        found = judged(pl.DataFrame({"text": rows, "subject": subjects}), seed, extra)
        planted = [row for row in found if row[2] > 0.5 and row[3] >= 0]
        counts = [sum(row[0] == word for row in planted) for word in ("solid", "usable", "fragile")]
        others = ", ".join(row[0] for row in found if row not in planted)
        print(f"| {seed} | {len({row[3] for row in planted})} | {counts[0]} | {counts[1]} | {counts[2]} | {others} |",
              flush=True)  # fmt: skip
    print("\n| shuffled, seed | groups | fragile | others |")
    print("|---|---|---|---|", flush=True)
    groups = fragile = 0
    for seed in range(options.shuffles):
        dealt = iter(np.random.default_rng(seed).permutation(words))
        rows = [" ".join(next(dealt) for _ in text.split()) for text in posts]
        found = judged(pl.DataFrame({"text": rows, "subject": [0] * len(rows)}), seed, extra)
        groups, fragile = groups + len(found), fragile + sum(row[0] == "fragile" for row in found)
        others = "; ".join(f"{row[0]}: {row[1]}" for row in found if row[0] != "fragile")
        print(f"| {seed} | {len(found)} | {sum(row[0] == 'fragile' for row in found)} | {others} |", flush=True)
    print(f"\nshuffled text: {fragile} of {groups} groups are fragile")


if __name__ == "__main__":
    main()
