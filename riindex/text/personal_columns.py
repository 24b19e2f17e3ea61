"""Columns that hold personal data by their names alone."""

from __future__ import annotations

import re
from functools import cache

from riindex.text.wordlists import word_set

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Columns that riindex writes itself, and ids of posts.
_NOT_OF_PERSONS = word_set(
    "persona persona_id persona_name persona_description tweet_id in_reply_to doc_id status_id post_id "
    "created_at lang x y tier author_count n_authors authors place_on_map runner_up_name"
)
_PERSONS = word_set(
    "cust mention mentions "
    "author user username handle screenname nick nickname owner sender recipient passenger patient customer "
    "client agent member employee emp staff student account acct acc profile person subscriber contact "
    "follower friend guest driver rider caller visitor buyer seller reviewer poster reporter commenter "
    "uploader creator contributor assignee requester insured policyholder consumer shopper attendee applicant "
    "candidate device"
)
# Words that make a column a name if they stand alone: "agent", but "contact" or "account" may be anything.
_NAMED = word_set(
    "tweeter kundenname friends retweeter liker "
    "mention account contact fname lname nombre apellido nom prenom vorname nachname cust "
    "author user username handle screenname nick nickname owner sender recipient passenger patient customer "
    "client agent member employee student person subscriber guest driver rider caller visitor buyer seller "
    "reviewer poster creator surname firstname lastname fullname realname displayname middlename forename "
    "familyname givenname maidenname uname mentions mentioned assignee requester applicant candidate login"
)
# Things that have names but are not persons.
_THINGS = word_set(
    "product brand company persona event file app stage feature table column topic campaign category model "
    "team game song item project service list field label class group source tag type course species dataset "
    "album artist track channel airline carrier plan page stock ticker index segment cluster variable metric "
    "language lang domain host theme emotion"
)
# Figures and properties of a person that are not a name: user_verified, user_created_at, author_followers.
_FIGURES = word_set(
    "app model reason opened digital response population rate length message comment text notes feedback review query "
    "issue code "
    "count counts number total verified followers following friends lang language created at since timezone "
    "tz age gender sex segment type tier score rating rank is has share n protected default favourites "
    "statuses listed url image color colour description bio sentiment role status version satisfaction effort"
)
_PLACES = word_set(
    "geohash zip5 zip4 pluscode latlon "
    "address1 address2 address3 lives "
    "location loc coord lat latitude lon lng longitude coordinates coords coordinate geo geolocation "
    "geom geometry place address addr street city town village suburb neighbourhood neighborhood hometown "
    "district zip zipcode pincode postcode postal postalcode gps bbox latlng latlong residence landmark "
    "locality whereabouts"
)
_BIRTHS = frozenset(
    ["dob", "yob", "birth", "birthday", "birthdate", "dateofbirth", "born", "bday", "birthyear", "birthdt"]
)
# Names that are personal as a whole: links that lead to a person, and a person's number.
_WHOLE = {
    **dict.fromkeys(
        word_set("avatar avatar_url profile_url profile_link profile_image_url profile_image homepage"), "[link]"
    ),
    **dict.fromkeys(word_set("contact_number contact_no contact_numbers"), "[phone]"),
    "friends": "@user",
}
_CODED = word_set("pin post postal zip area")
_BY = word_set(
    "reply_to replied_to retweeted_by quoted_by liked_by "
    "from by posted_by written_by created_by sent_by authored_by submitted_by handled_by"
)
_KINDS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(["email", "emails", "mail", "mailid", "emailaddress", "emailid", "upi", "vpa"]), "[email]"),
    (word_set(
    "ph phones contactnumber telefon handy phone mobile cell tel telephone whatsapp fax msisdn phonenumber cellphone"
), "[phone]"),
    (frozenset(["ip", "ipaddress", "mac"]), "[ip]"),
    (frozenset(["iban"]), "[iban]"),
    (word_set(
    "password passwd pwd token secret otp apikey pin cvv"
), "[key]"),
    (_BIRTHS, "[date]"),
    (word_set(
    "nhs pan aadhaar aadhar ssn passport nino nric nin voter licence license imei"
), "[id]"),
)  # fmt: skip
_IDS = word_set("id ids uuid guid no num number pk key")
_SOLID_ID = re.compile(
    r"(?:user|author|account|cust|customer|client|member|employee|owner|sender|profile|person|agent|staff)(?:id"
    r"|ids|no)s?\Z|uid\Z"
    r"|userid\Z"
)


@cache
def kind_of_column(name: str) -> str | None:
    """Return the mask of every value of a column of that name, None where the contents decide."""
    plain = "_".join(part.lower() for part in re.split(r"[^0-9A-Za-z]+", _CAMEL.sub("_", name)) if part)
    words = plain.split("_")
    if plain in _NOT_OF_PERSONS or not plain:
        return None
    distinct = set(words) - {"str", "int", "raw", "value"}
    if plain in _WHOLE or _is_id(words):
        return _WHOLE.get(plain, "[id]")
    for known, mask in _KINDS:
        if distinct & known and not distinct & (_FIGURES - {"number"}):
            return mask
    if _is_place(words, distinct):
        return "[place]"
    return "@user" if _is_name(words, distinct) else None


def _is_place(words: list[str], distinct: set[str]) -> bool:
    if words[-1] in {"code", "codes"}:
        return bool(distinct & _CODED)
    long = words == ["long"] or ("long" in distinct and bool(distinct & {"geo", "gps", "user", "tweet", "lat"}))
    return long or bool(distinct & _PLACES and not distinct & _FIGURES)


def _is_id(words: list[str]) -> bool:
    """Check that a column has the numbers of persons: user_id, in_reply_to_user_id_str, customerId, uid."""
    own = [word for word in words if word not in {"str", "int", "raw"}]
    if any(_SOLID_ID.match(word) for word in own):
        return True
    return bool(own) and own[-1] in _IDS and bool(_PERSONS & set(own[:-1]))


def _is_name(words: list[str], distinct: set[str]) -> bool:
    if distinct & _FIGURES - {"at"} or (distinct & _THINGS and not distinct & (_NAMED - {"owner"})):
        return False
    if words[-1] in {"name", "names"}:
        return not distinct & (_THINGS | _PLACES)
    return bool(distinct & _NAMED) or "_".join(words) in _BY
