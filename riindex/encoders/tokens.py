"""Texts into token ids, at several times the speed of the tokenizer itself.

A WordPiece tokenizer never reaches across white space, so a text's tokens are those of its chunks one after another,
and most chunks have occurred before. The cache is bounded and never changes a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_CACHED_CHUNKS = 200_000  # chunks; about 40 MB
MIN_ARROW_TEXTS = 256  # texts from which Arrow splits them, in parallel; its import costs as much as a few hundred
LINK_STARTS = ("http://", "https://")  # a chunk that begins so is a link to its end
WHITE_SPACE_BOUND = {"BertPreTokenizer", "Split", "Whitespace", "WhitespaceSplit"}

Ids = npt.NDArray[np.int32]


class TokenReader:
    """Reader of texts with a ``tokenizers.Tokenizer``; the unknown token is left out."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._unknown = tokenizer.token_to_id("[UNK]")
        self._known: dict[str, tuple[int, ...]] = {}
        self._by_chunk = (
            type(tokenizer.model).__name__ == "WordPiece"
            and type(tokenizer.pre_tokenizer).__name__ in WHITE_SPACE_BOUND
        )
        self._links_are_read = bool(self._tokenize(["https://a.b/c"])[0])

    def read(self, texts: Sequence[str]) -> tuple[Ids, Ids]:
        """Return the ids of all texts one after another, and the number of ids of each text."""
        if not self._by_chunk:
            whole = self._tokenize(list(texts))
            counts = np.fromiter(map(len, whole), dtype=np.int32, count=len(whole))
            return np.fromiter(chain.from_iterable(whole), dtype=np.int32), counts
        chunks, codes, last_chunks = _split(texts)
        known = self._learn(set(chunks))
        found = list(map(known.get, chunks, repeat(())))  # what was not learned is a link
        sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        ids = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=int(sizes.sum()))
        taken = sizes[codes]
        ends = np.concatenate([[0], np.cumsum(taken)])
        lengths = np.diff(ends[last_chunks], prepend=0).astype(np.int32)
        starts = (np.cumsum(sizes) - sizes)[codes]
        return ids[np.repeat(starts - ends[:-1], taken) + np.arange(ends[-1])], lengths

    def _learn(self, chunks: set[str]) -> dict[str, tuple[int, ...]]:
        """Tokenize all of ``chunks``, except links where they give no token: each occurs but once."""
        known = self._known
        unmet = chunks.difference(known)
        if len(known) + len(unmet) > MAX_CACHED_CHUNKS:
            known, unmet = {}, chunks
        fresh = sorted(unmet if self._links_are_read else (c for c in unmet if not c.startswith(LINK_STARTS)))
        known.update(zip(fresh, self._tokenize(fresh), strict=True))
        self._known = known
        return known

    def _tokenize(self, chunks: list[str]) -> list[tuple[int, ...]]:
        encodings = self._tokenizer.encode_batch_fast(chunks, add_special_tokens=False)
        return [tuple(row for row in encoding.ids if row != self._unknown) for encoding in encodings]


def _split(texts: Sequence[str]) -> tuple[list[str], Ids, npt.NDArray[np.int64]]:
    """Split ``texts`` into chunks: the distinct ones, the index of each chunk, and the end of each text's chunks."""
    if len(texts) >= MIN_ARROW_TEXTS:
        import pyarrow as pa
        import pyarrow.compute as pc

        lists = pc.utf8_split_whitespace(pa.array(texts, pa.string()))
        encoded = lists.values.dictionary_encode()
        return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(), lists.offsets.to_numpy()[1:].astype(np.int64)
    split = [text.split() for text in texts]
    places: dict[str, int] = {}
    codes = [places.setdefault(chunk, len(places)) for chunk in chain.from_iterable(split)]
    ends = np.cumsum(np.fromiter(map(len, split), dtype=np.int64, count=len(split)))
    return list(places), np.array(codes, np.int32), ends
