"""Finds the configuration and reads it in layers: environment, `.env`, secrets files, TOML file, strongest first."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from syncer import settings_toml
from syncer.settings_keys import Path as KeyPath

PREFIX = "SYNCER_"
LEVEL = "__"
MOUNTED = Path("/run/secrets")
"""Where container engines mount secrets, readable for the container's user whatever their mode says."""

_OWN = ("SYNCER_CONFIG", "SYNCER_SECRETS_DIR")
_INJECTED = re.compile(r"SYNCER_(SERVICE_(HOST|PORT)|PORT)(_.*)?$")
"""What Kubernetes and old container links set for a service of the name `syncer`; none of it is ours."""
_CREDENTIALS = ("google", "credentials_file")
_CREDENTIALS_FILES = frozenset({"google_credentials", "google_credentials_file", "google__credentials_file"})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `what` has no full stop; `instead` is a sentence or more."""

    key: KeyPath
    what: str
    instead: str
    origin: str | None = None
    """None: where the key stands."""


@dataclass(frozen=True)
class Layer:
    """The values of one source, and where each came from."""

    data: Mapping[str, Any]
    places: Mapping[KeyPath, str]

    def tables(self) -> frozenset[KeyPath]:
        """The paths of tables, which other layers can add to; anything else replaces what they say."""
        return frozenset(path for path in self.places if isinstance(_at(self.data, path), dict))


@dataclass(frozen=True)
class Found:
    """All layers, strongest first, and what was wrong with reading them."""

    layers: tuple[Layer, ...]
    faults: tuple[Fault, ...] = ()
    file: str | None = None
    """The TOML file as people call it, None if there is none."""
    secrets_dir: Path = MOUNTED
    unreadable: bool = False
    """The file could not be read at all, so that nothing more can be said about its content."""

    def origin(self, path: KeyPath) -> str:
        """Where the value at a path came from: of the closest thing above it, if it is missing."""
        layers, best = self.layers, self.file or "no configuration file"
        for length in range(1, len(path) + 1):
            having = tuple(layer for layer in layers if path[:length] in layer.places)
            if not having:
                break
            best = having[0].places[path[:length]]
            layers = having if path[:length] in having[0].tables() else having[:1]
        return best

    def merged(self) -> dict[str, Any]:
        """All layers as one, as pydantic-settings merges them."""
        whole: dict[str, Any] = {}
        for layer in reversed(self.layers):
            whole = _over(whole, layer.data)
        return whole


def sources(
    settings_cls: type[BaseSettings], init: PydanticBaseSettingsSource
) -> tuple[PydanticBaseSettingsSource, ...]:
    """The sources for `Settings(layers=...)`; the given values alone where there are no layers."""
    layers = init.init_kwargs.get("layers") if isinstance(init, InitSettingsSource) else None
    return (init,) if layers is None else tuple(InitSettingsSource(settings_cls, dict(layer.data)) for layer in layers)


@dataclass
class _Gathering:
    """What one reading of all sources comes to."""

    secrets: frozenset[tuple[str, ...]]
    faults: list[Fault] = field(default_factory=list)
    unreadable: bool = False


def gather(
    path: Path | None,
    environ: Mapping[str, str],
    cwd: Path,
    secrets: frozenset[tuple[str, ...]],
    mounted: Path = MOUNTED,
) -> Found:
    """Read every source. Nothing is raised: what is wrong is in `faults`."""
    state = _Gathering(secrets)
    dotenv, lines = _read_dotenv(cwd / ".env", state)
    named = {**dotenv, **environ}
    secrets_dir = cwd / named["SYNCER_SECRETS_DIR"] if named.get("SYNCER_SECRETS_DIR") else mounted
    file = _find_file(path, named.get("SYNCER_CONFIG"), cwd)
    layers = (
        _variables(environ, state, lambda name: f"environment variable {name}"),
        _variables(dotenv, state, lambda name: f".env:{lines[name]}, {name}"),
        _secrets_files(secrets_dir, mounted, state),
        _toml(file, cwd, state),
    )
    shown = _shown(file, cwd) if file else None
    return Found(layers, tuple(state.faults), shown, secrets_dir, state.unreadable)


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _over(weak: Mapping[str, Any], strong: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(weak)
    for key, value in strong.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _over(result[key], value) if both else value
    return result


def spread(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of a value and of everything in it."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from spread(one, (*path, key))


def _read_dotenv(file: Path, state: _Gathering) -> tuple[dict[str, str], dict[str, int]]:
    """Our variables in a `.env` file, and the line of each. Nothing is interpolated: a `$` is a `$`."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    try:
        text = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        state.faults.append(Fault((".env",), f"cannot be read ({_why(error)})", "Mend or remove the file.", str(file)))
        return values, lines
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        if binding.error:
            what, instead = "the line cannot be understood", "Write NAME=value; quote a value that holds # or quotes."
            state.faults.append(Fault((".env",), what, instead, f".env:{line}"))
        elif binding.key and binding.key.startswith(PREFIX) and binding.value is not None:
            values[binding.key], lines[binding.key] = binding.value, line
    return values, lines


