"""Indexes that somebody has prepared, and what must come of them: nothing read, written or asked outside.

Each mutation takes a copy of a good index and a ``World`` and changes the copy with plain DuckDB, or the folder beside
it with plain files.
"""

import contextlib
import json
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

SECRET = "TOP-SECRET-KEY-OF-ANALYST-0123456789abcdef"


@dataclass(frozen=True)
class World:
    """What lies beside an index: a secret, files that must stay, and a server that hears."""

    folder: Path
    url: str = "http://127.0.0.1:9/v1"

    @property
    def secret(self):
        return self.folder / "private" / "secret.txt"

    @property
    def victim(self):
        return self.folder / "notes.txt"

    def make(self):
        self.secret.parent.mkdir()
        self.secret.write_text(SECRET, encoding="utf-8")
        self.victim.write_text("my important notes", encoding="utf-8")
        (self.secret.parent / "secret.csv").write_text(f"a\n{SECRET}\n", encoding="utf-8")
        return self

    def harmed(self, folder):
        """What has happened that may not: a file that was changed, or the secret in a file that was written."""
        found = (
            [] if self.victim.read_text(encoding="utf-8") == "my important notes" else ["the notes were written over"]
        )
        if sorted(path.name for path in self.secret.parent.iterdir()) != ["secret.csv", "secret.txt"]:
            found.append("a file was written beside the secret")
        found += [
            f"the secret is in {path.name}"
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink() and SECRET.encode() in path.read_bytes()
        ]
        return found


# What a prepared file tries, as an expression of one text.
PAYLOADS = (
    "(select content from read_text('{secret}') limit 1)",
    "(select content::varchar from read_blob('{secret}') limit 1)",
    "(select a from read_csv('{folder}/private/secret.csv') limit 1)",
    "(select a from '{folder}/private/secret.csv' limit 1)",
    "(select count(*)::varchar from enable_profiling(save_location='{victim}', format='json'))",
    "(select string_agg(file, ' ') from glob('{folder}/private/*'))",
    "(select count(*)::varchar from enable_logging(storage='file', storage_path='{folder}/private'))",
    "(select count(*)::varchar from sniff_csv('{folder}/private/secret.csv'))",
    "repeat(chr(27) || ']0;EVIL' || chr(7), 3)",
)
# Tables whose place a view takes, and a text column of each.
TABLES = (
    ("documents", "text"),
    ("documents", "tweet_id"),
    ("documents", "author"),
    ("personas", "name"),
    ("personas", "description"),
    ("persona_terms", "term"),
    ("persona_hints", "hint"),
    ("persona_evidence", "text"),
    ("about", "text"),
    ("claims", "sentence"),
    ("claims", "sql"),
    ("build", "config"),
    ("build", "encoder"),
    ("build", "vector_table"),
    ("build", "timezone"),
    ("digests", "digest"),
    ("funnel", "step"),
    ("quality", "definition"),
    ("labels", "label"),
    ("words", "word"),
    ("terms", "term"),
    ("rejects", "reason"),
)
VIEWS = ("tweets", "spoken_texts", "search_vectors", "fit_sample", "persona_labels")
SCALARS = ("cleaned_query", "split_hashtag", "keywords", "letter_pairs", "letters_alone")
TABLE_MACROS = (
    "text_words",
    "text_pieces",
    "text_vector",
    "ranked_tweets",
    "similar_tweets",
    "ranked_personas",
    "similar_personas",
    "keyword_scores",
    "matching_tweets",
    "search_tweets",
    "persona_card",
)
# Functions of DuckDB's own that riindex's statements call.
BUILT_IN = (
    ("max", "x"),
    ("min", "x"),
    ("md5", "x"),
    ("substring", "x, p, q"),
    ("sum", "x"),
    ("lower", "x"),
    ("count", "x"),
    ("round", "x, n"),
    ("length", "x"),
    ("replace", "x, p, q"),
    ("regexp_replace", "x, p, q, r"),
    ("hour", "x"),
    ("string_agg", "x, p"),
    ("list", "x"),
    ("array_inner_product", "x, p"),
    ("starts_with", "x, p"),
    ("trim", "x"),
    ("nfc_normalize", "x"),
    ("contains", "x, p"),
    ("mode", "x"),
    ("greatest", "x, p"),
    ("strftime", "x, p"),
)


def _expression(world, dice):
    return dice.choice(PAYLOADS).format(secret=world.secret, folder=world.folder, victim=world.victim, url=world.url)


def table_as_view(connection, world, dice):
    table, column = dice.choice(TABLES)
    connection.execute(f"alter table {table} rename to {table}_")
    connection.execute(
        f"create view {table} as select * replace ({_expression(world, dice)} as {column}) from {table}_"
    )
    return f"view {table}.{column}"


