"""What `rpa trainings` works with: the stores, the outbox and the picture, wired together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from rpa.adapters.invites import calendar_text, invite_mail
from rpa.adapters.mail import write_eml
from rpa.adapters.trainings_picture import write_picture
from rpa.cli import output, posting
from rpa.cli.office import Office
from rpa.domain.agents import EmployeeId
from rpa.domain.errors import UsageError
from rpa.domain.hours import parse_hours
from rpa.domain.longer_call_certs import Longer, Patience, longer_call_certs
from rpa.domain.occasions import LEADER, Guest, Occasion, meeting_id, meeting_occasion, occasion_of, uid_of
from rpa.domain.season import meeting_reminder
from rpa.domain.teams import meeting_day
from rpa.domain.tracking import TrackedAgent
from rpa.domain.training_conflicts import Conflict, conflicts_of
from rpa.domain.training_deadlines import Unsent
from rpa.domain.training_links import why_no_link
from rpa.domain.trainings import ClassPlan, Session, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays
from rpa.engine.invite_store import Version, word
from rpa.engine.log import Redaction
from rpa.engine.training_store import TrainingStore
from rpa.flows.invitations import Invitations
from rpa.flows.post import Posted
from rpa.private_files import replace_whole


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

    def running(self) -> tuple[ClassPlan, ...]:
        """The planned classes that are not over."""
        today = self.office.today()
        return tuple(plan for plan in self.store.plans() if plan.last_day >= today)

    def conflicts(self, plans: Sequence[ClassPlan]) -> dict[str, tuple[Conflict, ...]]:
        """What stands in the way of these plans, beside all others, by class."""
        today, everything = self.office.today(), self.store.plans()
        linked, outdated = self.store.linked(), self.store.outdated()
        return {
            plan.name: conflicts_of(plan, everything, today, linked, outdated, self.unsent(plan))
            for plan in plans
        }

    def picture(self, plans: Sequence[ClassPlan], folder: Path | None = None) -> Path:
        """The picture of these classes, in the folder or in the state folder."""
        return write_picture(
            (folder or self.office.settings.state_dir) / "trainings.html",
            plans,
            days=self.days,
            today=self.office.today(),
            linked=self.store.linked(),
            conflicts=self.conflicts(plans),
        )

    def link(self, session_id: str, url: str) -> tuple[Session, tuple[str, ...]]:
        """Keep the join link of a session, which nothing can say from here on; who has the same link."""
        found = {session.id: session for plan in self.store.plans() for session in plan.sessions}
        # Swapped by mistake, the link comes in place of the session.
        links = re.findall(r"https?://\S+", f"{session_id} {url}", re.IGNORECASE)
        output.hide(Redaction([*links, *([] if url in found else [url])]))
        if session_id not in found:
            known = ", ".join(sorted(found)) or "none yet"
            raise UsageError(
                f"There is no session {session_id!r}.", next_step=f"Nothing was kept. Sessions are: {known}."
            )
        if why := why_no_link(url):
            raise UsageError(why, next_step="Nothing was kept. Copy the join link from GoToTraining.")
        same = tuple(
            other for other, kept in self.store.links().items() if other != session_id and kept.url == url
        )
        self.store.keep_link(found[session_id], url, _now())
        return found[session_id], same

    def occasions(self, plan: ClassPlan) -> tuple[Occasion, ...]:
        """The calendar entries of the sessions whose room is there; one made for other days has to wait."""
        links = self.store.links()
        output.hide(Redaction(link.url for link in links.values()))
        roster = self.store.roster(plan.name)
        return tuple(
            occasion_of(session, link.url, roster, waits=not link.is_for(session.days))
            for session in plan.sessions
            if (link := links.get(session.id))
        )

    def unsent(self, plan: ClassPlan) -> Unsent | None:
        """What the people of a class do not have as it is planned; None where they have everything."""
        changed = self.changes(plan.name, self.occasions(plan))
        ids = {(version.uid, version.attendee) for version in changed}
        left = [one for one in self.invitations.left(plan.name) if (one.uid, one.attendee) not in ids]
        versions = [*changed, *left]
        if not versions:
            return None
        concerned = {version.uid for version in versions if not version.cancelled}
        sessions = [session for session in plan.sessions if uid_of(session.id) in concerned]
        words = Counter(map(word, versions))
        return Unsent(
            class_name=plan.name,
            sessions=tuple(session.id for session in sessions),
            due=min((session.due for session in sessions), default=None),
            invites=words["invite"],
            updates=words["update"],
            cancelled=words["cancelled"],
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
            guests=[Guest(who=f"{LEADER}{team}", address=address) for team, address in teams.leaders.items()],
        )

    def meeting_reminder(self) -> str:
        """What is to be done about the meeting before the season of the settings; empty where nothing is."""
        teams = self.office.settings.teams
        if teams.season is None:
            return ""
        return meeting_reminder(
            teams.season,
            meeting_day(teams.season, teams.meeting_days_ahead, self.days),
            self.office.today(),
            called=self.invitations.is_invited(uid_of(meeting_id(teams.season))),
        )

    def changes(self, group: str, occasions: Sequence[Occasion]) -> tuple[Version, ...]:
        """What has to be sent so that everybody has what is planned."""
        return self.invitations.changes(group, occasions, now=_now(), today=self.office.today())

    def changes_of(self, occasion: Occasion) -> tuple[Version, ...]:
        """The same of one occasion alone."""
        return self.invitations.changes_of(occasion, now=_now(), today=self.office.today())

    def taken_back(self, uid: str) -> tuple[Version, ...]:
        """What tells everybody who has this entry that it is off."""
        return self.invitations.taken_back(uid, now=_now(), today=self.office.today())

    def send(self, versions: Sequence[Version]) -> Posted:
        """Hand the invites over: to the mail server, or as files that a person sends."""
        now = _now()
        run = f"trainings-{now:%Y%m%d-%H%M%S}"
        self.invitations.send(versions, run=run, now=now)
        return posting.post_waiting(self.office, run)

    def write(self, versions: Sequence[Version], folder: Path) -> list[Version]:
        """The same as files only, nothing is sent or remembered as sent; those that could not be written."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return [version for version in versions if not self._is_written(version, folder)]

    def _is_written(self, version: Version, folder: Path) -> bool:
        invite = self.invitations.invite(version)
        message_id = f"<{version.digest[:32]}.{version.sequence}@rpa.invalid>"
        try:
            mail = invite_mail(invite, sender=self.office.settings.mail.from_, message_id=message_id)
        except UsageError:
            return False
        name = _slug(f"{version.subject} {version.who} {word(version)}")
        replace_whole(folder / f"{name}.ics", calendar_text(invite))
        write_eml(folder, mail, name)
        return True


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", text)).strip("-")
