from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riindex.algorithms.quantise import quantise_rows, restore_rows
from riindex.algorithms.segment_sums import segment_sums
from riindex.encoders.base import scale_to_unit
from riindex.encoders.tokens import TokenReader
from riindex.encoders.training.clean import identity_keys
from riindex.encoders.training.corpus import excluded_keys, load_corpus
from riindex.encoders.training.fit import Schedule, continued_table, shrink_rare_tokens
from riindex.encoders.training.tokenizer import PADDING, UNKNOWN, make_tokenizer
from riindex.encoders.training.train import TrainingRecipe, train_encoder
from riindex.errors import ConfigError, InputError

LABELLED = (
    "airline_14640.csv",
    "agnews_8000.tsv",
    "stackoverflow_20000.tsv",
    "banking77_train.csv",
    "clinc150_train.tsv",
)


class Silent:
    def step(self, name, total, unit):
        return lambda count: None


@pytest.fixture
def recipe(tmp_path: Path, posts: list[str], tiny_teacher) -> TrainingRecipe:
    corpus = tmp_path / "posts.txt"
    corpus.write_text("\n".join(dict.fromkeys(posts)))
    return TrainingRecipe(
        sources=((corpus, 5_000),),
        teacher="sentence:tiny",
        out=tmp_path / "model",
        dim=16,
        pieces=400,
        schedule=Schedule(epochs=3, batch=128),
        command="ri encoder train posts.txt",
    )


@pytest.mark.slow
def test_trained_twice_with_a_seed_the_digests_are_equal(recipe, tmp_path):
    pytest.importorskip("torch")
    first = train_encoder(recipe, Silent())
    second = train_encoder(replace(recipe, out=tmp_path / "again"), Silent())
    other = train_encoder(replace(recipe, out=tmp_path / "other", schedule=Schedule(seed=1, epochs=3)), Silent())
    assert first.digest == second.digest != other.digest


@pytest.mark.slow
def test_interrupted_and_resumed_the_digests_are_equal(recipe, tmp_path, tiny_teacher):
    pytest.importorskip("torch")
    whole = train_encoder(recipe, Silent())
    again = replace(recipe, out=tmp_path / "resumed")
    tiny_teacher.calls, tiny_teacher.fail_at = 0, 2
    with pytest.raises(KeyboardInterrupt):
        train_encoder(again, Silent())
    assert len(list((again.out / ".teacher").glob("*.npy"))) == 1
    tiny_teacher.fail_at = None
    assert train_encoder(again, Silent()).digest == whole.digest


def test_the_card_names_teacher_corpus_command_and_beats_plain_distillation(recipe):
    pytest.importorskip("torch")
    train_encoder(recipe, Silent())
    card = (recipe.out / "README.md").read_text()
    for said in ("sentence:tiny".partition(":")[2], "posts.txt", recipe.command, "SHA-256"):
        assert said in card
    trained, plain = next(line.split("|")[2:4] for line in card.splitlines() if "mean cosine to the teacher" in line)
    assert float(trained) > float(plain)


def test_what_a_model_goes_on_from_it_knows_before_the_fit(static, posts):
    """Whatever the teacher's space and the pieces: here a turned half of its own space, and other pieces."""
    texts = [text for text in dict.fromkeys(posts) if len(text.split()) > 3][:1_500]
    pieces = [*(chr(code) for code in range(ord("a"), ord("z") + 1)), "shipment", "zzyzxqq", "##zzyzxqq"]
    pieces = [PADDING, UNKNOWN, *dict.fromkeys([*pieces, *static.vocabulary()[0][2:]])]
    axes = np.linalg.qr(np.random.default_rng(1).normal(size=(static.dim, 128)))[0].astype(np.float32)
    targets = scale_to_unit(static.encode(texts) @ axes)
    otherwise = np.full((len(pieces), 128), 7, np.float32)
    table = continued_table(static, texts, targets, pieces, otherwise)
    ids, lengths = TokenReader(make_tokenizer(pieces)).read(texts)
    said = scale_to_unit(segment_sums(table, ids, lengths))
    assert float((said * targets).sum(axis=1).mean()) > 0.95
    np.testing.assert_array_equal(table[pieces.index("##zzyzxqq")], otherwise[0])
    assert table[pieces.index("shipment")].any()


