"""The two portals together, as the flows use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rpa.domain.errors import PortalBusy, PortalFailed, RpaError, RuleRefused, SessionLost
from rpa.domain.rosters import ClassKey, RosterSeen, TrainingClass, find_classes
from rpa.engine.reading import named_errors
from rpa.flows.adp_portal import AdpPortal
from rpa.flows.blackdash_portal import BlackDashPortal
from rpa.flows.portal_door import ADP, BLACKDASH, Access

if TYPE_CHECKING:
    from playwright.sync_api import Error, Page

    from rpa.engine.sessions import Sessions


class Portals:
    """ADP and BlackDash behind one guarded browser."""

    def __init__(self, sessions: Sessions, *, adp: Access, blackdash: Access) -> None:
        self._sessions = sessions
        self.adp = AdpPortal(sessions, adp)
        self.blackdash = BlackDashPortal(sessions, blackdash)

    def page(self) -> Page:
        """The page on ADP, the portal that is written to."""
        return self._sessions.page(ADP)

    def new_row(self) -> None:
        """Begin an agent: one sign-in more is allowed in each portal, and a browser more."""
        self._sessions.new_row()
        self.adp.sign_ins.new_row()
        self.blackdash.sign_ins.new_row()

    def forget(self) -> None:
        """Make the next look at either portal start from a full load."""
        self.adp.forget()
        self.blackdash.forget()

    def listen(self) -> None:
        """Begin a look: only what the network says from now on explains its failure."""
        for portal in (ADP, BLACKDASH):
            self._sessions.forget_trouble(portal)

    def explain(self, error: Error | PortalFailed | RuleRefused) -> RpaError:
        """The named failure behind an error, by where the pages stand now."""
        named = self._sessions.explain(error)
        if isinstance(named, PortalBusy):
            return named
        if isinstance(error, SessionLost):
            return error
        for portal in (self.adp, self.blackdash):
            if failure := portal.where_it_stands():
                return failure
        return named

    def busy(self) -> PortalBusy | None:
        """The longest rest that a portal has asked for since `listen`, whatever the look came to."""
        return self._sessions.busy()

    def all_rosters(self) -> dict[TrainingClass, frozenset[str]]:
        """Every class of the training environment on a fresh load, and who stands on it: one read a class."""
        self.blackdash.forget()
        return {one: self.blackdash.roster(one) for one in self.blackdash.classes()}

    def read_rosters(self, keys: Sequence[ClassKey]) -> Mapping[ClassKey, RosterSeen]:
        """Who stands on the classes that are meant, on a fresh load: one read of each class."""
        self.blackdash.forget()
        with named_errors(self):
            classes = self.blackdash.classes()
            return {key: self._seen(find_classes(classes, key)) for key in keys}

    def _seen(self, classes: Sequence[TrainingClass]) -> RosterSeen:
        listed = frozenset[str]().union(*(self.blackdash.roster(one) for one in classes))
        name = " / ".join(one.name for one in classes) or None
        return RosterSeen(name=name, listed=listed)
