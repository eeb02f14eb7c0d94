"""What `rpa trainings` sends: invites, updates, cancellations, and what became of each mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import typer

from rpa.adapters.site_calendar import last_known_day
from rpa.cli import output, posting
from rpa.cli import training_tables as tables
from rpa.cli.office import Office
from rpa.cli.options import need_terminal
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.counted import counted
from rpa.domain.errors import UsageError
from rpa.domain.occasions import meeting_id, uid_of, uninvited
from rpa.domain.training_deadlines import Unsent, rooms_to_make
from rpa.domain.trainings import told
from rpa.engine.invite_store import Version, word
from rpa.engine.outbox import MailState, Queued
from rpa.engine.vault import CannotOpen
from rpa.flows.post import Posted
from rpa.settings import load_settings

Letters = Mapping[Version, Queued]

# With these the mail's part is done, or a person has decided that it is.
GONE = frozenset({MailState.SENT, MailState.WRITTEN, MailState.DISCARDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a sending came to: its versions, the state of every mailbox's newest mail, what was left out.

    `out` is the folder where nothing was sent but written there, `unwritten` what could not be.
    """

    versions: Sequence[Version]
    letters: Letters
    posted: Posted
    missing: Sequence[str] = ()
    out: Path | None = None
    unwritten: Sequence[Version] = ()

    @property
    def undelivered(self) -> dict[Version, Queued]:
        """The mailboxes whose newest mail did not leave, or may not have."""
        return {version: letter for version, letter in self.letters.items() if letter.state not in GONE}

    @property
    def code(self) -> int:
        """6 where nobody knows of a mail, 1 where something was not sent, else 0."""
        if any(letter.state is MailState.UNKNOWN for letter in self.undelivered.values()):
            return 6
        return int(bool(self.undelivered or self.missing or self.unwritten))


def send(name: str, out: Path | None, *, yes: bool, as_json: bool) -> int:
    """Invite the class; 0 where every session that is not over has a link, and every invite left."""
    desk = TrainingDesk(Office(load_settings()))
    made = desk.store.plan(name)
    occasions = desk.occasions(made)
    versions = desk.changes(name, occasions)
    today = desk.office.today()
    rooms = rooms_to_make([made], today, desk.store.linked(), desk.store.outdated())
    missing = [room.session.id for room in rooms]
    if out is None:
        _confirm(versions, yes=yes)
    done = _done(desk, versions, out, missing=missing)
    if out is None:
        desk.invitations.note_whose(name, occasions)
        done = replace(done, letters=desk.invitations.letters(name, today))
    _tell(done, as_json=as_json)
    if without := [room.session.id for room in rooms if not room.made_for]:
        output.talk(f"Not sent, as there is no link yet: {', '.join(without)}. See: rpa trainings todo")
    if outdated := [room.session.id for room in rooms if room.made_for]:
        output.talk(f"Not sent, as the link was made for other days: {', '.join(outdated)}.")
    if alone := [agent.employee_id for agent in uninvited(desk.store.roster(name))]:
        output.talk(f"No e-mail address, so no invite: {', '.join(alone)}.")
    return done.code


def cancel(name: str, *, yes: bool, as_json: bool) -> int:
    """Take every invite of a class back, and forget its plan; 0 where every mail left."""
    desk = TrainingDesk(Office(load_settings()))
    desk.store.plan(name)
    try:
        versions = desk.changes(name, [])
    except CannotOpen as sealed:
        return _forget(desk, name, sealed, yes=yes, as_json=as_json)
    if not yes:
        need_terminal()
        if not typer.confirm(
            f"Cancel class {name}, and tell it to {counted(len(versions), 'calendar')}?", err=True
        ):
            raise UsageError("Not confirmed.", next_step="Nothing was sent or changed.")
    done = _done(desk, versions, None)
    done = replace(done, letters=desk.invitations.letters(name, desk.office.today()))
    desk.store.forget(name)
    _tell(done, as_json=as_json)
    output.talk(f"Class {name} is cancelled, and its plan is gone. Delete its rooms in GoToTraining by hand.")
    return done.code


def _forget(desk: TrainingDesk, name: str, sealed: CannotOpen, *, yes: bool, as_json: bool) -> int:
    """Leave a class whose invites nobody can read any more; 1, for their calendars still have them."""
    output.talk(f"{sealed.what} So nobody can be told by mail that class {name} is off.")
    if not yes:
        need_terminal()
        if not typer.confirm(f"Forget class {name} all the same?", err=True):
            raise UsageError("Not confirmed.", next_step="Nothing was changed. Put links.key back.")
    desk.invitations.forget(name)
    desk.store.forget(name)
    if as_json:
        output.emit({"invites": [], "sent": False, "earlier": [], "without_link": []})
    output.talk(f"Class {name} is forgotten. Tell its people yourself, and delete its rooms in GoToTraining.")
    return 1


