"""The date rules of a task: a date or a time but never both, and a start only together with its due in one request."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from adapters.sandbox.asana.body import Data
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.visit import stamp

EARLIEST_YEAR, LATEST_YEAR = 1000, 9998
START_NEEDS_DUE = "due_on or due_at must be present in the request when setting or unsetting start_on"
START_AT_NEEDS_DUE_AT = "due_at must be present in the request when setting or unsetting start_at"
START_AFTER_DUE = "The start date must come before the due date"


@dataclass(frozen=True)
class Dates:
    """The four dates as kept: at most one of each pair."""

    due_on: str | None = None
    due_at: str | None = None
    start_on: str | None = None
    start_at: str | None = None


def read_date(data: Data, name: str) -> str | None:
    """A date, or None for null; 400 in Asana's words."""
    value = data.get(name)
    if value is None:
        return None
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise bad(f"{name}: Date must be in ISO-8601 (yyyy-mm-dd) format, not: {value}") from None


def read_time(value: object, name: str) -> str | None:
    """A time as Asana writes it, or None for null; without a zone it is UTC; 400 for anything else."""
    if value is None:
        return None
    try:
        if not isinstance(value, str) or "T" not in value:
            raise ValueError
        moment = datetime.fromisoformat(value)
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValueError
    except ValueError:
        raise bad(f"{name}: Date-time must be in ISO-8601 format, not: {value}") from None
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def new_dates(data: Data, old: Dates, *, due_clears_start: bool, same_day_start: bool) -> Dates:
    """The dates after the request; raises 400 for what Asana refuses. Dates not named stay."""
    _refuse_pairs(data)
    due_on, due_at = _due(data, old)
    start_on, start_at = _start(data, old)
    if not (due_on or due_at):
        if _names_start(data) and (start_on or start_at):
            raise bad(START_NEEDS_DUE)
        if due_clears_start:
            start_on = start_at = None
    if start_at and not due_at:
        start_on, start_at = start_at[:10], None
    dates = Dates(due_on, due_at, start_on, start_at)
    if dates != old:
        _refuse_disorder(dates, same_day_start)
    return dates


def _refuse_pairs(data: Data) -> None:
    for end in ("due", "start"):
        if data.has(f"{end}_on") and data.has(f"{end}_at"):
            raise bad(f"You may only provide one of {end}_on or {end}_at!")
    if data.has("start_on") and not (data.has("due_on") or data.has("due_at")):
        raise bad(START_NEEDS_DUE)
    if data.has("start_at") and not data.has("due_at"):
        raise bad(START_AT_NEEDS_DUE_AT)


def _names_start(data: Data) -> bool:
    return data.has("start_on") or data.has("start_at")


def _due(data: Data, old: Dates) -> tuple[str | None, str | None]:
    if data.has("due_on"):
        return read_date(data, "due_on"), None
    if data.has("due_at"):
        return None, read_time(data.get("due_at"), "due_at")
    return old.due_on, old.due_at


def _start(data: Data, old: Dates) -> tuple[str | None, str | None]:
    if data.has("start_on"):
        return read_date(data, "start_on"), None
    if data.has("start_at"):
        return None, read_time(data.get("start_at"), "start_at")
    return old.start_on, old.start_at


def _refuse_disorder(dates: Dates, same_day_start: bool) -> None:
    start, due = dates.start_at or dates.start_on, dates.due_at or dates.due_on
    if start is None or due is None:
        return
    if dates.start_at is None or dates.due_at is None:
        start, due = start[:10], due[:10]
    has_times = bool(dates.start_at or dates.due_at)
    if start > due or (start == due and not same_day_start and not has_times):
        raise bad(START_AFTER_DUE)