def own_view(connection, world, dice):
    view = dice.choice(VIEWS)
    column = {"tweets": "text", "spoken_texts": "words", "persona_labels": "label"}.get(view, "doc_id")
    held = connection.execute(f"select sql from duckdb_views() where view_name = '{view}'").fetchall()
    if not held:
        return table_as_view(connection, world, dice)
    body = held[0][0].rstrip(";").partition(" AS ")[2]
    replaced = _expression(world, dice)
    replaced = f"coalesce(length({replaced}), 0)::bigint" if column == "doc_id" else replaced
    connection.execute(f"create or replace view {view} as select * replace ({replaced} as {column}) from ({body})")
    return f"view {view}"


def own_macro(connection, world, dice):
    if dice.random() < 0.4:
        name = dice.choice(SCALARS)
        connection.execute(f"create or replace macro {name}(t) as {_expression(world, dice)}")
        return f"macro {name}"
    name = dice.choice(TABLE_MACROS)
    connection.execute(f"drop macro table if exists {name}")
    connection.execute(f"create macro {name}(q, k := 3) as table select {_expression(world, dice)} as text, 1 as score")
    return f"macro {name}"


def built_in(connection, world, dice):
    name, parameters = dice.choice(BUILT_IN)
    spelled = "".join(sign.upper() if dice.random() < 0.3 else sign for sign in name)
    connection.execute(f'create macro "{spelled}"({parameters}) as {_expression(world, dice)}')
    if dice.random() < 0.3:  # what would hide it from whoever lists the macros
        connection.execute('create macro "Duckdb_Functions"() as table select 1 as function_name where false')
    return f"macro {name} in the place of DuckDB's own"


def added_macro(connection, world, dice):
    connection.execute(f"create macro my_own(x) as {_expression(world, dice)}")
    connection.execute("create view my_view as select my_own(1) as x")
    return "a macro and a view of others"


def claim(connection, world, dice):
    said = _expression(world, dice)
    connection.execute(
        "update claims set sql = 'select length(' || $said || '), null, 1' where claim_id in "
        "(select min(claim_id) from claims)",
        {"said": said},
    )
    return "the SQL of a claim"


def bomb(connection, world, dice):
    said = dice.choice(
        [
            "select count(*), null, 1 from range(1000000000) a, range(1000000000) b",
            "select length(repeat('x', 3000000000)), null, 1",
            "with recursive r(n) as (select 1 union all select n + 1 from r) select max(n), null, 1 from r",
        ]
    )
    connection.execute(
        "update claims set sql = $said where claim_id in (select min(claim_id) from claims)", {"said": said}
    )
    return "a bomb in a claim"


def settings(connection, world, dice):
    config = json.loads(connection.execute("select config from build order by rowid desc limit 1").fetchall()[0][0])
    section, key, value = dice.choice(
        [
            ("enrich", "namer", "openai:gpt-evil"),
            ("enrich", "base_url", world.url),
            ("ingest", "kind", "../../../private/secret"),
            ("embed", "encoder", "model2vec:evil-corp/model"),
            ("classify", "file", str(world.secret)),
            ("behave", "timezone", "../../etc/passwd"),
            ("fit", "restarts", 10**9),
            ("enrich", "terms", "many"),
            ("classify", "model", "evil-corp/model"),
            ("denoise", "where", "(select content from read_text('x')) is null"),
        ]
    )
    config[section][key] = value
    if section == "enrich":
        config["enrich"]["namer"] = "openai:gpt-evil"
    text = dice.choice([json.dumps(config)] * 6 + ["", "[1]", "{" * 3000, "null"])
    connection.execute("update build set config = $text", {"text": text})
    if key == "encoder":
        connection.execute("update build set encoder = $value", {"value": value})
    return f"setting {section}.{key}"


def table_name(connection, world, dice):
    name = dice.choice(
        [
            "../private",
            "/etc",
            ".",
            "..",
            "a/b",
            "",
            "x" * 5000,
            "a\nb",
            str(world.secret.parent),
            "../private.20260101T000000-abcd.lance",
            "tweets.20260101T000000-abcd.lance/../private",
        ]
    )
    connection.execute("update build set vector_table = $name", {"name": name})
    return f"vector table {name[:30]!r}"


def computed(connection, world, dice):
    columns = ", ".join(f"{row[0]} {row[1]}" for row in connection.execute("describe funnel").fetchall())
    connection.execute("alter table funnel rename to funnel_")
    connection.execute(f"create table funnel ({columns}, more varchar generated always as (step || 'x') virtual)")
    connection.execute("insert into funnel by name from funnel_")
    connection.execute("drop table funnel_")
    return "a computed column"


