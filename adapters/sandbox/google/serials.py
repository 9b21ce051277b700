"""Dates as Sheets keeps them: days since 1899-12-30, the time of day as a fraction, no zone."""

from datetime import date, datetime, timedelta

EPOCH = datetime.fromisoformat("1899-12-30")
SECONDS_PER_DAY = 86_400


def to_serial(moment: datetime | date) -> int | float:
    """The serial of a local date or local time."""
    if not isinstance(moment, datetime):
        return moment.toordinal() - EPOCH.toordinal()
    gone = moment.replace(tzinfo=None) - EPOCH
    return gone.days + gone.seconds / SECONDS_PER_DAY if gone.seconds else gone.days


def from_serial(serial: float) -> datetime | None:
    """The local time, to the second; None outside the years 1 to 9999."""
    try:
        return EPOCH + timedelta(seconds=round(serial * SECONDS_PER_DAY))
    except OverflowError:
        return None
