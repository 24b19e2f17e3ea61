"""Static models as model2vec reads them: int8 rows, one weight a token, its tokenizer, its card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from riindex.algorithms.quantise import quantise_rows
from riindex.algorithms.types import Floats

_MODULES = [
    {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def write_model(folder: Path, table: Floats, tokenizer: Any, teacher: str, card: str) -> None:
    """Write ``table`` (one row a token id, weights multiplied in) to ``folder``, which is made if missing."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    integers, scales = quantise_rows(table)
    save_file({"embeddings": integers, "weights": scales}, folder / "model.safetensors")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": teacher,
        "hidden_dim": table.shape[1],
        "seq_length": 1_000_000,
        "max_length": None,
        "normalize": True,
        "embedding_dtype": "int8",
    }
    _write_json(folder / "config.json", config)
    _write_json(folder / "modules.json", _MODULES)
    (folder / "README.md").write_text(card, "utf-8")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
