"""Rules of ending the uptraining route (guide: "erasing 'Aetna' and selecting 'Done' when the agent has
finished all Call Certs").
"""

from __future__ import annotations

from dataclasses import dataclass

from rpa.domain.agents import Agent
from rpa.domain.extension import file_contradicts
from rpa.domain.plans import Decision
from rpa.domain.records import CustomFields
from rpa.domain.tracking import Task, TaskState, TrackedAgent

NOT_TRACKED = "not in the tracker"
# None: without a tracker it is the manager who knows.
FINISHED = {None, TaskState.DONE.value, TaskState.NOT_NEEDED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingOrder:
    """What the manager asked for.

    `uptraining_class` is the word that may be erased, in any case and spacing; `even_if_open` erases it also
    where Call Certs are not known to be finished.
    """

    uptraining_class: str
    even_if_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an agent beside ADP.

    `call_cert` is the tracker's word, None where no tracker is configured; `word` and `days` are the
    journal's: what this software wrote, and how long ago.
    """

    call_cert: str | None = None
    word: str = ""
    days: int | None = None


def call_cert_of(tracked: TrackedAgent | None) -> str:
    """The state of Call Certs in the tracker's words."""
    return tracked.tasks.get(Task.CALL_CERT, TaskState.UNREADABLE).value if tracked else NOT_TRACKED


def decide(agent: Agent, shown_name: str, seen: CustomFields, known: Known, order: ClearingOrder) -> Decision:
    """Uptraining Class becomes empty, or the refusal with its reason."""
    if mismatch := file_contradicts(agent, shown_name, seen):
        return Decision.refuse(mismatch)
    if not seen.uptraining:
        return Decision.unchanged("Uptraining Class is empty already")
    ours = {word.strip().casefold() for word in (order.uptraining_class, known.word) if word}
    if seen.uptraining.strip().casefold() not in ours:
        return Decision.refuse(
            f"Uptraining Class holds {seen.uptraining!r}, which belongs to somebody else's work"
        )
    if known.call_cert not in FINISHED and not order.even_if_open:
        return Decision.refuse(
            f"Call Cert is {known.call_cert}, and erasing {seen.uptraining} moves the agent to production; "
            f"--even-if-open does it all the same"
        )
    return Decision.change({"uptraining_class": ""}, _told(known))


def _told(known: Known) -> str:
    parts = []
    if known.days is not None:
        parts.append(f"on this route for {known.days} day{'' if known.days == 1 else 's'}")
    if known.call_cert is not None:
        parts.append(f"Call Cert {known.call_cert}")
    return ", ".join(parts)
