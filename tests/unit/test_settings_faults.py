"""Every fault of the configuration becomes a sentence with key, origin, what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from syncer.core.errors import ConfigurationFault
from syncer.settings import load

CREDENTIALS = {
    "SYNCER_TRELLO__KEY": "canary-key",
    "SYNCER_TRELLO__TOKEN": "canary-token",
    "SYNCER_ASANA__TOKEN": "canary-3",
}
CAMPAIGN = '[[campaigns]]\nkey = "a"\nname = "A"\ntrello = { board = "b1" }\n'


def problems(folder: Path, text: str | None, environ: Mapping[str, str] = CREDENTIALS, dotenv: str = "") -> list[str]:
    if text is not None:
        (folder / "syncer.toml").write_text(text, encoding="utf-8")
    (folder / ".env").write_text(dotenv, encoding="utf-8")
    with pytest.raises(ConfigurationFault) as caught:
        load(None, environ, folder)
    assert "canary" not in str(caught.value)
    assert all("\n" not in problem for problem in caught.value.problems)
    return caught.value.problems


def cases(name: str) -> list[tuple[str, list[str]]]:
    """(lines of the file, the sentences), as the golden file has them: `lines`, `=>`, sentences, an empty line."""
    blocks = (Path(__file__).parent / "golden" / name).read_text("utf-8").strip("\n").split("\n\n")
    return [(text, sentences.split("\n")) for text, sentences in (block.split("\n=>\n") for block in blocks)]


@pytest.mark.parametrize(("text", "expected"), cases("settings_faults.txt"))
def test_a_fault_in_the_settings(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert problems(tmp_path, f"{text}\n{CAMPAIGN}") == expected


@pytest.mark.parametrize(("text", "expected"), cases("campaigns_faults.txt"))
def test_a_fault_in_a_campaign(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert problems(tmp_path, f"{CAMPAIGN}[[campaigns]]\n{text}\n") == expected


def test_two_spreadsheet_tabs_differ_and_the_same_tab_does_not(tmp_path: Path) -> None:
    text = (
        CAMPAIGN
        + 'sheets = [{ name = "x", spreadsheet = "s", tab = "T" }, { name = "y", spreadsheet = "s", tab = "t" }]\n'
    )
    (tmp_path / "g.json").touch()
    found = problems(tmp_path, text, {**CREDENTIALS, "SYNCER_GOOGLE__CREDENTIALS_FILE": "g.json"})
    assert len(found) == 1
    assert found[0].startswith("campaigns[a].sheets[y] (syncer.toml:5): Google Sheets place s t is used already.")


def test_no_campaign_and_no_file(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, None)
    assert found == (
        "configuration: neither --config nor $SYNCER_CONFIG names a configuration file, and there is no ./syncer.toml. "
        "Make one with `syncer init`, or from config/syncer.example.toml."
    )
    assert problems(tmp_path, 'locale = "en"\n') == [
        "campaigns (syncer.toml): no campaign is configured. Add a [[campaigns]] table with key, name and its places."
    ]


def test_missing_credentials_name_the_variable_and_the_file(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    found = problems(tmp_path, CAMPAIGN, {"SYNCER_SECRETS_DIR": str(secrets)})
    assert found == [
        f'trello.{name} (not set anywhere): campaign "a" uses Trello, and this is not given. '
        f"Set SYNCER_TRELLO__{name.upper()} (in the environment or in .env), or write it into the file "
        f"{secrets / f'trello_{name}'}."
        for name in ("key", "token")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a = 1\nb = = 2\n", "syncer.toml:2: Invalid value in: b = = 2. Correct the line"),
        (b'[trello]\ntoken = "canary\n', "syncer.toml:2: Illegal character '\\n' in: token = .... Correct the line"),
        (b"a = 1\na = 2\n", "syncer.toml:2: "),
        (b'a = "\xff"\n', "syncer.toml: the file is not in UTF-8. Save it as UTF-8."),
    ],
)
def test_a_file_that_cannot_be_parsed(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "syncer.toml").write_bytes(content)
    (found,) = problems(tmp_path, None)
    assert found.startswith(expected)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, None, {**CREDENTIALS, "SYNCER_CONFIG": "gone.toml"})
    assert found == (
        "gone.toml: the configuration file cannot be read (No such file or directory). "
        "Correct the path, or make the file with `syncer init`."
    )


def test_a_file_from_windows_is_read_with_the_right_lines(tmp_path: Path) -> None:
    (tmp_path / "syncer.toml").write_bytes(("\ufeff" + f'locale = "de"\n{CAMPAIGN}').replace("\n", "\r\n").encode())
    (found,) = problems(tmp_path, None)
    assert found.startswith("locale (syncer.toml:1):")


ENVIRONMENT = [
    ("TRELO__TOKEN", "canary", 'trelo (@): there is no such setting. Did you mean "trello"?'),
    ("TRELLO__TOKN", "canary", 'trello.tokn (@): there is no such setting. Did you mean "token"?'),
    ("SYNC__INTERVAL", "soon", 'sync.interval (@): "soon" is not a number.'),
    ("CAMPAIGNS", "[broken", 'campaigns (@): "[broken" is not a list.'),
    ("CAMPAIGNS", '[{"key": "e", "trello": {"board": "x"}}]', "campaigns[e].name (@): is missing."),
    ("CAMPAIGNS__0__NAME", "x", "campaigns (@): a table is not a list."),
    ("GOOGLE__CREDENTIALS_FILE", '{"private_key": "canary"}', "google.credentials_file (@): this is the content"),
    ("LOCALE", "a\nb\x1b[2J\u202e", 'locale (@): "a\ufffdb\ufffd[2J\ufffd" is none of the choices.'),
    ("SECRETS_DIR", "gone", "SYNCER_SECRETS_DIR (environment): there is no folder "),
]


@pytest.mark.parametrize(("name", "value", "expected"), ENVIRONMENT)
def test_a_fault_in_the_environment(tmp_path: Path, name: str, value: str, expected: str) -> None:
    (found,) = problems(tmp_path, CAMPAIGN, {**CREDENTIALS, f"SYNCER_{name}": value})
    assert found.startswith(expected.replace("@", f"environment variable SYNCER_{name}"))


def test_faults_in_a_dotenv_file(tmp_path: Path) -> None:
    dotenv = "# first\n\nSYNCER_SYNC__INTERVAL=soon\n'unclosed canary\nSYNCER_LOCALE=de\n"
    found = problems(tmp_path, CAMPAIGN, CREDENTIALS, dotenv)
    assert found[0].startswith(".env (.env:4): the line cannot be understood. Write NAME=value")
    assert found[1].startswith("locale (.env:5, SYNCER_LOCALE): ")
    assert found[2].startswith("sync.interval (.env:3, SYNCER_SYNC__INTERVAL): ")


@pytest.mark.parametrize(
    ("content", "expected"), [(b"", "the file is empty. Write"), (b"\xff\xfe", "the file cannot be read (not UTF-8).")]
)
def test_faults_in_secrets_files(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "asana_token"
    file.write_bytes(content)
    file.chmod(0o600)
    environ = {**CREDENTIALS, "SYNCER_SECRETS_DIR": str(tmp_path)}
    (found,) = problems(tmp_path, CAMPAIGN, environ)
    assert found.startswith(f"asana.token (secrets file {file}): {expected}")


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """Faults of form, faults between values, secrets in the wrong place and missing credentials: one run."""
    text = """locale = "de"
[trello]
token = "canary"
[sync]
conflict = "sheets"
intervall = 9
[[people]]
trello = "x"
[[people]]
name = "Wu"
trello = "x"
[[campaigns]]
key = "a"
trello = { board = "b1", colour = 1 }
asana = { project = "p1" }
[[campaigns]]
key = "a"
name = "B"
asana = { project = "p1" }
"""
    found = problems(tmp_path, text, {"SYNCER_SYNC__DELETE": "burn"})
    assert [problem.partition(" (")[0] for problem in found] == [
        "trello.token",
        "locale",
        "sync.delete",
        "sync.intervall",
        "people[1].name",
        "campaigns[a].name",
        "campaigns[a].trello.colour",
        "people[Wu].trello",
        "campaigns[a].key",
        "campaigns[a].asana",
        "sync.conflict",
        "sync.conflict",
        "trello.key",
        "asana.token",
    ]
