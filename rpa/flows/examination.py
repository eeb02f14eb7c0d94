"""Goes through every screen of both portals, read-only, and looks at every declared locator on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalFailed, RpaError, SignInNeeded
from rpa.domain.examination import Finding, Found, Level, judge_clock, judged
from rpa.engine.guard_rules import without_secrets
from rpa.flows.adp_portal import AdpPortal
from rpa.flows.calibration import Calibration
from rpa.flows.looking import Looker, Lost
from rpa.flows.portal_door import ADP, BLACKDASH, Access
from rpa.pages import adp, blackdash
from rpa.pages.adp.employee_bar import EmployeeBar
from rpa.pages.adp.record_card import RecordCard
from rpa.pages.adp.status_filter import StatusFilter
from rpa.pages.blackdash.class_row import ClassRow
from rpa.pages.panel import QUIET
from rpa.pages.waiting import whichever

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from rpa.engine.sessions import Sessions
    from rpa.pages.screen import Screen
    from rpa.pages.site import Site

ANY_LETTER = "a"
CLOCK = "clock"
REFUSED = 400
CODE_NAMES = tuple(
    f"adp.sign_in_page.{name}" for name in ("verify_heading", "send_code_button", "passcode", "submit_button")
)
FIELDS = ("esp_start_date", "esp_end_date", "training_graduation_date", "uptraining_class")
NO_AGENT = "no employee id to look for is known: name one with --agent ID"


@dataclass
class Examination:
    """One examination; `patience` (seconds) is how long each element is waited for."""

    sessions: Sessions
    on_adp: Access
    on_blackdash: Access
    now: Callable[[], datetime]
    patience: float = 5.0
    agent: str = ""
    calibration: Calibration | None = None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._looker = Looker(self.patience * 1000, self.calibration)

    def examine(self) -> list[Finding]:
        """Findings of both portals; whatever goes wrong is one of them."""
        self.sessions.guard.prove(self.sessions.page(BLACKDASH))
        self._tell("guard", Level.OK, "a trial write did not leave the browser")
        # BlackDash first: a roster tells an employee id that ADP can be asked for.
        for portal, prefix, walk in (
            (BLACKDASH, "blackdash.", self._walk_blackdash),
            (ADP, "adp.", self._walk_adp),
        ):
            self._looker.rest(prefix, self._walked(portal, walk) or "no way leads there")
        if not any(one.subject == CLOCK for one in self.findings):
            self._tell(CLOCK, Level.WARNING, "was not compared: no portal said what time it is")
        return [*self.findings, *map(judged, self._looker.sightings.values())]

    def _walked(self, portal: str, walk: Callable[[Page], None]) -> str:
        """Walk through one portal; why the walk ended before its end."""
        try:
            walk(self.sessions.use(portal))
        except Lost as lost:
            return f"the way leads through {lost.name}"
        except (RpaError, BrowserError) as error:
            named = error if isinstance(error, RpaError) else self.sessions.explain(error)
            self._tell(f"{portal}", Level.BLOCKING, named.what, named.next_step)
            return "the way ended before"
        return ""

    def _tell(self, subject: str, level: Level, what: str, next_step: str = "") -> None:
        self.findings.append(Finding(subject=subject, level=level, what=what, next_step=next_step))

    def _reached(self, portal: str, site: Site, response: Response | None) -> None:
        """Judge the portal's first answer; Lost where it is none that anything can be looked for on."""
        self._compare_clocks(response)
        status, page = response.status if response else 0, self.sessions.page(portal)
        sorry = portal == ADP and adp.is_sorry(page.url, site)
        if status >= REFUSED or sorry:
            what = "says sorry: it is under maintenance or too busy" if sorry else f"answers {status}"
            self._tell(
                f"{portal} reachable", Level.BLOCKING, what, "Wait until it is there, then look again."
            )
            raise Lost(f"{portal}, which cannot be used now")
        self._tell(f"{portal} reachable", Level.OK, f"answers {status}" if status else "answers")

    def _compare_clocks(self, response: Response | None) -> None:
        """Once, with the first portal that says what time it is."""
        said = response.headers.get("date", "") if response else ""
        if said and not any(one.subject == CLOCK for one in self.findings):
            self.findings.append(judge_clock((self.now() - parsedate_to_datetime(said)).total_seconds()))

    def _code(self, page: Screen) -> None:
        """What is asked for of the page with the one-time code, which is sent only for its field's sake."""
        if self.calibration is None or not isinstance(page, adp.SignInPage):
            return
        if not page.asks_for_code() and not set(CODE_NAMES) & set(self.calibration.wanted):
            return  # a whole screen was asked for, and this is not that page
        sent = False
        for name in (name.rpartition(".")[2] for name in CODE_NAMES if self._is_asked(name)):
            if name in {"passcode", "submit_button"} and not sent:
                self._looker.need(page, "send_code_button").click()
                sent = True
            self._looker.see(page, name)

    def _signed_in(self, portal: str, site: Site, page: Page, names: Sequence[str]) -> None:
        """Say why no sign-in page showed; Lost where the portal's own pages do not show either."""
        is_inside = adp.is_inside if portal == ADP else blackdash.is_inside
        subject = f"sign-in to {portal}"
        if not is_inside(page.url, site):
            self._tell(
                subject,
                Level.BLOCKING,
                f"it shows {without_secrets(page.url)}, which is neither its sign-in page nor one of its own",
                "Set sign_in_url, or paths.sign_in, in portals.toml.",
            )
            raise Lost(subject)
        kept = self.sessions.has_kept(portal)
        why = "a kept session is open" if kept else "the portal has opened without a sign-in"
        self._tell(subject, Level.OK, why)
        for name in names:
            self._looker.note(f"{portal.lower()}.sign_in_page.{name}", Found.NOT_NOW, why)

    # ADP

    def _walk_adp(self, page: Page) -> None:
        site = self.on_adp.site
        adp.watch_for_interruptions(page, site)
        self._reached(ADP, site, page.goto(site.address("home"), wait_until="domcontentloaded"))
        if adp.is_sign_in(page.url, site):
            self._sign_in(
                ADP, adp.SignInPage(page, site), ("user_id", "next_button"), ("password", "sign_in_button")
            )
        else:
            self._signed_in(ADP, site, page, ("user_id", "next_button", "password", "sign_in_button"))
        self._looker.see(adp.HomePage(page, site), "welcome")
        menu = adp.Menu(page, site)
        self._looker.need(menu, "people_button").click()
        self._looker.need(menu, "employees_link").click()
        people = self._people(page)
        if not self.agent:
            raise PortalFailed(f"ADP's records were not looked at: {NO_AGENT}.")
        self._search(people, self.agent)
        self._record(adp.EmployeePage(page, site))

    def _people(self, page: Page) -> adp.PeoplePage:
        """The list or the bar, with the filter that shows who is active."""
        site = self.on_adp.site
        if site.people == "bar":
            bar = EmployeeBar(page, site)
            button = self._looker.need(bar, "list_button")
            if not bar.search.is_visible():
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
        if self.calibration:
            self.calibration.personal.update(value.strip() for value in values)

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
        panel.ask(_question(panel.choice()))
        self._looker.need(panel, "listbox").wait_for_function(QUIET, timeout=panel.site.timeouts.arrive_ms)
        entries = self._looker.need(panel, "options").all_inner_texts()
        self._looker.see(panel, "option", entry=_only_one(entries))
        panel.leave_look_up()
        tomorrow = panel.site.date_format.format((self.now() + timedelta(days=1)).date())
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
                if whichever(ends, self.patience * 1000) == "unsaved":
                    panel.discard_button.click()
        self._looker.see(panel, "closed")

    def _is_asked(self, *names: str) -> bool:
        """Whether a person wants to show one of these anew."""
        return self.calibration is not None and any(map(self.calibration.asks_for, names))

    def _same_person(self, screen: adp.EmployeePage | adp.SlideInPanel, shown: str) -> None:
        """The id that a screen shows must be the one that was searched for."""
        if shown != self.agent:
            name = f"{screen.screen}.shown_id"
            self._looker.note(name, Found.WRONG, f"it shows {shown!r}, and {self.agent} was opened")
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

    # BlackDash

    def _walk_blackdash(self, page: Page) -> None:
        site = self.on_blackdash.site
        blackdash.watch_for_interruptions(page, site)
        self._reached(BLACKDASH, site, page.goto(site.address("home"), wait_until="domcontentloaded"))
        names = ("username", "password", "log_in_button")
        if blackdash.is_sign_in(page.url, site):
            self._sign_in(BLACKDASH, blackdash.SignInPage(page, site), names, ())
        else:
            self._signed_in(BLACKDASH, site, page, names)
        dashboard = blackdash.DashboardPage(page, site)
        self._looker.see(dashboard, "heading")
        self._looker.need(dashboard, "menu")
        try:
            self._looker.need(dashboard, "training_button").click()
        except Lost:
            self._tell(
                "rights in BlackDash",
                Level.BLOCKING,
                "there is no Training Environment in the menu: no access, or another name for it",
                "Ask NOC for access, or see blackdash.dashboard_page.training_button.",
            )
            raise
        self._tell("rights in BlackDash", Level.OK, "Training Environment is in the menu")
        self._looker.need(dashboard, "classes_link").click()
        self._classes(blackdash.ClassesPage(page, site))

    def _classes(self, page: blackdash.ClassesPage) -> None:
        self._looker.see(page, "heading")
        self._looker.need(page, "table")
        self._looker.see(page, "headings", "rows", "cells")
        classes = page.arrived().classes()
        at = next((at for at, one in enumerate(classes) if one.agents), None)
        if at is None:
            raise PortalFailed("BlackDash lists no class with agents, so no roster was looked at.")
        row = ClassRow(page.rows.nth(at), page.site)
        self._looker.need(row, "show_agents").click()
        dialog = blackdash.RosterDialog(
            self._looker.need(page, "roster", class_name=classes[at].name), page.site
        )
        self._looker.need(dialog, "headcount")
        self._looker.see(dialog, "headings", "rows", "cells")
        listed = dialog.read()
        # A class may say that it has agents, and show nobody: then whoever starts this names one.
        self.agent = self.agent or next(iter(listed), "")
        self._looker.need(dialog, "close_button").click()

    # Both

    def _sign_in(self, portal: str, page: Screen, first: tuple[str, ...], then: tuple[str, ...]) -> None:
        assert isinstance(page, adp.SignInPage | blackdash.SignInPage)
        for name in first:
            self._looker.need(page, name)
        access = self.on_adp if portal == ADP else self.on_blackdash
        leads_to = adp.is_sign_in if portal == ADP else blackdash.is_sign_in
        try:
            if isinstance(page, adp.SignInPage) and not self._is_asked(*CODE_NAMES):
                AdpPortal(self.sessions, access).sign_in(page)
            else:
                with access.typing() as sending:
                    page.sign_in(access.username, access.password, sending)
        except SignInNeeded as refused:
            # Where something was typed the portal has answered, so everything up to its answer was found.
            if access.password and leads_to(page.page.url, access.site):
                self._looker.worked(page, *then)
            self._code(page)
            self._tell(f"sign-in to {portal}", Level.BLOCKING, refused.what, refused.next_step)
            raise Lost(f"the sign-in to {portal}") from refused
        except BrowserError:
            if not leads_to(page.page.url, access.site):
                self._looker.worked(page, *then)
                return  # inside, and the home page does not look as declared: the next look tells
            self._looker.see(page, *then)
            self._code(page)
            missing = [
                name
                for name in then
                if self._looker.sightings[f"{page.screen}.{name}"].found is not Found.ONE
            ]
            if missing:
                raise Lost(f"{page.screen}.{missing[0]}") from None
            raise
        self._looker.worked(page, *then)
        self._tell(f"sign-in to {portal}", Level.OK, f"as {access.username}")


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
