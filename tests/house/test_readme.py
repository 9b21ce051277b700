"""README.md says all there is and nothing else: commands, options, settings, exit codes, guards, targets, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from syncer.cli.main import app
from syncer.cli.session import EXIT_CODES
from syncer.core.policy import GUARDS
from syncer.settings import describe_settings
from syncer.store.tables import metadata
from tests.house import tree

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
Command = Any
"""A command as typer builds it; typer gives the class no public name."""

ROOT_COMMAND: Command = typer.main.get_command(app)


@pytest.fixture(name="readme", scope="module")
def _readme() -> str:
    return (tree.ROOT / "README.md").read_text("utf-8")


def subcommands(command: Command) -> dict[str, Command]:
    """The commands below a command that people may see."""
    found: dict[str, Command] = getattr(command, "commands", {})
    return {name: one for name, one in found.items() if not one.hidden}


def options(command: Command) -> dict[str, bool]:
    """The long options that people may see, and whether each takes a value."""
    shown = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    found = {name: not one.is_flag for one in shown for name in (*one.opts, *one.secondary_opts)}
    return {name: takes for name, takes in found.items() if name.startswith("--")}


def leaves(command: Command, path: str = "") -> Iterator[tuple[str, Command]]:
    """Each command that does something, by what people type after `syncer`."""
    below = subcommands(command)
    if not below:
        yield path, command
    for name, one in below.items():
        yield from leaves(one, f"{path} {name}".strip())


def code(text: str) -> list[str]:
    """What stands as code: inline spans, and each line of a block, without its prompt."""
    blocks = [line for block in FENCE.findall(text) for line in block.splitlines()[1:-1]]
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return [re.sub(r"^\s*(\$ )?", "", line) for line in blocks] + spans


def names(text: str, word: str) -> bool:
    """Whether the word stands in the text as code of its own."""
    return word in code(text)


def rows_about(text: str, path: str) -> str:
    """The lines that name the command in a code span, with or without `syncer` before it."""
    span = re.compile(rf"`(?:syncer )?{re.escape(path)}(?![\w-])")
    return "\n".join(line for line in text.splitlines() if span.search(line))


def left_out(text: str, path: str, wanted: dict[str, bool]) -> list[str]:
    """The command itself, or those of its options, that the lines about it do not name."""
    rows = rows_about(text, path)
    if not rows:
        return [path]
    return [option for option in wanted if not re.search(rf"{re.escape(option)}(?![\w-])", rows)]


def usages(text: str) -> list[str]:
    """Each use of the command `syncer` in code, up to a comment or the next program."""
    uses = [re.search(r"^(?:\S*/)?syncer (.*)", line) for line in code(text)]
    return [re.split(r"\s[#&>;]|\s\|\s", use.group(1))[0] for use in uses if use]


def mistakes(usage: str, command: Command = ROOT_COMMAND) -> list[str]:
    """The words of a usage that `syncer` would not understand; words in capitals stand for values."""
    known, found, value = {"--help": False, **options(command)}, [], False
    for word in re.sub(r"[\[\]…]", " ", usage).split():
        name = word.split("=")[0]
        if name.startswith("--"):
            found += [name] if name not in known else []
            value = known.get(name, False) and "=" not in word
        elif value:
            value = False
        elif name in subcommands(command):
            command = subcommands(command)[name]
            known |= options(command)
        elif subcommands(command) and not name.isupper():
            found.append(name)
    return found


def targets(makefile: str) -> set[str]:
    """What `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))


def made(text: str) -> set[str]:
    """The targets that the text names."""
    return {target for line in code(text) for target in re.findall(r"\bmake ([a-z][a-z-]*)", line)}


def anchors(text: str) -> set[str]:
    """What a link to a part of the text may name, by GitHub's rule for headings."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(text: str) -> list[str]:
    """Links to files that are not there, or to headings that the text does not have."""
    links = re.findall(r"\]\(<?([^)\s>]+)>?[^)]*\)", FENCE.sub("", text))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    return [link for link in local if not _leads_somewhere(link, anchors(text))]


def _leads_somewhere(link: str, headings: set[str]) -> bool:
    path, _, anchor = link.partition("#")
    return (tree.ROOT / path).exists() if path else anchor in headings


def test_every_command_is_told_with_every_option(readme: str) -> None:
    told = {path: left_out(readme, path, options(command)) for path, command in leaves(ROOT_COMMAND)}
    assert {path: missing for path, missing in told.items() if missing} == {}


def test_every_general_option_is_told(readme: str) -> None:
    said = " ".join(code(readme))
    assert [option for option in options(ROOT_COMMAND) if not re.search(rf"{option}(?![\w-])", said)] == []


def test_every_use_of_the_command_would_work(readme: str) -> None:
    assert {usage: wrong for usage in usages(readme) if (wrong := mistakes(usage))} == {}


def test_every_setting_is_told_with_its_default(readme: str) -> None:
    assert [fault for key, _, default, _ in describe_settings() for fault in untold(readme, key, default)] == []


def untold(text: str, key: str, default: str) -> list[str]:
    """The key, if no line names it as code; its default, if that line does not."""
    lines = [line for line in text.splitlines() if f"`{key}`" in line]
    if not lines:
        return [key]
    value = "" if default == "required" else default.strip('"')
    return [] if any(value in line for line in lines) else [f"{key} = {default}"]


def test_every_exit_code_is_told(readme: str) -> None:
    assert [number for number in EXIT_CODES if not has_row(readme, str(number))] == []


def has_row(text: str, first: str) -> bool:
    """Whether a table has a row that begins with this cell, plain, bold or as code."""
    return bool(re.search(rf"^\| *[*`]*{re.escape(first)}[*`]* *\|", text, re.MULTILINE))


def test_every_guard_is_told(readme: str) -> None:
    assert [guard for guard in GUARDS if not names(readme, guard)] == []


def test_every_table_of_the_state_is_told(readme: str) -> None:
    assert [table for table in metadata.tables if not names(readme, table)] == []


def test_readme_and_makefile_name_the_same_targets(readme: str) -> None:
    assert made(readme) == targets((tree.ROOT / "Makefile").read_text("utf-8"))


def test_every_link_leads_somewhere(readme: str) -> None:
    assert dead_links(readme) == []


TABLE = "| `sync [--campaign KEY]` | one pass |\n| `syncer plan` | no `--out` |\n| **0** | clean |\n"


def test_what_is_left_out_is_seen() -> None:
    assert left_out(TABLE, "sync", {"--campaign": True, "--camp": True, "--apply": True}) == ["--camp", "--apply"]
    assert left_out(TABLE, "plan", {"--out": True}) == []
    assert left_out(TABLE, "syn", {}) == ["syn"]
    assert has_row(TABLE, "0")
    assert not has_row(TABLE, "1")
    assert untold("| `locale` | en |", "locale", '"en"') == []
    assert untold("| `locale` | zh |", "locale", '"en"') == ['locale = "en"']
    assert untold("| locale | en |", "locale", '"en"') == ["locale"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("`syncer --config FILE sync --allow empty`", []),
        ("`syncer --json COMMAND`", []),
        ("```sh\n$ .venv/bin/syncer sync --campaign double-11  # one\n```", []),
        ("`syncer synch`", ["synch"]),
        ("`syncer sync [--force]`", ["--force"]),
    ],
)
def test_a_use_that_would_fail_is_seen(line: str, found: list[str]) -> None:
    assert [word for usage in usages(line) for word in mistakes(usage)] == found
    assert usages(line)


def test_a_wrong_target_or_link_is_seen() -> None:
    assert made("To make sure, type `make tset`.\n```sh\nmake demo\n```") == {"tset", "demo"}
    assert targets("demo: x ## runs\n.PHONY: demo\nhidden: y\n") == {"demo"}
    text = "# State and keys\n[a](#state-and-keys) [b](#lost) [c](LICENSE) [d](docs/no.md) [e](https://example.com)"
    assert dead_links(text) == ["#lost", "docs/no.md"]
