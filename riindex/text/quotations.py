"""Lines that a text quotes from another: those that begin with ``>``, and what follows "On … wrote:"."""

from __future__ import annotations

import re

# Regular expression (of RE2, for DuckDB) of every text that may quote another.
SUSPECT = (
    r"(?m:^[ \t]*(?:(?:>|&gt;)[ \t]*)+[\p{L}\p{N}\x22'@#*_\x{201C}(\[])"
    r"|(?m:^[ \t]*(?:>|&gt;)[ \t]*$)"
    r"|(?m:^(?:On|Am|Le|El|Il|Em|Op) [^\n]{4,150}(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef)"
    r"[^\n]{0,60}:\s*$)"
    r"|(?m:^-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine) ?-{2,})"
)
# A quoted line of words; ">:(" and ">50" are none.
QUOTED = re.compile(
    r"^[ \t]*(?:>|&gt;)(?:[ \t]*(?:>|&gt;))*(?:[ \t]+|(?=[^\W\d]))(?=[\w\"'@#*“(\[])|^[ \t]*(?:>|&gt;)[ \t]*$"
)
# The line before a quoted mail, and the line from which on a mail repeats another.
WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il|Em|Op) .{4,150}(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef).{0,60}:\s*$"
)
ORIGINAL = re.compile(
    r"^-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine) ?-{2,}"
)


def own_words(text: str) -> str:
    """Return a text without the lines that it quotes; a text of quoted lines alone stays as it is."""
    lines = text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if ORIGINAL.match(line):
            break
        if WROTE.match(line):
            if any(QUOTED.match(later) for later in lines[number + 1 :]):
                continue
            break
        if not QUOTED.match(line):
            kept.append(line)
    if len(kept) == len(lines):
        return text
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return own or text
