"""Where settings are found, which source wins, and what they become."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from syncer.core.errors import ConfigurationFault
from syncer.core.model import Field
from syncer.core.policy import Limit
from syncer.settings import Settings, describe_settings, load
from syncer.settings_keys import secret_paths
from syncer.settings_sources import gather
from syncer.settings_toml import lines, syntax_error

CONFIG = Path(__file__).parents[2] / "config"
MINIMAL = """
[[campaigns]]
key = "a"
name = "A"
trello = { board = "b1" }
"""
CREDENTIALS = {"SYNCER_TRELLO__KEY": "the-key", "SYNCER_TRELLO__TOKEN": "the-token"}


def write(folder: Path, text: str, name: str = "syncer.toml", mode: int = 0o600) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def loaded(folder: Path, text: str = MINIMAL, environ: Mapping[str, str] = CREDENTIALS) -> Settings:
    write(folder, text)
    return load(None, environ, folder)


def problems(folder: Path, environ: Mapping[str, str] = CREDENTIALS) -> str:
    with pytest.raises(ConfigurationFault) as caught:
        load(None, environ, folder)
    return "\n".join(caught.value.problems)


def test_a_small_file_gets_the_defaults_of_the_contract(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.state == "sqlite:///var/syncer.db"
    assert settings.trello.base_url == "https://api.trello.com"
    assert (settings.trello.quota, settings.asana.quota, settings.google.quota) == (100, 150, 60)
    assert (settings.sync.interval, settings.sync.delete, settings.sync.conflict) == (60, "archive", "newest")
    assert (settings.sync.max_delete, settings.sync.max_change) == (Limit(share=0.1), Limit(share=0.5))
    assert (settings.daemon.host, settings.daemon.port) == ("127.0.0.1", 8484)


@pytest.mark.parametrize(
    ("configured", "daemon", "seconds"), [("", False, 0), ("", True, 60), ("5", False, 5), ("0", True, 0)]
)
def test_the_grace_of_deletions_depends_on_who_asks(
    tmp_path: Path, configured: str, daemon: bool, seconds: int
) -> None:
    environ = {**CREDENTIALS, "SYNCER_SYNC__DELETE_GRACE": configured}
    assert loaded(tmp_path, environ=environ).sync.grace(daemon) == timedelta(seconds=seconds)


def test_the_examples_load_and_name_every_setting(tmp_path: Path) -> None:
    write(tmp_path, "{}", "google.json")
    named = re.findall(r"^(?:# )?(SYNCER_\w+)=", (CONFIG / "env.example").read_text("utf-8"), re.MULTILINE)
    environ = {**CREDENTIALS, "SYNCER_ASANA__TOKEN": "t", "SYNCER_GOOGLE__CREDENTIALS_FILE": "google.json"}
    settings = load(CONFIG / "syncer.example.toml", environ, tmp_path)
    assert settings.campaign("double-11").services == {"trello": "trello", "asana": "asana", "sheets": "sheets"}
    assert {"SYNCER_TRELLO__KEY", "SYNCER_TRELLO__TOKEN", "SYNCER_TRELLO__SECRET", "SYNCER_ASANA__TOKEN"} < set(named)
    text = (CONFIG / "syncer.example.toml").read_text("utf-8")
    for key, *_ in describe_settings():
        last = key.rpartition(".")[2]
        variable = f"SYNCER_{key.upper().replace('.', '__')}"
        assert re.search(rf"\b{re.escape(last)}\b", text) or variable in text or "<" in last, key


def test_the_example_shows_the_defaults() -> None:
    """All but what it marks as the reader's own."""
    given = tomllib.loads((CONFIG / "syncer.example.toml").read_text("utf-8"))
    plain = Settings().model_dump(mode="json")
    for section in ("trello", "asana", "google", "overdue", "review", "calendar", "daemon"):
        assert {key: plain[section][key] for key in given[section]} == given[section]


