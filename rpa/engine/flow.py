"""What the engine asks of a flow, of the portals it works on, and of whoever watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from playwright.sync_api import Error, Locator, Page

    from rpa.domain.agents import Agent
    from rpa.domain.errors import PortalBusy, PortalFailed, RpaError, RuleRefused
    from rpa.domain.outcomes import Outcome
    from rpa.domain.plans import Decision, Seen
    from rpa.domain.records import Answer
    from rpa.domain.runs import Roster, RunRow
    from rpa.domain.values import Values
    from rpa.engine.outbox import Letter


class Portals(Protocol):
    """The portals of a flow, as far as the engine has to know them."""

    def page(self) -> Page:
        """A page on the portal that is written to, signed in or not."""
        ...

    def new_row(self) -> None:
        """Begin an agent: one sign-in more is allowed, should the session end meanwhile."""
        ...

    def forget(self) -> None:
        """Make the next look start from a full load of the portal."""
        ...

    def listen(self) -> None:
        """Begin a look: only what the network says from now on explains its failure."""
        ...

    def explain(self, error: Error | PortalFailed | RuleRefused) -> RpaError:
        """The named error behind a failure, judged by where the pages stand and what the network said."""
        ...

    def busy(self) -> PortalBusy | None:
        """The longest rest that a portal has asked for (429) since `listen`, whatever the look came to."""
        ...


class View(Protocol):
    """A part of a screen that can be pictured."""

    def extent(self) -> Sequence[Locator]:
        """What the picture must show; it is cut to these."""
        ...

    def personal(self) -> Sequence[Locator]:
        """What to cover on it."""
        ...


class Form(View, Protocol):
    """A filled panel, ready for Done."""

    def employee_id(self) -> str:
        """The employee id that the panel shows now."""
        ...

    def filled(self) -> Values:
        """The fields that were filled, with the values that they were given."""
        ...

    def ready(self) -> None:
        """Return once Done could be pressed, without pressing it."""
        ...

    def press_done(self) -> Answer:
        """Press Done once and give the portal's answer."""
        ...

    def cancel(self) -> None:
        """Leave without saving."""
        ...


class Desk(Protocol):
    """What a flow's batch step may do beside looking: everything goes through the journal."""

    @property
    def run(self) -> str: ...
    @property
    def rows(self) -> Sequence[RunRow]: ...
    def mended(self, row: RunRow) -> bool: ...

    def waited(self, key: str) -> float: ...
    def saw_roster(self, roster: Roster) -> None: ...
    def roster_ended(self, roster: Roster) -> None: ...
    def queue(self, letter: Letter) -> bool: ...
    def took_back(self, run: str) -> None: ...
    def notice(self, text: str) -> None: ...
    def end_row(self, row: RunRow, outcome: Outcome, reason: str, next_step: str) -> None: ...


P_contra = TypeVar("P_contra", bound=Portals, contravariant=True)


class Flow(Protocol[P_contra]):
    """Four small functions; only `act` may write, and only through the form it hands to the engine."""

    @property
    def name(self) -> str:
        """The flow as users type it."""
        ...

    @property
    def route(self) -> str:
        """The way that this flow takes, where it has several."""
        ...

    def order(self) -> Mapping[str, Any]:
        """The flow's own parameters, as they stand in the plan."""
        ...

    def prepare(self, portals: P_contra) -> Sequence[str]:
        """Look at what concerns the whole batch before the first row; notes for the plan."""
        ...

    def observe(self, portals: P_contra, agent: Agent) -> Seen:
        """What the portals show of this agent now."""
        ...

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The wanted values, or a refusal; pure."""
        ...

    def act(self, portals: P_contra, agent: Agent, wanted: Values) -> Iterable[Form]:
        """Open and fill one panel after the other; the engine presses Done on each before the next."""
        ...

    def proofs(self, portals: P_contra) -> Sequence[View]:
        """The parts of the screen that show the values just read, each pictured by itself."""
        ...

    def settle(self, portals: P_contra, desk: Desk) -> None:
        """What concerns the batch after its rows: rosters, mails, what people must do next."""
        ...


class Watcher(Protocol):
    """Whoever looks on while a plan is made or applied; shows it, and decides nothing."""

    def begin(self, what: str, total: int) -> None: ...
    def step(self, text: str) -> None: ...
    def row(self, employee_id: str, outcome: Outcome, reason: str) -> None: ...
    def end(self) -> None: ...
