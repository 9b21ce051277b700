"""The container runs as nobody in particular, can write nothing but its state, and carries no secrets."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncer.settings import Settings
from syncer.settings_keys import secret_paths
from syncer.settings_sources import gather

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="steps")
def _steps() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    rows = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, rest in rows]


@pytest.fixture(name="compose")
def _compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def last(steps: list[tuple[str, str]], name: str) -> str:
    return [rest for step, rest in steps if step == name][-1]


def test_both_stages_start_from_the_same_pinned_tag(steps: list[tuple[str, str]]) -> None:
    images = [rest.split()[0] for step, rest in steps if step == "FROM"]
    assert len(images) == 2
    assert set(images) == {"python:3.11-slim-bookworm"}


def test_everything_installed_is_locked_by_hash(steps: list[tuple[str, str]]) -> None:
    installs = [one for step, rest in steps if step == "RUN" for one in rest.split("&&") if "pip install" in one]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-deps --no-index" in one for one in installs)
    assert "--no-isolation" in " ".join(rest for _, rest in steps)


def test_the_user_is_a_number_and_not_root(steps: list[tuple[str, str]]) -> None:
    assert last(steps, "USER") == "10001:10001"
    after = [step for step, _ in steps][[step for step, _ in steps].index("USER") :]
    assert not {"RUN", "COPY", "ADD"} & set(after)


def test_signals_reach_the_program(steps: list[tuple[str, str]]) -> None:
    assert json.loads(last(steps, "ENTRYPOINT")) == ["/opt/venv/bin/syncer"]
    assert json.loads(last(steps, "CMD")) == ["run"]
    health = json.loads(last(steps, "HEALTHCHECK").split("CMD", 1)[1])
    assert health[0] == "/opt/venv/bin/python"
    assert "/healthz" in health[2]
    compile(health[2], "healthcheck", "exec")


def test_the_image_names_no_secret(steps: list[tuple[str, str]]) -> None:
    named = " ".join(rest for step, rest in steps if step in ("ENV", "ARG", "LABEL")).lower()
    assert not re.search(r"token|secret|password|_key|credential", named)


def test_only_what_the_image_needs_is_sent_to_the_build(steps: list[tuple[str, str]]) -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    wanted = {rule[1:] for rule in rules if rule.startswith("!")}
    assert next(rule for rule in rules if rule and not rule.startswith("#")) == "*"
    copied = {name for step, rest in steps if step == "COPY" and "--from" not in rest for name in rest.split()[:-1]}
    assert copied == wanted
    assert all((ROOT / name).exists() for name in copied)
    assert not any(fnmatch(name, rule) for rule in wanted for name in (".env", "secrets", "var", ".git"))


@pytest.mark.parametrize("name", ["syncer", "tools"])
def test_services_can_do_little(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "10001:10001"
    assert service["tmpfs"][0].startswith("/tmp:")
    assert service["volumes"] == ["state:/srv/syncer/var", "./config:/srv/syncer/config:ro"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)


def test_the_daemon_has_time_to_end_and_listens_on_this_machine_alone(compose: dict[str, Any]) -> None:
    daemon = compose["services"]["syncer"]
    assert daemon["stop_grace_period"] == "30s"
    assert all(port.startswith("127.0.0.1:") for port in daemon["ports"])
    assert compose["services"]["tools"]["profiles"] == ["tools"]


def test_secrets_come_as_files_that_the_settings_know(compose: dict[str, Any], tmp_path: Path) -> None:
    names = compose["services"]["syncer"]["secrets"]
    assert set(names) == set(compose["secrets"])
    for name in names:
        (tmp_path / name).write_text("{}", "utf-8")
    found = gather(None, {}, tmp_path, secret_paths(Settings), mounted=tmp_path)
    assert len([path for path in found.layers[2].places if len(path) == 2]) == len(names)
    assert set(compose["services"]["syncer"]["environment"]) == {"SYNCER_CONFIG", "SYNCER_DAEMON__HOST"}
