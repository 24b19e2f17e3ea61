"""Dimensions that texts are labelled by: their labels, each with several phrasings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from riindex.errors import ConfigError

FOLDER = Path(__file__).parent
# Label of a text for which none of a dimension's labels is likely enough.
UNSURE = "unsure"
SHAPE_HINT = 'write [tone.labels] with lines like warm = ["warm", "friendly and kind"], or labels = ["warm", "cold"]'


@dataclass(frozen=True)
class Dimension:
    """A question with a choice of labels: label → phrasings. ``asks`` holds one ``{}``, for a label.

    ``leads``: a text states it at its beginning, where it introduces its subject.
    """

    name: str
    labels: Mapping[str, Sequence[str]]
    asks: str
    leads: bool = False


@cache
def published_dimensions() -> Mapping[str, Dimension]:
    """Return the dimensions of the published persona clustering, with its labels."""
    return read_file(FOLDER / "dimensions.toml")


@cache
def held_out_texts() -> Sequence[Mapping[str, str]]:
    """Return invented texts with their labels, on which confidences are calibrated.

    A text has no label in a dimension that it does not name.
    """
    lines = (FOLDER / "held_out.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def choose_dimensions(names: str, file: str) -> list[Dimension]:
    """Return the dimensions called ``names`` (commas between), of ``file`` before the published ones.

    Without names: all of ``file``. Raises ConfigError for an unknown name or a file that is not of this shape.
    """
    own = read_file(Path(file)) if file else {}
    known = {**published_dimensions(), **own}
    wanted = [name.strip() for name in names.split(",") if name.strip()] or list(own)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ConfigError(f"there is no dimension {unknown[0]!r}", f"there are: {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(wanted)]


def read_file(path: Path) -> dict[str, Dimension]:
    """Read the dimensions of a TOML file; raise ConfigError where it is missing or of another shape."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no file {path}", "name a TOML file of dimensions") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ConfigError(f"{path} is not readable TOML: {problem}", SHAPE_HINT) from None
    if not tables:
        raise ConfigError(f"{path} has no dimension", SHAPE_HINT)
    return {name: _dimension(path, name, table) for name, table in tables.items()}


def _dimension(path: Path, name: str, table: Any) -> Dimension:
    labels = table.get("labels") if isinstance(table, dict) else None
    if isinstance(labels, list):
        labels = {label: [label] for label in labels if isinstance(label, str)}
    if not isinstance(labels, dict) or len(labels) < 2 or "," in name:
        raise ConfigError(f"{path}: the dimension {name!r} needs two labels or more", SHAPE_HINT)
    phrasings = {label: [ways] if isinstance(ways, str) else ways for label, ways in labels.items()}
    for label, ways in phrasings.items():
        if label == UNSURE or not isinstance(ways, list) or not ways or not all(isinstance(w, str) for w in ways):
            raise ConfigError(f"{path}: the label {label!r} of {name!r} needs phrasings", SHAPE_HINT)
    asks = str(table.get("asks", "This text is about {}."))
    if asks.count("{}") != 1:
        raise ConfigError(f"{path}: asks of {name!r} needs one {{}}", 'like asks = "This person is {}."')
    return Dimension(name, phrasings, asks, bool(table.get("leads", False)))
