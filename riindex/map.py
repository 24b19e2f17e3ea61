"""One offline HTML page: every tweet as a point, by persona, with a search box."""

from __future__ import annotations

import json
import textwrap
from html import escape
from pathlib import Path
from typing import Any

from riindex import cards
from riindex.errors import MissingExtra, QueryError
from riindex.export import write_text
from riindex.store import Store
from riindex.text.pii import mask

# Points that a browser draws without delay.
MOST_POINTS = 50_000
# Characters of a text on hovering, and a line of it.
SHOWN, LINE = 280, 60
# Colours that people with any colour vision tell apart (Okabe and Ito 2008, then Tol's muted set).
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#B8A400", "#7F7F7F"),
    *("#882255", "#44AA99", "#117733", "#999933", "#AA4499", "#332288", "#88CCEE", "#CC6677"),
)


def write_map(store: Store, target: Path, raw: bool = False) -> int:
    """Write the page to ``target``; texts are masked unless ``raw``. The answer is the number of points drawn.

    Above MOST_POINTS tweets a seeded sample of them is drawn, and the page says so. Raises MissingExtra without plotly.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as problem:
        raise MissingExtra("plotly", "map") from problem
    seed = cards.records(store, "build/last_build")[0]["seed"]
    total = store.value("kept_count")
    rows = cards.records(store, "map/points", most=MOST_POINTS, seed=seed)
    labels = cards.records(store, "map/labels")
    drawn = f"{len(rows):,} of {total:,} posts drawn, a seeded sample" if len(rows) < total else f"{total:,} posts"
    page = (
        _page()
        .replace("/*PLOTLY*/", get_plotlyjs())
        .replace("/*DATA*/", _for_script({"traces": _traces(store, rows, raw), "labels": labels}))
        .replace("<!--TITLE-->", escape(f"{store.path.stem}: personas"))
        .replace("<!--NOTE-->", escape(drawn))
    )
    try:
        write_text(target, page)
    except OSError as problem:
        raise QueryError(f"{target} cannot be written: {problem.strerror}", "choose another place") from problem
    return len(rows)


def _page() -> str:
    return (Path(__file__).parent / "map.html").read_text(encoding="utf-8")


def _for_script(content: object) -> str:
    """JSON that cannot end the script it stands in."""
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\u0021--")


def _traces(store: Store, rows: list[dict[str, Any]], raw: bool) -> list[dict[str, Any]]:
    names = {row["persona_id"]: row["name"] for row in cards.records(store, "ask/coverage")}
    traces = []
    for number, (persona, name) in enumerate(names.items()):
        own = [row for row in rows if row["persona_id"] == persona]
        traces.append(
            {
                "name": f"{persona} {name}",
                "colour": COLOURS[number % len(COLOURS)],
                "x": [round(row["x"], 3) for row in own],
                "y": [round(row["y"], 3) for row in own],
                "text": [_hover(row["text"] if raw else mask(row["text"])) for row in own],
            }
        )
    return traces


def _hover(text: str) -> str:
    short = textwrap.shorten(text, SHOWN, placeholder=" …")
    return "<br>".join(escape(line) for line in textwrap.wrap(short, LINE)) or "…"
