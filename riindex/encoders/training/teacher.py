"""The teacher's vector of every text of the corpus, kept on disk block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from riindex.algorithms.types import Floats
from riindex.machine.progress import Advance

BLOCK_TEXTS = 2_048  # texts embedded and kept together; at 270 texts/s an interruption loses eight seconds


def encode_with_cache(
    encode: Callable[[Sequence[str]], Floats],
    key: str,
    texts: Sequence[str],
    cache: Path,
    progress: Advance | None = None,
) -> Floats:
    """Encode ``texts`` by ``encode``: float32, rounded to half precision as they are on disk.

    Each block is its own unit of work, so a run that was interrupted and goes on gives the bytes of one that was not.
    ``cache`` holds one file a block, named by ``key`` (the teacher's digest) and the texts.
    """
    cache.mkdir(parents=True, exist_ok=True)
    parts: list[Floats] = []
    for block in _blocks(texts):
        kept = cache / f"{_key(key, block)}.npy"
        if not kept.exists():
            fresh = encode(block).astype(np.float16)
            partial = kept.with_suffix(".partial")
            with partial.open("wb") as file:
                np.save(file, fresh)
            partial.replace(kept)
        parts.append(np.load(kept).astype(np.float32))
        if progress:
            progress(len(block))
    return np.concatenate(parts)


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + BLOCK_TEXTS] for start in range(0, len(texts), BLOCK_TEXTS))


def _key(key: str, block: Sequence[str]) -> str:
    digest = hashlib.blake2b(key.encode(), digest_size=16)
    for text in block:
        digest.update(b"\0" + text.encode(errors="surrogatepass"))
    return digest.hexdigest()
