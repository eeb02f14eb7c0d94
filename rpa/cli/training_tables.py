"""Plans of trainings as tables for a terminal, and as JSON (schema_version 1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rich.table import Table
from rich.text import Text

from rpa.domain.longer_call_certs import Longer
from rpa.domain.training_conflicts import Conflict
from rpa.domain.training_deadlines import Room, Unsent
from rpa.domain.trainings import ClassPlan, Session
from rpa.engine.invite_store import Version, word
from rpa.engine.outbox import Queued


def plan_table(plan: ClassPlan, linked: frozenset[str]) -> Table:
    """One line a session; a second link is a line of its own."""
    title = f"{plan.name}, {plan.start.isoformat()}, by the clocks of {plan.zone}"
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("Session", overflow="fold")
    for column in ("From", "To", "Room by", "Link until", "Link"):
        table.add_column(column, no_wrap=column != "To")
    for session in plan.sessions:
        last = session.sittings[-1]
        early = f" {last.hours.ends:%H:%M}" if last.hours != plan.whole_day else ""
        table.add_row(
            Text.assemble(session.title, "\n", (session.id.partition("/")[2], "dim")),
            _short(session.first_day),
            f"{_short(last.day)}{early}",
            _short(session.due),
            _short(session.link_ends),
            _link(session, linked),
        )
    return table


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def plan_document(plan: ClassPlan, linked: frozenset[str], conflicts: Iterable[Conflict]) -> dict[str, Any]:
    """A plan as JSON; of links only whether they are there."""
    return {
        "class": plan.name,
        "start": plan.start.isoformat(),
        "fixed": {kind.value: day.isoformat() for kind, day in plan.fixed},
        "time_zone": plan.zone,
        "sessions": [_session(session, linked) for session in plan.sessions],
        "conflicts": [
            {"kind": conflict.kind.value, "sessions": list(conflict.sessions), "what": conflict.what}
            for conflict in conflicts
        ],
    }


def room_document(room: Room) -> dict[str, Any]:
    """A room that is missing, as JSON."""
    return {
        "session": room.session.id,
        "title": room.session.title,
        "due": room.session.due.isoformat(),
        "overdue": room.overdue,
        "link_made_for": [day.isoformat() for day in room.made_for],
        "first_day": room.session.first_day.isoformat(),
        "when": room.when,
        "what": room.what,
    }


def longer_document(longer: Longer) -> dict[str, Any]:
    """An agent who needs longer for Call Cert, as JSON."""
    return {
        "employee_id": longer.employee_id,
        "name": longer.name,
        "session": longer.session,
        "day": longer.day,
        "way": longer.way.name.lower(),
        "until": longer.until.isoformat() if longer.until else None,
        "joins": longer.joins,
        "open": longer.reason,
        "next_step": longer.next_step,
    }


def unsent_document(unsent: Unsent) -> dict[str, Any]:
    """The invites of a class that were not sent, as JSON."""
    return {
        "class": unsent.class_name,
        "sessions": list(unsent.sessions),
        "due": unsent.due.isoformat() if unsent.due else None,
        "invites": unsent.invites,
        "updates": unsent.updates,
        "cancelled": unsent.cancelled,
        "what": unsent.what,
    }


def version_document(version: Version, letter: Queued | None = None) -> dict[str, Any]:
    """One invite as JSON, without any address; `state` is that of its mail, None where there is none."""
    return {
        "invite": word(version),
        "subject": version.subject,
        "to": version.who,
        "uid": version.uid,
        "sequence": version.sequence,
        "mail": letter.id if letter else None,
        "state": letter.state.value if letter else None,
    }


def _session(session: Session, linked: frozenset[str]) -> dict[str, Any]:
    return {
        "session": session.id,
        "kind": session.kind.value,
        "title": session.title,
        "part": session.part,
        "parts": session.parts,
        "days": [
            {
                "day": sitting.day.isoformat(),
                "starts": f"{sitting.hours.starts:%H:%M}",
                "ends": f"{sitting.hours.ends:%H:%M}",
            }
            for sitting in session.sittings
        ],
        "needed_days": session.needed,
        "due": session.due.isoformat(),
        "link_ends": session.link_ends.isoformat(),
        "link": _link(session, linked),
        "organizer": session.organizer,
        "co_organizer": session.co_organizer,
        "moved": [{"day": moved.day.isoformat(), "why": moved.why} for moved in session.moved],
    }


def _link(session: Session, linked: frozenset[str]) -> str:
    return "there" if session.id in linked else "missing"
