"""Zero-shot labels: planted truth, held-out texts, dimensions of one's own, both engines."""

import csv
import json

import numpy as np
import pytest
from corpora import REAL, ask, blocks, collection, start, through

from riindex.algorithms.parallel import Workers
from riindex.config.sections import ClassifyConfig
from riindex.errors import ConfigError
from riindex.labels.dimensions import UNSURE, choose_dimensions, held_out_texts, published_dimensions, read_file
from riindex.labels.zero_shot import classify_texts
from riindex.sources.descriptions import read_blocks

DEFAULT = ClassifyConfig()


def labels(texts, names, config=DEFAULT, file=""):
    return {found.dimension.name: found for found in classify_texts(texts, choose_dimensions(names, file), config)}


def test_the_published_labels_are_there():
    assert {name: len(dimension.labels) for name, dimension in published_dimensions().items()} == {
        "seniority": 7, "industry": 15, "expertise": 8, "priorities": 8, "challenges": 8}  # fmt: skip
    assert "hardware/IoT" in published_dimensions()["industry"].labels


def test_planted_levels_and_fields_are_found():
    rows = collection(36)
    found = labels([text for text, _, _ in rows], "seniority,industry")
    assert np.mean([a == b for a, (_, b, _) in zip(found["seniority"].labels, rows, strict=True)]) >= 0.9
    assert np.mean([a == b for a, (_, _, b) in zip(found["industry"].labels, rows, strict=True)]) >= 0.9


def test_every_score_is_kept_and_confidences_are_probabilities():
    found = labels([text for text, _, _ in collection(9)], "industry")["industry"]
    assert found.scores.shape == found.probabilities.shape == (9, 15)
    assert (found.probabilities.sum(axis=1) <= 1 + 1e-9).all()
    assert (found.confidence == found.probabilities.max(axis=1)).all()


@pytest.mark.parametrize("text", ["", "...", "zzzzqqq", "The sea is blue and the sand is warm today."])
def test_what_says_nothing_of_it_is_unsure(text):
    assert labels([text], "seniority")["seniority"].labels == [UNSURE]


