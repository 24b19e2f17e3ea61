"""Encoders from any sentence-transformers model: exact, general, and about a hundred times slower than static."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from riindex.algorithms.types import Floats
from riindex.encoders.base import model_not_cached, scale_to_unit
from riindex.errors import ConfigError, InputError, MissingExtra
from riindex.machine.progress import Advance

BATCH_TEXTS = 64  # the fastest of 32, 64, 128 and 256 on two cores, tried once
BATCH_PIECES = 256  # pieces distilled at a time; all of one to a few tokens
SORTED_TEXTS = 4_096  # texts sorted by length at a time: enough to pad little, few enough to hold in memory


class SentenceEncoder:
    """Encoder over a sentence-transformers model, by hub name or path.

    ``half`` computes in bfloat16: twice as fast where the processor has it (AMX), at a mean cosine of 0.99995 to the
    full precision; used for teaching, not for an index. ``fetch``: whether the model may be fetched from a hub.
    """

    def __init__(self, model_name: str, half: bool = False, fetch: bool = True) -> None:
        self.name = f"sentence:{model_name}"
        self._model = _load(model_name, fetch)
        if half and _has_bfloat16():
            self._model.bfloat16()
        self._dim = int(self._model.get_embedding_dimension() or 0)
        self._digest = _digest(self._model)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    @property
    def digest(self) -> str:
        """Hex digest of the weights, the vocabulary and the length at which texts are cut."""
        return self._digest

    def encode(self, texts: Sequence[str], progress: Advance | None = None) -> Floats:
        """Return unit vectors, encoding texts of similar length together; an empty text gives zeros."""
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        filled = [row for row, text in enumerate(texts) if text.strip()]
        if progress and len(filled) < len(texts):
            progress(len(texts) - len(filled))
        for start in range(0, len(filled), SORTED_TEXTS):
            rows = sorted(filled[start : start + SORTED_TEXTS], key=lambda row: (len(texts[row]), row))
            for first in range(0, len(rows), BATCH_TEXTS):
                batch = rows[first : first + BATCH_TEXTS]
                output = self._model.encode(
                    [texts[row] for row in batch],
                    batch_size=BATCH_TEXTS,
                    convert_to_tensor=True,
                    show_progress_bar=False,
                )
                vectors[batch] = output.float().cpu().numpy()
                if progress:
                    progress(len(batch))
        return scale_to_unit(vectors)

    def pieces(self) -> list[str]:
        """Return the vocabulary's pieces in the order of their ids, continuations marked with ``##``."""
        ids: dict[str, int] = self._model.tokenizer.get_vocab()
        return sorted(ids, key=lambda piece: ids[piece])

    def tokenizer(self) -> Any:
        """Return a copy of the model's own tokenizer, as a ``tokenizers.Tokenizer``."""
        from tokenizers import Tokenizer

        return Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())

    def encode_pieces(self, pieces: Sequence[str], progress: Advance | None = None) -> Floats:
        """Encode each piece alone between its special tokens, as model2vec distils it."""
        import torch

        tokenizer = self._model.tokenizer
        known = tokenizer.get_vocab()
        vectors = np.zeros((len(pieces), self._dim), dtype=np.float32)
        for first in range(0, len(pieces), BATCH_PIECES):
            batch = pieces[first : first + BATCH_PIECES]
            ids = [
                [known[piece]] if piece in known else tokenizer.encode(piece, add_special_tokens=False)
                for piece in batch
            ]
            features = tokenizer.pad(
                {"input_ids": [[tokenizer.cls_token_id, *piece, tokenizer.sep_token_id] for piece in ids]},
                return_tensors="pt",
            )
            with torch.inference_mode():
                output = self._model({name: value.to(self._model.device) for name, value in features.items()})
            vectors[first : first + len(batch)] = output["sentence_embedding"].float().cpu().numpy()
            if progress:
                progress(len(batch))
        return scale_to_unit(vectors)


def _has_bfloat16() -> bool:
    """Check that this processor multiplies in bfloat16 faster than in float32."""
    import torch

    return bool(torch.cuda.is_available() or torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _load(model_name: str, fetch: bool) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtra("sentence-transformers", "sentence") from error
    folder = Path(model_name)
    if folder.exists() and not (folder / "config.json").exists():
        raise InputError(
            f"{model_name} is not a folder of a sentence-transformers model", "name the folder with config.json"
        )
    from safetensors import SafetensorError

    try:
        return SentenceTransformer(model_name, local_files_only=not fetch)
    # No such model, no network, files of another kind, weights that do not fit or are cut short.
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        if not fetch and not folder.exists():
            raise model_not_cached(model_name) from error
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ConfigError(
            f"the model {model_name!r} cannot be loaded: {reason}",
            "give a folder that holds it, or check the hub name and the network",
        ) from error


def _digest(model: Any) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().float().contiguous().numpy().data)
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    vocabulary = sorted(model.tokenizer.get_vocab().items()) if backend is None else backend.to_str()
    digest.update(f"{model.max_seq_length}\n{vocabulary}".encode())
    return digest.hexdigest()
