"""ADP > record > Position > Edit, the panel with the effective date and the look-up of Home Department."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from playwright.sync_api import Locator

from rpa.domain.departments import Department
from rpa.domain.errors import PortalFailed, RuleRefused
from rpa.pages.adp.slide_in_panel import SlideInPanel, closed_panel
from rpa.pages.elements import element
from rpa.pages.panel import QUIET
from rpa.pages.waiting import comes_true, shows

# One look for all: the list is drawn anew while options load, and a second look may see another list.
ENTRIES = """options => options.map(option =>
    [option.innerText.trim(), option.getAttribute('aria-disabled') !== 'true'])"""
CHOICE = "shown => (shown.value ?? shown.innerText).trim()"


class HomeDepartmentPanel(SlideInPanel):
    """The form of the Home Department; nothing is stored before Done."""

    screen = "adp.home_department_panel"
    effective_date = element(lambda root, label: root.get_by_label(label, exact=True), field="effective_date")
    look_up = element(
        lambda root, label: root.get_by_role("combobox", name=label, exact=True), field="home_department"
    )
    clear_button = element(
        lambda root, label: root.get_by_role("button", name=f"Clear {label}", exact=True),
        field="home_department",
    )
    # The chosen entry stands beside the box in which one types, under no role and no label.
    chosen = element(lambda root: root.get_by_test_id("home-department-value"), varies=True)
    listbox = element(
        lambda root, label: root.get_by_role("listbox", name=label, exact=True), field="home_department"
    )
    options = element(lambda root: root.get_by_role("option"), many=True)
    option = element(lambda root, entry: root.get_by_role("option", name=entry, exact=True))
    closed = closed_panel("Position")

    def first_field(self) -> Locator:
        """Effective Date."""
        return self.effective_date

    def extent(self) -> Sequence[Locator]:
        """What a picture shows: from whose panel it is to the look-up; the panel may span the page."""
        return (self.shown_id, self.look_up)

    def offered(self, site: str) -> tuple[Department, ...]:
        """The entries that the look-up offers for a site; the form is left as it was."""
        self.search(site)
        entries = self._entries()
        self.leave_look_up()
        return entries

    def fill(self, entry: str, effective: date, search: str = "") -> None:
        """Type the day, press X, type the site (or the whole entry), and choose exactly this entry.

        RuleRefused where the look-up does not offer it, PortalFailed where the portal does not keep it.
        """
        written = self.site.date_format.format(effective)
        self._type(self.effective_date, written)
        if shows(self.clear_button):
            self.clear_button.click()
            self.wait_until_quiet()
        self.search(search or entry)
        self._choose(entry)
        self._check_kept("effective_date", self.effective_date, written)
        if (kept := self.choice()) != entry:
            raise PortalFailed(f"ADP did not keep {entry!r} as Home Department: the field shows {kept!r}.")
        self._filled |= {"home_department": entry, "home_department_effective": effective.isoformat()}

    def choice(self) -> str:
        """The entry that is chosen now; some portals show it as text, some in the very box."""
        return str(self.chosen.evaluate(CHOICE))

    def search(self, text: str) -> None:
        """Type, and return once the list answers the whole text."""
        self.ask(text)
        self.listbox.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.await_answer(text)

    def await_answer(self, text: str) -> None:
        """Return once the open list answers this text: it is not busy, and every entry has the text in it.

        Some portals show the list of an earlier key until the next one comes, and say nothing of it. One
        that finds entries by something else than their text is believed after the time of a silent panel.
        """
        self.listbox.wait_for_function(QUIET, timeout=self.site.timeouts.arrive_ms)
        sought = text.strip().casefold()
        comes_true(
            self.page,
            lambda: all(sought in label.casefold() for label in self.options.all_inner_texts()),
            self.site.timeouts.settle_ms,
        )

    def ask(self, text: str) -> None:
        """Type key by key, as the box asks for; a list opens below it."""
        self.look_up.click()
        # Where the chosen entry stands in the box, what is typed must take its place.
        self.look_up.select_text()
        # A space at the end would find nothing.
        self.look_up.press_sequentially(text.strip())

    def leave_look_up(self) -> None:
        """Give up what was typed but not chosen; the open list would cover Cancel."""
        self.look_up.press("Tab")
        self.listbox.wait_for(state="hidden")

    def _entries(self) -> tuple[Department, ...]:
        found: list[tuple[str, bool]] = self.options.evaluate_all(ENTRIES)
        return tuple(Department(label=label, is_active=is_active) for label, is_active in found)

    def _choose(self, entry: str) -> None:
        entries = [one for one in self._entries() if one.label == entry]
        if [one.is_active for one in entries] != [True]:
            why = "no such active entry" if len(entries) < 2 else f"{len(entries)} entries of this name"  # noqa: PLR2004
            self.leave_look_up()
            raise RuleRefused(f"ADP's look-up of Home Department has {why}: {entry}")
        self.option(entry=entry).click()
        self.wait_until_quiet()
