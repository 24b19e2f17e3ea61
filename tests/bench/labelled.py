"""Groups against labels: default builds beside BERTopic's defaults, on the same vectors, every row counted.

Run: python tests/bench/labelled.py FOLDER --python BERTOPIC/bin/python [--only agnews]

FOLDER holds agnews_8000.tsv, stackoverflow_20000.tsv, airline_14640.csv (negativereason) and banking77_train.csv. A
build sees the texts alone (`fuse.text_share=1`), once with `--personas K`, K the number of labels, and once choosing
the number itself. Each row has its persona, a dropped one its kept twin's, else that of the nearest persona's centre.
BERTopic (an environment of its own: see peers.py) is given the same texts and the bundled encoder's vectors; what it
calls noise goes to the nearest topic's mean vector. Accuracy is that of the best one-to-one matching of groups and
labels.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score

import riindex
from riindex import encoders
from riindex.store.database import Store

# What touches no group is kept small. A label is no near-duplicate's: cleaning is left on, as a user has it.
QUICK = {"evaluate.refits": 0, "layout.method": "pca", "layout.max_documents": 10, "index.ann_rows": 10**9,
         "fuse.text_share": 1.0}  # fmt: skip
SETS = ("agnews", "stackoverflow", "airline", "banking77")
# What BERTopic's environment runs: it knows nothing of riindex.
PEER = """
import json, sys
import numpy as np
import pyarrow.parquet as pq
from bertopic import BERTopic
texts = pq.read_table(sys.argv[1]).column("text").to_pylist()
topics, _ = BERTopic(calculate_probabilities=False).fit_transform(texts, np.load(sys.argv[2]))
print("ANSWER" + json.dumps([int(topic) for topic in topics]))
"""


def read(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """(texts, labels) of a set."""
    if name in ("agnews", "stackoverflow"):
        file = folder / {"agnews": "agnews_8000.tsv", "stackoverflow": "stackoverflow_20000.tsv"}[name]
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
        return [row[1] for row in rows], [row[0] for row in rows]
    file = folder / {"airline": "airline_14640.csv", "banking77": "banking77_train.csv"}[name]
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if name == "banking77":
        return [row["text"] for row in rows], [row["category"] for row in rows]
    kept = [row for row in rows if row["negativereason"] and row["negativereason"] != "Can't Tell"]
    return [row["text"] for row in kept], [row["negativereason"] for row in kept]


def nearest(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Labels with every -1 replaced by the group whose unit mean is nearest."""
    groups = np.unique(labels[labels >= 0])
    means = np.array([vectors[labels == group].mean(axis=0) for group in groups])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return np.where(labels >= 0, labels, groups[(vectors @ means.T).argmax(axis=1)])


def ours(texts: list[str], vectors: np.ndarray, settings: dict[str, object]) -> np.ndarray:
    """The persona of every row under a build."""
    frame = pa.table({"tweet_id": [str(i) for i in range(len(texts))], "text": texts})
    with tempfile.TemporaryDirectory(dir=".") as folder:
        report = riindex.build(frame, Path(folder) / "labelled.duckdb", settings={**QUICK, **settings})
        with Store.read(report.path) as store:
            rows = store.connection.sql(
                "select d.tweet_id::int, coalesce(a.persona_id, k.persona_id, -1) from documents as d "
                "left join dropped as x using (doc_id) left join assignments as a using (doc_id) "
                "left join assignments as k on k.doc_id = x.kept_doc_id"
            ).fetchall()
    labels = np.full(len(texts), -1)
    for row, persona in rows:
        labels[row] = persona
    return nearest(vectors, labels)


def theirs(python: str, texts: list[str], vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """BERTopic's topics with its noise filled, and the share that was noise."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        pq.write_table(pa.table({"text": texts}), Path(folder) / "texts.parquet")
        np.save(Path(folder) / "vectors.npy", vectors)
        words = [python, "-W", "ignore", "-c", PEER, f"{folder}/texts.parquet", f"{folder}/vectors.npy"]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    answer = next(line for line in told.splitlines() if line.startswith("ANSWER"))
    labels = np.array(json.loads(answer.removeprefix("ANSWER")))
    return nearest(vectors, labels), float((labels < 0).mean())


def accuracy(truth: np.ndarray, found: np.ndarray) -> float:
    """Share right under the best one-to-one matching."""
    table = np.zeros((truth.max() + 1, found.max() + 1))
    np.add.at(table, (truth, found), 1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(table[rows, columns].sum() / len(truth))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", help="of BERTopic's environment; without it the peer is left out")
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--set", action="append", default=[], dest="settings")
    options = parser.parse_args()
    extra: dict[str, object] = dict(pair.split("=", 1) for pair in options.settings)
    print("| set | rows | labels | method | groups | noise | AMI | accuracy |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in [options.only] if options.only else SETS:
        texts, named = read(options.folder, name)
        truth = np.unique(named, return_inverse=True)[1]
        vectors = encoders.load("static").encode(texts)
        true = int(truth.max()) + 1
        rows = [(f"ri, {true} personas", ours(texts, vectors, {**extra, "fit.personas": true}), 0.0),
                ("ri, number chosen", ours(texts, vectors, extra), 0.0)]  # fmt: skip
        if options.python:
            rows.append(("BERTopic, noise filled", *theirs(options.python, texts, vectors)))
        for method, found, noise in rows:
            ami = adjusted_mutual_info_score(truth, found)
            print(f"| {name} | {len(texts):,} | {true} | {method} | {len(np.unique(found))} | {noise:.2f} | "
                  f"{ami:.3f} | {accuracy(truth, found):.3f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
