"""What the mock world keeps: writes, approvals, and ADP's past, of which BlackDash shows a lag ago."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from mock_portals.training import TrainingClass
from mock_portals.world import Options, Value, World

TODAY = date(2026, 11, 23)
AGENT = "10001"
LATER = date(2026, 12, 4)
LAG = 600.0
EXPIRED: dict[str, Value] = {
    "esp_end_date": date(2026, 11, 20),
    "training_graduation_date": date(2026, 11, 20),
}


@pytest.fixture
def world() -> World:
    return World(Options(today=TODAY, lag=LAG))


def uptraining(world: World, name: str = "Aetna") -> TrainingClass:
    return next(one for one in world.classes_shown() if one.name == name and one.start is None)


def class_of(world: World, employee_id: str) -> TrainingClass | None:
    """The ESP class on whose roster the agent is."""
    return next((one for one in world.classes_shown() if one.start and employee_id in one.roster), None)


def extend(world: World, employee_id: str = AGENT) -> None:
    world.change(employee_id, {"esp_end_date": LATER}, account="esp.manager")


def test_a_write_is_a_change(world: World) -> None:
    """Each changed field is one write with before and after; what was so already is none."""
    before = world.employees[AGENT].esp_end_date
    assert before is not None
    values: dict[str, Value] = {"esp_end_date": LATER, "uptraining_class": "", "esp_start_date": None}
    world.change(AGENT, values, account="esp.manager")
    told = [
        (one.portal, one.employee_id, one.field, one.before, one.after, one.account) for one in world.writes
    ]
    start = "2026-11-19"
    assert told == [
        ("adp", AGENT, "esp_end_date", before.isoformat(), "2026-12-04", "esp.manager"),
        ("adp", AGENT, "esp_start_date", start, None, "esp.manager"),
    ]
    assert world.change(AGENT, values, account="esp.manager") == []


def test_what_others_do_is_no_write(world: World) -> None:
    """A value that somebody else sets is there, and not among the writes."""
    world.set(AGENT, {"esp_end_date": LATER})
    assert world.employees[AGENT].esp_end_date == LATER
    assert world.writes == []


def test_a_submitted_change_waits_for_approval(world: World) -> None:
    """Nothing changes until it is approved, and approving it twice changes nothing more."""
    world.submit_for_approval(AGENT, {"esp_end_date": LATER}, "esp.manager")
    assert world.employees[AGENT].esp_end_date != LATER
    assert [one.field for one in world.approve(AGENT)] == ["esp_end_date"]
    assert world.employees[AGENT].esp_end_date == LATER
    assert world.approve(AGENT) == []


def test_blackdash_shows_adp_a_lag_ago(world: World) -> None:
    """A change reaches the roster when the lag has passed, and not before."""
    extend(world)
    world.clock.advance(LAG - 30)
    here = class_of(world, AGENT)
    assert here is not None
    assert here.end != LATER
    world.clock.advance(31)
    moved = class_of(world, AGENT)
    assert moved is not None
    assert moved.end == LATER
    assert moved.roster == (AGENT,)


def test_blackdash_follows_several_changes_in_their_order(world: World) -> None:
    """Of two changes of one agent, the first shows first."""
    extend(world)
    world.clock.advance(LAG / 2)
    world.change(AGENT, {"esp_end_date": LATER + timedelta(days=3)}, account="esp.manager")
    world.clock.advance(LAG / 2 + 1)
    first = class_of(world, AGENT)
    world.clock.advance(LAG / 2)
    second = class_of(world, AGENT)
    assert first is not None
    assert second is not None
    assert (first.end, second.end) == (LATER, LATER + timedelta(days=3))


def test_without_lag_a_change_shows_at_once() -> None:
    """A lag of nought is no lag."""
    world = World(Options(today=TODAY, lag=0))
    extend(world)
    shown = class_of(world, AGENT)
    assert shown is not None
    assert shown.end == LATER


def test_part_of_a_class_extended_makes_two_of_one_name(world: World) -> None:
    """The dates alone tell the two classes apart."""
    before = class_of(world, AGENT)
    assert before is not None
    extend(world)
    world.clock.advance(LAG + 1)
    assert sum(one.name == before.name for one in world.classes_shown()) == 2


def test_a_class_that_is_new_must_be_spun_up(world: World) -> None:
    """Classes that had begun at the start are spun up, a new one only when NOC does it."""
    extend(world)
    world.clock.advance(LAG + 1)
    new = class_of(world, AGENT)
    assert new is not None
    assert not new.spun_up
    world.spin_up(new.class_id)
    done = class_of(world, AGENT)
    assert done is not None
    assert done.spun_up


def test_a_class_ends_with_its_last_day(world: World) -> None:
    """On the end date the class is listed, on the next day it is not."""
    end = world.employees[AGENT].esp_end_date
    assert end is not None
    world.clock.advance((end - TODAY).days * 24 * 3600)
    assert class_of(world, AGENT) is not None
    world.clock.advance(24 * 3600)
    assert class_of(world, AGENT) is None


@pytest.mark.parametrize(
    ("department", "effective", "is_listed"),
    [
        ("910 - Training PRV", TODAY, True),
        ("510 - Aetna PRV Contact Center", TODAY, False),
        ("510 - Aetna PRV Contact Center", TODAY + timedelta(days=1), True),
    ],
)
def test_a_head_counted_in_production_is_out_on_the_last_day(
    world: World, department: str, effective: date, is_listed: bool
) -> None:
    """On its end date a class lists those in training, and not those whose department is production's."""
    world.set(
        AGENT,
        {"esp_end_date": TODAY, "home_department": department, "home_department_effective": effective},
    )
    world.clock.advance(LAG + 1)
    assert (class_of(world, AGENT) is not None) is is_listed


