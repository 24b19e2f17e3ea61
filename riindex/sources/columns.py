"""Roles of the columns of a source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

from riindex.errors import ConfigError, InputError

# The names that the usual exports give a role, in order of preference. Sources: Twitter API v1.1 and v2, the
# Twitter archive, Kaggle's Customer Support on Twitter and US Airline Sentiment, StockNet, snscrape, twarc-csv.
ROLES: Mapping[str, tuple[str, ...]] = {
    "tweet_id": ("tweet_id", "id_str", "status_id", "tweetid", "post_id", "reply_id", "id", "uid", "message_id",
                 "comment_id", "commentid", "postid", "messageid", "cid", "uri"),
    "text": ("full_text", "text", "tweet_text", "tweet", "body", "content", "rawcontent", "message", "post",
             "comment", "review", "description", "fulltext", "post_text", "post_message", "comment_text",
             "review_text", "review_body", "selftext", "caption", "beitrag", "kommentar", "nachricht", "texto",
             "mensaje", "comentario", "publicacion", "mensagem", "texte", "commentaire", "testo", "commento",
             "messaggio", "bericht", "tekst", "wiadomosc", "текст", "сообщение", "комментарии", "metin", "yorum",
             "mesaj", "本文", "内容", "テキスト", "文本", "내용", "نص", "النص"),
    "author": ("author", "screen_name", "username", "user_screen_name", "user_username", "author_username",
               "handle", "author_id", "user", "user_id", "user_name", "from_user", "author_name", "author_handle",
               "screenname", "userscreenname", "acct", "sender", "autor", "auteur", "autore", "автор", "yazar",
               "作者", "account_username", "name", "from", "by"),
    "created_at": ("created_at", "tweet_created", "date", "timestamp", "datetime", "created", "time",
                   "created_utc", "posted_at", "published_at", "tweet_date", "createdat", "publishedat",
                   "published", "post_created", "publish_date", "post_date", "created_time", "datum", "fecha",
                   "data", "дата", "tarih", "日付", "日期", "ts"),
    "lang": ("lang", "language", "tweet_language", "langs"),
    "in_reply_to": ("in_reply_to", "in_reply_to_tweet_id", "in_reply_to_status_id_str", "in_reply_to_status_id",
                    "in_response_to_tweet_id", "reply_to", "reply_to_id", "in_reply_to_id", "replied_to",
                    "parent_id", "inreplytotweetid", "inreplytoid", "reply_to_message_id", "reply_to_status_id",
                    "in_reply_to_tweetid", "parent_comment_id", "parentid", "reply_parent_uri", "parent_row"),
    "like_count": ("like_count", "likes", "favorite_count", "favourite_count", "favorites", "likecount",
                   "public_metrics_like_count", "favoritecount", "favourites_count", "likes_count", "reactions"),
    "retweet_count": ("retweet_count", "retweets", "retweetcount", "share_count", "shares",
                      "public_metrics_retweet_count", "reblogs_count", "repost_count", "repostcount",
                      "retweets_count"),
    "reply_count": ("reply_count", "replies", "replycount", "num_replies", "public_metrics_reply_count",
                    "replies_count"),
    "quote_count": ("quote_count", "quotes", "quotecount", "public_metrics_quote_count"),
    "is_repost": ("is_repost", "isrepost", "is_retweet", "isretweet", "is_rt", "is_share", "is_reblog", "is_forwarded",
                  "retweeted_status_id_str", "retweeted_status_id", "retweeted_status", "retweetedtweet_id",
                  "retweetedtweet", "retweeted_tweet_id", "retweeted_tweet", "retweet_tweetid", "retweeted_id",
                  "retweet_status_id", "referenced_tweets_retweeted_id", "reblog_id", "reblog", "forwarded_from"),
}  # fmt: skip
# The same for persona descriptions: a name is the description's own, not that of an author.
DESCRIPTION_ROLES: Mapping[str, tuple[str, ...]] = {
    **ROLES,
    "tweet_id": ("persona_id", "id", "persona_number", "number", "uid", "uuid", "name", "persona_name", "title", "act"),
    "text": ("persona_description", "description", "text", "prompt", "persona", "bio", "biography", "profile",
             "summary", "content", "body"),
    "author": ("author", "created_by"),
}  # fmt: skip
# Kind of documents → the names of its columns.
ROLES_BY_KIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {"tweets": ROLES, "descriptions": DESCRIPTION_ROLES}


def normalised_name(name: str) -> str:
    """Return a column name as it is compared: lower case, words joined by one underscore."""
    plain = "".join(c for c in normalize("NFKD", name.strip().lower()) if not combining(c))
    return re.sub(r"[\W_]+", "_", normalize("NFC", plain)).strip("_")


def is_known_column(name: str) -> bool:
    """Check that a column of that name has a role without being mapped."""
    return any(normalised_name(name) in names for roles in ROLES_BY_KIND.values() for names in roles.values())


def column_of(role: str, columns: Sequence[str]) -> str | None:
    """Return the column that has a role by its name alone, the preferred name first."""
    by_plain = {normalised_name(column): column for column in reversed(columns)}
    return next((by_plain[name] for name in ROLES[role] if name in by_plain), None)


def assign_roles(
    columns: Sequence[str],
    mapping: Mapping[str, str],
    source: str,
    known_names: Mapping[str, Sequence[str]] = ROLES,
) -> dict[str, str]:
    """Return role → column for one source; ``mapping`` (role → column) goes before the known names.

    Raises ConfigError for an unknown role or a mapped column that no name matches, InputError when nothing is text.
    """
    roles = mapped_roles(columns, mapping, source)
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(normalised_name(column), column)
    for role, names in known_names.items():
        if role in roles:
            continue
        free = (by_plain[n] for n in names if n in by_plain and by_plain[n] not in roles.values())
        known = next(free, None)
        if known is not None:
            roles[role] = known
    if "text" not in roles:
        raise InputError(
            f"no column of {source} looks like a text",
            f"it has: {join_names(columns)}; give --map text=COLUMN",
        )
    return roles


def mapped_roles(columns: Sequence[str], mapping: Mapping[str, str], source: str) -> dict[str, str]:
    """Return role → column as mapped; raise ConfigError for an unknown role, or a column that is not there."""
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(normalised_name(column), column)
    roles: dict[str, str] = {}
    for role, wanted in mapping.items():
        if role not in ROLES:
            raise ConfigError(f"--map knows no role {role!r}", f"roles: {', '.join(ROLES)}")
        found = wanted if wanted in columns else by_plain.get(normalised_name(wanted))
        if found is None:
            raise ConfigError(f"{source} has no column {wanted!r}", f"it has: {join_names(columns)}")
        roles[role] = found
    return roles


def join_names(names: Sequence[str], max_names: int = 20) -> str:
    """Join names for a message, the first ``max_names`` of them."""
    shown = ", ".join(names[:max_names])
    return f"{shown} … and {len(names) - max_names} more" if len(names) > max_names else shown


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise ConfigError unless every mapped role is known."""
    for role in mapping:
        if role not in ROLES:
            raise ConfigError(f"--map knows no role {role!r}", f"roles: {join_names(list(ROLES))}")
