"""One account, however it is written."""

import pytest

from riindex.text.accounts import account_key

SPELLINGS = [
    "acct:bobx@mastodon.social", "/u/bobx", "u/bobx", "https://twitter.com/intent/user?screen_name=bobx",
    "bobx", "BOBX", "BobX", "@bobx", "@BobX", " bobx ", "bobx\u200b", "\ufeffbobx", "\uff42\uff4f\uff42\uff58",
    "\uff20bobx",
    "https://twitter.com/bobx", "http://www.twitter.com/BobX/", "twitter.com/bobx?lang=en", "https://x.com/bobx#top",
    "https://mobile.twitter.com/bobx/status/12", "https://mastodon.social/@bobx", "https://www.reddit.com/user/bobx",
    "reddit.com/u/bobx", "Bob X (@bobx)", "Bob X <@bobx>", "@bobx:", "bobx\t", "\u202abobx\u202c", "bo\u00adbx",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_one_account_are_one(spelling):
    assert account_key(spelling) == "bobx"


def test_different_accounts_stay_different():
    others = [
        "bobx1",
        "bob_x",
        "bob.x@example.com",
        "bob.y@example.com",
        "Bob X",
        "Bob Y",
        "...",
        "🙂",
        "🙃",
        "नीता",
        "1",
    ]
    assert len({account_key(other) for other in others}) == len(others)
    assert all(account_key(other) for other in others)
