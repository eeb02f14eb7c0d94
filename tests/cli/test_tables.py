"""Plans and runs on a terminal of 80 columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from rpa.cli.tables import counts_line, plan_table, roster_lines, run_table
from rpa.domain.outcomes import MEANINGS, Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.values import Values
from tests.adapters import sample_runs

MADE = datetime(2026, 11, 23, 13, 35, tzinfo=UTC)


def printed(renderable: RenderableType, *, width: int = 80, soft_wrap: bool = False) -> str:
    """What a terminal of this width shows, without the spaces that fill its lines."""
    file = StringIO()
    Console(width=width, file=file, no_color=True, highlight=False, soft_wrap=soft_wrap).print(renderable)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def small_plan(*rows: PlanRow) -> Plan:
    """A plan of these rows."""
    return Plan(
        id="plan-20261123-133501-77aa",
        flow="extend",
        route="end-date",
        order={},
        tenant={},
        source="batch.csv",
        today=date(2026, 11, 23),
        created_at=MADE,
        expires_at=MADE + timedelta(hours=8),
        rows=rows,
    )


def planned(after: Values, seen: Values, name: str = "Park, Ana") -> PlanRow:
    """A row that will be changed."""
    return PlanRow(row=2, employee_id="10032", name=name, outcome=Outcome.PLANNED, seen=seen, after=after)


EXTENSION = small_plan(
    planned({"esp_end_date": "2026-12-04"}, {"esp_end_date": "2026-11-27"}),
    PlanRow(
        row=3,
        employee_id="10033",
        name="Okafor-Whitfield, Chukwuemeka",
        outcome=Outcome.UNCHANGED,
        reason="ESP End Date is 2026-12-04 already",
    ),
    PlanRow(
        row=4,
        employee_id="10034",
        name="Peña, José",
        outcome=Outcome.REFUSED,
        reason="the file names Ana Park, but ADP shows Peña, José for 10034; check the employee id",
    ),
)


def test_plan_on_eighty_columns() -> None:
    """A plan shows each agent's old and new value in one column, and folds reasons below the agent."""
    assert printed(plan_table(EXTENSION)) == (
        "Row  Employee  Name                      Outcome    ESP End Date\n"
        "  2  10032     Park, Ana                 planned    2026-11-27 → 2026-12-04\n"
        "  3  10033     Okafor-Whitfield,         unchanged\n"
        "               Chukwuemeka\n"
        "               ESP End Date is 2026-12-04 already\n"
        "  4  10034     Peña, José                refused\n"
        "               the file names Ana Park, but ADP shows Peña, José for 10034;\n"
        "               check the employee id\n"
        "\n"
        "   1 planned    will be changed when the plan is applied\n"
        "   1 unchanged  already so, nothing to do\n"
        "   1 refused    a rule says no, nothing was written"
    )


def test_several_fields_are_named_below_the_agent() -> None:
    """Where a plan changes more than one field, each change stands under its field's name."""
    moved = {"home_department": "510 - Aetna PRV Contact Center", "uptraining_class": None}
    before = {"home_department": "910 - Training PRV", "uptraining_class": "Aetna"}
    assert printed(plan_table(small_plan(planned(moved, before)))) == (
        "Row  Employee  Name       Outcome\n"
        "  2  10032     Park, Ana  planned\n"
        "               Home Department: 910 - Training PRV → 510 - Aetna PRV Contact\n"
        "               Center\n"
        "               Uptraining Class: Aetna → (empty)\n"
        "\n"
        "   1 planned  will be changed when the plan is applied"
    )


def test_run_on_eighty_columns() -> None:
    """A run shows the next step of a row that needs one, and names who is missing on a roster."""
    troubled = sample_runs.troubled_run()
    run = replace(troubled, rows=(troubled.rows[0], troubled.rows[1], troubled.rows[4]))
    assert printed(run_table(run)) == (
        "Row  Employee  Name                      Outcome  ESP End Date\n"
        "  2  10032     Nguyễn, Thị Mai           done     2026-11-27 → 2026-12-04\n"
        "  3  10033     Okafor-Whitfield,         unknown  2026-11-27 → 2026-12-04\n"
        "               Chukwuemeka\n"
        "               Done was pressed and ADP gave no answer; the old values still\n"
        "               show\n"
        "               Next: Open the record in ADP and compare; do not apply again\n"
        "               before you know.\n"
        "  6  10036     Park, Ana                 pending  2026-11-27 → 2026-12-04\n"
        "               ADP shows the change, but the roster of ESP Whitfield 11/30 does\n"
        "               not list this agent yet\n"
        "\n"
        "   1 done     changed, and read back on a freshly loaded page\n"
        "   1 unknown  may have been written: look in the portal\n"
        "   1 pending  accepted, but not to be seen yet\n"
        "BlackDash, ESP Whitfield 11/30: 2 of 3 listed; missing: 10036 Park, Ana\n"
        "BlackDash, Aetna: 2 of 2 listed"
    )


@pytest.mark.parametrize("width", [60, 80, 160])
@pytest.mark.parametrize("soft_wrap", [False, True])
def test_no_word_is_lost_at_any_width(width: int, soft_wrap: bool) -> None:
    """Reasons are folded, never cut: on a narrow terminal, on a wide one, and in a pipe."""
    run = sample_runs.troubled_run()
    told = printed(run_table(run), width=width, soft_wrap=soft_wrap)
    words = " ".join(told.split())
    assert all(row.reason.strip() in words and row.next_step in words for row in run.rows)
    assert soft_wrap or max(map(cell_len, told.splitlines())) <= width


@pytest.mark.parametrize("outcome", Outcome)
def test_outcome_is_a_word_not_only_a_colour(outcome: Outcome) -> None:
    """Each outcome is told by its word and its meaning, with colours or without."""
    assert printed(counts_line({outcome.value: 3})) == f"   3 {outcome.value}  {MEANINGS[outcome]}"


def test_unchanged_rows_are_dim() -> None:
    """A row in which nothing happens stands back behind those in which something does."""
    file = StringIO()
    Console(width=80, file=file, force_terminal=True, color_system="standard").print(plan_table(EXTENSION))
    lines = file.getvalue().splitlines()
    dim = [line for line in lines[:8] if "\x1b[2m" in line]
    assert [("10033" in line, "2026-12-04 already" in line) for line in dim] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_name_cannot_steer_the_terminal() -> None:
    """A name with markup, escape sequences or line ends is printed as harmless text."""
    name = "[red]Eve[/]\x1b[2J\n\u202eevE"
    told = printed(plan_table(small_plan(planned({"uptraining_class": "Aetna"}, {}, name))))
    assert "[red]Eve[/] [2J" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_plan_without_rows() -> None:
    """An empty plan is a heading, not a crash."""
    assert printed(plan_table(small_plan())).strip() == "Row  Employee  Name  Outcome"


def test_run_without_rosters() -> None:
    """A run that read no roster says nothing about rosters."""
    assert roster_lines(sample_runs.run_of_rows([])) == []