@pytest.mark.parametrize("word", ["aetna", "AETNA", "Aetna ", "Atena"])
def test_the_uptraining_class_is_case_sensitive(world: World, word: str) -> None:
    """Only the exact word puts an agent on the roster."""
    world.set(AGENT, {**EXPIRED, "uptraining_class": word})
    world.clock.advance(LAG + 1)
    assert uptraining(world).roster == ()
    world.set(AGENT, {"uptraining_class": "Aetna"})
    world.clock.advance(LAG + 1)
    assert uptraining(world).roster == (AGENT,)


@pytest.mark.parametrize("field", ["esp_end_date", "training_graduation_date"])
@pytest.mark.parametrize("day", [TODAY, LATER, None], ids=["today", "later", "empty"])
def test_uptraining_needs_both_dates_expired(world: World, field: str, day: date | None) -> None:
    """With one of the dates today, later or empty the agent is not on the uptraining roster."""
    world.set(AGENT, {**EXPIRED, "uptraining_class": "Aetna", field: day})
    world.clock.advance(LAG + 1)
    assert uptraining(world).roster == ()


def test_who_is_not_active_is_on_no_roster(world: World) -> None:
    """Leave and termination take an agent off every roster."""
    world.set(AGENT, {"status": "Leave of absence"})
    world.clock.advance(LAG + 1)
    assert all(AGENT not in one.roster for one in world.classes_shown())


def test_reset_brings_everything_back(world: World) -> None:
    """People, writes, faults, requests, sessions and the clock are as at the start."""
    start, people = world.clock.now(), {key: one.esp_end_date for key, one in world.employees.items()}
    token = world.accounts.sign_in("adp", "esp.manager")
    extend(world)
    world.clock.advance(10_000)
    world.faults.replace([{"effect": "sorry"}])
    world.requests.append({})
    world.reset()
    assert {key: one.esp_end_date for key, one in world.employees.items()} == people
    assert (world.writes, world.faults.planted, world.requests) == ([], [], [])
    assert world.clock.now() - start < timedelta(seconds=60)
    assert world.accounts.session("adp", token) is None


def test_the_day_is_the_one_asked_for() -> None:
    """The clock begins in the morning of the given day, whatever the machine's hour is, and moves on."""
    world = World(Options(today=TODAY))
    assert timedelta() <= world.clock.now() - datetime.combine(TODAY, time(9)) < timedelta(minutes=1)
    before = world.clock.now()
    world.clock.advance(24 * 3600)
    assert timedelta(days=1) <= world.clock.now() - before < timedelta(days=1, minutes=1)
