"""What can be configured, as frozen models; `load` reads them and reports every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from syncer import settings_checks, settings_faults, settings_keys, settings_sources
from syncer.core import model
from syncer.core.errors import ConfigurationFault
from syncer.core.people import People, Person
from syncer.core.stages import Stage, StageMap
from syncer.settings_sections import (
    AsanaSettings,
    CalendarSettings,
    DaemonSettings,
    GoogleSettings,
    NotifySettings,
    OverdueSettings,
    ReviewSettings,
    Section,
    SyncSettings,
    TrelloSettings,
    WebhooksSettings,
)
from syncer.settings_values import (
    ONE_OR_MORE,
    Direction,
    Filled,
    Gid,
    Names,
    PlaceId,
    ReplicaName,
    StateUrl,
    Zone,
    wrong,
    zone_info,
)


class PersonSettings(Section):
    """One person and their accounts."""

    name: Filled = Field(description="How sheets and reports show the person.", examples=["Li Wei"])
    trello: Filled | None = Field(default=None, description="Trello username.")
    asana: Filled | None = Field(default=None, description="Asana e-mail or gid.")


class Place(Section):
    """Where one replica of a campaign lives."""

    name: ReplicaName | None = Field(
        default=None, description="The replica's name; needed where a service has several."
    )
    only: dict[str, Any] | None = Field(default=None, description="Part of the place; not in this version.")

    @field_validator("only", mode="before")
    @classmethod
    def _no_filters_yet(cls, _: object) -> None:
        raise wrong(
            "filters come with a later version, and leaving this one out would sync the whole place",
            "Remove it to sync the whole place, or give the campaign a place of its own.",
        )


class TrelloPlace(Place):
    """A Trello board."""

    board: PlaceId = Field(description="Id of the board.", examples=["5f2a0c1e9d3b4a7c8e6f1d20"])

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same place."""
        return ("trello", self.board)


class AsanaPlace(Place):
    """An Asana project."""

    project: Gid = Field(description="Gid of the project.", examples=["1208345678901234"])

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same place."""
        return ("asana", self.project)


class SheetsPlace(Place):
    """One tab of a spreadsheet."""

    spreadsheet: PlaceId = Field(
        description="Id of the spreadsheet.", examples=["1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"]
    )
    tab: Filled = Field(default="Tasks", description="Name of the tab that holds the tasks.")

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same place; Google compares tab names without regard to case."""
        return ("sheets", self.spreadsheet, self.tab.casefold())


class StageSettings(Section):
    """What each service or replica calls one stage; anything left out is called as the stage is."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Names]

    done: bool = Field(default=False, description="Whether work in this stage is finished.")

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """By service or replica name; the first name is the one written."""
        return dict(self.__pydantic_extra__ or {})


class CampaignSettings(Section):
    """One campaign and its replicas."""

    key: Filled = Field(description="Stable and unique; what commands and the state call it.", examples=["double-11"])
    name: Filled = Field(description="How people call it.", examples=["Double 11 2026"])
    timezone: Zone | None = Field(default=None, description="Overrides the time zone at the top.")
    trello: Annotated[tuple[TrelloPlace, ...], ONE_OR_MORE] = Field(default=(), description="Its board, or boards.")
    asana: Annotated[tuple[AsanaPlace, ...], ONE_OR_MORE] = Field(default=(), description="Its project, or projects.")
    sheets: Annotated[tuple[SheetsPlace, ...], ONE_OR_MORE] = Field(default=(), description="Its tab, or tabs.")
    stages: dict[Filled, StageSettings] = Field(default={}, description="Stage by stage, what each service calls it.")
    fields: dict[model.Field, Direction] = Field(
        default={}, description="By field, which way it goes: both, off, create or from:<replica>."
    )

    @property
    def zone(self) -> ZoneInfo:
        """Where the campaign's days begin and end."""
        return zone_info(self.timezone or "UTC")

    @property
    def places(self) -> Mapping[str, TrelloPlace | AsanaPlace | SheetsPlace]:
        """Replica name → place, in the order that settles equal times."""
        return {name: place for name, _, place in self.named_places()}

    @property
    def services(self) -> Mapping[str, str]:
        """Replica name → service, in the same order."""
        return {name: service for name, service, _ in self.named_places()}

    def named_places(self) -> Iterator[tuple[str, str, TrelloPlace | AsanaPlace | SheetsPlace]]:
        """Replica name, service and place; a place without a name is called as its service is."""
        for service, places in (("trello", self.trello), ("asana", self.asana), ("sheets", self.sheets)):
            for place in places:
                yield place.name or service, service, place

    @property
    def directions(self) -> Mapping[model.Field, str]:
        """Field → `both`, `off`, `create` or `from:<replica>`."""
        return dict(self.fields)

    def stage_map(self) -> StageMap | None:
        """The configured stages, or None where those found in the services are to be used."""
        if not self.stages:
            return None
        return StageMap([Stage(name, stage.done, stage.names) for name, stage in self.stages.items()])


