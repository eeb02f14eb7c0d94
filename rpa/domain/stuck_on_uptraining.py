"""Stuck on the uptraining route: not undone, still open, or put there with a misspelt word."""

from __future__ import annotations

from rpa.domain.stuck_facts import Facts, Night
from rpa.domain.stuck_verdicts import Action, Found, Severity, Verdict, ask
from rpa.domain.tracking import Task


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
    if not _is_near(facts.record.fields.uptraining, night):
        return None
    return Found(f"Call Certs are done, and Uptraining Class is {facts.record.fields.uptraining!r}", since)


def uptraining_open(facts: Facts, night: Night) -> Verdict:
    """The journal holds an uptraining that nobody has undone, and the certs are not known to be done."""
    agent, ours = facts.tracked, facts.remembered.uptraining
    if ours is None or (agent and agent.is_done(Task.CALL_CERT)):
        return None
    if facts.record and not facts.record.fields.uptraining:
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
    if word == night.uptraining_class or word in night.words or not _is_near(word, night):
        return None
    if word.strip().casefold() != night.uptraining_class.casefold():
        return Found(f"Uptraining Class is {word!r}, not {night.uptraining_class!r}")
    if agent and agent.is_done(Task.CALL_CERT):
        return None
    mend = Action(f"Write {night.uptraining_class} as it must be", "extend", "--route uptraining")
    return Found(f"Uptraining Class is {word!r}, not {night.uptraining_class!r}", action=mend)


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


def _is_near(word: str, night: Night) -> bool:
    """Whether the word is the uptraining class, or was meant to be."""
    meant = night.uptraining_class.casefold()
    typed = word.strip().casefold()
    return bool(typed) and edit_distance(typed, meant) <= night.thresholds.misspelt
