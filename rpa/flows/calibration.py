"""Has a person show what a declared locator should find: one click in the browser, made into a locator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import UsageError
from rpa.pages.elements import Declared, page_of
from rpa.pages.locator_chain import PLACEHOLDER
from rpa.pages.locator_text import parse_locator

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from rpa.pages.screen import Screen

ATTRIBUTES = """part => ({
    label: part.getAttribute("aria-label") ?? "",
    test: part.getAttribute("data-testid") ?? "",
    title: part.getAttribute("title") ?? "",
    level: part.getAttribute("aria-level") ?? part.tagName.match(/^H([1-6])$/)?.[1] ?? "",
})"""
AMONG = "(parts, one) => parts.includes(one)"
OWN_TEXT = "part => (part.value ?? part.innerText ?? '').trim()"
READ_ALOUD = re.compile(r'- (?P<role>[a-z]+) (?P<name>"(?:[^"\\]|\\.)*")')
NUMBERED = re.compile(r'(?:#|id=\\?")[^" )]*[0-9]')
NAMED = re.compile(r'(name="(?:[^"\\]|\\.)*")\)$')
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ROLE = re.compile(r'get_by_role\("[a-z]+"')
# A value stands in the row of its label, or right after it.
BESIDE_LABEL = tuple(
    form.format(label)
    for label in ('"{label}"', '"{label}:"')
    for form in (
        'get_by_text({}, exact=True).locator("+ *")',
        'get_by_role("row").filter(has=get_by_role("rowheader", name={}, exact=True)).get_by_role("cell")',
        'get_by_role("row").filter(has=get_by_role("cell", name={}, exact=True)).get_by_role("cell").last',
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What a person showed: the locator for portals.toml, what it finds now, and on which page."""

    name: str
    text: str
    finds: str
    page: str


@dataclass(kw_only=True)
class Calibration:
    """Mends declared locators by a person's clicks.

    `tell` says what to click, `accept` whether the result may be kept, `keep` puts it away. `wanted` are the
    beginnings of the names that are asked for although they may be found; `fitted` are the site's locators,
    which grow with each repair, so that the walk goes on over it. `personal` are values of the person that
    is looked at: a locator that holds one would find nothing tomorrow.
    """

    tell: Callable[[str], None]
    accept: Callable[[Picked], bool]
    keep: Callable[[Picked], None]
    fitted: MutableMapping[str, str]
    wanted: tuple[str, ...] = ()
    personal: set[str] = field(default_factory=set)
    mended: list[str] = field(default_factory=list)

    def asks_for(self, name: str) -> bool:
        """Whether this one is asked for, found or not."""
        return name in self.wanted or any(name.startswith(f"{wanted}.") for wanted in self.wanted)

    def mend(self, screen: Screen, declared: Declared, given: dict[str, str]) -> bool:
        """Have a person click the element; False where nothing was shown that will find it again."""
        self.tell(_in_words(screen, declared))
        page = page_of(screen.root)
        clicked = page.pick_locator()
        text = next(self.locators_for(screen, declared, clicked, given), "")
        if not text:
            self.tell(
                "No locator finds exactly that element again; write one by hand (docs/portals-toml.md)."
            )
            return False
        locator = _found(screen, declared, text, given)
        finds = (locator.first.aria_snapshot() or locator.first.inner_text()).strip().partition("\n")[0]
        if declared.many:
            finds = f"{locator.count()} of them, the first: {finds}"
        # What follows # can name the person whose record is open.
        where = page.url.partition("?")[0].partition("#")[0]
        picked = Picked(name=declared.name, text=text, finds=finds, page=where)
        if not self.accept(picked):
            return False
        self.fitted[declared.name] = text
        self.keep(picked)
        self.mended.append(declared.name)
        return True

    def locators_for(
        self, screen: Screen, declared: Declared, clicked: Locator, given: dict[str, str]
    ) -> Iterator[str]:
        """Locators that find exactly the clicked element, the best first: in its region before the page."""
        spelled = [
            self._general(text, given) for text in _spellings(clicked, declared, by_name=_has_name(declared))
        ]
        inside = [*spelled, *(f"{text}.visible" for text in spelled)]
        own = clicked.evaluate(OWN_TEXT) if declared.varies else ""
        for text in [*inside, *(f"page.{text}" for text in inside)]:
            holes = set(PLACEHOLDER.findall(text)) - ({"label"} if declared.field else set())
            if (
                not self._says_today(text)
                and not _says(text, own)
                and holes == set(given)
                and _finds(screen, declared, text, given, clicked)
            ):
                yield text

    def _general(self, text: str, given: dict[str, str]) -> str:
        """The text with a placeholder in the place of each value that is looked for just now."""
        for key, value in given.items():
            text = text.replace(value, f"{{{key}}}")
        return text

    def _says_today(self, text: str) -> bool:
        """Whether it holds a value of the person looked at, or an id that is numbered anew with each load."""
        return bool(NUMBERED.search(text)) or any(value in text for value in self.personal if value)


