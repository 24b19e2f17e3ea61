"""Build from mutated files of every format: no traceback, no hang, the former index untouched.

Run: python tests/bench/fuzz.py [--files 2000] [--first 0] [--seed 1] [--seconds 30] [--whole 23] [--keep FOLDER]
     [--kinds formats|exports|all] [--workers 2]

``formats`` are the same rows in every format, packed or not; ``exports`` those of programs: JSON in many shapes,
chats, surveys, marked-up texts, tars and what bzip2, xz and zstd pack. Each file is a small valid one with bytes
changed, cut, doubled, moved or made extreme, or valid bytes under another format's name. It is given to `ri build` over
an index that is there. Either the command ends with exit code 1 and the lines error: and hint:, and the index has not
changed by a byte; or it was readable. Of the readable ones every ``--whole``-th is built to its end and asked; the
others stop behind the stage ingest, which is what meets the bytes. Files that met a problem are kept in ``--keep``.
Ctrl-C ends it with the table so far.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import random
import shutil
import tarfile
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
from formats import FORMATS, PACKERS, write
from forms import FORMS
from trials import arguments, command, context, posts, restore, state

ARCHIVES = ("tar", "tar.gz", "tar.xz", "csv.bz2", "jsonl.xz", "json.zst")
KINDS = {"exports": (*ARCHIVES, *FORMS), "formats": FORMATS, "all": (*FORMATS, *FORMS)}
# A busy machine may take so many times as long as the processor does.
BUSY = 10
ENOUGH = "read, and that is enough"
EXTREME = (b"\0" * 8, b"\xff" * 4, b"\xed\xa0\xbd", b"\\ud83d", b'"', b"'", b"\r", b"\n\n\n", b"," * 50, b"\t",
           b"{" * 20, b"[" * 300, b"9" * 400, b"-1e999", b"NaN", b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf",
           b"\xff\xfe", b"%s%n", "\u202e\u200b\ufeff".encode(), "🙂".encode() * 40, b"::", b"--", b"\\")  # fmt: skip


# -- mutations -----------------------------------------------------------------------------------------------------


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        data[rng.randrange(len(data))] = rng.randrange(256)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _drop(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    del data[start : start + rng.choice((1, 3, 30, 300))]


def _double(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    part = data[start : start + rng.choice((1, 10, 100, 1000))]
    data[start:start] = part * rng.choice((1, 2, 40))


def _insert(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    data[start:start] = rng.choice(EXTREME)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    part = rng.choice(EXTREME)
    start = rng.randrange(len(data))
    data[start : start + len(part)] = part


def _swap(data: bytearray, rng: random.Random) -> None:
    one, other = sorted(rng.randrange(len(data)) for _ in range(2))
    size = min(rng.choice((4, 40, 400)), other - one)
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


def _nothing(data: bytearray, rng: random.Random) -> None:
    """Leave it as it is: under another format's name, or as the control."""


MUTATIONS: dict[str, Callable[[bytearray, random.Random], None]] = {
    "bytes changed": _flip,
    "cut short": _cut,
    "a part missing": _drop,
    "a part doubled": _double,
    "something inserted": _insert,
    "something overwritten": _overwrite,
    "parts swapped": _swap,
    "another format's name": _nothing,
}


@dataclass(frozen=True)
class Case:
    """A mutated file: how it was made, and where it is."""

    number: int
    kind: str
    mutation: str
    path: Path


def _valid(kind: str, seed: int, folder: Path) -> bytes:
    rows = posts(12, seed)
    return FORMS[kind](rows).encode() if kind in FORMS else write(folder, rows, kind, "valid").read_bytes()


def cases(number: int, seed: int, folder: Path, kinds: Sequence[str] = FORMATS) -> list[Case]:
    """Mutated files of some kinds, the same for the same seed; of packed ones now and then the inside is mutated."""
    rng = random.Random(seed)
    valid = {kind: _valid(kind, seed, folder) for kind in kinds}
    found = []
    for n in range(number):
        kind, mutation = kinds[n % len(kinds)], rng.choice(list(MUTATIONS))
        inside = rng.random() < 0.6
        data, pack = _unpacked(valid[kind], kind, rng) if inside else (bytearray(valid[kind]), bytes)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            if data:
                MUTATIONS[mutation](data, rng)
        named = rng.choice(kinds) if mutation == "another format's name" else kind
        path = folder / f"case{n}.{named}"
        path.write_bytes(pack(data))
        found.append(Case(n, kind, mutation, path))
    return found


