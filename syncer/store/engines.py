"""How SQLite is spoken to: BEGIN is ours, IMMEDIATE where we write, and what is committed is on the disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

_ALWAYS = ("PRAGMA foreign_keys=ON", "PRAGMA busy_timeout=5000")
_DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")


def file_engine(path: Path) -> Engine:
    """An engine over a file; `execution_options(writing=True)` makes its transactions take the write lock at once."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    return _with_our_transactions(engine, (*_ALWAYS, *_DURABLE))


def memory_engine(connection: sqlite3.Connection | None = None) -> Engine:
    """An engine over one database in memory, a new one or that of `connection` (opened for use by any thread)."""
    only = connection or sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: only, poolclass=StaticPool)
    return _with_our_transactions(engine, _ALWAYS)


def _with_our_transactions(engine: Engine, pragmas: tuple[str, ...]) -> Engine:
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin late and not before reads (SQLAlchemy's SQLite dialect documentation).
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
