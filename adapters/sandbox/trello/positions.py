"""The arithmetic of `pos`, as recorded: top is half of the least, bottom is 16384 above the greatest."""

from collections.abc import Iterable

from adapters.sandbox.trello import errors
from adapters.sandbox.trello.params import Params

STEP = 16384


def position(params: Params, siblings: Iterable[float], default: str = "bottom") -> float:
    """The number to store for the parameter `pos`; an empty one means top."""
    value = params.raw("pos") if "pos" in params else default
    taken = list(siblings)
    if value in ("top", "", None):
        return tidy(min(taken) / 2) if taken else STEP
    if value == "bottom":
        return round(max(taken)) + STEP if taken else STEP
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise errors.invalid_value("pos") from error
    # Also refuses what is no number: every comparison with NaN is false.
    if not 0 < number < float("inf"):
        raise errors.invalid_value("pos")
    return tidy(number)


def tidy(number: float) -> float:
    """Whole numbers are written without a fraction."""
    return int(number) if float(number).is_integer() else number
