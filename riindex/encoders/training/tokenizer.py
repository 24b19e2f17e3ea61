"""The tokenizer of a static model: its pieces, and its treatment of posts.

All treatment of text is part of the tokenizer's file, so every program that opens the model reads a post the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

UNKNOWN, PADDING = "[UNK]", "[PAD]"
MAX_WORD_LETTERS = 40  # letters; longer ones are ids and keyboard mash
MIN_COUNT = 8  # texts that must hold a word before it becomes a piece of its own

ENTITY = r"&(?:amp|lt|gt|quot|#39|nbsp);"
LINK = r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S+"
HANDLE = r"\B@\w+"
HASHTAG_SEAM = r"(?<=#\w*)(?:(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}))"
THIRD_LETTER = r"(\p{L})\1\K\1+"
PIECE = r"[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}\s]"  # a run of letters and digits, or one other sign


def make_tokenizer(pieces: Iterable[str]) -> Any:
    """Make a WordPiece tokenizer over ``pieces`` (continuations start with ``##``) for posts.

    In order: entities, links and handles go, hashtags fall into their words, letters lose case and accents, more than
    two equal letters become two, every emoji and sign stands alone.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {piece: row for row, piece in enumerate(dict.fromkeys([PADDING, UNKNOWN, *pieces]))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=MAX_WORD_LETTERS))
    removed = [normalizers.Replace(Regex(pattern), " ") for pattern in (ENTITY, LINK, HANDLE, HASHTAG_SEAM)]
    tokenizer.normalizer = normalizers.Sequence(
        [
            *removed,
            normalizers.BertNormalizer(lowercase=True, strip_accents=True),
            normalizers.Replace(Regex(THIRD_LETTER), ""),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), behavior="removed", invert=True)
    return tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count the occurrences of each word and sign in ``texts``, treated as ``make_tokenizer`` treats them."""
    tokenizer = make_tokenizer(())
    chunks = Counter(chunk for text in texts for chunk in text.split())
    words: Counter[str] = Counter()
    for chunk, count in chunks.items():
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(chunk)):
            words[word] += count
    return words


def choose_pieces(
    teacher_pieces: Iterable[str], words: Counter[str], size: int, named: Iterable[str] = ()
) -> list[str]:
    """Choose the teacher's own pieces that the words or Latin script spell, then frequent words.

    The teacher's pieces keep their order, ``named`` words follow, then words from the most frequent on until there are
    ``size``.
    """
    letters = {letter for word in words for letter in word}
    kept = [
        piece
        for piece in dict.fromkeys(teacher_pieces)
        if not (piece.startswith("[") and piece.endswith("]")) and _spelt(piece.removeprefix("##"), letters)
    ]
    kept = [*dict.fromkeys([*kept, *named])][:size]
    known = set(kept)
    frequent = (
        word
        for word, count in sorted(words.items(), key=lambda item: (-item[1], item[0]))
        if count >= MIN_COUNT and word not in known and len(word) <= MAX_WORD_LETTERS and not word.isdigit()
    )
    return [*kept, *islice(frequent, max(0, size - len(kept)))]


def _spelt(piece: str, letters: set[str]) -> bool:
    return piece.isascii() or all(letter in letters for letter in piece)
