"""Numbers after a label, papers, keys, birth dates, places and accounts elsewhere, in a folded text."""

from __future__ import annotations

import re
from itertools import pairwise

from riindex.text.shadow import Rule, rule
from riindex.text.wordlists import word_set

# -- numbers after a label -----------------------------------------------------------------------------------------

_CERTAIN_LABELS = (
    r"order|ord|ticket|case|booking|ref(?:erence)?|awb|waybill|tracking|pnr|invoice|consignment|account|a/c|acct?"
    r"|docket|complaint|utr|rrn"
    r"|txn|trx|incident|passport|voter|epic|gst(?:in)?|aadhaa?r|adhaa?r|uidai|uid|ssn|nino|nhs|nric|dni|nie|curp"
    r"|rfc|cpf|imei|iccid"
    r"|crn|cif|folio|chassis|srn?|rma|transaction|shipment|itin|ein|ifsc|serial|mac"
)
_NUMBERED_LABELS = (
    r"customer|cust|client|member(?:ship)?|policy|claim|loan|application|enrol(?:l)?ment|registration|reg|parcel"
    r"|receipt|payment"
    r"|employee|emp|staff|student|patient|roll|service request|request|delivery|package|return|refund|meter"
    r"|consumer|user"
    r"|vat|tin|nin|pan|vin|dl|licen[cs]e|national|card|bill|subscriber|sim|bank|debit|credit|deposit|demat|dp"
    r"|codice fiscale"
    r"|vehicle|car|plate|number ?plate|bike|tax|identity|roll"
)
_NUMBER_OF = r"(?:[\s_.-]{0,3}(?:nos?|num|number|nbr|nr|id|code|ref|reference|request|card|details?|#)(?![a-z])\.?)"
_SIGNS = r"(?:\s{0,2}[^\w\s\ufffc]){0,3}\s{0,2}"
# Neither a year, years from and to, nor a date.
_NO_DATE = (
    r"(?!(?:19|20)\d\d(?:[-/](?:19|20)?\d\d){0,2}(?![\w/-])|\d\d?(?P<one>[-/.])\d\d?(?P=one)\d{2,4}(?![\w-])"
    r"|(?:19|20)\d\d(?P<two>[-/.])\d\d?(?P=two)\d\d?(?![\w-]))"
)
_GOES_ON = r"(?:[ .]\d{3,}[a-z0-9]*){0,4}"
_IS = r"(?:\s{1,3}(?:is|was|are)(?![a-z]))?"
_ORDER = (
    rf"(?i)(?<![a-z])(?=[a-z])(?:{_CERTAIN_LABELS})s?(?:{_NUMBER_OF}{{1,3}}|(?![a-z])){_IS}{_SIGNS}(?P<secret>{_NO_DATE}"
    rf"(?=[a-z0-9/_-]{{0,60}}\d[a-z0-9/_-]{{0,60}}\d)"
    rf"(?=[a-z0-9/_-]{{6}})[a-z0-9][a-z0-9/_-]*[a-z0-9]{_GOES_ON})"
)
_NUMBERED = (
    rf"(?i)(?<![a-z])(?=[a-z])(?:{_CERTAIN_LABELS}|{_NUMBERED_LABELS})s?(?:{_NUMBER_OF}{{1,3}}{_IS}"
    rf"|{_IS}\s?[:=#]){_SIGNS}(?P<secret>{_NO_DATE}"
    rf"(?:(?-i:[A-Z][A-Z0-9-]{{0,4}}) )?(?=(?:[a-z/_-]{{0,9}}\d){{3}})[a-z0-9][a-z0-9/_-]{{3,}}{_GOES_ON}(?: [a-z]"
    rf"(?![a-z]))?)"
)
LABELLED: tuple[Rule, ...] = (rule(_NUMBERED, "[order]"), rule(_ORDER, "[order]"))

# -- passwords and keys --------------------------------------------------------------------------------------------

