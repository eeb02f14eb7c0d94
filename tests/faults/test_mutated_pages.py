"""Pages that are not as they were: the doctor names the place; a flow that is run regardless does no harm."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rpa.pages.declared import declared_elements
from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals


@dataclass(frozen=True)
class Mutation:
    """What is replaced where, and the places, separated by spaces, that the doctor must name and no other."""

    name: str
    script: str
    old: str
    new: str
    named: str

    def fault(self) -> dict[str, object]:
        """The mutation as the mock portals plant it; without a script it is in the pages' words."""
        match = {"path": f"*/{self.script}.js"} if self.script else {}
        return {"match": match, "effect": "relabel", "from": self.old, "to": self.new}


def word(key: str, old: str, new: str, named: str) -> Mutation:
    """One word of ADP's is another."""
    return Mutation(f"renamed {key}", "", f'"{key}": "{old}"', f'"{key}": "{new}"', named)


def page(name: str, old: str, new: str, named: str) -> Mutation:
    """A part of the pages, or a word wherever it stands, is another."""
    return Mutation(name, "", old, new, named)


DONE = '<sdf-button class="done" emphasis="primary">${say("done")}</sdf-button>'
CANCEL = '<sdf-button class="cancel">${say("cancel")}</sdf-button>'
EDIT = 'aria-label="${say("edit")}"><svg'
PANEL_ID = (
    '<dd id="employee-id-value" aria-label="${say("employee_id")}">${this.getAttribute("person-id")}</dd>'
)
CARD_ID = '${definition("employee_id", text("employee_id"), "employee-id-value")}'
SEARCH = '<input type="search" aria-label="${say("search_employees")}"'
CUT = [
    Mutation("doubled Done", "sdf-focus-pane", DONE, DONE + DONE, "adp.custom_fields_panel.done"),
    Mutation(
        "panel of another",
        "sdf-focus-pane",
        PANEL_ID,
        PANEL_ID.replace('${this.getAttribute("person-id")}', "99999"),
        "adp.custom_fields_panel.shown_id",
    ),
]
MENU, LIST, RECORD = "adp.menu", "adp.people_page", "adp.employee_page"
CARD, FORM = "adp.custom_fields_card", "adp.custom_fields_panel"
DASH = "blackdash.dashboard_page"
POSITION, MOVE = "adp.position_card", "adp.home_department_panel"
VALUE = 'data-testid="${this.getAttribute("name")}-value"'
LISTBOX = 'class="menu" role="listbox"'
GRID = " ".join(f"{LIST}.{name}" for name in ("heading", "rows", "rows_beginning_with", "profile_links"))
REST = [
    word("done", "Done", "Store", "adp.custom_fields_panel.done"),
    Mutation(
        "hidden Edit", "record", EDIT, f'style="display:none" {EDIT}', "adp.custom_fields_card.edit_button"
    ),
    word("people", "People", "Workforce", f"{MENU}.people_button"),
    word("menu_employees", "Employees", "Staff", f"{MENU}.employees_link"),
    word("employees", "Employees", "Staff", GRID),
    word("search_employees", "Search employees", "Find staff", f"{LIST}.search"),
    word("employee_summary", "Employee summary", "Summary", f"{RECORD}.shown_id"),
    word("custom_fields", "Custom Fields", "Own Fields", f"{RECORD}.custom_fields_region"),
    word("esp_end_date", "ESP End Date", "ESP Ends", f"{RECORD}.custom_fields_region"),
    page("renamed start", '"ESP Start Date"', '"Starts"', f"{CARD}.esp_start_date {FORM}.esp_start_date"),
    page("renamed class", '"Uptraining Class"', '"Up"', f"{CARD}.uptraining_class {FORM}.uptraining_class"),
    word("edit", "Edit", "Amend", f"{CARD}.edit_button"),
    word("cancel", "Cancel", "Leave", f"{FORM}.cancel_button"),
    word("welcome", "Welcome, {name}", "Hello, {name}", "adp.home_page.welcome"),
    Mutation("removed Done", "sdf-focus-pane", DONE, "", f"{FORM}.done"),
    Mutation("hidden Done", "sdf-focus-pane", DONE, DONE.replace("class", "hidden class"), f"{FORM}.done"),
    Mutation("doubled Cancel", "sdf-focus-pane", CANCEL, CANCEL + CANCEL, f"{FORM}.cancel_button"),
    Mutation("removed panel id", "sdf-focus-pane", PANEL_ID, "", f"{FORM}.shown_id"),
    Mutation("doubled panel id", "sdf-focus-pane", PANEL_ID, PANEL_ID + PANEL_ID, f"{FORM}.shown_id"),
    Mutation("removed summary id", "record", CARD_ID, "", f"{RECORD}.shown_id"),
    Mutation("doubled summary id", "record", CARD_ID, CARD_ID + CARD_ID, f"{RECORD}.shown_id"),
    Mutation("moved Edit", "record", EDIT, f'role="link" {EDIT}', f"{CARD}.edit_button"),
    Mutation("doubled search", "people-list", SEARCH, f"{SEARCH}>{SEARCH}", f"{LIST}.search"),
    Mutation("hidden search", "people-list", SEARCH, f"{SEARCH} hidden", f"{LIST}.search"),
    page("renamed menu", ">Training Environment<", ">Training<", f"{DASH}.training_button"),
    page("renamed table", 'aria-label="Classes"', 'aria-label="All"', "blackdash.classes_page.table"),
    page("removed headcount", "Headcount:", "Persons:", "blackdash.roster_dialog.headcount"),
    page("hidden Close", 'class="close"', 'class="close" hidden', "blackdash.roster_dialog.close_button"),
    word("position", "Position", "Job", f"{RECORD}.position_region"),
    page("renamed day", '"Effective Date"', '"From"', f"{MOVE}.effective_date"),
    Mutation("removed value", "mdf-select-box", VALUE, "", f"{MOVE}.chosen"),
    Mutation("moved list", "mdf-select-box", LISTBOX, 'class="menu"', f"{MOVE}.listbox"),
]


