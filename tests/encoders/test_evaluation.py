from __future__ import annotations

import numpy as np
import pytest

from riindex.encoders.base import scale_to_unit
from riindex.encoders.training.evaluate import (
    clustering_accuracy,
    load_labelled,
    neighbour_agreement,
    neighbour_overlap,
    score_vectors,
)
from riindex.errors import InputError


def test_planted_groups_are_found_and_noise_is_not():
    draw = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 60)
    planted = scale_to_unit((np.eye(8)[labels] + 0.05 * draw.normal(size=(240, 8))).astype(np.float32))
    noise = scale_to_unit(draw.normal(size=(240, 8)).astype(np.float32))
    good, bad = (score_vectors(vectors, labels, range(2), 2) for vectors in (planted, noise))
    assert (good.accuracy, good.nmi, good.neighbour) == pytest.approx((1, 1, 1))
    assert bad.nmi < 0.2
    assert score_vectors(planted, labels, range(2), 2) == good


def test_accuracy_does_not_depend_on_the_names_of_groups():
    truth = np.array([0, 0, 1, 1, 2, 2])
    assert clustering_accuracy(truth, np.array([2, 2, 0, 0, 1, 0])) == pytest.approx(5 / 6)


def test_neighbours():
    vectors = scale_to_unit(np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], dtype=np.float32))
    assert neighbour_agreement(vectors, np.array([0, 0, 1, 1])) == 1
    assert neighbour_agreement(vectors, np.array([0, 1, 0, 1])) == 0
    assert neighbour_overlap(vectors, vectors, k=2) == 1


@pytest.mark.parametrize(
    ("name", "content", "spec"),
    [
        ("a.csv", 'text,label\n"hello, you",x\nbye,y\nempty,\n', ""),
        ("a.tsv", "x\thello, you\ny\tbye now\n", ""),
        ("a.csv", 'id,mood,text\n1,x,"hello, you"\n2,y,bye\n3,,none\n', ":mood"),
        ("a.jsonl", '{"text":"hello, you","label":"x"}\n{"text":"bye","label":"y"}\n', ""),
    ],
)
def test_any_labelled_file_is_read(tmp_path, name, content, spec):
    file = tmp_path / name
    file.write_text(content)
    labelled = load_labelled(f"{file}{spec}")
    assert labelled.texts[0] == "hello, you"
    assert labelled.labels.tolist() == [0, 1]


def test_a_file_that_cannot_be_used_says_why(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("text,label\nhello,x\nbye,x\n")
    with pytest.raises(InputError, match="1 labels"):
        load_labelled(str(file))
    with pytest.raises(InputError, match="no column"):
        load_labelled(f"{file}:other")
    with pytest.raises(InputError, match="does not exist"):
        load_labelled(str(tmp_path / "missing.csv"))
