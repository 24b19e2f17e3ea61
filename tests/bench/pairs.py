"""Pairs of dropped documents to be read: ``python tests/bench/pairs.py [--count 200] [--seed 1] [FILE…]``.

Cleans every file by itself, as a build does, draws pairs of a dropped document and the one that it repeats, and prints
both texts. Without FILE: the files of languages and of English posts.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from corpora import REAL, Listener, ask, start, through

FILES = (
    "languages/arabic_800.csv", "languages/russian_1500.csv", "languages/thai_600.csv",
    "languages/five_languages_600.csv", "tweets/support_threads_5k.csv", "tweets/support_spotify_15k.csv",
    "labelled/airline_14640.csv",
)  # fmt: skip
PAIRS = """
    select x.reason, d.text, t.text from dropped as x join documents as d on d.doc_id = x.doc_id
    join documents as t on t.doc_id = x.twin_doc_id
    where x.reason in ('exact_duplicate', 'near_duplicate') order by x.doc_id
"""


def pairs(path: Path) -> tuple[list[tuple[str, str, str]], int]:
    """Return reason, text and twin of every dropped copy of a file, and how many documents it has."""
    with tempfile.TemporaryDirectory() as folder:
        run = start(Path(folder), str(path), report=Listener())
        try:
            store = through(run, "ingest", "embed", "denoise")
            return ask(store, PAIRS), ask(store, "select count(*) from documents")[0][0]
        finally:
            run.store.close()


def main() -> None:
    """Print the counts of each file, then the pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--equal", type=int, default=0, help="so many pairs of every file, instead of its share")
    options = parser.parse_args()
    rng, every = random.Random(options.seed), []
    for path in options.files or [REAL / name for name in FILES]:
        found, documents = pairs(path)
        print(f"{path.name}: {documents:,} documents, {len(found):,} copies dropped", flush=True)
        if options.equal:
            found = rng.sample(found, min(options.equal, len(found)))
        every += [(path.name, *pair) for pair in found]
    for number, (name, reason, text, twin) in enumerate(rng.sample(every, min(options.count, len(every))), 1):
        print(f"\n{number} {name} {reason}\n  {' '.join(text.split())}\n  {' '.join(twin.split())}")


if __name__ == "__main__":
    main()
