"""What `rpa trainings` works with: the stores, the outbox and the picture, wired together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from rpa.adapters.invites import calendar_text, invite_mail
from rpa.adapters.mail import write_eml
from rpa.adapters.trainings_picture import write_picture
from rpa.cli import output, posting
from rpa.cli.office import Office
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.class_names import class_name, class_zone
from rpa.domain.errors import UsageError
from rpa.domain.hours import parse_hours
from rpa.domain.longer_call_certs import Longer, Patience, longer_call_certs
from rpa.domain.occasions import Guest, Occasion, meeting_occasion, occasion_of
from rpa.domain.teams import meeting_day
from rpa.domain.tracking import TrackedAgent
from rpa.domain.training_conflicts import Conflict, conflicts_of
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, Session, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays
from rpa.engine.invite_store import Version
from rpa.engine.log import Redaction
from rpa.engine.training_store import TrainingStore
from rpa.flows.invitations import Invitations
from rpa.flows.post import Posted

LEADERS = "leaders"
LONGEST_LINK = 2000


@dataclass(frozen=True)
class TrainingDesk:
    """The desk on which classes are planned and invited."""

    office: Office

    @cached_property
    def store(self) -> TrainingStore:
        return TrainingStore(self.office.journal, self.office.vault)

    @cached_property
    def invitations(self) -> Invitations:
        sender = self.office.settings.mail.from_
        return Invitations(self.office.journal, self.office.outbox, self.office.vault, sender)

    @cached_property
    def days(self) -> WorkingDays:
        return self.office.days

    @property
    def syllabus(self) -> Syllabus:
        """The site's figures for the sessions."""
        settings = self.office.settings.trainings
        usual = (settings.organizer, settings.co_organizer)
        return Syllabus(
            days=settings.days,
            scheduled=settings.scheduled,
            hours=parse_hours(settings.hours),
            half_day=parse_hours(settings.half_day),
            link_life=settings.link_life,
            days_ahead=settings.days_ahead,
            opened_by={kind: settings.organizers.get(kind, usual) for kind in SessionKind},
        )

    def plan(
        self, roster: Sequence[Agent], start: date, name: str, fixed: Mapping[SessionKind, date]
    ) -> tuple[ClassPlan, str]:
        """The plan of this class, stored in place of an earlier one; what is to be told of its clocks."""
        named = class_name(name)
        today = self.office.today()
        if any(plan.name == named and plan.last_day < today for plan in self.store.plans()):
            raise UsageError(
                f"A class {named!r} was planned before, and is over.",
                next_step="Nothing was planned. Give this one a name of its own with --name.",
            )
        settings = self.office.settings.trainings
        zone, note = class_zone(roster, settings.time_zones, settings.time_zone)
        plan = plan_class(named, start, zone=zone, syllabus=self.syllabus, days=self.days, fixed=fixed)
        self.store.keep(plan, tuple(sorted(roster, key=lambda agent: agent.employee_id)))
        return plan, note

    def in_esp(self) -> frozenset[EmployeeId]:
        """The agents of every planned class that is not over, and whom the tracker has not transferred."""
        today = self.office.today()
        rosters = self.store.rosters()
        running = (plan.name for plan in self.store.plans() if plan.last_day >= today)
        tracked = {one.employee_id for one in self.tracked() if not one.transferred.is_closed}
        return frozenset(tracked).union(*(rosters[name] for name in running))

    def tracked(self) -> tuple[TrackedAgent, ...]:
        """Everybody in the tracker; nobody where the site has set none."""
        tracker = self.office.tracker
        return tracker.read(self.office.today()).agents if tracker else ()

    def longer_call_certs(self, agents: Sequence[TrackedAgent]) -> tuple[Longer, ...]:
        """Who of these needs longer for Call Cert and TBT, and what is to be done."""
        settings = self.office.settings.trainings
        return longer_call_certs(
            agents,
            self.store.plans(),
            self.store.rosters(),
            patience=Patience(forwarded=settings.forward_days, join_within=settings.join_within),
            days=self.days,
            today=self.office.today(),
        )

    def conflicts(self, plan: ClassPlan) -> tuple[Conflict, ...]:
        """What stands in the way of a plan, beside all others."""
        return conflicts_of(plan, self.store.plans(), self.office.today(), self.store.linked())

    def picture(self, plans: Sequence[ClassPlan], folder: Path | None = None) -> Path:
        """The picture of these classes, in the folder or in the state folder."""
        return write_picture(
            (folder or self.office.settings.state_dir) / "trainings.html",
            plans,
            days=self.days,
            today=self.office.today(),
            linked=self.store.linked(),
            conflicts={plan.name: self.conflicts(plan) for plan in plans},
        )

    def link(self, session_id: str, url: str) -> Session:
        """Keep the join link of a session; from here on nothing can say it."""
        output.hide(Redaction([url]))
        found = {session.id: session for plan in self.store.plans() for session in plan.sessions}
        if session_id not in found:
            known = ", ".join(sorted(found)) or "none yet"
            raise UsageError(
                f"There is no session {session_id!r}.", next_step=f"Nothing was kept. Sessions are: {known}."
            )
        if not re.fullmatch(r"https://[^\s/?#@\\]+\S*", url) or len(url) > LONGEST_LINK:
            raise UsageError(
                "This is no join link: one begins with https:// and has no space in it.",
                next_step="Nothing was kept. Copy the link from GoToTraining.",
            )
        self.store.keep_link(session_id, url, _now())
        return found[session_id]

    def occasions(self, plan: ClassPlan) -> tuple[Occasion, ...]:
        """The calendar entries of the sessions whose room is there."""
        links = self.store.links()
        output.hide(Redaction(links.values()))
        roster = self.store.roster(plan.name)
        return tuple(
            occasion_of(session, links[session.id], roster)
            for session in plan.sessions
            if session.id in links
        )

    def leaders_meeting(self, season_start: date) -> Occasion:
        """The meeting with the teams' leaders before the season; UsageError where no leader is known."""
        teams = self.office.settings.teams
        if not teams.leaders:
            raise UsageError(
                "No team has a leader.", next_step="Nothing was sent. Set RPA_TEAMS__LEADERS in `.env`."
            )
        return meeting_occasion(
            meeting_day(season_start, teams.meeting_days_ahead, self.days),
            parse_hours(teams.meeting_hours),
            season_start=season_start,
            zone=self.office.settings.trainings.time_zone,
            guests=[
                Guest(who=f"leader of {team}", address=address) for team, address in teams.leaders.items()
            ],
        )

    def changes(self, group: str, occasions: Sequence[Occasion]) -> tuple[Version, ...]:
        """What has to be sent so that everybody has what is planned."""
        return self.invitations.changes(group, occasions, now=_now(), today=self.office.today())

    def send(self, versions: Sequence[Version]) -> Posted:
        """Hand the invites over: to the mail server, or as files that a person sends."""
        now = _now()
        run = f"trainings-{now:%Y%m%d-%H%M%S}"
        self.invitations.send(versions, run=run, now=now)
        return posting.post_waiting(self.office, run)

    def write(self, versions: Sequence[Version], folder: Path) -> list[Path]:
        """The same as files only: nothing is sent, and nothing is remembered as sent."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sender = self.office.settings.mail.from_
        written = []
        for version in versions:
            invite = self.invitations.invite(version)
            path = folder / f"{_slug(f'{version.subject} {version.who}')}.ics"
            path.write_bytes(calendar_text(invite))
            message_id = f"<{version.digest[:32]}.{version.sequence}@rpa.invalid>"
            write_eml(folder, invite_mail(invite, sender=sender, message_id=message_id), path.stem)
            written.append(path)
        return written


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", text)).strip("-")
