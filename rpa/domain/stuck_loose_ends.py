"""What our own runs, the outbox and the teams have left undone."""

from __future__ import annotations

from rpa.domain.outcomes import Outcome
from rpa.domain.stuck_facts import Facts, Night
from rpa.domain.stuck_verdicts import Action, Found, Severity, Verdict
from rpa.domain.teams import Standing


def outcome_unknown(facts: Facts, night: Night) -> Verdict:
    """A run may have written the record, and nobody has looked since."""
    del night
    last = facts.remembered.last
    if last is None or last.outcome is not Outcome.UNKNOWN:
        return None
    look = Action(f"Look in ADP, then: rpa settle {last.run} {facts.subject} --saved (or --not-saved)")
    return Found(f"{last.flow}: {last.reason}", since=last.on, action=look)


def approval_pending(facts: Facts, night: Night) -> Verdict:
    """A change was accepted and is still not to be seen: it waits for somebody's approval."""
    del night
    last = facts.remembered.last
    if last is None or not last.waits_for_approval:
        return None
    look = Action(f"Have it approved in ADP, then: rpa resume {last.run}")
    return Found(f"{last.flow}: {last.reason}", since=last.on, action=look)


def change_pending(facts: Facts, night: Night) -> Verdict:
    """A transfer or a clearing was accepted and has not been seen through: its run is to go on."""
    last = facts.remembered.last
    if last is None or last.outcome is not Outcome.PENDING or last.waits_for_approval:
        return None
    if last.flow not in {"transfer", "clear-uptraining"}:
        return None
    if last.shows_from and last.shows_from > night.today:
        later = Action(f"From {last.shows_from} on: rpa resume {last.run}")
        return Found(f"{last.flow}: {last.reason}", since=last.on, action=later, severity=Severity.NOTE)
    return Found(f"{last.flow}: {last.reason}", since=last.on, action=Action(f"rpa resume {last.run}"))


def tracker_write_waiting(facts: Facts, night: Night) -> Verdict:
    """The tracker could not be written when it should have been."""
    del night
    columns = [name.replace("_", " ") for name in facts.remembered.cells]
    return Found(f"still to be written: {', '.join(columns)}") if columns else None


def mail_unsent(facts: Facts, night: Night) -> Verdict:
    """A mail stands in the outbox."""
    del night
    if facts.mail is None:
        return None
    mail = facts.mail
    look = Action(f"rpa outbox show {mail.number}, then send, settle or discard it")
    return Found(f"{mail.state}: {mail.subject!r} to {mail.to}", since=mail.since, action=look)


def team_behind(facts: Facts, night: Night) -> Verdict:
    """A team has not brought its columns up to date (guide: "daily updates to the ESP Tracker")."""
    del night
    if facts.team is None or facts.team.standing is not Standing.BEHIND:
        return None
    update = facts.team
    reason = f"{', '.join(update.team.columns)} not updated for {len(update.agents_behind)} agents"
    return Found(reason, since=update.since, action=Action(f"Report it to {update.team.reported_to}"))
