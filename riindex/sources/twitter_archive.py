"""The archive that Twitter hands out: its tweets, whole and with their author."""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Files beside the tweets: the account, the whole texts of long tweets, and tweets to communities.
ACCOUNT, NOTES, COMMUNITY = "account", "note-tweet", "community-tweet"
# Characters by which a cut tweet and its whole text are the same; and the largest file that is read whole, in bytes.
PREFIX, MAX_BYTES = 60, 1 << 29


def complete(archive: zipfile.ZipFile, files: Iterable[Path]) -> None:
    """Add to the tweets of an archive the name of the account, the whole of cut texts, and tweets to communities."""
    members = {Path(name).stem: name for name in archive.namelist() if name.endswith(".js")}
    account = _records(archive, members.get(ACCOUNT), "account")
    username = next((entry["username"] for entry in account if entry.get("username")), None)
    notes = [note.get("core", {}).get("text") for note in _records(archive, members.get(NOTES), "noteTweet")]
    whole = {_beginning(text): text for text in notes if isinstance(text, str)}
    others = _records(archive, members.get(COMMUNITY), "tweet")
    paths = [path for path in files if path.stat().st_size <= MAX_BYTES]
    if not (username or whole or others) or not paths:
        return
    seen: set[str] = set()
    for path in paths:
        tweets = _parsed(path.read_text(encoding="utf-8", errors="replace"), "tweet")
        seen.update(str(tweet.get("id_str")) for tweet in tweets)
        if path is paths[-1]:
            tweets += [tweet for tweet in others if str(tweet.get("id_str")) not in seen]
        for tweet in tweets:
            if username:
                tweet["account_username"] = username
            text = whole.get(_beginning(str(tweet.get("full_text", ""))))
            if text and len(text) > len(str(tweet["full_text"])):
                tweet["note_tweet_text"] = text
        path.write_text(json.dumps(tweets, ensure_ascii=False), encoding="utf-8", errors="replace")


def _records(archive: zipfile.ZipFile, name: str | None, key: str) -> list[dict[str, Any]]:
    if name is None or archive.getinfo(name).file_size > MAX_BYTES:
        return []
    try:
        return _parsed(archive.read(name).decode("utf-8", "replace"), key)
    except ValueError:
        return []


def _parsed(text: str, key: str) -> list[dict[str, Any]]:
    """Return the records that a file assigns, out of their wrapper."""
    start = text.find("[")
    content = json.loads(text[start:]) if start >= 0 else []
    return [record.get(key, record) for record in content if isinstance(record, dict)]


def _beginning(text: str) -> str:
    plain = " ".join(html.unescape(text).split())
    return plain[:PREFIX] if len(plain) >= PREFIX else plain + "\0"
