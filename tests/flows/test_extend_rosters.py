"""What an extension makes of the rosters: nobody's mail is forgotten, and no class gets two."""

from __future__ import annotations

from datetime import date

from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import RunRow
from tests.domain.training_classes import START, esp
from tests.flows.stand_ins import Dashboard, ListeningDesk, extending

UNTIL = date(2026, 12, 4)


def row(number: int, manager: str = "Maria Ortiz") -> RunRow:
    return RunRow(
        row=number,
        employee_id=str(number),
        name=f"Agent, Number{number}",
        outcome=Outcome.DONE,
        about={"esp_manager": manager},
        found={"esp_start_date": START.isoformat(), "esp_end_date": UNTIL.isoformat()},
    )


def settled(rows: list[RunRow], listed: str) -> ListeningDesk:
    """The desk after the batch step; `listed` has the agents on the class."""
    desk = ListeningDesk(rows=rows)
    flow = extending(ExtensionOrder(route=Route.END_DATE, until=UNTIL))
    flow.settle(Dashboard({esp(UNTIL): frozenset(listed)}), desk)  # type: ignore[arg-type]
    return desk


def test_agents_who_are_not_listed_yet_are_no_small_class() -> None:
    """Four of six listed: the others may still come, so nobody is told to take the other route."""
    desk = settled([row(one) for one in range(1, 7)], "1234")
    assert desk.letters == []
    assert "2 agents are still missing: `rpa resume run-1`" in desk.notices[0]
    assert "uptraining" not in desk.notices[0]
    assert set(desk.outcomes) == {"5", "6"}
    assert "then writes to NOC" in desk.outcomes["5"][1]


def test_one_class_is_one_mail_however_its_manager_is_written() -> None:
    """Two spellings of the manager are one class with all its agents, and the same reason for a mail."""
    spellings = ["Maria Ortiz", "Ortiz, Maria", "MARIA ORTIZ", "Ortiz, Maria", "Maria Ortiz"]
    rows = [row(number, manager) for number, manager in enumerate(spellings, start=1)]
    (letter,) = settled(rows, "12345").letters
    (other,) = settled(rows[::-1], "12345").letters
    (later,) = settled(rows[1:2], "12345").letters
    assert len(letter.content["agents"]) == 5
    assert letter.key == other.key == later.key