def twin_of(name: str) -> str:
    """The same element of the other card or panel: the portal draws both with the same script."""
    twins = {"custom_fields_panel": "home_department_panel", "custom_fields_card": "position_card"}
    for one, other in twins.items():
        name = name.replace(one, other)
    return name


def planned(rpa: Rpa, mock: MockPortals, agent: str, named: str) -> tuple[str, set[tuple[str, str, str]]]:
    """The plan of a flow that goes through these places, and what it may write: (agent, field, value)."""
    if not any(place in named for place in (f"{RECORD}.position_region", POSITION, MOVE)):
        return rpa.planned([agent]), {(agent, "esp_end_date", UNTIL)}
    person = mock.employee(agent)
    where = {key: [person[key]] for key in ("site", "campaign")}
    plan = rpa("transfer", rpa.batch([agent], **where), "--without-tracker", "--json")
    (row,) = plan.json["rows"]
    assert row["outcome"] == "planned"
    return str(plan.json["plan"]), {(agent, field, value or "") for field, value in row["after"].items()}


def check(rpa: Rpa, mock: MockPortals, mutation: Mutation) -> None:
    """The doctor names exactly this place, and the flow writes nothing but what the plan says."""
    agent = class_of(mock, 1)[0]
    rpa.settings |= {"RPA_ADP__TIMEOUT": "4", "RPA_BLACKDASH__TIMEOUT": "4", "RPA_LIMITS__READ_ATTEMPTS": "1"}
    plan, allowed = planned(rpa, mock, agent, mutation.named)
    mock.faults(mutation.fault())
    told = rpa("doctor", "--agent", agent, "--json")
    named = {
        one["subject"]
        for one in told.json["findings"]
        if one["level"] == "blocking" and one["subject"] in declared_elements()
    }
    meant = set(mutation.named.split())
    assert meant <= named <= meant | {twin_of(name) for name in meant}
    assert told.code == 2
    (rpa.folder / "state" / "doctor.json").unlink()
    rpa.apply(plan)
    assert {(one["employee_id"], one["field"], one["after"] or "") for one in mock.writes()} <= allowed


@pytest.mark.parametrize("mutation", CUT, ids=lambda one: one.name)
def test_mutation_is_named_and_does_no_harm(rpa: Rpa, mock: MockPortals, mutation: Mutation) -> None:
    """Doubled, or somebody else's: each is named where it is, and no wrong value is written."""
    check(rpa, mock, mutation)


@pytest.mark.soak
@pytest.mark.parametrize("mutation", REST, ids=lambda one: one.name)
def test_every_mutation_is_named_and_does_no_harm(rpa: Rpa, mock: MockPortals, mutation: Mutation) -> None:
    """The same for moved, renamed, doubled, removed and hidden parts of every screen."""
    check(rpa, mock, mutation)
