"""The tables of the configuration that are the same for all campaigns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from syncer.core.policy import Limit
from syncer.settings_values import Ceiling, ConflictRule, CredentialsFile, Filled, PlaceId, Quiet, WebAddress

Share = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Section(BaseModel):
    """A table of the file: frozen, and refusing what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TrelloSettings(Section):
    """How to reach Trello."""

    base_url: WebAddress = Field(default="https://api.trello.com", description="Requests go to `{base_url}/1/...`.")
    key: SecretStr | None = Field(default=None, description="API key.")
    token: SecretStr | None = Field(default=None, description="Token of the account that Syncer works as.")
    secret: SecretStr | None = Field(default=None, description="Application secret; verifies webhooks.")
    quota: Count = Field(default=100, description="Requests in 10 seconds; Trello allows a token 100.")


class AsanaSettings(Section):
    """How to reach Asana."""

    base_url: WebAddress = Field(
        default="https://app.asana.com/api/1.0", description="Requests go to `{base_url}/tasks...`."
    )
    token: SecretStr | None = Field(default=None, description="Personal access token.")
    quota: Count = Field(
        default=150, description="Requests in a minute; Asana allows 150 on a free plan, 1500 on a paid one."
    )


class GoogleSettings(Section):
    """How to reach Google Sheets and Drive."""

    sheets_url: WebAddress = Field(
        default="https://sheets.googleapis.com", description="Requests go to `{sheets_url}/v4/spreadsheets...`."
    )
    drive_url: WebAddress = Field(
        default="https://www.googleapis.com", description="Requests go to `{drive_url}/drive/v3/...`."
    )
    credentials_file: CredentialsFile | None = Field(
        default=None,
        description="Path of the service account's JSON file; a relative path starts at the working directory.",
    )
    quota: Count = Field(default=60, description="Reads in a minute, and as many writes; Google allows a user 60.")


class SyncSettings(Section):
    """How a pass decides."""

    interval: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        default=60, description="Seconds between the passes of `syncer run`."
    )
    delete: Literal["unlink", "flag", "archive", "delete"] = Field(
        default="archive", description="What a deletion on one side does to the others."
    )
    delete_grace: Seconds | None = Field(
        default=None,
        description="Seconds an absence must last before it counts; left out: 0 for one pass, 60 for `syncer run`.",
    )
    max_delete: Ceiling = Field(
        default=Limit(share=0.1), description="How many of a replica's linked items one pass may delete; never under 5."
    )
    max_change: Ceiling = Field(
        default=Limit(share=0.5),
        description="How many of a replica's linked items one pass may change in the same field.",
    )
    max_create: Count = Field(
        default=200, description="How many items one pass may create in one replica, once linked."
    )
    conflict: ConflictRule = Field(
        default="newest",
        description="Who wins where one field was changed on two sides: newest, manual, or a replica's name.",
    )

    def grace(self, daemon: bool) -> timedelta:
        """How long an absence must last before it counts."""
        default = 60.0 if daemon else 0.0
        return timedelta(seconds=default if self.delete_grace is None else self.delete_grace)


class OverdueSettings(Section):
    """Overdue and due-soon milestones."""

    enabled: bool = Field(default=True, description="Whether overdue work is flagged.")
    comment: bool = Field(default=True, description="Whether the flag comes with a comment.")
    due_soon: Annotated[int, Field(ge=0)] = Field(default=3, description="Working days before the due date.")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="Whose public holidays count.", examples=["CN"]
    )
    holidays: tuple[date, ...] = Field(default=(), description="Further days off.", examples=["[2026-10-01]"])
    all_tasks: bool = Field(default=False, description="Tasks too, not milestones alone.")
    escalate: tuple[Any, ...] = Field(default=(), description="Who is told as work grows later.")
    quiet: Quiet | None = Field(default=None, description="Hours in which nobody is told.", examples=["20:00-08:00"])


class ReviewSettings(Section):
    """The review workbook."""

    spreadsheet: PlaceId | None = Field(default=None, description="Id of the workbook.")
    day: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] = Field(
        default="Mon", description="Day of the review."
    )
    green: Share = Field(default=95, description="Per cent of the target from which a KPI is green.")
    amber: Share = Field(default=85, description="Per cent of the target from which it is amber.")


class CalendarSettings(Section):
    """The operations calendar."""

    great_days: tuple[Any, ...] = Field(default=(), description="Days that many campaigns aim at.")
    capacity: Count = Field(default=10, description="Tasks due on one day that a person can bear.")


class SlackSettings(Section):
    """Messages to Slack."""

    url: SecretStr | None = Field(
        default=None, description="Incoming webhook; whoever has it can write to the channel."
    )
    channel: Filled | None = Field(default=None, description="Channel, where the webhook leaves a choice.")


class EmailSettings(Section):
    """Messages by e-mail."""

    host: Filled | None = Field(default=None, description="SMTP server.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=587, description="Its port.")
    user: Filled | None = Field(default=None, description="Account there.")
    password: SecretStr | None = Field(default=None, description="Its password.")
    sender: Filled | None = Field(default=None, description="From whom.")
    to: tuple[Filled, ...] = Field(default=(), description="To whom.")


class WebhookSettings(Section):
    """Messages to an address of your own."""

    url: WebAddress | None = Field(default=None, description="Where messages are posted.")
    secret: SecretStr | None = Field(default=None, description="Signs them.")


class NotifySettings(Section):
    """Where messages go."""

    slack: SlackSettings | None = Field(default=None, description="Slack.")
    email: EmailSettings | None = Field(default=None, description="E-mail.")
    webhook: WebhookSettings | None = Field(default=None, description="An address of your own.")


class DaemonSettings(Section):
    """Where `syncer run` listens."""

    host: Filled = Field(default="127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8484, description="Port to listen on; 0 takes a free one."
    )


class WebhooksSettings(Section):
    """Webhooks from the services."""

    public_url: WebAddress | None = Field(default=None, description="How the services reach `syncer run` from outside.")
