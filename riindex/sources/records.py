"""Records of a nested JSON file: the list of objects that holds the texts, whatever surrounds it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riindex.sources.columns import ROLES, normalised_name

# Keys of a text in an object. A description or a title is one only where a family says so.
TEXT_KEYS = frozenset({
    "text", "full_text", "fulltext", "rawcontent", "body", "content", "message", "selftext", "tweet", "tweet_text",
    "post", "comment", "comment_text", "textoriginal", "textdisplay", "caption", "review", "review_text",
})  # fmt: skip
# Keys that show that an object is a post, beside its text.
POST_KEYS = frozenset(
    {name for role in ("tweet_id", "author", "created_at", "in_reply_to") for name in ROLES[role]}
    | {"publishedat", "createdat", "published", "uri", "ts", "date_unixtime", "from_id", "cid", "rest_id", "objectid"}
) - {"name"}  # fmt: skip
# Keys of what belongs to a post and is not one: its author, what it quotes or repeats, its media.
SIDE_KEYS = frozenset({
    "includes", "referenced_tweets", "quoted_status", "retweeted_status", "quotedtweet", "retweetedtweet", "entities",
    "extended_entities", "edit_history", "edit_info", "user", "users", "author", "account", "accounts", "reblog",
    "embed", "embeds", "attachments", "text_entities", "formats", "thumbnails", "media", "hashtags", "card", "actor",
    "quoted_tweet", "retweeted_tweet", "sender", "profile", "mentions", "tags", "reactions", "contacts",
})  # fmt: skip
# Keys of objects that hold one post.
WRAPPERS = frozenset(
    {"tweet", "data", "post", "node", "status", "_source", "item", "attributes", "fields", "notetweet"}
)
REPLY_KEYS = frozenset({"replies", "comments", "children", "responses", "answers", "thread"})
# Keys by which a post names its author, and keys of the name in a list of users.
AUTHOR_ID_KEYS = ("author_id", "user_id", "authorId", "userId", "from_id", "owner_id", "uid")
USER_NAME_KEYS = ("username", "screen_name", "handle", "userName", "acct", "name", "display_name")
# Depth to which an object is searched, records and elements of a list that show the layout, and levels of replies.
MAX_DEPTH, SAMPLE_RECORDS, SAMPLE_ELEMENTS, MAX_REPLY_DEPTH = 8, 200, 300, 100
ELEMENT = "*"
# Key under which a nested reply says which row it answers.
PARENT = "parent_row"
# Objects by which MongoDB exports a value with its type.
BSON_KEYS = frozenset({"$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid"})

Path = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Place of the rows in a file: keys to their list, whether some hold replies, and other shapes.

    ``rows``: keys from a record, ELEMENT for those of a list; ``shape``: orientation of a pandas table, or "".
    ``wrapped``: rows lie in a wrapper; ``nested``: rows hold replies; ``users``: keys to a list of users;
    ``merged``: key of a list whose objects are parts of one row; ``typed``: values are those of MongoDB.
    """

    rows: Path = ()
    shape: str = ""
    wrapped: bool = False
    nested: bool = False
    users: tuple[Path, ...] = ()
    merged: str = ""
    typed: bool = False

    @property
    def is_flat(self) -> bool:
        """True where every record is a row as it is."""
        return self == Layout()


def parse(text: str) -> Any:
    """Parse a JSON text; NaN and infinities, which JSON does not have, become None."""
    return json.loads(text, parse_constant=lambda _: None)


def find_layout(samples: Sequence[Any]) -> Layout:
    """Return where the rows are, judged by the first records of a file."""
    shape = _pandas_shape(samples)
    if shape:
        return Layout(shape=shape)
    objects = [sample for sample in samples if isinstance(sample, dict)]
    found = _Found()
    for sample in objects:
        found.note((), sample)
        found.walk(sample, (), 0)
    rows, merged = found.choose(len(objects))
    chosen = [row for sample in objects for row in _at(sample, rows)]
    merged = merged or next((key for row in chosen for key in row if _is_album(key, row[key])), "")
    return Layout(
        rows=rows,
        wrapped=any(_wrapper(row) for row in chosen),
        nested=any(_replies(row) for row in chosen),
        users=tuple(found.users) if any(k in row for row in map(_unwrapped, chosen) for k in AUTHOR_ID_KEYS) else (),
        merged=merged,
        typed=any(_is_typed(value) for row in chosen for value in row.values()),
    )


