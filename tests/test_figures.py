"""The algorithms give the figures that they gave when they were last judged to be right."""

import json

import pytest
from corpora import blobs
from figures import GOLDEN, differences, figures
from sklearn.manifold import TSNE

from riindex.algorithms.reduction import PERPLEXITY, tsne

WANTED = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found():
    return figures()


@pytest.mark.parametrize("name", WANTED)
def test_a_figure_is_what_it_was(name, found):
    told = differences(WANTED[name], found[name], name)
    assert not told, "if the change is meant: python tests/figures.py --write, and the changelog"


def test_every_figure_is_compared(found):
    assert found.keys() == WANTED.keys()


@pytest.mark.parametrize("count", [4, 12, 100])
def test_the_perplexity_of_few_rows_is_a_third_of_them(count):
    rows = blobs(4, 25)[0][:count]
    wanted = TSNE(2, perplexity=min(PERPLEXITY, (count - 1) / 3), random_state=3).fit_transform(rows)
    assert tsne(rows, 3) == pytest.approx(wanted)
