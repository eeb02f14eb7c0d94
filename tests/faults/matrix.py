"""The fault matrix as a table: the steps of a flow, the effects of a fault, and what must come of each cell.

Nothing is typed cell by cell. A step says which request it is and what hangs on it, an effect says what it
does to a request, and `expected` derives the outcome from the two. What was really stored is asked of the
mock portals, never of us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any

ARRIVE = 3.0
RETRY_AFTER = 7
STRUCK = "STRUCK"


class Kind(StrEnum):
    """What a request is for the portal."""

    DOCUMENT = "document"
    SIGN_IN = "sign-in"
    LIST = "list"
    SEARCH = "search"
    RECORD = "record"
    PANEL = "panel"
    LOOK_UP = "look-up"
    SAVE = "save"
    ROSTER = "roster"


class Phase(Enum):
    """Where in a row's life a request comes."""

    BEFORE = auto()
    SAVE = auto()
    REFRESH = auto()
    READ_BACK = auto()
    ROSTERS = auto()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request of the flow: how a fault finds it, and who fails when it does.

    `match` is the mock's, with STRUCK for the employee id of the first agent; the second one is there to
    show that the run goes on. `shared` is a step that every agent needs, `at_the_door` one right after a
    password, where being thrown out cannot be told from a password that was refused; `turned_away` is how
    often the same request was sent before without a session, and led to the sign-in page. `word` is a word of
    the portal without which the step cannot be done.
    """

    name: str
    kind: Kind
    phase: Phase
    match: Mapping[str, Any]
    shared: bool = False
    signed_in: bool = True
    at_the_door: bool = False
    turned_away: int = 0
    word: str = ""


class Harm(Enum):
    """What an effect does to a request."""

    NONE = auto()
    FAILS = auto()
    NEVER_ANSWERED = auto()
    FORBIDDEN = auto()
    OTHER_PERSON = auto()
    ENDS_SESSION = auto()
    ASKS_A_PERSON = auto()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One effect of the mock portals; `of_save` is the outcome it gives a save, whatever is stored."""

    name: str
    harm: Harm
    fault: Mapping[str, Any]
    only: frozenset[Kind] = frozenset(Kind)
    because: str = ""
    of_save: frozenset[str] = frozenset()

    @property
    def is_for_the_signed_in(self) -> bool:
        """Whether the mock counts only requests that have a session."""
        return self.harm in {Harm.ENDS_SESSION, Harm.ASKS_A_PERSON} or self.name.startswith("popup")


SAVES = frozenset({Kind.SAVE})
DOCUMENTS = frozenset({Kind.DOCUMENT})
PAGES = frozenset({Kind.LIST, Kind.RECORD, Kind.DOCUMENT})


def _status(status: int, harm: Harm = Harm.FAILS, **details: Any) -> Effect:
    return Effect(
        name=f"status {status}",
        harm=harm,
        fault={"effect": "status", "status": status, **details},
        of_save=frozenset({"failed"}),
    )


def _session(name: str, harm: Harm, of_save: str) -> Effect:
    return Effect(name=name, harm=harm, fault={"effect": name}, of_save=frozenset({of_save}))


def _of_save(name: str, outcome: str) -> Effect:
    return Effect(
        name=name,
        harm=Harm.NONE,
        fault={"effect": name},
        only=SAVES,
        because="it is a way of saving",
        of_save=frozenset({outcome}),
    )


def _pop_up(kind: str) -> Effect:
    return Effect(
        name=f"popup {kind}",
        harm=Harm.NONE,
        fault={"effect": "popup", "kind": kind},
        only=PAGES,
        because="an overlay comes with the list, a record, or a page of BlackDash",
    )