def test_a_start_that_is_no_static_model_is_refused(recipe):
    for start in ("nothing", "sentence:tiny", "column:x"):
        with pytest.raises(ConfigError, match="not a model to start from"):
            train_encoder(replace(recipe, start=start), Silent())


def test_too_few_texts_are_refused(recipe, tmp_path):
    few = tmp_path / "few.txt"
    few.write_text("one text here\n")
    with pytest.raises(InputError, match="too few"):
        train_encoder(replace(recipe, sources=((few, 10),)), Silent())


def test_no_text_of_an_excluded_file_is_learned_from(tmp_path, posts):
    corpus, test_set = tmp_path / "corpus.txt", tmp_path / "test.csv"
    corpus.write_text("\n".join(posts))
    hidden = [text for text in dict.fromkeys(posts) if '"' not in text][:50]
    test_set.write_text("text,label\n" + "\n".join(f'"{text.upper()}!",x' for text in hidden))
    keys = excluded_keys([test_set])
    kept = load_corpus(corpus, 10_000, keys)
    assert kept.excluded >= 50
    assert not any(identity_keys(text) & keys for text in kept.texts)
    assert not set(hidden) & set(kept.texts)


@pytest.mark.slow
@pytest.mark.real_data
def test_training_leaves_out_every_text_of_the_test_sets(real_data):
    files = [*(real_data / "labelled" / name for name in LABELLED), real_data / "tweets" / "hinglish_15k.tsv"]
    keys = excluded_keys(files)
    kept = load_corpus(real_data / "labelled" / "banking77_train.csv", 20_000, frozenset())
    assert all(identity_keys(text) & keys for text in kept.texts)
    with pytest.raises(InputError, match="no text"):
        load_corpus(real_data / "labelled" / "banking77_train.csv", 20_000, keys)


def test_the_bundled_card_names_the_test_sets_left_out(static):
    card = (static.folder / "README.md").read_text()
    for name in (*LABELLED, "hinglish_15k.tsv"):
        assert name in card


def test_the_order_of_a_corpus_is_its_own_and_a_raised_limit_keeps_the_first(tmp_path, posts):
    one, other = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text("\n".join(posts))
    other.write_text("\n".join(reversed(posts)))
    few, many = load_corpus(one, 100).texts, load_corpus(other, 200).texts
    assert many[:100] == few


def test_rare_tokens_keep_what_they_were_and_move_with_the_rest():
    draw = np.random.default_rng(0)
    start = draw.normal(size=(300, 8)).astype(np.float32)
    turn, _ = np.linalg.qr(draw.normal(size=(8, 8)))
    fitted = (start @ turn).astype(np.float32)
    counts = np.full(300, 1_000)
    counts[0], fitted[0] = 0, 99.0
    general = shrink_rare_tokens(start, fitted, counts)
    np.testing.assert_allclose(general[0], start[0] @ turn, atol=0.05)
    np.testing.assert_allclose(general[1:], fitted[1:], atol=0.1)


def test_eight_bits_lose_half_a_step_at_most():
    table = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    table[3] = 0
    integers, scales = quantise_rows(table)
    assert np.all(np.abs(restore_rows(integers, scales) - table) <= 0.51 * scales[:, None])


def test_segment_sums_add_each_run_of_rows():
    table = np.arange(12, dtype=np.float32).reshape(6, 2)
    rows, lengths = np.array([5, 0, 1, 1], dtype=np.int32), np.array([1, 0, 3], dtype=np.int32)
    expected = [table[5], [0, 0], table[0] + table[1] + table[1]]
    np.testing.assert_array_equal(segment_sums(table, rows, lengths), expected)
