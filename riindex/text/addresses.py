"""Links, hosts, e-mail addresses, payment ids and handles in a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from riindex.text.shadow import Rule, Span, rule
from riindex.text.wordlists import word_set

# -- links ---------------------------------------------------------------------------------------------------------

_URL = re.compile(
    r"(?i)(?:(?<![a-z])([a-z][a-z0-9+-]{1,11})\s?:\s?[/\\]\s?[/\\]\s{0,2}|\bwww\.)(?:[^\s/@\ufffc]{1,200}@)?"
    r"(?P<host>[\w-]+(?:\.[\w-]+)*)?[^\s\ufffc]*"
)
_BARE_URL = re.compile(
    r"(?i)(?<![\w@.-])(?P<host>(?:[\w-]{1,63}\.){1,9}[a-z]{2,24})(?::\d{2,5})?(?:[/\\](?=[^\s)])"
    r"|[?#](?=\w+[=/]))[^\s)\ufffc]+"
)
_BARE_HOST = re.compile(r"(?i)(?<![\w@.-])(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?![\w-])")
_SCHEMES = frozenset(["http", "https", "hxxp", "hxxps", "ftp"])
_SIGNIFICANT = re.compile(r"\w")
# Platforms whose subdomains are their users.
_PLATFORMS = word_set(
    "tumblr blogspot wordpress livejournal github gitlab deviantart substack medium bandcamp wixsite weebly "
    "carrd neocities tripod typepad itch netlify vercel herokuapp blogger squarespace jimdo webnode "
    "strikingly hatenablog tistory over-blog altervista angelfire myshopify gumroad patreon linktr bsky read "
    "journo micro svbtle posthaven ghost"
)  # fmt: skip
_SECOND_LEVEL = word_set("ac co com edu go gov ne net nic or org")
# Subdomains that are a service's own; any other may be a person's, as on tumblr.com.
_GENERIC = word_set(
    "www www2 m mobile web app apps shop store support help blog blogs news en de fr es in uk us docs doc api "
    "community forum forums my account accounts login secure mail maps play music video videos photos pic "
    "pics img images cdn static media careers jobs about status dev developer developers go link get info "
    "feedback survey service services order orders checkout pay payments events live tv radio sports travel t "
    "click email"
)
_TLD = (
    r"(?:com|net|org|edu|gov|info|biz|io|co|me|in|uk|us|de|fr|it|es|nl|be|ch|at|se|no|dk|fi|pl|pt|ie|ca|au|nz|jp"
    r"|cn|kr|br|mx|ru"
    r"|za|ng|ke|ph|sg|hk|my|id|tr|ae|pk|bd|lk|tv|cc|eu|app|dev|ai|xyz|online|site|email|example|test)"
)
_ENDS = re.compile(rf"(?i){_TLD}\Z")


def _shown_host(host: str) -> str:
    """Return the impersonal part of a host: its domain, with subdomains that are a service's."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return "[ip]"
    if len(labels) == 1:
        return "[link]"
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2].lower() in _SECOND_LEVEL else 2
    if re.search(r"[a-z_-]\d{4}", labels[-min(own, len(labels))], re.I):
        return "[link]"
    shown = host if all(label.lower() in _GENERIC for label in labels[:-own]) else ".".join(labels[-own:])
    return f"[{shown}]"


def _masked_url(found: re.Match[str]) -> str | None:
    if found[1] and not _SIGNIFICANT.search(found[0], found.end(1) - found.start()):  # a face, or a link cut short
        return None
    scheme, host = (found[1] or "http").lower(), found["host"]
    return _shown_host(host) if host and scheme in _SCHEMES else "[link]"


def _masked_host(found: re.Match[str]) -> str | None:
    labels = found["host"].lower().split(".")
    if labels[-1] == "eth":
        return "[wallet]"
    if len(labels) < 3 or not _ENDS.match(labels[-1]):
        return None
    users = next((n for n, label in enumerate(labels) if n and label in _PLATFORMS), None)
    if users is not None:
        return None if set(labels[:users]) <= _GENERIC else f"[{'.'.join(labels[users:])}]"
    return _shown_host(found["host"]) if re.search(r"[a-z_-]\d{2}|_", labels[0]) else None


# As tokenisers leave a link: "https // t . co / a1".
_SPLIT_URL = (
    r"(?i)(?<!\w)https?\s{0,2}:?\s{1,2}/\s?/\s{0,2}(?P<host>[\w-]{1,40}(?:\s\.\s[\w-]{1,40}){1,4}"
    r"|t\sco)(?:\s/\s?[^\s\ufffc]+){0,9}"
)
LINKS: tuple[Rule, ...] = (
    rule(_SPLIT_URL, lambda found: _shown_host(re.sub(r"[\s.]+", ".", found["host"]))),
    rule(_URL, _masked_url),
    rule(_BARE_URL, lambda found: _shown_host(found["host"]) if re.search("[a-z]", found["host"], re.I) else None),
)
HOSTS: tuple[Rule, ...] = (rule(_BARE_HOST, _masked_host),)