_CODE = (
    r"(?:o\.?t\.?p\.?|one[\s-]?time[\s-]?(?:password|passcode|pin|code)|m?pin|t-?pin|upi pin|cvv2?|cvc|passcode"
    r"|pass code"
    r"|security code"
    r"|verification code|confirmation code|access code|(?:your|my|the) code"
    r"|login code|auth(?:entication)? code|2fa(?: code)?)"
)
_OTP = (
    rf"(?i)(?<![a-z]){_CODE}(?:\s?(?:code|no|number)(?!\w))?(?:(?:\s\w{{1,9}}){{0,3}}\s(?:is"
    rf"|was)(?!\w))?{_SIGNS}(?P<secret>\d(?:[\s-]?\d){{2,9}})(?![\w%]|[.,:/]\d)"
)
_OTP_AFTER = (
    rf"(?i)(?<![\w.,-])(?P<secret>\d{{3}}[\s-]\d{{3}}|\d{{4,8}})\s(?:is|as)\s(?:\w{{1,12}}\s){{0,3}}{_CODE}(?![a-z])"
)
_SECRET = (
    r"(?:pass[\s-]?wor[dt]|pass|p(?:as)?swd|passwd|pwd|passphrase|(?:client|app|shared)[\s_-]?secret|secret[\s_-]?key"
    r"|api[\s_-]?key|access[\s_-]?(?:key|token)|token|bearer)"
)
_PASSWORD = (
    rf"(?i)(?<![a-z]){_SECRET}[\"']?(?:\s(?:is|was))?\s?[:=]{{1,2}}>?\s?[\"']?"
    r"(?P<secret>(?!https?:|www\.)[^\s\"'\ufffc]{4,})"
)
# After "is" it must have a digit, or a sign or capital within: "my password is wrong" discloses nothing.
_STATED_PASSWORD = (
    rf"(?i)(?<![a-z]){_SECRET}(?:\s{{1,2}}(?:is|was|-|->)|(?<=bearer))\s{{1,2}}[\"']?"
    r"(?P<secret>(?=\S{0,80}(?:\d|[^\w\s.,!?;:'\")-]\w|(?-i:[a-z][A-Z])))[^\s\"'\ufffc]{4,})"
)
# Directly after the word it must have letters, and figures or signs within.
_BARE_PASSWORD = (
    r"(?i)(?<![a-z])(?:pass[\s-]?word|passwd|pswd|pwd)\s{1,2}"
    r"(?P<secret>(?![@#$])(?=[^\s/]{0,40}[a-z])(?=[^\s/]{0,40}(?:[a-z]\d|[a-z0-9][@#$%*&+=]\w))[^\s\"'/\ufffc]{5,})"
)
_KEY = (
    r"(?<![A-Za-z0-9])(?:(?:sk|pk|rk|whsec|sk-proj|sk-ant)[-_][\w-]{12,}|gh[opsur]_\w{20,}|github_pat_\w{20,}"
    r"|glpat-[\w-]{16,}"
    r"|(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{12,}|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|AIza[\w-]{25,}"
    r"|ya29\.[\w-]{16,}|npm_\w{20,}"
    r"|hf_\w{20,}|SG\.[\w-]{12,}\.[\w-]{12,}|eyJ[\w-]{8,}(?:\.[\w-]{4,}){1,4}|\d{8,10}:[A-Za-z][\w-]{25,}"
    r"|dop_v1_\w{20,}|shp\w\w_\w{20,})"
)
_WALLET = (
    r"(?<![A-Za-z0-9])(?:(?i:0x[0-9a-f]{40}|(?:bc|tb|ltc|bnb|addr|cosmos|lnbc|stake|tz|osmo"
    r"|terra)1?[qp0-9][a-z0-9]{24,})|addr1[a-z0-9]{40,}"
    r"|(?=[a-zA-Z]{0,30}\d)(?=[a-z0-9]{0,30}[A-Z])[13LMDTrAXtNQ][1-9A-HJ-NP-Za-km-z]{25,34}"
    r"|[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93})(?![A-Za-z0-9])"
)
_TOKEN = re.compile(r"(?<![\w/+=-])[A-Za-z0-9][\w/+-]{14,}={0,2}(?![\w/+-])")
# The id of a track or list at a music service, which is public.
_TUNE = re.compile(r"(?:track|album|artist|playlist|episode|show):\Z")
# Words and names of products have fewer changes between letters, capitals and digits, and longer runs of one kind.
_CHANGES, _RUN = 7, 2.0


