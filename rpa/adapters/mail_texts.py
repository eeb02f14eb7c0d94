"""The mails beside the one to NOC: the escalation to IT, the notice to an agent, and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from rpa.adapters.mail import Table, log_out_notice, written

_ESCALATED = ("Employee ID", "Name", "Class", "Done in ADP", "When", "BlackDash shows", "Pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """An agent whom BlackDash shows wrongly: what was done in ADP, when, and what is still shown.

    `at` is a moment as a person of the site reads it; `pictures` are names of evidence files.
    """

    employee_id: str
    name: str
    class_name: str
    done: str
    at: str
    shows: str
    pictures: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as a mail: paragraphs, a table, paragraphs."""

    intro: Sequence[str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    closing: Sequence[str] = ()


def it_escalation(message: EmailMessage, agents: Sequence[Escalated]) -> EmailMessage:
    """The request to IT to mend what BlackDash shows (guide: "email IT", with what was done as evidence)."""
    rows = [
        (
            agent.employee_id,
            agent.name,
            agent.class_name,
            agent.done,
            agent.at,
            agent.shows,
            ", ".join(agent.pictures),
        )
        for agent in agents
    ]
    those = "this agent" if len(agents) == 1 else f"these {len(agents)} agents"
    opening = f"ADP was changed for {those} and read back, but BlackDash still does not show it:"
    closing = [
        "Please look why the change does not arrive in BlackDash, and tell us when it is mended.",
        "Thank you.",
    ]
    return written(message, ["Hello IT,", opening], Table(_ESCALATED, rows), closing)


def log_out(message: EmailMessage, class_name: str, *, after_noc: bool, name: str = "") -> EmailMessage:
    """The notice to an agent to log out and in (guide: flow 1, after the roster)."""
    greeting = f"Hello {name}," if name else "Hello,"
    return written(message, [greeting, log_out_notice(class_name, after_noc=after_noc)], None, ["Thank you."])


def report(message: EmailMessage, about: Report) -> EmailMessage:
    """A report: what it says in sentences, and a table where it has rows."""
    return written(message, about.intro, Table(about.columns, about.rows), about.closing)
