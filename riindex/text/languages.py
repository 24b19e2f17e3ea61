"""Language of a text, where its source does not name it: by its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

# Twitter's codes of languages (BCP 47) → their names; "in" and "iw" are former codes of two of them.
LANGUAGE_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "br": "Breton",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "in": "Indonesian",
    "is": "Icelandic", "it": "Italian", "iw": "Hebrew", "ja": "Japanese", "ka": "Georgian", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "la": "Latin", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "ne": "Nepali", "nl": "Dutch",
    "no": "Norwegian", "or": "Odia", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sr": "Serbian", "st": "Sotho", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "und": "an unknown language", "ur": "Urdu",
    "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
# Letters of a script → its name; Latin languages are distinguished by words.
SCRIPTS = {
    "Devanagari": "[\u0900-\u097f]",
    "Arabic script": "[\u0600-\u06ff]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Greek": "[\u0370-\u03ff]",
    "Hebrew": "[\u0590-\u05ff]",
    "Thai": "[\u0e00-\u0e7f]",
    "Hangul": "[\uac00-\ud7af]",
    "Kana": "[\u3040-\u30ff]",
    "Han": "[\u3400-\u9fff]",
}
_OTHER = re.compile("[\u0370-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
# A handle, a hashtag or a link has no language.
_PLAIN = re.compile(r"[@#]\w+|https?://\S+")
# Fewest different common words for a decision; one alone may occur in any language.
MIN_WORDS = 2


@cache
def common_words() -> tuple[tuple[str, str], ...]:
    """Return the commonest words of thirteen languages (``languages.txt``): (language, word in lower case)."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return tuple((language, word) for language, *words in map(str.split, lines) for word in words)


@cache
def _common() -> dict[str, tuple[str, ...]]:
    """Return word → the languages in which it is one of the commonest."""
    found: dict[str, tuple[str, ...]] = {}
    for language, word in common_words():
        found[word] = (*found.get(word, ()), language)
    return found


def language_name(language: str) -> str:
    """Return the name of a language from its code in a source or from ``language_of``: "hi" and "hi-IN" are Hindi."""
    return LANGUAGE_NAMES.get(language.replace("_", "-").split("-")[0].lower(), language)


def language_of(text: str) -> str | None:
    """Find the language of a text, or its script where that is not Latin; None for too little evidence.

    The language with the most of its commonest words in the text (Grefenstette 1995), if they are MIN_WORDS and no
    other has as many.
    """
    plain = _PLAIN.sub(" ", text.lower())
    words = _WORD.findall(plain)
    non_latin = _OTHER.findall(plain)
    if 2 * len(non_latin) > sum(map(len, words)):
        counts = {name: len(re.findall(letters, plain)) for name, letters in SCRIPTS.items()}
        return max(counts, key=lambda name: counts[name]) if any(counts.values()) else None
    hits: Counter[str] = Counter()
    for word in set(words):
        hits.update(_common().get(word.replace("\u2019", "'"), ()))
    best, second = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    return best[0] if best[1] >= MIN_WORDS and best[1] > second[1] else None