def _variables(named: Mapping[str, str], state: _Gathering, origin: Any) -> Layer:
    """The variables that are set and not empty, as nested tables."""
    data: dict[str, Any] = {}
    places: dict[KeyPath, str] = {}
    for name in sorted(named):
        if not name.startswith(PREFIX) or name in _OWN or _INJECTED.match(name) or not named[name]:
            continue
        path = tuple(name.removeprefix(PREFIX).lower().split(LEVEL))
        value = named[name] if path in state.secrets else _parsed(named[name])
        _note(data, places, path, value, origin(name))
    return Layer(data, places)


def _parsed(text: str) -> Any:
    """Lists and tables are given as JSON; anything else is text that the setting's type will read."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _note(data: dict[str, Any], places: dict[KeyPath, str], path: KeyPath, value: Any, origin: str) -> None:
    """Put a value into nested tables; what a longer name says comes on top of what a shorter one says."""
    here: dict[str, Any] = data
    for depth, part in enumerate(path[:-1], 1):
        places.setdefault(path[:depth], origin)
        inner = here.get(str(part))
        here[str(part)] = here = inner if isinstance(inner, dict) else {}
    here[str(path[-1])] = value
    places.update(dict.fromkeys(spread(value, path), origin))


def _secrets_files(folder: Path, mounted: Path, state: _Gathering) -> Layer:
    """The files whose names are those of secrets (`trello_token`, `TRELLO__TOKEN`, `SYNCER_TRELLO__TOKEN`)."""
    data: dict[str, Any] = {}
    places: dict[KeyPath, str] = {}
    if not folder.is_dir():
        if folder != mounted:
            what = f"there is no folder {folder}"
            state.faults.append(
                Fault(("SYNCER_SECRETS_DIR",), what, "Create it, or correct the variable.", "environment")
            )
        return Layer(data, places)
    wanted = {"_".join(path): path for path in (*state.secrets, ("state",))}
    for file in sorted(folder.iterdir()):
        name = file.name.removeprefix(PREFIX).casefold()
        path = (
            _CREDENTIALS if name.removesuffix(".json") in _CREDENTIALS_FILES else wanted.get(name.replace(LEVEL, "_"))
        )
        if path and file.is_file():
            value = _secret(file, path, folder.resolve().is_relative_to(mounted.resolve()), state)
            _note(data, places, path, value, f"secrets file {file}")
    return Layer(data, places)


def _secret(file: Path, path: KeyPath, mounted: bool, state: _Gathering) -> str:
    """The content of a secrets file; for Google's credentials the path of the file that holds them."""
    origin = f"secrets file {file}"
    if not mounted and stat.S_IMODE(file.stat().st_mode) & 0o077:
        state.faults.append(
            Fault(path, "other users of this machine can read the file", f"Run chmod 600 {file}", origin)
        )
    try:
        text = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        state.faults.append(Fault(path, f"the file cannot be read ({_why(error)})", "Mend the file.", origin))
        return "?"
    if not text:
        state.faults.append(Fault(path, "the file is empty", "Write the secret into it, or remove it.", origin))
    return str(file) if path == _CREDENTIALS and text.startswith("{") else text