def _token(found: re.Match[str]) -> str | None:
    token = found[0]
    parts = max(re.split(r"[/+_-]", token), key=len)
    if re.fullmatch(r"(?i)[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", token):
        return "[key]"
    if len(parts) < 15 or sum(sign.isdigit() for sign in parts) < 3:
        return None
    kinds = ["0" if s.isdigit() else "a" if s.islower() else "A" for s in parts]
    changes = sum(one != other for one, other in pairwise(kinds))
    made = len(set(kinds)) == 3 and changes >= _CHANGES and len(parts) <= _RUN * (changes + 1)
    return "[key]" if made and not _TUNE.search(found.string[: found.start()][-12:]) else None


SECRETS: tuple[Rule, ...] = (rule(_PASSWORD, "[key]"), rule(_STATED_PASSWORD, "[key]"), rule(_BARE_PASSWORD, "[key]"))
CODES: tuple[Rule, ...] = (rule(_OTP, "[key]"), rule(_OTP_AFTER, "[key]"))
KEYS: tuple[Rule, ...] = (rule(_WALLET, "[wallet]"), rule(_KEY, "[key]"), rule(_TOKEN, _token))

# -- papers --------------------------------------------------------------------------------------------------------

# Countries with IBANs, by the register of SWIFT.
_IBAN_COUNTRIES = (
    r"(?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|JO|K[WZ]|L[BCITUVY]"
    r"|M[CDEKNRTU]|N[ILO]"
    r"|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)"
)
_IBAN = (
    rf"(?<![A-Za-z0-9]){_IBAN_COUNTRIES}\d{{2}}(?:[\s._/-]?[A-Z0-9]{{4}}){{2,7}}(?:[\s._/-]?[A-Z0-9]{{1,3}})?"
    rf"(?![A-Za-z0-9])"
)
_SMALL_IBAN = (
    r"(?i)(?<![#\w])[a-z]{2}\d{2}(?:[\s._/-][a-z0-9]{4}){2,7}(?:[\s._/-](?=[a-z]{0,2}\d)[a-z0-9]{1,3})?(?![a-z0-9])"
)
_SOLID_IBAN = r"(?i)(?<![#\w])[a-z]{2}\d{2}(?=[a-z]{0,30}\d)[a-z0-9]{11,30}(?![a-z0-9])"
_STATES = (
    r"(?:A[NPRS]|B[HR]|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|N[L]|O[DR]|P[BY]|R[J]|S[K]|T[GNRS]"
    r"|U[KP]|W[B])"
)
_SHAPES = (
    r"(?<![A-Za-z0-9])(?:"
    # PAN and GSTIN of India, NINO of Britain, CPF of Brazil, SSN of the United States, the Chinese identity card.
    r"(?i:[A-Z]{5}\d{4}[A-Z](?:[1-9A-Z]Z[0-9A-Z])?)|[A-Z]{5}[\s.-]\d{4}[\s.-][A-Z]"
    r"|(?i:\d{2}\s?[A-Z]{5}\s?\d{4}\s?[A-Z]\s?[1-9A-Z]\s?Z\s?[0-9A-Z])"
    r"|[A-Z]{2}(?:[\s-]?\d{2}){3}[\s-]?[A-D]|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{3}([\s.-])\d{2}\1(?!19|20)\d{4}"
    r"|\d{3}-\d{2}-\d{4}|\d{6}[\s-]?(?:19"
    r"|20)\d{6}[\s-]?\d{3}[\dXx]"
    # NRIC of Singapore, NIE of Spain, CURP of Mexico, the tax code of Italy, the driving licence of Britain.
    r"|(?<!\d\.)[STFGMXYZ]\d{7}[A-Z]|(?i:[A-Z]{3,5}9{0,2}\d{6}[A-Z]{1,2}9?\d[A-Z]{2})"
    r"|(?i:[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d)|(?i:[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])"
    # Plates of India, Britain and France; any case where the first is of a state.
    rf"|(?i:{_STATES}[\s.-]?\d{{1,2}}[A-Z]?[\s.-]?[A-Z]{{1,3}}[\s.-]?\d{{4}})|[A-HK-PR-SV-WY][A-PR-Y](?:0[1-9]"
    rf"|[1-7]\d)\s?[A-HJ-PR-Z]{{3}}"
    r"|[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"
    r")(?![A-Za-z0-9])"
)
_WORDLIKE = re.compile(r"(?<![A-Za-z0-9.])[A-Za-z0-9]{8,40}(?![A-Za-z0-9])")
# Times, sizes, builds of systems and articles of a knowledge base.
_NO_PAPER = re.compile(
    r"(?i)(?:19|20)\d{6}T?\d{0,6}Z?|\d+(?:x\d+)+|\d{2}[A-Z]\d{2,4}[a-z]?|KB\d+|\d+(?:st|nd|rd|th|[a-z]{2,})"
    r"|0x[0-9a-f]+|(?:WO|US|EP|CN|JP)\d{6,}[A-Z]\d|[a-z]+(?:19|20)\d\d[a-z]*"
)


