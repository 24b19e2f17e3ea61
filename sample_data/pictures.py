"""Draw the pictures of the README from a build of the sample: SVG files, the same bytes for the same build.

Run: python sample_data/pictures.py [INDEX.duckdb]
Without an index the sample is built in a temporary folder first. The files go to sample_data/pictures/.
"""

from __future__ import annotations

import fnmatch
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

import riindex

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
SQL = HERE.parent / "sql"

INK, SOFT, FAINT, LINE, PAPER, PANEL = "#1c2430", "#566273", "#8b95a3", "#dde2e9", "#ffffff", "#f5f7fa"
ACCENT, GOOD, BAD = "#2457c5", "#1b7f4d", "#b3372b"
COLOURS = (
    "#2457c5", "#e07b00", "#1b9e77", "#d6338a", "#7a4fd0", "#c0392b",
    "#00939c", "#8c6d1f", "#5a9e1f", "#4d5d73", "#e0577a", "#3b8fd9",
)  # fmt: skip
FAMILY = "Helvetica, Arial, 'Liberation Sans', sans-serif"
MONO = "Menlo, Consolas, 'Liberation Mono', monospace"
# Widths of Helvetica's letters in thousandths of the size (Adobe's font metrics), from the blank to the tilde.
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
    556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
    556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
    500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
SIGNS = {"“": 333, "”": 333, "‘": 222, "’": 222, "–": 556, "·": 278, "×": 584, "…": 1000}
BOLD = 1.08  # Helvetica Bold against Helvetica, on lower-case English
WIDE = 0x2190  # from the arrows on, a sign may be as wide as it is high
# What each stage does, reads and writes: the drawing; checked against the build and the headers in sql/.
FUSED = "the fused matrix"
STAGES = (
    ("ingest", "every source into one shape", ("your files",),
     ("documents", "raw_texts", "document_extras", "replies", "rejects")),
    ("embed", "a vector for each text", ("documents",), ("embeddings",)),
    ("denoise", "marks copies, adverts, short posts", ("documents", "embeddings"), ("dropped", "funnel")),
    ("stances", "complaint, question, praise …", ("documents", "embeddings"), ("stances",)),
    ("speakers", "audience, desks, adverts, feeds", ("documents", "document_extras"), ("speakers",)),
    ("behave", "36 numbers a post: time, style, replies", ("documents", "replies"), ("behaviour",)),
    ("classify", "labels, where you name dimensions", ("documents", "dropped"), ("labels", "label_scores")),
    ("fuse", "75% text and 25% behaviour", ("embeddings", "behaviour", "labels"), (FUSED, "axes")),
    ("fit", "finds the groups", (FUSED,), ("raw_labels", "reduced", "granularity", "silhouettes")),
    ("refit", "groups draws of 80% again, to compare", (FUSED,), ("refits",)),
    ("succeed", "keeps the numbers of the last build", ("raw_labels", "the old index"), ("successions", "edits")),
    ("assign", "persona and confidence for each post", ("reduced", "refits", "successions"),
     ("assignments", "persona_centres")),
    ("tally", "stances of each persona", ("assignments", "stances"), ("persona_stances",)),
    ("evaluate", "a verdict on each persona", ("assignments", "refits"), ("quality", "persona_quality", "calibration")),
    ("enrich", "names, terms, claims, hints, quotes", ("assignments", "behaviour"),
     ("personas", "persona_*", "claims", "namings")),
    ("layout", "a place on the map for each post", ("reduced",), ("layout", "layout_axes")),
    ("words", "search by meaning and word, in SQL", ("documents", "assignments"),
     ("words", "terms", "postings", "search_personas")),
    ("index", "the files for fast search", ("embeddings", "postings"), ("the .lance folder",)),
)  # fmt: skip
PHASES = ("Read and clean", "Who and how", "Group", "Assign", "Judge and explain", "Map and search")
OUTSIDE = ("your files", "the old index", "the .lance folder", FUSED)


def width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is in Helvetica, in the unit of ``size``."""
    total = sum(
        WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else SIGNS.get(c, 1300 if ord(c) >= WIDE else 600) for c in text
    )
    return total * size / 1000 * (BOLD if bold else 1)


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Return the lines of a text that is broken at blanks to fit ``room``."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def number(value: float) -> str:
    """Return a coordinate with one digit behind the point, or none."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