@pytest.mark.parametrize("how", ["argument", "variable", "dotenv", "working directory"])
def test_the_file_is_found(tmp_path: Path, how: str) -> None:
    name = "syncer.toml" if how == "working directory" else "other.toml"
    write(tmp_path, 'locale = "zh-CN"' + MINIMAL, name)
    environ = {**CREDENTIALS, "SYNCER_CONFIG": "other.toml"} if how == "variable" else dict(CREDENTIALS)
    write(tmp_path, "SYNCER_CONFIG=other.toml\n" if how == "dotenv" else "", ".env")
    assert load(Path(name) if how == "argument" else None, environ, tmp_path).locale == "zh-CN"


def test_the_argument_wins_over_the_variable(tmp_path: Path) -> None:
    write(tmp_path, 'locale = "zh-CN"' + MINIMAL, "wanted.toml")
    write(tmp_path, MINIMAL, "other.toml")
    environ = {**CREDENTIALS, "SYNCER_CONFIG": "other.toml"}
    assert load(Path("wanted.toml"), environ, tmp_path).locale == "zh-CN"


def test_sources_in_order_of_strength(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    environ = {**CREDENTIALS, "SYNCER_SECRETS_DIR": "secrets"}
    base = 'state = "sqlite:///file.db"' + MINIMAL
    assert loaded(tmp_path, base, environ).state == "sqlite:///file.db"
    write(secrets, "sqlite:///secret.db\n", "state")
    assert loaded(tmp_path, base, environ).state == "sqlite:///secret.db"
    write(tmp_path, "SYNCER_STATE=sqlite:///dotenv.db\n", ".env")
    assert loaded(tmp_path, base, environ).state == "sqlite:///dotenv.db"
    environ["SYNCER_STATE"] = "sqlite:///environment.db"
    assert loaded(tmp_path, base, environ).state == "sqlite:///environment.db"


def test_a_source_overrides_a_key_and_leaves_its_neighbours(tmp_path: Path) -> None:
    environ = {**CREDENTIALS, "SYNCER_SYNC__INTERVAL": "5"}
    sync = loaded(tmp_path, '[sync]\ninterval = 9\ndelete = "flag"\n' + MINIMAL, environ).sync
    assert (sync.interval, sync.delete) == (5, "flag")


def test_empty_variables_count_as_not_set(tmp_path: Path) -> None:
    assert loaded(tmp_path, environ={**CREDENTIALS, "SYNCER_LOCALE": ""}).locale == "en"


def test_lists_come_from_the_environment_as_json(tmp_path: Path) -> None:
    campaigns = '[{"key": "e", "name": "E", "trello": {"board": "b9"}}]'
    settings = loaded(tmp_path, environ={**CREDENTIALS, "SYNCER_CAMPAIGNS": campaigns})
    assert [campaign.key for campaign in settings.campaigns] == ["e"]


def test_the_environment_alone_is_enough(tmp_path: Path) -> None:
    campaigns = '[{"key": "e", "name": "E", "trello": {"board": "b9"}}]'
    assert load(None, {**CREDENTIALS, "SYNCER_CAMPAIGNS": campaigns}, tmp_path).campaign("e").name == "E"


def test_what_kubernetes_injects_is_not_ours(tmp_path: Path) -> None:
    injected = {"SYNCER_SERVICE_HOST": "10.0.0.1", "SYNCER_PORT": "tcp://10.0.0.1:80", "SYNCER_PORT_80_TCP_ADDR": "x"}
    assert loaded(tmp_path, environ={**CREDENTIALS, **injected}).daemon.port == 8484


def test_settings_made_by_hand_read_nothing_from_around_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALE", "zh-CN")
    monkeypatch.setenv("SYNCER_LOCALE", "zh-CN")
    assert Settings().locale == "en"
    assert Settings(locale="zh-CN").locale == "zh-CN"


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        settings.sync.interval = 1
    with pytest.raises(ValidationError, match="frozen"):
        settings.locale = "zh-CN"


@pytest.mark.parametrize("name", ["trello_token", "TRELLO__TOKEN", "SYNCER_TRELLO__TOKEN", "SYNCER_TRELLO_TOKEN"])
def test_names_of_secrets_files(tmp_path: Path, name: str) -> None:
    write(tmp_path, "from-a-file\n", name)
    environ = {"SYNCER_TRELLO__KEY": "k", "SYNCER_SECRETS_DIR": str(tmp_path)}
    token = loaded(tmp_path, environ=environ).trello.token
    assert token is not None
    assert token.get_secret_value() == "from-a-file"


@pytest.mark.parametrize("name", ["google_credentials", "google_credentials.json", "GOOGLE__CREDENTIALS_FILE"])
def test_google_credentials_may_be_a_secrets_file_themselves(tmp_path: Path, name: str) -> None:
    file = write(tmp_path, '{"type": "service_account"}', name)
    assert loaded(
        tmp_path, environ={**CREDENTIALS, "SYNCER_SECRETS_DIR": str(tmp_path)}
    ).google.credentials_file == str(file)


def test_other_files_beside_the_secrets_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "x", "postgres_root_password", mode=0o644)
    (tmp_path / "trello_token").mkdir()
    assert loaded(tmp_path, environ={**CREDENTIALS, "SYNCER_SECRETS_DIR": str(tmp_path)}).asana.token is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_secrets_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path, "canary-1", "trello_token", mode)
    write(tmp_path, MINIMAL)
    text = problems(tmp_path, {**CREDENTIALS, "SYNCER_SECRETS_DIR": str(tmp_path)})
    assert text == (
        f"trello.token (secrets file {file}): other users of this machine can read the file. Run chmod 600 {file}"
    )