class _Found:
    """Objects with texts that a walk through records has come to, by path."""

    def __init__(self) -> None:
        self.characters: dict[Path, int] = defaultdict(int)
        self.posts: dict[Path, int] = defaultdict(int)
        self.users: dict[Path, None] = {}
        self._timed = False

    def note(self, path: Path, value: Mapping[str, Any]) -> None:
        """Count the text of an object that may be a row."""
        text = own_text(value)
        self.characters[path] += len(text)
        self.posts[path] += bool(text) and _is_post(value)
        self._timed = self._timed or (not path and any(normalised_name(key) in ROLES["created_at"] for key in value))

    def walk(self, value: Any, path: Path, depth: int) -> None:
        """Note all objects in lists below a value."""
        if depth > MAX_DEPTH:
            return
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, list) and inner and isinstance(inner[0], dict) and _is_user(inner[0]):
                    self.users[(*path, key)] = None
                if (isinstance(inner, dict | list) and normalised_name(key) not in SIDE_KEYS) or key == "includes":
                    self.walk(inner, (*path, key), depth + 1)
        elif isinstance(value, list):
            for inner in value[:SAMPLE_ELEMENTS]:
                if isinstance(inner, dict):
                    if "includes" not in path:
                        self.note((*path, ELEMENT), inner)
                    self.walk(inner, (*path, ELEMENT), depth + 1)

    def choose(self, records: int) -> tuple[Path, str]:
        """Return the path of the rows, and the key of a list whose objects are parts of one row."""
        lists = {path: size for path, size in self.characters.items() if path and size}
        lists = {path: size for path, size in lists.items() if not _is_reply_path(path, lists)}
        if not lists or (self.characters[()] and (self.posts[()] or records > 1)):
            return (), ""
        best = max(lists, key=lambda path: lists[path])
        if len(best) == 2 and not self.posts[best] and self._timed:
            return (), best[0]
        return best, ""


def _is_reply_path(path: Path, others: Mapping[Path, int]) -> bool:
    """Check that a list of replies lies in rows that are candidates themselves."""
    return any(
        len(other) < len(path) and path[: len(other)] == other and set(path[len(other) :]) & REPLY_KEYS
        for other in others
    )


def own_text(value: Mapping[str, Any], depth: int = 0) -> str:
    """Return the text of an object, also of objects in it that are neither its author nor what it quotes."""
    for key, inner in value.items():
        if normalised_name(key) in TEXT_KEYS:
            if isinstance(inner, dict) and len(inner) == 1:
                inner = inner.get("value")  # {"Comment": {"value": "…"}}, as Meta writes what has a label
            if isinstance(inner, str) and inner.strip():
                return inner
            if key == "text" and isinstance(inner, list) and inner and isinstance(inner[0], str | dict):
                return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in inner)
    for key, inner in value.items():
        if isinstance(inner, dict) and depth < MAX_DEPTH and normalised_name(key) not in SIDE_KEYS:
            text = own_text(inner, depth + 1)
            if text:
                return text
    return ""


def _is_album(key: str, value: Any) -> bool:
    """Check for the pictures of a post on Instagram, of which a single one has the post's words and time."""
    return (
        key == "media"
        and isinstance(value, list)
        and any(isinstance(part, dict) and {"title", "creation_timestamp"} <= part.keys() for part in value)
    )


def _is_post(value: Mapping[str, Any]) -> bool:
    return any(
        normalised_name(key) in POST_KEYS or (isinstance(inner, dict) and key not in SIDE_KEYS and _is_post(inner))
        for key, inner in value.items()
    )


def _is_user(value: Mapping[str, Any]) -> bool:
    return "id" in value and any(key in value for key in USER_NAME_KEYS) and not own_text(value)


def _pandas_shape(samples: Sequence[Any]) -> str:
    """Return the orientation in which pandas wrote a table, where it is not one record a row."""
    if len(samples) > 1 and all(isinstance(sample, list) for sample in samples):
        header = samples[0]
        return "values" if all(isinstance(name, str) for name in header) and _names_text(header) else ""
    if len(samples) != 1 or not isinstance(samples[0], dict) or not samples[0]:
        return ""
    return _object_shape(samples[0])


def _object_shape(whole: Mapping[str, Any]) -> str:
    columns, data, inner = whole.get("columns"), whole.get("data"), list(whole.values())
    if isinstance(columns, list) and isinstance(data, list) and data and isinstance(data[0], list):
        return "split"
    if all(isinstance(value, dict) and value for value in inner):
        numbered = all(key.isdigit() for value in inner for key in value)
        if numbered and _names_text(whole) and len({tuple(value) for value in inner}) == 1:
            return "columns"
        return "index" if all(key.isdigit() for key in whole) and any(own_text(value) for value in inner) else ""
    lists = all(isinstance(value, list) for value in inner)
    return "list" if lists and _names_text(whole) and len({len(value) for value in inner}) == 1 else ""


