"""Contents of columns: whether they are what the header promises, judged by a sample of the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from riindex.store.database import Store
from riindex.store.statements import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

# Rows of a sample, and its cells: a table of ten thousand columns shows fewer rows.
SAMPLE_ROWS, MIN_SAMPLE_ROWS, SAMPLE_CELLS = 400, 20, 400_000
# Share of the values that must be of a kind for the column to be, and that may not where it is told otherwise.
KIND_SHARE, HALF_SHARE = 0.8, 0.5
# Values of which a constant column has to have so many, to be no text.
MIN_CONSTANT = 10
# Words of a free text, on average, and the share of its values that are distinct.
MIN_WORDS = 4
# Words that stand for no value.
PLACEHOLDERS = frozenset({"", "na", "n/a", "nan", "none", "null", "<na>", "nat", "-", "—", "undefined", "[deleted]"})
MONTHS = (
    "jan|feb|fév|fev|mar|mär|apr|abr|avr|may|mai|mag|maj|jun|jui|jul|lug|aug|aoû|ago|sep|set|oct|okt|out|ott|nov|dec|dez|"
    "déc|dic|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|sty|lut|kwi|cze|"
    "lip|sie|wrz|paź|lis|gru"
)
TIME = re.compile(
    r"\d{1,4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,4}|\d{1,2}[-/. ]*(?:de )?(?:" + MONTHS + r")|(?:" + MONTHS
    + r")[^\W\d]*\.?\s+\d|^\d{8}(?:T?\d{4,6}Z?)?$|^\d{9,19}(?:\.\d+)?$|^[2-7]\d{4}(?:\.\d+)?$|^\d\.\d+E\+?\d+$|"
    r"\d\s+\w+ ago\b|^/Date\(|\$date|^\d{2}/\d{4}$|^\d{4}$", re.I,
)  # fmt: skip
HOUR = re.compile(r"^\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?$", re.I)
DATE_ALONE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$")
NUMBER = re.compile(r"^[-+]?[\d.,' \u00a0\u202f]*\d(?:[eE][-+]?\d+)?\s*\w{0,6}\.?(?:\s\w+)?$")
PURE_NUMBER = re.compile(r"^[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?%?$")
LANGUAGE = re.compile(r"^[^\W\d]{2,15}(?:[-_ (][\w)]{2,12})*$")
LINK = re.compile(r"^https?://\S+$")


@dataclass(frozen=True)
class Contents:
    """Sample of a table: column → its values in some rows, blank ones and placeholders as None."""

    values: Mapping[str, Sequence[str | None]]

    @classmethod
    def of(cls, store: Store, table: str) -> Contents:
        """Take the sample of a scratch table."""
        relation: DuckDBPyRelation = store.connection.table(table)
        names = [name for name in relation.columns if name]
        if not names:
            return cls({})
        number = min(SAMPLE_ROWS, max(MIN_SAMPLE_ROWS, SAMPLE_CELLS // len(names)))
        # As text: DuckDB compares each of a list of expressions with every column, a minute at 5,000 columns.
        selected = ", ".join(f"{quoted(name)}::varchar" for name in names)
        found = relation.limit(number).select(selected).fetchall()
        return cls({name: [_value(row[place]) for row in found] for place, name in enumerate(names)})

    @cached_property
    def filled(self) -> dict[str, list[str]]:
        """Column → its values that are not blank."""
        return {name: [value for value in values if value is not None] for name, values in self.values.items()}

    def share(self, column: str, check: Callable[[str], object]) -> float:
        """Return the share of a column's values that pass a check; 0 without values."""
        values = self.filled.get(column, [])
        return sum(map(bool, map(check, values))) / len(values) if values else 0.0

    def fits(self, role: str, column: str) -> bool:
        """Check that the values of a column may have a role; one without values may."""
        return not self.filled.get(column) or CHECKS.get(role, _is_count)(self, column)

    def is_empty(self, column: str) -> bool:
        """Check that a column of the sample holds nothing."""
        return column in self.values and not self.filled[column]

    def is_constant(self, column: str) -> bool:
        """Check that a column has one value in all rows."""
        values = self.filled.get(column, [])
        return len(values) >= MIN_CONSTANT and len(set(values)) == 1

    def free_text(self, columns: Sequence[str]) -> str | None:
        """Return the column that holds texts in the writers' own words, the one with most of them; None for none."""
        sizes = {column: self._size(column) for column in columns}
        best = max(sizes, key=lambda column: sizes[column], default=None)
        return best if best is not None and sizes[best] else None

    def _size(self, column: str) -> float:
        values = self.filled.get(column, [])
        if not values or not _is_text(self, column) or self.share(column, LINK.match) >= HALF_SHARE:
            return 0.0
        words = sum(_words(value) for value in values) / len(values)
        distinct = len(set(values)) / len(values)
        return words * distinct * len(values) if words >= MIN_WORDS and distinct >= HALF_SHARE else 0.0

    def is_date_alone(self, column: str) -> bool:
        """Check that the times of a column have no hours."""
        return self.share(column, DATE_ALONE.match) >= KIND_SHARE

    def holds_hours(self, column: str) -> bool:
        """Check that a column holds hours without a date."""
        return self.share(column, HOUR.match) >= KIND_SHARE

    def repeats_in(self, column: str, text: str) -> bool:
        """Check that the values of a column are names of what the texts are about, not of who wrote them."""
        pairs = [
            (v, t) for v, t in zip(self.values.get(column, ()), self.values.get(text, ()), strict=False) if v and t
        ]
        return bool(pairs) and sum(len(v) > 2 and v in t for v, t in pairs) >= 0.3 * len(pairs)


