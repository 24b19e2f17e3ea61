"""Plain text: one post a line, a label before each, or a chat as WhatsApp exports it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from riindex.store.arrow import string_array

if TYPE_CHECKING:
    import pyarrow as pa

# Beginning of a message: "[21/10/2025, 13:22:07] Name: " or "21/10/2025, 13:22 - Name: ", in the form of any country.
MESSAGE = re.compile(
    r"^[\u200e\u200f\ufeff]*\[?(\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[\s\u202f]*[AaPp]\.?\s?[Mm]\.?)?)\]?(?:\s+-)?\s(.*)$"
)
# Share of the first lines that begin a message, in a chat; and lines that are looked at.
MIN_SHARE, SAMPLE_LINES = 0.3, 100
# Messages that WhatsApp writes in place of what it leaves out or has deleted: in angle brackets, behind a left-to-right
# mark, or in these words.
LEFT_OUT = re.compile(
    r"^(?:<[^<>]{3,40}>|\u200e[^\n]{1,60}|(?:media|image|video|audio|gif|sticker|document|contact card) omitted"
    r"|(?:this message was|you) deleted(?: this message)?|diese nachricht wurde gelöscht"
    r"|du hast diese nachricht gelöscht"
    r"|se eliminó este mensaje|eliminaste este mensaje|mensagem apagada|ce message a été supprimé"
    r"|questo messaggio è stato eliminato|dit bericht is verwijderd)\.?$",
    re.IGNORECASE,
)


def read_lines(text: str) -> pa.Table:
    """Return the posts of a text: one a message of a chat, else one a line that is not blank."""
    import pyarrow as pa

    lines = text.removeprefix("\ufeff").splitlines()
    seen = [line for line in lines[:SAMPLE_LINES] if line.strip()]
    if sum(map(bool, map(MESSAGE.match, seen))) >= max(2, MIN_SHARE * len(seen)):
        columns = zip(*_messages(lines), strict=True)
        names = ("whatsapp_time", "whatsapp_sender", "whatsapp_message")
        return pa.table({n: string_array(c) for n, c in zip(names, columns, strict=True)})
    filled = [line.strip() for line in lines if line.strip()]
    pairs = [line.split("\t") for line in filled]
    if len(filled) > 1 and all(len(pair) == 2 and len(pair[0]) < len(pair[1]) for pair in pairs):
        return pa.table({"label": [pair[0] for pair in pairs], "text": [pair[1] for pair in pairs]})
    return pa.table({"text": string_array(filled)})


def _messages(lines: list[str]) -> list[list[str | None]]:
    """Return time, sender and text of each message; a line without a time goes on with the one before."""
    found: list[list[str | None]] = []
    for line in lines:
        match = MESSAGE.match(line)
        if match is None:
            if found and found[-1][2] is not None:
                found[-1][2] += "\n" + line
            continue
        sender, colon, text = match[2].partition(": ")
        if colon:
            left_out = LEFT_OUT.match(text.strip())
            found.append([match[1].replace("\u202f", " "), sender.strip("\u200e~ "), None if left_out else text])
    return found
