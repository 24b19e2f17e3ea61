"""Words of languages without blanks, or with articles and endings written together, and the texts that have them."""

import re
from collections import Counter

# Language → pattern of its letters, and the lengths of the words that are drawn.
LETTERS = {
    "Chinese": ("[\u4e00-\u9fff]+", (1, 2, 3)),
    "Japanese": ("[\u3040-\u30ff\u4e00-\u9fff]+", (1, 2, 3, 4)),
    "Thai": ("[\u0e00-\u0e7f]+", (3, 5, 8)),
    "Arabic": ("[\u0621-\u064a]+", (2, 3, 4, 5)),
    "Hindi": ("[\u0900-\u0963\u0971-\u097f]+", (2, 3, 4)),
}


def words_of(texts, language, count=50):
    """So many parts of words of a language, the commonest of each length, spread over the texts."""
    letters, lengths = LETTERS[language]
    found = Counter()
    for text in texts:
        for run in re.findall(letters, text):
            found.update({run[i : i + n] for n in lengths for i in range(len(run) - n + 1)})
    common = [
        word
        for word, _ in found.most_common(20 * count)
        if not re.match(r"[\u0e31-\u0e4e\u0900-\u0903\u093a-\u094d]", word)
    ]
    return common[:: max(1, len(common) // count)][:count]


def holding(texts, word):
    """The texts, by their ids, that have a word anywhere."""
    return {key for key, text in texts.items() if word in text}
