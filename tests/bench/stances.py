"""Stances against labels of others and by hand, shares by persona, learned labels, dimensions of one's own, and speed.

Run: python tests/bench/stances.py FOLDER [--only hand airline learn dimensions speed]

FOLDER holds `tweets` and `labelled`, the public sets (see README.md here). The 600 posts of `stances_labels.tsv` were
labelled by reading, before any prediction was seen; they are known by a hash of their text. Nothing of FOLDER is
trained on.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

import riindex
from riindex import encoders
from riindex.config.sections import ClassifyConfig
from riindex.labels.dimensions import read_file
from riindex.labels.learned import learn
from riindex.labels.stances import STANCES, bundled_head
from riindex.labels.training import figures
from riindex.labels.zero_shot import classify_texts
from riindex.store.database import Store

LABELS = Path(__file__).parent / "stances_labels.tsv"
# The stances that stand for each sentiment of the airline posts.
SENTIMENTS = {"complaint": "negative", "praise": "positive", "thanks": "positive"}
OWN = """
[sentiment.labels]
negative = ["angry complaint", "bad terrible service", "delayed cancelled lost", "frustrated and disappointed"]
positive = ["thank you so much", "great amazing service", "happy and satisfied", "love it"]
neutral = ["a question about a flight", "asking for information", "how can I"]
[topic.labels]
1 = ["world politics", "war and government", "international news"]
2 = ["sports game", "team player season", "championship match"]
3 = ["business and economy", "stocks and oil prices", "company profit"]
4 = ["technology and science", "software and computers", "internet and space"]
"""


def column(path: Path, name: str = "text") -> list[str]:
    """A column of a CSV or Parquet file, broken rows left out."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path)[name].drop_nulls().to_list()
    frame = pl.read_csv(path, infer_schema_length=0, ignore_errors=True, truncate_ragged_lines=True)
    return frame[name].drop_nulls().to_list()


def probabilities(texts: Sequence[str]) -> np.ndarray:
    """The stances' probabilities of texts, entities unescaped as in a build."""
    plain = [html.unescape(text) for text in texts]
    return bundled_head().probabilities(plain, encoders.load("static").encode(plain))


def hand(folder: Path) -> None:
    """The 600 posts labelled by hand."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    texts: dict[tuple[str, str], str] = {}
    for file in dict.fromkeys(row["file"] for row in rows):
        for text in column(folder / file):
            texts[file, hashlib.blake2b(text.encode(), digest_size=8).hexdigest()] = text
    found = probabilities([texts[row["file"], row["hash"]] for row in rows])
    truth = np.array([STANCES.index(row["stance"]) for row in rows])
    print("by hand", figures(found, truth))
    for name, score in zip(STANCES, f1_score(truth, found.argmax(1), average=None), strict=True):
        print(f"  {name:<10} F1 {score:.2f}")
    for file in dict.fromkeys(row["file"] for row in rows):
        own = np.array([row["file"] == file for row in rows])
        print(f"  {Path(file).name:<28} accuracy {(found[own].argmax(1) == truth[own]).mean():.2f}")


def airline(folder: Path) -> None:
    """Airline posts: their sentiment by stance, and complaints by persona of a default build."""
    path = folder / "labelled" / "airline_14640.csv"
    truth = column(path, "airline_sentiment")
    found = [SENTIMENTS.get(STANCES[i], "neutral") for i in probabilities(column(path)).argmax(1)]
    print(f"airline: macro-F1 {f1_score(truth, found, average='macro'):.3f}")
    with tempfile.TemporaryDirectory() as folder_:
        riindex.build(path, Path(folder_) / "airline.duckdb")
        with Store.read(Path(folder_) / "airline.duckdb") as store:
            tweets = store.table("tweets")
            shares = tweets.aggregate("avg((stance = 'complaint')::int), avg((airline_sentiment = 'negative')::int)",
                                      "persona_id").fetchall()  # fmt: skip
    print(f"  {len(shares)} personas: rank correlation {spearmanr(*zip(*shares, strict=True)).statistic:.2f}")


def learned(folder: Path) -> None:
    """A head on 300 labels of the airline posts, judged on the rest, for three draws."""
    path = folder / "labelled" / "airline_14640.csv"
    texts, truth = column(path), np.array(column(path, "airline_sentiment"))
    vectors = encoders.load("static").encode(texts)
    for seed in (7, 8, 9):
        order = np.random.default_rng(seed).permutation(len(truth))
        given = {int(i) for i in order[:300]}
        found = learn(texts, vectors, [str(label) if i in given else None for i, label in enumerate(truth)])
        best = np.array(found.head.classes)[found.probabilities.argmax(1)]
        rest = order[300:]
        print(f"300 labels, draw {seed}: macro-F1 {f1_score(truth[rest], best[rest], average='macro'):.3f}; "
              f"held out {found.held_out}")  # fmt: skip


def dimensions(folder: Path) -> None:
    """Dimensions of one's own, by phrasings alone."""
    rows = [line.split("\t") for line in (folder / "labelled" / "agnews_8000.tsv").read_text("utf-8").splitlines()]
    path = folder / "labelled" / "airline_14640.csv"
    sets = {
        "sentiment": (column(path), column(path, "airline_sentiment")),
        "topic": ([row[1] for row in rows], [row[0] for row in rows]),
    }
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "own.toml"
        file.write_text(OWN, encoding="utf-8")
        own = read_file(file)
    for name, (texts, truth) in sets.items():
        found = classify_texts(texts, [own[name]], ClassifyConfig())[0]
        labels = list(own[name].labels)
        sure = found.accepted
        right = np.array([labels[i] == label for i, label in zip(found.best.tolist(), truth, strict=True)])
        score = f1_score(truth, found.labels, average="macro", labels=labels)
        print(f"{name}: unsure {1 - sure.mean():.1%}, macro-F1 {score:.2f}, accuracy of the labelled "
              f"{right[sure].mean():.2f}, mean confidence {found.confidence[sure].mean():.2f}")  # fmt: skip


def speed(folder: Path) -> None:
    """Posts a second, on one thread, vectors given."""
    texts = column(folder / "tweets" / "mixed_large.parquet")[:65_536]
    vectors = encoders.load("static").encode(texts)
    started = time.perf_counter()
    for start in range(0, len(texts), 8_192):
        bundled_head().probabilities(texts[start : start + 8_192], vectors[start : start + 8_192])
    print(f"{len(texts) / (time.perf_counter() - started):,.0f} posts a second on one thread")


PARTS = {"hand": hand, "airline": airline, "learn": learned, "dimensions": dimensions, "speed": speed}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    if not (options.folder / "tweets").is_dir():
        print(f"skipped: {options.folder} has no folder tweets")
        return
    for name in options.only:
        PARTS[name](options.folder)


if __name__ == "__main__":
    main()
