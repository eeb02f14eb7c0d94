"""Looks at declared locators on an open screen, and for what may have taken the place of a missing one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.adapters.portals_file import as_toml
from rpa.domain.errors import UsageError
from rpa.domain.examination import Found, Sighting
from rpa.flows.calibration import Calibration
from rpa.pages.declared import declared_elements
from rpa.pages.elements import Declared
from rpa.pages.locator_chain import Root
from rpa.pages.locator_text import parse_locator
from rpa.pages.screen import Screen

MOST_LOOKED_AT = 40
MOST_LINES = 6
LONGEST_SNAPSHOT = 4000
# Playwright's own inner spelling of a locator: good enough to guess by, and only guesses depend on it.
_ROLE = re.compile(r'internal:role=([a-z]+)(?:\[name=(?:\\?"((?:[^"\\]|\\.)*?)\\?"|/(.*?)/))?')
_LABEL = re.compile(r'internal:(?:label|text|attr)=\\?"((?:[^"\\]|\\.)*?)\\?"')
LABELS_OF = """part => {
    const name = part.getAttribute("aria-label") ?? part.textContent;
    return part.checkVisibility() ? name.trim() : "";
}"""


class Lost(Exception):
    """The way goes no further: this element is not there to be used."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Looker:
    """Collects what is seen of each declared locator; a missing one is looked for around its place."""

    patience_ms: float
    calibration: Calibration | None = None
    sightings: dict[str, Sighting] = field(default_factory=dict)

    def see(self, screen: Screen, *names: str, **given: str) -> None:
        """Look at these elements of the screen."""
        for name in names:
            declared = _declared(screen, name)
            values = {key: given[key] for key in declared.parameters}
            seen = self._look(screen, declared, values)
            if self._calibrated(screen, declared, values, seen):
                seen = self._look(screen, declared, values)
            self.sightings[declared.name] = seen

    def need(self, screen: Screen, name: str, **given: str) -> Locator:
        """The same for one that the way leads through; Lost where it cannot be used."""
        self.see(screen, name, **given)
        declared = _declared(screen, name)
        if self.sightings[declared.name].found is not Found.ONE:
            raise Lost(declared.name)
        return declared.locate(screen.root, screen.site, **given)

    def worked(self, screen: Screen, *names: str) -> None:
        """Note elements that were used, and did what they should."""
        for name in names:
            declared = _declared(screen, name)
            self.sightings[declared.name] = Sighting(name=declared.name, found=Found.ONE)

    def note(self, name: str, found: Found, why: str) -> None:
        """Note what was learned of an element in another way."""
        self.sightings[name] = Sighting(name=name, found=found, why=why)

    def rest(self, portal: str, why: str) -> None:
        """Say of everything else of a portal why it was not looked at."""
        for name, declared in declared_elements().items():
            if name.startswith(portal) and name not in self.sightings:
                kept_out = f"shows only when {declared.when}" if declared.when else why
                self.note(name, Found.NOT_NOW if declared.when else Found.NOT_REACHED, kept_out)

    def _calibrated(self, screen: Screen, declared: Declared, given: dict[str, str], seen: Sighting) -> bool:
        """Whether a person has just shown another place for the element."""
        if self.calibration is None:
            return False
        asked = self.calibration.asks_for(declared.name)
        missed = not self.calibration.wanted and seen.found is not Found.ONE
        return (asked or missed) and self.calibration.mend(screen, declared, given)

    def _look(self, screen: Screen, declared: Declared, given: dict[str, str]) -> Sighting:
        locator = declared.locate(screen.root, screen.site, **given)
        try:
            locator.visible.first.wait_for(timeout=self.patience_ms)
            # What is hidden counts, too: an action on several is refused, whichever of them shows.
            count = locator.count()
        except BrowserTimeout:
            count = 0
        except BrowserError as error:
            return Sighting(name=declared.name, found=Found.NONE, why=error.message.splitlines()[0])
        if count == 1 or (count and declared.many):
            return Sighting(name=declared.name, found=Found.ONE, why="" if count == 1 else f"{count} of them")
        if count:
            lines = tuple(
                _line(declared.name, str(locator.nth(at).normalize())) for at in range(min(count, 3))
            )
            return Sighting(name=declared.name, found=Found.SEVERAL, why=f"{count} of them", lines=lines)
        hidden = locator.count()
        return Sighting(
            name=declared.name,
            found=Found.HIDDEN if hidden else Found.NONE,
            why=f"{hidden} in the page, none of them to be seen" if hidden else "",
            lines=tuple(self._instead(screen, declared, str(locator), given)),
            snapshot=_snapshot(screen),
        )

    def _instead(
        self, screen: Screen, declared: Declared, wanted: str, given: dict[str, str]
    ) -> Iterator[str]:
        """Ready lines for what may have been meant: first inside the region, then anywhere on the page."""
        if given:
            return  # what is looked for there changes, and a line with today's value would be wrong tomorrow
        label = screen.site.labels[declared.field] if declared.field else ""
        found = list(_nearest(screen.root, wanted, label))
        if not found and screen.root is not screen.page:
            found = [f"page.{text}" for text in _nearest(screen.page, wanted, label)]
        for text in found[:MOST_LINES]:
            yield _line(declared.name, text)


def _declared(screen: Screen, name: str) -> Declared:
    found = next(vars(owner)[name] for owner in type(screen).__mro__ if name in vars(owner))
    assert isinstance(found, Declared)
    return found


def _line(name: str, text: str) -> str:
    return f'"{name}" = {as_toml(text)}'


def _snapshot(screen: Screen) -> str:
    """What the region shows to a screen reader, people's values included: for the desk, not for others."""
    region = screen.page.locator("body") if screen.root is screen.page else screen.root
    try:
        return str(region.aria_snapshot(timeout=2000))[:LONGEST_SNAPSHOT]
    except BrowserError:
        return ""


def _nearest(root: Root, wanted: str, label: str) -> Iterator[str]:
    """Locators under the root, the most alike first, each of which finds exactly one thing there."""
    role, name = _wished(wanted)
    texts = _of_role(root, role) if role and not label else _labelled(root)
    alike = sorted(set(texts), key=lambda text: _likeness(label or name, text), reverse=True)
    for text in alike[:MOST_LOOKED_AT]:
        try:
            count = parse_locator(text, "candidate").locate(root, {}).visible.count()
        except (BrowserError, UsageError):
            continue
        if count == 1:
            yield text


def _wished(wanted: str) -> tuple[str, str]:
    """The role and the words that the last step of a locator asks for."""
    roles = _ROLE.findall(wanted)
    labels = _LABEL.findall(wanted)
    if roles:
        role, name, pattern = roles[-1]
        return role, name or pattern
    return "", labels[-1] if labels else ""


def _of_role(root: Root, role: str) -> list[str]:
    found = root.locator(f"internal:role={role}").visible
    return [str(found.nth(at).normalize()) for at in range(min(found.count(), MOST_LOOKED_AT))]


def _labelled(root: Root) -> list[str]:
    names = root.locator("[aria-label], label").evaluate_all(f"parts => parts.map({LABELS_OF})")
    return [f"get_by_label({json.dumps(name, ensure_ascii=False)}, exact=True)" for name in names if name]


def _likeness(name: str, text: str) -> float:
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    said = (quoted[-1] if quoted else text).casefold()
    return SequenceMatcher(None, name.casefold(), said).ratio()
