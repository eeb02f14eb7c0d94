"""Each address gets each version of an invite once, updates and cancellations included."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import UsageError
from rpa.domain.occasions import Occasion, occasion_of
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays
from rpa.engine.audit import verify
from rpa.engine.invite_store import InviteStore, Version
from rpa.engine.journal import Journal
from rpa.engine.outbox import Letter, Outbox
from rpa.engine.training_store import TrainingStore
from rpa.engine.vault import FernetVault
from rpa.flows.invitations import Invitations, message_of
from rpa.private_files import fernet_key
from tests.importing_calendar import ImportingCalendar, calendar_part

SYLLABUS = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 3,
    },
    opened_by=dict.fromkeys(SessionKind, ("ann@example.invalid", "ben@example.invalid")),
)
TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
CANARY = "https://g2t.example.com/join/c4n4ry"
SENDER = "manager@example.invalid"


def agent(number: int, **changed: str) -> Agent:
    """An agent with two addresses."""
    return Agent(
        employee_id=EmployeeId(str(1000 + number)),
        row=number,
        name=f"Agent, N{number}",
        cxp_email=changed.get("cxp", f"a{number}@example.invalid"),
        personal_email=changed.get("personal", f"home{number}@example.com"),
    )


def planned(start: str = "2026-06-08") -> ClassPlan:
    """The class."""
    return plan_class(
        "c1", date.fromisoformat(start), zone="America/Denver", syllabus=SYLLABUS, days=WorkingDays()
    )


def occasions(plan: ClassPlan, roster: Sequence[Agent], kinds: int = 5, link: str = CANARY) -> list[Occasion]:
    """The first so many sessions, with a link each."""
    return [occasion_of(session, f"{link}-{session.id}", roster) for session in plan.sessions[:kinds]]


def opened_by(organizer: str, co_organizer: str) -> ClassPlan:
    """The class, its rooms opened by these two."""
    changed = dict.fromkeys(SessionKind, (organizer, co_organizer))
    syllabus = replace(SYLLABUS, opened_by=changed)
    return plan_class("c1", date(2026, 6, 8), zone="America/Denver", syllabus=syllabus, days=WorkingDays())


class Post:
    """The invitations of one state folder, and a calendar behind each address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"k" * 32)
        self.vault = FernetVault(Fernet.generate_key())
        self.outbox = Outbox(self.journal)
        self.invitations = Invitations(self.journal, self.outbox, self.vault, SENDER)
        self.calendars: dict[str, ImportingCalendar] = {}
        self._delivered: set[int] = set()
        self._sends = 0

    def changes(self, wanted: Sequence[Occasion], today: date = TODAY) -> tuple[Version, ...]:
        """What would be sent."""
        self._sends += 1
        return self.invitations.changes("c1", wanted, now=NOW + timedelta(minutes=self._sends), today=today)

    def send(self, wanted: Sequence[Occasion], today: date = TODAY) -> list[tuple[str, int, bool]]:
        """Send what has changed, deliver it, and tell who got which sequence, and whether it cancels."""
        versions = self.changes(wanted, today)
        self.invitations.send(versions, run="r", now=NOW)
        self.deliver()
        return [(version.who, version.sequence, version.cancelled) for version in versions]

    def deliver(self) -> list[str]:
        """Each new letter goes to its address's calendar; the addresses."""
        addresses = []
        for queued in self.outbox.waiting():
            if queued.id not in self._delivered:
                self._delivered.add(queued.id)
                message = message_of(queued, SENDER, self.vault)
                content, _ = calendar_part(message.as_bytes(policy=SMTP))
                addresses.append(str(message["To"]).casefold())
                self.calendars.setdefault(addresses[-1], ImportingCalendar()).take(content)
        return addresses

    def close(self) -> None:
        """Let go of the database."""
        self.journal.engine.dispose()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_each_address_gets_each_version_once(post: Post) -> None:
    """Sending again sends nothing; every address has every session in its calendar once."""
    wanted = occasions(planned(), [agent(1), agent(2)])
    assert len(post.send(wanted)) == 5 * (2 + 2 * 2)
    assert post.send(wanted) == []
    assert InviteStore(post.journal).unqueued() == []
    assert sorted(post.calendars) == [
        "a1@example.invalid",
        "a2@example.invalid",
        "ann@example.invalid",
        "ben@example.invalid",
        "home1@example.com",
        "home2@example.com",
    ]
    assert {len(calendar.events) for calendar in post.calendars.values()} == {5}


def test_moved_session_is_an_update_of_the_same_event(post: Post) -> None:
    """The sequence rises only for what changed, and the calendars show the new days alone."""
    roster = [agent(1, personal="")]
    post.send(occasions(planned(), roster))
    later = plan_class(
        "c1",
        date(2026, 6, 8),
        zone="America/Denver",
        syllabus=SYLLABUS,
        days=WorkingDays(),
        fixed={SessionKind.CALL_CERT: date(2026, 7, 6)},
    )
    assert post.send(occasions(later, roster)) == [
        ("organizer", 1, False),
        ("co-organizer", 1, False),
        ("1001 cxp", 1, False),
    ]
    events = post.calendars["a1@example.invalid"].events.values()
    assert len(events) == 5
    assert max(begin.date() for event in events for begin, _ in event.days) == date(2026, 7, 8)


