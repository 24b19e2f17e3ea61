"""Collections of persona descriptions: ``=== PERSONA n ===`` text files, and JSON objects of named descriptions."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riindex.errors import InputError
from riindex.machine.paths import expand_path
from riindex.sources.columns import DESCRIPTION_ROLES, ROLES, join_names, normalised_name
from riindex.sources.survey import READ_ERRORS, open_binary, survey_file

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "descriptions"
HEADER = re.compile(r"^[ \t]*===[ \t]*PERSONA[ \t]+([^=\n]+?)[ \t]*===[ \t]*$", re.IGNORECASE | re.MULTILINE)
# Largest JSON file that is read whole to see whether it holds named descriptions, in bytes.
MAX_WHOLE_JSON = 1 << 26
# Roles whose columns only posts have.
POST_ROLES = ("created_at", "in_reply_to", "like_count", "retweet_count", "reply_count", "quote_count")


@dataclass(frozen=True)
class Blocks:
    """Personas of a text file in its order, the numbers of empty ones, and notes for the user."""

    numbers: Sequence[str]
    ids: Sequence[str]
    texts: Sequence[str]
    empty: Sequence[str]
    notes: Sequence[str]

    def table(self) -> pa.Table:
        """Return one row a persona: id (of a number that occurs again, ``3-2``), persona_number, text."""
        import pyarrow as pa

        kinds = (pa.string(),) * 3
        columns = (self.ids, self.numbers, self.texts)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        return pa.table(arrays, names=["id", "persona_number", "text"])


def read_blocks(text: str, name: str) -> Blocks:
    """Read the personas of a text; raise InputError where it has no header, or no description under any."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parts = HEADER.split(text)
    if len(parts) == 1:
        raise InputError(
            f"{name} has no line === PERSONA 1 ===",
            "put one before each description, or give a table with a text column: CSV, JSON, Parquet …",
        )
    numbers, texts = parts[1::2], [part.strip() for part in parts[2::2]]
    empty = [number for number, written in zip(numbers, texts, strict=True) if not written]
    kept = [(number, written) for number, written in zip(numbers, texts, strict=True) if written]
    if not kept:
        raise InputError(
            f"{name} has {len(numbers):,} headers and no description under any of them", "write one below its header"
        )
    ids = _ids([number for number, _ in kept])
    notes = [f"{name}: {note}" for note in (_preamble(parts[0]), _repeated(numbers), _missing(numbers)) if note]
    return Blocks([number for number, _ in kept], ids, [written for _, written in kept], empty, notes)


def _ids(numbers: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    taken = set(numbers)
    ids = []
    for number in numbers:
        seen[number] += 1
        name = number
        while seen[number] > 1 and name in taken:
            name = f"{number}-{seen[number]}"
            seen[number] += name in taken
        taken.add(name)
        ids.append(name)
    return ids


def _preamble(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    shown = " ".join(lines[0].split())[:60] if lines else ""
    return f"the text before the first header is not a persona and was left out: “{shown}”" if lines else ""


def _repeated(numbers: Sequence[str]) -> str:
    again = [f"{number} ({count} times)" for number, count in Counter(numbers).items() if count > 1]
    return f"numbers that occur more than once, all of them kept: {join_names(again)}" if again else ""


def _missing(numbers: Sequence[str]) -> str:
    known = sorted({int(number) for number in numbers if number.isascii() and number.isdigit()})
    if not known:
        return ""
    gaps = [
        str(low + 1) if high - low == 2 else f"{low + 1} to {high - 1}"
        for low, high in itertools.pairwise(known)
        if high - low > 1
    ]
    return f"numbers that are left out between {known[0]} and {known[-1]}: {join_names(gaps)}" if gaps else ""


def named_descriptions(content: Any) -> list[dict[str, str]] | None:
    """Return the rows of an object ``{"name": "description", …}`` or ``{"name": {"prompt": …}, …}``.

    None for anything else. The name becomes ``id``, or ``name`` where the descriptions have ids of their own.
    """
    if not isinstance(content, dict) or not content:
        return None
    values = list(content.values())
    if all(isinstance(value, str) for value in values):
        known = {name for names in ROLES.values() for name in names}
        return (
            None if known & set(map(normalised_name, content)) else [{"id": k, "text": v} for k, v in content.items()]
        )
    if len(values) < 2 or not all(isinstance(value, dict) and _describes(value) for value in values):
        return None
    outer = "name" if any("id" in value for value in values) else "id"
    return [{**{k: _text(v) for k, v in inner.items()}, outer: name} for name, inner in content.items()]


def _describes(value: Mapping[str, Any]) -> bool:
    keys = set(map(normalised_name, value))
    return bool(keys & set(DESCRIPTION_ROLES["text"])) and not any(keys & set(ROLES[role]) for role in POST_ROLES)


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def named_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows of :func:`named_descriptions` as a table of text columns, the id first."""
    import pyarrow as pa

    names = list(dict.fromkeys(["id", *(key for row in rows for key in row)]))
    names = [name for name in names if any(name in row for row in rows)]
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def load_named(path: Path, packed: bool) -> list[dict[str, str]] | None:
    """Read ``named_descriptions`` of a JSON file; None for another kind of file, or one above MAX_WHOLE_JSON.

    A file is parsed once as long as it does not change: its kind is needed before its content.
    """
    status = path.stat()
    return _named(path, packed, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4)
def _named(path: Path, packed: bool, *_: int) -> list[dict[str, str]] | None:
    with open_binary(path, packed) as handle:
        if not handle.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return None
    with open_binary(path, packed) as handle:
        data = handle.read(MAX_WHOLE_JSON + 1)
    if len(data) > MAX_WHOLE_JSON:
        return None
    try:
        return named_descriptions(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return None


def kind_of(inputs: Sequence[Any]) -> str | None:
    """Return ``descriptions`` where every source is recognised as a collection of them, else None: undecided."""
    return KIND if inputs and all(map(_is_collection, inputs)) else None


def _is_collection(given: Any) -> bool:
    if not isinstance(given, str | Path):
        return False
    path = expand_path(given)
    packed = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix.lower() if packed else path.suffix.lower()
    try:
        if suffix == ".txt":
            return not path.is_file() or _has_header(path, packed)
        return suffix == ".json" and path.is_file() and load_named(path, packed) is not None
    except READ_ERRORS:
        return False  # reading it will raise the error


def _has_header(path: Path, packed: bool) -> bool:
    head = survey_file(path, packed).head
    return (
        HEADER.search(head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace"))
        is not None
    )


def check_blocks(columns: Sequence[str], name: str) -> None:
    """Raise InputError where a text file that should hold persona descriptions has none."""
    if "persona_number" not in columns:
        read_blocks("", name)
