"""A state is opened only if it can be trusted; otherwise not a byte of it changes, and the message says what to do."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from syncer.core.errors import ConfigurationFault, StateFault
from syncer.core.model import Field, HubValue, Known, Link
from syncer.ports import Clock, EffectKind, Intent, LastReading
from syncer.store import migrations, schema
from syncer.store.opening import open_store, open_store_readonly
from syncer.store.snapshot import copy_to, look
from syncer.store.tables import metadata

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TASK = Known("i1", {Field.TITLE: HubValue("Poster", "trello", NOON)}, {"trello": Link("card")})
INTENT = Intent("doubtful", "r", "c", "asana", "i1", "Poster", EffectKind.CREATE, None, {}, {}, "new", NOON)


@pytest.fixture
def filled(state: Path, clock: Clock) -> Path:
    """A state file with tasks on many pages and an intent in doubt."""
    store = open_store(f"sqlite:///{state}", clock)
    store.settle("c", [TASK, *(Known(f"x{n:03}", {Field.TITLE: HubValue("t" * 200, "t")}) for n in range(200))], ())
    store.intend([INTENT])
    store.dispose()
    return state


def folder(state: Path) -> dict[str, tuple[bytes, int]]:
    """Every file beside the state, its bytes and mode."""
    return {path.name: (path.read_bytes(), path.stat().st_mode) for path in state.parent.iterdir() if path.is_file()}


def overwrite(state: Path, statement: str) -> None:
    with closing(sqlite3.connect(state)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_new_state_is_private_durable_and_named(state: Path, clock: Clock) -> None:
    store = open_store("sqlite:///var/syncer.db", clock, base=state.parent.parent, new_id=lambda: "r4nd0m")
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    assert store.state_id() == "r4nd0m"
    with store._engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1, 5000]
    store.dispose()
    assert [path.name for path in state.parent.iterdir()] == ["syncer.db"]


def test_two_states_have_two_names(tmp_path: Path, clock: Clock) -> None:
    stores = [open_store(f"sqlite:///{tmp_path}/{name}.db", clock) for name in "ab"]
    assert len({store.state_id() for store in stores}) == 2
    for store in stores:
        store.dispose()


def test_a_state_is_found_again(filled: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{filled}", clock)
    assert store.known("c")[0] == TASK
    assert store.open_intents("c") == (INTENT,)
    store.dispose()


def test_the_migrations_build_the_tables(made: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{made}", clock)
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        built = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'one_task_per_object'").scalar()
    assert str(built).endswith("WHERE state IN ('live', 'archived')")
    store.dispose()


def garbage(state: Path) -> None:
    state.write_bytes(b"not a database" * 400)


def empty(state: Path) -> None:
    state.write_bytes(b"")


def another_application(state: Path) -> None:
    overwrite(state, "UPDATE state_info SET application = 'cookbook'")


def without_marker(state: Path) -> None:
    state.unlink()
    overwrite(state, "CREATE TABLE recipes (id)")


def newer(state: Path) -> None:
    overwrite(state, "UPDATE state_info SET revision = '9999'")


def flipped(state: Path) -> None:
    pages = bytearray(state.read_bytes())
    for page in range(4096, len(pages), 4096):
        pages[page + 3 : page + 8] = b"\xff" * 5
    state.write_bytes(pages)


def read_only(state: Path) -> None:
    state.chmod(0o444)


def a_folder(state: Path) -> None:
    state.unlink()
    state.mkdir()


def only_latest_changes(state: Path) -> None:
    state.rename(state.with_name("syncer.db-wal"))


FAULTS: list[tuple[Callable[[Path], None], str, str]] = [
    (garbage, "is not a SQLite file", "state restore"),
    (empty, "is empty", "state rebuild"),
    (another_application, "belongs to another application", "another file"),
    (without_marker, "belongs to another application", "another file"),
    (newer, "newer version .revision 9999, known here: up to 0001.", "newer version"),
    (flipped, "damaged", "state restore"),
    (a_folder, "is not a file", "another file"),
    (only_latest_changes, "is missing, but its latest changes", "state restore"),
]


@pytest.mark.parametrize(("harm", "problem", "remedy"), FAULTS, ids=lambda part: getattr(part, "__name__", None))
def test_a_state_that_cannot_be_trusted_is_not_touched(
    filled: Path, clock: Clock, harm: Callable[[Path], None], problem: str, remedy: str
) -> None:
    harm(filled)
    before = folder(filled)
    for opening in (
        lambda: open_store(f"sqlite:///{filled}", clock),
        lambda: open_store_readonly(f"sqlite:///{filled}"),
    ):
        with pytest.raises(StateFault, match=problem) as caught:
            opening()
        assert remedy in caught.value.remedy
        assert str(filled) in caught.value.message
    assert folder(filled) == before


def test_a_truncated_state_is_not_touched(filled: Path, clock: Clock) -> None:
    whole = filled.read_bytes()
    for length in range(4096, len(whole), 4096):
        filled.write_bytes(whole[:length])
        before = folder(filled)
        with pytest.raises(StateFault, match=r"damaged|cannot be used"):
            open_store(f"sqlite:///{filled}", clock)
        assert folder(filled) == before


def test_a_read_only_state_can_be_looked_at_only(filled: Path, clock: Clock) -> None:
    read_only(filled)
    before = folder(filled)
    with pytest.raises(StateFault, match="is read-only"):
        open_store(f"sqlite:///{filled}", clock)
    store = open_store_readonly(f"sqlite:///{filled}")
    assert store.open_intents("c") == (INTENT,)
    store.dispose()
    assert folder(filled) == before


FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from syncer.core.errors import StateFault
from syncer.store.opening import open_store

class Clock:
    def now(self): return datetime(2026, 3, 1, 8, tzinfo=UTC)

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    open_store(sys.argv[1], Clock())
except StateFault as fault:
    print(fault)
"""


