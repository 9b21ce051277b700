"""The kinds of value a setting can hold; each refuses what is wrong with what to write instead."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from syncer.core.policy import Limit

WRONG = "wrong"
"""The type of the errors made here; their context holds `what` and `instead`, both without the value of a secret."""

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators and overrides of the direction of text."""

RESERVED_NAMES = frozenset({"newest", "manual", "both", "off", "create", "done"})
"""Words that mean something else where a replica's name can stand."""


_NO_ZONE_OF_THEIR_OWN = {
    "beijing": "Asia/Shanghai",
    "peking": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "washington": "America/New_York",
    "san_francisco": "America/Los_Angeles",
}
"""Big cities whose time has the name of another."""


def wrong(what: str, instead: str) -> PydanticCustomError:
    """An error that says what is wrong (no full stop) and what to write instead (a sentence)."""
    return PydanticCustomError(WRONG, "{what}", {"what": what, "instead": instead})


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that was probably meant."""
    by_fold = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def masked(value: object) -> str:
    """A value as people wrote it, short, without the password of a URL."""
    text = re.sub(r"//[^/@\s]*@", "//***@", str(value))
    return f'"{text[:57]}..."' if len(text) > 60 else f'"{text}"'


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _zones() -> dict[str, list[str]]:
    by_city: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        by_city.setdefault(zone.rpartition("/")[2].casefold(), []).append(zone)
    return by_city


def _zone_meant(name: str) -> str | None:
    city = name.rpartition("/")[2].replace(" ", "_").casefold()
    if city in _NO_ZONE_OF_THEIR_OWN:
        return _NO_ZONE_OF_THEIR_OWN[city]
    for candidate in (city, nearest(city, list(_zones()))):
        if candidate in _zones():
            same_area = nearest(name, _zones()[candidate])
            return same_area or _zones()[candidate][0]
    return None


def _zone(name: str) -> str:
    if name in available_timezones():
        return name
    meant = _zone_meant(name)
    instead = f'Did you mean "{meant}"?' if meant else 'Write an area and a city, such as "Asia/Shanghai", or "UTC".'
    raise wrong(f"{masked(name)} is not the name of a time zone", instead)


def zone_info(name: str) -> ZoneInfo:
    """The zone for a name that was checked."""
    return ZoneInfo(name)


def _limit(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    text = "" if isinstance(value, bool) else str(value).strip()
    if re.fullmatch(r"\d+", text):
        return Limit(number=int(text))
    share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if share and float(share[1]) <= 100:
        return Limit(share=float(share[1]) / 100)
    raise wrong(
        f"{masked(value)} is neither a share nor a number", 'Write a share such as "10%", or a number such as 20.'
    )


def ceiling_text(limit: Limit) -> str:
    """A ceiling as it is written in the file."""
    return f"{limit.share * 100:g}%" if limit.share is not None else str(limit.number)


def _parts(url: str) -> SplitResult | None:
    """The parts of a web address with a readable host and port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _web_address(url: str) -> str:
    example = "Write an address such as https://api.example.com"
    parts = _parts(url)
    if parts is None or re.search(r"\s", url):
        raise wrong(f"{masked(url)} is not a web address", f"{example}.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise wrong(
            "the address carries a user, a query or a fragment", f"{example}, with at most a path after the host."
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise wrong(
            f"{masked(url)} would send credentials unencrypted",
            f"Write https://{parts.netloc}{parts.path}; http is only for this machine (127.0.0.1, ::1, localhost).",
        )
    return url.rstrip("/")


def _state(url: str) -> str:
    if re.match(r"sqlite:///\S|postgresql(\+\w+)?://\S", url):
        return url
    raise wrong(
        f"{masked(url)} is no address of a state store",
        'Write "sqlite:///var/syncer.db" for a file, or "postgresql://user@host/db".',
    )


def _place(value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]+", value):
        return value
    found = re.search(
        r"trello\.com/b/(\w+)|/spreadsheets/d/([\w-]+)|asana\.com/(?:\d+/)*(?:\w+/\d+/)*project/(\d+)", value
    )
    found = found or re.search(r"app\.asana\.com/0/(\d+)()()", value)
    ident = next((group for group in found.groups() if group), None) if found else None
    instead = (
        f'Write "{ident}".'
        if ident
        else "Write the id alone, as it stands in the address of the board, project or sheet."
    )
    raise wrong(f"{masked(value)} is not an id", instead)


def _direction(value: str) -> str:
    if value in ("both", "off", "create") or re.fullmatch(r"from:.+", value):
        return value
    meant = nearest(value, ["both", "off", "create", "from:trello", "from:asana", "from:sheets"])
    hint = f' Did you mean "{meant}"?' if meant else ""
    raise wrong(
        f"{masked(value)} is no direction", f'Write "both", "off", "create" or "from:" and a replica\'s name.{hint}'
    )


def _replica_name(value: str) -> str:
    if not re.fullmatch(r"[\w-]+", value):
        raise wrong(f"{masked(value)} is no name for a replica", "Use letters, digits, - and _ only.")
    if value in RESERVED_NAMES:
        raise wrong(f'"{value}" has a meaning of its own', f'Choose another name, such as "{value}-board".')
    return value


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _credentials_file(value: Any) -> Any:
    if isinstance(value, dict) or (isinstance(value, str) and value.lstrip().startswith("{")):
        raise wrong(
            "this is the content of the credentials, not the path of a file",
            "Put the JSON into a file and write the file's path in SYNCER_GOOGLE__CREDENTIALS_FILE.",
        )
    return value


def _quiet(value: str) -> str:
    hour = r"([01]\d|2[0-3]):[0-5]\d"
    if re.fullmatch(f"{hour}-{hour}", value):
        return value
    raise wrong(f"{masked(value)} is no span of hours", 'Write from when to when, such as "20:00-08:00".')


def _filled(value: str) -> str:
    if value.strip() and value == value.strip() and not UNSEEN.search(value):
        return value
    raise wrong(
        "the text is empty, or begins or ends with a space, or holds a character that cannot be seen",
        "Write a text that can be read.",
    )


def _conflict(value: str) -> str:
    if re.fullmatch(r"[\w-]+", value):
        return value
    raise wrong(f"{masked(value)} settles no conflict", 'Write "newest", "manual" or a replica\'s name.')


Zone = Annotated[str, AfterValidator(_zone)]
Ceiling = Annotated[Limit, PlainValidator(_limit), PlainSerializer(ceiling_text)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
StateUrl = Annotated[str, AfterValidator(_state)]
PlaceId = Annotated[str, AfterValidator(_place)]
Gid = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(_place)]
Direction = Annotated[str, AfterValidator(_direction)]
ReplicaName = Annotated[str, AfterValidator(_replica_name)]
CredentialsFile = Annotated[str, BeforeValidator(_credentials_file)]
Quiet = Annotated[str, AfterValidator(_quiet)]
Filled = Annotated[str, AfterValidator(_filled)]
ConflictRule = Annotated[str, AfterValidator(_conflict)]
Names = Annotated[tuple[Filled, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
"""One name or a list of names; the first is the one written."""
ONE_OR_MORE = BeforeValidator(_as_tuple)
"""Reads a table as a list of one."""
