"""Corpora with spaces round every sign ("@ name _ s", "# tag", "https // t . co / x"), joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A corpus is tokenised if its handles are: few posts set a sign off on purpose ("lunch @ noon"), none sets off all.
SPACED = r"@ \w"
GLUED = r"@\w"
MIN_SPACED = 20  # texts that must show it
MIN_SHARE = 0.9  # of the texts with a handle

# In order; the same patterns for RE2, which DuckDB uses, and for Python.
JOIN_STEPS = (
    (r"(https?) ?:? ?/ ?/ ?", r"\1://"),
    (r"(://\w+) \. (\w+)", r"\1.\2"),
    (r"(://\S+) / (\S)", r"\1/\2"),
    (r"@ (\w)", r"@\1"),
    (r"(@\w+) _(?: (\w+))?", r"\1_\2"),
    (r"(@\w+) _(?: (\w+))?", r"\1_\2"),
    (r"# (\w)", r"#\1"),
)


def is_tokenised(spaced: int, glued: int) -> bool:
    """Check by the numbers of texts with spaced and with glued handles that a corpus is tokenised."""
    return spaced >= MIN_SPACED and spaced >= MIN_SHARE * (spaced + glued)


def join_tokenised(texts: Iterable[str]) -> list[str]:
    """Return the texts, with handles, hashtags and links joined again if the whole is a tokenised corpus."""
    texts = list(texts)
    spaced = sum(bool(re.search(SPACED, text, re.ASCII)) for text in texts)
    glued = sum(bool(re.search(GLUED, text, re.ASCII)) for text in texts)
    return [_join(text) for text in texts] if is_tokenised(spaced, glued) else texts


def _join(text: str) -> str:
    for pattern, replacement in JOIN_STEPS:
        text = re.sub(pattern, replacement, text, flags=re.ASCII)
    return text
