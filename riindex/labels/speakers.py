"""Signs of speakers: expressions for texts and accounts, and columns of sources that name the speaker outright."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FORMS = Path(__file__).parent / "speakers.toml"
# Column, without punctuation and in lower case → what its values say; see sql/speakers/declared.sql.
DECLARING = {
    **dict.fromkeys(("inbound", "isinbound"), "from the audience"),
    **dict.fromkeys(
        ("outbound", "isoutbound", "iscompany", "isagent", "isstaff", "isbrand", "isofficial", "fromcompany"),
        "from the company",
    ),
    **dict.fromkeys(("role", "authorrole", "authortype", "sendertype", "speakertype", "participanttype"), "role"),
    **dict.fromkeys(("verifiedtype", "userverifiedtype", "authorverifiedtype"), "verified type"),
    **dict.fromkeys(("source", "sourcelabel", "tweetsource", "application", "client"), "application"),
}


@cache
def signs() -> Mapping[str, str]:
    """Return name of a sign → one regular expression for all its forms."""
    listed = tomllib.loads(FORMS.read_text("utf-8"))
    return {name: "|".join(forms) for name, forms in listed.items()}


def declaring_columns(columns: Sequence[str]) -> list[tuple[str, str]]:
    """Return the columns that may say outright who speaks, each with what its values say."""
    plain = {column: "".join(sign for sign in column.lower() if sign.isalnum()) for column in columns}
    return [(column, DECLARING[name]) for column, name in plain.items() if name in DECLARING]
