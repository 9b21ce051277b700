"""Runs migrations on the connection it is given: the caller owns the transaction."""

from __future__ import annotations

from alembic import context

from syncer.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