def _in_words(screen: Screen, declared: Declared) -> str:
    """What to click, in the words of the screen."""
    about = (type(screen).__doc__ or "").splitlines()[0].split(";")[0].rstrip(".")
    what = declared.name.rpartition(".")[2].replace("_", " ")
    label = f" (the field {screen.site.labels[declared.field]!r})" if declared.field else ""
    return f"Click in the browser: {what}{label}. It belongs to: {about}. [{declared.name}]"


def _has_name(declared: Declared) -> bool:
    """Whether a name tells the element: that of one out of many is only its own."""
    return not declared.many or bool(declared.parameters)


def _says(text: str, own: str) -> bool:
    """Whether the locator spells what the element shows today, or a part of it."""
    shown = " ".join(own.split())
    if not shown:
        return False
    said = (json.loads(f'"{quoted}"') for quoted in QUOTED.findall(ROLE.sub("", text)))
    return any(shown in one or one in shown for one in (" ".join(one.split()) for one in said) if one)


def _spellings(clicked: Locator, declared: Declared, *, by_name: bool) -> Iterator[str]:
    """Ways to say what was clicked, from what a person reads to what only the page knows."""
    normal = str(clicked.normalize())
    said = clicked.evaluate(ATTRIBUTES)
    if by_name:
        yield from _names(clicked, normal, said)
    if said["test"]:
        yield f"get_by_test_id({json.dumps(said['test'])})"
    if declared.field and declared.varies:
        yield from BESIDE_LABEL
    if by_name or "name=" not in normal:
        yield normal
    # By its role alone: right for what shows another value each time, where there is one of its kind.
    alone = re.sub(r', name="(?:[^"\\]|\\.)*"(?:, exact=True)?', "", normal)
    if alone == 'get_by_role("row")':
        yield f'{alone}.filter(has=get_by_role("cell"))'  # not the one with the headings
    if said["level"] and "level=" not in alone:
        yield alone.replace('get_by_role("heading"', f'get_by_role("heading", level={said["level"]}')
    yield alone


def _names(clicked: Locator, normal: str, said: Mapping[str, str]) -> Iterator[str]:
    if read := READ_ALOUD.match(clicked.aria_snapshot()):
        yield f"get_by_role({json.dumps(read['role'])}, name={read['name']}, exact=True)"
    if (exactly := NAMED.sub(r"\1, exact=True)", normal)) != normal:
        yield exactly
    for method, key in (("get_by_label", "label"), ("get_by_title", "title")):
        if said[key]:
            yield f"{method}({json.dumps(said[key], ensure_ascii=False)}, exact=True)"


def _found(screen: Screen, declared: Declared, text: str, given: Mapping[str, str]) -> Locator:
    """What a text finds on the screen just now."""
    label = {"label": screen.site.labels[declared.field]} if declared.field else {}
    return parse_locator(text, declared.name, tuple(given), tuple(label)).locate(
        screen.root, {**given, **label}
    )


def _finds(screen: Screen, declared: Declared, text: str, given: dict[str, str], clicked: Locator) -> bool:
    """Whether the locator finds the clicked element, and nothing else unless it is one of many."""
    try:
        found = _found(screen, declared, text, given)
        if found.count() != 1 and not declared.many:
            return False
        return bool(found.evaluate_all(AMONG, clicked.element_handle()))
    except (UsageError, BrowserError):
        return False
