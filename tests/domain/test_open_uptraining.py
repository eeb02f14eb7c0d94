"""Who is still on the uptraining route."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rpa.domain.open_uptraining import OpenUptraining, open_uptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import Run, RunRow
from rpa.domain.values import Values

START = datetime(2026, 11, 9, 9, tzinfo=UTC)


def list_open(runs: list[Run]) -> list[OpenUptraining]:
    return list(open_uptraining(runs).values())


def run(number: int, *rows: RunRow) -> Run:
    at = START + timedelta(days=number)
    rows = tuple(replace(one, ended_at=at, ended_on=at.date()) for one in rows)
    return Run(
        id=f"run-{number}",
        plan="p",
        flow="extend",
        route="uptraining",
        state="completed",
        rows=rows,
        started_at=at,
    )


def row(
    employee: str, outcome: Outcome = Outcome.DONE, after: Values | None = None, found: Values | None = None
) -> RunRow:
    after = {"uptraining_class": "Aetna"} if after is None else after
    return RunRow(
        row=int(employee),
        employee_id=employee,
        outcome=outcome,
        after=after,
        pressed=dict.fromkeys(after) if outcome in {Outcome.DONE, Outcome.PENDING} else {},
        found=after if found is None else found,
    )


ERASED: Values = {"uptraining_class": ""}


def test_open_ones_by_age() -> None:
    """Those whose class we have set are open, the longest first, each with its days."""
    found = list_open([run(0, row("2")), run(3, row("1"))])
    assert [(one.employee_id, one.run, one.age(date(2026, 11, 23))) for one in found] == [
        ("2", "run-0", 14),
        ("1", "run-3", 11),
    ]


@pytest.mark.parametrize(
    "later",
    [
        row("1", after=ERASED),
        row("1", Outcome.UNCHANGED, after={}, found=ERASED),
        row("1", Outcome.REFUSED, after={}, found=ERASED),
    ],
)
def test_seen_empty_is_closed(later: RunRow) -> None:
    """Whatever a later run was for: a field that it found empty is no longer open."""
    assert list_open([run(0, row("1")), run(1, later)]) == []


def test_set_again_is_open_since_then() -> None:
    """A route that was ended and begun again counts from its second beginning."""
    runs = [run(0, row("1")), run(1, row("1", after=ERASED)), run(5, row("1"))]
    assert [one.run for one in list_open(runs)] == ["run-5"]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.DRIFTED, Outcome.UNCHANGED, Outcome.SKIPPED])
def test_only_what_was_written_is_open(outcome: Outcome) -> None:
    """A row that changed nothing opens nothing, even where the field has the word."""
    assert list_open([run(0, row("1", outcome, after={"uptraining_class": "Aetna"}))]) == []


def test_pending_rows_are_open() -> None:
    """A change that ADP shows, and whose roster was still missing, is open like any other."""
    assert len(list_open([run(0, row("1", Outcome.PENDING))])) == 1


def test_an_unread_record_closes_nothing() -> None:
    """A later run that could not read the record says nothing about it."""
    assert len(list_open([run(0, row("1")), run(1, row("1", Outcome.FAILED, after=ERASED, found={}))])) == 1


def test_a_run_killed_while_it_wrote_again_tells_nothing() -> None:
    """A row found empty, then written again and never read back, neither closes nor breaks anything."""
    at = START + timedelta(days=1)
    killed = replace(row("1", Outcome.UNKNOWN, found=ERASED), ended_at=None, ended_on=None, started_at=at)
    found = list_open([run(0, row("1")), replace(run(1), rows=(killed,))])
    assert [one.run for one in found] == ["run-0"]
