"""Trello's identifiers: 24 hex digits that begin with the second of creation, and eight-letter short links."""

import random
import re
import string
from datetime import UTC, datetime

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_SHORT_LINK = re.compile(r"[A-Za-z0-9]{8}")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9 -]")
_LETTERS = string.ascii_letters + string.digits
_COUNTER_SIZE = 1 << 24


def is_object_id(text: object) -> bool:
    """Whether this is a well-formed id."""
    return isinstance(text, str) and _OBJECT_ID.fullmatch(text) is not None


def is_short_link(text: str) -> bool:
    """Whether this could be the short link of a card or board."""
    return _SHORT_LINK.fullmatch(text) is not None


def created(object_id: str) -> datetime:
    """When the object was made, to the second: the first eight hex digits."""
    return datetime.fromtimestamp(int(object_id[:8], 16), UTC)


def slug(name: str) -> str:
    """The name as it stands in an object's URL."""
    return re.sub(r"[ -]+", "-", _NOT_IN_SLUG.sub("", name.lower()).strip(" -"))


class Mint:
    """Makes ids as MongoDB does: second, five bytes of the process, a running number."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.process = ""
        self.counter = 0

    def object_id(self, moment: datetime) -> str:
        """A new id that says it was made at `moment`."""
        if not self.process:
            self.process = f"{self._rng.getrandbits(40):010x}"
            self.counter = self._rng.randrange(_COUNTER_SIZE // 2)
        self.counter = (self.counter + 1) % _COUNTER_SIZE
        return f"{int(moment.timestamp()) & 0xFFFFFFFF:08x}{self.process}{self.counter:06x}"

    def short_link(self) -> str:
        """A new short link; 62 to the power of 8 make twins a theory."""
        return "".join(self._rng.choices(_LETTERS, k=8))
