"""Which method of the Sheets API an address means; a custom verb stands behind the last colon of its segment."""

from dataclasses import dataclass
from urllib.parse import unquote

ROOT = "/v4/spreadsheets"
_VERBS = frozenset(
    (
        *("batchUpdate", "getByDataFilter", "append", "clear", "copyTo", "search", "batchGet", "batchClear"),
        *("batchGetByDataFilter", "batchUpdateByDataFilter", "batchClearByDataFilter"),
    )
)
_COLLECTIONS = frozenset({"values", "developerMetadata", "sheets"})
READS_BY_POST = frozenset(
    {":getByDataFilter", "values:batchGetByDataFilter", "developerMetadata:search"},
)


@dataclass(frozen=True)
class Route:
    """`shape` is the address without its variable parts, such as `values/{}:append`."""

    method: str
    shape: str
    book: str = ""
    item: str = ""

    @property
    def reads(self) -> bool:
        """Whether the method only retrieves."""
        return self.method == "GET" or self.shape in READS_BY_POST


def route(method: str, path: str) -> Route | None:
    """The route of a path below the service, None when it is none of the Sheets API."""
    if path == ROOT:
        return Route(method, "")
    if not path.startswith(f"{ROOT}/"):
        return None
    parts = [unquote(part) for part in path.removeprefix(f"{ROOT}/").split("/")]
    head, verb = _split(parts[-1], method)
    if len(parts) == 1:
        return Route(method, verb or "{}", head)
    if parts[1].partition(":")[0] not in _COLLECTIONS:
        return None
    if len(parts) == 2:
        return Route(method, f"{head}{verb}", parts[0])
    item = "/".join([*parts[2:-1], head])
    return Route(method, f"{parts[1]}/{{}}{verb}", parts[0], item)


def _split(segment: str, method: str) -> tuple[str, str]:
    head, colon, verb = segment.rpartition(":")
    if colon and verb in _VERBS and (method == "POST" or verb == "batchGet"):
        return head, f":{verb}"
    return segment, ""
