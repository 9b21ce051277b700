"""What single values cannot show: doubles, names that lead nowhere, stages that run together, missing credentials."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from syncer.core.stages import stage_key
from syncer.settings_keys import Path as KeyPath
from syncer.settings_sources import Fault, Found, set_secret
from syncer.settings_values import nearest

if TYPE_CHECKING:
    from syncer.settings import CampaignSettings, Settings

_TITLES = {"trello": "Trello", "asana": "Asana", "sheets": "Google Sheets"}


def check(settings: Settings, found: Found, cwd: Path) -> list[Fault]:
    """Every fault between values that are each well formed."""
    faults = [*_doubled_people(settings), *_doubled_campaigns(settings), *_shared_places(settings)]
    for index, campaign in enumerate(settings.campaigns):
        at: KeyPath = ("campaigns", index)
        faults += [*_places(campaign, at), *_names(campaign, at), *_directions(campaign, at), *_stages(campaign, at)]
    return [
        *faults,
        *_conflict(settings),
        *_review(settings),
        *_credentials(settings, found),
        *_credentials_file(settings, cwd),
        *_no_campaigns(settings, found),
    ]


def _doubles(values: Iterable[tuple[KeyPath, Hashable, str]]) -> Iterator[tuple[KeyPath, str]]:
    """(path, label) of everything that was there before under the same value."""
    seen: set[Hashable] = set()
    for path, value, label in values:
        if value in seen:
            yield path, label
        seen.add(value)


def _doubled_people(settings: Settings) -> Iterator[Fault]:
    for key in ("name", "trello", "asana"):
        given = [(index, getattr(person, key)) for index, person in enumerate(settings.people)]
        fold = str if key == "name" else str.casefold
        values = [(("people", index, key), fold(value), value) for index, value in given if value]
        for path, label in _doubles(values):
            yield Fault(path, f'"{label}" belongs to another person already', "Give each person their own, once.")


def _doubled_campaigns(settings: Settings) -> Iterator[Fault]:
    keys = [(("campaigns", index, "key"), one.key, one.key) for index, one in enumerate(settings.campaigns)]
    for path, label in _doubles(keys):
        yield Fault(path, f'another campaign has the key "{label}"', "Give every campaign a key of its own.")


def _paths(campaign: CampaignSettings, at: KeyPath) -> dict[str, KeyPath]:
    """Replica name → where it is configured; a single table has no index."""
    services = ("trello", "asana", "sheets")
    return {
        place.name or service: (*at, service, index) if len(getattr(campaign, service)) > 1 else (*at, service)
        for service in services
        for index, place in enumerate(getattr(campaign, service))
    }


def _shared_places(settings: Settings) -> Iterator[Fault]:
    places = [
        (_paths(campaign, ("campaigns", index))[name], place.identity, " ".join(place.identity[1:]))
        for index, campaign in enumerate(settings.campaigns)
        for name, place in campaign.places.items()
    ]
    for path, label in _doubles(places):
        what = f"{_TITLES[str(path[2])]} place {label} is used already"
        yield Fault(path, what, "Give each campaign a board, project or tab of its own.")


def _places(campaign: CampaignSettings, at: KeyPath) -> Iterator[Fault]:
    if not campaign.places:
        yield Fault(at, "the campaign has no place", 'Add one, such as trello = { board = "BOARD_ID" }.')


def _names(campaign: CampaignSettings, at: KeyPath) -> Iterator[Fault]:
    """Names of replicas: there where needed, unique, and not those of other services."""
    seen: set[str] = set()
    for service in ("trello", "asana", "sheets"):
        places = getattr(campaign, service)
        for index, place in enumerate(places):
            path = (*at, service, index) if len(places) > 1 else (*at, service)
            if place.name is None and len(places) > 1:
                yield Fault(path, "one of several places has no name", 'Add name = "...", its own in this campaign.')
                continue
            name = place.name or service
            if name in seen or (name in _TITLES and name != service):
                what = f'the name "{name}" means another place of this campaign'
                yield Fault((*path, "name"), what, "Choose another name.")
            seen.add(name)


def _directions(campaign: CampaignSettings, at: KeyPath) -> Iterator[Fault]:
    for field, direction in campaign.directions.items():
        kind, _, replica = direction.partition(":")
        if kind == "from" and replica not in campaign.places:
            path = (*at, "fields", field.value)
            yield Fault(path, f'the campaign has no replica "{replica}"', _replicas(replica, campaign, "from:"))


def _replicas(wrong: str, campaign: CampaignSettings, prefix: str = "", others: tuple[str, ...] = ()) -> str:
    names = [*others, *campaign.places]
    meant = nearest(wrong, names)
    if meant:
        return f'Did you mean "{prefix}{meant}"?'
    return (
        f"Write one of: {', '.join(f'{chr(34)}{prefix}{name}{chr(34)}' for name in names)}." if names else "Remove it."
    )


def _stages(campaign: CampaignSettings, at: KeyPath) -> Iterator[Fault]:
    """Names of services in stages that are none, and stages that one place calls the same."""
    known = {*campaign.services, *_TITLES}
    for stage, entry in campaign.stages.items():
        for name in entry.names:
            if name not in known:
                path = (*at, "stages", stage, name)
                yield Fault(path, "there is no such setting", _replicas(name, campaign, others=("done", *_TITLES)))
    stages = campaign.stage_map()
    for replica, service in campaign.services.items() if stages else ():
        taken: dict[str, str] = {}
        for one in stages.stages if stages else ():
            for name in one.names_in(replica, service):
                first = taken.setdefault(stage_key(name), one.name)
                if first != one.name:
                    what = f'in {replica} both this stage and "{first}" are called "{name}"'
                    instead = "Give the two stages different names there, or make them one stage."
                    yield Fault((*at, "stages", one.name), what, instead)


def _conflict(settings: Settings) -> Iterator[Fault]:
    rule = settings.sync.conflict
    for campaign in settings.campaigns if rule not in ("newest", "manual") else ():
        if rule not in campaign.places:
            what = (
                f'"{rule}" is neither "newest" nor "manual", and campaign "{campaign.key}" has no replica of that name'
            )
            yield Fault(("sync", "conflict"), what, _replicas(rule, campaign, others=("newest", "manual")))


def _review(settings: Settings) -> Iterator[Fault]:
    if settings.review.amber > settings.review.green:
        what = "amber begins above green, so that nothing could ever be amber"
        yield Fault(("review", "amber"), what, f"Write a number up to {settings.review.green:g}.")


def _credentials(settings: Settings, found: Found) -> Iterator[Fault]:
    """Credentials that the campaigns' services need and that nobody gave."""
    needed: dict[str, list[tuple[KeyPath, object]]] = {
        "trello": [(("trello", "key"), settings.trello.key), (("trello", "token"), settings.trello.token)],
        "asana": [(("asana", "token"), settings.asana.token)],
        "sheets": [(("google", "credentials_file"), settings.google.credentials_file)],
    }
    for service, secrets in needed.items():
        user = next((one.key for one in settings.campaigns if getattr(one, service)), None)
        for path, value in secrets if user is not None else ():
            if value is None:
                what = f'campaign "{user}" uses {_TITLES[service]}, and this is not given'
                instead = set_secret(path, found.secrets_dir)
                yield Fault(path, what, instead[0].upper() + instead[1:], "not set anywhere")


def _credentials_file(settings: Settings, cwd: Path) -> Iterator[Fault]:
    named = settings.google.credentials_file
    if named is not None and not (cwd / named).is_file():
        what = f"there is no file {named}"
        yield Fault(("google", "credentials_file"), what, "Correct the path, or put the service account's JSON there.")


def _no_campaigns(settings: Settings, found: Found) -> Iterator[Fault]:
    if settings.campaigns or found.merged().get("campaigns"):
        return
    if found.file is None:
        what = "neither --config nor $SYNCER_CONFIG names a configuration file, and there is no ./syncer.toml"
        yield Fault((), what, "Make one with `syncer init`, or from config/syncer.example.toml.", "configuration")
    else:
        what, instead = "no campaign is configured", "Add a [[campaigns]] table with key, name and its places."
        yield Fault(("campaigns",), what, instead, found.file)
