"""Stuck on the uptraining route: not undone, still open, or put there with a misspelt word."""

from __future__ import annotations

from dataclasses import replace

from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_verdicts import Action, Doubt, Found, Severity, Verdict, ask
from rpa.domain.tracking import Task, TrackedAgent


def uptraining_not_undone(facts: Facts, night: Night) -> Verdict:
    """Certs are done, but Uptraining Class is not erased (guide: "must remember to undo this process")."""
    agent, ours = facts.tracked, facts.remembered.uptraining
    if agent is None or not agent.is_done(Task.CALL_CERT):
        return None
    since = ours.since if ours else None
    if any(one.name == night.uptraining_class and one.start is None for one in facts.classes):
        return Found(f"Call Certs are done, and the class {night.uptraining_class} lists the agent", since)
    if facts.record is None:
        return ask(facts) if ours else None
    if not is_near(facts.record.fields.uptraining, night):
        return None
    return Found(f"Call Certs are done, and Uptraining Class is {facts.record.fields.uptraining!r}", since)


def uptraining_open(facts: Facts, night: Night) -> Verdict:
    """The journal holds an uptraining that nobody has undone, and the certs are not known to be done."""
    agent, ours = facts.tracked, facts.remembered.uptraining
    if ours is None or (agent and agent.is_done(Task.CALL_CERT)):
        return None
    is_erased = facts.record and not facts.record.fields.uptraining
    if is_erased or facts.no_record:  # nobody can erase it in a record that is not there
        return None
    is_old = ours.age(night.today) >= night.thresholds.uptraining_days
    reason = f"run {ours.run} wrote {ours.word!r}, to be erased when the Call Certs are done"
    return Found(reason, since=ours.since, severity=Severity.SOON if is_old else None)


def uptraining_misspelt(facts: Facts, night: Night) -> Verdict:
    """Uptraining Class is not exactly the word (guide: "case-sensitive", "with a capital A")."""
    agent, ours = facts.tracked, facts.remembered.uptraining
    if facts.record is None:
        may_be = agent and not agent.transferred.is_closed and not agent.is_done(Task.CALL_CERT)
        is_asked = bool(may_be and agent and night.may_have_ended(agent)) or ours is not None
        return ask(facts) if is_asked and not facts.classes else None
    word = facts.record.fields.uptraining
    if word == night.uptraining_class or word in night.words or not is_near(word, night):
        return None
    found = Found(f"Uptraining Class is {word!r}, not {night.uptraining_class!r}")
    if word.strip().casefold() != night.uptraining_class.casefold():
        may_be_a_class = Source.ROSTERS not in night.sources
        return Doubt(f"{word!r} may be the name of a class") if may_be_a_class else found
    if Source.TRACKER not in night.sources:
        return Doubt(f"whether {word!r} is to be corrected or erased depends on the Call Certs")
    return _in_the_wrong_case(found, agent, night)


def _in_the_wrong_case(found: Found, agent: TrackedAgent | None, night: Night) -> Found | None:
    """The extension writes the word as it must be; for whom that is wrong, a person looks first."""
    if agent and agent.is_done(Task.CALL_CERT):
        return None
    if agent is None or agent.transferred.is_closed:
        return found
    mend = Action(f"Write {night.uptraining_class} as it must be", "extend", "--route uptraining")
    return replace(found, action=mend)


def edit_distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def is_near(word: str, night: Night) -> bool:
    """Whether the word is the uptraining class, or was meant to be."""
    meant = night.uptraining_class.casefold()
    typed = word.strip().casefold()
    return bool(typed) and edit_distance(typed, meant) <= night.thresholds.misspelt
