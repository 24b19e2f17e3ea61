"""Encoders from any model2vec model, by folder or hub name."""

from __future__ import annotations

from pathlib import Path

from riindex.encoders.base import Encoder, model_not_cached
from riindex.encoders.static import StaticEncoder
from riindex.errors import ConfigError


def load_model2vec(model: str, threads: int = 2, fetch: bool = True) -> Encoder:
    """Return a StaticEncoder over the model's folder; a hub name is fetched first (and kept in the hub's cache).

    ``fetch``: whether it may be fetched from the hub; else the model must be in its cache.
    """
    folder = Path(model)
    if not folder.exists():
        folder = _fetch(model, fetch)
    return StaticEncoder(folder, name=f"model2vec:{model}", threads=threads)


def _fetch(model: str, fetch: bool) -> Path:
    from huggingface_hub import snapshot_download

    try:
        patterns = ["*.json", "*.safetensors"]
        return Path(snapshot_download(model, allow_patterns=patterns, local_files_only=not fetch))
    except (OSError, ValueError) as error:  # no network or no such model; a name that can be none
        if not fetch:
            raise model_not_cached(model) from error
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ConfigError(
            f"the model {model!r} cannot be loaded: {reason}",
            "give a folder that holds it, or check the hub name and the network",
        ) from error