def open_where_files_cannot_grow_past(limit: int, state: Path) -> str:
    command = [sys.executable, "-c", FULL_DISK, f"sqlite:///{state}", str(limit)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_full_disk_is_noticed_on_opening(filled: Path) -> None:
    before = filled.read_bytes()
    said = open_where_files_cannot_grow_past(1024, filled)
    assert re.search("cannot be used: (the disk failed or is full|there is no room)", said)
    assert "space" in said
    assert filled.read_bytes() == before


def test_a_full_disk_leaves_no_half_made_state(state: Path) -> None:
    assert "space" in open_where_files_cannot_grow_past(40_000, state)
    assert list(state.parent.iterdir()) == []


def test_a_full_disk_at_work_loses_nothing_recorded(filled: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{filled}", clock)
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(StateFault, match="no room left to write"):
        store.settle("c", [Known("big", {Field.TITLE: HubValue("t" * 100_000, "t")})], ())
    assert store.known("c")[0] == TASK
    store.dispose()


def test_looking_changes_nothing_on_the_disk(filled: Path) -> None:
    before, touched = folder(filled), filled.stat().st_mtime_ns
    store = open_store_readonly(f"sqlite:///{filled}")
    assert store.known("c")[0] == TASK
    assert folder(filled) == before
    store.dispose()
    assert (folder(filled), filled.stat().st_mtime_ns) == (before, touched)


def test_looking_makes_no_files_even_for_a_moment(filled: Path) -> None:
    def see(connection: sqlite3.Connection) -> list[str]:
        connection.execute("SELECT * FROM items").fetchall()
        return [path.name for path in filled.parent.iterdir()]

    assert look(filled, see) == [filled.name]


def test_looking_at_nothing_makes_nothing(tmp_path: Path) -> None:
    store = open_store_readonly("sqlite:///var/syncer.db", base=tmp_path)
    assert (store.known("c"), store.last_run(), store.history()) == ((), None, ())
    store.dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_looked_at_state_takes_no_writing(filled: Path) -> None:
    for store in (open_store_readonly(f"sqlite:///{filled}"), open_store_readonly("sqlite://")):
        with pytest.raises(StateFault, match="cannot be written"):
            store.note_reading("c", "trello", LastReading(NOON, 1))
        store.dispose()


def test_a_copy_is_whole_and_private(filled: Path, clock: Clock) -> None:
    store = open_store(f"sqlite:///{filled}", clock)
    store.note_reading("c", "trello", LastReading(NOON, 7))
    copy = filled.with_name("copy.db")
    copy.write_text("older copy")
    copy_to(filled, copy)
    store.dispose()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = open_store_readonly(f"sqlite:///{copy}")
    assert kept.last_reading("c", "trello") == LastReading(NOON, 7)
    kept.dispose()


SECOND = '''
"""A later revision."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

def upgrade():
    op.add_column("runs", sa.Column("host", sa.Text))
    op.execute("{last}")
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this a later version, with a second migration that ends with the given statement."""

    def become(last: str) -> None:
        scripts = tmp_path / "scripts"
        shutil.copytree(Path(str(migrations.__file__)).parent, scripts)
        (scripts / "versions" / "0002_second.py").write_text(SECOND.format(last=last))
        monkeypatch.setattr(schema, "LOCATION", str(scripts))

    return become


def test_an_older_state_is_copied_and_migrated(
    filled: Path, clock: Clock, later: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = filled.read_bytes()
    later("SELECT 1")
    looked = open_store_readonly(f"sqlite:///{filled}")
    assert looked.open_intents("c") == (INTENT,)
    looked.dispose()
    assert filled.read_bytes() == older
    store = open_store(f"sqlite:///{filled}", clock)
    assert store.open_intents("c") == (INTENT,)
    store.dispose()
    monkeypatch.undo()
    with pytest.raises(StateFault, match=r"newer version .revision 0002"):
        open_store(f"sqlite:///{filled}", clock)
    copy = filled.with_name("syncer.db.before-0002")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = open_store(f"sqlite:///{copy}", clock)
    assert kept.known("c")[0] == TASK
    kept.dispose()


def test_a_failed_migration_changes_nothing(
    filled: Path, clock: Clock, later: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    later("DELETE FROM nowhere")
    with pytest.raises(StateFault, match="nowhere"):
        open_store(f"sqlite:///{filled}", clock)
    monkeypatch.undo()
    store = open_store(f"sqlite:///{filled}", clock)
    assert store.open_intents("c") == (INTENT,)
    with store._engine.connect() as connection:
        assert "host" not in [row.name for row in connection.exec_driver_sql("PRAGMA table_info(runs)")]
    store.dispose()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://user:s3cret@host/db", "PostgreSQL is not supported by this version, sqlite:/// only"),
        ("mysql://user:s3cret@host/db", "only sqlite:/// is supported"),
        ("sqlite+aiosqlite:///s3cret.db", "only sqlite:/// is supported"),
        ("s3cret", "not a database URL"),
        ("sqlite:///", "names no file"),
        ("sqlite://s3cret/syncer.db", "three slashes"),
        ("sqlite:///s3cret.db?mode=ro", "options after a question mark"),
    ],
)
def test_other_urls_are_faults_of_the_configuration(clock: Clock, url: str, problem: str) -> None:
    for opening in (lambda: open_store(url, clock), lambda: open_store_readonly(url)):
        with pytest.raises(ConfigurationFault, match=problem) as caught:
            opening()
        assert "s3cret" not in str(caught.value)


def test_odd_file_names_are_just_names(tmp_path: Path, clock: Clock) -> None:
    odd = tmp_path / "50% #1 数据.db"
    url = f"sqlite:///{odd}".replace("%", "%25").replace("#", "%23").replace(" ", "%20")
    open_store(url, clock).dispose()
    open_store_readonly(url).dispose()
    assert list(tmp_path.iterdir()) == [odd]
