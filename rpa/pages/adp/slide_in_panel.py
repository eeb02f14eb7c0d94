"""ADP > record > a card's Edit: what every panel that slides in from the right has and does alike."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import ClassVar, Self

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalFailed
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.values import Values
from rpa.pages.adp.addresses import is_sign_in
from rpa.pages.adp.saves import accepted_saves
from rpa.pages.elements import Declared, Element, element, page_of
from rpa.pages.locator_chain import Root
from rpa.pages.panel import Panel
from rpa.pages.site import Site
from rpa.pages.waiting import shows, whichever


def _notice(root: Root, sentence: str) -> Locator:
    notices = page_of(root).get_by_role("region", name="Notifications", exact=True)
    return notices.get_by_role("status").filter(has_text=sentence)


class SlideInPanel(Panel):
    """A form that stores nothing before Done; each kind declares its fields, and what it is called.

    Every kind has the elements below under dotted names of its own: a site may have renamed the Done of
    one panel and not that of the other.
    """

    screen: ClassVar[str] = "adp.slide_in_panel"
    shown_id = element(lambda root: root.get_by_label("Employee ID", exact=True), varies=True)
    done = element(lambda root: root.get_by_role("button", name="Done", exact=True))
    cancel_button = element(lambda root: root.get_by_role("button", name="Cancel", exact=True))
    alert = element(lambda root: root.get_by_role("alert"), when="the form is refused")
    busy = element(lambda root: root.locator(":scope[aria-busy=true]"), when="the form is busy")
    # No role tells the person's name from the other words of the header.
    person_name = element(lambda root: root.locator("header strong"), varies=True)
    confirm_done = element(
        lambda root: (
            page_of(root)
            .get_by_role("alertdialog", name="Confirm changes", exact=True)
            .get_by_role("button", name="Done", exact=True)
        ),
        when="the portal asks again after Done",
    )
    discard_button = element(
        lambda root: (
            page_of(root)
            .get_by_role("alertdialog", name="Continue without saving?", exact=True)
            .get_by_role("button", name="Close", exact=True)
        ),
        when="typed values would be lost",
    )
    saved_notice = element(
        lambda root: _notice(root, "Your changes have been saved."), when="a change was saved"
    )
    approval_notice = element(
        lambda root: _notice(root, "Your changes have been submitted for approval."),
        when="a change waits for approval",
    )
    closed: ClassVar[Element]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name, shared in vars(SlideInPanel).items():
            if isinstance(shared, Declared) and name not in vars(cls):
                own = copy.copy(shared)
                own.__set_name__(cls, name)
                setattr(cls, name, own)

    def __init__(self, root: Locator, site: Site) -> None:
        super().__init__(root, site)
        self._filled: dict[str, str | None] = {}

    def first_field(self) -> Locator:
        """The field that shows when the panel has been drawn."""
        raise NotImplementedError

    def arrived(self) -> Self:
        """Return once the panel stands still and its fields take what is typed."""
        self.root.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.wait_until_quiet()
        ends = {"failed": self.alert, "ready": self.first_field()}
        if whichever(ends, self.site.timeouts.arrive_ms) == "failed":
            raise PortalFailed(f"ADP did not open the panel: {self.alert.inner_text().strip()}")
        return self

    def wait_until_quiet(self) -> None:
        """Return once the panel no longer says that it is busy."""
        self.busy.wait_for(state="hidden", timeout=self.site.timeouts.arrive_ms)

    def employee_id(self) -> str:
        """The employee id that the panel's header shows now."""
        return self.shown_id.inner_text().strip()

    def personal(self) -> Sequence[Locator]:
        """What to cover on a picture: the person's name."""
        return (self.person_name,)

    def filled(self) -> Values:
        """The fields that were filled, with the values that they were given."""
        return self._filled

    def ready(self) -> None:
        """Return once Done could be pressed, without pressing it."""
        if shows(self.alert):
            raise PortalFailed(f"ADP refuses the form: {self.alert.inner_text().strip()}")
        if shows(self.confirm_done):
            # Pressed after Done, it would be Done once more.
            raise PortalFailed(
                "The button of the second confirmation shows before Done was pressed.",
                next_step=f"Nothing was saved. Correct {self.screen}.confirm_done in portals.toml.",
            )
        self.done.click(trial=True)

    def press_done(self) -> Answer:
        """Press Done, once, and give the portal's answer; Playwright's TimeoutError when there is none."""
        notices = {"saved": self.saved_notice, "approval": self.approval_notice}
        if any(shows(notice) for notice in notices.values()):
            notices = {}  # one of an earlier change still shows, and says nothing about this one
        ends = {"rejected": self.alert, **notices, "closed": self.closed}
        with accepted_saves(self.page) as accepted:
            self.done.click()
            end = self._first({**ends, "confirm": self.confirm_done})
            if end == "confirm":
                self.confirm_done.click()
                end = self._first(ends)
            if end == "closed" and is_sign_in(self.page.url, self.site) and not accepted:
                return Answer(kind=AnswerKind.SIGNED_OUT)
        if end == "rejected":
            return Answer(kind=AnswerKind.REJECTED, sentence=self.alert.inner_text().strip())
        return self._said()

    def cancel(self) -> None:
        """Leave without saving, whatever was typed."""
        self.cancel_button.click()
        if self._first({"unsaved": self.discard_button, "closed": self.closed}) == "unsaved":
            self.discard_button.click()
            self.closed.wait_for()

    def _said(self) -> Answer:
        """What the portal says after the panel has closed; a notice may come a moment later, or never."""
        notices = {"approval": self.approval_notice, "saved": self.saved_notice}
        try:
            said = whichever(notices, self.site.timeouts.settle_ms)
        except BrowserTimeout:
            # Silence is an answer here, not an error.
            return Answer(kind=AnswerKind.SILENT)
        return Answer(kind=AnswerKind(said), sentence=notices[said].last.inner_text().strip())

    def _type(self, box: Locator, text: str) -> None:
        """Type into a plain field and leave it, which is when the portal takes it."""
        box.fill(text)
        box.press("Tab")
        self.wait_until_quiet()

    def _check_kept(self, field: str, box: Locator, text: str) -> None:
        # What the portal does not take for a date silently becomes the old value again.
        if (kept := box.input_value()) != text:
            raise PortalFailed(
                f"ADP did not keep {text!r} as {self.site.labels[field]}: the field shows {kept!r}."
            )

    def _first(self, things: dict[str, Locator]) -> str:
        return whichever(things, self.site.timeouts.arrive_ms)


def closed_panel(title: str) -> Element:
    """The element that shows when no panel of this title is open."""
    return element(
        lambda root: (
            page_of(root)
            .locator("body")
            .filter(has_not=page_of(root).get_by_role("dialog", name=title, exact=True))
        )
    )
