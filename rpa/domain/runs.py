"""A run as the journal tells it: a pure projection of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from rpa.domain.outcomes import Outcome, counts
from rpa.domain.records import Answer, AnswerKind, Pressed
from rpa.domain.values import Values

T = TypeVar("T")

STOPPED = "stopped"
COMPLETED = "completed"
INTERRUPTED = "interrupted"


class EventKind(StrEnum):
    """What the journal can say; the order of a row's life."""

    RUN_STARTED = "run_started"
    RUN_RESUMED = "run_resumed"
    ROW_STARTED = "row_started"
    WRITE_INTENDED = "write_intended"
    WRITE_ANSWERED = "write_answered"
    ROW_ENDED = "row_ended"
    ROW_SETTLED = "row_settled"
    ROSTER_READ = "roster_read"
    ROSTER_ENDED = "roster_ended"
    MAIL_QUEUED = "mail_queued"
    MAIL_MOVED = "mail_moved"
    CELL_QUEUED = "cell_queued"
    CELL_SETTLED = "cell_settled"
    NOTICE = "notice"
    RUN_ENDED = "run_ended"
    JOURNAL_CUT = "journal_cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the journal; `at` is aware and in UTC, `row` the plan's row number or None."""

    at: datetime
    kind: EventKind
    row: int | None = None
    employee_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


# What is told in somebody's own words, a portal's or a library's; everything else is a value or a name.
SENTENCES = frozenset({"reason", "next_step", "sentence", "because", "text", "notes"})