def test_the_container_engine_may_mount_secrets_readable(tmp_path: Path) -> None:
    write(tmp_path, "mounted", "trello_token", 0o644)
    found = gather(None, {}, tmp_path, secret_paths(Settings), mounted=tmp_path)
    assert found.faults == ()
    assert found.merged() == {"trello": {"token": "mounted"}}


def test_a_dotenv_file_is_read_as_it_stands(tmp_path: Path) -> None:
    write(
        tmp_path, "\ufeff# ours\nexport SYNCER_TRELLO__KEY='a#b'\nSYNCER_TRELLO__TOKEN=\"${HOME}\"\nOTHER=1\n", ".env"
    )
    trello = loaded(tmp_path, environ={"HOME": "/root"}).trello
    assert trello.key is not None
    assert trello.token is not None
    assert (trello.key.get_secret_value(), trello.token.get_secret_value()) == ("a#b", "${HOME}")


def test_places_become_replicas_in_the_order_that_settles_equal_times(tmp_path: Path) -> None:
    write(tmp_path, "{}", "g.json")
    text = """
[[campaigns]]
key = "a"
name = "A"
sheets = { spreadsheet = "s1" }
asana = { project = 1208345678901234, name = "plan" }
trello = [{ name = "design", board = "b1" }, { name = "press", board = "b2" }]
fields = { title = "from:press", due = "off" }
"""
    environ = {**CREDENTIALS, "SYNCER_ASANA__TOKEN": "t", "SYNCER_GOOGLE__CREDENTIALS_FILE": "g.json"}
    campaign = loaded(tmp_path, text, environ).campaign("a")
    assert list(campaign.services.items()) == [
        ("design", "trello"),
        ("press", "trello"),
        ("plan", "asana"),
        ("sheets", "sheets"),
    ]
    assert campaign.places["plan"].identity == ("asana", "1208345678901234")
    assert campaign.places["sheets"].identity == ("sheets", "s1", "tasks")
    assert campaign.directions == {Field.TITLE: "from:press", Field.DUE: "off"}


def test_stages_become_a_map_only_where_they_are_configured(tmp_path: Path) -> None:
    assert loaded(tmp_path).campaign("a").stage_map() is None
    text = MINIMAL + '[campaigns.stages]\n"Open" = { trello = ["New", "Old"] }\n"Closed" = { done = true }\n'
    stages = loaded(tmp_path, text).campaign("a").stage_map()
    assert stages is not None
    assert (stages.spoken("Open", "trello"), stages.canonical("old", "trello")) == ("New", "Open")
    assert (stages.spoken("Closed", "trello"), stages.first_done()) == ("Closed", "Closed")