def _names_text(names: Any) -> bool:
    return any(normalised_name(str(name)) in TEXT_KEYS for name in names)


def rows(record: Any, layout: Layout, header: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield the rows of one record; ``header``: names of the columns, for rows that are lists."""
    if layout.shape:
        yield from _pandas_rows(record, layout.shape, header)
        return
    if not isinstance(record, dict):
        return
    users = _users(record, layout.users)
    for row in _at(record, layout.rows):
        if layout.merged:
            row = _merged(row, layout.merged)
        for found in _with_replies(row, layout, 0):
            _join(found, users)
            yield {key: _untyped(value) for key, value in found.items()} if layout.typed else found


def _pandas_rows(whole: Any, shape: str, header: Sequence[str]) -> Iterator[dict[str, Any]]:
    if shape == "values":
        yield dict(zip(header, whole, strict=False))
    elif shape == "split":
        for values in whole["data"]:
            yield dict(zip(map(str, whole["columns"]), values, strict=False))
    elif shape == "index":
        yield from (value for value in whole.values() if isinstance(value, dict))
    elif shape == "columns":
        for key in next(iter(whole.values())):
            yield {name: values.get(key) for name, values in whole.items()}
    else:
        for values in zip(*whole.values(), strict=False):
            yield dict(zip(whole, values, strict=False))


def _at(value: Any, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects at a path; a record that does not have it is a row itself."""
    if not path:
        if isinstance(value, dict):
            yield value
        return
    step, rest = path[0], path[1:]
    if step == ELEMENT and isinstance(value, list):
        for inner in value:
            yield from _at(inner, rest)
    elif isinstance(value, dict) and step in value:
        yield from _at(value[step], rest)


def _merged(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    parts = [part for part in row.get(key) or [] if isinstance(part, dict)]
    return {**row, key: {name: value for part in reversed(parts) for name, value in part.items()}}


def _wrapper(row: Mapping[str, Any]) -> str:
    """Return the key of the object that is the post itself."""
    return next(
        (k for k, v in row.items() if isinstance(v, dict) and normalised_name(k) in WRAPPERS | {"source"}
         and k != "source" and own_text(v)), ""
    )  # fmt: skip


def _unwrapped(row: dict[str, Any]) -> dict[str, Any]:
    key = _wrapper(row)
    if not key or (_is_post({k: v for k, v in row.items() if k not in (key, "id")}) and key == "data"):
        return row
    outer = {k: v for k, v in row.items() if k != key and k not in row[key] and normalised_name(k) not in SIDE_KEYS}
    return _unwrapped({**row[key], **outer})


def _replies(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key, value in _unwrapped(dict(row)).items():
        if normalised_name(key) in REPLY_KEYS:
            found += [r for r in _objects(value, 0) if own_text(r) and _is_post(_unwrapped(r))]
    return found


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, also of one that lies in objects such as {"data": {"children": […]}}."""
    if isinstance(value, list):
        yield from (inner for inner in value if isinstance(inner, dict))
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from _objects(inner, depth + 1)


def _with_replies(row: dict[str, Any], layout: Layout, depth: int) -> Iterator[dict[str, Any]]:
    replies = _replies(row) if layout.nested and depth < MAX_REPLY_DEPTH else []
    row = _unwrapped(row)
    if replies:
        row = {k: v for k, v in row.items() if normalised_name(k) not in REPLY_KEYS or isinstance(v, int | str)}
    yield row
    own = next((row[key] for key in ("id", "id_str", "tweet_id", "name", "cid", "uri") if row.get(key)), None)
    for reply in replies:
        for found in _with_replies(reply, layout, depth + 1):
            yield found if PARENT in found or own is None else {**found, PARENT: own}


def _users(record: Mapping[str, Any], paths: Sequence[Path]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in paths:
        for user in _at(record, (*path, ELEMENT)):
            found[str(user.get("id"))] = user
    return found


def _join(row: dict[str, Any], users: Mapping[str, Mapping[str, Any]]) -> None:
    """Give a row its author from the list of users."""
    key = next((key for key in AUTHOR_ID_KEYS if row.get(key) is not None), "")
    user = users.get(str(row.get(key))) if key and not isinstance(row.get("author"), dict) else None
    if user is not None:
        name = next((user[k] for k in USER_NAME_KEYS if user.get(k)), None)
        row["author"] = {"id": user.get("id"), "username": name, "name": user.get("name")}


def _is_typed(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in BSON_KEYS


def _untyped(value: Any) -> Any:
    return _untyped(next(iter(value.values()))) if _is_typed(value) else value
