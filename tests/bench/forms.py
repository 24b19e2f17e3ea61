"""Rows as programs export them: JSON in many shapes, chats, surveys, marked-up texts; what fuzz.py mutates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, str | None]]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(values: Sequence[Any]) -> str:
    return "".join(_json(value) + "\n" for value in values)


def _columns(rows: Rows) -> str:
    return _json({name: {str(n): row[name] for n, row in enumerate(rows)} for name in rows[0]})


def _split(rows: Rows) -> str:
    return _json({"columns": list(rows[0]), "index": list(range(len(rows))), "data": [list(r.values()) for r in rows]})


def _index(rows: Rows) -> str:
    return _json({str(n): dict(row) for n, row in enumerate(rows)})


def _values(rows: Rows) -> str:
    return _json([list(rows[0]), *(list(row.values()) for row in rows)])


def _tweets(rows: Rows) -> list[dict[str, Any]]:
    return [{"id": row["tweet_id"], "text": row["text"], "author_id": str(n % 3), "conversation_id": row["tweet_id"],
             "created_at": row["created_at"], "public_metrics": {"like_count": int(row["like_count"] or 0)},
             "referenced_tweets": [{"type": "replied_to", "id": rows[0]["tweet_id"]}] if n else []}
            for n, row in enumerate(rows)]  # fmt: skip


def _pages(rows: Rows) -> str:
    users = [{"id": str(n), "username": f"writer{n}"} for n in range(3)]
    return _lines([{"data": _tweets(rows), "includes": {"users": users}, "meta": {"result_count": len(rows)}}])


def _mongodb(rows: Rows) -> str:
    return _lines([{"_id": {"$oid": f"5f{n:022}"}, "id": {"$numberLong": row["tweet_id"]}, "text": row["text"],
                    "created_at": {"$date": f"{row['created_at']}Z".replace(" ", "T")}}
                   for n, row in enumerate(rows)])  # fmt: skip


def _listing(rows: Rows) -> str:
    children = [{"kind": "t1", "data": {"id": f"c{n}", "name": f"t1_c{n}", "body": f"> quoted\n\n**{row['text']}**",
                 "parent_id": "t3_s", "link_id": "t3_s", "author": row["author"], "created_utc": 1700000000 + n,
                 "score": n, "replies": ""}} for n, row in enumerate(rows)]  # fmt: skip
    return _json([{"kind": "Listing", "data": {"children": []}}, {"kind": "Listing", "data": {"children": children}}])


def _nested(rows: Rows) -> str:
    inner: list[Any] = []
    for row in rows:
        inner = [{"id": row["tweet_id"], "text": row["text"], "author": row["author"], "replies": inner}]
    return _json(inner)


def _telegram(rows: Rows) -> str:
    messages = [{"id": n, "type": "message", "date": (row["created_at"] or "").replace(" ", "T"), "from": row["author"],
                 "from_id": f"user{n}", "text": [row["text"], {"type": "bold", "text": " bold"}]}
                for n, row in enumerate(rows)]  # fmt: skip
    return _json({"name": "group", "type": "private_supergroup", "id": 1, "messages": messages})


def _whatsapp(rows: Rows) -> str:
    return "".join(
        f"[{21 + n % 8}/10/2025, 13:{n:02}:07] {row['author']}: {row['text']}\n" for n, row in enumerate(rows)
    )


def _android(rows: Rows) -> str:
    return "".join(
        f"10/{21 + n % 8}/25, 1:{n:02}\u202fPM - {row['author']}: {row['text']}\n" for n, row in enumerate(rows)
    )


def _posts(rows: Rows) -> str:
    return "".join(f"{row['text']}\n" for row in rows)


def _labelled(rows: Rows) -> str:
    return "".join(f"good\t{row['text']}\n" for row in rows)


def _html(rows: Rows) -> str:
    marked = (
        '<p>{}</p><br/><a href=""https://x.example/?a=1&amp;b=2"">more</a> &#128512; caf\u00c3\u00a9 \\ud83d\\ude00'
    )
    return "id,text,author\n" + "".join(
        f'{row["tweet_id"]},"{marked.format(row["text"])}",{row["author"]}\n' for row in rows
    )


def _survey(rows: Rows) -> str:
    head = "StartDate,EndDate,ResponseId,RecordedDate,Q1,Q2\nStart Date,End Date,Response ID,Recorded Date,How?,Why?\n"
    head += (
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}",' + '"{""ImportId"":""_recordId""}",' + "x,y,z\n"
    )
    return head + "".join(
        f"{row['created_at']},{row['created_at']},R_{n},{row['created_at']},5,{row['text']}\n"
        for n, row in enumerate(rows)
    )


def _titled(rows: Rows) -> str:
    line = "{id};0{day}/0{month}/2025;1{hour}:00 PM;{text}\n"
    return "Report:,All\n\nsep=;\nid;date;time;text\n" + "".join(
        line.format(id=row["tweet_id"], day=1 + n % 9, month=1 + n % 5, hour=n % 10, text=row["text"])
        for n, row in enumerate(rows)
    )


def _backslashes(rows: Rows) -> str:
    return '"id","text","author"\n' + "".join(
        f'"{row["tweet_id"]}","he said \\"{row["text"]}\\", ok","{row["author"]}"\n' for row in rows
    )


# Ending of the file's name → what is in it.
FORMS: dict[str, Callable[[Rows], str]] = {
    "columns.json": _columns, "split.json": _split, "index.json": _index, "values.json": _values,
    "pages.jsonl": _pages, "mongodb.jsonl": _mongodb, "listing.json": _listing, "nested.json": _nested,
    "telegram.json": _telegram, "whatsapp.txt": _whatsapp, "android.txt": _android, "posts.txt": _posts,
    "labelled.txt": _labelled, "html.csv": _html, "survey.csv": _survey, "titled.csv": _titled,
    "backslashes.csv": _backslashes,
}  # fmt: skip
