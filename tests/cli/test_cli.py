"""The command ri: every command on the sample, its formats, its errors, what goes where."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
from corpora import SAMPLE, talk

from riindex.cli import COMMANDS


class Answer:
    """What a command left: exit code, stdout, stderr."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def ri(run_ri, monkeypatch, sample_path):
    """Run a command in this process, in an empty folder, with $RI_INDEX the sample."""
    monkeypatch.setenv("RI_INDEX", str(sample_path))
    return lambda *arguments: Answer(*run_ri(*arguments))


def program(*arguments, **options):
    """Run ``python -m riindex`` in a process of its own."""
    command = [sys.executable, "-m", "riindex", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)


LISTINGS = {
    "summary": ["summary"],
    "personas": ["personas"],
    "tweets": ["tweets", "-n", "5"],
    "similar": ["similar", "refund policy", "-n", "5"],
    "similar personas": ["similar", "refund policy", "--personas"],
    "similar persona": ["similar", "0"],
    "sql": ["sql", "select persona_id, name, share from personas order by 1"],
    "tables": ["sql"],
    "redundant": ["redundant", "--each", "-n", "5"],
    "select": ["select", "-n", "5"],
}


@pytest.mark.slow
@pytest.mark.parametrize("command", LISTINGS)
def test_every_listing_in_every_text_format(ri, command):
    found = {}
    for form in ("table", "json", "jsonl", "csv"):
        answer = ri(*LISTINGS[command], "-f", form)
        assert answer.code == 0, answer.err
        assert "error" not in answer.err
        found[form] = answer.out
    records = json.loads(found["json"])
    assert [json.loads(line) for line in found["jsonl"].splitlines()] == records
    table = list(csv.reader(io.StringIO(found["csv"])))
    assert table[0] == list(records[0])
    assert len(table) == len(records) + 1
    assert found["table"].strip()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["tweets", "similar", "sql", "personas"])
