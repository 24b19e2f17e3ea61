"""Build and ask in every environment: are the digests the same everywhere, and is every failure told in two lines?

Run: python tests/bench/environments.py [--only NAME]

A small index is built and asked by sixteen commands: under other locales, zones, hash seeds, threads, widths,
encodings, homes and temporary folders; with streams closed; in a folder that cannot be written; and from files and
folders of odd names. Every build must have the digests of the first; every command must end with 0, or 1 with
``error:`` and ``hint:``; at 40 columns no table may be wider whose words and numbers leave it the choice.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from formats import write
from trials import QUICK, posts

from riindex.store.database import Store
from riindex.store.digests import table_digests

ROWS = 60
# Of the edits, whose times differ, and of the sources' names.
LEFT_OUT = ("edits", "about")
LONGEST = 240
COLUMNS = 40
# What is asked in each environment; {out} is a folder that can be written, {n} another name every time.
COMMANDS = (
    "summary", "personas", "persona 0", "compare 0", "evidence p0c1", "tweets -n 3", "similar parcel -n 2",
    "why 1900000000000000003", "sql|select persona_id, name from personas", "quality", "verify", "map|{out}/map.html",
    "export|{out}/files", "ship|{out}/copy.duckdb|--level|internal", "rename|0|A name", "undo",
)  # fmt: skip
PLAIN = {key: os.environ[key] for key in ("PATH", "HOME", "PYTHONPATH") if key in os.environ}
ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "LC_ALL=tr_TR.UTF-8": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "LC_ALL=tr_TR": {"LC_ALL": "tr_TR"},
    "LC_ALL=C": {"LC_ALL": "C"},
    "LANG=POSIX, no UTF-8 mode": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "TZ=Asia/Kolkata": {"TZ": "Asia/Kolkata"},
    "TZ=America/St_Johns": {"TZ": "America/St_Johns"},
    "TZ=nonsense": {"TZ": "No/Where"},
    "PYTHONHASHSEED=1": {"PYTHONHASHSEED": "1"},
    "PYTHONHASHSEED=4711": {"PYTHONHASHSEED": "4711"},
    "1 thread": {"threads": "1"},
    "2 threads": {"threads": "2"},
    "4 threads": {"threads": "4"},
    "OMP_NUM_THREADS=1": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    "COLUMNS=40": {"COLUMNS": str(COLUMNS)},
    "COLUMNS=abc": {"COLUMNS": "abc"},
    "COLUMNS=0": {"COLUMNS": "0"},
    "COLUMNS=-5": {"COLUMNS": "-5"},
    "TERM=dumb": {"TERM": "dumb"},
    "TERM unset": {"TERM": None},
    "PYTHONIOENCODING=latin-1": {"PYTHONIOENCODING": "latin-1"},
    "PYTHONIOENCODING=ascii": {"PYTHONIOENCODING": "ascii"},
    "HOME unset": {"HOME": None},
    "HOME missing": {"HOME": "/nowhere/at/all"},
    "TMPDIR missing": {"TMPDIR": "/nowhere/at/all"},
    "TMPDIR read-only": {"TMPDIR": "/proc"},
    "HOME and TMPDIR empty": {"HOME": "", "TMPDIR": ""},
    # OPENBLAS_CORETYPE and the like choose the kernels of the processor: without them it is another machine.
    "env -i": {
        key: None for key in os.environ if key not in ("PATH", "PYTHONPATH") and not key.startswith("OPENBLAS_")
    },
    "stdout closed": {"closed": "1"},
    "stderr closed": {"closed": "2"},
    "stdin closed": {"closed": "0"},
    "all closed": {"closed": "0 1 2"},
}
NAMES = (
    "two words", "new\nline", "quote'd", 'double"d', "per%20cent", "hash#", "ask?", "star*", "[brackets]", "{braces}",
    "semi;colon", "dollar$HOME", "back`tick`", "ünï-漢字-😀", "-dash", "~tilde", "a&b", "back\\slash", "colon::two",
    "equals=1", "dot.", " lead", "(round)", "%s%n{index}",
)  # fmt: skip
# Runs commands one after the other in one process; the answers go to a file, since streams may be closed.
DRIVER = """
import io, json, os, sys, traceback
asked, answers = json.loads(sys.argv[1]), sys.argv[2]
real = os.dup(1) if os.path.exists("/dev/fd/1") else None
for words in asked:
    sys.argv, code = ["ri", *words], 0
    out, err = sys.stdout, sys.stderr
    said = [
        None if stream is None
        else io.TextIOWrapper(io.BytesIO(), stream.encoding, stream.errors, write_through=True)
        for stream in (out, err)
    ]
    sys.stdout, sys.stderr = said
    try:
        from riindex.cli import main
        main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        code = 99
        said[1] = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        traceback.print_exc(file=said[1])
    sys.stdout, sys.stderr = out, err
    texts = ["" if s is None else s.buffer.getvalue().decode(s.encoding, "replace") for s in said]
    with open(answers, "a", encoding="utf-8", errors="replace") as file:
        file.write(json.dumps([words[:3], code, *texts]) + "\\n")
