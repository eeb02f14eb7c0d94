"""Stuck in training: the end has come with Call Certs open, and what tracker, ADP and rosters disagree on.

Where only the record in ADP can tell, a condition asks for it (`ask`); nothing else opens a record. BlackDash
reads ADP, so an agent on a roster has the dates of that class, and needs no record opened for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rpa.domain.longer_call_certs import certifying
from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_on_uptraining import is_near
from rpa.domain.stuck_verdicts import Action, Doubt, Found, Verdict, ask, names
from rpa.domain.tracking import Task
from rpa.domain.verification import expected_class

# Both routes of an extension refuse these, rightly: a person has to look first.
_NO_END = Action("Set ESP End Date in ADP by hand: a run extends only a period that ADP has")
_NO_CLASS = Action("Empty or correct Uptraining Class in ADP by hand, then extend")


def certs_open_at_end(facts: Facts, night: Night) -> Verdict:
    """The ESP period ends today or has ended, and Call Certs are open (guide: "by the end of day 5")."""
    agent = facts.tracked
    if agent is None or agent.transferred.is_closed or agent.is_done(Task.CALL_CERT):
        return None
    if facts.classes:
        return _open_by_roster([one.end for one in facts.classes], night)
    if facts.record is None:
        return ask(facts) if night.may_have_ended(agent) else None
    return _open_by_record(facts.record.fields, night)


def call_cert_slow(facts: Facts, night: Night) -> Verdict:
    """Call Cert or TBT is open when the class's session ends, or later (guide: "take longer than 3 days")."""
    del night
    longer = facts.longer
    if longer is None or facts.tracked is None or not certifying(facts.tracked):
        return None
    return Found(longer.reason, since=longer.since, action=Action(longer.next_step))


def roster_without_row(facts: Facts, night: Night) -> Verdict:
    """A class of ours lists somebody who is not in the tracker."""
    if facts.tracked or facts.rows:
        return None
    ours = tuple(one for one in facts.classes if night.is_ours(one))
    if not ours:
        return None
    if night.rows_without_id:
        rows = ", ".join(map(str, night.rows_without_id))
        return Doubt(f"may be one of the tracker's rows whose id cannot be read ({rows})")
    return Found(f"{names(ours)} lists the agent, and the tracker does not have the employee id")


def row_without_roster(facts: Facts, night: Night) -> Verdict:
    """In the tracker and, by ADP, in training, but on no roster (guide: "Verify all agents are listed")."""
    expected = _missing_from(facts, night)
    if isinstance(expected, Doubt) or expected is None:
        return expected
    if _was_extended(facts, night):
        return None
    return Found(f"ADP means the {expected}, and no roster lists the agent")


def extended_not_on_roster(facts: Facts, night: Night) -> Verdict:
    """Extended, and on no roster after the lag (guide: "This may take up to 10 minutes")."""
    expected = _missing_from(facts, night)
    if isinstance(expected, Doubt) or expected is None:
        return expected
    if not _was_extended(facts, night) or _is_within_lag(facts, night):
        return None
    at = facts.remembered.extended_at
    return Found(
        f"extended to the {expected}, and no roster lists the agent", since=at.date() if at else None
    )


def no_one_record(facts: Facts, night: Night) -> Verdict:
    """ADP does not show exactly one active record for an id that the tracker or a roster has in training.

    Somebody whom only our journal remembers has left: there is nothing to correct anywhere.
    """
    if not facts.no_record:
        return None
    if facts.tracked or facts.classes:
        return Found(facts.no_record)
    is_known = {Source.TRACKER, Source.ROSTERS} <= night.sources
    return None if is_known else Doubt(f"{facts.no_record}, and nobody knows whether the agent has left")


def rows_doubled(facts: Facts, night: Night) -> Verdict:
    """One employee id in several rows of the tracker: nobody can say which row is right."""
    del night
    if not facts.rows:
        return None
    return Found(f"stands in rows {' and '.join(map(str, facts.rows))} of the tracker")


def _open_by_roster(ends: Sequence[date | None], night: Night) -> Found | None:
    latest = max((end for end in ends if end), default=None)
    # A class without an end is an uptraining class: that agent has been extended.
    is_extended = latest is None or None in ends or latest > night.today
    return None if is_extended or latest is None else _certs_open(latest, night)


def _open_by_record(fields: CustomFields, night: Night) -> Found | Doubt | None:
    word = fields.uptraining
    if (fields.esp_end and fields.esp_end > night.today) or word in night.words or is_near(word, night):
        return None  # extended, or misspelt, which is the matter of another rule
    if word and Source.ROSTERS not in night.sources:
        return Doubt(f"Uptraining Class is {word!r}, which may be the name of a class")
    if fields.esp_end is None:
        return Found("Call Certs are open, and ADP shows no ESP End Date", action=_NO_END)
    found = _certs_open(fields.esp_end, night)
    if word:
        reason = f"{found.reason}; Uptraining Class is {word!r}, which is no class"
        return replace(found, reason=reason, action=_NO_CLASS)
    return found


def _certs_open(end: date, night: Night) -> Found:
    when = "ends today" if end == night.today else f"ended on {end}"
    return Found(f"Call Certs are open, and the ESP period {when}", since=end)


def _missing_from(facts: Facts, night: Night) -> ClassKey | Doubt | None:
    """The class that ADP means for somebody whom no roster lists; None where there is none to miss."""
    agent, remembered = facts.tracked, facts.remembered
    if facts.classes or (agent and agent.transferred.is_closed):
        return None
    manager = (agent.esp_manager if agent else "") or night.manager
    if facts.record is None:
        is_ours = bool(remembered.uptraining) or _runs_by_ours(facts, night)
        if not is_ours and not (agent and night.may_be_in_training(agent)):
            return None
        by_tracker = ClassKey(manager=manager, start=agent.esp_start, end=agent.esp_end) if agent else None
        return _unread(by_tracker, night) or ask(facts)
    fields = facts.record.fields
    in_production = night.departments.is_production(facts.record.department)
    expected = expected_class(
        replace(fields, uptraining=""), manager, night.today, is_counted_in_production=in_production
    )
    if expected is None and fields.uptraining == night.uptraining_class:
        expected = ClassKey(campaign_class=night.uptraining_class)
    if expected is None or (fields.esp_start and fields.esp_start > night.today):
        return None
    return _unread(expected, night) or expected


def _unread(expected: ClassKey | None, night: Night) -> Doubt | None:
    """A doubt where the class that is meant could not be read."""
    names = [one.name for one in night.unread if expected and expected.matches(one)]
    return Doubt(f"the roster of {' and '.join(names)} could not be read") if names else None


def _was_extended(facts: Facts, night: Night) -> bool:
    """Whether the agent is in training by an extension: by our run, or by what ADP and tracker show."""
    assert facts.record is not None
    fields, agent = facts.record.fields, facts.tracked
    later = bool(agent and agent.esp_end and fields.esp_end and fields.esp_end > agent.esp_end)
    return later or fields.uptraining == night.uptraining_class or facts.remembered.extended_at is not None


def _runs_by_ours(facts: Facts, night: Night) -> bool:
    """Whether today is a day of an extension that a run wrote; an old one opens no record for ever."""
    until = facts.remembered.extended_to
    return until is not None and until >= night.today


def _is_within_lag(facts: Facts, night: Night) -> bool:
    at = facts.remembered.extended_at
    return at is not None and night.now - at < night.thresholds.lag
