"""Readable text from what exports hold: markup, escapes, wrong decoding, invisible characters."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from riindex.text import quotations
from riindex.text.markup import ENTITY, HTML, REFERENCE, entities_text, html_text, markdown_text, reference_text

# Regular expression (of RE2, for DuckDB) of text that was decoded by the wrong table: C1 controls, UTF-8 read as
# Western European, the same with blanks for what was lost, and UTF-8 read as Cyrillic.
MISREAD = (
    r"[\x{0080}-\x{009F}]"
    r"|[\x{00C2}-\x{00F4}][\x{0080}-\x{00BF}\x{0152}-\x{2122}]"
    r"|[\x{00C2}\x{00C3}][ \n\t]"
    r"|(?:[\x{0420}\x{0421}][\x{0401}-\x{040F}\x{0451}-\x{045F}\x{0490}\x{0491}\x{00A0}-\x{00BB}\x{2013}-\x{2122}]){3}"
)
# The same for Python. Signs of rarer tables are left alone: in short texts they are chance.
MISREAD_HERE = re.compile(re.sub(r"\\x\{([0-9A-F]{4})\}", r"\\u\1", MISREAD))
# Regular expression (of RE2) of every text that a step may change; others are not looked at.
SUSPECT = (
    r"&#?\w+;|<[a-zA-Z@#!:/]|<U\+|\\[uUx][0-9a-fA-F]|^\s*b['\"]|[\x{200B}\x{2060}\x{FEFF}\x{00AD}]"
    r"|" + MISREAD + r"|" + quotations.SUSPECT
)
# Marks of a source in Markdown (of RE2): links with a label, bold words, quoted lines, the empty paragraphs of Reddit.
MARKDOWN = r"(?m)\[[^\]\n]+\]\(https?://|\*\*\w[^*\n]*\*\*|^(?:>|&gt;) ?\S|&(?:amp;)?#x200B;"
# Least share of the texts, and least number of them, with such a mark in a source in Markdown.
MIN_MARKDOWN_SHARE, MIN_MARKDOWN = 0.02, 3
# A text that has no other suspect sign than entities, as nine of ten have.
PLAIN = re.compile(r"(?![b\s])[\n !-;=-\[\]-~]*")
# A line of a text that looks like a quotation, or like the line before one.
QUOTES = re.compile(r"^[ \t]*>|:\s*$|^--", re.M)
# Name of the step that repairs texts decoded by the wrong table.
DECODING = "wrong decoding"
# A zero-width space, a word joiner, a byte-order mark and a soft hyphen; joiners inside emoji and scripts stay.
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
BYTES = re.compile(r"""b(['"]).*\1""", re.S)
# <U+0001F600> of R; \ud83d\ude00, \u00e9, \xf0\x9f\x98\x80 as they stand in a file that was escaped twice.
R_ESCAPE = re.compile(r"<U\+([0-9A-Fa-f]{4,8})>")
ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})+")
BYTE_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2}){2,}")


@dataclass(frozen=True)
class Readable:
    """Readable text, and the names of the steps that changed it."""

    text: str
    steps: tuple[str, ...] = ()


def is_markdown(texts: int, marked: int) -> bool:
    """Return True if so many of the texts of a source have a mark of Markdown that it is written in it."""
    return marked >= MIN_MARKDOWN and marked >= MIN_MARKDOWN_SHARE * texts


def readable(text: str, markdown: bool = False) -> Readable:
    """Return a text as a reader sees it; ``markdown``: its source is written in Markdown."""
    if not markdown and PLAIN.fullmatch(text):
        shown = entities_text(text)
        if shown.strip() and not INVISIBLE.search(shown) and not QUOTES.search(shown):
            return Readable(shown, ("entities",) if shown != text else ())
    steps: list[str] = []
    for name, step in STEPS:
        changed = step(text)
        if changed != text and changed.strip():
            steps.append(name)
            text = changed
    markup = _markup(text, markdown)
    if markup.text != text and markup.text.strip():
        text = markup.text
        steps += markup.steps
    own = quotations.own_words(text)
    if own != text:
        text = own
        steps.append("quoted lines")
    cleaned = INVISIBLE.sub("", text)
    if cleaned != text and cleaned.strip():
        text = cleaned
        steps.append("invisible characters")
    return Readable(text, tuple(steps))


def _markup(text: str, markdown: bool) -> Readable:
    if HTML.search(text):
        return Readable(html_text(text), ("HTML",))
    if markdown:
        return Readable(markdown_text(text), ("Markdown",))
    if REFERENCE.search(text):
        return Readable(reference_text(text), ("references of Slack or Discord",))
    if ENTITY.search(text):
        return Readable(entities_text(text), ("entities",))
    return Readable(text)


def _bytes_literal(text: str) -> str:
    """Decode the literal of Python's bytes, as ``b'caf...'``."""
    if not BYTES.fullmatch(text.strip()):
        return text
    try:
        held = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text
    return held.decode("utf-8", errors="ignore") if isinstance(held, bytes) else text


def _escapes(text: str) -> str:
    """Decode characters that stand as escapes: of JSON, of bytes, of R."""
    text = R_ESCAPE.sub(lambda found: _character(found[1]), text)
    text = BYTE_ESCAPES.sub(lambda found: _bytes(found[0]), text)
    return ESCAPES.sub(lambda found: _units(found[0]), text)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else f"<U+{digits}>"


def _bytes(escapes: str) -> str:
    try:
        return bytes.fromhex(escapes.replace("\\x", "")).decode("utf-8")
    except UnicodeDecodeError:
        return escapes


def _units(escapes: str) -> str:
    try:
        decoded = escapes.encode("ascii").decode("unicode_escape")
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return escapes


def _decoding(text: str) -> str:
    """Repair a text that was decoded by the wrong table ("cafÃ©"), by ftfy (Speer 2019)."""
    if not MISREAD_HERE.search(text):
        return text
    from ftfy import fix_encoding

    return fix_encoding(text)


STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("bytes literals", _bytes_literal),
    ("escapes", _escapes),
    (DECODING, _decoding),
)