def _find_file(path: Path | None, named: str | None, cwd: Path) -> Path | None:
    """The file that was asked for, there or not; else the usual one if it is there."""
    if path is not None or named:
        return cwd / (path or Path(named or ""))
    usual = cwd / "syncer.toml"
    return usual if usual.exists() else None


def _shown(file: Path, cwd: Path) -> str:
    return str(file.relative_to(cwd)) if file.is_relative_to(cwd) else str(file)


def _toml(file: Path | None, cwd: Path, state: _Gathering) -> Layer:
    """The file's values; secrets in it are faults."""
    if file is None:
        return Layer({}, {})
    shown = _shown(file, cwd)
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except OSError as error:
        what = f"the configuration file cannot be read ({_why(error)})"
        return _unreadable(state, Fault((), what, "Correct the path, or make the file with `syncer init`.", shown))
    except UnicodeDecodeError:
        return _unreadable(state, Fault((), "the file is not in UTF-8", "Save it as UTF-8.", shown))
    except tomllib.TOMLDecodeError as error:
        where, what = settings_toml.syntax_error(text, error)
        return _unreadable(
            state, Fault((), what, "Correct the line; strings stand in double quotes.", f"{shown}:{where}")
        )
    places = {path: f"{shown}:{line}" for path, line in settings_toml.lines(text).items()}
    for fault in _secrets_in_file(data, state.secrets):
        state.faults.append(replace(fault, origin=places.get(fault.key, shown)))
    _hide(data, ("google", "credentials"))
    return Layer(data, {path: places.get(path, shown) for path in spread(data)})


def _unreadable(state: _Gathering, fault: Fault) -> Layer:
    state.faults.append(fault)
    state.unreadable = True
    return Layer({}, {})


def _secrets_in_file(data: Mapping[str, Any], secrets: frozenset[tuple[str, ...]]) -> Iterator[Fault]:
    """Faults for secrets that stand in the TOML file."""
    for path in spread(data):
        if path in secrets:
            yield Fault(path, "a secret must not stand in this file", f"Remove it here, and {set_secret(path)}")
    google = data.get("google")
    if isinstance(google, dict) and "credentials" in google:
        what = "credentials must not stand in this file"
        instead = "Put the service account's JSON into a file and give its path in SYNCER_GOOGLE__CREDENTIALS_FILE."
        yield Fault(("google", "credentials"), what, instead)
    if re.match(r"\w[\w+]*://[^/@]*:[^/@]+@", str(data.get("state", ""))):
        what = "the password of the database must not stand in this file"
        yield Fault(("state",), what, "Give the whole address in SYNCER_STATE, or in a secrets file `state`.")


def _hide(data: dict[str, Any], path: Sequence[str]) -> None:
    """Take out a value that has been reported already."""
    table = data.get(path[0])
    if isinstance(table, dict):
        table.pop(path[1], None)


def set_secret(path: KeyPath, folder: Path = MOUNTED) -> str:
    """What to do to give a secret."""
    name = "_".join(str(part) for part in path)
    variable = PREFIX + LEVEL.join(str(part) for part in path).upper()
    if path == _CREDENTIALS:
        return f"set {variable} to the path of the service account's JSON file, or put the JSON into {folder / name}."
    return f"set {variable} (in the environment or in .env), or write it into the file {folder / name}."


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "not UTF-8"
