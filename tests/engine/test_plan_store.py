"""Plans at rest: what was stored comes back, and nothing else is accepted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpa.domain.errors import PlanRefused, UsageError
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.runs import EventKind
from rpa.engine.journal import Journal
from rpa.engine.plan_store import PlanStore

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TENANT = {"adp": "https://adp.example.invalid", "adp_account": "manager"}


def plan(**changes: object) -> Plan:
    row = PlanRow(
        row=2,
        employee_id="1001",
        name="Alvarez, Dana",
        about={"esp_manager": "M. Ortiz"},
        outcome=Outcome.PLANNED,
        seen={"esp_end_date": "2026-11-27", "uptraining_class": ""},
        after={"esp_end_date": "2026-12-04"},
    )
    values = {
        "id": "plan-1",
        "flow": "extend",
        "route": "end-date",
        "order": {"until": "2026-12-04"},
        "tenant": TENANT,
        "source": "batch.csv",
        "today": date(2026, 11, 23),
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=12),
        "rows": (row,),
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"k")


@pytest.fixture
def store(tmp_path: Path, journal: Journal) -> PlanStore:
    return PlanStore(journal, tmp_path / "plans")


def test_plan_comes_back_as_it_was(store: PlanStore) -> None:
    """A stored plan is the plan that was made, by its id and by its readable copy."""
    copy = store.keep(plan())
    assert store.load("plan-1") == plan()
    assert store.load(str(copy)) == plan()


def test_copy_changed_by_hand_is_refused(store: PlanStore) -> None:
    """A value edited in the readable copy refuses the plan, however the plan is named."""
    copy = store.keep(plan())
    copy.write_text(copy.read_text().replace("2026-12-04", "2026-12-24"))
    for name in ("plan-1", str(copy)):
        with pytest.raises(PlanRefused, match="changed after it was made"):
            store.load(name)


def test_database_changed_by_hand_is_refused(store: PlanStore, tmp_path: Path) -> None:
    """A value edited in the database refuses the plan, because its signature no longer fits."""
    store.keep(plan())
    (tmp_path / "plans" / "plan-1.json").unlink()
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"k")
    with journal.transaction() as connection:
        connection.exec_driver_sql(
            "update plans set document = replace(document, '2026-12-04', '2026-12-24')"
        )
    with pytest.raises(PlanRefused):
        store.load("plan-1")


@pytest.mark.parametrize("text", ["{", "", "{}"])
def test_run_does_not_need_the_readable_copy(store: PlanStore, text: str) -> None:
    """A copy that was edited, or half of it, refuses an apply and nothing else."""
    copy = store.keep(plan())
    copy.write_text(text)
    assert store.of_run("plan-1") == plan()
    with pytest.raises(PlanRefused):
        store.load("plan-1")


def test_copy_is_whole_or_not_there(store: PlanStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves no half of a copy behind."""

    def full(*_about: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(plan())
    assert list(store._folder.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_any_change_of_the_copy_is_refused(store: PlanStore, data: st.DataObject, tmp_path: Path) -> None:
    """Whichever value of the copy is replaced, the plan is refused."""
    if not (tmp_path / "plans" / "plan-1.json").exists():
        store.keep(plan())
    document = plan().document()
    key = data.draw(st.sampled_from(sorted(document)))
    changed = data.draw(
        st.one_of(st.text(), st.integers(), st.none()).filter(lambda value: value != document[key])
    )
    other = tmp_path / "elsewhere" / "plan-1.json"
    other.parent.mkdir(exist_ok=True)
    other.write_text(json.dumps({**document, key: changed}))
    with pytest.raises(PlanRefused):
        store.load(str(other))


def test_plan_is_used_once(store: PlanStore, journal: Journal) -> None:
    """The second run of a plan is refused, and is told which run was the first."""
    store.keep(plan())
    store.use(plan(), "run-1")
    journal.append("run-1", EventKind.RUN_STARTED, data={"plan": "plan-1"})
    with pytest.raises(PlanRefused, match="run-1"):
        store.use(plan(), "run-2")


def test_a_run_that_was_killed_before_it_began_has_used_nothing(store: PlanStore) -> None:
    """Between the plan's mark and the run's first event nothing can have been written."""
    store.keep(plan())
    store.use(plan(), "run-1")
    store.use(plan(), "run-2")
    store.refuse_used(plan())


def test_unknown_plan_is_a_usage_error(store: PlanStore) -> None:
    """A plan that nobody made is not a refused plan, but a wrong name."""
    with pytest.raises(UsageError, match="no plan"):
        store.load("plan-9")


@pytest.mark.parametrize(
    ("now", "today", "tenant"),
    [
        (NOW + timedelta(hours=12), date(2026, 11, 23), TENANT),
        (NOW, date(2026, 11, 24), TENANT),
        (NOW, date(2026, 11, 23), {**TENANT, "adp": "https://other.example.invalid"}),
        (NOW, date(2026, 11, 23), {**TENANT, "adp_account": "somebody"}),
    ],
    ids=["expired", "another day", "another portal", "another account"],
)
def test_plan_that_no_longer_fits_is_refused(now: datetime, today: date, tenant: dict[str, str]) -> None:
    """A plan too old, of another day, portal or account is refused before anything starts."""
    with pytest.raises(PlanRefused, match="plan-1"):
        plan().check_usable(now=now, today=today, tenant=tenant)


def test_fresh_plan_is_usable() -> None:
    """A plan of this day and these portals is accepted until its time is over."""
    plan().check_usable(now=NOW + timedelta(hours=11), today=date(2026, 11, 23), tenant=TENANT)