def test_new_link_is_an_update(post: Post) -> None:
    """Who was invited with the old link gets the new one."""
    roster = [agent(1, personal="")]
    post.send(occasions(planned(), roster, kinds=1))
    post.send(occasions(planned(), roster, kinds=1, link="https://g2t.example.com/other"))
    (event,) = post.calendars["a1@example.invalid"].events.values()
    assert event.place == "https://g2t.example.com/other-c1/onboarding"
    assert event.sequence == 1


def test_session_that_is_gone_is_cancelled_once(post: Post) -> None:
    """A further link that is not needed any more leaves no event behind."""
    roster = [agent(1)]
    wanted = occasions(planned(), roster)
    post.send(wanted)
    without = [one for one in wanted if one.id != "c1/training-2"]
    assert {(sequence, cancelled) for _, sequence, cancelled in post.send(without)} == {(1, True)}
    assert post.send(without) == []
    assert {len(calendar.events) for calendar in post.calendars.values()} == {4}


def test_session_that_comes_back_is_shown_again(post: Post) -> None:
    """After a cancellation the next request has a higher sequence, or calendars would ignore it."""
    wanted = occasions(planned(), [agent(1)], kinds=1)
    post.send(wanted)
    post.send([])
    assert {sequence for _, sequence, _ in post.send(wanted)} == {2}
    assert {len(calendar.events) for calendar in post.calendars.values()} == {1}


def test_new_address_replaces_the_old_one(post: Post) -> None:
    """The old address's event is cancelled, the new address is invited, the other one hears nothing."""
    post.send(occasions(planned(), [agent(1)], kinds=1))
    told = post.send(occasions(planned(), [agent(1, personal="new@example.com")], kinds=1))
    assert told == [("1001 personal", 0, False), ("1001 personal", 1, True)]
    assert post.calendars["home1@example.com"].events == {}
    assert len(post.calendars["new@example.com"].events) == 1


ANN, BEN = "ann@example.invalid", "ben@example.invalid"
HERS = agent(1)
FAMILY = "home1@example.com"


@dataclass(frozen=True)
class Change:
    """The class before and after a change by which mailboxes keep their event, and what they are sent."""

    before: list[Occasion]
    after: list[Occasion]
    sent: list[tuple[str, int, bool]]