class Drawing:
    """A growing SVG picture on a rounded sheet of its own, so that it reads on light and dark pages."""

    def __init__(self, wide: float, high: float, title: str, told: str) -> None:
        """Begin a picture; ``told`` describes it to those who cannot see it."""
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            f'font-family="{FAMILY}" role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(title)}</title><desc id="d">{escape(told)}</desc>',
        ]
        self.box(0.5, 0.5, wide - 1, high - 1, PAPER, LINE, 14)

    def add(self, part: str) -> None:
        """Add one element as it is."""
        self.parts.append(part)

    def text(self, x: float, y: float, text: str, size: float = 13, fill: str = INK, **more: object) -> None:
        """Add a line of text; ``bold``, ``mono``, ``anchor`` and ``halo`` (a white edge) change how it looks."""
        style = f'font-size="{size}" fill="{fill}"'
        if more.get("bold"):
            style += ' font-weight="700"'
        if more.get("mono"):
            style += f' font-family="{MONO}"'
        if more.get("anchor"):
            style += f' text-anchor="{more["anchor"]}"'
        if more.get("halo"):
            style += f' stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
        self.add(f'<text x="{number(x)}" y="{number(y)}" {style}>{escape(text, quote=False)}</text>')

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str, edge: str = "none", round_: float = 0
    ) -> None:
        """Add a rectangle."""
        corner = f' rx="{number(round_)}"' if round_ else ""
        stroke = f' stroke="{edge}"' if edge != "none" else ""
        self.add(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}"{corner} '
            f'fill="{fill}"{stroke}/>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str, thick: float = 1, arrow: bool = False) -> None:
        """Add a line through points, with a head at its end if ``arrow``."""
        path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self.add(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{thick}"/>')
        if arrow:
            (x0, y0), (x, y) = points[-2:]
            step = np.array([x - x0, y - y0]) / np.hypot(x - x0, y - y0)
            side = np.array([-step[1], step[0]])
            a, b = np.array([x, y]) - 7 * step + 4 * side, np.array([x, y]) - 7 * step - 4 * side
            self.add(
                f'<path d="M{number(x)} {number(y)}L{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}Z" '
                f'fill="{colour}"/>'
            )

    def chip(self, x: float, y: float, text: str, fill: str = PANEL, colour: str = SOFT) -> float:
        """Add a small label whose text stands on the line ``y``; return where it ends."""
        wide = 0.61 * 10 * len(text) + 10
        self.box(x, y - 10.5, wide, 14.5, fill, LINE, 4)
        self.text(x + 5, y, text, 10, colour, mono=True)
        return x + wide

    def finish(self) -> str:
        """Return the whole file."""
        return "\n".join([*self.parts, "</svg>", ""])


def percent(share: float) -> str:
    """Return a share as a percentage, with one digit below ten."""
    return f"{100 * share:.0f}%" if share >= 0.0995 else f"{100 * share:.1f}%"


def rows(index: riindex.RIIndex, query: str) -> list[Any]:
    """Return the rows of a query."""
    return index.sql(query).fetchall()


def draw_map(index: riindex.RIIndex) -> str:
    """Return the map of the posts by persona, with names and sizes."""
    people = rows(index, "select persona_id, name, size, share from personas order by size desc, persona_id")
    posts = rows(index, "select persona_id, is_core, x, y from tweets order by doc_id")
    where = np.array([row[2:] for row in posts], dtype=float)
    low, span = where.min(axis=0), np.ptp(where, axis=0)
    left, top, wide, high = 34.0, 104.0, 590.0, 486.0
    at = np.array([left, top]) + (where - low) / span * np.array([wide, high])
    at[:, 1] = 2 * top + high - at[:, 1]  # north is up
    owner, core = np.array([row[0] for row in posts]), np.array([row[1] for row in posts])
    total = len(posts)
    picture = Drawing(
        1000, 620, "The map of the sample's posts",
        f"{total} posts as points, near where texts are alike, coloured by {len(people)} personas that are named.",
    )  # fmt: skip
    picture.text(34, 40, f"{total:,} posts, {len(people)} personas", 22, bold=True)
    picture.text(
        34, 62, "A point is a post. Posts that say the same, written in the same way, lie near each other.", 13, SOFT
    )
    for (persona, *_), colour in zip(people, COLOURS, strict=False):
        for mine, strength, size in ((owner == persona) & ~core, 0.35, 4.4), ((owner == persona) & core, 0.8, 5.2):
            if mine.any():
                dots = "".join(f"M{number(x)} {number(y)}h0" for x, y in at[mine])
                picture.add(
                    f'<path d="{dots}" fill="none" stroke="{colour}" stroke-opacity="{strength}" stroke-width="{size}" '
                    'stroke-linecap="round"/>'
                )
    _label(picture, people, at, owner, core)
    _legend(picture, people)
    return picture.finish()


def _label(picture: Drawing, people: Sequence[Any], at: Any, owner: Any, core: Any) -> None:
    """Write each persona's short name over its densest place, no name over another."""
    taken: list[tuple[float, float, float, float]] = []
    for (persona, name, *_), colour in zip(people, COLOURS, strict=False):
        own = at[(owner == persona) & core]
        dense = own[np.argsort(_spacing(own), kind="stable")[: max(1, len(own) // 2)]]
        x, y = np.median(dense[:, 0]), max(dense[:, 1].min() - 8, 92)
        short = name.partition(" (")[0]
        half = width(short, 13, bold=True) / 2 + 3
        x = min(max(x, 34 + half), 640 - half)
        for shift in sorted(range(-120, 121, 4), key=abs):
            place = (x - half, y + shift - 13, x + half, y + shift + 5)
            if not any(a < place[2] and place[0] < c and b < place[3] and place[1] < d for a, b, c, d in taken):
                break
        taken.append(place)
        picture.text(x, place[1] + 13, short, 13, colour, bold=True, anchor="middle", halo=True)


def _spacing(points: Any) -> Any:
    """Return each point's mean distance to its twelve nearest."""
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return np.sort(apart, axis=1)[:, 1:13].mean(axis=1)


def _legend(picture: Drawing, people: Sequence[Any]) -> None:
    """Write the personas with their sizes as bars."""
    x, y, most = 668.0, 98.0, max(row[2] for row in people)
    picture.text(x, 62, "Persona, posts, share", 13, SOFT)
    for (_, name, size, share), colour in zip(people, COLOURS, strict=False):
        picture.text(x, y, name, 13)
        picture.box(x, y + 7, 190 * size / most, 8, colour, round_=4)
        picture.text(x + 190 * size / most + 8, y + 15, f"{size}", 12, INK, bold=True)
        picture.text(966, y + 15, f"{100 * share:.1f}%", 12, SOFT, anchor="end")
        y += 40
    picture.text(x, y + 8, "Pale points lie between two personas;", 12, SOFT)
    picture.text(x, y + 24, "names and terms do not come from them.", 12, SOFT)


def draw_card(index: riindex.RIIndex) -> str:
    """Return one persona's card with call-outs: the persona that holds most of the planted Counterfeit Warriors."""
    [(persona,)] = rows(index, """select persona_id from tweets where planted_persona = 'Counterfeit Warriors'
                                  group by all order by count(*) desc, 1 limit 1""")  # fmt: skip
    [(name, size, share, authors, stability, verdict, total)] = rows(
        index,
        f"""
        select p.name, p.size, p.share, p.n_authors, p.stability, q.verdict, (select count(*) from assignments)
        from personas as p join persona_quality as q using (persona_id) where persona_id = {persona}""",
    )
    picture = Drawing(
        1000, 780, f"The card of a persona: {name}", "What each part of a card says and what it rests on."
    )
    picture.box(24, 24, 632, 732, PANEL, LINE, 10)
    picture.text(44, 62, name, 23, bold=True)
    line = f"{size} posts, {percent(share)} of {total:,} · {authors} authors · stability {stability:.2f} ·"
    picture.text(44, 86, line, 13, SOFT)
    picture.text(44 + width(line + " ", 13), 86, verdict, 13, GOOD if verdict == "solid" else BAD, bold=True)
    notes: list[tuple[float, str, str]] = [
        (56, "The name", "Noun phrases of its own posts; in brackets what is special in how they are written."),
        (82, "The verdict", "Solid: the same group comes back when four fifths of the posts are grouped again."),
    ]
    y = _sentences(picture, index, persona, notes)
    y = _terms(picture, index, persona, notes, y)
    y = _hours(picture, index, persona, notes, y)
    y = _hints(picture, index, persona, notes, y)
    _quotes(picture, index, persona, notes, y)
    _callouts(picture, notes)
    return picture.finish()


def _sentences(picture: Drawing, index: riindex.RIIndex, persona: int, notes: list[tuple[float, str, str]]) -> float:
    """Write the description, a claim a line; return where it ends."""
    claims = rows(index, f"""select claim_id, sentence from claims
                             where place = 'description' and persona_id = {persona}
                             order by regexp_extract(claim_id, 'c(\\d+)', 1)::int""")  # fmt: skip
    y = 118.0
    first = claims[min(1, len(claims) - 1)][0]
    notes.append((y + 17, "The sentences", f"Each is a claim with an id. ri evidence {first} shows the SQL of its "
                  "figure and five posts that support it."))  # fmt: skip
    for claim, sentence in claims:
        picture.text(44, y, sentence, 13.5)
        picture.chip(44 + width(sentence, 13.5) + 10, y, claim, PAPER, ACCENT)
        y += 21
    return y + 14


def _terms(
    picture: Drawing, index: riindex.RIIndex, persona: int, notes: list[tuple[float, str, str]], y: float
) -> float:
    """Write what it says more than the others, with bars; return where it ends."""
    terms = rows(index, f"""
        select spelling, share, baseline_share, lift, lift_low, lift_high
        from persona_terms where persona_id = {persona} and q <= 0.05
        and (kind = 'term' and rank <= 3 or kind = 'hashtag' and rank <= 2) order by kind desc, rank""")  # fmt: skip
    picture.text(44, y, "What it says", 12, SOFT, bold=True)
    picture.text(190, y, "share of its posts", 11, FAINT)
    picture.text(400, y, "elsewhere", 11, FAINT)
    picture.text(474, y, "lift, 95% interval", 11, FAINT)
    notes.append((y + 46, "The terms", "Share among its clear members, share among all others, and their ratio. "
                  "Fisher's exact test, corrected for every term that was tried."))  # fmt: skip
    scale = 150 / max(row[1] for row in terms)
    for spelling, share, other, lift, low, high in terms:
        y += 22
        picture.text(44, y, spelling, 13, bold=True)
        picture.box(190, y - 10, share * scale, 11, ACCENT, round_=2)
        picture.text(190 + share * scale + 6, y, percent(share), 12)
        picture.text(400, y, percent(other) if other else "none", 12, SOFT)
        picture.text(474, y, f"×{lift:,.0f} ({low:,.0f} to {high:,.0f})", 12, SOFT)
    return y + 36


def _hours(
    picture: Drawing, index: riindex.RIIndex, persona: int, notes: list[tuple[float, str, str]], y: float
) -> float:
    """Draw the hours of the day as bars beside everybody else's; return where they end."""
    hours = rows(
        index, f"select hour, share, baseline_share from persona_hours where persona_id = {persona} order by hour"
    )
    picture.text(44, y, "When it posts", 12, SOFT, bold=True)
    notes.append((y + 40, "The hours", "Bars: this persona. Grey steps: all the others. Hours are UTC unless the "
                  "build names a time zone."))  # fmt: skip
    base, scale, step = y + 82, 66 / max(row[1] for row in hours), 23.8
    for hour, share, _ in hours:
        picture.box(44 + hour * step, base - share * scale, step - 5, share * scale, ACCENT, round_=2)
    steps = [(44 + hour * step + dx, base - other * scale) for hour, _, other in hours for dx in (-2.5, step - 2.5)]
    picture.line(steps, FAINT, 1.5)
    picture.line([(44, base + 0.5), (44 + 24 * step - 5, base + 0.5)], FAINT)
    for hour in range(0, 24, 6):
        picture.text(44 + hour * step + step / 2 - 2.5, base + 15, f"{hour}:00", 11, SOFT, anchor="middle")
    return base + 44


def _hints(
    picture: Drawing, index: riindex.RIIndex, persona: int, notes: list[tuple[float, str, str]], y: float
) -> float:
    """Write two things to do and two not to; return where they end."""
    hints = rows(index, f"""select h.kind, h.hint, h.claim_id, c.n
                            from persona_hints as h join claims as c using (claim_id)
                            where h.persona_id = {persona}
                            qualify row_number() over (partition by h.kind order by h.rank) <= 2
                            order by h.kind, h.rank""")  # fmt: skip
    picture.text(44, y, "Hints", 12, SOFT, bold=True)
    notes.append((y + 30, "The hints", "What to do and what to avoid. Each rests on one claim, in n posts."))
    for kind, hint, claim, n in hints:
        y += 22
        picture.text(44, y, "+" if kind == "do" else "–", 15, GOOD if kind == "do" else BAD, bold=True)
        picture.text(62, y, hint, 12.5)
        end = picture.chip(62 + width(hint, 12.5) + 8, y, claim, PAPER, ACCENT)
        picture.text(end + 6, y, f"n = {n}", 11, FAINT)
    return y + 34


def _quotes(
    picture: Drawing, index: riindex.RIIndex, persona: int, notes: list[tuple[float, str, str]], y: float
) -> None:
    """Write two typical posts, personal data masked as in the table."""
    quotes = rows(index, f"select text from persona_evidence where persona_id = {persona} and rank <= 2 order by rank")
    picture.text(44, y, "Evidence", 12, SOFT, bold=True)
    notes.append((y + 34, "The evidence", "Typical posts by different authors. Handles, links and other personal data "
                  "are masked."))  # fmt: skip
    for (text,) in quotes:
        lines = wrapped(f"“{text}”", 12.5, 560)
        y += 6
        picture.box(44, y + 4, 3, 17 * len(lines), LINE)
        for part in lines:
            y += 17
            picture.text(56, y, part, 12.5)
        y += 6


def _callouts(picture: Drawing, notes: Iterable[tuple[float, str, str]]) -> None:
    """Write the notes beside the card, each joined to the part that it is about, none over another."""
    low = 24.0
    for place, (y, head, text) in enumerate(notes, 1):
        lines = wrapped(text, 12.5, 262)
        top = max(low, y - 12)
        picture.line([(656, y), (676, y), (690, top + 8)], ACCENT)
        picture.add(f'<circle cx="656" cy="{number(y)}" r="3" fill="{ACCENT}"/>')
        picture.add(f'<circle cx="702" cy="{number(top + 8)}" r="11" fill="{ACCENT}"/>')
        picture.text(702, top + 12.2, str(place), 12, PAPER, bold=True, anchor="middle")
        picture.text(720, top + 12.5, head, 14, bold=True)
        for i, part in enumerate(lines, 1):
            picture.text(720, top + 13.5 + 16.5 * i, part, 12.5, SOFT)
        low = top + 16.5 * len(lines) + 30


def draw_stages(index: riindex.RIIndex) -> str:
    """Return the stages of a build; raises ValueError where the build has others, or other tables."""
    check_stages(index)
    picture = Drawing(
        1000, 652, "The stages of a build", "Eighteen stages in six steps, with what each reads and writes."
    )
    picture.text(28, 42, "From files to personas, in eighteen stages", 22, bold=True)
    picture.text(28, 64, "Each stage reads and writes tables. A later build runs only what a change concerns.",
                 13, SOFT)  # fmt: skip
    wide, gap, high, top = 147.0, 12.4, 144.0, 118.0
    for column, phase in enumerate(PHASES):
        x, colour = 28 + column * (wide + gap), COLOURS[(0, 2, 4, 3, 1, 6)[column]]
        picture.text(x, top - 14, f"{column + 1}  {phase}", 14, colour, bold=True)
        for row in range(3):
            name, does, reads, writes = STAGES[3 * column + row]
            y = top + row * (high + 14)
            picture.box(x, y, wide, high, PANEL, LINE, 8)
            picture.box(x, y + 8, 4, high - 16, colour)
            picture.text(x + 14, y + 22, name, 15, bold=True)
            y += 39
            for part in wrapped(does, 12, wide - 22):
                picture.text(x + 14, y, part, 12, SOFT)
                y += 14
            y = _tables(picture, x + 14, y + 4, "reads", reads, wide)
            _tables(picture, x + 14, y, "writes", writes, wide)
            if row < 2:
                end = top + (row + 1) * (high + 14)
                picture.line([(x + wide / 2, end - 14), (x + wide / 2, end - 1)], FAINT, 1.5, arrow=True)
        if column < len(PHASES) - 1:
            bottom = top + 2 * (high + 14) + high / 2
            turn = x + wide + gap / 2
            picture.line([(x + wide, bottom), (turn, bottom), (turn, top + 22), (x + wide + gap - 1, top + 22)],
                         FAINT, 1.5, arrow=True)  # fmt: skip
    _product(picture, top + 3 * (high + 14))
    return picture.finish()


def _tables(picture: Drawing, x: float, y: float, head: str, names: Sequence[str], wide: float) -> float:
    """Write the names of tables behind a head, on as many lines as they need; return the next line."""
    for i, part in enumerate(wrapped(", ".join(names), 11, wide - 62)):
        if i == 0:
            picture.text(x, y, head, 11, FAINT)
        picture.text(x + 38, y, part, 11, INK)
        y += 13.5
    return y


def _product(picture: Drawing, y: float) -> None:
    """Draw what a build leaves behind: the file and the folder beside it."""
    picture.box(28, y + 4, 752, 42, INK, round_=8)
    picture.text(44, y + 30, "tweets.duckdb", 15, PAPER, bold=True)
    picture.text(
        166,
        y + 30,
        "one file with all tables, for any DuckDB since 1.1; the view tweets has one row a post",
        13,
        "#d5dbe4",
    )
    picture.box(796, y + 4, 176, 42, PANEL, FAINT, 8)
    picture.text(808, y + 22, "tweets.*.lance", 13, bold=True)
    picture.text(808, y + 38, "can be made again: ri index", 11.5, SOFT)


def check_stages(index: riindex.RIIndex) -> None:
    """Raise ValueError where STAGES is not what the build ran, read and wrote."""
    ran = [name for (name,) in rows(index, "select stage from stage_run order by rowid")]
    if ran != [stage[0] for stage in STAGES]:
        raise ValueError(f"the build has other stages than the picture: {ran}")
    there = {name for (name,) in rows(index, "select table_name from duckdb_tables() where not internal")}
    for name, _, reads, writes in STAGES:
        unknown = [t for t in (*reads, *writes) if t not in OUTSIDE and not fnmatch.filter(there | {"namings"}, t)]
        if unknown:
            raise ValueError(f"the picture has tables that the build has not: {unknown} at {name}")
        missed = [t for t in written(name) & there if not any(fnmatch.fnmatch(t, pattern) for pattern in writes)]
        if missed:
            raise ValueError(f"stage {name} writes {missed}, which the picture does not say")


def written(stage: str) -> set[str]:
    """Return what the SQL files of a stage say that they write; scratch tables are left out."""
    heads = [re.search(r"writes: (.*)", path.read_text(encoding="utf-8")) for path in (SQL / stage).rglob("*.sql")]
    told = [head[1] for head in heads if head and "(temporary)" not in head[1]]
    return {name.strip() for names in told for name in names.split(",")}


DRAWINGS: dict[str, Callable[[riindex.RIIndex], str]] = {
    "map.svg": draw_map,
    "persona.svg": draw_card,
    "stages.svg": draw_stages,
}


def draw(path: str | Path) -> dict[str, str]:
    """Return every picture, by its file's name, from the index at ``path``."""
    with riindex.RIIndex(path) as index:
        return {name: drawing(index) for name, drawing in DRAWINGS.items()}


def main() -> None:
    """Write the pictures, from the index that is named or from a build of the sample."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "tweets.duckdb"
        if len(sys.argv) == 1:
            riindex.build(HERE / "tweets.parquet", path, replies=HERE / "replies.parquet")
        for name, picture in draw(path).items():
            (PICTURES / name).write_text(picture, encoding="utf-8")
            print(PICTURES / name)


if __name__ == "__main__":
    main()