def _dense(found: re.Match[str]) -> str | None:
    """Return the mask of a word with enough digits to be a personal number.

    The letters are before, between or one behind the digits.
    """
    word = found[0]
    digits = sum(sign.isdigit() for sign in word)
    if digits < 5 or digits == len(word) or _NO_PAPER.fullmatch(word):
        return None
    upper = word.upper() == word
    if found.string[found.start() - 1 : found.start()] == "#" and not upper:
        return None
    if re.fullmatch(r"[A-Za-z]{1,5}\d{6,}|\d{7,}[A-Za-z]", word):
        return "[id]" if upper or re.fullmatch(r"(?i)[A-Z]{1,3}\d{7}|[A-Z]\d{7}[A-Z]", word) else None
    between = len(re.findall(r"(?i)\d(?=[a-z])|[a-z](?=\d)", word))
    longest = max(len(group) for group in re.findall(r"\d+", word))
    many = (len(word) > 11 and 2 * digits >= len(word)) or (len(word) > 19 and 3 * digits >= len(word))
    return "[id]" if between > 1 and longest > 2 and many and (upper or word.lower() == word) else None


def _checked_iban(found: re.Match[str]) -> str | None:
    from stdnum import iban

    return "[iban]" if iban.is_valid(re.sub(r"[\s._/-]", "", found[0])) else None


IBANS: tuple[Rule, ...] = (rule(_SOLID_IBAN, _checked_iban), rule(_IBAN, "[iban]"), rule(_SMALL_IBAN, _checked_iban))
PAPERS: tuple[Rule, ...] = (rule(_SHAPES, "[id]"), rule(_WORDLIKE, _dense))

