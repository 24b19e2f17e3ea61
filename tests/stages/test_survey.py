"""One pass over a file shows its hash, size, lines, and what is wrong with its characters."""

import codecs
import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riindex import sources
from riindex.pipeline.run import build
from riindex.sources import survey as module
from riindex.sources.survey import HEAD_BYTES, survey_file

ANY_TEXT = st.text(max_size=2_000).map(lambda text: text.encode("utf-8", "surrogatepass"))
CONTENT = st.one_of(st.binary(max_size=4_000), ANY_TEXT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("survey")


def valid(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(CONTENT, st.booleans())
def test_it_says_what_the_bytes_say(folder, data, packed):
    path = folder / "file"
    held = gzip.compress(data) if packed else data
    path.write_bytes(held)
    seen = survey_file(path, packed)
    assert seen.digest == hashlib.blake2b(held, digest_size=16).hexdigest()
    assert (seen.size, seen.lines, seen.head) == (len(data), data.count(b"\n"), data[:HEAD_BYTES])
    assert bool(seen.invalid) is not valid(data)
    assert seen.invalid in data
    assert seen.error is None


@pytest.mark.parametrize("size", [10, 1 << 22, (1 << 22) + 1])
@pytest.mark.parametrize("broken", [b"\xff", b"\xed\xa0\xbd", b"\xe2\x82"])
def test_what_is_invalid_is_found_wherever_it_stands(folder, size, broken):
    path = folder / f"{size}{broken.hex()}"
    path.write_bytes(b"a" * size + broken)
    found = survey_file(path, packed=False).invalid
    assert broken in found
    path.write_bytes(b"a" * (size - 1) + "€".encode())  # a character across two blocks is none
    assert survey_file(path, packed=False).invalid == b""


@pytest.mark.parametrize(("text", "unpaired"), [
    (r'{"text": "\ud83d\ude00"}', False), (r'{"text": "\ud83d"}', True), (r'{"text": "\ude00"}', True),
    (r'{"text": "plain"}', False),
])  # fmt: skip
def test_half_a_pair_of_escapes_is_found(folder, text, unpaired):
    path = folder / "rows.jsonl"
    for before in (0, module.BLOCK_BYTES - 15):
        path.write_bytes(b" " * before + text.encode())
        assert survey_file(path, packed=False).unpaired is unpaired


def test_a_damaged_packed_file_still_has_a_hash(folder):
    path = folder / "rows.csv.gz"
    data = bytearray(gzip.compress(b"id,text\n1,some words of a post\n" * 200))
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    seen = survey_file(path, packed=True)
    assert seen.error is not None
    assert seen.digest == hashlib.blake2b(bytes(data), digest_size=16).hexdigest()


def test_a_file_is_passed_over_once(folder):
    path = folder / "posts.csv"
    path.write_text("tweet_id,text\n" + "".join(f"{i},some words number {i} of a post\n" for i in range(500)))
    module._survey.cache_clear()
    settings = {"layout.method": "pca", "evaluate.refits": 1, "fit.restarts": 2, "fit.personas": 2,
                "denoise.template_repeats": 9_999}  # fmt: skip
    build(path, folder / "posts.duckdb", settings=settings)
    assert module._survey.cache_info().misses == 1
    assert sources.digest(sources.resolve([path])) != ""
    path.write_text(path.read_text() + "501,another post of some words\n")
    survey_file(path, packed=False)
    assert module._survey.cache_info().misses == 2


def test_a_byte_order_mark_is_part_of_the_head(folder):
    path = folder / "marked.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"text\n")
    assert survey_file(path, packed=False).head.startswith(codecs.BOM_UTF8)
