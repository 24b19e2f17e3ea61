"""Measure searches: `python tests/bench/search.py INDEX.duckdb [pairs] [latency] [cold] [peers] [--pairs 1000]`.

`pairs`: random queries under random filters against brute force. `latency`: one process, many questions. `cold`: one
question a process. `peers`: the same vectors in LanceDB without an index, in DuckDB and usearch
(needs vicinity[usearch]).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import numpy as np

from riindex.index import RIIndex

LIMIT = 10
WARM = 5
SHARES = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.3, 0.6, 1.0)


def queries(index: RIIndex, count: int, seed: int) -> list[str]:
    """Pieces of three to eight words of random texts."""
    texts = index.sql(
        f"select text from documents using sample reservoir({2 * count} rows) repeatable ({seed})"
    ).fetchall()
    dice = random.Random(seed)
    found = []
    for (text,) in texts:
        words = [word for word in text.split() if word[0].isalpha()]
        if len(words) >= 3:
            start = dice.randrange(len(words) - 2)
            found.append(" ".join(words[start : start + dice.randint(3, 8)]))
    return found[:count]


def filters(index: RIIndex, count: int, seed: int) -> list[str]:
    """Conditions of every kind: shares of 0.01 % to 100 %, words, dates, personas, languages, subqueries."""
    dice = random.Random(seed)
    personas = [row[0] for row in index.sql("select persona_id from personas").fetchall()]
    languages = [row[0] for row in index.sql("select distinct lang from tweets where lang is not null").fetchall()]
    days = [
        str(row[0])
        for row in index.sql("select distinct created_at::date from tweets where created_at is not null").fetchall()
    ]
    words = ["the", "price", "today", "short", "http", "love", "zzz"]
    kinds = [lambda: f"hash(tweet_id) % 10000 < {round(10_000 * dice.choice(SHARES))}"] * 4 + [
        lambda: f"persona_id = {dice.choice(personas)}",
        lambda: f"persona_id in ({dice.choice(personas)}, {dice.choice(personas)})",
        lambda: f"text ilike '%{dice.choice(words)}%'",
        lambda: f"persona_id = {dice.choice(personas)} and confidence > 0.{dice.randint(3, 9)}",
        lambda: f"author in (select author from tweets group by author having count(*) > {dice.choice((2, 20, 200))})",
    ]
    if languages:
        kinds.append(lambda: "lang = '" + dice.choice(languages) + "'")
    if days:
        kinds.append(lambda: f"created_at >= timestamp '{dice.choice(days)}'")
    return [dice.choice(kinds)() for _ in range(count)]


def brute_force(index: RIIndex) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    rows = index.sql("select doc_id, tweet_id, vector from embeddings join documents using (doc_id) "
                     "where doc_id in (select doc_id from assignments) order by doc_id").to_arrow_table()  # fmt: skip
    vectors = np.asarray(rows["vector"].combine_chunks().flatten()).reshape(rows.num_rows, -1)
    return rows["doc_id"].to_numpy(), vectors, {t: n for n, t in enumerate(rows["tweet_id"].to_pylist())}


def pairs(index: RIIndex, count: int) -> None:
    """Exact plans equal brute force to the last id; lists miss few, and never give fewer rows than there are."""
    ids, vectors, place = brute_force(index)
    asked = list(zip(queries(index, count, 1), filters(index, count, 2), strict=True))
    wrong = short = 0
    recalls: dict[tuple[str, str], list[float]] = defaultdict(list)
    for text, where in asked:
        passing = np.isin(
            ids, index.sql(f"select doc_id from tweets where {where}").to_arrow_table()["doc_id"].to_numpy()
        )
        scores = np.where(passing, vectors @ index._now.encoder.encode([text])[0], -np.inf)
        best = np.lexsort((ids, -scores))[: min(LIMIT, int(passing.sum()))]
        exact = [place[t] for t in index.similar(text, where=where, limit=LIMIT, exact=True)["tweet_id"]]
        gap = np.abs(scores[exact] - scores[best]).max() if len(exact) == len(best) and len(best) else 0.0
        wrong += exact != best.tolist() and (len(exact) != len(best) or gap > 1e-6)
        found = [place[t] for t in index.similar(text, where=where, limit=LIMIT)["tweet_id"]]
        way = index.explain(text, where=where, limit=LIMIT).way
        short += len(found) != len(best)
        if len(best):
            share = passing.mean()
            bucket = next(f"≤ {s:.2%}" for s in (0.001, 0.01, 0.1, 0.5, 1.0) if share <= s)
            recalls[way, bucket].append(float((scores[found] >= scores[best].min() - 1e-6).mean()))
    print(f"{count} pairs: {wrong} exact answers differ from brute force, {short} answers are shorter or longer")
    for (way, bucket), values in sorted(recalls.items()):
        print(f"  {way:<14} {bucket:>9} pass  {len(values):5} pairs  recall@10 {np.mean(values):.4f}")


def timed(ask) -> float:
    started = time.perf_counter()
    ask()
    return 1_000 * (time.perf_counter() - started)


def latency(index: RIIndex, count: int) -> None:
    """Median milliseconds of many questions in one process; for filters also beyond DuckDB's own counting."""
    texts = queries(index, 200, 3)
    for text in texts[:WARM]:
        index.similar(text)
    for name, options in (("similar", {}), ("keyword", {"mode": "keyword"}), ("hybrid", {"mode": "hybrid"})):
        taken = [timed(lambda text=text, options=options: index.similar(text, **options)) for text in texts]
        print(
            f"{name:<28} p50 {median(taken):7.1f} ms  p95 {np.percentile(taken, 95):7.1f} ms  "
            f"{index.explain(texts[0], **options).way}"
        )
    started = time.perf_counter()
    index.similar(texts)
    print(f"{'200 queries in one call':<28} {1_000 * (time.perf_counter() - started) / 200:11.1f} ms each")
    beyond: dict[str, list[float]] = defaultdict(list)
    for text, where in zip(texts * 2, filters(index, 2 * len(texts), 4), strict=True):
        counting = timed(lambda where=where: index.sql(f"select count(*) from tweets where {where}").fetchall())
        taken = timed(lambda text=text, where=where: index.similar(text, where=where))
        beyond[index.explain(text, where=where).way].append(taken - counting)
    for way, values in sorted(beyond.items()):
        print(
            f"filter, {way:<20} p50 {median(values):7.1f} ms  p95 {np.percentile(values, 95):7.1f} ms beyond counting"
            f"  ({len(values)})"
        )


