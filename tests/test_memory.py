"""What a build may take and needs is compared before the work; it changes no result."""

import resource
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import QUICK, SAMPLE, Listener, talk

from riindex import sources
from riindex.config.presets import preset
from riindex.errors import BuildError, ConfigError
from riindex.machine import memory
from riindex.machine.memory import Size
from riindex.pipeline.run import build
from riindex.store.database import Store

MEGA = 1_000_000


@pytest.mark.parametrize(("text", "size"), [("", 0), ("2GB", 2 * 10**9), ("800 mb", 800 * MEGA), ("1.5GiB", 3 << 29),
                                            ("4096", 4096), ("3g", 3 * 10**9)])  # fmt: skip
def test_sizes_are_read(text, size):
    assert memory.parse_size(text) == size


@pytest.mark.parametrize("text", ["much", "-1GB", "2 GB GB", "1e9", "i"])
def test_what_is_not_a_size_is_told(text):
    with pytest.raises(ConfigError, match="memory cannot be"):
        preset("tweets").with_setting("memory", text)


# Limits under which libraries abort, loop or are killed where nobody looks first.
TIGHT = [("RLIMIT_AS", 500), ("RLIMIT_AS", 1_000), ("RLIMIT_AS", 1_500), ("RLIMIT_AS", 2_500),
         ("RLIMIT_DATA", 400), ("RLIMIT_DATA", 450), ("RLIMIT_DATA", 800)]  # fmt: skip


@pytest.mark.parametrize(("kind", "allowed"), TIGHT)
def test_a_build_under_a_tight_limit_ends_at_once_with_both_lines(tmp_path, kind, allowed):
    def limited():
        resource.setrlimit(getattr(resource, kind), (allowed * MEGA, allowed * MEGA))

    done = subprocess.run(
        [sys.executable, "-m", "riindex", "build", str(SAMPLE / "tweets.parquet"), "-o", "a.duckdb"],
        cwd=tmp_path, capture_output=True, text=True, timeout=30, preexec_fn=limited, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: a build needs about")
    assert "hint: raise the limit: ulimit" in done.stderr
    assert not list(tmp_path.iterdir())


def test_few_open_files_are_told(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (20, 20) if kind == resource.RLIMIT_NOFILE else (-1, -1))
    with pytest.raises(BuildError, match="a build needs 32 open files; 20 are allowed"):
        memory.check_memory()


def test_a_container_is_a_limit(tmp_path, monkeypatch):
    for folder, most in (("", "max"), ("system", "900000000"), ("system/me", "max")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "memory.max").write_text(most + "\n")
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    monkeypatch.setattr(memory.Path, "read_text", _with_groups("0::/system/me\n", memory.Path.read_text))
    assert 900_000_000 in [limit.allowed for limit in memory.memory_limits() if limit.source == "in this container"]
    with pytest.raises(BuildError, match=r"100,000 rows needs about .* 900 MB are allowed in this container"):
        memory.check_memory(Size(100_000, 20 * MEGA))


def _with_groups(text, read):
    return lambda path, **options: text if str(path) == "/proc/self/cgroup" else read(path, **options)


def test_a_build_says_before_the_work_what_its_rows_need(tmp_path):
    pq.write_table(pa.concat_tables([talk(90)] * 3_000), tmp_path / "many.parquet")
    with pytest.raises(BuildError, match=r"270,000 rows needs about 1.5 GB; 900 MB are") as found:
        build(tmp_path / "many.parquet", tmp_path / "a.duckdb", settings={**QUICK, "memory": "900MB"})
    assert "--memory 1.5GB" in found.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["many.parquet"]


def test_rows_are_estimated_from_what_a_file_shows(tmp_path):
    text = "tweet_id,text\n" + "".join(f"{n},some words that are number {n % 10}\n" for n in range(100_000, 150_000))
    (tmp_path / "a.csv").write_text(text)
    pq.write_table(talk(), tmp_path / "a.parquet")
    found = sources.size_of(sources.resolve([tmp_path / "a.csv", tmp_path / "a.parquet", talk(30)]))
    assert found.rows == pytest.approx(50_000 + 90 + 30, rel=0.02)


def test_long_texts_need_more():
    assert Size(3_000, 300 * MEGA).needed > 3_000 * MEGA > Size(1_000_000, 280 * MEGA).needed


def test_memory_changes_no_result_and_runs_nothing_again(tmp_path):
    digests = []
    for asked in ("790MB", "4GB"):
        path = tmp_path / f"{asked}.duckdb"
        build(talk(), path, settings={**QUICK, "memory": asked})
        with Store.read(path) as store:
            digests.append(store.connection.execute("from digests order by 1").fetchall())
    assert digests[0] == digests[1]
    again = Listener()
    assert not build(talk(), tmp_path / "4GB.duckdb", settings={**QUICK, "memory": "900MB"}, report=again).changed
    assert not again.ran