def meeting(season: date, out: Path | None, *, off: bool, yes: bool, as_json: bool) -> int:
    """Invite the teams' leaders, or take that back; other seasons' meetings are left alone."""
    desk = TrainingDesk(Office(load_settings()))
    if off:
        return _meeting_off(desk, season, out, yes=yes, as_json=as_json)
    occasion = desk.leaders_meeting(season)
    today = desk.office.today()
    if occasion.ends < today:
        raise UsageError(
            f"The leaders would meet on {told(occasion.ends)}, which is over.",
            next_step="Nothing was sent. Look at --season, and at RPA_TEAMS__MEETING_DAYS_AHEAD.",
        )
    if season > last_known_day(today):
        raise UsageError(
            f"Holidays are known up to {told(last_known_day(today))} alone.",
            next_step="Nothing was sent. Look at the year of --season.",
        )
    versions = desk.changes_of(occasion)
    if out is None:
        _confirm(versions, yes=yes)
    done = _done(desk, versions, out)
    if out is None:
        done = replace(done, letters=desk.invitations.letters_of(occasion.uid, today))
    _tell(done, as_json=as_json)
    output.talk(f"The leaders meet on {told(occasion.ends)}.")
    return done.code


def _meeting_off(desk: TrainingDesk, season: date, out: Path | None, *, yes: bool, as_json: bool) -> int:
    """Tell whoever has the meeting in the calendar, whatever the settings say of it by now."""
    uid = uid_of(meeting_id(season))
    try:
        versions = desk.taken_back(uid)
    except CannotOpen as sealed:
        raise UsageError(
            sealed.what, next_step="Nothing was sent. Put links.key back, or tell the leaders yourself."
        ) from sealed
    if not versions:
        raise UsageError(
            f"Nobody has the meeting before the season of {told(season)} in the calendar, or it is over.",
            next_step="Nothing was sent. Look at --season.",
        )
    if out is None:
        _confirm(versions, yes=yes)
    done = _done(desk, versions, out)
    if out is None:
        done = replace(done, letters=desk.invitations.letters_of(uid, desk.office.today()))
    _tell(done, as_json=as_json)
    output.talk(f"The meeting on {told(versions[0].ends)} is off.")
    return done.code


def _confirm(versions: Sequence[Version], *, yes: bool) -> None:
    """Ask before anybody's calendar changes; a first invite is what was asked for."""
    counted = counts(versions)
    if yes or not (counted.updates or counted.cancelled):
        return
    gone = sorted({version.who for version in versions if version.cancelled})
    whose = f" Cancelled for {', '.join(gone)}." if gone else ""
    output.talk(f"To send: {counted.numbers}.{whose}")
    need_terminal()
    if not typer.confirm("Send these?", err=True):
        raise UsageError("Not confirmed.", next_step="Nothing was sent.")


def counts(versions: Sequence[Version]) -> Unsent:
    """How many of each kind these are."""
    words = Counter(map(word, versions))
    return Unsent(
        class_name="",
        sessions=(),
        due=None,
        invites=words["invite"],
        updates=words["update"],
        cancelled=words["cancelled"],
    )


def _done(
    desk: TrainingDesk, versions: Sequence[Version], out: Path | None, *, missing: Sequence[str] = ()
) -> Sent:
    if out is None:
        return Sent(versions=versions, letters={}, posted=desk.send(versions), missing=missing)
    unwritten = desk.write(versions, out)
    return Sent(versions=versions, letters={}, posted=Posted(), missing=missing, out=out, unwritten=unwritten)


def _tell(done: Sent, *, as_json: bool) -> None:
    letters = {version.key: letter for version, letter in done.letters.items()}
    if as_json:
        now = {version.key for version in done.versions}
        output.emit(
            {
                "invites": [
                    tables.version_document(version, letters.get(version.key)) for version in done.versions
                ],
                "sent": done.out is None and not done.undelivered,
                "earlier": [
                    {**tables.version_document(version, letter), "sentence": letter.sentence}
                    for version, letter in done.undelivered.items()
                    if version.key not in now
                ],
                "without_link": list(done.missing),
            }
        )
    else:
        for version in done.versions:
            output.show(f"{word(version)}  {version.subject}  {version.who}")
    if done.out:
        output.talk(
            f"{len(done.versions) - len(done.unwritten)} invites written to {done.out}; nothing was sent."
        )
        for version in done.unwritten:
            output.talk(f"Not written, as the address is none: {version.who}, {version.subject}.")
        return
    output.talk(f"{counted(len(done.versions), 'invite')} handed over.")
    posting.tell(done.posted)
    _tell_earlier(done)


def _tell_earlier(done: Sent) -> None:
    """The invites of earlier sendings that nobody has: they are forgotten by none."""
    told_now = {letter.id for letter in done.posted.letters}
    for letter in done.undelivered.values():
        if letter.id in told_now:
            continue
        about = f"Mail {letter.id} to {letter.letter.to}, {letter.letter.subject}"
        if letter.state is MailState.UNKNOWN:
            output.talk(
                f"{about}, may have been sent earlier: {letter.sentence} Look in the mailbox, then: "
                f"rpa outbox settle {letter.id} --sent (or --not-sent)"
            )
        else:
            output.talk(
                f"{about}, is {letter.state.value} since earlier: {letter.sentence} "
                f"When that is mended: rpa outbox send {letter.id}"
            )