def trigger(connection, world, dice):
    connection.execute("create table audit (x integer)")
    connection.execute("create trigger watch after update on personas for each statement insert into audit values (1)")
    return "a trigger"


def other_shape(connection, world, dice):
    table, column = dice.choice(TABLES)
    if dice.random() < 0.5:
        connection.execute(f"create or replace table {table} as select 1 as something_else")
    else:
        connection.execute(f"alter table {table} drop column {column}")
    return f"table {table} of another shape"


def texts(connection, world, dice):
    said = dice.choice(
        [
            "\x1b]0;EVIL\x07\x1b[2J",
            "=cmd|' /C calc'!A0",
            "<script>alert(1)</script>",
            "\u202eevil\u202c",
            "x" * 200_000,
            "\x00\x01\x02",
            "@user " * 5_000,
        ]
    )
    column = dice.choice(["text", "author", "tweet_id", "lang"])
    connection.execute(f"update documents set {column} = $said where doc_id % 7 = 0", {"said": said})
    connection.execute("update personas set name = $said where persona_id = 0", {"said": said[:500]})
    return f"hostile {column}"


INSIDE = (
    table_as_view,
    table_as_view,
    own_view,
    own_macro,
    built_in,
    built_in,
    added_macro,
    claim,
    bomb,
    settings,
    settings,
    table_name,
    computed,
    trigger,
    other_shape,
    texts,
)


def _replaced(path, make):
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    make(path)


def array(folder, world, dice):
    files = sorted((folder / "arrays").iterdir())
    path = dice.choice(files)
    kinds = [
        lambda p: os.mkfifo(p),
        lambda p: p.symlink_to(world.secret),
        lambda p: p.mkdir(),
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(dice.randbytes(4_000)),
        lambda p: np.save(p.open("wb"), np.ones((3, 3))),
        lambda p: np.save(p.open("wb"), np.array([print], dtype=object), allow_pickle=True),
        lambda p: np.save(p.open("wb"), np.full(1_000, -1)),
        lambda p: p.symlink_to("/dev/zero"),
    ]
    _replaced(path, dice.choice(kinds))
    return f"array {path.name}"


def lance(folder, world, dice):
    files = sorted(path for path in (folder / "tweets.lance").rglob("*") if path.is_file())
    path = dice.choice(files)
    kinds = [
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(dice.randbytes(4_000)),
        lambda p: p.symlink_to(world.secret),
        lambda p: p.mkdir(),
    ]
    _replaced(path, dice.choice(kinds))
    return f"lance {path.name}"


def _varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def elsewhere(folder, world, dice):
    """A manifest of Lance that names data outside of the folder (field 18: id, whether a data set's root, path)."""
    path = next((folder / "tweets.lance" / "_versions").glob("*.manifest"))
    content = path.read_bytes()
    start = int.from_bytes(content[-16:-8], "little")
    length = int.from_bytes(content[start : start + 4], "little")
    place = dice.choice([str(world.secret.parent), "s3://somebody/else", world.url]).encode()
    base = b"\x08\x01\x18\x00\x22" + _varint(len(place)) + place
    message = content[start + 4 : start + 4 + length] + _varint(18 << 3 | 2) + _varint(len(base)) + base
    path.write_bytes(content[:start] + len(message).to_bytes(4, "little") + message + content[-16:])
    return "lance elsewhere"


def folder_as_link(folder, world, dice):
    shutil.rmtree(folder)
    folder.symlink_to(world.secret.parent)
    return "the folder is a link"


BESIDE = (array, array, lance, elsewhere, folder_as_link)


def _in_newer_storage(path):
    """Only a file in the storage of DuckDB 2.0 holds triggers."""
    newer = path.with_name("newer.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as older (read_only)")
        connection.execute(f"attach '{newer}' as newer (storage_version 'v2.0.0')")
        connection.execute("copy from database older to newer")
    newer.replace(path)


def prepare(good: Path, folder: Path, world: World, number: int) -> tuple[Path, str]:
    """A prepared index in ``folder``, made from the good one at ``good``; the answer is its path and what was done."""
    dice = random.Random(number)
    path = folder / "tweets.duckdb"
    shutil.copyfile(good, path)
    mutation = INSIDE[number % len(INSIDE)] if number % 5 < 4 else None
    if mutation is trigger:
        _in_newer_storage(path)
    with duckdb.connect(str(path)) as connection:
        name = connection.execute("select vector_table from build order by rowid desc limit 1").fetchall()[0][0]
        shutil.copytree(good.with_name(name), folder / name)
        if mutation is not None:
            done = mutation(connection, world, dice)
            if dice.random() < 0.5:
                with contextlib.suppress(duckdb.BinderException):  # the mutation put a view in its place
                    connection.execute("delete from digests")
            return path, done
    return path, dice.choice(BESIDE)(folder / name, world, dice)
