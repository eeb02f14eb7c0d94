"""Portals that nobody has seen: made up here, and fitted by a portals.toml alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command import Rpa, class_of, transferred
from tests.conftest import StartMock
from tests.flows.variants import EXAMPLES


@dataclass(frozen=True)
class MadeUp:
    """A portal made of an edition of the mock and changes to it: words, and markup by script."""

    base: str
    words: dict[str, tuple[str, str]]
    markup: tuple[tuple[str, str, str], ...]
    file: str

    def faults(self) -> list[dict[str, Any]]:
        """The changes as the mock portals plant them."""
        words: list[dict[str, Any]] = [
            {
                "match": {"portal": "adp"},
                "effect": "relabel",
                "from": f'"{key}": "{old}"' if key else f'"{old}"',
                "to": f'"{key}": "{new}"' if key else f'"{new}"',
            }
            for key, (old, new) in self.words.items()
        ]
        markup: list[dict[str, Any]] = [
            {"match": {"path": f"*/{script}.js"}, "effect": "relabel", "from": old, "to": new}
            for script, old, new in self.markup
        ]
        return [*words, *markup]


GERMAN = MadeUp(
    base="modern",
    words={
        "people": ("People", "Personal"),
        "menu_employees": ("Employees", "Mitarbeitende"),
        "done": ("Done", "Fertig"),
        "cancel": ("Cancel", "Abbrechen"),
        "edit": ("Edit", "Bearbeiten"),
        "": ("ESP End Date", "ESP-Ende"),
        "saved": ("Your changes have been saved.", "Gespeichert."),
    },
    markup=(),
    file="""
[adp.labels]
esp_end_date = "ESP-Ende"
[adp.locators]
"adp.menu.people_button" = 'get_by_role("button", name="Personal", exact=True)'
"adp.menu.employees_link" = 'get_by_role("link", name="Mitarbeitende", exact=True)'
"adp.custom_fields_card.edit_button" = 'get_by_role("button", name="Bearbeiten", exact=True)'
"adp.custom_fields_panel.done" = 'get_by_role("button", name="Fertig", exact=True)'
"adp.custom_fields_panel.cancel_button" = 'get_by_role("button", name="Abbrechen", exact=True)'
"adp.custom_fields_panel.saved_notice" = 'page.get_by_text("Gespeichert.", exact=True)'
"adp.position_card.edit_button" = 'get_by_role("button", name="Bearbeiten", exact=True)'
"adp.home_department_panel.done" = 'get_by_role("button", name="Fertig", exact=True)'
"adp.home_department_panel.confirm_done" = 'page.get_by_role("alertdialog").get_by_role("button").last'
"adp.home_department_panel.cancel_button" = 'get_by_role("button", name="Abbrechen", exact=True)'
"adp.home_department_panel.saved_notice" = 'page.get_by_text("Gespeichert.", exact=True)'
""",
)
OTHER_MARKUP = MadeUp(
    base="modern",
    words={},
    markup=(
        ("record", '<section class="card summary-card" aria-label=', '<section class="card who" data-x='),
        ("record", 'aria-label="${say("edit")}"><svg', 'aria-label="pencil" data-testid="pen"><svg'),
        (
            "people-list",
            '<input type="search" aria-label="${say("search_employees")}"',
            '<input type="text" id="find-them"',
        ),
        ("toasts", 'role="status"', 'role="log"'),
    ),
    file="""
[adp.locators]
"adp.employee_page.shown_id" = 'locator("section.who").get_by_label("Employee ID", exact=True)'
"adp.custom_fields_card.edit_button" = 'get_by_test_id("pen").or_(get_by_title("no such"))'
"adp.position_card.edit_button" = 'get_by_test_id("pen")'
"adp.home_department_panel.saved_notice" = 'page.get_by_role("log").filter(has_text="have been saved")'
"adp.people_page.search" = 'get_by_placeholder("Last name or employee ID")'
"adp.custom_fields_panel.saved_notice" = 'page.get_by_role("log").filter(has_text="have been saved")'
""",
)
OLD_AND_RENAMED = MadeUp(
    base="classic",
    words={
        "employees": ("Employee List", "Associates"),
        "": ("ESP End", "Onboarding Until"),
        "done": ("Done", "OK, store"),
    },
    markup=(("dialog", 'class="dlgEmpId"', 'class="fileNo"'),),
    file="""
[adp.labels]
esp_end_date = "Onboarding Until"
[adp.locators]
"adp.employee_bar.list_button" = 'frame_locator("#adprIframe").get_by_role("button", name="Associates")'
"adp.custom_fields_panel.done" = 'get_by_role("button", name="OK, store", exact=True)'
"adp.custom_fields_panel.shown_id" = 'locator(".fileNo")'
"adp.home_department_panel.done" = 'get_by_role("button", name="OK, store", exact=True)'
"adp.home_department_panel.confirm_done" = 'page.frame_locator("#adprIframe").get_by_role("dialog", name="Confirm changes").get_by_role("button", name="OK, store")'
"adp.home_department_panel.shown_id" = 'locator(".fileNo")'
""",  # noqa: E501 - one line of the file
)


@pytest.mark.soak
@pytest.mark.parametrize("made_up", [GERMAN, OTHER_MARKUP, OLD_AND_RENAMED], ids=["words", "markup", "old"])
def test_unknown_portal_is_fitted_by_its_file_alone(
    tmp_path: Path, start_mock: StartMock, made_up: MadeUp
) -> None:
    """Extend, verify and transfer pass on a portal never seen before, once its file says how it differs."""
    mock = start_mock(variant=made_up.base)
    mock.faults(*made_up.faults())
    rpa = Rpa(tmp_path, mock)
    (tmp_path / "portals.toml").write_text(_merged(made_up), encoding="utf-8")
    agents = class_of(mock, 1)
    told = rpa.plan(agents, "--route", "end-date")
    assert told.code == 0, told.out
    run = rpa.apply(told.json["plan"])
    assert [row["reason"] for row in run.json["rows"]] == [""]
    assert run.json["counts"] == {"done": 1}
    assert {one["employee_id"] for one in mock.writes()} == set(agents)
    verified = rpa("verify", rpa.batch(agents), "--json")
    assert set(verified.outcomes().values()) == {"listed"}
    transferred(rpa, agents)


def _merged(made_up: MadeUp) -> str:
    """The example of the edition, with what is made up in the place of its own lines."""
    from rpa.adapters.portals_file import with_locator  # noqa: PLC0415

    text = (EXAMPLES / f"{made_up.base}.toml").read_text(encoding="utf-8")
    labels, _, locators = made_up.file.partition("[adp.locators]")
    for line in locators.strip().splitlines():
        name, _, locator = line.partition(" = ")
        text = with_locator(text, "adp", name.strip('"'), locator[1:-1], "for the test")
    for line in labels.replace("[adp.labels]", "").strip().splitlines():
        key = line.partition(" = ")[0]
        if "[adp.labels]" in text:
            kept = [one for one in text.splitlines() if not one.startswith(f"{key} =")]
            text = "\n".join(kept).replace("[adp.labels]", f"[adp.labels]\n{line}")
        else:
            text += f"\n[adp.labels]\n{line}\n"
    return text