# -- birth dates and places ----------------------------------------------------------------------------------------

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SLASH = r"(?:\s?[./-]\s?|\s)"
_DATE = (
    rf"(?:\d{{4}}{_SLASH}\d{{1,2}}{_SLASH}\d{{1,2}}|\d{{1,2}}{_SLASH}\d{{1,2}}(?:{_SLASH}\d{{2,4}})?|\d{{1,2}}(?:st"
    rf"|nd|rd|th)?[\s./-]{{0,2}}(?:of\s)?{_MONTH}"
    rf"(?:[\s.,/'-]{{0,3}}(?:\d{{4}}|\d\d))?|{_MONTH}[\s.]{{0,2}}\d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?:[\s,'-]{{1,3}}(?:\d{{4}}|\d\d))?|(?:19|20)\d{{6}}|\d{{8}}"
    r"|(?:19|20)\d\d)(?![\w%]|[.,]\d)"
)
_BORN = (
    r"(?:d\.?\s?o\.?\s?b\.?|date[\s_]of[\s_]birth|birth[\s_-]?(?:date|day)|b'?day|born|birth|n[\u00e9e]e? le"
    r"|geb(?:oren)?\.?"
    r"|fecha[\s_]de[\s_]nacimiento|nacid[oa]|janam?[\s_-]?(?:din|tithi)|data[\s_]di[\s_]nascita|nascimento)"
)
_BIRTH = (
    rf"(?i)(?<![a-z]){_BORN}(?:'?s)?(?:\s{{1,2}}(?:is|was|on|am|el|the|il)(?![a-z])){{0,2}}{_SIGNS}"
    rf"(?P<secret>{_DATE})"
)
_BIRTH_AFTER = (
    rf"(?i)(?<![\w./-])(?P<secret>{_DATE})[\s(:,-]{{0,4}}(?:is\s)?(?:my\s|his\s|her\s)?"
    r"(?:d\.?o\.?b(?![a-z])|date of birth|birth\s?da(?:te|y)|b'?day)"
)
_DEGREES = r"[-+]?\d{1,3}(?:\.\d+)?\s?[\u00b0o](?:\s?\d{1,2}(?:\.\d+)?\s?'(?:\s?\d{1,2}(?:\.\d+)?\s?(?:\"|''))?)?"
_POINT = (
    rf"(?i)(?<![\w.])(?P<secret>{_DEGREES}\s?[NS][\s,;/]{{0,3}}{_DEGREES}\s?[EW](?![a-z])"
    r"|[-+]?\d{1,2}\.\d{3,}\s?[NS][\s,;/]{1,3}[-+]?\d{1,3}\.\d{3,}\s?[EW](?![a-z]))"
)
_LETTERED_POINT = r"(?<![\w.])[NS]\s?(?P<secret>\d{1,2}\.\d{3,}[\s,;/]{1,3}[EW]\s?\d{1,3}\.\d{3,})"
_LATITUDE = (
    r"(?i)(?<![a-z])lat(?:itude)?[\s:=\"'|-]{0,4}(?P<secret>[-+]?\d{1,2}\.\d+[\s,;&|\"']{0,4}(?:and\s)?(?:lo?ng?"
    r"(?:itude)?)?[\s:=\"'|]{0,4}[-+]?\d{1,3}\.\d+)"
)
_PAIR = re.compile(r"(?<![\w.,$])([-+]?\d{1,2}\.(\d{4,}))(?:\s?[,;/|]\s?|\s)([-+]?\d{1,3}\.(\d{4,}))(?![\w.%])")
_PLUS_CODE = r"(?<![\w+])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)"
_THREE_WORDS = r"///[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}"
_POSTCODE = (
    r"(?i)(?<![a-z])(?:pin\s?code|post\s?code|postal code"
    r"|zip(?:\s?code)?)[\s:=#.-]{0,4}(?:is\s)?(?P<secret>[a-z]{0,2}\d[a-z0-9]{1,4}(?:[\s-]\d[a-z0-9]{2,3})?)(?![\w%])"
)


def _pair(found: re.Match[str]) -> str | None:
    """Return the mask of two numbers with many decimals, which are a place; two prices are nearly equal."""
    north, east = float(found[1]), float(found[3])
    exact = min(len(found[2]), len(found[4])) > 4
    far = abs(north - east) > 0.2 * max(abs(north), abs(east))
    apart = not re.search(r"\d\s[-+]?\d", found[0])
    return "[place]" if abs(north) <= 90 and abs(east) <= 180 and (exact or (far and apart)) else None


BIRTHS: tuple[Rule, ...] = (rule(_BIRTH, "[date]"), rule(_BIRTH_AFTER, "[date]"))
PLACES: tuple[Rule, ...] = (
    rule(_POINT, "[place]"),
    rule(_LETTERED_POINT, "[place]"),
    rule(_LATITUDE, "[place]"),
    rule(_PAIR, _pair),
    rule(_POSTCODE, "[place]"),
)
CODED_PLACES: tuple[Rule, ...] = (rule(_PLUS_CODE, "[place]"), rule(_THREE_WORDS, "[place]"))

# -- accounts elsewhere --------------------------------------------------------------------------------------------

