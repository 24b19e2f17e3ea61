"""Static encoder: a text is the weighted sum of its tokens' vectors, scaled to unit length."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from riindex.algorithms.quantise import restore_rows
from riindex.algorithms.segment_sums import segment_sums, segment_sums_small
from riindex.algorithms.types import Floats, Ints
from riindex.encoders.base import scale_to_unit, text_batches
from riindex.encoders.tokens import Ids, TokenReader
from riindex.errors import InputError
from riindex.machine.progress import Advance

BUNDLED_FOLDER = Path(__file__).parent.parent / "models" / "static"
FORMAT_VERSION = 1  # version of the arithmetic below; the treatment of text is part of tokenizer.json
# Tokens of a batch below which only their own vectors are restored: all 32,000 take 30 ms, and SciPy 100 to load.
SMALL_BATCH_TOKENS = 512
BATCH_TEXTS = (
    2_048  # texts read and summed together, and their characters: a token takes about 100 bytes while it is read
)
BATCH_CHARACTERS = 1 << 20
UNKNOWN = "[UNK]"


class StaticEncoder:
    """Encoder over a folder of ``model.safetensors`` and ``tokenizer.json``, as model2vec writes and reads it.

    ``token_vectors`` are the terms of a text's vector; ``encode`` only scales their sum.
    """

    def __init__(self, folder: Path = BUNDLED_FOLDER, name: str = "static", threads: int = 2) -> None:
        self.name = name
        self.folder = folder
        self._threads = threads
        self._tokenizer = _tokenizer(folder)
        self._reader = TokenReader(self._tokenizer)
        self._embeddings, self._scales = _weights(folder, self._tokenizer)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._embeddings.shape[1])

    @cached_property
    def digest(self) -> str:
        """Hex digest of the weights, the vocabulary, the treatment of text and the arithmetic."""
        digest = hashlib.blake2b(f"static {FORMAT_VERSION}".encode(), digest_size=16)
        for file in ("model.safetensors", "tokenizer.json"):
            digest.update((self.folder / file).read_bytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str], progress: Advance | None = None) -> Floats:
        """Return unit vectors in the order of ``texts``, equal for any number of threads.

        A text without a known token gives zeros.
        """
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)

        def fill(part: slice) -> int:
            vectors[part] = self._encode_batch(texts[part])
            return len(texts[part])

        for done in self._map_batches(fill, list(text_batches(texts, BATCH_TEXTS, BATCH_CHARACTERS))):
            if progress:
                progress(done)
        return vectors

    def tokens(self, text: str) -> list[str]:
        """Return the pieces of ``text``, in order; unknown ones are left out."""
        return [self._tokenizer.id_to_token(row) for row in self._rows(text).tolist()]

    def read(self, texts: Sequence[str]) -> tuple[Ids, Ids]:
        """Return the vocabulary rows of all texts, one after another, and the number of each text."""
        return self._reader.read(texts)

    def token_vectors(self, text: str) -> Floats:
        """Return the weighted vector of every piece in ``tokens(text)``.

        Their sum has the direction of the text's vector.
        """
        return self._restored(self._rows(text))

    def known_letters(self, texts: Sequence[str]) -> Ints:
        """Count the letters of each text in pieces of two letters or more.

        A word of a script without words in the vocabulary is spelled letter by letter, and its vector has no meaning.
        """
        ids, lengths = self._reader.read(texts)
        ends = np.cumsum(lengths)
        total = np.concatenate([[0], np.cumsum(self._piece_letters[ids])])
        return np.asarray(total[ends] - total[ends - lengths], np.int64)

    @cached_property
    def _piece_letters(self) -> Ints:
        """Letters of every token; 0 for one of a single letter."""
        pieces = (self._tokenizer.id_to_token(row) or "" for row in range(len(self._embeddings)))
        letters = np.array([sum(map(str.isalpha, piece)) for piece in pieces], np.int64)
        return np.where(letters > 1, letters, 0)

    def vocabulary(self) -> tuple[list[str], Floats]:
        """Return every piece with its weighted vector: enough to encode in another language, such as SQL."""
        pieces = [self._tokenizer.id_to_token(row) for row in range(len(self._table))]
        return pieces, self._table

    @cached_property
    def _table(self) -> Floats:
        """Vector of every token, its weight multiplied in."""
        return restore_rows(self._embeddings, self._scales)

    def _restored(self, rows: Ids) -> Floats:
        """Return the vectors of some tokens, their weights multiplied in."""
        return restore_rows(self._embeddings[rows], None if self._scales is None else self._scales[rows])

    def _rows(self, text: str) -> Ids:
        return self._reader.read([text])[0]

    def _encode_batch(self, batch: Sequence[str]) -> Floats:
        ids, lengths = self._reader.read(batch)
        if len(ids) < SMALL_BATCH_TOKENS:
            return scale_to_unit(segment_sums_small(self._restored(ids), np.arange(len(ids), dtype=np.int32), lengths))
        return scale_to_unit(segment_sums(self._table, ids, lengths))

    def _map_batches(self, work: Callable[[slice], int], slices: Sequence[slice]) -> Iterator[int]:
        if self._threads == 1 or len(slices) == 1:
            yield from map(work, slices)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(work, slices)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    # Whole batches are spread over threads here; threads of its own inside each cost a third of the speed.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    file = folder / "tokenizer.json"
    if not file.exists():
        raise InputError(f"{folder} is not a folder of a static model", "it needs model.safetensors and tokenizer.json")
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _weights(folder: Path, tokenizer: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None]:
    """Read the numbers of every token, and the weights to multiply them by; the unknown token's are zero."""
    from safetensors.numpy import load_file

    try:
        tensors = load_file(folder / "model.safetensors")
    except OSError as error:
        raise InputError(f"{folder} is not a folder of a static model", "it needs model.safetensors") from error
    embeddings = tensors.get("embeddings", tensors.get("embedding.weight"))
    if embeddings is None:
        raise InputError(
            f"{folder} is not a folder of a static model", "its model.safetensors has no tensor `embeddings`"
        )
    if "mapping" in tensors:
        embeddings = embeddings[tensors["mapping"]]
    unknown = tokenizer.token_to_id(UNKNOWN)
    if unknown is not None:
        embeddings[unknown] = 0
    return embeddings, tensors.get("weights")
