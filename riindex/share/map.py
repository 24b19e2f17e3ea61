"""Map as one offline HTML page: every document as a point, by persona or by label, with a search box."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

from riindex.config.build_config import from_json
from riindex.errors import QueryError
from riindex.labels.dimensions import UNSURE
from riindex.store.builds import last_build
from riindex.store.database import Store
from riindex.store.outputs import write_page
from riindex.text.pii import mask_text

Row = dict[str, Any]

# Most points that a browser draws without delay.
MAX_POINTS = 50_000
# Most characters of a text on hovering, and of a line of it.
HOVER_CHARS, LINE_CHARS = 280, 60
# Colours that people with any colour vision can distinguish (Okabe and Ito 2008, then Tol's muted set).
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#B8A400", "#7F7F7F"),
    *("#882255", "#44AA99", "#117733", "#999933", "#AA4499", "#332288", "#88CCEE", "#CC6677"),
)
GREY = "#9AA3AD"
# Colouring that every page has.
BY_PERSONA = "persona"
# Placeholders for the parts of the page.
PART = re.compile(r"<!--(TITLE|NOTE|CALLED)-->|/\*(DATA|PLOTLY)\*/")


def write_map(
    store: Store, target: Path, raw: bool = False, colour_by: str = BY_PERSONA, shown: int | None = HOVER_CHARS
) -> int:
    """Write the page to ``target``; texts are masked unless ``raw``. Return the number of points drawn.

    Above MAX_POINTS documents a seeded sample of them is drawn, and the page states that. ``colour_by``: the first
    colouring, persona or a dimension of ``labels``; the page switches between them. ``shown``: characters of a text on
    hovering, None for all. Raises QueryError for a dimension that was not labelled, and if ``target`` is another file
    already or cannot be written.
    """
    last = last_build(store)
    called = from_json(last.config).ingest.called
    rows = store.records("share/map/points", most=MAX_POINTS, seed=last.seed)
    total = store.value("shared/kept_count")
    drawn = (
        f"{len(rows):,} of {total:,} {called} drawn, a seeded sample" if len(rows) < total else f"{total:,} {called}"
    )
    colourings = [_personas(store, rows), *_dimensions(store, rows)]
    names = [colouring["name"] for colouring in colourings]
    if colour_by not in names:
        raise QueryError(
            f"nothing is labelled by {colour_by!r}", f"choose one of: {', '.join(names)}; ri classify adds more"
        )
    content = {
        "points": _points(rows, raw, shown),
        "colourings": colourings,
        "first": names.index(colour_by),
        "axes": _axes(store),
    }
    parts = {
        "TITLE": escape(f"{store.path.stem}: personas"),
        "NOTE": escape(drawn),
        "CALLED": escape(called),
        "DATA": _for_script(content),
        "PLOTLY": (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8"),
    }
    # All at once: a text may contain the name of another part.
    page = PART.sub(lambda found: parts[found[1] or found[2]], _page())
    write_page(target, page)
    return len(rows)


def _page() -> str:
    return (Path(__file__).parent / "map.html").read_text(encoding="utf-8")


def _for_script(content: object) -> str:
    """Return JSON that cannot end the script that contains it."""
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\u0021--")


def _points(rows: Sequence[Row], raw: bool, shown: int | None) -> dict[str, list[Any]]:
    texts = [row["text"] if raw else mask_text(row["text"]) for row in rows]
    return {
        "x": [round(row["x"], 4) for row in rows],
        "y": [round(row["y"], 4) for row in rows],
        "id": [escape(row["tweet_id"]) for row in rows],
        "text": [_hover(text, shown) for text in texts],
        "said": [" ".join(text.split()) for text in texts],
        "noise": [int(row["is_noise"]) for row in rows],
    }


def _personas(store: Store, rows: Sequence[Row]) -> Row:
    """Return every persona with its colour and centre, and the position of the persona of each point."""
    names = {row["persona_id"]: row["name"] for row in store.records("ask/personas/coverage")}
    middles = {row["persona_id"]: (row["x"], row["y"]) for row in store.records("share/map/labels")}
    places: dict[int | None, int] = {persona: place for place, persona in enumerate(names)}
    if any(row["persona_id"] is None for row in rows):
        places[None] = len(names)
    groups = []
    for place, (persona, name) in enumerate(names.items()):
        called = (f"{persona} {name}", name.split(" (")[0], str(persona))
        groups.append(_group(*called, COLOURS[place % len(COLOURS)], middles.get(persona)))
    if None in places:
        groups.append(_group("noise", "noise", "noise", COLOURS[len(names) % len(COLOURS)], None))
    return {"name": BY_PERSONA, "groups": groups, "of": [places[row["persona_id"]] for row in rows]}


def _dimensions(store: Store, rows: Sequence[Row]) -> list[Row]:
    """Return the same for every dimension of ``labels``, the largest label first, unsure last and grey."""
    if not store.has("labels"):
        return []
    found: dict[str, dict[int, tuple[str, float]]] = {}
    for dimension, doc_id, label, confidence in store.rows("ask/collection/labels"):
        found.setdefault(dimension, {})[doc_id] = (label, confidence)
    return [_dimension(name, labels, rows) for name, labels in found.items()]


def _dimension(name: str, labels: Mapping[int, tuple[str, float]], rows: Sequence[Row]) -> Row:
    own = [labels.get(row["doc_id"], (UNSURE, 0.0)) for row in rows]
    members: dict[str, list[Row]] = {}
    for row, (label, _) in zip(rows, own, strict=True):
        members.setdefault(label, []).append(row)
    order = sorted(members, key=lambda label: (label == UNSURE, -len(members[label]), label))
    groups = []
    for place, label in enumerate(order):
        middle = (median(row["x"] for row in members[label]), median(row["y"] for row in members[label]))
        colour = GREY if label == UNSURE else COLOURS[place % len(COLOURS)]
        groups.append(
            _group(f"{label} ({len(members[label]):,})", label, label, colour, None if label == UNSURE else middle)
        )
    hovers = [f"{name}: {escape(label)}" + ("" if label == UNSURE else f" ({share:.0%})") for label, share in own]
    return {"name": name, "groups": groups, "of": [order.index(label) for label, _ in own], "says": hovers}


def _group(name: str, short: str, shortest: str, colour: str, middle: tuple[float, float] | None) -> Row:
    """Return the names of a group for the legend, the map, and a narrow map."""
    place = None if middle is None else [round(middle[0], 4), round(middle[1], 4)]
    return {"name": name, "short": short, "shortest": shortest, "colour": colour, "middle": place}


def _axes(store: Store) -> dict[str, str]:
    """Return the names of the two axes, with their share of the variance if known."""
    if not store.has("layout_axes"):
        return {}
    return {
        axis: name if share is None else f"{name}: {share:.1%} of the variance"
        for axis, name, share in store.rows("share/map/axes")
    }


def _hover(text: str, shown: int | None = HOVER_CHARS) -> str:
    short = textwrap.shorten(text, shown or len(text) + 1, placeholder=" …")
    return "<br>".join(escape(line) for line in textwrap.wrap(short, LINE_CHARS)) or "…"