NETWORKS = word_set(
    "insta instagram ig snap snapchat sc telegram tg discord skype fb facebook twitter tiktok linkedin kik "
    "wechat line whatsapp youtube yt twitch reddit pinterest tumblr mastodon bluesky bsky psn xbox gamertag "
    "venmo steam signal threads cashapp paypal username userid handle viber hike sharechat koo gpay phonepe battlenet"
)
# Networks that are words, too.
_NETWORK_WORDS = word_set("line steam signal threads")
# Networks whose name is followed by a colon for nothing but an account.
_ACCOUNT_NETWORKS = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|telegram|tg|discord|skype|kik|wechat|psn|gamertag|venmo|username"
    r"|userid|handle|viber)"
)
_PLAIN_NETWORKS = "(?:" + "|".join(sorted(NETWORKS - _NETWORK_WORDS, key=len, reverse=True)) + ")"
_WORD_NETWORKS = "(?:" + "|".join(sorted(_NETWORK_WORDS)) + ")"
_NAME = r"[@#]?[^\W\d_][\w.]{1,40}\w|[@#]?_[\w.]{2,40}|[@#]?\d{1,4}[a-z_]{2}[\w.]{2,40}"
_MADE = r"(?=[^\s,;!?]{0,40}(?:[a-z\d][._][a-z\d_]|_|[a-z]\d))"
_ID = r"(?:\s?(?:id|i'd|handle|user\s?name|account|name|tag|acc|profile))"
# The name looks made up for an account.
_MADE_NAME = (
    rf"(?i)(?<![a-z@#/.$])(?=[a-z])(?:{_PLAIN_NETWORKS}|{_WORD_NETWORKS}(?=\s?[:=])){_ID}?(?:\s{{1,2}}(?:is|as|at"
    rf"|under))?(?:\s?[:=>|-]{{1,2}}\s?|\s{{1,2}})"
    rf"(?P<secret>{_MADE}(?:live:|@)?(?:{_NAME})(?:#\d{{4}})?)"
)
# Introduced by a colon, or an id.
_OWN_NAME = (
    rf"(?i)(?<![a-z@#/.$])(?=[a-z]){_ACCOUNT_NETWORKS}{_ID}?\s?[:=]\s?(?P<secret>(?!https?:)(?=\W?[\w.:]{{0,40}}[a-z_]{{3}})"
    rf"(?:live:|@|#)?[\w.]{{3,40}}(?:#\d{{4}})?)"
)
# After a colon it stands alone.
_LONE_NAME = (
    rf"(?i)(?<![a-z@#/.$])(?=[a-z]){_PLAIN_NETWORKS}{_ID}?\s?[:=]\s?(?P<secret>(?!https?:)"
    rf"(?=\W?[\w.]{{0,40}}[a-z_]{{3}})[@#]?[\w.]{{3,40}})(?=\s{{0,3}}(?:$"
    rf"|[\n,;!?)\ufffc]))"
)
_STATED_NAME = (
    rf"(?i)(?<![a-z@#/.$])(?=[a-z])(?:{_PLAIN_NETWORKS}|{_WORD_NETWORKS})\s?(?:id|handle|user\s?name)\s{{1,2}}(?:is\s{{1,2}})?"
    r"(?P<secret>(?!(?:is|was|not|no|has|and|in|on|for|to|the|my|please|but|still|of|a|that|or|with|if"
    r"|so)(?![a-z]))[\w.]{3,40}\w)"
)
_TAGGED = re.compile(r"(?<![\w#])(?P<name>[A-Za-z_][\w.]{1,31})\s?#\d{4}(?!\w)")
_NO_PERSON = word_set(
    "order ticket case issue bug no number flight room episode ep day part vol volume ref store gate seat apt "
    "suite unit page item model chapter table route bus train level rank class step top"
)


def _tagged(found: re.Match[str]) -> str | None:
    solid = " #" not in found[0]
    return "@user" if solid and found["name"].lower() not in _NO_PERSON else None


ACCOUNTS: tuple[Rule, ...] = tuple(
    rule(pattern, "@user") for pattern in (_MADE_NAME, _OWN_NAME, _LONE_NAME, _STATED_NAME)
)
TAGGED: tuple[Rule, ...] = (rule(_TAGGED, _tagged),)
