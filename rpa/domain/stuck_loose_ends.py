"""What our own runs, the outbox and the teams have left undone."""

from __future__ import annotations

from dataclasses import replace

from rpa.domain.counted import counted
from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.stuck_facts import Facts, LastRow, Night, Source
from rpa.domain.stuck_verdicts import Action, Found, Severity, Verdict
from rpa.domain.teams import Standing

_UNFINISHED = "the run ended before rosters, mails and the tracker were seen to"


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
    approved = Action(f"Have it approved in ADP, then: rpa resume {last.run}")
    mend = _cancelled(facts, last) if last.taken_back else approved
    return Found(f"{last.flow}: {last.reason}", since=last.on, action=mend)


def change_pending(facts: Facts, night: Night) -> Verdict:
    """A change was accepted and has not been seen through: its run is to go on."""
    last = facts.remembered.last
    if last is None or last.waits_for_approval or not _is_open(last):
        return None
    reason = last.reason if last.outcome is Outcome.PENDING else _UNFINISHED
    found = Found(f"{last.flow}: {reason}", since=last.on, action=Action(f"rpa resume {last.run}"))
    if last.taken_back:
        return replace(found, action=_cancelled(facts, last)) if last.is_to_come else None
    if last.flow == "extend" and not _waits_for_noc(facts, night):
        return None
    if last.shows_from and last.shows_from > night.today:
        later = Action(f"From {last.shows_from} on: rpa resume {last.run}")
        return replace(found, action=later, severity=Severity.NOTE)
    return found


def _is_open(last: LastRow) -> bool:
    """Whether something comes after the record, and nobody has seen to it."""
    was_cut_off = last.unfinished and last.outcome in STANDING
    return last.outcome is Outcome.PENDING or was_cut_off


def _waits_for_noc(facts: Facts, night: Night) -> bool:
    """Whether an extension is still wanted, and its mail held up by a roster that nobody had seen.

    Where no roster lists the agent that is the matter of another rule.
    """
    until = facts.remembered.extended_to
    is_over = until is not None and until < night.today
    return not is_over and (bool(facts.classes) or Source.ROSTERS not in night.read_whole(facts.subject))


def _cancelled(facts: Facts, last: LastRow) -> Action:
    words = f"Cancel it in ADP, as its run was taken back; then: rpa settle {last.run} {facts.subject}"
    return Action(f"{words} --not-saved")


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
    reason = f"{', '.join(update.team.columns)} not updated for {counted(len(update.agents_behind), 'agent')}"
    return Found(reason, since=update.since, action=Action(f"Report it to {update.team.reported_to}"))
