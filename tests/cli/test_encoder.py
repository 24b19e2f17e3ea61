from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from riindex.cli.encoder import encoder


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.csv"
    words = {"air": ["flight", "gate", "airport"], "music": ["song", "album", "guitar"]}
    rows = [f"{a} {b} {c},{label}" for label, w in words.items() for a in w for b in w for c in w]
    file.write_text("text,label\n" + "\n".join(rows) + "\n")
    return file


@pytest.mark.parametrize("command", ["train", "eval"])
def test_every_command_has_help(command):
    done = CliRunner().invoke(encoder, [command, "--help"])
    assert done.exit_code == 0
    assert "ri encoder" in done.stdout


def test_eval_compares_on_any_labelled_file(labelled):
    done = CliRunner().invoke(encoder, ["eval", "static", "--labelled", str(labelled), "-f", "json"])
    assert done.exit_code == 0, done.output
    row = json.loads(done.stdout)[0]
    assert row["model"] == "static"
    assert row["nmi"] > 0.9
    assert row["neighbour"] == 1
    assert row["megabytes"] < 9


def test_eval_of_an_unknown_model_fails(labelled):
    assert CliRunner().invoke(encoder, ["eval", "nothing", "--labelled", str(labelled)]).exit_code != 0


class TinyTeacher:
    dim, digest, name = 32, "tiny", "sentence:tiny"

    def encode(self, texts, progress=None):
        rows = [np.random.default_rng(sum(map(ord, text))).normal(size=self.dim) for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_pieces = encode

    def pieces(self):
        return [chr(code) for code in range(ord("a"), ord("z") + 1)]


@pytest.mark.slow
def test_train_writes_a_model_that_opens(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr("riindex.encoders.training.train._teacher", lambda recipe: TinyTeacher())
    corpus = tmp_path / "posts.txt"
    corpus.write_text("\n".join(f"post {n} about {n % 7} and {n % 11}" for n in range(4_500)))
    out = tmp_path / "mine"
    arguments = ["train", f"{corpus}:4400", "--teacher", "sentence:tiny", "--dim", "8", "--pieces", "1000"]
    done = CliRunner().invoke(encoder, [*arguments, "--epochs", "1", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == f"model2vec:{out}"
    card = (out / "README.md").read_text()
    assert "ri encoder train posts.txt:4400 --teacher sentence:tiny --start static" in card
    assert "Started from static (digest " in card
    assert str(tmp_path) not in card


def test_training_without_its_extra_says_what_to_install(tmp_path, monkeypatch, run_ri):
    for module in ("torch", "sentence_transformers"):
        monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / "posts.txt").write_text("one post\n")
    code, _, told = run_ri("encoder", "train", tmp_path / "posts.txt", "--teacher", "sentence:x", "-o", tmp_path / "m")
    assert code == 1
    assert "error: " in told
    assert "pip install" in told