def test_parquet_goes_through_a_pipe(command, sample_path, tmp_path):
    answer = program(*LISTINGS[command], "-i", sample_path, "-f", "parquet", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr.decode()
    frame = pl.read_parquet(io.BytesIO(answer.stdout))
    assert frame.height >= 5


def test_the_number_of_rows_is_what_is_asked(ri):
    for command in (["tweets"], ["similar", "late"], ["personas"], ["sql", "from tweets"]):
        assert len(json.loads(ri(*command, "-n", "3", "-f", "json").out)) == 3
    cut = ri("sql", "from tweets", "-n", "3")
    assert "first 3 rows" in cut.err
    assert "first 3 rows" not in cut.out


def test_a_persona_by_number_and_name(ri, sample):
    name = sample.get_persona(1)["name"]
    by_number, by_name = ri("persona", "1"), ri("persona", name)
    assert by_number.code == 0
    assert by_number.out == by_name.out
    assert name in by_number.out
    for part in ("Hours", "Hints", "Evidence"):
        assert part in by_number.out
    assert json.loads(ri("persona", "1", "-f", "json").out)[0] == json.loads(json.dumps(sample.get_persona(1)))


def test_similar_rows_are_those_of_the_index(ri, sample):
    found = json.loads(ri("similar", "refund", "--where", "like_count > 2", "-n", "7", "-f", "json").out)
    wanted = sample.similar("refund", where="like_count > 2", limit=7)
    assert [row["tweet_id"] for row in found] == wanted["tweet_id"].to_list()
    tweet = wanted["tweet_id"][0]
    again = json.loads(ri("similar", "--tweet", tweet, "-f", "json").out)
    assert tweet not in [row["tweet_id"] for row in again]


def test_what_makes_similar_shows_no_word_that_is_masked(ri, sample, sample_path, tmp_path):
    index = tmp_path / "index.duckdb"
    shutil.copyfile(sample_path, index)
    tweet = sample.similar("late parcel", limit=1)["tweet_id"][0]
    with duckdb.connect(str(index)) as own:
        own.execute("update documents set text = text || ' mail canary@secret.org' where tweet_id = $t", {"t": tweet})
    for form in ("table", "json"):
        hidden = ri("similar", "late parcel", "--why", "-n", "1", "-f", form, "-i", index)
        assert "canary" not in hidden.out
        assert "parcel" in hidden.out
        assert "canary" in ri("similar", "late parcel", "--why", "-n", "1", "-f", "json", "-i", index, "--raw").out


def test_a_condition_gets_no_more_memory_than_a_question(sample_path):
    command = [sys.executable, "-m", "riindex", "similar", "late parcel", "-i", str(sample_path), "--where",
               "length(repeat('x', 3000000000)) > 1"]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 1
    assert "error: " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_misspelt_command_is_told_with_the_one_that_it_may_be(ri):
    answer = ri("bulid", "tweets.parquet")
    assert answer.code == 2
    assert "Did you mean 'build'?" in answer.err
    assert "Did you mean" not in ri("xyzzy").err


def test_answers_of_types_that_python_lacks_are_shown(ri, sample_path):
    assert "+00" in ri("sql", "select timestamptz '2025-01-01 00:00:00+00' as a, 1 as b").out
    huge = str(2**127 - 1)
    code = [sys.executable, "-m", "riindex", "sql", f"select {huge}::hugeint as h", "-f", "parquet", "-i", sample_path]
    answer = subprocess.run(code, capture_output=True, check=True)
    assert pl.read_parquet(io.BytesIO(answer.stdout)).rows() == [(huge,)]


def test_no_module_of_the_folder_is_imported(sample_path, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    ri = Path(sys.executable).with_name("ri")
    for arguments in (["tweets", "--where", "true", "-n", "1"], ["sql", "select 1"]):
        answer = subprocess.run(
            [ri, *arguments, "-i", sample_path], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (answer.returncode, "imported" in answer.stderr) == (0, False), arguments


@pytest.mark.parametrize("width", [60, 90, 140, 200])
def test_long_texts_of_a_listing_are_shown_whole(width, ri, sample, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    texts = sample.tweets(2, "length(text) > 120", 5)["text"].to_list()
    told = ri("tweets", "--raw", "--persona", "2", "--where", "length(text) > 120", "-n", "5").out
    assert len(texts) == 5
    assert all("".join(text.split()) in "".join(told.split()) for text in texts)
    assert max(map(len, told.splitlines())) <= width


def test_a_bare_number_is_a_persona_and_said_so(ri, sample):
    answer = ri("similar", "0", "--by", "style", "-f", "json", "-n", "2")
    assert json.loads(answer.out) == sample.find_similar_personas(0, 2, "style")
    assert "persona 0" in answer.err
    assert json.loads(ri("similar", "99999", "-f", "json").out)[0]["tweet_id"], "a number that is no persona is a text"


def test_why_a_tweet_has_its_persona(ri, sample):
    kept = sample.get_persona_tweets(0, 1)[0]
    told = ri("why", kept)
    assert told.code == 0
    assert "persona 0" in told.out
    assert "runner-up" in told.out
    dropped = sample.sql(
        "select tweet_id from documents semi join (from dropped where reason = 'near_duplicate') using (doc_id)"
    )
    assert "near duplicate" in ri("why", dropped.fetchall()[0][0]).out
    assert json.loads(ri("why", kept, "-f", "json").out)[0]["persona_id"] == 0


def test_quality_has_the_definitions(ri):
    told = ri("quality")
    assert told.code == 0
    assert "refit agreement" in told.out
    assert "stable" in told.out
    overall = json.loads(ri("quality", "-f", "json").out)[0]["overall"]
    assert overall["personas"] >= 8
    lines = [json.loads(line) for line in ri("quality", "-f", "jsonl").out.splitlines()]
    assert {line["metric"]: line["value"] for line in lines} == overall


def test_columns_of_the_same_name_keep_their_values(ri):
    assert json.loads(ri("sql", "select 1 as a, 2 as a", "-f", "json").out) == [{"a": 1, "a_1": 2}]


def test_ids_are_never_masked(ri, sample):
    twin = sample.sql("select d.tweet_id, x.tweet_id from dropped join documents d using (doc_id) "
                      "join documents x on x.doc_id = twin_doc_id limit 1").fetchall()[0]  # fmt: skip
    assert json.loads(ri("why", twin[0], "-f", "json").out)[0]["twin"] == twin[1]


def test_a_number_that_is_no_persona_is_said_to_be_a_text(ri):
    assert "there is no persona 99" in ri("similar", "99").err


def test_cut_listings_say_so(ri):
    assert "-n for more" in ri("similar", "refunds", "--personas", "-n", "2").err
    assert "-n for more" in ri("similar", "0", "-n", "2").err
    assert "-n for more" not in ri("similar", "refunds", "--personas", "-n", "50").err


def test_a_beginning_that_several_names_share_is_an_error(ri, sample):
    names = [row[0] for row in sample.sql("select lower(name) from personas").fetchall()]
    letter = next(n[0] for n in names if sum(other[0] == n[0] for other in names) > 1)
    assert "personas begin with" in ri("persona", letter).err


# -- personal data -------------------------------------------------------------------------------------------------


def mentioning(sample):
    return sample.sql(
        "select tweet_id, text, author from tweets where text like '%@%' order by doc_id limit 1"
    ).fetchall()[0]


@pytest.mark.parametrize("form", ["json", "csv", "jsonl"])
def test_listings_mask_texts_and_authors_unless_raw(ri, sample, form):
    tweet, text, author = mentioning(sample)
    where = f"tweet_id = '{tweet}'"
    masked, raw = (
        ri("tweets", "--where", where, "-f", form).out,
        ri("tweets", "--where", where, "-f", form, "--raw").out,
    )
    handle = text.split("@")[1].split()[0].strip(".,:!?'")
    assert f"@{handle}" not in masked
    assert author not in masked
    assert f"@{handle}" in raw
    assert author in raw


def test_similar_persona_and_why_mask_too(ri, sample):
    tweet, text, _ = mentioning(sample)
    handle = "@" + text.split("@")[1].split()[0].strip(".,:!?'")
    for command in (["why", tweet], ["similar", text, "-n", "1", "-f", "json"], ["why", tweet, "-f", "json"]):
        assert handle not in ri(*command).out
        assert handle in ri(*command, "--raw").out
    assert handle in ri("sql", f"select text from tweets where tweet_id = '{tweet}'", "-f", "json").out, "ri sql is raw"
    assert handle not in ri("persona", "0").out


def test_a_personas_evidence_is_raw_on_request(ri, sample):
    for persona, masked, text in sample.sql("""select e.persona_id, e.text, d.text from persona_evidence e
            join documents d using (doc_id) where e.text <> d.text and e.rank <= 5 limit 2""").fetchall():
        shown = " ".join(masked.split())
        assert shown in ri("persona", persona).out
        raw = ri("persona", persona, "--raw").out
        assert " ".join(text.split()) in raw
        told = [
            row["text"] for row in json.loads(ri("persona", persona, "--raw", "-f", "json").out)[0]["evidence_snippets"]
        ]
        assert text in told
        assert masked not in told


# -- errors --------------------------------------------------------------------------------------------------------

MENDABLE = [
    ["persona", "nobody"], ["why", "nothing"], ["similar"], ["similar", " "], ["sql", "drop table documents"],
    ["sql", "select nothing from tweets"], ["sql", "from read_csv('x')"], ["tweets", "--where", "true; select 1"],
    ["tweets", "--persona", "nobody"], ["summary", "-i", "none.duckdb"], ["build", "none.csv"],
    ["build", "x.csv", "--set", "nothing=1"], ["build", "x.csv", "--preset", "nothing"],
    ["build", "x.csv", "--map", "colour=x"], ["build", "x.csv", "--timezone", "Mars/Base"],
    ["sql", ""], ["tweets", "--where", ""], ["similar", "a\udcff"], ["persona", "\udce9"], ["summary", "-i", "."],
    ["similar", "--tweet", "nothing"], ["build", "x.csv", "--config", "none.toml"], ["sql", "select 1 / 'a'"],
]  # fmt: skip


@pytest.mark.parametrize("command", MENDABLE, ids=" ".join)
def test_errors_are_two_lines_on_stderr_and_exit_1(ri, command):
    answer = ri(*command)
    assert answer.code == 1
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("hint: ")
    assert len(lines) == 2
    assert "Traceback" not in answer.err


USAGE = [["nothing"], ["build"], ["persona"], ["tweets", "-n", "0"], ["tweets", "-n", "x"], ["tweets", "-f", "xml"],
         ["build", "x", "--set", "noequals"], ["build", "x", "--personas", "0"], ["summary", "--nothing"],
         ["similar", "refunds", "--by", "style"], ["similar", "0", "--where", "true"]]  # fmt: skip


@pytest.mark.parametrize("command", USAGE, ids=" ".join)
def test_usage_errors_exit_2(ri, command):
    answer = ri(*command)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(ri, name):
    answer = ri(name, "--help")
    assert answer.code == 0
    assert len(answer.out.splitlines()) >= 5
    assert COMMANDS[name][1] in ri("--help").out


def test_every_option_has_help():
    import click

    from riindex.cli import ri as group

    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        commands = [command, *getattr(command, "commands", {}).values()]
        for own in commands:
            assert own.help, own.name
            for option in own.params:
                assert not isinstance(option, click.Option) or option.help, f"{own.name} {option.opts}"


def test_the_version_is_told(ri):
    from riindex import __version__

    assert __version__ in ri("--version").out


# -- which index ---------------------------------------------------------------------------------------------------


def test_without_index_the_only_one_here_is_taken(ri, monkeypatch, sample_path, tmp_path):
    monkeypatch.delenv("RI_INDEX")
    none = ri("personas")
    assert none.code == 1
    assert "ri build" in none.err
    (tmp_path / "a.duckdb").symlink_to(sample_path)
    assert ri("personas").code == 0
    (tmp_path / "b.duckdb").symlink_to(sample_path)
    two = ri("personas")
    assert two.code == 1
    assert "-i FILE" in two.err
    assert ri("personas", "-i", "a.duckdb").code == 0


# -- building ------------------------------------------------------------------------------------------------------

QUICK = [
    "--set",
    "layout.method=pca",
    "--set",
    "layout.max_documents=10",
    "--set",
    "evaluate.refits=0",
    "--set",
    "fit.restarts=3",
]


def test_build_plan_and_rebuild(ri, tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(talk(60), tmp_path / "talk.parquet")
    planned = ri("build", "talk.parquet", "--plan", *QUICK)
    assert planned.code == 0
    assert "ingest, embed" in planned.out
    assert not (tmp_path / "talk.duckdb").exists()
    made = ri("build", "talk.parquet", "--personas", "3", *QUICK)
    assert made.code == 0, made.err
    assert made.out.strip() == "talk.duckdb"
    for part in ("ingest", "Cleaning", "3 personas", "Quality", "Next: "):
        assert part in made.err
    again = ri("build", "talk.parquet", "--personas", "3", *QUICK)
    assert again.out.strip() == "talk.duckdb"
    assert "up to date" in again.err
    assert "up to date" in ri("build", "talk.parquet", "--personas", "3", *QUICK, "--plan").out
    monkeyless = ri("summary", "talk.duckdb")
    assert monkeyless.code == 0
    folder = ri("index", "-i", "talk.duckdb")
    assert folder.code == 0, folder.err
    assert (tmp_path / folder.out.strip()).is_dir()
    assert ri("similar", "refund", "-i", "talk.duckdb").code == 0
    assert "up to date" in ri("build", "talk.parquet", "--personas", "3", *QUICK).err


def test_an_interrupted_build_ends_in_one_line(ri, monkeypatch, tmp_path):
    from importlib import import_module

    building = import_module("riindex.pipeline.run")
    (tmp_path / "x.csv").write_text("id,text\n1,some words\n")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "build", interrupted)
    answer = ri("build", "x.csv")
    assert answer.code == 130
    assert len(answer.err.strip().splitlines()) == 1
    assert "same command to continue" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("stage", ["embed", "behave", "fuse"])
def test_ctrl_c_ends_in_one_line_wherever_it_falls(tmp_path, stage, times):
    command = [sys.executable, "-m", "riindex", "build", str(SAMPLE / "tweets.parquet"), "-o", "a.duckdb"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as build:
        told = []
        for line in build.stderr:
            told.append(line)
            if line.split()[:1] == [stage]:
                for _ in range(times):
                    build.send_signal(signal.SIGINT)
        assert build.wait(30) == 130
    assert "Traceback" not in "".join(told)
    assert not [line for line in told if line.startswith("error:")]
    assert "same command to continue" in told[-1]


# -- python -m riindex ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["summary"], ["persona", "0"], ["similar", "0"], ["similar", "late delivery"]], ids=" ".join
)
def test_the_classic_program_runs(command, sample_path, tmp_path):
    answer = program(*command, "-i", sample_path, cwd=tmp_path, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_a_closed_pipe_is_no_error(sample_path, tmp_path):
    command = f"'{sys.executable}' -m riindex tweets -n 1400 -f jsonl -i '{sample_path}' | head -1"
    answer = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert json.loads(answer.stdout)["tweet_id"]
    assert "Traceback" not in answer.stderr
    assert "Error" not in answer.stderr


def test_the_sample_is_where_the_readme_says():
    assert (SAMPLE / "tweets.parquet").is_file()
    assert (SAMPLE / "replies.parquet").is_file()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_build_that_is_ended_tidies_up(tmp_path, number, code):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(SAMPLE / "tweets.parquet", "tweets.parquet")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "riindex", "build", "a.zip", "-o", "a.duckdb"]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as build:
        for line in build.stderr:
            if "embed" in line:
                assert list(scratch.iterdir())
                build.send_signal(number)
                break
        told = build.stderr.read()
        assert build.wait(30) == code
    assert "stopped" in told
    assert "Traceback" not in told
    assert not list(scratch.iterdir())


def test_a_shipped_copy_beside_an_index_makes_no_doubt(ri, sample_path, tmp_path, monkeypatch):
    """`ri ship copy.duckdb` leaves two files in the folder: the index is the one that was built."""
    import shutil

    shutil.copyfile(sample_path, tmp_path / "tweets.duckdb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RI_INDEX", raising=False)
    assert ri("ship", "copy.duckdb", "--level", "public").code == 0
    assert ri("personas").out.count("\n") > 10
    shutil.copyfile(sample_path, tmp_path / "other.duckdb")
    refused = ri("personas")
    assert refused.code == 1
    assert "3 indexes in this folder" in refused.err
