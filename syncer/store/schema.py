"""The schema's history: numbered migrations, carried out whole in one transaction or not at all."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, update

from syncer.store.tables import state_info

LOCATION = "syncer.store:migrations"
"""Where the migrations are: a folder, or a package's folder as `package:folder`."""


def head() -> str:
    """The revision this version of Syncer works with."""
    return str(_scripts().get_current_head())


def revisions() -> frozenset[str]:
    """Every revision this version of Syncer knows how to bring up to `head`."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def upgrade(connection: Connection) -> None:
    """Bring the schema to `head` within the connection's transaction, and mark it."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(update(state_info), {"revision": head()})


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.set_main_option("path_separator", "os")
    return config
