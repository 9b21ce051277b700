"""The functions the sandbox's formulas know; each takes its arguments as a list, ranges as lists of their values."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from adapters.sandbox.google.serials import to_serial


class FormulaError(Exception):
    """An error value; `kind` is Google's ErrorType."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def scalar(value: Any) -> Any:
    """A single value; a range of one cell stands for that cell."""
    if isinstance(value, FormulaError):
        raise value
    if isinstance(value, list):
        return value[0] if value else None
    return value


def number(value: Any) -> float:
    """The value as a number; raises #VALUE! for text that is none."""
    value = scalar(value)
    if value is None:
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            message = f"Expects number values. But '{value}' is a text and cannot be coerced to a number."
            raise FormulaError("VALUE", message) from None
    return float(value)


def text(value: Any) -> str:
    """The value as text."""
    value = scalar(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, FormulaError):
            raise value
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _numbers(values: list[Any]) -> list[float]:
    return [value for value in _flat(values) if isinstance(value, int | float) and not isinstance(value, bool)]


def _argument(values: list[Any], index: int, default: Any = None) -> Any:
    return scalar(values[index]) if index < len(values) else default


def _average(values: list[Any]) -> float:
    found = _numbers(values)
    if not found:
        raise FormulaError("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
    return sum(found) / len(found)


def _choice(values: list[Any]) -> Any:
    return _argument(values, 1) if _argument(values, 0) else _argument(values, 2, default=False)


def _unless_error(values: list[Any]) -> Any:
    if values and isinstance(values[0], FormulaError):
        return _argument(values, 1, "")
    return _argument(values, 0)


def _rounded(values: list[Any]) -> float:
    places = int(number(_argument(values, 1, 0)))
    return round(number(_argument(values, 0)) + 0.0, places)


def _date(values: list[Any]) -> float:
    year, month, day = (int(number(_argument(values, index, 0))) for index in range(3))
    try:
        return to_serial(date(year, month, day))
    except ValueError:
        raise FormulaError("NUM", "DATE has no such day.") from None


FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": lambda values: sum(_numbers(values)),
    "AVERAGE": _average,
    "COUNT": lambda values: len(_numbers(values)),
    "COUNTA": lambda values: sum(1 for value in _flat(values) if value is not None),
    "MIN": lambda values: min(_numbers(values), default=0),
    "MAX": lambda values: max(_numbers(values), default=0),
    "IF": _choice,
    "IFERROR": _unless_error,
    "ROUND": _rounded,
    "ABS": lambda values: abs(number(_argument(values, 0))),
    "CONCATENATE": lambda values: "".join(text(value) for value in _flat(values)),
    "LEN": lambda values: len(text(_argument(values, 0))),
    "DATE": _date,
    "HYPERLINK": lambda values: _argument(values, 1, _argument(values, 0)),
}
