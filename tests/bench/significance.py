"""Are the terms' tests honest? Shuffled personas of real posts, and a planted term, many times over.

Run: python tests/bench/significance.py SOURCE [--draws 100]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shuffles import false_personas, planted_found, posts


def main() -> None:
    """Print both shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--draws", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, posts(Path(folder), options.source) as store:
        false = false_personas(store, options.draws)
        found = planted_found(store, options.draws)
    print(f"{options.source.name}: {false:.2%} of the personas of {options.draws} shuffles have a term at q <= 0.05")
    print(f"a term in 10 % of 300 posts against 3.3 % elsewhere is found in {found} of {options.draws} draws")


if __name__ == "__main__":
    main()
