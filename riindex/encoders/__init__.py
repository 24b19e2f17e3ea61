"""Encoders by name: only the module of the chosen one is imported."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from riindex.encoders.base import Encoder
from riindex.errors import ConfigError

__all__ = ["Encoder", "load"]

ENCODER_NAMES = "static, model2vec:NAME|PATH, sentence:NAME|PATH, column:NAME"


@cache
def _bundled(threads: int) -> Encoder:
    """Return the bundled encoder, read once a process: it never changes."""
    from riindex.encoders.static import StaticEncoder

    return StaticEncoder(threads=threads)


def load(name: str, threads: int = 2, fetch: bool = True) -> Encoder:
    """Return the encoder of a name: ``static``, ``model2vec:<path or hub name>`` or ``sentence:<path or hub name>``.

    ``fetch``: whether a model that is not on this machine may be fetched from a hub; never on the word of an index,
    which may be a stranger's. Raises ConfigError for a name of no known kind or a model that cannot be loaded,
    InputError for a folder that holds no model, MissingExtra when sentence-transformers is not installed.
    """
    kind, _, model = name.partition(":")
    if kind == "static" and not model:
        return _bundled(threads)
    if kind == "model2vec" and model:
        from riindex.encoders.model2vec import load_model2vec

        return load_model2vec(model, threads, fetch)
    if kind == "sentence" and model:
        from riindex.encoders.sentence import SentenceEncoder

        return SentenceEncoder(model, fetch=fetch)
    if kind == "column" and model:
        raise ConfigError(
            f"{name!r} names vectors that come with the input", "build with it; there is no model to encode with"
        )
    hint = f"one of: {ENCODER_NAMES}"
    if Path(name).is_dir():
        hint = f"for a folder write model2vec:{name} or sentence:{name}"
    raise ConfigError(f"there is no encoder {name!r}", hint)
