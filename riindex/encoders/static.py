"""The bundled encoder: a text is the weighted sum of its tokens' vectors, brought to unit length."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from riindex.algorithms.quantise import restore_rows
from riindex.encoders.base import Progress, Vectors
from riindex.errors import InputError

BUNDLED = Path(__file__).parent.parent / "models" / "static"
FORMAT_VERSION = 1  # the arithmetic below; the treatment of text is part of tokenizer.json
BATCH = 512  # texts tokenised, gathered and summed together: about 15 MB of token vectors in flight a thread
UNKNOWN = "[UNK]"


class StaticEncoder:
    """A folder of ``model.safetensors`` and ``tokenizer.json``, as model2vec writes and reads it.

    ``token_vectors`` shows what a text's vector is the sum of; ``encode`` only scales that sum.
    """

    def __init__(self, folder: Path = BUNDLED, name: str = "static", threads: int = 2) -> None:
        self.name = name
        self.folder = folder
        self._threads = threads
        self._tokenizer = _tokenizer(folder)
        self._table = _table(folder, self._tokenizer)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    @cached_property
    def digest(self) -> str:
        """Hex digest of the weights, the vocabulary, the treatment of text and the arithmetic."""
        digest = hashlib.blake2b(f"static {FORMAT_VERSION}".encode(), digest_size=16)
        for file in ("model.safetensors", "tokenizer.json"):
            digest.update((self.folder / file).read_bytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors in the order of ``texts``, equal for any number of threads; zeros without a known token."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        starts = range(0, len(texts), BATCH)

        def fill(start: int) -> int:
            batch = texts[start : start + BATCH]
            vectors[start : start + len(batch)] = self._encode_batch(batch)
            return len(batch)

        for done in self._spread(fill, starts):
            if progress:
                progress(done)
        return vectors

    def tokens(self, text: str) -> list[str]:
        """The pieces that ``text`` is read as, in order, the unknown among them left out."""
        return [self._tokenizer.id_to_token(row) for row in self._rows(text)]

    def token_vectors(self, text: str) -> Vectors:
        """The weighted vector of every piece in ``tokens(text)``; their sum has the direction of the text's."""
        return self._table[self._rows(text)]

    def vocabulary(self) -> tuple[list[str], Vectors]:
        """Every piece with its weighted vector: all that is needed to encode in another language, SQL for one."""
        pieces = [self._tokenizer.id_to_token(row) for row in range(len(self._table))]
        return pieces, self._table

    def _rows(self, text: str) -> list[int]:
        unknown = self._tokenizer.token_to_id(UNKNOWN)
        rows: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return [row for row in rows if row != unknown]

    def _encode_batch(self, batch: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(list(batch), add_special_tokens=False)
        ids = [encoding.ids for encoding in encodings]
        lengths = np.fromiter(map(len, ids), dtype=np.intp, count=len(ids))
        rows = np.fromiter((row for text in ids for row in text), dtype=np.intp, count=int(lengths.sum()))
        vectors = np.zeros((len(ids), self.dim), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        if len(filled):
            starts = np.cumsum(lengths) - lengths
            vectors[filled] = np.add.reduceat(self._table[rows], starts[filled], axis=0)
        return _unit(vectors)

    def _spread(self, work: Any, starts: range) -> Iterator[int]:
        if self._threads == 1 or len(starts) == 1:
            yield from map(work, starts)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(work, starts)


def _unit(vectors: Vectors) -> Vectors:
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    norms[norms == 0] = 1.0
    vectors /= norms[:, None]
    return vectors


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    file = folder / "tokenizer.json"
    if not file.exists():
        raise InputError(f"{folder} holds no static model", "it needs model.safetensors and tokenizer.json")
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _table(folder: Path, tokenizer: Any) -> Vectors:
    """The vector of every token, its weight multiplied in; the unknown token's is zero."""
    from safetensors.numpy import load_file

    try:
        tensors = load_file(folder / "model.safetensors")
    except OSError as error:
        raise InputError(f"{folder} holds no static model", "it needs model.safetensors") from error
    embeddings = tensors.get("embeddings", tensors.get("embedding.weight"))
    if embeddings is None:
        raise InputError(f"{folder} holds no static model", "its model.safetensors has no tensor `embeddings`")
    if "mapping" in tensors:
        embeddings = embeddings[tensors["mapping"]]
    table = restore_rows(embeddings, tensors.get("weights"))
    unknown = tokenizer.token_to_id(UNKNOWN)
    if unknown is not None:
        table[unknown] = 0.0
    return table
