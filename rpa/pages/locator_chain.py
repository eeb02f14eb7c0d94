"""What a locator of portals.toml may be made of, and how it is looked up on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, get_args

from playwright.sync_api import Locator, Page

Root = Page | Locator
ROLES = frozenset(get_args(signature(Page.get_by_role).parameters["role"].annotation))
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the whitelist: what it may follow, what it takes, and what it gives."""

    on: frozenset[str]
    gives: str
    positional: tuple[frozenset[str], ...] = ()
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def told(self, name: str) -> str:
        """The method's form for a person."""
        plain = [" or ".join(sorted(takes)) for takes in self.positional]
        named = [f"{key}={' or '.join(sorted(takes))}" for key, takes in self.named.items()]
        return f"{name}() takes ({', '.join([*plain, *named])})."


_TOP = frozenset({"root", "frame", "locator"})
_ELEMENT = frozenset({"locator"})
_TEXT = frozenset({"str", "pattern"})
_STR = frozenset({"str"})
_CSS = frozenset({"css"})
_BOOL = frozenset({"bool"})
_INT = frozenset({"int"})
_INNER = frozenset({"locator"})
_FILTERS = {"has_text": _TEXT, "has_not_text": _TEXT, "has": _INNER, "has_not": _INNER}
_STATES = ("checked", "disabled", "expanded", "include_hidden", "pressed", "selected", "exact")

METHODS: Mapping[str, Method] = {
    "get_by_role": Method(
        _TOP,
        "locator",
        (frozenset({"role"}),),
        {"name": _TEXT, "description": _TEXT, "level": _INT, **dict.fromkeys(_STATES, _BOOL)},
    ),
    **{
        name: Method(_TOP, "locator", (_TEXT,), {"exact": _BOOL})
        for name in ("get_by_label", "get_by_placeholder", "get_by_text", "get_by_title", "get_by_alt_text")
    },
    "get_by_test_id": Method(_TOP, "locator", (_TEXT,)),
    "locator": Method(_TOP, "locator", (_CSS,), _FILTERS),
    "frame_locator": Method(_TOP, "frame", (_CSS,)),
    "filter": Method(_ELEMENT, "locator", (), {**_FILTERS, "visible": _BOOL}),
    "nth": Method(_ELEMENT, "locator", (_INT,)),
    "and_": Method(_ELEMENT, "locator", (_INNER,)),
    "or_": Method(_ELEMENT, "locator", (_INNER,)),
}
PROPERTIES: Mapping[str, Method] = {
    "first": Method(_ELEMENT, "locator"),
    "last": Method(_ELEMENT, "locator"),
    "visible": Method(_ELEMENT, "locator"),
    "content_frame": Method(_ELEMENT, "frame"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A string with placeholders."""

    text: str

    def filled(self, given: Mapping[str, str]) -> str:
        """The string with the values in it, taken literally."""
        return PLACEHOLDER.sub(lambda hole: given[hole.group(1)], self.text)


@dataclass(frozen=True, slots=True)
class Css:
    """A CSS selector, perhaps with placeholders."""

    text: str

    def filled(self, given: Mapping[str, str]) -> str:
        """The selector with the values in it, every letter of which CSS takes for itself."""
        return PLACEHOLDER.sub(lambda hole: _css_escaped(given[hole.group(1)]), self.text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, perhaps with placeholders."""

    source: str
    ignore_case: bool

    def filled(self, given: Mapping[str, str]) -> re.Pattern[str]:
        """The expression with the values in it, every letter of which stands for itself."""
        source = PLACEHOLDER.sub(lambda hole: re.escape(given[hole.group(1)]), self.source)
        return re.compile(source, re.IGNORECASE if self.ignore_case else 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One method or property of a chain, with its arguments."""

    method: str
    gives: str
    args: tuple[Value, ...] = ()
    named: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A whole locator: its steps, from the screen's root or (`absolute`) from the top of the page."""

    steps: tuple[Step, ...]
    absolute: bool

    @property
    def crosses_frames(self) -> bool:
        """True when the chain goes into an iframe."""
        return any(step.gives == "frame" for step in self.steps)

    def locate(self, root: Root, given: Mapping[str, str]) -> Locator:
        """The locator under this root, the placeholders filled with `given`."""
        page = root if isinstance(root, Page) else root.page
        here: Any = page if self.absolute else root
        for step in self.steps:
            here = _taken(here, step, page, given)
        assert isinstance(here, Locator)
        return here


Value = str | bool | int | Text | Css | Pattern | Chain


def _taken(here: Any, step: Step, page: Page, given: Mapping[str, str]) -> Any:  # noqa: ANN401 - Page, FrameLocator or Locator
    if step.method in PROPERTIES:
        return getattr(here, step.method)
    args = [_argument(value, page, given) for value in step.args]
    named = {name: _argument(value, page, given) for name, value in step.named}
    return getattr(here, step.method)(*args, **named)


def _argument(value: Value, page: Page, given: Mapping[str, str]) -> object:
    if isinstance(value, Chain):
        # Playwright reads an inner locator relative to the outer one, so it always starts at the page.
        return value.locate(page, given)
    if isinstance(value, Text | Css | Pattern):
        return value.filled(given)
    return value


def _css_escaped(value: str) -> str:
    return "".join(f"\\{ord(letter):x} " for letter in value)
