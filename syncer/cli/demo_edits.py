"""What the campaign's people do between two passes of the demonstration, each in the service they work in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncer.cli.demo_places import Places, column

SLEEVE = "Gift box sleeve: final artwork"
MOMENTS = "Moments cut, 15 s"
CHANNELS = "Channels cut, 15 s"
MEDIA = "Media plan for Douyin and WeChat"
PRESS = "Press release, CN and EN"
COURIER = "Courier rates for November 快递协议价"
RAIN = "Rain plan for the pop-up 雨天预案"
TEASER = "Teaser 1: the empty shelf"
DECALS = "Window decals, Shanghai and Chengdu"
FILTER = "AR filter for the pre-sale page"
STICKERS = "猫咪与香薰 Cat stickers for WeChat"


@dataclass(frozen=True)
class Edit:
    """One thing that one person does."""

    who: str
    told: str
    """What it is, after the person's name."""
    do: Callable[[Places], None]
    title: str
    """The task that shows it afterwards, in all three places."""
    shows: Mapping[str, Any] = field(default_factory=dict)
    """By attribute of `Seen`, what it shows; for `labels` one label it has."""
    gone: bool = False
    """Whether the task is to be gone from all three places instead."""


def _card(username: str, title: str, **body: Any) -> Callable[[Places], None]:
    return lambda places: places.trello(username, "PUT", f"/cards/{places.cards()[title].id}", **body)


def _drop_card(username: str, title: str) -> Callable[[Places], None]:
    return lambda places: places.trello(username, "DELETE", f"/cards/{places.cards()[title].id}")


def _move_card(username: str, title: str, to: str) -> Callable[[Places], None]:
    def move(places: Places) -> None:
        lists = places.trello(username, "GET", f"/boards/{places.sandbox.places['board']}/lists")
        target = next(one["id"] for one in lists if one["name"] == to)
        places.trello(username, "PUT", f"/cards/{places.cards()[title].id}", idList=target)

    return move


def _label_card(username: str, title: str, label: str) -> Callable[[Places], None]:
    def put(places: Places) -> None:
        labels = places.trello(username, "GET", f"/boards/{places.sandbox.places['board']}/labels")
        value = next(one["id"] for one in labels if one["name"] == label)
        places.trello(username, "POST", f"/cards/{places.cards()[title].id}/idLabels", value=value)

    return put


def _task(name: str, title: str, **data: Any) -> Callable[[Places], None]:
    return lambda places: places.asana(places.users[name], "PUT", f"/tasks/{places.tasks()[title].id}", **data)


def _cell(title: str, heading: str, value: str) -> Callable[[Places], None]:
    def type_in(places: Places) -> None:
        head = places.grid("FORMATTED_VALUE")[0]
        _type(places, f"{column(head, heading)}{places.rows()[title].id}", value)

    return type_in


def _row(**cells: str) -> Callable[[Places], None]:
    def add(places: Places) -> None:
        grid = places.grid("FORMATTED_VALUE")
        for heading, value in cells.items():
            _type(places, f"{column(grid[0], heading)}{len(grid) + 1}", value)

    return add


def _type(places: Places, cell: str, value: str) -> None:
    parameters = {"valueInputOption": "USER_ENTERED"}
    places.sheets("PUT", f"/values/Tasks!{cell}", params=parameters, json={"values": [[value]]})


EDITS = (
    Edit(
        "李薇 Li Wei",
        f"moves “{SLEEVE}” to Review in Trello",
        _move_card("liwei", SLEEVE, "Review"),
        SLEEVE,
        {"stage": "Review"},
    ),
    Edit(
        "Tom Becker",
        f"renames “{MOMENTS}” to “{CHANNELS}” in Trello",
        _card("tombecker", MOMENTS, name=CHANNELS),
        CHANNELS,
    ),
    Edit(
        "陈浩",
        f"puts the label 直播 on “{TEASER}” in Trello",
        _label_card("chenhao", TEASER, "直播"),
        TEASER,
        {"labels": "直播"},
    ),
    Edit(
        "Ana Souza",
        f"gives “{MEDIA}” until 9 Oct in Asana",
        _task("Ana Souza", MEDIA, due_on="2026-10-09"),
        MEDIA,
        {"due": "2026-10-09"},
    ),
    Edit(
        "Sofia Rossi",
        f"makes “{PRESS}” due at 10:00 in Asana",
        _task("Sofia Rossi", PRESS, due_at="2026-10-13T02:00:00.000Z"),
        PRESS,
        {"due": "2026-10-13 10:00"},
    ),
    Edit(
        "王芳",
        f"ticks “{COURIER}” in the sheet",
        _cell(COURIER, "Done", "TRUE"),
        COURIER,
        {"done": True, "stage": "Done"},
    ),
    Edit(
        "王芳",
        f"adds a row “{RAIN}” to the sheet",
        _row(Task=RAIN, Stage="To do", Owner="王芳", Due="2026-10-30", Labels="print"),
        RAIN,
        {"due": "2026-10-30", "stage": "To do"},
    ),
    Edit(
        "张敏",
        f"moves “{DECALS}” to 22 Oct in Trello",
        _card("zhangmin", DECALS, due="2026-10-22T15:59:00.000Z"),
        DECALS,
    ),
    Edit(
        "Priya Nair",
        "moves the same one to 26 Oct in Asana, a minute later",
        _task("Priya Nair", DECALS, due_on="2026-10-26"),
        DECALS,
        {"due": "2026-10-26"},
    ),
    Edit(
        "Tom Becker",
        f"deletes “{FILTER}” in Trello",
        _drop_card("tombecker", FILTER),
        FILTER,
        gone=True,
    ),
    Edit(
        "陈浩",
        f"deletes “{STICKERS}” in Trello",
        _drop_card("chenhao", STICKERS),
        STICKERS,
    ),
    Edit(
        "Priya Nair",
        "plans the same one for 28 Oct in Asana",
        _task("Priya Nair", STICKERS, due_on="2026-10-28"),
        STICKERS,
        {"due": "2026-10-28"},
    ),
)
