"""A stage can read nothing that it does not declare, and the graph of the stages follows from what they read."""

import ast
import re
from dataclasses import replace

import floors
import pytest
from corpora import ROOT

from riindex.config.build_config import BuildConfig
from riindex.machine.progress import NullProgress
from riindex.pipeline.context import Run
from riindex.pipeline.stage import PACKAGE, Stage, fingerprints, linked
from riindex.pipeline.stages import STAGES
from riindex.store.database import Store
from riindex.store.statements import header
from riindex.store.views import TWEET_COLUMNS

SQL = ROOT / "sql"
STATEMENTS = sorted(path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql"))
BY_NAME = {stage.name: stage for stage in STAGES}
INPUTS = {"ingest": "a", "embed": "b"}


@pytest.fixture
def run(sample_path):
    with Store.read(sample_path) as store:
        yield Run(store, BuildConfig(), NullProgress(), 1)


def stage(function, **declared):
    return Stage("behave", function, **declared)


# -- the graph -----------------------------------------------------------------------------------------------------


def read_in(text):
    """Tables that the statements of a file read, as they stand in it; a macro reads when it is asked, not now."""
    text = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", text)
    text = re.sub(r"create or replace (temp )?macro .*?;", " ", text, flags=re.S)
    own = set(re.findall(r"(\w+)(?:\s*\([^)]*\))?\s+as\s+(?:not\s+)?(?:materialized\s+)?\(", text))
    own |= set(
        re.findall(r"\bcreate (?:or replace )?(?:temp(?:orary)? )?(?:table|view)\s+(?:if not exists )?(\w+)", text)
    )
    found = re.findall(r"\b(?:from|join|using)\s+(?!lateral|database)((?:\w+\.)?[a-z_]\w*)\b(?!\s*[.(])", text)
    return {name.removeprefix("ri.").removeprefix("temp.") for name in found} - own


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_reads_what_its_header_says(name):
    text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    told = text.splitlines()[1]
    unsaid = {table for table in read_in(text) if not re.search(rf"\b{re.escape(table.split('.')[0])}\b", told)}
    known = set(re.findall(r"\bwith recursive (\w+)|, (\w+)(?: \([^)]*\))? as", text))
    assert unsaid - {name for pair in known for name in pair} == set()


def test_a_stage_follows_those_that_write_what_it_reads():
    assert {"words"} <= set(BY_NAME["index"].parents), "keywords of the vector table are those of words"
    assert BY_NAME["behave"].parents == ("ingest",)
    assert BY_NAME["layout"].parents == ("ingest", "denoise", "fit")
    made_up = (Stage("ingest", print), Stage("denoise", print), Stage("words", print), Stage("index", print))
    assert [one.parents for one in linked(made_up)] == [(), ("ingest",), ("ingest", "denoise"), ("ingest", "words")]
    for one in STAGES:
        before = STAGES[: STAGES.index(one)]
        assert set(one.parents) == {other.name for other in before if other.writes & one.reads}


def test_nothing_is_read_before_it_is_written():
    """A table that a later stage writes would be that of the former build."""
    for place, one in enumerate(STAGES):
        later = {name for other in STAGES[place + 1 :] for name in other.writes} - one.writes
        # Edits by hand are the file's own: succeed carries them over, and enrich and assign apply them.
        assert (one.reads & later) - {"edits"} == set(), one.name


def test_one_table_is_written_by_one_stage():
    writers = [(name, one.name) for one in STAGES for name in one.writes]
    assert len({name for name, _ in writers}) == len(writers)


def test_only_shared_statements_are_in_every_fingerprint(own_statements):
    before = fingerprints(STAGES, BuildConfig(), INPUTS)
    own_statements("store/lock", "store/connect", "ask/tables", "views/about")
    assert fingerprints(STAGES, BuildConfig(), INPUTS) == before
    own_statements("shared/text")
    assert not set(before.values()) & set(fingerprints(STAGES, BuildConfig(), INPUTS).values())


# -- what a stage can read -----------------------------------------------------------------------------------------


def test_an_undeclared_statement_is_not_run(run):
    given = stage(print).given(run)
    for ask in ("rows", "value", "columns", "relation", "matrix", "arrow", "records"):
        with pytest.raises(LookupError, match="shared/kept_ids"):
            getattr(given.store, ask)("shared/kept_ids")
    with pytest.raises(LookupError, match="kept_ids"):
        given.store.statement("shared/kept_ids")
    declared = stage(print, statements=("shared/kept_ids",)).given(run)
    assert len(declared.store.rows("shared/kept_ids")) == run.store.value("shared/kept_count")


def test_an_undeclared_table_is_not_read(run):
    given = stage(print, tables=("documents",)).given(run)
    assert given.store.table("documents").columns
    with pytest.raises(LookupError, match="personas"):
        given.store.table("personas")


@pytest.mark.parametrize("name", ["fit", "seed", "threads", "preset", "evaluate"])
def test_an_undeclared_setting_is_not_read(run, name):
    given = stage(print, settings=("behave",)).given(run)
    assert given.config.behave.timezone == "UTC"
    with pytest.raises(LookupError, match=name):
        getattr(given.config, name)
    with pytest.raises(LookupError, match=name):
        given.config.section(name)


def test_the_fused_matrix_is_given_to_those_that_say_so(run):
    held = replace(run, matrices=object())
    assert stage(print).given(held).matrices is None
    assert stage(print, tables=("axes",)).given(held).matrices is held.matrices


def readers():
    """Data file of the package → the module that reads it."""
    return {
        "text/stop_words.txt": "riindex.text.stop_words",
        "text/languages.txt": "riindex.text.languages",
        **{f"sources/families/{path.name}": "riindex.sources.families"
           for path in (PACKAGE / "sources" / "families").glob("*.toml")},
        "labels/dimensions.toml": "riindex.labels.dimensions",
        "labels/held_out.jsonl": "riindex.labels.dimensions",
        "labels/speakers.toml": "riindex.labels.speakers",
        "labels/signs.toml": "riindex.labels.features",
        "models/stances/head.safetensors": "riindex.labels.stances",
        "models/static/model.safetensors": "riindex.encoders.static",
    }  # fmt: skip


def test_every_data_file_has_a_reader_that_is_known():
    data = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".html", ".md", ".typed", ".sql")
    }  # fmt: skip
    model = {name for name in data if name.startswith("models/static/")}
    assert data - model == set(readers()) - model
    for name, module in readers().items():
        assert (PACKAGE / name).is_file()
        source = floors.modules()[module].read_text(encoding="utf-8")
        assert "Path(__file__)" in source
    known = set(readers().values()) | {"riindex.share.map", "riindex.store.statements", "riindex.pipeline.stage"}
    for module, path in floors.modules().items():
        assert module in known or "__file__" not in path.read_text(encoding="utf-8"), (
            f"{module} reads a file of its own"
        )


