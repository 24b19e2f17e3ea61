"""The laws of the design, each a test."""

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import floors
import pytest
from corpora import QUICK, ROOT, SAMPLE

import riindex
from riindex.pipeline.run import build
from riindex.store.database import Store

PACKAGE = ROOT / "riindex"
SQL = ROOT / "sql"
MODULES = floors.modules()
HEAVY = ("lancedb", "umap", "hdbscan", "sklearn", "polars", "plotly", "torch", "model2vec", "pandas", "openai")


# -- 1: imports go down --------------------------------------------------------------------------------------------


def test_every_room_has_a_floor():
    assert {floors.room(module) for module in MODULES} <= {name for names in floors.FLOORS for name in names}
    assert len(floors.FLOORS) <= 12


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module):
    """By any way: in functions, for types alone, and by a name in a string."""
    own = floors.room(module)
    for name in floors.imported(MODULES[module], set(MODULES)) - {module}:
        if floors.room(name) != own:
            assert floors.floor(floors.room(name)) < floors.floor(own), f"{module} imports {name}, which lies above it"


def test_rooms_are_few_and_joined_by_few_arrows():
    found = floors.edges()
    assert len(floors.arrows(found)) <= 130
    assert len(list(PACKAGE.glob("*.py"))) <= 6


def test_modules_functions_and_folders_are_small():
    lengths = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: n for module, n in lengths.items() if n > 350} == {}
    functions = {
        f"{module}.{node.name}": node.end_lineno - node.lineno + 1
        for module, path in MODULES.items() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }  # fmt: skip
    assert {name: n for name, n in functions.items() if n > 50} == {}
    assert sorted(functions.values())[len(functions) // 2] <= 8
    folders = [path for top in (PACKAGE, SQL) for path in [top, *top.rglob("*")] if path.is_dir()]
    crowded = [path for path in folders if len([*path.glob("*.py"), *path.glob("*.sql")]) > 20]
    assert crowded == []


def test_no_import_cycles():
    edges, done, path = floors.edges(), set(), []

    def walk(module):
        assert module not in path, " → ".join([*path, module])
        if module in done:
            return
        path.append(module)
        for other in edges[module]:
            walk(other)
        done.add(path.pop())

    for module in MODULES:
        walk(module)


def libraries(path):
    """Names that a file imports, wherever the statement stands."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names} | {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module
    }


# -- 2: heavy libraries load where they are needed -----------------------------------------------------------------


@pytest.mark.parametrize("command", [["--help"], ["summary"], ["sql", "select 1"], ["build", "--help"]], ids=" ".join)
def test_light_commands_load_no_heavy_library(command, sample_path, tmp_path):
    program = (
        "import sys, runpy\n"
        f"sys.argv = ['ri', *{command!r}]\n"
        "from riindex.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('loaded:', *(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path,
        env={"RI_INDEX": str(sample_path), "PATH": "", "HOME": str(tmp_path), "LANG": "C.UTF-8"}, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1].strip() == "loaded:"


def test_importing_the_package_loads_nothing_but_itself():
    program = "import sys, riindex; print(*(m for m in sys.modules if m.split('.')[0] in ('duckdb', 'numpy', 'click')))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_imports_are_inside_functions(library):
    for module, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = {a.name for a in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
            assert not any(n.split(".")[0] == library for n in names), f"{module} imports {library} at the top"


def test_only_one_module_imports_lancedb():
    users = {m for m, p in MODULES.items() if any(n.split(".")[0] == "lancedb" for n in libraries(p))}
    assert users == {"riindex.search.lance"}


# -- 3: one table, one writer --------------------------------------------------------------------------------------


def header(path):
    """(sentence, reads, writes) of a SQL file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    match = re.fullmatch(r"-- reads: (.+?)\s{2,}writes: (.+)", lines[1])
    assert match, f"{path.name}: the second line says what it reads and writes"
    return lines[0], match[1], match[2]


SQL_FILES = sorted(SQL.rglob("*.sql"))
NAMES = [str(p.relative_to(SQL).with_suffix("")) for p in SQL_FILES]


def written(path):
    """The lasting tables that a file's statements change."""
    text = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", path.read_text(encoding="utf-8"))
    found = re.findall(
        r"\b(?:create (?:or replace )?(?:table|view)(?: if not exists)?|insert into|delete from|update|comment on table"
        r")"
        r"\s+([\w.]+)", text)  # fmt: skip
    temporary = re.findall(r"\bcreate or replace temp(?:orary)? table\s+(\w+)", text)
    return set(found) - set(temporary)


def test_one_table_one_writer():
    writers = defaultdict(set)
    for path in SQL_FILES:
        folder = path.relative_to(SQL).parts[0]
        if folder in ("share", "edits"):
            continue  # share cuts down the tables of a copy; edits are the journal of changes by hand
        for name in written(path) - {"records", "unreadable"}:
            writers[name].add(folder)
    assert {"documents", "dropped", "assignments", "personas", "quality"} <= set(writers)
    assert {name: folders for name, folders in writers.items() if len(folders) > 1} == {}


@pytest.mark.parametrize("path", SQL_FILES, ids=NAMES)
def test_sql_header_tells_the_truth(path):
    sentence, reads, writes = header(path)
    assert re.fullmatch(r"-- [A-Z].+\.", sentence), "one sentence"
    assert len(sentence) <= 125
    for name in written(path):
        assert re.search(rf"\b{re.escape(name)}\b", writes), f"it writes {name} and does not say so"
    text = re.sub(r"--[^\n]*", " ", path.read_text(encoding="utf-8"))
    for value in set(re.findall(r"\$([a-z_]+)", re.sub(r"'(?:[^']|'')*'", " ", text))):
        assert f"${value}" in reads or "$values" in reads, f"it reads ${value} and does not say so"


# -- 4, 5: nobody asks what kind of input it is --------------------------------------------------------------------


def test_only_ingest_and_the_presets_know_the_kind_of_input():
    for module, path in MODULES.items():
        if module in (
            "riindex.config.presets",
            "riindex.pipeline.stages.ingest",
            "riindex.config.build_config",
            "riindex.__main__",
        ):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                assert "preset" not in ast.unparse(node), f"{module} asks for the preset: {ast.unparse(node)}"


# -- 6: SQL is in files --------------------------------------------------------------------------------------------

# Identifiers cannot be bound as values; these two put a quoted one in, for columns and tables that came with the data.
BY_NAME = {("riindex.store.database", "comment on ")}
STATEMENT = re.compile(
    r"^\s*(select\s.+\sfrom|insert into|update \w+ set|delete from|create (or replace )?(temp )?(table|view|macro)|"
    r"drop (table|view)|alter table|attach |copy |with \w+ as|comment on )", re.I | re.S)  # fmt: skip


def test_no_sql_in_f_strings():
    found = set()
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                literal = "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
                if STATEMENT.match(literal):
                    found.add((module, literal.split("{}")[0]))
    assert found <= BY_NAME, found - BY_NAME


@pytest.mark.parametrize("path", SQL_FILES, ids=NAMES)
def test_sql_is_lower_case_without_templates(path):
    text = re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(SELECT|FROM|WHERE|CREATE|INSERT|JOIN|TABLE)\b", text)
    assert "{{" not in text
    assert "{%" not in text


def test_scratch_is_made_in_one_place():
    """What a killed program leaves is swept by the next only where it lies in a private folder."""
    makers = {
        m for m, path in MODULES.items() if "tempfile" in libraries(path) and "gettempdir" not in path.read_text()
    }
    assert makers == set()
    makes = ("mkdtemp", "TemporaryDirectory", "NamedTemporaryFile", "mkstemp")
    assert {m for m, path in MODULES.items() if any(name in path.read_text() for name in makes)} == {
        "riindex.store.folders"
    }


# -- 7: no silent substitute ---------------------------------------------------------------------------------------


def test_nothing_swallows_an_error_of_an_import():
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{module}:{node.lineno} catches everything"
                names = ast.unparse(node.type)
                raises = any(isinstance(n, ast.Raise) for n in ast.walk(node))
                if re.search(r"\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b", names):
                    assert raises, f"{module}:{node.lineno} goes on after {names}"


# -- 8: the same again ---------------------------------------------------------------------------------------------


def digests(path):
    with Store.read(path) as store:
        return dict(store.connection.execute("select table_name, digest from digests").fetchall())


@pytest.fixture(scope="module")
def quick_digests(tmp_path_factory):
    """The sample's digests: two builds with two threads, one with one."""
    found = []
    for threads in (2, 2, 1):
        target = tmp_path_factory.mktemp("again") / "sample.duckdb"
        settings = {**QUICK, "threads": threads, "fit.default_personas": 11}
        build(SAMPLE / "tweets.parquet", target, replies=SAMPLE / "replies.parquet", settings=settings)
        found.append(digests(target))
    return found


@pytest.mark.slow
def test_the_same_build_twice_has_equal_digests(quick_digests):
    assert quick_digests[0] == quick_digests[1]
    assert {"documents", "embeddings", "assignments", "personas", "layout", "quality"} <= set(quick_digests[0])


@pytest.mark.slow
def test_one_thread_or_two_have_equal_digests(quick_digests):
    assert quick_digests[0] == quick_digests[2]


# -- the names, the file and what is committed ---------------------------------------------------------------------


def test_public_names_are_the_list():
    assert sorted(riindex._HOMES) == sorted(set(riindex.__all__) - {"__version__"})
    for name in riindex.__all__:
        assert getattr(riindex, name) is not None
    assert dir(riindex) == list(riindex.__all__)
    with pytest.raises(AttributeError):
        riindex.nothing  # noqa: B018


def test_every_error_is_one_tree():
    from riindex import errors

    kinds = [v for v in vars(errors).values() if isinstance(v, type) and v.__module__ == errors.__name__]
    assert all(issubclass(kind, errors.RiError) for kind in kinds)
    assert {kind.__name__ for kind in kinds} <= set(riindex.__all__)
    tree = errors.__doc__ or ""
    assert all(kind.__name__ in tree for kind in kinds)
    assert issubclass(errors.MissingExtra, ImportError)


def test_every_table_view_and_column_has_a_comment(sample_path):
    with Store.read(sample_path) as store:
        ask = store.connection.execute
        bare = ask("select table_name from duckdb_tables() where database_name = 'ri' and comment is null").fetchall()
        bare += ask(
            "select view_name from duckdb_views() where database_name = 'ri' and not internal and comment is null"
        ).fetchall()
        bare += ask(
            "select table_name, column_name from duckdb_columns() as c where database_name = 'ri' and comment is null"
            " and table_name in (select table_name from duckdb_tables() where database_name = 'ri')"
        ).fetchall()
    assert bare == []


def tracked():
    answer = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in answer.stdout.splitlines()]


def test_no_file_names_a_workplace_or_a_machine():
    words = ["/" + "work/", "/tmp/" + "ve", "help" + "er", "/" + "root/"]
    found = []
    for path in tracked():
        if "models" in path.parts or path.suffix == ".parquet" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        found += [
            (path.relative_to(ROOT).as_posix(), word) for word in words if re.search(re.escape(word) + r"\b", text)
        ]
    assert found == []


def test_the_top_level_is_what_the_design_says():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    known = {"pyproject.toml", "riindex", "sql", "tests", "sample_data", "README.md", "LICENSE", "CHANGELOG.md"}
    assert top <= known | {".gitignore", ".ci"}


def test_the_config_that_is_stored_is_the_one_that_ran(sample_path):
    with Store.read(sample_path) as store:
        config, digest = store.connection.execute("select config, config_digest from build").fetchall()[0]
    assert json.loads(config) == json.loads(riindex.BuildConfig().to_json())
    assert digest == riindex.BuildConfig().digest


def test_paths_in_the_file_are_only_names_of_sources(sample_path):
    with Store.read(sample_path) as store:
        name = store.connection.execute("select vector_table from build").fetchall()[0][0]
    assert Path(name).name == name
    assert (sample_path.parent / name).is_dir()
