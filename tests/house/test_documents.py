"""The documents say what the software does: no more, and no less."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rpa.cli import app
from rpa.pages.declared import declared_elements
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PORTALS_TOML = (ROOT / "docs" / "portals-toml.md").read_text(encoding="utf-8")


def table_rows(text: str) -> list[list[str]]:
    """The cells of every table row."""
    return [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]


def test_every_element_is_documented_and_no_other() -> None:
    """A locator that a site can replace stands in docs/portals-toml.md, and what stands there exists."""
    rows = [row for row in table_rows(PORTALS_TOML) if "." in row[0]]
    told = {f"{row[0].strip(' `')}.{element}" for row in rows for element in re.findall(r"`(\w+)`", row[1])}
    assert told == set(declared_elements())


def test_placeholders_are_documented() -> None:
    """An element that looks for a value says in braces which."""
    for name, element in declared_elements().items():
        screen, _, attribute = name.rpartition(".")
        row = next(row for row in table_rows(PORTALS_TOML) if row[0].strip(" `") == screen)
        wanted = [*element.parameters, *(["label"] if element.field else [])]
        for placeholder in wanted:
            assert f"`{attribute}` {{{placeholder}}}" in row[1]


def test_labels_and_paths_are_documented() -> None:
    """Every label and path that a site can set stands in docs/portals-toml.md."""
    rows = [row for row in table_rows(PORTALS_TOML) if "." not in row[0]]
    paths = {row[0].strip(" `"): set(re.findall(r"`(\w+)`", row[1])) for row in rows}
    assert paths == {"adp": set(ADP_PATHS), "blackdash": set(BLACKDASH_PATHS)}
    assert {label for row in rows for label in re.findall(r"`(\w+)`", row[2])} == set(LABELS)


def command_lines() -> list[str]:
    """Every `rpa` and `make` command of the README's code blocks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return sorted({line for line in lines if line.startswith(("rpa ", "make "))} - {""})


@cache
def help_of(*command: str) -> str:
    """What `rpa … --help` says."""
    said = CliRunner().invoke(app, [*command, "--help"])
    assert said.exit_code == 0, said.output
    return said.output


@pytest.mark.parametrize("line", [line for line in command_lines() if line.startswith("rpa ")])
def test_readme_command_exists_with_these_options(line: str) -> None:
    """A command of the README exists, and knows every option that the README gives it."""
    words = shlex.split(line)[1:]
    levels = 2 if words[0] in {group.name for group in app.registered_groups} else 1
    commands = words[:levels]
    said = help_of(*commands)
    for option in (word for word in words if word.startswith("--")):
        assert option in said or commands == ["portals"]


@pytest.mark.parametrize("line", [line for line in command_lines() if line.startswith("make ")])
def test_readme_target_exists(line: str) -> None:
    """A make target of the README is one of the Makefile's."""
    target = line.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def all_commands() -> list[list[str]]:
    """Every command of `rpa`, subcommands included."""
    single = [
        [command.name or command.callback.__name__] for command in app.registered_commands if command.callback
    ]
    grouped = [
        [str(group.name), str(command.name)]
        for group in app.registered_groups
        if group.typer_instance
        for command in group.typer_instance.registered_commands
    ]
    return single + grouped


@pytest.mark.parametrize("command", all_commands(), ids=" ".join)
def test_every_command_is_in_the_readme_and_explains_itself(command: list[str]) -> None:
    """A command that the README does not show is not there for a user; its help ends in an example."""
    words = " ".join(command)
    assert re.search(rf"\brpa {words}\b", README) or re.search(rf"make {words}\b", README)
    assert f"Example: rpa {words}" in help_of(*command)
