"""The rules of flow 1, on plain values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import UsageError
from rpa.domain.extension import (
    ExtensionOrder,
    Route,
    check_until,
    decide,
    decide_end_date,
    route_for,
    why_route,
)
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.records import CustomFields

TODAY = date(2026, 11, 23)
UNTIL = date(2026, 12, 4)


def fields(
    *,
    end: date | None = TODAY,
    graduation: date | None = TODAY,
    uptraining: str = "",
    start: date | None = None,
) -> CustomFields:
    return CustomFields(
        esp_start=start or date(2026, 11, 16), esp_end=end, graduation=graduation, uptraining=uptraining
    )


def decided(seen: CustomFields, route: Route, **agent: object) -> Decision:
    order = ExtensionOrder(route=route, until=UNTIL)
    who = Agent(employee_id=EmployeeId("1001"), row=2, **agent)  # type: ignore[arg-type]
    return decide(who, "Alvarez, Dana", seen, order, TODAY)


@pytest.mark.parametrize(
    ("agents", "route"), [(1, "uptraining"), (4, "uptraining"), (5, "end-date"), (40, "end-date")]
)
def test_route_follows_the_size_of_the_batch(agents: int, route: str) -> None:
    """NOC spins up a class only from five agents on, so fewer go by the Uptraining Class."""
    assert route_for(agents).value == route
    assert str(agents) in why_route(route_for(agents), Route.AUTO, agents, 5)


def test_end_date_becomes_the_new_one() -> None:
    """An agent in ESP gets exactly the new end date, and no other field changes."""
    assert decided(fields(), Route.END_DATE) == Decision.change({"esp_end_date": "2026-12-04"})


def test_passed_end_date_is_told() -> None:
    """An agent whose end date has passed is extended, and the manager is told since when."""
    decision = decided(fields(end=TODAY - timedelta(days=1)), Route.END_DATE)
    assert decision.outcome is Outcome.PLANNED
    assert "2026-11-22" in decision.reason


def test_same_end_date_is_unchanged() -> None:
    """An agent who has the wanted end date already is left alone."""
    assert decided(fields(end=UNTIL), Route.END_DATE).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("end", [None, UNTIL + timedelta(days=1)])
def test_no_period_or_a_shorter_one_is_refused(end: date | None) -> None:
    """An extension neither begins an ESP period nor shortens one."""
    assert decided(fields(end=end), Route.END_DATE).outcome is Outcome.REFUSED


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1)])
def test_end_date_that_has_come_is_no_extension(until: date) -> None:
    """A run that is resumed days later writes no date that has passed meanwhile."""
    decision = decide_end_date(fields(end=until - timedelta(days=3)), until, TODAY)
    assert decision.outcome is Outcome.REFUSED
    assert "is not after today" in decision.reason


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("field", ["end", "graduation"])
def test_uptraining_needs_both_dates_expired(field: str, days: int) -> None:
    """A date of today or later is not expired, and one such date is enough to refuse."""
    past = TODAY - timedelta(days=1)
    dates = {"end": past, "graduation": past, field: TODAY + timedelta(days=days)}
    decision = decided(fields(end=dates["end"], graduation=dates["graduation"]), Route.UPTRAINING)
    assert decision.outcome is Outcome.REFUSED
    assert str(dates[field]) in decision.reason


@pytest.mark.parametrize("field", ["end", "graduation"])
def test_empty_date_has_not_expired(field: str) -> None:
    """An empty date is refused like one that is still to come."""
    past = TODAY - timedelta(days=1)
    dates: dict[str, date | None] = {"end": past, "graduation": past, field: None}
    assert "empty" in decided(fields(**dates), Route.UPTRAINING).reason  # type: ignore[arg-type]


@pytest.mark.parametrize("shown", ["", "aetna", "AETNA", "Aetna ", " aetna"])
def test_uptraining_is_written_exactly(shown: str) -> None:
    """Empty or misspelt in case or spacing, the field becomes Aetna with its capital A."""
    past = TODAY - timedelta(days=1)
    decision = decided(fields(end=past, graduation=past, uptraining=shown), Route.UPTRAINING)
    assert decision == Decision.change({"uptraining_class": "Aetna"})


def test_uptraining_of_another_class_is_not_overwritten() -> None:
    """Another class in the field belongs to somebody else's work."""
    past = TODAY - timedelta(days=1)
    seen = fields(end=past, graduation=past, uptraining="Anthem")
    assert decided(seen, Route.UPTRAINING).outcome is Outcome.REFUSED


def test_uptraining_that_stands_is_unchanged() -> None:
    """An agent who is on Aetna already is left alone, whatever the dates are."""
    assert decided(fields(uptraining="Aetna"), Route.UPTRAINING).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("route", [Route.END_DATE, Route.UPTRAINING])
def test_name_of_the_file_must_agree(route: Route) -> None:
    """A given name that is not the record's refuses the row before any other rule."""
    decision = decided(fields(), route, name="Robin Keller")
    assert decision.outcome is Outcome.REFUSED
    assert "Robin Keller" in decision.reason
    assert "Alvarez, Dana" in decision.reason


def test_start_of_the_file_must_agree() -> None:
    """A given ESP start that is not the record's shows that the row belongs to another class."""
    decision = decided(fields(), Route.END_DATE, esp_start=date(2026, 11, 9))
    assert decision.outcome is Outcome.REFUSED


@pytest.mark.parametrize("until", [None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=91)])
def test_until_that_cannot_be_meant(until: date | None) -> None:
    """No date, one not after today, and one far ahead stop before anything starts."""
    with pytest.raises(UsageError):
        check_until(until, TODAY, 90)


@given(
    end=st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.none(),
    graduation=st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.none(),
    uptraining=st.text(max_size=8),
    route=st.sampled_from([Route.END_DATE, Route.UPTRAINING]),
)
def test_a_decision_never_touches_the_other_route(
    end: date | None, graduation: date | None, uptraining: str, route: Route
) -> None:
    """Whatever a record shows, a route writes its own field or none, and a refusal has its reason."""
    decision = decided(fields(end=end, graduation=graduation, uptraining=uptraining), route)
    own = {"esp_end_date"} if route is Route.END_DATE else {"uptraining_class"}
    assert set(decision.after) == (own if decision.outcome is Outcome.PLANNED else set())
    assert decision.reason or decision.outcome is Outcome.PLANNED
