"""Text from outside made safe to show: characters that terminals or spreadsheets act on are removed or escaped."""

from __future__ import annotations

import re

# Control characters except tab and newline, which a terminal would carry out.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that change the direction of the text after them, so that a name reads backwards (CVE-2021-42574).
_DIRECTION_MARKS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Beginning of a cell that a spreadsheet would run (OWASP, CSV injection), after characters that it skips.
_FORMULA = re.compile(r"[\s\x00-\x1f\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?")


def terminal_text(text: str) -> str:
    """Return a text safe for a terminal: control characters as �, in the order in which it is stored."""
    return _DIRECTION_MARKS.sub("", _CONTROLS.sub("\ufffd", text))


def escape_json(text: str) -> str:
    """Return JSON in which such characters are escapes; its values stay what they are."""
    return re.sub(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda found: f"\\u{ord(found[0]):04x}", text)


def spreadsheet_cell(value: object) -> object:
    """Return a cell for spreadsheets: a text that they would run as a formula gets an apostrophe before it."""
    if not isinstance(value, str) or not _FORMULA.match(value) or _NUMBER.fullmatch(value):
        return value
    return "'" + value
