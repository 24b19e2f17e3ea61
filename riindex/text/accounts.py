"""Normalised names of accounts."""

from __future__ import annotations

import re
import unicodedata

# The address of a profile: what follows the host and words such as user/ is the account's name, or a parameter is.
_PROFILE = re.compile(
    r"(?:https?:)?(?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?/(?:#!/)?(?:(?:users?|u|in|c|channel|profile|web|people|p)/)*@?([^/?#\s]+)"
)
_ACCOUNT_PARAMETER = re.compile(r"[?&](?:screen_name|user|username)=([\w.-]+)")
# "Bob X (@bobx)", "@bobx@host", "acct:bobx@host", "u/bobx": the handle identifies the account.
_HANDLE = re.compile(r"(?:^|[\s(<\[])@([\w.-]+)")
_PREFIX = re.compile(r"^(?:acct:@?|/?u/)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def account_key(author: str) -> str:
    """Return one key for all spellings of an account: case, @, profile addresses, blanks, invisible signs.

    Never empty for an author that is not: names of signs alone stay as they are.
    """
    plain = unicodedata.normalize("NFKC", author).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Mn") or sign in "\t\n")
    plain = _PREFIX.sub("@", " ".join(plain.split()))
    found = (
        _ACCOUNT_PARAMETER.search(plain)
        or _PROFILE.search(plain)
        or (None if _ADDRESS.fullmatch(plain) else _HANDLE.search(plain))
    )
    name = found[1] if found else plain
    return re.sub(r"^\W+|\W+$", "", name) or plain or author