EFFECTS: Sequence[Effect] = (
    Effect(
        name="latency, short",
        harm=Harm.NONE,
        fault={"effect": "latency", "seconds": 0.6},
        of_save=frozenset({"done"}),
    ),
    Effect(
        name="latency, too long",
        harm=Harm.NEVER_ANSWERED,
        fault={"effect": "latency", "seconds": ARRIVE + 1.5},
        of_save=frozenset({"unknown", "done"}),
    ),
    _status(500),
    _status(503),
    _status(429, retry_after=RETRY_AFTER),
    _status(403, Harm.FORBIDDEN),
    Effect(
        name="drop_before",
        harm=Harm.FAILS,
        fault={"effect": "drop_before"},
        of_save=frozenset({"failed"}),
    ),
    _of_save("drop_after_commit", "done"),
    _of_save("silent_loss", "unknown"),
    _of_save("no_toast", "done"),
    _of_save("approval", "pending"),
    Effect(
        name="spinner_forever",
        harm=Harm.NEVER_ANSWERED,
        fault={"effect": "spinner_forever"},
        of_save=frozenset({"unknown"}),
    ),
    _session("expire_session", Harm.ENDS_SESSION, of_save="failed"),
    _session("kick_session", Harm.ENDS_SESSION, of_save="failed"),
    _session("step_up", Harm.ASKS_A_PERSON, of_save="unknown"),
    Effect(
        name="second_confirm",
        harm=Harm.NONE,
        fault={"effect": "second_confirm"},
        only=frozenset({Kind.RECORD}),
        because="the record decides whether its panel asks once more",
    ),
    *(_pop_up(kind) for kind in ("tour", "survey", "remind", "timeout")),
    Effect(
        name="sorry",
        harm=Harm.FAILS,
        fault={"effect": "sorry"},
        only=DOCUMENTS,
        because="the sorry page takes the place of a document",
    ),
    Effect(
        name="stale_list",
        harm=Harm.FAILS,
        fault={"effect": "stale_list"},
        only=frozenset({Kind.SEARCH}),
        because="only a search has an answer before it",
    ),
    Effect(
        name="wrong_record",
        harm=Harm.OTHER_PERSON,
        fault={"effect": "wrong_record"},
        only=frozenset({Kind.RECORD}),
        because="only a record can be another's",
    ),
    Effect(
        name="relabel",
        harm=Harm.FAILS,
        fault={"effect": "relabel", "to": "Something else"},
        only=frozenset({Kind.DOCUMENT, Kind.PANEL}),
        because="words come with documents and with the layout of a panel",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One step, one effect, once or for good."""

    step: Step
    effect: Effect
    for_good: bool

    def __str__(self) -> str:
        return f"{self.step.name} - {self.effect.name} - {'for good' if self.for_good else 'once'}"

    def fault(self, struck: str) -> dict[str, Any]:
        """The fault to plant, with the struck agent's id."""
        match: dict[str, Any] = {
            key: struck if value == STRUCK else value for key, value in self.step.match.items()
        }
        if self.effect.is_for_the_signed_in and "nth" in match:
            match["nth"] -= self.step.turned_away
        word = {"from": self.step.word} if self.effect.name == "relabel" else {}
        return {**self.effect.fault, **word, "match": match, "times": None if self.for_good else 1}

    @property
    def not_applicable(self) -> str:
        """Why this cell cannot be; empty where it can."""
        reasons = {
            "Done is pressed once": self.step.kind is Kind.SAVE and self.for_good,
            self.effect.because: self.step.kind not in self.effect.only,
            "this page has no word that the step needs": self.effect.name == "relabel" and not self.step.word,
            "there is no session yet": self._is_about_a_session and not self.step.signed_in,
            "BlackDash has no one-time code": self.effect.name == "step_up" and self._on_blackdash,
            "BlackDash has one announcement": self._on_blackdash
            and self.effect.name in {"popup survey", "popup remind", "popup timeout"},
            "an overlay comes with the list or a record": self.effect.name.startswith("popup")
            and self.step.kind is Kind.DOCUMENT
            and not (self._on_blackdash and self.step.signed_in),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    @property
    def _on_blackdash(self) -> bool:
        return bool(self.step.match["portal"] == "blackdash")

    @property
    def _is_about_a_session(self) -> bool:
        """A code can be asked for at the password; all else needs a session."""
        if self.effect.name == "step_up" and self.step.name == "ADP password":
            return False
        return self.effect.harm in {Harm.ENDS_SESSION, Harm.ASKS_A_PERSON}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The outcomes that are right in a cell: of the struck agent, of the next one, and of the run."""

    struck: frozenset[str]
    other: frozenset[str]
    stops_for_sign_in: bool | None = False
    rosters_verified: bool | None = None


def _one(*outcomes: str) -> frozenset[str]:
    return frozenset(outcomes)


def expected(cell: Cell) -> Expected:
    """The rule: a fault that passes costs nothing, one that stays fails what hangs on it, and no more."""
    harm, phase = cell.effect.harm, cell.step.phase
    if phase is Phase.SAVE:
        return Expected(
            struck=cell.effect.of_save,
            other=_one("skipped" if _stops(cell) else "done"),
            stops_for_sign_in=_stops(cell),
        )
    if phase is Phase.ROSTERS:
        return _of_rosters(cell)
    if harm is Harm.NONE or (phase is Phase.REFRESH and not cell.for_good and harm is not Harm.ASKS_A_PERSON):
        return Expected(struck=_one("done"), other=_one("done"))
    lost = _one("failed") if phase is Phase.BEFORE else _one("unknown")
    if _stops(cell):
        # A panel is opened twice a row and no more: there the next agent can be the one who meets the stop.
        is_met_later = cell.step.kind is Kind.PANEL and harm is Harm.ENDS_SESSION
        other = _one("skipped", *(["failed"] if is_met_later else []))
        return Expected(struck=lost, other=other, stops_for_sign_in=True)
    if _passes(cell):
        return Expected(struck=_one("done"), other=_one("done"))
    return Expected(struck=lost, other=_one("failed") if cell.step.shared and cell.for_good else _one("done"))


def _of_rosters(cell: Cell) -> Expected:
    """What was written stands, and is done once BlackDash has confirmed it."""
    done = _one("done")
    if cell.effect.harm is Harm.NONE or _passes(cell):
        return Expected(struck=done, other=done, rosters_verified=True)
    unseen = _one("pending")
    return Expected(struck=unseen, other=unseen, stops_for_sign_in=None, rosters_verified=False)


def _stops(cell: Cell) -> bool:
    """A person is needed: for a code, for a password that is not let in, for an account that others use."""
    if cell.step.kind is Kind.SIGN_IN and cell.step.phase is Phase.BEFORE:
        return cell.effect.harm is not Harm.NONE and (
            cell.effect.harm is not Harm.NEVER_ANSWERED or cell.for_good
        )
    if cell.effect.harm is Harm.ENDS_SESSION:
        return cell.for_good or cell.step.at_the_door
    return cell.effect.harm is Harm.ASKS_A_PERSON


def _passes(cell: Cell) -> bool:
    """Whether a second look gets over it: what is forbidden, or somebody else's, is not asked for again.

    A look-up is asked by the page itself, again with each letter that is typed.
    """
    if cell.for_good:
        return False
    if cell.step.kind is Kind.LOOK_UP:
        return True
    if cell.effect.harm is Harm.OTHER_PERSON:
        return cell.step.phase is not Phase.BEFORE
    return cell.effect.harm is not Harm.FORBIDDEN or not cell.step.signed_in


@dataclass(frozen=True, kw_only=True)
class Table:
    """All cells of a flow, those that cannot be with their reason."""

    steps: Sequence[Step]
    effects: Sequence[Effect] = field(default=EFFECTS)

    def cells(self) -> Iterator[Cell]:
        """Every cell that can be."""
        return (cell for cell in self._all() if not cell.not_applicable)

    def left_out(self) -> dict[str, str]:
        """The cells that cannot be, and why."""
        return {str(cell): cell.not_applicable for cell in self._all() if cell.not_applicable}

    def _all(self) -> Iterator[Cell]:
        for step in self.steps:
            for effect in self.effects:
                for for_good in (False, True):
                    yield Cell(step=step, effect=effect, for_good=for_good)