def _value(value: str | None) -> str | None:
    return None if value is None or value.strip().lower() in PLACEHOLDERS else value.strip()


def _words(value: str) -> float:
    """Count words; a script without spaces has about one for two characters."""
    return max(len(value.split()), sum(c > "\u2e80" for c in value) / 2)


def is_nested(value: str) -> bool:
    """Check that a value is a JSON or Python object or list."""
    return value[:1] in "{[" and value[-1:] in "}]" and re.match(r"^[\[{]\s*[\[{\"'}\]]", value) is not None


def _is_text(contents: Contents, column: str) -> bool:
    return contents.share(column, is_nested) < KIND_SHARE and contents.share(column, PURE_NUMBER.match) < KIND_SHARE


def _is_author(contents: Contents, column: str) -> bool:
    return (
        contents.share(column, lambda v: v.lower() in ("true", "false")) < KIND_SHARE
        and contents.share(column, lambda v: len(v.split()) > 6) < HALF_SHARE
        and (contents.share(column, is_nested) < KIND_SHARE)
    )


def _is_time(contents: Contents, column: str) -> bool:
    return contents.share(column, TIME.search) >= HALF_SHARE


def _is_language(contents: Contents, column: str) -> bool:
    return contents.share(column, lambda v: LANGUAGE.match(v) and len(v) <= 20) >= HALF_SHARE


def _is_reply(contents: Contents, column: str) -> bool:
    return contents.share(
        column, lambda v: " " in v or is_nested(v) or v.lower() in ("true", "false")
    ) < HALF_SHARE  # fmt: skip


def _is_id(contents: Contents, column: str) -> bool:
    return contents.share(column, lambda v: is_nested(v) or len(v.split()) > 3) < HALF_SHARE


def _is_count(contents: Contents, column: str) -> bool:
    return contents.share(column, NUMBER.match) >= HALF_SHARE


def _is_mark(contents: Contents, column: str) -> bool:
    return contents.share(column, lambda v: len(v.split()) > 6 and not is_nested(v)) < HALF_SHARE


CHECKS: Mapping[str, Callable[[Contents, str], bool]] = {
    "text": _is_text, "author": _is_author, "created_at": _is_time, "lang": _is_language,
    "in_reply_to": _is_reply, "tweet_id": _is_id, "is_repost": _is_mark,
}  # fmt: skip
