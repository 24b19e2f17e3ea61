"""What is masked in real texts, with its context, to be read and counted where it is wrong; and how long it takes.

Run: python tests/bench/masks.py FILE [--column text] [--sample 500] [--all]

Handles and links are counted alone unless ``--all``. FILE is a CSV, TSV or Parquet file.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter

import polars as pl

from riindex.text.pii import find_spans, mask_text

# Signs of context on either side of what is masked.
CONTEXT = 45


def texts(path: str, column: str, sample: int) -> list[str]:
    """The texts of a file, or as many of them drawn with a fixed seed."""
    if path.endswith(".parquet"):
        read = pl.read_parquet(path, columns=[column])
    else:
        tabs = path.endswith(".tsv")
        read = pl.read_csv(path, separator="\t" if tabs else ",", quote_char=None if tabs else '"', infer_schema=False)
    kept = read.get_column(column).drop_nulls()
    return (kept.sample(sample, seed=7) if sample else kept).to_list()


def main() -> None:
    """Print every mask but handles and links with its context, the counts of all, and the time."""
    options = ArgumentParser()
    options.add_argument("path")
    options.add_argument("--column", default="text")
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--all", action="store_true")
    given = options.parse_args()
    read = texts(given.path, given.column, given.sample)
    counts: Counter[str] = Counter()
    for number, text in enumerate(read):
        for start, end, shown in find_spans(text):
            kind = "[host]" if "." in shown else shown
            counts[kind] += 1
            if given.all or kind not in {"@user", "[host]"}:
                before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
                print(f"{number:>6} {kind:<9} {before}⟦{text[start:end]}⟧{after}".replace("\n", " "))
    started = time.process_time()
    for text in read:
        mask_text(text)
    taken = time.process_time() - started
    print(f"{len(read):,} texts, {1e6 * taken / len(read):.0f} µs each: {dict(counts.most_common())}", file=sys.stderr)


if __name__ == "__main__":
    main()
