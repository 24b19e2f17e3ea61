"""Static models as model2vec reads them: int8 rows, one weight a token, its tokenizer, its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from riindex.algorithms.quantise import quantise_rows
from riindex.algorithms.types import Floats


def write_model(folder: Path, table: Floats, tokenizer: Any, teacher: str, card: str) -> None:
    """Write ``table`` (one row a token id, weights multiplied in) to ``folder``, which is made if missing."""
    from model2vec import StaticModel

    integers, scales = quantise_rows(table)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": teacher,
        "hidden_dim": table.shape[1],
        "seq_length": 1_000_000,
        "max_length": None,
        "normalize": True,
    }
    model = StaticModel(integers, tokenizer, config, normalize=True, weights=scales, max_length=None)
    model.save_pretrained(folder)
    (folder / "README.md").write_text(card, "utf-8")