# -- machines ------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"(?i)(?<![\w.])(?:[0-9a-f]{0,4}:){0,6}(?P<four>(?:\d{1,3}\[?\.\]?){3}\d{1,3}"
    r"|(?:\d{1,3} \. ){3}\d{1,3})(?::\d{2,5})?(?!\.?\w)"
    r"|(?<![\w:.])(?=[0-9a-f:]{0,40}[0-9a-f]{2})(?P<six>(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?:%\w{1,16})?(?![\w:])"
)
_MAC = re.compile(
    r"(?i)(?<![\w:-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})(?![\w:-])"
)


# Before a number in four parts that is a version.
_VERSION = re.compile(
    r"(?i)(?:version|ver|v|build|ios|firmware|release|android|running)\W{0,3}(?:is\W{1,2}|was\W{1,2})?\Z"
)


def _masked_address(found: re.Match[str]) -> str | None:
    if found["four"] and _VERSION.search(found.string[max(0, found.start() - 24) : found.start()]):
        return None
    try:
        ip_address(re.sub(r"[\[\] ]", "", found["four"] or found["six"]))
    except ValueError:  # a time of day, a version
        return None
    return "[ip]"


MACHINES: tuple[Rule, ...] = (
    rule(_MAC, lambda found: None if found[0].replace(".", "").isdigit() and "." in found[0] else "[ip]"),
    rule(_ADDRESS, _masked_address),
)

# -- addresses by their at sign -----------------------------------------------------------------------------------

_MAILERS = (
    r"(?:g(?:oogle)?mail+|g(?:amil|mial|mal|mai)|outlook|hotmail|hotmial|live|msn|yahoo+|ymail|rocketmail|icloud"
    r"|aol|gmx|proton(?:mail)?"
    r"|rediff(?:mail)?|mail|zoho|yandex|fastmail|tutanota|posteo)"
)
_BANKS = re.compile(
    r"(?i)(?:ok\w+|ybl|ibl|axl|apl|upi|paytm|pt\w+|\w*(?:bank|icici|sbi|axis|hdfc)|kotak|pnb|airtel|fam|fbl|cnrb)\Z"
)
_AT = re.compile(
    r"(?i)[({\[<]\s{0,2}(?P<kept>at|@|a|et|arroba)\s{0,2}[)}\]>]|@+"
    r"|(?<=[\s_*/~|.:-])(?:at(?:\sthe\srate(?:\sof)?)?|arroba)(?=[\s_*/~|.:-])"
    r"|(?<=\s)\(?at\)?(?=\s)"
)
_DOT = (
    r"(?:\s{0,2}[({\[<]\s{0,2}(?:dot|\.|d0t|punkt|punto)\s{0,2}[)}\]>]\s{0,2}|\s{1,2}(?:dot|punkt|punto)\s{1,2}"
    r"|\s?[-_*/~|.:]{1,2}dot[-_*/~|.:]{1,2}\s?)"
)
# The other way round, for the text before the at is read backwards: so it takes time in proportion to its length.
_TOD = (
    r"(?:\s{0,2}[)}\]>]\s{0,2}(?:tod|\.|t0d)\s{0,2}[({\[<]\s{0,2}|\s{1,2}(?:tod|erocsrednu|hsad|nehpyh|sulp"
    r"|suni[m])\s{1,2}"
    r"|\s?[-_*/~|.:]{1,2}tod[-_*/~|.:]{1,2}\s?)"
)
_LOCAL = re.compile(
    rf"(?i)(?P<gap>\s{{0,3}}[_*/~|.:-]{{0,2}}\s?)(?:(?P<quoted>\"[^\"\n]{{1,64}}\")"
    rf"|(?P<apart>\w(?:[\s.]\w){{3,40}}(?![\w.]))"
    rf"|(?P<name>\w[\w.+'%&~/^-]{{0,255}}(?:{_TOD}\w[\w.+'-]{{0,63}}){{0,4}}))"
)
_DOMAIN = re.compile(
    rf"(?i)(?P<gap>[_*/~|.:-]{{0,2}}\s{{0,3}})[.-]{{0,2}}(?P<word>[^\W_](?:[^\W_]|[-_](?!dot[-_.])){{0,62}})"
    rf"(?P<rest>(?:\.{{1,2}}[\w-]{{1,63}}){{0,8}}(?:(?P<dot>{_DOT}){_TLD}(?!\w)"
    rf"|\s{{0,2}}[,;:.\u2022|*/]{{1,2}}\s{{0,2}}{_TLD}(?!\w)"
    r"|\s{1,2}(?:com|net|org|co(?:\s{1,2}(?:in|uk|jp|nz|za))?)(?!\w)){0,3})"
)
_SPELLED_OUT = re.compile(r"(?i)\s{0,2}(?:\w\s){3,20}\w?\s{0,2}[.,]\s{0,2}(?:\w\s?){2,3}(?!\w)")
_IS_MAILER = re.compile(rf"(?i){_MAILERS}\Z")
# Words that are written before a handle without a blank.
_BEFORE_HANDLES = word_set("rt cc via by hi hey hello thanks from with and to at dm h/t")
# Words before "at" where it means a place to buy something: "only at company dot com".
_NO_LOCAL = word_set(
    "only look looking shop shopping available find us me online order buy here now live visit sale sold is "
    "are was it them this that more one and or store stores"
)
# Words after "@ " that are a place or a time.
_PLACES = word_set(
    "a all an any you me him it u airport apple bed best breakfast church college dawn dinner dusk each every "
    "first gym her "
    "his home hospital hotel its last least lunch maybe midnight most my night noon office once our night "
    "party school some store that the their them these this those uni university us walmart what which work "
    "your"
)
_HANDLE = re.compile(r"\w+(?:\.[a-z_\d]\w*)*")
_PRICE = re.compile(r"\d+(?:[.,]\d|%)")
# As tokenisers leave it: "@ the _ handle"; and one that begins with digits but is not a time ("@ 10am").
_SPLIT_HANDLE = re.compile(r"\w{1,40}(?:\s_{1,3}(?:\s\w{1,40})?(?!\S)){1,4}|\d+[A-Za-z_]\w{3,40}|[^\W\d]\w*")
_SPECIAL = re.compile(r"[._+\d-]")
# Number of characters before an at that are searched for its local part.
_LOCAL_WINDOW = 300


