from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from riindex.encoders import load
from riindex.encoders.static import BATCH_TEXTS, BUNDLED_FOLDER, StaticEncoder
from riindex.errors import ConfigError, InputError


def test_vectors_are_unit_float32_and_an_empty_text_is_zeros(static):
    vectors = static.encode(["a cup of tea", "", "   ", "https://t.co/abc @you"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, static.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0, 0], abs=1e-6)


def test_no_text_gives_no_row(static):
    assert static.encode([]).shape == (0, static.dim)


def test_a_text_is_the_scaled_sum_of_its_token_vectors(static, posts):
    for text in posts[:200]:
        total = static.token_vectors(text).sum(axis=0)
        assert len(static.tokens(text)) == len(static.token_vectors(text))
        np.testing.assert_allclose(total / np.linalg.norm(total), static.encode([text])[0], atol=1e-5)


def test_the_vocabulary_holds_all_that_encoding_needs(static):
    pieces, vectors = static.vocabulary()
    row = {piece: at for at, piece in enumerate(pieces)}
    text = "the flight was late"
    np.testing.assert_array_equal(static.token_vectors(text), vectors[[row[t] for t in static.tokens(text)]])


def test_one_thread_two_threads_any_company_and_any_order_give_the_same_bytes(posts):
    one, two = StaticEncoder(threads=1), StaticEncoder(threads=2)
    together = one.encode(posts)
    assert len(posts) > 2 * BATCH_TEXTS
    assert np.array_equal(together, two.encode(posts))
    assert np.array_equal(together[::-1], two.encode(posts[::-1]))
    assert np.array_equal(together[17], two.encode([posts[17]])[0])


def test_what_is_remembered_is_bounded_and_changes_nothing(posts, monkeypatch, static):
    monkeypatch.setattr("riindex.encoders.tokens.MAX_CACHED_CHUNKS", 50)
    small = StaticEncoder(threads=1)
    assert np.array_equal(small.encode(posts), static.encode(posts))


def test_model2vec_opens_it_and_gives_the_same_vectors(static, posts):
    model2vec = pytest.importorskip("model2vec")
    model = model2vec.StaticModel.from_pretrained(BUNDLED_FOLDER)
    texts = [*posts[:300], "", "été 中文 हिन्दी", "soooo GOOD @you a@b.com &lt; #FreeShippingNow 😂😂 $AAPL"]
    np.testing.assert_allclose(model.encode(texts), static.encode(texts), atol=1e-5)


def test_progress_counts_every_text(static, posts):
    counted = []
    static.encode(posts, counted.append)
    assert sum(counted) == len(posts)


def test_it_needs_neither_torch_nor_model2vec():
    code = (
        "import sys; from riindex.encoders import load; load('static').encode(['hello']);"
        "print([m for m in ('torch','model2vec','polars','sklearn','transformers','duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_fits_the_wheel():
    assert sum(file.stat().st_size for file in BUNDLED_FOLDER.iterdir()) <= 9_000_000


def test_the_digest_is_that_of_the_files(static, tmp_path):
    for file in BUNDLED_FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert StaticEncoder(tmp_path).digest == static.digest
    weights = bytearray((tmp_path / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    assert StaticEncoder(tmp_path).digest != static.digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#FreeShipping now", "# free shipping now"),
        ("so gooooood", "so good"),
        ("LOVE it", "love it"),
        ("thanks @SpotifyCares", "thanks"),
        ("look https://t.co/abc", "look"),
        ("AT&amp;T", "at t"),
        ("love😂it", "love 😂 it"),
    ],
)
def test_posts_are_treated_on_purpose(static, one, other):
    np.testing.assert_allclose(static.encode([one]), static.encode([other]), atol=1e-6)


def test_load_names_what_is_wrong(tmp_path):
    for name in ("nothing", "static:x", "model2vec:", "column:v", str(tmp_path)):
        with pytest.raises(ConfigError):
            load(name)
    with pytest.raises(InputError):
        load(f"model2vec:{tmp_path}")


def test_a_model_of_model2vec_is_opened_by_its_folder(static):
    other = load(f"model2vec:{BUNDLED_FOLDER}")
    assert other.name == f"model2vec:{BUNDLED_FOLDER}"
    assert other.digest == static.digest
