"""Training corpora: read, cleaned, without copies, without a single text of a test set."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riindex.encoders.training.clean import identity_keys, teacher_text
from riindex.encoders.training.synthetic import synthetic_requests
from riindex.errors import InputError

if TYPE_CHECKING:
    import polars as pl

TEXT_COLUMNS = ("text", "full_text", "tweet", "body", "content", "description")
WORDNET_PARTS = ("noun", "verb", "adj", "adv")
MIN_WORDS = 2  # a single word is taught by distillation, not by the corpus
MAX_CHARS = 500  # the teacher reads 256 tokens; a post seldom has more than 280 characters
SOFTWARE_FRAMES = (
    "How to use {}?", "{} not working", "How do I write a {}?", "Best {}", "Error in {}",
    "What is the difference between {} and others?",
    "Is there a way to extend {}", "Why does {} fail?", "{}: how to configure it", "Using {} from a script",
)  # fmt: skip
_EXAMPLE = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Corpus:
    """One source of texts, identified by its name and the SHA-256 of its content."""

    name: str
    sha256: str
    read: int
    excluded: int
    texts: tuple[str, ...]


def load_corpus(path: Path, limit: int, excluded: frozenset[str] = frozenset(), seed: int = 0) -> Corpus:
    """Read at most ``limit`` different texts of ``path``, in an order that depends on the seed and the texts only.

    A file with a ``source`` column gives each of its sources an equal share while it lasts. A raised limit keeps the
    texts of the lower one where there is one source, so that a teacher's work is not lost.

    Raises InputError when the path cannot be read or holds no text.
    """
    groups: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    read = left_out = 0
    for source, raw in _read(path):
        read += 1
        text = raw[: 2 * MAX_CHARS]
        shown = teacher_text(text)[:MAX_CHARS]
        if len(shown.split()) < MIN_WORDS or shown.casefold() in seen:
            continue
        seen.add(shown.casefold())
        if excluded and not excluded.isdisjoint(identity_keys(text)):
            left_out += 1
            continue
        groups.setdefault(source, {})[_rank(text, seed)] = text
    if not groups:
        raise InputError(f"{path} holds no text to learn from", "name a file with a text column, or one text a line")
    ordered = {source: [text for _, text in sorted(texts.items())] for source, texts in groups.items()}
    texts = tuple(_even_share(ordered, limit))
    return Corpus(path.name, _sha256(path), read, left_out, texts)


def excluded_keys(paths: Iterable[Path]) -> frozenset[str]:
    """Return the identity keys of every text in the files that training must not see."""
    return frozenset(key for path in paths for _, text in _read(path) for key in identity_keys(text))


def read_table(path: Path) -> pl.DataFrame:
    """Read a Parquet, JSONL, CSV or TSV file as it stands, all of a delimited file's columns as text.

    A file whose first line names no known column is taken to have no header.
    """
    import polars as pl

    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return pl.read_parquet(path)
        if suffix in {".jsonl", ".ndjson"}:
            return pl.read_ndjson(path)
        separator = "\t" if suffix == ".tsv" else ","
        with path.open(encoding="utf-8", errors="replace") as lines:
            names = {name.strip().strip('"').lower() for name in lines.readline().split(separator)}
        return pl.read_csv(
            path,
            separator=separator,
            has_header=not names.isdisjoint(TEXT_COLUMNS),
            infer_schema=False,
            quote_char=None if separator == "\t" else '"',
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
            ignore_errors=True,
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"{path} cannot be read: {error}", "give a Parquet, CSV, TSV, JSONL or text file") from error


def text_column(table: pl.DataFrame) -> str:
    """Return the column with the texts: one of the usual names, else the one with the longest strings."""
    import polars as pl

    known = {name.lower(): name for name in table.columns}
    for name in TEXT_COLUMNS:
        if name in known:
            return known[name]
    strings = [name for name, kind in table.schema.items() if kind == pl.String]
    if not strings:
        raise InputError("no column holds text", f"name one of the columns {', '.join(TEXT_COLUMNS)}")
    return max(strings, key=lambda name: float(str(table[name].str.len_chars().mean() or 0)))


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """Yield pairs of source and text, in the order of the file."""
    if not path.exists():
        raise InputError(f"{path} does not exist", "check the path")
    if path.is_dir():
        yield from (("", text) for text in _wordnet(path))
    elif path.name == "cntlist.rev":
        yield from (("", text) for text in synthetic_requests(path))
    elif path.name.startswith("Packages"):
        yield from (("", text) for text in _packages(path))
    elif path.suffix.lower() in {".txt", ""}:
        yield from (("", line) for line in path.read_text("utf-8", errors="replace").splitlines())
    else:
        table = read_table(path)
        texts = table[text_column(table)].to_list()
        sources = table["source"].to_list() if "source" in table.columns else [""] * len(texts)
        yield from ((source or "", text) for source, text in zip(sources, texts, strict=True) if text)


def _wordnet(folder: Path) -> Iterator[str]:
    """Yield every gloss with the word it explains, and every example sentence, of a WordNet ``dict`` folder."""
    for part in WORDNET_PARTS:
        data = folder / f"data.{part}"
        if not data.exists():
            raise InputError(
                f"{folder} is not a WordNet folder: {data.name} is missing", "apt-get install wordnet-base"
            )
        for line in data.read_text("latin-1").splitlines():
            if line.startswith("  ") or " | " not in line:  # the licence stands at the top, indented
                continue
            fields, gloss = line.split(" | ", 1)
            examples = _EXAMPLE.findall(gloss)
            meaning = _EXAMPLE.sub("", gloss).strip(" ;")
            word = fields.split(" ")[4].split("(")[0].replace("_", " ")
            yield f"{word}: {meaning}"
            yield from examples


def _packages(path: Path) -> Iterator[str]:
    """Yield the one-line description of every package in a Debian ``Packages`` file (deb822), and questions on it."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        about = [line.split(":", 1)[1].strip() for line in lines if line.startswith("Description:")]
    yield from about
    for at, description in enumerate(dict.fromkeys(about)):
        yield SOFTWARE_FRAMES[at % len(SOFTWARE_FRAMES)].format(description)


def _rank(text: str, seed: int) -> str:
    return hashlib.blake2b(f"{seed}\n{text}".encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _even_share(groups: dict[str, list[str]], limit: int) -> list[str]:
    """Take equally from every group until ``limit`` is reached; a small group gives all it has."""
    wanted = dict.fromkeys(groups, 0)
    left = min(limit, sum(len(texts) for texts in groups.values()))
    while left > 0:
        open_groups = [name for name in groups if wanted[name] < len(groups[name])]
        share = max(1, left // len(open_groups))
        for name in open_groups:
            step = min(share, len(groups[name]) - wanted[name], left)
            wanted[name] += step
            left -= step
    return [text for name in sorted(groups) for text in groups[name][: wanted[name]]]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    files = [path] if path.is_file() else [path / f"data.{part}" for part in WORDNET_PARTS]
    for file in files:
        with file.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