def test_a_campaign_has_the_zone_of_the_file_or_its_own(tmp_path: Path) -> None:
    other = MINIMAL.replace('"a"', '"b"').replace("b1", "b2") + 'timezone = "Europe/Berlin"\n'
    settings = loaded(tmp_path, 'timezone = "Asia/Shanghai"\n' + MINIMAL + other)
    assert settings.campaign("a").zone == ZoneInfo("Asia/Shanghai")
    assert settings.campaign("b").zone == ZoneInfo("Europe/Berlin")


def test_people_become_a_map(tmp_path: Path) -> None:
    text = MINIMAL + '[[people]]\nname = "Li Wei"\ntrello = "liwei"\nasana = "li@example.com"\n'
    people = loaded(tmp_path, text).people_map()
    assert people.name_of("asana", "LI@example.com") == "Li Wei"


def test_every_optional_section_of_the_contract_loads(tmp_path: Path) -> None:
    text = """
[overdue]
enabled = true
comment = true
due_soon = 3
country = "CN"
holidays = [2026-10-01, "2026-10-02"]
all_tasks = false
escalate = [{ after = 3, to = "Li Wei" }, 7, "x"]
quiet = "20:00-08:00"
[review]
spreadsheet = "ID"
day = "Mon"
green = 95
amber = 85
[calendar]
great_days = [2026-11-11, { name = "Double 12", day = 2026-12-12 }]
capacity = 10
[notify.slack]
[notify.email]
[notify.webhook]
[daemon]
host = "127.0.0.1"
port = 8484
[webhooks]
public_url = "https://syncer.example.com/"
"""
    settings = loaded(tmp_path, MINIMAL + text)
    assert len(settings.overdue.holidays) == 2
    assert settings.webhooks.public_url == "https://syncer.example.com"


def test_secrets_are_gathered_and_not_shown(tmp_path: Path) -> None:
    environ = {
        **CREDENTIALS,
        "SYNCER_STATE": "postgresql://u:p%40ss@h/db",
        "SYNCER_NOTIFY__SLACK__URL": "https://hooks/x",
    }
    settings = loaded(tmp_path, environ=environ)
    assert settings.secrets() == {"the-key", "the-token", "p%40ss", "p@ss", "https://hooks/x"}
    assert "the-token" not in repr(settings)


def test_every_setting_is_described() -> None:
    rows = {key: row for key, *row in describe_settings()}
    assert rows["sync.max_delete"][:2] == ['share ("10%") or number', '"10%"']
    assert rows["campaigns[].key"][1] == "required"
    assert rows["overdue.holidays"][:2] == ["list of date", ""]
    assert rows["overdue.enabled"][1] == "true"
    assert rows["trello.token"][:2] == ["secret", ""]
    assert all(meaning.endswith(".") for _, _, meaning in rows.values())


def test_lines_of_keys() -> None:
    text = '''top = """
[not.a.table]
key = 1
"""
"quoted key" = 1  # [no]
a.b = { c = 1, "d e" = [2] }

[[list]]
x = [
  1,
]
[list.sub]
y = 1
[[list]]
x = 2
[[list.inner]]
z = 3
'''
    found = lines(text)
    assert {path: found[path] for path in found if path[0] != "list"} == {
        ("top",): 1,
        ("quoted key",): 5,
        ("a",): 6,
        ("a", "b"): 6,
        ("a", "b", "c"): 6,
        ("a", "b", "d e"): 6,
        ("a", "b", "d e", 0): 6,
    }
    assert [found["list", 0, "x"], found["list", 0, "sub", "y"], found["list", 1, "x"]] == [9, 13, 15]
    assert found["list", 1, "inner", 0, "z"] == 17


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = = 2\n", (2, "Invalid value in: b = = 2")),
        ('x = { token = "canary }\n', (1, "x = { token = ...")),
        ("a = [1,\n\n", (1, "in: a = [1,")),
        ('k = """\ncanary', (2, "in: ...")),
    ],
)
def test_lines_of_syntax_errors(text: str, expected: tuple[int, str]) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    line, what = syntax_error(text, caught.value)
    assert line == expected[0]
    assert what.endswith(expected[1])
    assert "canary" not in what
