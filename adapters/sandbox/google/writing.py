"""Writing values: a single cell is an origin, a larger range is a bound; null keeps a cell and "" empties it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.google.a1 import Area, column_name, exceeds_grid, read_range, write_box
from adapters.sandbox.google.book import Cell, Place, Sheet
from adapters.sandbox.google.boxes import COLUMNS, Box
from adapters.sandbox.google.editing import Edit
from adapters.sandbox.google.entries import Entry, raw, typed
from adapters.sandbox.google.errors import Invalid
from adapters.sandbox.google.locales import locale_named
from adapters.sandbox.google.payloads import check_choice

OPTIONS = ("RAW", "USER_ENTERED")
MATRIX_WORDS = {list: "list_value", dict: "struct_value"}


@dataclass(frozen=True)
class Written:
    """The range that was written, and the places in it that were not passed over."""

    area: Area
    places: Sequence[Place]

    def summary(self, book_id: str) -> dict[str, Any]:
        """The UpdateValuesResponse; counts of zero are left out."""
        answer: dict[str, Any] = {"spreadsheetId": book_id, "updatedRange": self.area.echo}
        if self.places:
            answer["updatedRows"] = len({row for row, _ in self.places})
            answer["updatedColumns"] = len({column for _, column in self.places})
            answer["updatedCells"] = len(self.places)
        return answer


def check_option(option: str) -> str:
    """The value input option, which has no default."""
    if not option or option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise Invalid("'valueInputOption' is required but not specified")
    return check_choice(option, OPTIONS, "value_input_option", "ValueInputOption")


def rows_of(body: Mapping[str, Any]) -> list[list[Any]]:
    """The body's values as rows; refuses values that are no scalars."""
    lines: list[list[Any]] = body.get("values", [])
    for number, line in enumerate(lines):
        for at, value in enumerate(line):
            if type(value) in MATRIX_WORDS:
                raise Invalid(f"Invalid values[{number}][{at}]: {_protobuf_text(value)}")
    return _turned(lines) if body.get("majorDimension") == COLUMNS else lines


def _turned(lines: Sequence[Sequence[Any]]) -> list[list[Any]]:
    longest = max(map(len, lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(longest)]


def _protobuf_text(value: Any) -> str:
    """The text form of a protobuf Value, which Google puts into the message."""
    if isinstance(value, list):
        inner = "".join(f"values {{ {_protobuf_text(entry)} }} " for entry in value)
        return f"list_value {{ {inner}}}"
    if isinstance(value, dict):
        fields = "".join(
            f'fields {{ key: "{key}" value {{ {_protobuf_text(entry)} }} }} ' for key, entry in value.items()
        )
        return f"struct_value {{ {fields}}}"
    if isinstance(value, bool):
        return f"bool_value: {str(value).lower()}"
    if value is None:
        return "null_value: NULL_VALUE"
    return f'string_value: "{value}"' if isinstance(value, str) else f"number_value: {value}"


def write_range_values(edit: Edit, range_text: str, body: Mapping[str, Any], option: str) -> Written:
    """Writes a ValueRange to the range of a request."""
    area = read_range(edit.book, range_text, clip=False)
    given = body.get("range")
    if given and read_range(edit.book, given).echo != area.echo:
        raise Invalid(f"Request range[{range_text}] does not match value's range[{given}]")
    return write_rows(edit, area, rows_of(body), option)


def write_rows(edit: Edit, area: Area, rows: Sequence[Sequence[Any]], option: str) -> Written:
    """Writes rows from the area's first cell on; raises when they leave a bound or the grid."""
    box = _target(area, len(rows), max(map(len, rows), default=0))
    target = Area(area.sheet, box)
    edit.guard(area.sheet, box)
    given = [(place, value) for place, value in _placed(box, rows) if value is not None]
    for place, value in given:
        enter(edit, area.sheet, place, value, option)
    return Written(target, [place for place, _ in given])


def _target(area: Area, height: int, width: int) -> Box:
    sheet, (top, left, bottom, right) = area.sheet, area.box
    box = Box(top, left, top + max(height, 1), left + max(width, 1))
    if not area.single:
        within = f"Requested writing within range [{area.echo}], but tried writing to"
        if box.right > right:
            raise Invalid(f"{within} column [{column_name(right)}]")
        if box.bottom > bottom:
            raise Invalid(f"{within} row [{bottom + 1}]")
    if box.bottom > sheet.rows or box.right > sheet.columns:
        raise exceeds_grid(sheet, write_box(box))
    return box


def _placed(box: Box, rows: Sequence[Sequence[Any]]) -> Iterable[tuple[Place, Any]]:
    for row, line in enumerate(rows, box.top):
        for column, value in enumerate(line, box.left):
            yield (row, column), value


def enter(edit: Edit, sheet: Sheet, place: Place, value: Any, option: str) -> None:
    """Puts one value into a cell; format, note and validation stay."""
    old = sheet.cell(place)
    if option == "RAW":
        entry = raw(value)
    else:
        entry = typed(value, locale_named(edit.book.locale), old.get("userEnteredFormat", {}))
    sheet.put(place, with_entry(old, entry))


def with_entry(old: Cell, entry: Entry) -> Cell:
    """The cell with a new value; a format that typing brings does not displace one of the cell's own."""
    cell = {name: part for name, part in old.items() if name not in ("userEnteredValue", "textFormatRuns")}
    if entry.value is not None:
        cell = {"userEnteredValue": entry.value, **cell}
    own = cell.get("userEnteredFormat", {})
    if entry.number_format and "numberFormat" not in own:
        cell["userEnteredFormat"] = {**own, "numberFormat": entry.number_format}
    return cell
