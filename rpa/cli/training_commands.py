"""What the commands of `rpa trainings` do and say that send nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from shlex import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rpa.cli import output
from rpa.cli import training_tables as tables
from rpa.cli.class_planning import Order, Planned, planned
from rpa.cli.office import Office
from rpa.cli.planning import batch_of
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.errors import UsageError
from rpa.domain.longer_call_certs import Longer
from rpa.domain.occasions import uninvited
from rpa.domain.training_deadlines import rooms_to_make
from rpa.domain.trainings import SessionKind, told
from rpa.settings import load_settings


def plan(file: Path, order: Order, out: Path | None, *, as_json: bool) -> int:
    """Plan the class; 0 where nothing stands in the way, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    batch = batch_of(file, desk.office)
    done = planned(desk, batch, order)
    made = done.plan
    conflicts = desk.conflicts([made])[made.name]
    picture = desk.picture([made] if out else desk.running(), out)
    alone = [agent.employee_id for agent in uninvited(done.roster)]
    if as_json:
        output.emit(
            {
                **tables.plan_document(made, desk.store.linked(), conflicts),
                "agents": len(done.roster),
                "kept": list(done.kept),
                "changed": list(done.changed),
                "also_in": {name: list(agents) for name, agents in done.also_in.items()},
                "without_address": alone,
                "picture": str(picture),
            }
        )
    else:
        output.show(tables.plan_table(made, desk.store.linked()))
        for conflict in conflicts:
            output.show(f"{conflict.kind}: {conflict.what}")
    for sentence in (*(row.reason for row in batch.invalid), *_told(done, alone)):
        output.talk(sentence)
    output.talk(f"Class {made.name} is planned, nothing was sent. Picture: {picture}")
    output.talk("Rooms to create: rpa trainings todo")
    return 1 if batch.invalid or any(conflict.open for conflict in conflicts) else 0


def _told(done: Planned, alone: Sequence[str]) -> Iterator[str]:
    """What a person should know of a plan beside the plan."""
    if done.kept:
        yield f"As not every row can be read, these stay in the class: {', '.join(done.kept)}."
    if alone:
        yield f"No e-mail address, so no invite: {', '.join(alone)}."
    yield from done.notes
    for name, agents in done.also_in.items():
        yield (
            f"{len(agents)} of these agents are also in class {name}. Is it the same one? "
            f"--name {quote(name)} plans that anew; rpa trainings cancel {quote(name)} takes it back."
        )
    if done.changed:
        yield f"Changed against the plan before: {' '.join(done.changed)}"


def show(name: str, *, as_json: bool) -> None:
    """One planned class, or all that are not over."""
    desk = TrainingDesk(Office(load_settings()))
    running = desk.running()
    plans = [desk.store.plan(name)] if name else running
    linked, conflicts = desk.store.linked(), desk.conflicts(plans)
    if as_json:
        output.emit({"classes": [tables.plan_document(one, linked, conflicts[one.name]) for one in plans]})
    over = [plan.name for plan in desk.store.plans() if plan not in running]
    if over and not name:
        output.talk(f"Over, and shown by name alone: {', '.join(over)}.")
    if not plans:
        output.talk("No class is planned.")
        return
    if not as_json:
        for one in plans:
            output.show(tables.plan_table(one, linked))
            for conflict in conflicts[one.name]:
                output.show(f"{conflict.kind}: {conflict.what}")
    output.talk(f"Picture: {desk.picture(running or plans)}")


def link(session: str, url: str, *, as_json: bool) -> None:
    """Keep a join link."""
    desk = TrainingDesk(Office(load_settings()))
    found, same = desk.link(session, url)
    if as_json:
        output.emit(
            {
                "session": found.id,
                "link": "there",
                "link_ends": found.link_ends.isoformat(),
                "same_as": list(same),
            }
        )
    if same:
        output.talk(f"The same link is kept for {', '.join(same)}: is it the right one?")
    output.talk(
        f"The link of {found.id} is kept, encrypted; assumed to live until {told(found.link_ends)}. "
        f"To invite: rpa trainings send {quote(found.class_name)}"
    )


def todo(*, as_json: bool) -> None:
    """What a person must do: rooms, invites, the leaders' meeting, agents who need longer for Call Cert."""
    desk = TrainingDesk(Office(load_settings()))
    plans = desk.running()
    rooms = rooms_to_make(plans, desk.office.today(), desk.store.linked(), desk.store.outdated())
    unsent = [found for one in plans if (found := desk.unsent(one))]
    longer, meeting = _longer(desk), desk.meeting_reminder()
    if as_json:
        output.emit(
            {
                "rooms": [tables.room_document(room) for room in rooms],
                "unsent": [tables.unsent_document(one) for one in unsent],
                "longer_call_certs": [tables.longer_document(one) for one in longer],
                "meeting": meeting,
            }
        )
        return
    for room in rooms:
        output.show(f"{room.session.id}: {room.when}: {room.what}")
    for invites in unsent:
        output.show(f"{invites.class_name}: {invites.what}")
    for one in longer:
        output.show(f"{one.employee_id}  {one.name}: {one.reason}. {one.next_step}.")
    if meeting:
        output.show(f"{meeting}.")
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


def fixed(text: str) -> tuple[SessionKind, date | None]:
    """What --fix says; without a day the session follows on again."""
    kind, equals, day = text.partition("=")
    try:
        if equals and not day.strip():
            return SessionKind(kind.strip()), None
        return SessionKind(kind.strip()), date.fromisoformat(day.strip())
    except ValueError:
        kinds = ", ".join(SessionKind)
        raise UsageError(
            f"--fix {text!r} is not SESSION=DATE.",
            next_step=f"Write it as training=2026-12-14; sessions are {kinds}. Nothing was planned.",
        ) from None


def zone(name: str) -> str:
    """The time zone of this name; UsageError for one that nobody knows."""
    try:
        return name and ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(
            f"--time-zone {name!r} is no time zone.",
            next_step="Write it as America/Denver. Nothing was planned.",
        ) from None
