"""Sample runs: a good one, a troubled one with every outcome, and a large one; all people are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import QueuedMail, Roster, RosterReading, Run, RunRow

START = datetime(2026, 11, 23, 13, 40, 12, tzinfo=UTC)
NAMES = (
    "Park, Ana",
    "O'Neil, Sean",
    "Nguyễn, Thị Mai",
    "Okafor-Whitfield, Chukwuemeka",
    "Peña, José",
    "Li, Wei",
)
BEFORE = {"esp_end_date": "2026-11-27"}
AFTER = {"esp_end_date": "2026-12-04"}
CLASS = "ESP Whitfield 11/30"
LOOK = "Open the record in ADP and compare; do not apply again before you know."
AGAIN = "Nothing was written for this agent. Plan again when the cause is mended."


def row(number: int, outcome: Outcome = Outcome.DONE, reason: str = "", next_step: str = "") -> RunRow:
    """One agent whose ESP End Date was to become a week later; pictured where ADP was written to."""
    employee_id = str(10030 + number)
    pressed = outcome in {Outcome.DONE, Outcome.UNKNOWN, Outcome.PENDING}
    found = {Outcome.DONE: AFTER, Outcome.UNCHANGED: AFTER, Outcome.PENDING: AFTER, Outcome.UNKNOWN: BEFORE}
    return RunRow(
        row=number,
        employee_id=employee_id,
        name=NAMES[number % len(NAMES)],
        outcome=outcome,
        before=BEFORE if outcome is not Outcome.UNCHANGED else {},
        after=AFTER if outcome is not Outcome.UNCHANGED else {},
        found=found.get(outcome, {}),
        reason=reason,
        next_step=next_step,
        pictures=(f"{employee_id}-filled.png", f"{employee_id}-after.png") if pressed else (),
    )


def roster(wanted: Sequence[str], listed: Sequence[int], *, name: str = CLASS, every: int = 15) -> Roster:
    """A class at which was looked so often as `listed` has numbers: how many of the wanted it listed."""
    last = listed[-1]
    return Roster(
        key=f"key of {name}",
        name=name,
        listed=tuple(wanted[:last]),
        missing=tuple(wanted[last:]),
        headcount=last + 2,
        readings=tuple(
            RosterReading(
                at=START + timedelta(minutes=3, seconds=every * look), listed=tuple(wanted[:number])
            )
            for look, number in enumerate(listed)
        ),
    )


def run_of_rows(rows: Sequence[RunRow], *rosters: Roster) -> Run:
    """A completed run of the flow `extend`."""
    return Run(
        id="run-20261123-134012-1f0c",
        plan="plan-20261123-133501-77aa",
        flow="extend",
        route="end-date",
        state="completed",
        rows=tuple(rows),
        rosters=rosters,
        started_at=START,
        ended_at=START + timedelta(minutes=7, seconds=41),
    )


def good_run() -> Run:
    """All of 12 are done or were so already, and listed within two minutes."""
    already = {5, 9}
    rows = [
        row(number, Outcome.UNCHANGED, "ESP End Date is 2026-12-04 already")
        if number in already
        else row(number)
        for number in range(2, 14)
    ]
    run = run_of_rows(rows, roster([one.employee_id for one in rows], [2, 2, 2, 2, 7, 7, 7, 12, 12]))
    return replace(
        run,
        mails=(
            QueuedMail(
                to="noc@example.invalid",
                subject=f"Please spin up training class {CLASS} until 2026-12-04",
                state="queued",
            ),
        ),
        notices=(
            f"As soon as NOC has confirmed that {CLASS} is spun up, please\nlog out and in.\n\n  Thank you",
        ),
    )


def troubled_run() -> Run:
    """A stopped run in which every outcome stands."""
    drift = "changed since the plan: ESP End Date was 2026-11-27 and is now 2026-11-30"
    rows = [
        row(2),
        row(3, Outcome.UNKNOWN, "Done was pressed and ADP gave no answer; the old values still show", LOOK),
        row(4, Outcome.DRIFTED, drift, "Nothing was written for this agent. Plan again."),
        row(
            5,
            Outcome.FAILED,
            "ADP did not save: " + "Something went wrong. Please try again later. " * 4,
            AGAIN,
        ),
        row(
            6,
            Outcome.PENDING,
            f"ADP shows the change, but the roster of {CLASS} does not list this agent yet",
        ),
        row(7, Outcome.REFUSED, "ESP End Date is 2026-12-11, later than 2026-12-04; this would shorten it"),
        row(
            8,
            Outcome.INVALID,
            "D8: the employee id 1OO12 has a letter (O) where a digit belongs; write 10012",
        ),
        row(9, Outcome.UNCHANGED, "ESP End Date is 2026-12-04 already"),
        *(row(number, Outcome.SKIPPED, "the run stopped before this row") for number in range(10, 14)),
    ]
    wanted = ["10032", "10039", "10036"]
    other = roster(["10040", "10041"], [2, 2], name="Aetna")
    looks = [0, 0, 0, 1, 2, 1, 1, 2, 2, 2, 2, 2] + [2] * 28
    return replace(
        run_of_rows(rows, roster(wanted, looks), other),
        state="stopped",
        stopped_because="3 agents in a row failed, so the portal seems to be down.",
        notices=("The roster of a class was not verified: BlackDash answered 503.",),
    )


def large_run(size: int = 200) -> Run:
    """One failure, one silence, and all the rest done."""
    odd = {17: Outcome.FAILED, 120: Outcome.UNKNOWN}
    rows = [row(number, odd.get(number, Outcome.DONE)) for number in range(2, size + 2)]
    done = [one.employee_id for one in rows if one.outcome is Outcome.DONE]
    return run_of_rows(rows, roster(done, [0, 40, 90, 90, len(done), len(done)]))