CHANGES = {
    "corrected id": Change(
        before=occasions(planned(), [HERS], 1),
        after=occasions(planned(), [replace(HERS, employee_id=EmployeeId("7001"))], 1),
        sent=[],
    ),
    "addresses swapped": Change(
        before=occasions(planned(), [HERS], 1),
        after=occasions(
            planned(), [replace(HERS, cxp_email=HERS.personal_email, personal_email=HERS.cxp_email)], 1
        ),
        sent=[],
    ),
    "organizers swapped": Change(
        before=occasions(opened_by(ANN, BEN), [HERS], 1),
        after=occasions(opened_by(BEN, ANN), [HERS], 1),
        sent=[],
    ),
    "first of a family leaves": Change(
        before=occasions(planned(), [HERS, agent(2, personal=FAMILY)], 1),
        after=occasions(planned(), [agent(2, personal=FAMILY)], 1),
        sent=[("1002 personal", 1, False), ("1001 cxp", 1, True)],
    ),
    "upper case": Change(
        before=occasions(planned(), [HERS], 1),
        after=occasions(planned(), [replace(HERS, personal_email=FAMILY.upper())], 1),
        sent=[],
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_mailbox_keeps_its_event_whoever_it_belongs_to(post: Post, change: Change) -> None:
    """A mailbox that is still invited has its event after any change of role, id or spelling."""
    post.send(change.before)
    assert post.send(change.after) == change.sent
    invited = {guest.address.casefold() for one in change.after for guest in one.guests}
    assert {address for address, calendar in post.calendars.items() if calendar.events} == invited
    assert post.send(change.after) == []


def test_whose_a_mailbox_is_follows_the_class(post: Post) -> None:
    """A corrected id sends nothing, and what is sent later goes by the new one."""
    post.send(occasions(planned(), [HERS], 1))
    corrected = occasions(planned(), [replace(HERS, employee_id=EmployeeId("7001"))], 1)
    assert post.send(corrected) == []
    post.invitations.note_whose("c1", corrected)
    assert {who for who, _, _ in post.send([])} == {"organizer", "co-organizer", "7001 cxp", "7001 personal"}


def test_what_is_over_is_left_alone(post: Post) -> None:
    """Nobody is invited to, or uninvited from, a session that has ended."""
    post.send(occasions(planned(), [agent(1)], kinds=1))
    over = date(2026, 6, 10)
    assert post.send(occasions(planned(), [agent(1), agent(2)], kinds=1), over) == []
    assert post.send([], over) == []


rosters = st.frozensets(st.integers(1, 12), max_size=8)


@settings(max_examples=30, deadline=None)
@given(before=rosters, after=rosters)
def test_changed_roster_changes_only_the_invites_of_those_concerned(
    before: frozenset[int], after: frozenset[int]
) -> None:
    """Who stays hears nothing; who comes is invited, who goes is cancelled, at both addresses."""
    with TemporaryDirectory() as folder:
        post = Post(Path(folder))
        had = post.changes(occasions(planned(), [agent(n) for n in before], kinds=2))
        InviteStore(post.journal).intend(had)
        told = post.changes(occasions(planned(), [agent(n) for n in sorted(after, reverse=True)], kinds=2))
        post.close()
    asked = {version.who for version in told if not version.cancelled}
    gone = {version.who for version in told if version.cancelled}
    assert asked == {f"{1000 + n} {of}" for n in after - before for of in ("cxp", "personal")}
    assert gone == {f"{1000 + n} {of}" for n in before - after for of in ("cxp", "personal")}
    assert len(told) == 2 * (len(asked) + len(gone))


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("letters", range(4))
def test_kill_between_store_and_outbox_loses_and_doubles_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch, letters: int
) -> None:
    """However many letters were handed over before a kill, the next command hands over the rest, once."""
    wanted = occasions(planned(), [agent(1)], kinds=1)
    queue, handed = post.outbox.queue, list[object]()

    def killed(*arguments: object) -> bool:
        if len(handed) == letters:
            raise Killed
        handed.append(arguments)
        return queue(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(post.outbox, "queue", killed)
        with pytest.raises(Killed):
            post.send(wanted)
    assert post.send(wanted) == []
    assert len(post.outbox.waiting()) == 4
    assert {len(calendar.events) for calendar in post.calendars.values()} == {1}


def test_change_after_a_kill_has_a_sequence_of_its_own(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that was written down and maybe handed over is never reused for another content."""
    roster = [agent(1)]

    def killed(*_arguments: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(post.outbox, "queue", killed)
        with pytest.raises(Killed):
            post.send(occasions(planned(), roster, kinds=1))
    told = post.send(occasions(planned("2026-06-09"), roster, kinds=1))
    assert {sequence for _, sequence, _ in told} == {1}


def test_neither_link_nor_address_is_in_the_database_in_clear(post: Post) -> None:
    """Not in the outbox, not in the journal's events, not among plans, rosters and links."""
    roster = (agent(1), agent(2))
    store = TrainingStore(post.journal, post.vault)
    store.keep(planned(), roster)
    store.keep_link(planned().sessions[0], CANARY, NOW)
    post.send(occasions(planned(), roster))
    post.send([])
    assert store.roster("c1") == roster
    assert {session: link.url for session, link in store.links().items()} == {"c1/onboarding": CANARY}
    with post.journal.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    post.close()
    stored = b"".join(path.read_bytes() for path in post.folder.iterdir())
    for private in ("c4n4ry", "home1@example.com", "a1@example.invalid", "Agent, N1"):
        assert private not in dump
        assert private.encode() not in stored


def test_journal_is_whole_after_letters_alone(tmp_path: Path) -> None:
    """A letter is an event of the journal, whose end is noted outside of it; nothing else was written."""
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"k" * 32, tmp_path / "journal.head")
    Outbox(journal).queue("r", Letter(key="k", to="1001 cxp", subject="s", content={}), NOW)
    assert verify(journal).holds


def test_plan_is_stored_byte_for_byte(post: Post) -> None:
    """What comes out of the store is what went in, and storing it again changes no byte."""
    store = TrainingStore(post.journal, post.vault)
    texts = []
    for _ in range(2):
        store.keep(planned(), (agent(1),))
        (found,) = store.plans()
        assert found == planned()
        with post.journal.engine.connect() as connection:
            texts.append(connection.exec_driver_sql("select plan from training_classes").scalar())
    assert texts[0] == texts[1]
    assert json.loads(str(texts[0]))["name"] == "c1"


def test_other_key_opens_nothing(tmp_path: Path) -> None:
    """A sealed text needs its own key, and the key's file is for this user alone."""
    first, second = tmp_path / "first.key", tmp_path / "second.key"
    sealed = FernetVault(fernet_key(first)).seal(CANARY)
    assert FernetVault(fernet_key(first)).open(sealed) == CANARY
    assert first.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="its key is another one"):
        FernetVault(fernet_key(second)).open(sealed)


def test_description_tells_what_people_ask(post: Post) -> None:
    """Days with hours, whose clocks, the link and how long it lives, the further link, the breakout room."""
    plan = planned()
    onboarding, ahip, training, *_ = occasions(plan, [])
    assert "Mon 8 Jun 2026, 09:00-17:00" in onboarding.description
    assert "America/Denver" in onboarding.description
    assert "The link lives until Sun 14 Jun 2026." in onboarding.description
    assert "breakout room" in onboarding.description
    assert "Mon 15 Jun 2026, 09:00-13:00" in ahip.description
    assert "breakout" not in ahip.description
    assert "a link and an invite of their own" in training.description
    longer = replace(plan.sessions[-1], needed=2)
    assert "Most are done after 2 days" in occasion_of(longer, CANARY, []).description
