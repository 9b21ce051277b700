"""The tables of the state; the migrations build them, and a test holds both equal."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()

state_info = Table(
    "state_info",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("application", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("state_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

items = Table(
    "items",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("hub", Text, nullable=False),
    Column("away", Boolean, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("reopen_stage", Text),
)

links = Table(
    "links",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("replica", Text, primary_key=True),
    Column("remote_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Text),
    Column("url", Text),
    Column("missing_since", Text),
    Column("agreed", Text, nullable=False),
    ForeignKeyConstraint(["campaign", "item"], ["items.campaign", "items.item"], name="links_item"),
)
Index(
    "one_task_per_object",
    links.c.campaign,
    links.c.replica,
    links.c.remote_id,
    unique=True,
    sqlite_where=text("state IN ('live', 'archived')"),
    postgresql_where=text("state IN ('live', 'archived')"),
)

intents = Table(
    "intents",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("run", Text, nullable=False, index=True),
    Column("campaign", Text, nullable=False),
    Column("replica", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("remote_id", Text),
    Column("fields", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("since", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("intents_by_state", "campaign", "state"),
    sqlite_autoincrement=True,
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("sides", Text, nullable=False),
    Column("chosen", Text),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("conflicts_by_state", "campaign", "state"),
)

runs = Table(
    "runs",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("command", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("exit", Integer),
    Column("report", Text, nullable=False),
    sqlite_autoincrement=True,
)

readings = Table(
    "readings",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("replica", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("items", Integer, nullable=False),
)
