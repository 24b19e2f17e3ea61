"""Persona descriptions: DBSCAN settings by size, labels against those judged by reading, planted paraphrases.

python tests/bench/descriptions.py FOLDER

FOLDER holds uxr_personas_103.txt, uxr_labels_103.csv and ai_personas_1562.json.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from paraphrases import paraphrase

from riindex import encoders
from riindex.algorithms.clustering.clusterers import dbscan
from riindex.algorithms.clustering.dbscan_advice import grouping_outcome, k_distances, knee, recommend_setting
from riindex.algorithms.near_pairs import near_pairs
from riindex.ask.collection import MIN_SIMILARITY
from riindex.config.sections import ClassifyConfig
from riindex.labels.dimensions import UNSURE, choose_dimensions
from riindex.labels.zero_shot import classify_texts
from riindex.sources.descriptions import named_descriptions, read_blocks

PUBLISHED = {25: (0.6, 2), 50: (0.6, 2), 103: (0.4, 4), 200: (0.4, 4), 500: (0.4, 4), 1562: (0.4, 4)}


def told(setting):
    return f"{setting.groups} groups, {setting.noise:.0%} noise, largest {setting.largest:.0%}" if setting else "none"


def sizes(name, texts, counts):
    """One row a size: the knee, what the published advice gives, and what was tried and is better."""
    vectors = encoders.load("static").encode(texts)
    for count in counts:
        rows = vectors[np.random.default_rng(0).choice(len(vectors), count, replace=False)]
        eps, least = PUBLISHED[count]
        given, best = grouping_outcome(dbscan(rows, eps, least), eps, least), recommend_setting(rows, eps, least)
        found = f"{best.eps:.2f}, {best.min_samples}: {told(best)}" if best else "none"
        print(f"| {name} | {count} | {knee(k_distances(rows, 3)):.2f} | {eps}, {least}: {told(given)} | {found} |")


def accuracies(texts, path):
    truth = list(csv.DictReader(path.open(encoding="utf-8")))
    for found in classify_texts(texts, choose_dimensions("seniority,industry", ""), ClassifyConfig(), 2):
        name = found.dimension.name
        said = ["none" if label == UNSURE else label for label in found.labels]
        hit = [a == row[name] for a, row in zip(said, truth, strict=True)]
        print(f"| {name} | {np.mean(hit):.3f} | {said.count('none')} | {sum(r[name] == 'none' for r in truth)} |")


def paraphrases(texts):
    for rate in (0.3, 0.6, 1.0):
        hits, false = [], []
        for seed in range(5):
            planted = np.random.default_rng(seed).choice(len(texts), 20, replace=False).tolist()
            whole = list(texts) + [paraphrase(texts[i], i, rate) for i in planted]
            first = near_pairs(encoders.load("static").encode(whole), MIN_SIMILARITY)[:25]
            truth = {(i, len(texts) + place) for place, i in enumerate(planted)}
            hits.append(len(truth & {pair[:2] for pair in first}))
            false.append(len(first) - hits[-1])
        print(f"| {rate:.0%} | {np.mean(hits):.1f} (least {min(hits)}) | {np.mean(false):.1f} (most {max(false)}) |")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    people = read_blocks((folder / "uxr_personas_103.txt").read_text(encoding="utf-8"), "uxr").texts
    prompts = named_descriptions(json.loads((folder / "ai_personas_1562.json").read_text(encoding="utf-8")))
    sizes("UX researchers", people, (25, 50, 103))
    sizes("AI personas", [row["prompt"] for row in prompts], (25, 50, 200, 500, 1562))
    accuracies(people, folder / "uxr_labels_103.csv")
    paraphrases(people)
