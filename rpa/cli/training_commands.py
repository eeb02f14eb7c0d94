"""What each command of `rpa trainings` does and says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from shlex import quote

import typer

from rpa.cli import output, posting
from rpa.cli import training_tables as tables
from rpa.cli.office import Office
from rpa.cli.options import need_terminal
from rpa.cli.planning import batch_of
from rpa.cli.training_desk import LEADERS, TrainingDesk
from rpa.domain.errors import UsageError
from rpa.domain.longer_call_certs import Longer
from rpa.domain.occasions import uninvited
from rpa.domain.training_deadlines import rooms_to_make
from rpa.domain.trainings import SessionKind, told
from rpa.engine.invite_store import Version
from rpa.flows.post import Posted
from rpa.settings import load_settings


def plan(file: Path, start: date, name: str, fix: Sequence[str], out: Path | None, *, as_json: bool) -> int:
    """Plan the class; 0 where nothing stands in the way, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    fixed = dict(map(_fixed, fix))
    batch = batch_of(file, desk.office)
    made, note = desk.plan(batch.agents, start, name, fixed)
    conflicts = desk.conflicts(made)
    picture = desk.picture([made] if out else desk.store.plans(), out)
    alone = [agent.employee_id for agent in uninvited(batch.agents)]
    if as_json:
        document = tables.plan_document(made, desk.store.linked(), conflicts)
        output.emit(
            {**document, "agents": len(batch.agents), "without_address": alone, "picture": str(picture)}
        )
    else:
        output.show(tables.plan_table(made, desk.store.linked()))
        for conflict in conflicts:
            output.show(f"{conflict.kind}: {conflict.what}")
    for row in batch.invalid:
        output.talk(row.reason)
    if alone:
        output.talk(f"No e-mail address, so no invite: {', '.join(alone)}.")
    if note:
        output.talk(note)
    output.talk(f"Class {made.name} is planned, nothing was sent. Picture: {picture}")
    output.talk("Rooms to create: rpa trainings todo")
    return 1 if batch.invalid or any(conflict.open for conflict in conflicts) else 0


def show(name: str, *, as_json: bool) -> None:
    """One planned class, or all of them."""
    desk = TrainingDesk(Office(load_settings()))
    plans = [desk.store.plan(name)] if name else desk.store.plans()
    linked = desk.store.linked()
    if as_json:
        output.emit({"classes": [tables.plan_document(one, linked, desk.conflicts(one)) for one in plans]})
    if not plans:
        output.talk("No class is planned yet.")
        return
    picture = desk.picture(desk.store.plans())
    if not as_json:
        for one in plans:
            output.show(tables.plan_table(one, linked))
            for conflict in desk.conflicts(one):
                output.show(f"{conflict.kind}: {conflict.what}")
    output.talk(f"Picture: {picture}")


def send(name: str, out: Path | None, *, as_json: bool) -> int:
    """Invite the class; 0 where every session that is not over has a link, and every invite left, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    made = desk.store.plan(name)
    versions = desk.changes(name, desk.occasions(made))
    missing = [room.session.id for room in rooms_to_make([made], desk.office.today(), desk.store.linked())]
    posted = _handed_over(desk, versions, out)
    _tell(versions, posted, out, as_json=as_json, missing=missing)
    if missing:
        output.talk(f"Not sent, as there is no link yet: {', '.join(missing)}. See: rpa trainings todo")
    if alone := [agent.employee_id for agent in uninvited(desk.store.roster(name))]:
        output.talk(f"No e-mail address, so no invite: {', '.join(alone)}.")
    return 1 if missing or posted.undelivered else 0


def cancel(name: str, *, yes: bool, as_json: bool) -> int:
    """Take every invite of a class back, and forget its plan; 0 where every mail left, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    desk.store.plan(name)
    versions = desk.changes(name, [])
    if not yes:
        need_terminal()
        if not typer.confirm(f"Cancel class {name}, and tell it to {len(versions)} calendars?", err=True):
            raise UsageError("Not confirmed.", next_step="Nothing was sent or changed.")
    posted = desk.send(versions)
    desk.store.forget(name)
    _tell(versions, posted, None, as_json=as_json, missing=[])
    output.talk(f"Class {name} is cancelled, and its plan is gone. Delete its rooms in GoToTraining by hand.")
    return int(bool(posted.undelivered))


