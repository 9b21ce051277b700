"""The first schema: tasks, links, the journal, conflicts, runs and readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here from an empty database."""
    _state_info()
    _items()
    _links()
    _intents()
    _conflicts()
    _runs()
    _readings()


def _state_info() -> None:
    op.create_table(
        "state_info",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("state_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("campaign", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("away", sa.Boolean, nullable=False),
        sa.Column("dead", sa.Boolean, nullable=False),
        sa.Column("reopen_stage", sa.Text),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("campaign", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("replica", sa.Text, primary_key=True),
        sa.Column("remote_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("missing_since", sa.Text),
        sa.Column("agreed", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["campaign", "item"], ["items.campaign", "items.item"], name="links_item"),
    )
    op.create_index(
        "one_task_per_object",
        "links",
        ["campaign", "replica", "remote_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('live', 'archived')"),
        postgresql_where=sa.text("state IN ('live', 'archived')"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("replica", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("remote_id", sa.Text),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("old", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("since", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_intents_run", "intents", ["run"])
    op.create_index("intents_by_state", "intents", ["campaign", "state"])


def _conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("sides", sa.Text, nullable=False),
        sa.Column("chosen", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("conflicts_by_state", "conflicts", ["campaign", "state"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("exit", sa.Integer),
        sa.Column("report", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("campaign", sa.Text, primary_key=True),
        sa.Column("replica", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
    )