class Settings(BaseSettings):
    """The whole configuration. Made by `load`; made by hand from values, it reads nothing from around it."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, case_sensitive=True, hide_input_in_errors=True)

    timezone: Zone = Field(
        default="UTC", description="IANA name; a campaign may override it.", examples=["Asia/Shanghai"]
    )
    state: StateUrl = Field(
        default="sqlite:///var/syncer.db", description="Where the state is kept: SQLite or PostgreSQL."
    )
    locale: Literal["en", "zh-CN"] = Field(default="en", description="Headings and messages of what people read.")
    trello: TrelloSettings = Field(default_factory=TrelloSettings, description="How to reach Trello.")
    asana: AsanaSettings = Field(default_factory=AsanaSettings, description="How to reach Asana.")
    google: GoogleSettings = Field(default_factory=GoogleSettings, description="How to reach Google Sheets and Drive.")
    sync: SyncSettings = Field(default_factory=SyncSettings, description="How a pass decides.")
    people: tuple[PersonSettings, ...] = Field(default=(), description="Who is who.")
    campaigns: tuple[CampaignSettings, ...] = Field(default=(), description="What is kept the same.")
    overdue: OverdueSettings = Field(default_factory=OverdueSettings, description="Overdue work.")
    review: ReviewSettings = Field(default_factory=ReviewSettings, description="The review workbook.")
    calendar: CalendarSettings = Field(default_factory=CalendarSettings, description="The operations calendar.")
    notify: NotifySettings = Field(default_factory=NotifySettings, description="Where messages go.")
    daemon: DaemonSettings = Field(default_factory=DaemonSettings, description="Where `syncer run` listens.")
    webhooks: WebhooksSettings = Field(default_factory=WebhooksSettings, description="Webhooks from the services.")

    @field_validator("campaigns", mode="after")
    @classmethod
    def _inherit_zone(
        cls, campaigns: tuple[CampaignSettings, ...], info: ValidationInfo
    ) -> tuple[CampaignSettings, ...]:
        zone = {"timezone": info.data.get("timezone", "UTC")}
        return tuple(campaign if campaign.timezone else campaign.model_copy(update=zone) for campaign in campaigns)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_unused: PydanticBaseSettingsSource,
        **_ambient: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The layers that `load` found, strongest first; never what happens to lie around in the process."""
        return settings_sources.sources(settings_cls, init_settings)

    def people_map(self) -> People:
        """Who is who."""
        return People(Person(person.name, person.trello, person.asana) for person in self.people)

    def campaign(self, key: str) -> CampaignSettings:
        """The campaign with a key. Raises KeyError if there is none."""
        return {campaign.key: campaign for campaign in self.campaigns}[key]

    def secrets(self) -> frozenset[str]:
        """Every secret value, for the log's redaction."""
        return settings_keys.secret_values(self)


def load(path: Path | None, environ: Mapping[str, str], cwd: Path) -> Settings:
    """Read the configuration: environment, then `.env` in `cwd`, then secrets files, then the TOML file.

    The file is `path`, else `$SYNCER_CONFIG`, else `syncer.toml` in `cwd`. Raises ConfigurationFault with all problems.
    """
    found = settings_sources.gather(path, environ, cwd, settings_keys.secret_paths(Settings))
    if found.unreadable:
        raise ConfigurationFault(settings_faults.sentences(found, found.faults))
    settings, faults = settings_faults.build(Settings, found)
    checked = settings_checks.check(settings, found, cwd) if settings else []
    problems = [*found.faults, *faults, *checked]
    if problems or settings is None:
        raise ConfigurationFault(settings_faults.sentences(found, problems))
    return settings


def describe_settings() -> list[tuple[str, str, str, str]]:
    """Every setting as (key, type, default, meaning), for the README's table."""
    return settings_keys.describe(Settings)