def cold(index: RIIndex, count: int) -> None:
    """`ri similar`, whole processes, the file in the system's cache."""
    command = [sys.executable, "-m", "riindex", "similar", "late delivery", "-i", str(index.path)]
    taken = [timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(5)]
    told = [round(t / 1_000, 2) for t in taken]
    print(f"ri similar, cold process: {min(taken) / 1_000:.2f} s, best of five; all {told}")


def peers(index: RIIndex, count: int) -> None:
    """The ten nearest of 200 queries over the same vectors."""
    import duckdb
    import lancedb
    import pyarrow as pa

    ids, vectors, _ = brute_force(index)
    asked = index._now.encoder.encode(queries(index, 200, 3))
    truth = [set(np.argsort(-(vectors @ query), kind="stable")[:LIMIT].tolist()) for query in asked]

    def report(name: str, ask) -> None:
        for query in asked[:WARM]:
            ask(query)
        taken, hits = [], []
        for query, best in zip(asked, truth, strict=True):
            started = time.perf_counter()
            found = ask(query)
            taken.append(1_000 * (time.perf_counter() - started))
            hits.append(len(best & set(found)) / LIMIT)
        print(f"{name:<24} p50 {median(taken):8.1f} ms   recall@10 {np.mean(hits):.3f}", flush=True)

    at = {int(doc): n for n, doc in enumerate(ids)}
    place = {t: at[d] for t, d in index.sql("select tweet_id, doc_id from tweets").fetchall()}
    report("riindex, with the texts", lambda query: [place[t] for t in index.similar(query)["tweet_id"]])
    rows = pa.table(
        {
            "n": np.arange(len(ids)),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1]),
        }
    )
    with TemporaryDirectory() as folder:
        table = lancedb.connect(folder).create_table("flat", rows)
        report(
            "LanceDB, no index",
            lambda query: (
                table.search(query)
                .distance_type("dot")
                .limit(LIMIT)
                .select(["n", "_distance"])
                .to_arrow()["n"]
                .to_pylist()
            ),
        )
        connection = duckdb.connect(f"{folder}/flat.duckdb")
        connection.register("incoming", rows)
        connection.execute("create table flat as from incoming")
        connection.execute("checkpoint")
        nearest = (
            f"select n from flat order by array_inner_product(vector, $q::float[{vectors.shape[1]}]) desc limit {LIMIT}"
        )
        report(
            "DuckDB, arrays",
            lambda query: [row[0] for row in connection.execute(nearest, {"q": query.tolist()}).fetchall()],
        )
        connection.close()
    try:
        from vicinity import Backend, Vicinity
    except ImportError:
        print("usearch: pip install 'vicinity[usearch]'")
        return
    store = Vicinity.from_vectors_and_items(vectors, list(range(len(ids))), backend_type=Backend.USEARCH)
    report("usearch, by vicinity", lambda query: [item for item, _ in store.query(query, k=LIMIT)[0]])


BENCHES = {"pairs": pairs, "latency": latency, "cold": cold, "peers": peers}


@click.command()
@click.argument("path", type=Path)
@click.argument("wanted", nargs=-1, type=click.Choice(list(BENCHES)))
@click.option("--pairs", "count", default=1_000)
def main(path: Path, wanted: tuple[str, ...], count: int) -> None:
    """Run the benches that are wanted, or all."""
    os.environ.setdefault("LANCE_LOG", "error")
    with RIIndex(path) as index:
        for name in wanted or BENCHES:
            print(f"== {name}", flush=True)
            BENCHES[name](index, count)


if __name__ == "__main__":
    main()