def without_secrets(data: Mapping[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
    """The data with its sentences cleaned; a value stays as it is, for undoing it would write it back."""

    def within(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str):
            return clean(value)
        return [within(one) for one in value] if isinstance(value, (list, tuple)) else beside(value)

    def beside(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, Mapping):
            return {key: within(inner) if key in SENTENCES else beside(inner) for key, inner in value.items()}
        return [beside(one) for one in value] if isinstance(value, (list, tuple)) else value

    return {key: within(value) if key in SENTENCES else beside(value) for key, value in data.items()}


def row_end(outcome: Outcome, reason: str, next_step: str, found: Values, **more: object) -> dict[str, Any]:
    """What the journal keeps where a row ends, or is settled.

    `more` may be `not_saved` (the fields that were sent and did not arrive), `pictures`, and `by` whom.
    """
    told = {"outcome": outcome.value, "reason": reason, "next_step": next_step, "found": dict(found)}
    return {**told, **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """What became of one agent; `pressed` are the fields that were sent, `found` is what ADP showed last.

    What was sent and is known not to be saved is no longer among `pressed`. `is_settled` where the outcome
    is a person's word. `ended_on` is the day that the rules counted from at its end.
    """

    row: int
    employee_id: str
    name: str = ""
    outcome: Outcome = Outcome.SKIPPED
    about: Mapping[str, str] = field(default_factory=dict)
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    pressed: Pressed = field(default_factory=dict)
    found: Values = field(default_factory=dict)
    reason: str = "the run stopped before this row"
    next_step: str = ""
    pictures: tuple[str, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_on: date | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterReading:
    """Who stood on a roster at one look."""

    at: datetime
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What became of waiting for one class: the agents of the batch that it lists, and those it does not.

    Where agents were waited for to leave it, `gone` are those who have, and nobody is missing. `key` stays
    the same through the wait, `name` is the class as BlackDash calls it once it is there.
    """

    key: str
    name: str
    listed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    gone: tuple[str, ...] | None = None
    headcount: int = 0
    readings: tuple[RosterReading, ...] = ()

    @property
    def right(self) -> tuple[str, ...]:
        """Who is where they should be: on the roster, or gone from it."""
        return self.listed if self.gone is None else self.gone

    @property
    def wrong(self) -> tuple[str, ...]:
        """Who is not."""
        return self.missing if self.gone is None else self.listed


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A mail of the run's outbox, without its text; `sentence` is what was last said of sending it."""

    to: str
    subject: str
    state: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run with all its rows, as far as the journal knows; `last_write_at` is its last intent."""

    id: str
    plan: str
    flow: str
    route: str
    state: str
    rows: tuple[RunRow, ...]
    rosters: tuple[Roster, ...] = ()
    mails: tuple[QueuedMail, ...] = ()
    notices: tuple[str, ...] = ()
    stopped_because: str = ""
    started_at: datetime | None = None
    last_write_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended with which word."""
        return counts(row.outcome for row in self.rows)


def run_of(
    run_id: str, rows: Sequence[RunRow], events: Iterable[Event], mails: Iterable[QueuedMail] = ()
) -> Run:
    """The run as its events tell it, starting from the plan's rows as not tried."""
    told = _Telling(rows)
    for event in events:
        told.hear(event)
    return Run(
        id=run_id,
        plan=told.about.get("plan", ""),
        flow=told.about.get("flow", ""),
        route=told.about.get("route", ""),
        state=told.state,
        rows=tuple(told.rows[row.row] for row in rows),
        rosters=tuple(told.rosters.values()),
        mails=tuple(mails),
        notices=tuple(told.notices),
        stopped_because=told.stopped_because,
        started_at=told.started_at,
        last_write_at=told.last_write_at,
        ended_at=told.ended_at,
    )


class _Telling:
    """The run so far, event by event."""

    def __init__(self, rows: Sequence[RunRow]) -> None:
        self.rows = {row.row: row for row in rows}
        self.intended: dict[int, tuple[str, ...]] = {}
        self.rosters: dict[str, Roster] = {}
        self.notices: dict[str, int | None] = {}
        self.about: Mapping[str, Any] = {}
        self.state = INTERRUPTED
        self.today: date | None = None
        self.stopped_because = ""
        self.started_at: datetime | None = None
        self.last_write_at: datetime | None = None
        self.ended_at: datetime | None = None

    def hear(self, event: Event) -> None:
        match event.kind:
            case EventKind.RUN_STARTED:
                self.about, self.started_at = event.data, event.at
                self.today = _day(event)
            case EventKind.RUN_RESUMED:
                self.today = _day(event)
                self.state, self.ended_at, self.stopped_because = INTERRUPTED, None, ""
            case EventKind.ROW_STARTED | EventKind.ROW_ENDED | EventKind.ROW_SETTLED:
                self._hear_row(event)
            case EventKind.WRITE_INTENDED | EventKind.WRITE_ANSWERED:
                self._hear_write(event)
            case EventKind.ROSTER_READ | EventKind.ROSTER_ENDED:
                self._hear_roster(event)
            case EventKind.NOTICE:
                self.notices[event.data["text"]] = event.row
            case EventKind.RUN_ENDED:
                self.state, self.ended_at = event.data["state"], event.at
                self.stopped_because = event.data.get("because", "")
            case (
                EventKind.MAIL_QUEUED
                | EventKind.MAIL_MOVED
                | EventKind.CELL_QUEUED
                | EventKind.CELL_SETTLED
                | EventKind.JOURNAL_CUT
            ):
                pass

    def _hear_row(self, event: Event) -> None:
        assert event.row is not None
        row = self.rows[event.row]
        if event.kind is EventKind.ROW_STARTED:
            row = replace(row, started_at=event.at)
            # What could not be seen of this agent before is seen now, or is told anew.
            self.notices = {text: about for text, about in self.notices.items() if about != event.row}
        else:
            row = replace(
                row,
                outcome=Outcome(event.data["outcome"]),
                reason=event.data.get("reason", ""),
                next_step=event.data.get("next_step", ""),
                found=event.data.get("found", {}),
                pressed=_without(row.pressed, event.data.get("not_saved", ())),
                # An earlier try's pictures are of a write that an outcome must still be explained by.
                pictures=tuple(dict.fromkeys((*row.pictures, *event.data.get("pictures", ())))),
                ended_at=event.at,
                ended_on=self.today or event.at.date(),
                is_settled=event.kind is EventKind.ROW_SETTLED,
            )
        self.rows[event.row] = row

    def _hear_write(self, event: Event) -> None:
        """Until its row has ended, a write is one whose outcome nobody knows."""
        assert event.row is not None
        row = self.rows[event.row]
        if event.kind is EventKind.WRITE_ANSWERED:
            answer = Answer(kind=AnswerKind(event.data["answer"]), sentence=event.data["sentence"])
            answered = dict.fromkeys(self.intended.get(event.row, ()), answer)
            self.rows[event.row] = replace(row, pressed={**row.pressed, **answered})
            return
        self.last_write_at = event.at
        self.intended[event.row] = tuple(event.data.get("after", ()))
        self.rows[event.row] = replace(
            row,
            outcome=Outcome.UNKNOWN,
            reason="the run was interrupted while this agent was being changed",
            next_step="`rpa resume` reads the record before anything else is done to it.",
            pressed={**row.pressed, **dict.fromkeys(self.intended[event.row])},
            found=_without(row.found, self.intended[event.row]),
            ended_at=None,
        )

    def _hear_roster(self, event: Event) -> None:
        key = event.data["key"]
        before = self.rosters.get(key, Roster(key=key, name=key))
        readings = before.readings
        listed = tuple(event.data["listed"])
        if event.kind is EventKind.ROSTER_READ:
            readings = (*readings, RosterReading(at=event.at, listed=listed))
        self.rosters[key] = Roster(
            key=key,
            name=event.data["class"],
            listed=listed,
            missing=tuple(event.data["missing"]),
            gone=None if event.data.get("gone") is None else tuple(event.data["gone"]),
            headcount=event.data["headcount"],
            readings=readings,
        )


def _without(told: Mapping[str, T], fields: Iterable[str]) -> dict[str, T]:
    """What is told of the other fields: of these it holds no longer."""
    return {field: one for field, one in told.items() if field not in set(fields)}


def _day(event: Event) -> date | None:
    """The day that the rules counted from, where the run has told it."""
    told = event.data.get("today")
    return date.fromisoformat(told) if told else None
