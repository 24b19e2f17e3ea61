"""Phrase files: sections of lines, where `{a|b}` stands for one of its choices."""

import random
import re
from pathlib import Path

PHRASES = Path(__file__).parent / "phrases"
CHOICE = re.compile(r"\{([^{}]*)\}")


def read_sections(name: str) -> dict[str, list[str]]:
    """Return the lines of a phrase file under the `[section]` they stand in."""
    sections: dict[str, list[str]] = {}
    for line in (PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("# "):
            lines.append(line)
    return sections


def expand(phrase: str, rng: random.Random) -> str:
    """Settle every choice of a phrase, innermost first."""
    while CHOICE.search(phrase):
        phrase = CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), phrase)
    return phrase


class Deck:
    """Lines dealt like cards: none comes again before all have been dealt."""

    def __init__(self, lines: list[str], rng: random.Random) -> None:
        self.lines = lines
        self.rng = rng
        self.left: list[str] = []

    def deal(self) -> str:
        """Return the next line with its choices settled."""
        if not self.left:
            self.left = self.rng.sample(self.lines, len(self.lines))
        return expand(self.left.pop(), self.rng)