def link(session: str, url: str, *, as_json: bool) -> None:
    """Keep a join link."""
    desk = TrainingDesk(Office(load_settings()))
    found = desk.link(session, url)
    if as_json:
        output.emit({"session": found.id, "link": "there", "link_ends": found.link_ends.isoformat()})
    output.talk(
        f"The link of {found.id} is kept, encrypted; assumed to live until {told(found.link_ends)}. "
        f"To invite: rpa trainings send {quote(found.class_name)}"
    )


def todo(*, as_json: bool) -> None:
    """The rooms that a person must create, and the agents who need longer for Call Cert."""
    desk = TrainingDesk(Office(load_settings()))
    rooms = rooms_to_make(desk.store.plans(), desk.office.today(), desk.store.linked())
    longer = _longer(desk)
    if as_json:
        output.emit(
            {
                "rooms": [tables.room_document(room) for room in rooms],
                "longer_call_certs": [tables.longer_document(one) for one in longer],
            }
        )
        return
    for room in rooms:
        output.show(f"{room.session.id}: {room.when}: {room.what}")
    for one in longer:
        output.show(f"{one.employee_id}  {one.name}: {one.reason}. {one.next_step}.")
    if rooms:
        output.talk("When a room is there: rpa trainings link SESSION")
    else:
        output.talk("Every room is there.")


def _longer(desk: TrainingDesk) -> tuple[Longer, ...]:
    """Slow agents by the tracker; one that cannot be read hides no room."""
    try:
        return desk.longer_call_certs(desk.tracked())
    except UsageError as error:
        output.talk(f"Who needs longer for Call Cert is not known: {error}")
        return ()


def meeting(season: date, out: Path | None, *, as_json: bool) -> None:
    """Invite the teams' leaders."""
    desk = TrainingDesk(Office(load_settings()))
    occasion = desk.leaders_meeting(season)
    versions = desk.changes(LEADERS, [occasion])
    posted = _handed_over(desk, versions, out)
    _tell(versions, posted, out, as_json=as_json, missing=[])
    output.talk(f"The leaders meet on {told(occasion.ends)}.")


def _handed_over(desk: TrainingDesk, versions: Sequence[Version], out: Path | None) -> Posted:
    if out is None:
        return desk.send(versions)
    desk.write(versions, out)
    return Posted()


def _tell(
    versions: Sequence[Version],
    posted: Posted,
    out: Path | None,
    *,
    as_json: bool,
    missing: Sequence[str],
) -> None:
    if as_json:
        output.emit(
            {
                "invites": [tables.version_document(version) for version in versions],
                "sent": out is None,
                "without_link": list(missing),
            }
        )
    else:
        for version in versions:
            output.show(f"{tables.word(version)}  {version.subject}  {version.who}")
    if out:
        output.talk(f"{len(versions)} invites written to {out}; nothing was sent.")
    else:
        output.talk(f"{len(versions)} invites handed over.")
        posting.tell(posted)


def _fixed(text: str) -> tuple[SessionKind, date]:
    kind, _, day = text.partition("=")
    try:
        return SessionKind(kind.strip()), date.fromisoformat(day.strip())
    except ValueError:
        kinds = ", ".join(SessionKind)
        raise UsageError(
            f"--fix {text!r} is not SESSION=DATE.",
            next_step=f"Write it as training=2026-12-14; sessions are {kinds}. Nothing was planned.",
        ) from None
