"""The composition root: the only place that knows concrete adapters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from adapters.asana.replica import AsanaReplica
from adapters.limiter import Limiter, Quota
from adapters.sheets.access import Access
from adapters.sheets.replica import SheetsReplica
from adapters.trello.replica import open_replica as open_board
from syncer.core.policy import Policy
from syncer.core.stages import StageMap
from syncer.cycle import Campaign
from syncer.ports import Clock, Replica, Store
from syncer.settings import AsanaPlace, CampaignSettings, Settings, SheetsPlace, TrelloPlace
from syncer.textmerge import merge_lines


@dataclass
class Connections:
    """What all campaigns share: one limiter per credential."""

    settings: Settings
    clock: Clock
    base: Path
    """Where relative paths in the configuration start."""

    def __post_init__(self) -> None:
        minute = 60.0
        self.trello = Limiter(Quota(self.settings.trello.quota, 10.0), self.clock)
        self.asana = Limiter(Quota(self.settings.asana.quota, minute), self.clock)
        google = self.settings.google
        file = self.base / (google.credentials_file or "")
        self.google = Access(google.sheets_url, google.drive_url, file, self.clock, Quota(google.quota, minute))


def campaigns(
    connections: Connections, store: Store, keys: Collection[str], allow: frozenset[str], daemon: bool
) -> list[Campaign]:
    """The configured campaigns, or those with the given keys, with their places opened (nothing is sent yet)."""
    wanted = [c for c in connections.settings.campaigns if not keys or c.key in keys]
    return [_campaign(campaign, connections, store, allow, daemon) for campaign in wanted]


def _campaign(
    campaign: CampaignSettings, connections: Connections, store: Store, allow: frozenset[str], daemon: bool
) -> Campaign:
    linked = {replica for task in store.known(campaign.key) for replica in task.links}
    replicas = {
        name: _open(name, place, campaign, connections, name in linked) for name, place in campaign.places.items()
    }
    policy = _policy(campaign, connections.settings, allow, daemon)
    return Campaign(policy, replicas, configured_stages=campaign.stage_map() is not None)


def _policy(campaign: CampaignSettings, settings: Settings, allow: frozenset[str], daemon: bool) -> Policy:
    sync = settings.sync
    return Policy(
        campaign=campaign.key,
        services=campaign.services,
        stages=campaign.stage_map() or StageMap([], configured=False),
        zone=campaign.zone,
        merge_text=merge_lines,
        conflict=sync.conflict,
        delete=sync.delete,
        delete_grace=sync.grace(daemon),
        max_delete=sync.max_delete,
        max_change=sync.max_change,
        max_create=sync.max_create,
        directions=campaign.directions,
        allow=allow,
    )


def _open(
    name: str,
    place: TrelloPlace | AsanaPlace | SheetsPlace,
    campaign: CampaignSettings,
    connections: Connections,
    linked: bool,
) -> Replica:
    settings, clock = connections.settings, connections.clock
    people = settings.people_map()
    if isinstance(place, TrelloPlace):
        return open_board(
            name,
            board=place.board,
            base_url=settings.trello.base_url,
            key=_plain(settings.trello.key),
            token=_plain(settings.trello.token),
            people=people,
            zone=campaign.zone,
            clock=clock,
            limiter=connections.trello,
        )
    if isinstance(place, AsanaPlace):
        return AsanaReplica(
            name,
            project=place.project,
            base_url=settings.asana.base_url,
            token=_plain(settings.asana.token),
            people=people,
            zone=campaign.zone,
            clock=clock,
            limiter=connections.asana,
        )
    return SheetsReplica(
        name,
        tab=place.tab,
        connection=connections.google.open(place.spreadsheet),
        people=people,
        zone=campaign.zone,
        clock=clock,
        linked=linked,
    )


def _plain(secret: SecretStr | None) -> str:
    """The credential; configuration was refused already if a service in use has none."""
    return secret.get_secret_value() if secret else ""
