"""Cleaning of a post to the text that a teacher is shown.

Links, handles and emoji mean nothing to a sentence model (its vocabulary knows no emoji, and a handle falls into
meaningless pieces), a hashtag means its words, and "sooooo" means "soo". The student reads the raw text through its own
tokenizer, which does the same in its normaliser (see ``tokenizer``).
"""

from __future__ import annotations

import html
import re
import unicodedata

LINK = re.compile(r"(?:https?://|www\.)\S+|\bpic\.twitter\.com/\S+")
HANDLE = re.compile(r"\B@\w+")
RETWEET = re.compile(r"^\s*RT\s+@\w+\s*:?\s*")
HASHTAG = re.compile(r"#(\w+)")
WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
ELONGATION = re.compile(r"([^\W\d_])\1{2,}")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff\ufe0f\u200d\U000e0020-\U000e007f]+"
)
ANONYMOUS_LINK = re.compile(r"\bhttps?\b(?!:)")

# Tokenised corpora (hinglish_15k) put spaces round every sign: "https // t . co / x", "@ name _ s".
_SPACED_LINK = re.compile(r"https?\s*:?\s*/\s*/\s*\S+(?:\s*[./]\s*\S+)*")
_SPACED_HANDLE = re.compile(r"@\s?\w+(?:\s?_\s?\w*)*")


def teacher_text(text: str) -> str:
    """Return the words of ``text``: no links, handles, emoji or retweet mark, hashtags split, elongations cut.

    Of more than two equal letters, two stay.
    """
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = RETWEET.sub(" ", text)
    text = ANONYMOUS_LINK.sub(" ", LINK.sub(" ", text))
    text = HASHTAG.sub(lambda found: WORD_STARTS.sub(" ", found[1]), HANDLE.sub(" ", text))
    text = ELONGATION.sub(r"\1\1", EMOJI.sub(" ", text))
    return " ".join(text.split())


def identity_keys(text: str) -> set[str]:
    """Return keys that are equal for copies of a text, however they were tokenised, cased or anonymised.

    Only letters and digits are compared; links are left out, handles once kept and once left out.
    """
    bare = _SPACED_LINK.sub(" ", html.unescape(text).casefold())
    variants = (bare, _SPACED_HANDLE.sub(" ", bare))
    return {key for key in ("".join(c for c in v if c.isalnum()) for v in variants) if key}