"""


def run(asked: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str], closed: str = "",
        user: Sequence[str] = ()) -> list[tuple[list[str], int, str, str]]:  # fmt: skip
    """Of each command its words, exit code, and what it said on either stream."""
    answers = Path(tempfile.mkdtemp(dir=folder.parent)) / "answers"
    answers.parent.chmod(0o777)
    words = [*user, sys.executable, "-W", "ignore", "-c", DRIVER, json.dumps(asked), str(answers)]
    shell = ["sh", "-c", 'exec "$@" ' + " ".join(f"{n}>&-" for n in closed.split()), "sh", *words] if closed else words
    ended = subprocess.run(
        shell, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=LONGEST, check=False
    )
    lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    found = [tuple(json.loads(line)) for line in lines]
    if len(found) < len(asked):
        found.append((["the process"], ended.returncode or 98, "", ended.stderr.decode(errors="replace")[-400:]))
    return found  # type: ignore[return-value]


def judged(answers: Sequence[tuple[list[str], int, str, str]], errors_told: bool, width: int = 0) -> list[str]:
    """What is wrong with the answers."""
    problems = []
    for words, code, out, err in answers:
        name = " ".join(words)
        if code not in (0, 1, 2):
            problems.append(f"{name}: exit code {code}: {err[-300:]}")
        elif (
            code
            and errors_told
            and words[0] != "sql"
            and not (  # whose child says it on a stream of its own
                "error: " in err.lower() and ("hint: " in err or code == 2)
            )
        ):
            problems.append(f"{name}: exit code {code} without error and hint: {err[-200:]}")
        if "Traceback" in out + err:
            problems.append(f"{name}: {err.strip().splitlines()[-1][:200]}")
        if width:
            wide = [line for line in out.splitlines() if "─" in line and len(line) > width]
            problems += [f"{name}: a table of {len(line)} columns" for line in wide[:1]]
    return problems


def asked(source: str, target: str, out: str, threads: str = "") -> list[list[str]]:
    """The build and all commands, as lists of words."""
    settings = [*QUICK, *([f"threads={threads}"] if threads else [])]
    told = [part for setting in settings for part in ("--set", setting)]
    found = [["build", "-o", target, *told, "--", source]]
    for command in COMMANDS:
        words = command.format(out=out).split("|") if "|" in command else command.split()
        found.append([words[0], "-i", target, *words[1:]])
    return found


def digests(path: Path) -> dict[str, str]:
    """Digests of all tables but LEFT_OUT."""
    with Store.read(path) as store:
        return {name: digest for name, digest in table_digests(store).items() if name not in LEFT_OUT}


def one(base: Path, name: str, change: Mapping[str, str | None]) -> tuple[dict[str, str], list[str], list[str]]:
    """Digests, problems and what failed in one environment."""
    folder = Path(tempfile.mkdtemp(dir=base))
    shutil.copyfile(base / "posts.csv", folder / "posts.csv")
    options = {key: change.get(key) or "" for key in ("threads", "closed")}
    environment = {**os.environ, "PYTHONSAFEPATH": "1", "NUMBA_DISABLE_JIT": "1"}
    for key, value in change.items():
        environment.pop(key, None)
        if value is not None and key not in options:
            environment[key] = value
    answers = run(
        asked("posts.csv", "posts.duckdb", "out", options["threads"]), _with_out(folder), environment, options["closed"]
    )
    width = COLUMNS if change.get("COLUMNS") == str(COLUMNS) else 0
    problems = judged(answers, "2" not in options["closed"].split(), width)
    failed = [words[0] for words, code, *_ in answers if code]
    built = folder / "posts.duckdb"
    return (digests(built) if built.exists() else {}), problems, failed


def _with_out(folder: Path) -> Path:
    (folder / "out").mkdir()
    return folder


def named(base: Path, name: str) -> tuple[dict[str, str], list[str], list[str]]:
    """The same of a source, a folder and an index of an odd name."""
    folder = Path(tempfile.mkdtemp(dir=base)) / name
    folder.mkdir()
    source, target = f"./{name}.csv", f"./{name}.duckdb"
    shutil.copyfile(base / "posts.csv", folder / f"{name}.csv")
    environment = {**os.environ, "PYTHONSAFEPATH": "1", "NUMBA_DISABLE_JIT": "1"}
    answers = run(asked(source, target, "out"), _with_out(folder), environment)
    built = folder / f"{name}.duckdb"
    if built.exists():
        with duckdb.connect(str(built)) as file:  # the name of the file is the one thing that differs
            assert file.execute("select distinct source_file from documents").fetchall() == [(f"{name}.csv",)]
            file.execute("update documents set source_file = 'posts.csv'")
    return (digests(built) if built.exists() else {}), judged(answers, True), [w[0] for w, code, *_ in answers if code]


def read_only(base: Path) -> tuple[dict[str, str], list[str], list[str]]:
    """Ask an index in a folder that cannot be written, as nobody."""
    folder = Path(tempfile.mkdtemp(dir=base))
    shutil.copytree(base / "first", folder, dirs_exist_ok=True)
    for path in (base, *folder.rglob("*"), folder):
        path.chmod(0o755 if path.is_dir() else 0o644)
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if not user:
        folder.chmod(0o555)
    commands = [*asked("posts.csv", "posts.duckdb", "out")[1:], ["build", "posts.csv", "-o", "other.duckdb"]]
    answers = run(commands, folder,
                  {**PLAIN, "HOME": "/nowhere", "NUMBA_DISABLE_JIT": "1"}, user=user)  # fmt: skip
    return {}, judged(answers, True), [words[0] for words, code, *_ in answers if code]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    begun, problems, runs = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        write(base, posts(ROWS, 1), "csv", "posts")
        wanted, found, _ = one(base, "plain", {})
        if found:
            raise SystemExit("\n".join(found))
        first = next(path for path in base.iterdir() if (path / "posts.duckdb").exists())
        shutil.copytree(first, base / "first")
        print("| environment | other digests | commands that end with 1 | problems |\n|---|---|---|---|")
        trials = [(name, lambda n=name, c=change: one(base, n, c)) for name, change in ENVIRONMENTS.items()]
        trials += [(f"names {name!r}", lambda n=name: named(base, n)) for name in NAMES]
        trials.append(("a folder that cannot be written", lambda: read_only(base)))
        for name, trial in trials:
            if options.only in name:
                there, found, failed = trial()
                other = sorted(key for key in wanted if there and there.get(key) != wanted[key])
                runs, problems = runs + 1, problems + len(found) + len(other)
                print(
                    f"| {name} | {', '.join(other) or 'none'} | {', '.join(failed) or 'none'} | {len(found)} |",
                    flush=True,
                )
                for problem in found:
                    print("  !", problem, flush=True)
    print(f"\n{runs} environments, {time.monotonic() - begun:.0f} s; problems: {problems}")
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
