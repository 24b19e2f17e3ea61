"""BERTopic's fit on the same rows and vectors against a whole `ri build`: time, memory, groups, noise, in one run.

Run: python tests/bench/peers.py --python BERTOPIC/bin/python [--rows 15000,80000] [--source stocks_120k.parquet]

BERTopic needs an environment of its own: `python -m venv BERTOPIC && BERTOPIC/bin/pip install bertopic pyarrow`. It is
given the texts of the same file, copies and all, since it has no step that drops any, and the vectors that the build
made of them, so that it embeds nothing; and is timed
in its `fit_transform` alone, after its imports. riindex is timed from the start of the process to its end: reading,
embedding, cleaning, grouping, enriching, laying out, writing and indexing. Memory is the most that all processes had
together, for BERTopic from its imports on. UMAP's compilation counts for both.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from memory import measured

from riindex.store.database import Store

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "tweets"
MB = 1e6
# What BERTopic's environment runs: it knows nothing of riindex.
PEER = """
import json, sys, time
import numpy as np
import pyarrow.parquet as pq
from bertopic import BERTopic
texts = pq.read_table(sys.argv[1]).column("text").to_pylist()
vectors = np.load(sys.argv[2])
started = time.monotonic()
topics, _ = BERTopic(calculate_probabilities=False).fit_transform(texts, vectors)
seconds = time.monotonic() - started
topics = np.asarray(topics)
found = topics[topics >= 0]
sizes = np.bincount(found) if len(found) else np.zeros(1)
answer = {"seconds": seconds, "groups": len(set(found.tolist())), "noise": float((topics < 0).mean())}
print("ANSWER" + json.dumps(answer | {"largest": float(sizes.max() / len(topics))}))
"""


def ours(source: Path, folder: Path) -> dict[str, float]:
    """Build with default settings; leave the texts and their vectors in the folder for the peer."""
    target = folder / "bench.duckdb"
    taken = measured([sys.executable, "-m", "riindex", "build", str(source), "-o", str(target)], folder / "told")
    with Store.read(target) as store:
        rows = store.connection.sql(
            "select text, vector from documents join embeddings using (doc_id) order by doc_id"
        ).to_arrow_table()
        pq.write_table(rows.select(["text"]), folder / "texts.parquet")
        vectors = rows["vector"].combine_chunks()
        np.save(folder / "vectors.npy", np.asarray(vectors.flatten()).reshape(len(vectors), -1))
        sizes = [row[0] for row in store.connection.sql("select size from personas order by size desc").fetchall()]
    return {"seconds": taken.seconds, "peak": taken.peak / MB, "groups": len(sizes), "noise": 0.0,
            "largest": sizes[0] / sum(sizes), "kept": sum(sizes)}  # fmt: skip


def theirs(python: str, folder: Path) -> dict[str, float]:
    """Fit BERTopic with its defaults on the texts and vectors in the folder."""
    told = folder / "peer"
    words = [python, "-W", "ignore", "-c", PEER, str(folder / "texts.parquet"), str(folder / "vectors.npy")]
    taken = measured(words, told)
    answer = next(line for line in told.read_text().splitlines() if line.startswith("ANSWER"))
    return json.loads(answer.removeprefix("ANSWER")) | {"peak": taken.peak / MB}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True)
    parser.add_argument("--rows", default="15000,80000")
    parser.add_argument("--source", type=Path, default=DATA / "stocks_120k.parquet")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    source = pq.read_table(options.source)
    print("| rows | grouped | method | seconds | peak MB | groups | largest | noise |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for size in map(int, options.rows.split(",")):
        with tempfile.TemporaryDirectory(dir=".") as name:
            folder = Path(name)
            rows = np.random.default_rng(options.seed).choice(source.num_rows, size, replace=False)
            pq.write_table(source.take(pa.array(np.sort(rows))), folder / "rows.parquet")
            mine = ours(folder / "rows.parquet", folder)
            peer = theirs(options.python, folder)
        peer["kept"] = size
        for method, row in (("ri build, everything", mine), ("BERTopic fit_transform", peer)):
            print(f"| {size:,} | {row['kept']:,} | {method} | {row['seconds']:.1f} | {row['peak']:,.0f} | "
                  f"{row['groups']:.0f} | {row['largest']:.2f} | {row['noise']:.2f} |")  # fmt: skip
        print(f"| {size:,} | | ours / theirs | {mine['seconds'] / peer['seconds']:.2f} | "
              f"{mine['peak'] / peer['peak']:.2f} | | | |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