def test_a_higher_threshold_labels_fewer():
    texts = [row["text"] for row in held_out_texts()]
    counts = [
        labels(texts, "industry", ClassifyConfig(threshold=t))["industry"].accepted.sum() for t in (0, 0.5, 0.9, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_the_held_out_texts_name_labels_that_exist():
    for row in held_out_texts():
        assert all(row[name] in published_dimensions()[name].labels for name in row if name != "text")
    assert len({row["text"] for row in held_out_texts()}) == len(held_out_texts()) >= 40


@pytest.mark.parametrize("dimension", ["seniority", "industry"])
def test_confidence_is_calibrated_on_the_held_out_texts(dimension):
    found = labels([row["text"] for row in held_out_texts()], dimension)[dimension]
    names = list(found.dimension.labels)
    hit = [names[best] == row.get(dimension) for best, row in zip(found.best, held_out_texts(), strict=True)]
    assert found.confidence.mean() == pytest.approx(np.mean(hit), abs=0.1)


def test_the_same_texts_have_the_same_labels_on_one_thread_or_two():
    texts = [text for text, _, _ in collection(150)]
    one, two = (
        classify_texts(texts, choose_dimensions("industry", ""), DEFAULT, Workers(threads))[0] for threads in (1, 2)
    )
    assert (one.scores == two.scores).all()


# -- dimensions of one's own ---------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[diet]\nasks = "This person eats {}."\n[diet.labels]\nmeat = ["meat and sausages", "steak"]\n'
        'plants = ["vegetables and beans", "vegan food"]\n[pet]\nlabels = ["dog", "cat"]\n',
        encoding="utf-8",
    )
    return path


def test_dimensions_of_ones_own_label_texts(own):
    texts = ["I grill steak and sausages every day", "Vegan food, beans and vegetables for me", "My dog barks at night"]
    found = labels(texts, "", file=str(own))
    assert list(found) == ["diet", "pet"]
    assert found["diet"].labels[:2] == ["meat", "plants"]
    assert found["pet"].labels == [UNSURE, UNSURE, "dog"]
    assert list(labels(texts, "pet,seniority", file=str(own))) == ["pet", "seniority"]


@pytest.mark.parametrize("content", [
    "", "x = 1", "[a]\nlabels = ['one']", "[a]\nlabels = 3", "[a.labels]\nb = 3\nc = ['d']", "not toml",
    "[a]\nasks = 'no place'\nlabels = ['b', 'c']", "[a]\nlabels = ['unsure', 'c']", "[a.labels]\nb = []\nc = ['d']",
])  # fmt: skip
def test_a_file_of_another_shape_is_an_error_with_a_hint(tmp_path, content):
    (tmp_path / "a.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        read_file(tmp_path / "a.toml")
    assert problem.value.hint


def test_an_unknown_dimension_or_file_is_an_error():
    with pytest.raises(ConfigError, match="no dimension 'shoe size'"):
        choose_dimensions("shoe size", "")
    with pytest.raises(ConfigError, match="no file"):
        choose_dimensions("", "missing.toml")


# -- in an index ---------------------------------------------------------------------------------------------------


def test_the_stage_writes_a_row_a_document_and_dimension(tmp_path):
    rows = collection(12)
    (tmp_path / "a.txt").write_text(blocks([text for text, _, _ in rows]), encoding="utf-8")
    run = start(tmp_path, tmp_path / "a.txt", {"classify.dimensions": "industry, seniority"}, preset="descriptions")
    store = through(run, "ingest", "embed", "denoise", "classify")
    assert ask(store, "select dimension, count(*) from labels group by all order by min(rowid)") == [
        ("industry", 12), ("seniority", 12)]  # fmt: skip
    assert ask(store, "select count(*) from label_scores") == [(12 * (15 + 7),)]
    wrong = ask(store, "select count(*) from labels as l where label not in (best_label, 'unsure') or confidence <> "
                "(select max(probability) from label_scores as s where s.doc_id = l.doc_id and s.dimension = "
                "l.dimension)")  # fmt: skip
    assert wrong == [(0,)]


def test_without_dimensions_the_tables_are_there_and_empty(tmp_path):
    (tmp_path / "a.txt").write_text(blocks(["You cook."]), encoding="utf-8")
    run = start(tmp_path, tmp_path / "a.txt", preset="descriptions")
    store = through(run, "ingest", "embed", "denoise", "classify")
    assert ask(store, "select (select count(*) from labels), (select count(*) from label_scores)") == [(0, 0)]


# -- real descriptions ---------------------------------------------------------------------------------------------


@pytest.mark.real_data
def test_accuracy_on_descriptions_that_were_labelled_by_reading():
    folder = REAL / "descriptions"
    texts = read_blocks((folder / "uxr_personas_103.txt").read_text(encoding="utf-8"), "uxr").texts
    with (folder / "uxr_labels_103.csv").open(encoding="utf-8") as lines:
        truth = list(csv.DictReader(lines))
    found = labels(texts, "seniority,industry")
    for dimension, least in (("seniority", 0.90), ("industry", 0.75)):
        said = ["none" if label == UNSURE else label for label in found[dimension].labels]
        accuracy = np.mean([a == row[dimension] for a, row in zip(said, truth, strict=True)])
        assert accuracy >= least, f"{dimension} {accuracy:.3f}"


# -- nli -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_nli(tmp_path_factory):
    """A BERT of two layers, as large as a fingernail, that knows three classes and no language."""
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    import torch

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("nli")
    words = sorted({word for row in held_out_texts() for word in row["text"].lower().split()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16,
        num_labels=3, id2label={0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"},
        label2id={"ENTAILMENT": 0, "NEUTRAL": 1, "CONTRADICTION": 2},
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_the_nli_engine_scores_every_label_in_batches(tiny_nli, monkeypatch):
    from riindex.labels import nli

    texts = ["a nurse", "a much longer text about a nurse in a hospital " * 5, "a sailor"]
    dimension = published_dimensions()["seniority"]
    scores = nli.Entailment(str(tiny_nli)).scores(texts, dimension)
    assert scores.shape == (3, 7)
    monkeypatch.setattr(nli, "BATCH_PAIRS", 2)
    assert nli.Entailment(str(tiny_nli)).scores(texts, dimension) == pytest.approx(scores, abs=1e-4)
    found = classify_texts(texts, [dimension], ClassifyConfig(engine="nli", model=str(tiny_nli)))[0]
    assert found.scores == pytest.approx(scores, abs=1e-4)
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()


@pytest.mark.slow
def test_a_model_that_knows_no_entailment_is_an_error(tiny_nli, tmp_path):
    from riindex.labels.nli import Entailment

    for file in tiny_nli.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {"0": "good", "1": "bad", "2": "neither"}
    config["label2id"] = {"good": 0, "bad": 1, "neither": 2}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ConfigError, match="no label for entailment"):
        Entailment(str(tmp_path))


@pytest.mark.slow
def test_a_model_that_is_not_there_is_an_error(tmp_path):
    pytest.importorskip("transformers")
    from riindex.labels.nli import Entailment

    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="cannot be loaded"):
        Entailment(str(tmp_path / "empty"))
