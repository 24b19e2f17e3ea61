"""Trains the head of stances that the package ships, on the texts in sample_data/stances.

Run: python sample_data/train_stances.py [--check]

Writes riindex/models/stances/head.safetensors and its README; the same texts give the same bytes. --check compares
instead of writing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from riindex import encoders
from riindex.labels.head import to_bytes
from riindex.labels.stances import MODEL, STANCES
from riindex.labels.training import HeldOutFigures, train_head

TEXTS = Path(__file__).parent / "stances"
CARD = """# The head of stances

Multinomial logistic regression over nine stances ({classes}), on vectors of the bundled encoder, 65,536 hashed words,
stems and pairs (eight bits each), and signs such as question marks. `python sample_data/train_stances.py` writes it
from {texts:,} posts in `sample_data/stances`, all written for this project (MIT, as this file).

Held out by file, each scored by a head that saw only the others: macro-F1 {macro_f1:.3f}, accuracy {accuracy:.3f},
expected calibration error {error:.3f}.
Figures on other people's posts are in `tests/bench/README.md`. It reads English best.
"""


def labelled_texts() -> list[tuple[str, str, str]]:
    """Return (stance, text, file) of all files, in the order of their names."""
    found = []
    for file in sorted(TEXTS.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            stance, _, text = line.partition("\t")
            found.append((stance, text, file.stem))
    return found


def train() -> tuple[bytes, HeldOutFigures]:
    """Return the head as a file, and its figures on held-out texts."""
    stances, texts, domains = zip(*labelled_texts(), strict=True)
    vectors = encoders.load("static").encode(texts)
    head, held_out = train_head(texts, vectors, stances, STANCES, groups=domains)
    return to_bytes(head), held_out


def main() -> int:
    """Write the model, or compare it; the exit code is 1 where it differs."""
    data, held_out = train()
    print(held_out)
    if "--check" in sys.argv[1:]:
        same = MODEL.read_bytes() == data
        print("the same" if same else "it differs")
        return 0 if same else 1
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    MODEL.write_bytes(data)
    card = CARD.format(classes=", ".join(STANCES), texts=held_out.texts, macro_f1=held_out.macro_f1,
                       accuracy=held_out.accuracy, error=held_out.calibration_error)  # fmt: skip
    (MODEL.parent / "README.md").write_text(card, encoding="utf-8")
    print(f"{MODEL}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
