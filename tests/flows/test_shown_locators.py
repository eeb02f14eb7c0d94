"""What a click becomes: never what only today's agent shows, never one by name where many are meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from rpa.flows.calibration import Calibration
from rpa.pages import adp, blackdash
from rpa.pages.adp.custom_fields_card import CustomFieldsCard
from rpa.pages.elements import Declared
from rpa.pages.screen import Screen
from rpa.pages.site import ADP_PATHS, LABELS, Site

SITE = Site(url="https://adp.example.invalid", paths=ADP_PATHS, labels=LABELS)
TABLE = """<table>
<tr><td>ESP Start Date</td><td>11/16/2026</td></tr>
<tr><td>ESP End Date</td><td id=click>11/27/2026</td></tr>
</table>"""
HEADED = """<table>
<tr><th scope=row>ESP Start Date</th><td>11/16/2026</td></tr>
<tr><th scope=row>ESP End Date</th><td id=click>11/27/2026</td></tr>
</table>"""
LIST = """<dl><dt>ESP Start Date:</dt><dd>11/16/2026</dd>
<dt>ESP End Date:</dt><dd id=click>11/27/2026</dd></dl>"""
LABELLED = """<p aria-label="ESP End Date" id=click>11/27/2026</p>"""
CLASSES = """<table><tr><th>Class</th></tr><tr id=click><td>A</td></tr><tr><td>B</td></tr></table>"""


def first(screen: Screen, element: object, page: Page, html: str) -> str:
    """The best locator that a click on `#click` becomes."""
    assert isinstance(element, Declared)
    page.set_content(html)
    calibration = Calibration(tell=print, accept=lambda _: True, keep=print, fitted={})
    return next(calibration.locators_for(screen, element, page.locator("#click"), {}), "")


BESIDE = 'get_by_text("{label}", exact=True).locator("+ *")'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (TABLE, BESIDE),
        (HEADED, BESIDE),
        (LIST, BESIDE.replace("{label}", "{label}:")),
        (
            f"<b>ESP End Date</b><b>x</b>{HEADED}",
            (
                'get_by_role("row").filter(has=get_by_role("rowheader", name="{label}", exact=True))'
                '.get_by_role("cell")'
            ),
        ),
        (LABELLED, 'get_by_label("ESP End Date", exact=True)'),
    ],
    ids=["table", "headed table", "list", "label elsewhere, too", "label"],
)
def test_a_value_is_told_by_its_label(page: Page, html: str, found: str) -> None:
    """A card's value is another one tomorrow: it is found beside its label, or by it."""
    card = CustomFieldsCard(page.locator("body"), SITE)
    assert first(card, CustomFieldsCard.esp_end_date, page, html) == found


def test_a_name_gets_into_no_locator(page: Page) -> None:
    """The heading of a record is a person's name; what is kept is which heading it is."""
    record = adp.EmployeePage(page, SITE)
    html = "<h1 id=click>Ada Example</h1><h2>Position</h2><h2>Custom Fields</h2>"
    assert first(record, adp.EmployeePage.heading, page, html) == 'get_by_role("heading", level=1)'


def test_one_of_many_is_not_told_by_its_name(page: Page) -> None:
    """A click on one row means all rows, but not the one with the headings."""
    classes = blackdash.ClassesPage(page, SITE)
    found = first(classes, blackdash.ClassesPage.rows, page, CLASSES)
    assert found == 'get_by_role("row").filter(has=get_by_role("cell"))'
