"""What the teacher says about every text of the corpus, kept on disk block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from riindex.encoders.base import Encoder, Progress, Vectors

BLOCK = 2_048  # texts embedded and kept together; at 270 texts/s an interruption loses eight seconds


def teach(teacher: Encoder, texts: Sequence[str], cache: Path, progress: Progress | None = None) -> Vectors:
    """The teacher's vectors of ``texts``: float32, rounded to half precision as they are on disk.

    Each block is its own unit of work, so a run that was interrupted and goes on gives the bytes of one that
    was not. ``cache`` holds one file a block, named by the teacher and the texts.
    """
    cache.mkdir(parents=True, exist_ok=True)
    vectors = np.empty((len(texts), teacher.dim), dtype=np.float32)
    for start, block in _blocks(texts):
        kept = cache / f"{_key(teacher.digest, block)}.npy"
        if not kept.exists():
            fresh = teacher.encode(block).astype(np.float16)
            partial = kept.with_suffix(".partial")
            with partial.open("wb") as file:
                np.save(file, fresh)
            partial.replace(kept)
        vectors[start : start + len(block)] = np.load(kept)
        if progress:
            progress(len(block))
    return vectors


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    return ((start, texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK))


def _key(teacher_digest: str, block: Sequence[str]) -> str:
    digest = hashlib.blake2b(teacher_digest.encode(), digest_size=16)
    for text in block:
        digest.update(b"\0" + text.encode(errors="surrogatepass"))
    return digest.hexdigest()
