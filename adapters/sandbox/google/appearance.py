"""How new spreadsheets look: the default cell format and theme of every recorded answer, and 8-bit colours."""

import struct
from collections.abc import Mapping
from typing import Any

_WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
_EFFECTIVE_DEFAULT = {
    **DEFAULT_FORMAT,
    "textFormat": {**DEFAULT_FORMAT["textFormat"], "fontFamily": "Arial"},
    "hyperlinkDisplayType": "PLAIN_TEXT",
}
_THEME_COLORS = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (255, 255, 255),
    "ACCENT1": (66, 133, 244),
    "ACCENT2": (234, 67, 53),
    "ACCENT3": (251, 188, 4),
    "ACCENT4": (52, 168, 83),
    "ACCENT5": (255, 109, 1),
    "ACCENT6": (70, 189, 198),
    "LINK": (17, 85, 204),
}
_STYLED = {"backgroundColor", "foregroundColor", "tabColor"}
_CHANNELS = ("red", "green", "blue")


def theme() -> dict[str, Any]:
    """The theme of a new spreadsheet."""
    colors = [{"colorType": name, "color": {"rgbColor": _rgb(channels)}} for name, channels in _THEME_COLORS.items()]
    return {"primaryFontFamily": "Arial", "themeColors": colors}


def _rgb(channels: tuple[int, int, int]) -> dict[str, float]:
    pairs = zip(_CHANNELS, channels, strict=True)
    return {name: _channel(value) for name, value in pairs if value}


def _channel(value: int) -> float:
    """An 8-bit channel as the shortest text of the nearest 32-bit float, which is what Google prints."""
    if value in (0, 255):
        return value // 255
    single = _single(value / 255)
    return next(short for digits in range(6, 18) if _single(short := float(f"{single:.{digits}g}")) == single)


def _single(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


def _rounded(color: Mapping[str, Any]) -> dict[str, Any]:
    # Google cuts to 8 bits; the small addition keeps a channel that was read from it as it is.
    channels = {name: int(min(max(color.get(name, 0), 0), 1) * 255 + 1e-3) for name in _CHANNELS}
    return {name: _channel(value) for name, value in channels.items() if value}


def stored(value: Any) -> Any:
    """A format as Google keeps it: colours in 8 bits, and each colour also as its style."""
    if not isinstance(value, Mapping):
        return [stored(entry) for entry in value] if isinstance(value, list) else value
    result = {name: _stored_field(name, entry) for name, entry in value.items()}
    for name in _STYLED & set(value):
        result[f"{name}Style"] = {"rgbColor": result[name]}
    for name in _STYLED:
        style = value.get(f"{name}Style", {})
        if "rgbColor" in style:
            result[name] = _rounded(style["rgbColor"])
    return result


def _stored_field(name: str, entry: Any) -> Any:
    return _rounded(entry) if name in (*_STYLED, "color", "rgbColor") else stored(entry)


def paired(mask: Mapping[str, Any]) -> dict[str, Any]:
    """A mask that names a colour names its style as well, and the other way round."""
    result = {name: paired(rest) for name, rest in mask.items()}
    for name in _STYLED:
        if name in mask or f"{name}Style" in mask:
            result |= {name: {}, f"{name}Style": {}}
    return result


def effective(own: Mapping[str, Any]) -> dict[str, Any]:
    """The format a cell shows: the default with the cell's own over it."""
    merged = dict(_EFFECTIVE_DEFAULT)
    for name, value in own.items():
        below = merged.get(name)
        merged[name] = {**below, **value} if isinstance(below, dict) and name == "textFormat" else value
    return merged
