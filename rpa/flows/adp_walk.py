"""Walks through every screen of ADP, read-only: its panels are opened, and cancelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalFailed
from rpa.domain.examination import Found, Level
from rpa.flows.adp_portal import AdpPortal
from rpa.flows.looking import Lost
from rpa.flows.portal_door import ADP
from rpa.flows.walk import Pages, Walk
from rpa.pages import adp
from rpa.pages.adp.employee_bar import EmployeeBar
from rpa.pages.adp.record_card import RecordCard
from rpa.pages.adp.status_filter import StatusFilter
from rpa.pages.waiting import shows, whichever

if TYPE_CHECKING:
    from playwright.sync_api import Page

ANY_LETTER = "a"
CODE_NAMES = tuple(
    f"adp.sign_in_page.{name}" for name in ("verify_heading", "send_code_button", "passcode", "submit_button")
)
FIELDS = ("esp_start_date", "esp_end_date", "training_graduation_date", "uptraining_class")
NO_AGENT = "no employee id to look for is known: name one with --agent ID"


class AdpWalk(Walk[adp.SignInPage]):
    """From the sign-in over the list of people to one agent's record and its two panels."""

    portal = ADP
    pages: ClassVar[Pages] = adp
    shown_first = ("user_id", "next_button")
    shown_then = ("password", "sign_in_button")

    def _walk(self, page: Page) -> None:
        site = self._access.site
        self._enter(adp.SignInPage(page, site))
        self._looker.see(adp.HomePage(page, site), "welcome")
        menu = adp.Menu(page, site)
        self._looker.need(menu, "people_button").click()
        self._looker.need(menu, "employees_link").click()
        people = self._people(page)
        if not self._notes.agent:
            raise PortalFailed(f"ADP's records were not looked at: {NO_AGENT}.")
        self._search(people, self._notes.agent)
        self._record(adp.EmployeePage(page, site))

    def _try_sign_in(self, page: adp.SignInPage) -> None:
        """As the flows do; but nobody is asked for a code where its page is what a person wants to show."""
        access = self._access
        if not self._is_asked(*CODE_NAMES):
            AdpPortal(self._sessions, access).sign_in(page)
            return
        with access.typing() as sending:
            page.sign_in(access.username, access.password, sending)

    def _see_code(self, page: adp.SignInPage) -> None:
        """What is asked for of the page with the one-time code, which is sent only for its field's sake."""
        calibration = self._looker.calibration
        if calibration is None:
            return
        if not page.asks_for_code() and not set(CODE_NAMES) & set(calibration.wanted):
            return  # a whole screen was asked for, and this is not that page
        sent = False
        for name in (name.rpartition(".")[2] for name in CODE_NAMES if self._is_asked(name)):
            if name in {"passcode", "submit_button"} and not sent:
                self._looker.need(page, "send_code_button").click()
                sent = True
            self._looker.see(page, name)

    def _says_sorry(self, url: str) -> bool:
        return adp.is_sorry(url, self._access.site)

    def _people(self, page: Page) -> adp.PeoplePage:
        """The list or the bar, with the filter that shows who is active."""
        site = self._access.site
        if site.people == "bar":
            bar = EmployeeBar(page, site)
            button = self._looker.need(bar, "list_button")
            if not shows(bar.search):
                button.click()
            self._looker.need(bar, "saved_filter")
            self._not_used(
                "adp.people_page.", ("heading", "status_chip", "active_chip", "status_filter"), "bar"
            )
            self._not_used("adp.status_filter.", ("active", "others_checked"), "bar")
            bar.show_active()
            return bar
        people = adp.PeoplePage(page, site)
        self._not_used("adp.employee_bar.", ("list_button", "saved_filter"), "list")
        self._looker.see(people, "heading")
        chip = self._looker.need(people, "status_chip")
        chip.click()
        box = StatusFilter(self._looker.need(people, "status_filter"), site)
        self._looker.need(box, "active")
        box.only_active()
        self._looker.see(people, "active_chip")
        return people

    def _search(self, people: adp.PeoplePage, agent: str) -> None:
        self._looker.need(people, "search").fill(agent)
        self._looker.need(people, "result_count", query=agent)
        people.busy_grid.wait_for(state="hidden")
        self._personal(agent, *people.profile_links(employee_id=agent).all_inner_texts())
        self._looker.see(people, "rows", "rows_beginning_with", query=agent)
        self._looker.need(people, "profile_links", employee_id=agent)
        people.profile_links(employee_id=agent).first.click()

    def _personal(self, *values: str) -> None:
        """These are one person's, and must not get into a locator."""
        if self._looker.calibration:
            self._looker.calibration.personal.update(value.strip() for value in values)

    def _record(self, record: adp.EmployeePage) -> None:
        self._looker.need(record, "shown_id")
        record.arrived()
        self._same_person(record, record.employee_id())
        self._looker.see(record, "heading")
        card = adp.CustomFieldsCard(self._looker.need(record, "custom_fields_region"), record.site)
        self._looker.see(card, *FIELDS)
        self._readable(card)
        self._press_edit(card, "rights in ADP")
        self._form(adp.CustomFieldsPanel(self._looker.need(card, "panel"), record.site))
        self._position(record)

    def _press_edit(self, card: RecordCard, right: str) -> None:
        """Open a card's panel, which is a right; Lost where there is no Edit to press."""
        try:
            self._looker.need(card, "edit_button").click()
        except Lost as lost:
            if self._looker.sightings[lost.name].found in {Found.NONE, Found.HIDDEN}:
                what = "there is no Edit on the card: no right to change, or another name for it"
                ask = f"Ask the ADP administrator for the right, or see {lost.name}."
                self._tell(right, Level.BLOCKING, what, ask)
            raise
        self._tell(right, Level.OK, "there is an Edit on the card")

    def _position(self, record: adp.EmployeePage) -> None:
        """Position > Edit, with a look at what the look-up of Home Department offers; nothing is chosen."""
        card = adp.PositionCard(self._looker.need(record, "position_region"), record.site)
        self._looker.see(card, "home_department", "home_department_effective")
        self._press_edit(card, "rights in ADP: Position")
        panel = adp.HomeDepartmentPanel(self._looker.need(card, "panel"), record.site)
        panel.wait_until_quiet()
        self._looker.see(panel, "effective_date", "done", "person_name", "clear_button", "cancel_button")
        self._looker.need(panel, "shown_id")
        self._same_person(panel, panel.employee_id())
        self._looker.need(panel, "chosen")
        self._looker.need(panel, "look_up")
        question = _question(panel.choice())
        panel.ask(question)
        self._looker.need(panel, "listbox")
        panel.await_answer(question)
        entries = self._looker.need(panel, "options").all_inner_texts()
        self._looker.see(panel, "option", entry=_only_one(entries))
        panel.leave_look_up()
        tomorrow = panel.site.date_format.format((self._now() + timedelta(days=1)).date())
        self._leave(panel, "effective_date", tomorrow)

    def _form(self, panel: adp.CustomFieldsPanel) -> None:
        self._looker.see(panel, *FIELDS)
        panel.wait_until_quiet()
        self._looker.see(panel, "done", "person_name")
        self._looker.need(panel, "shown_id")
        self._same_person(panel, panel.employee_id())
        self._looker.see(panel, "cancel_button")
        self._leave(panel, "uptraining_class", "x")

    def _leave(self, panel: adp.SlideInPanel, field: str, text: str) -> None:
        """Cancel; something is typed before, and given up, only where the question of that is asked for."""
        if self._is_asked(f"{panel.screen}.discard_button"):
            self._looker.need(panel, field).fill(text)
            panel.page.keyboard.press("Tab")
            panel.wait_until_quiet()
            self._looker.need(panel, "cancel_button").click()
            self._looker.need(panel, "discard_button").click()
        else:
            self._looker.need(panel, "cancel_button").click()
            ends = {"unsaved": panel.discard_button, "closed": panel.closed}
            with suppress(BrowserTimeout):  # the next look tells what is not as declared
                if whichever(ends, self._looker.patience_ms) == "unsaved":
                    panel.discard_button.click()
        self._looker.see(panel, "closed")

    def _is_asked(self, *names: str) -> bool:
        """Whether a person wants to show one of these anew."""
        calibration = self._looker.calibration
        return calibration is not None and any(map(calibration.asks_for, names))

    def _same_person(self, screen: adp.EmployeePage | adp.SlideInPanel, shown: str) -> None:
        """The id that a screen shows must be the one that was searched for."""
        if shown != self._notes.agent:
            name = f"{screen.screen}.shown_id"
            self._looker.note(name, Found.WRONG, f"it shows {shown!r}, and {self._notes.agent} was opened")
            raise Lost(name)

    def _readable(self, card: adp.CustomFieldsCard) -> None:
        """The values must be dates as the site's settings say."""
        if any(self._looker.sightings[f"{card.screen}.{name}"].found is not Found.ONE for name in FIELDS):
            return
        try:
            card.read()
        except PortalFailed as unreadable:
            self._tell("dates in ADP", Level.BLOCKING, unreadable.what, unreadable.next_step)
        else:
            self._tell("dates in ADP", Level.OK, f"are written as {card.site.date_format.pattern}")

    def _not_used(self, prefix: str, names: tuple[str, ...], people: str) -> None:
        for name in names:
            self._looker.note(prefix + name, Found.NOT_NOW, f'not used where people = "{people}"')


def _question(entry: str) -> str:
    """What to type for the look-up to list some entries, by the one that is chosen now.

    Not the whole of it: a portal that shows the choice in the very box takes that for no question at all.
    """
    word = re.search(r"\w+", entry)
    if word is None:
        return ANY_LETTER
    return word[0] if word[0] != entry.strip() else word[0][:-1]


def _only_one(entries: Sequence[str]) -> str:
    """The first of the listed entries whose text no other has."""
    texts = [entry.strip() for entry in entries]
    return next((text for text in texts if text and texts.count(text) == 1), texts[0] if texts else "")
