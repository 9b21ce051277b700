"""What a sandbox tells its users: where it answers, with which credentials, and a configuration that fits."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.sandbox.asana.limits import PAID_PER_MINUTE
from adapters.sandbox.world import World

CREDENTIALS_VARIABLE = "SYNCER_GOOGLE__CREDENTIALS_FILE"


def urls(base_url: str) -> tuple[str, str, str, str]:
    """The base URLs to configure for Trello, Asana, Sheets and Drive."""
    return f"{base_url}/trello", f"{base_url}/asana/api/1.0", f"{base_url}/google", f"{base_url}/google"


def environment(world: World, folder: Path) -> dict[str, str]:
    """The SYNCER_* variables that let a client in; writes the service-account file into `folder`, mode 0600."""
    file = folder / "google-service-account.json"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump(world.google.service_account_info(world.base_url), stream)
    variables = {CREDENTIALS_VARIABLE: str(file)}
    for service in world.services.values():
        variables |= service.credentials()
    return variables


def announcement(world: World, env: Mapping[str, str]) -> dict[str, Any]:
    """The document `syncer sandbox` prints as one line."""
    trello, asana, sheets, drive = urls(world.base_url)
    return {
        "url": world.base_url,
        "trello": trello,
        "asana": asana,
        "sheets": sheets,
        "drive": drive,
        "env": dict(env),
        "places": world.places,
    }


def write_config(world: World, path: Path) -> None:
    """Writes a syncer.toml for this sandbox; its state lies beside it, its secrets are in the environment alone."""
    path.write_text("\n".join(_lines(world, path)) + "\n", encoding="utf-8")


def _lines(world: World, path: Path) -> list[str]:
    trello, asana, sheets, drive = urls(world.base_url)
    return [
        f"timezone = {_toml(world.about.get('timezone', 'UTC'))}",
        "state = " + _toml(f"sqlite:///{path.resolve().parent / 'syncer.db'}"),
        *_table("[trello]", {"base_url": trello}),
        *_table("[asana]", {"base_url": asana, "quota": PAID_PER_MINUTE}),
        *_table("[google]", {"sheets_url": sheets, "drive_url": drive}),
        *(line for person in world.about.get("people", []) if person.get("mapped", True) for line in _person(person)),
        *_campaign(world.about.get("campaign", {}), world.places),
    ]


def _person(person: Mapping[str, str]) -> list[str]:
    return _table("[[people]]", {key: person[key] for key in ("name", "trello", "asana") if key in person})


def _campaign(campaign: Mapping[str, Any], places: Mapping[str, str]) -> list[str]:
    replicas = {
        "trello": {"board": places.get("board")},
        "asana": {"project": places.get("project")},
        "sheets": {"spreadsheet": places.get("spreadsheet"), "tab": campaign.get("tab", "Tasks")},
    }
    present = {name: place for name, place in replicas.items() if next(iter(place.values()))}
    named = {"key": campaign.get("key", "sandbox"), "name": campaign.get("name", "Sandbox")}
    lines = _table("[[campaigns]]", named | present)
    if campaign.get("stages"):
        lines += _table("[campaigns.stages]", campaign["stages"])
    return lines


def _table(heading: str, values: Mapping[str, Any]) -> list[str]:
    return ["", heading, *(f"{_key(key)} = {_toml(value)}" for key, value in values.items())]


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _toml(key)


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(inner)}" for key, inner in value.items()) + " }"
    # JSON's strings, numbers, booleans and lists are TOML's; only the delete character needs escaping besides.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
