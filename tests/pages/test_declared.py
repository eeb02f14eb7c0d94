from __future__ import annotations

import importlib
import pkgutil

import pytest

import rpa.pages
from rpa.domain.errors import UsageError
from rpa.pages.adp.record_card import RecordCard
from rpa.pages.adp.slide_in_panel import SlideInPanel
from rpa.pages.declared import SCREENS, check_locators, declared_elements
from rpa.pages.panel import Panel
from rpa.pages.screen import Screen
from tests.pages.conftest import RENAMED


def _subclasses(of: type[Screen]) -> set[type[Screen]]:
    return {of}.union(*(_subclasses(one) for one in of.__subclasses__()))


def test_every_screen_is_listed() -> None:
    """A screen that nobody lists could neither be examined nor mended by a site."""
    for module in pkgutil.walk_packages(rpa.pages.__path__, "rpa.pages."):
        importlib.import_module(module.name)
    made_here = {one for one in _subclasses(Screen) if one.__module__.startswith("rpa.pages")}
    assert set(SCREENS) == made_here - {Screen, Panel, RecordCard, SlideInPanel}


def test_dotted_names_are_told_apart() -> None:
    """Each element has one name, which begins with its portal's."""
    names = list(declared_elements())
    assert len(names) == len(set(names)) == sum(len(_declared(one)) for one in SCREENS)
    assert {name.split(".")[0] for name in names} == {"adp", "blackdash"}
    assert "adp.custom_fields_panel.done" in names


def _declared(screen: type[Screen]) -> list[str]:
    return [name for name in declared_elements() if name.startswith(f"{screen.screen}.")]


def test_a_sites_locators_are_checked_as_a_whole() -> None:
    """What a portals.toml says is accepted or refused before any browser starts."""
    check_locators(RENAMED)
    with pytest.raises(UsageError, match=r"doen is not known\. Did you mean adp\.custom_fields_panel\.done"):
        check_locators({"adp.custom_fields_panel.doen": 'get_by_text("x")'})
    with pytest.raises(UsageError, match=r"locators\.adp\.custom_fields_panel\.done, column 1"):
        check_locators({"adp.custom_fields_panel.done": 'evaluate("x")'})