def reached(module):
    """Modules that a module imports, directly or not; what a run may hold is declared by who uses it."""
    edges, found, left = floors.edges(), {"riindex.pipeline.context"}, [module]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += edges[name]
    return found


@pytest.mark.parametrize("name", list(BY_NAME))
def test_a_stage_declares_the_data_files_that_its_modules_read(name):
    known = reached(f"riindex.pipeline.stages.{name}")
    own = {file for file, module in readers().items() if module in known}
    assert own <= set(BY_NAME[name].files)


# -- the view ------------------------------------------------------------------------------------------------------


def test_the_columns_of_the_flat_view_are_those_that_no_source_column_may_have(sample_path):
    with Store.read(sample_path) as store:
        columns = store.table("tweets").columns
        extras = store.table("document_extras").columns[1:]
    assert tuple(columns[: len(columns) - len(extras)]) == TWEET_COLUMNS


def test_headers_name_tables_and_not_values():
    assert header("assign/labels").reads == {"reduced", "raw_labels"}
    assert header("embed/pending").reads == {"documents"}
    assert header("behave/posts").writes == frozenset()
    assert header("views/tweets").writes == {"tweets", "fit_sample"}


def test_stages_do_not_go_round_the_declaration():
    rooms = ("riindex.pipeline.stages.", "riindex.profiles.", "riindex.grouping.", "riindex.labels.")
    for module, path in floors.modules().items():
        if module.startswith(rooms) and module != "riindex.profiles.claims":
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            names = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
            assert "sql_text" not in names, module