def _spans_at(text: str) -> Iterator[Span]:
    """Yield addresses and handles by their at sign, spelled or not: (from, to, mask)."""
    done = 0
    for sign in _AT.finditer(text):
        start, end = sign.span()
        if start < done:
            continue
        local = _LOCAL.match(text[max(done, start - _LOCAL_WINDOW) : start][::-1])
        if local and sign[0][0] == "@" and local["gap"].strip():
            local = None
        if local and not local["gap"] and text[max(0, start - local.end() - 1)] == "$":  # a share's name
            local = None
        domain = _DOMAIN.match(text, end)
        apart = _SPELLED_OUT.match(text, end) if local and local["apart"] and sign[0] == "@" else None
        if local and (apart or (domain and _is_address(sign, local, domain))):
            done = (apart or domain).end()  # type: ignore[union-attr]
            yield start - local.end(), done, "[email]"
        elif sign[0][-1] == "@":
            handle = _handle_end(text, start, end)
            if handle:
                done = handle
                yield end - 1, done, "@user"


def _is_address(sign: re.Match[str], local: re.Match[str], domain: re.Match[str]) -> bool:
    """Check that the text around an at sign is an address.

    The less certain the at sign itself, the more evidence the rest has to give.
    """
    name, word, rest = local[0].strip()[::-1], domain["word"], domain["rest"]
    if local["quoted"] and not rest:
        return False
    mailer = bool(_IS_MAILER.match(word))
    special = bool(_SPECIAL.search(name.strip("-._")))
    if sign["kept"]:
        return "@" in sign[0] or bool(rest) or mailer
    if "@" not in sign[0]:
        spelled = bool(domain["dot"]) and name.lower() not in _NO_LOCAL
        return spelled or (mailer and bool(rest or (special and word.lower() not in {"live", "mail"})))
    if local["gap"] or domain["gap"]:
        dotted = rest.startswith(".") and not _PRICE.match(word + rest)
        return (mailer and bool(rest)) or (special and bool(mailer or dotted or _BANKS.match(word)))
    if not rest:
        return _is_payee(name, word)
    return not (word.isdigit() and rest[0] != ".") and not (name.isdigit() and word[0].isdigit())


def _is_payee(name: str, word: str) -> bool:
    """Check that ``name@word`` is an address though the word has no dot: of payment, or cut short."""
    if name.isdigit() or word.isdigit():
        return len(name) > 3 and not word[0].isdigit()
    if len(name) < 3 and name.isalpha():  # a swear word with an at for a letter
        return bool(_BANKS.match(word))
    return name.lower() not in _BEFORE_HANDLES


def _handle_end(text: str, start: int, end: int) -> int | None:
    """Return the end of the handle after an at sign; None for a price ("5 @ 3.99") or a place ("@ home")."""
    before = text[start - 1 : start]
    if text[end : end + 1].isspace():
        handle = _SPLIT_HANDLE.match(text, end + 1)
        alone = handle and not before.isalnum() and before != "_" and handle[0].lower() not in _PLACES
        return handle.end() if handle and alone else None
    handle = _HANDLE.match(text, end)
    if not handle or (before.isdigit() and handle[0][0].isdigit()) or _PRICE.match(text, end):
        return None
    return handle.end()


AT: tuple[Rule, ...] = (_spans_at,)
# An address whose at was left out: only of common mail services, and with a name that looks made up.
_NO_AT = re.compile(
    r"(?i)(?<![\w.+@-])(?=[\w.+-]{0,64}[a-z])(?=[\w.+-]{0,64}[._\d])[\w.+-]{3,64}[\s,;.]{1,2}"
    r"(?:gmail|yahoo|hotmail|outlook|rediffmail|icloud)\s?[.,\u2022\s]\s?(?:com|co\s?[.,]?\s?in|in)(?!\w)"
)
NO_AT: tuple[Rule, ...] = (rule(_NO_AT, "[email]"),)