def _unpacked(data: bytes, kind: str, rng: random.Random) -> tuple[bytearray, Callable[[bytearray], bytes]]:
    """What is inside a packed file, for a zip one of its members, and how to pack it again."""
    ending = kind.rpartition(".")[2]
    if ending in PACKERS:
        packer, unpacker = PACKERS[ending]
        return bytearray(unpacker(data)), lambda inner: packer(bytes(inner))
    if kind == "tar":
        return _untarred(data)
    if kind not in ("zip", "xlsx", "ods"):
        return bytearray(data), bytes
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = rng.choice([name for name, inner in members.items() if inner])

    def pack(inner: bytearray) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, bytes(inner) if name == chosen else content)
        return sink.getvalue()

    return bytearray(members[chosen]), pack


def _untarred(data: bytes) -> tuple[bytearray, Callable[[bytearray], bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        (member,) = archive.getmembers()
        content = archive.extractfile(member).read()  # type: ignore[union-attr]

    def pack(inner: bytearray) -> bytes:
        sink = io.BytesIO()
        member.size = len(inner)
        with tarfile.open(fileobj=sink, mode="w") as archive:
            archive.addfile(member, io.BytesIO(bytes(inner)))
        return sink.getvalue()

    return bytearray(content), pack


# -- running them --------------------------------------------------------------------------------------------------


def _bytes(folder: Path) -> str:
    """Hash of an index and its vector table."""
    hasher = hashlib.sha1()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        hasher.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return hasher.hexdigest()


def _stop_after_reading(stopped: bool) -> None:
    """Let the stage behind ingest end the build, or let it go on."""
    from dataclasses import replace

    from riindex.errors import RiError
    from riindex.pipeline import run as pipeline
    from riindex.pipeline.stages.embed import embed

    def enough(run: object) -> None:
        raise RiError(ENOUGH, "nothing")

    pipeline.STAGES = tuple(
        replace(stage, function=enough if stopped else embed) if stage.name == "embed" else stage
        for stage in pipeline.STAGES
    )


def verdict(path: Path, kept: Path, folder: Path, before: str, whole: bool) -> tuple[str, str]:
    """(refused, read, built, or what is wrong; what the command said) of a file built over the index in ``folder``."""
    _stop_after_reading(not whole)
    target = folder / "posts.duckdb"
    code, said = command(arguments(path, target))
    if code == 0:
        state(target)
        restore(kept, folder)
        return "built", said
    for left in folder.glob("posts.duckdb.*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    if code != 1:
        return "TRACEBACK", said
    if _bytes(folder) != before:
        restore(kept, folder)
        return "INDEX CHANGED", said
    if ENOUGH in said:
        return "read", said
    if "error: " not in said or "hint: " not in said:
        return "NO HINT", said
    refused = "refused" if not _unclear(said) else "UNCLEAR"
    return refused, said


def _unclear(said: str) -> bool:
    """Whether an error shows what only its makers understand."""
    error = said[said.index("error: ") :]
    return any(word in error for word in ("INTERNAL", "Traceback", "0x", "riindex-", "object at", "the stage"))


def _work(connection: Connection, kept: Path, folder: Path) -> None:
    from functools import cache

    from riindex import encoders

    encoders.load = cache(encoders.load)  # the bundled model, read once a process
    restore(kept, folder)
    before = _bytes(folder)
    while True:
        path, whole = connection.recv()
        try:
            connection.send(verdict(path, kept, folder, before, whole))
        except Exception as problem:  # an index that does not answer, above all
            restore(kept, folder)
            connection.send(("BROKEN", repr(problem)))


class Worker:
    """A process that takes one file after another; one that hangs is ended and replaced."""

    def __init__(self, ctx: ForkServerContext, kept: Path, folder: Path) -> None:
        self._ctx, self._kept, self._folder = ctx, kept, folder
        self._folder.mkdir()
        self.case: Case | None = None
        self._since = self._spent = 0.0
        self._begin()

    def _begin(self) -> None:
        self.connection, theirs = self._ctx.Pipe()
        self._process: BaseProcess = self._ctx.Process(
            target=_work, args=(theirs, self._kept, self._folder), daemon=True
        )
        self._process.start()
        theirs.close()

    def give(self, case: Case, whole: bool) -> None:
        """Hand over a file."""
        self.case, self._since, self._spent = case, time.monotonic(), self._processor_seconds()
        self.connection.send((case.path, whole))

    def answer(self, seconds: float) -> tuple[str, str] | None:
        """The verdict, if there is one by now; a hang or a crash is one."""
        try:
            if self.connection.poll(0.02):
                found: tuple[str, str] = self.connection.recv()
                return found
        except (EOFError, ConnectionError):
            self._process.join()
            code = self._process.exitcode
            self._begin()
            return "CRASH", f"the process ended with {code}"
        spent, waited = self._processor_seconds() - self._spent, time.monotonic() - self._since
        if spent > seconds or waited > seconds * BUSY:
            self.stop()
            self._begin()
            return "HANG", f"{spent:.0f} s of processor time, {waited:.0f} s in all"
        return None

    def _processor_seconds(self) -> float:
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="go on from this file of a run that was cut off")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--whole", type=int, default=23)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--kinds", choices=KINDS, default="all")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    ctx, begun = context(searching=True), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        kept, files = base / "kept", base / "files"
        kept.mkdir()
        files.mkdir()
        code, said = command(arguments(write(base, posts(30), "csv"), kept / "posts.duckdb"))
        if code:
            raise SystemExit(said)
        workers = [Worker(ctx, kept, base / f"worker{n}") for n in range(options.workers)]
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        found = cases(options.files, options.seed, files, KINDS[options.kinds])[options.first :]
        with contextlib.suppress(KeyboardInterrupt):
            _run(workers, found, options, counts)
        for worker in workers:
            worker.stop()
    _print(counts, time.monotonic() - begun)
    raise SystemExit(1 if any(word.isupper() for row in counts.values() for word in row) else 0)


def _run(
    workers: list[Worker], found: list[Case], options: argparse.Namespace, counts: dict[str, Counter[str]]
) -> None:
    """Hand every file to a worker that is free; ``counts`` gets how many verdicts of a kind each format had."""
    waiting, done = found[::-1], 0
    while waiting or any(worker.case for worker in workers):
        for worker in workers:
            if worker.case is None and waiting:
                case = waiting.pop()
                worker.give(case, case.number % options.whole == 0)
            answer = worker.answer(options.seconds) if worker.case else None
            if worker.case is None or answer is None:
                continue
            case, worker.case = worker.case, None
            counts[case.kind][answer[0]] += 1
            done += 1
            if done % 100 == 0:
                print(f"  {done:,} files", flush=True)
            if answer[0].isupper():
                _keep(case, answer, options.keep)


def _keep(case: Case, answer: tuple[str, str], folder: Path | None) -> None:
    print(f"{case.path.name} ({case.mutation}): {answer[0]}: {answer[1][-600:]}", flush=True)
    if folder is not None:
        folder.mkdir(exist_ok=True)
        shutil.copy(case.path, folder)


def _print(counts: dict[str, Counter[str]], seconds: float) -> None:
    verdicts = ["refused", "read", "built"]
    verdicts += sorted({word for row in counts.values() for word in row} - set(verdicts))
    print(f"\n{sum(row.total() for row in counts.values()):,} files, {seconds:.0f} s")
    print("| format | " + " | ".join(verdicts) + " |")
    print("|---" * (len(verdicts) + 1) + "|")
    for kind, row in counts.items():
        print(f"| {kind} | " + " | ".join(str(row[word]) for word in verdicts) + " |")
    totals = [sum(row[word] for row in counts.values()) for word in verdicts]
    print("| all | " + " | ".join(map(str, totals)) + " |")


if __name__ == "__main__":
    main()
