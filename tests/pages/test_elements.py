from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from rpa.domain.errors import UsageError
from rpa.pages.elements import element
from rpa.pages.screen import Screen
from rpa.pages.site import LABELS, merged, origin
from tests.pages.conftest import adp_site


class Form(Screen):
    """A screen of the tests."""

    screen = "test.form"
    done = element(lambda root: root.get_by_role("button", name="Done", exact=True))
    row = element(lambda root, employee_id: root.get_by_text(employee_id, exact=True))
    end_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date")


HTML = """<button>Done</button><button>Save</button><p>1001</p><p>10012</p>
    <label>ESP End Date<input value=a></label>"""


def form(page: Page, **given: Any) -> Form:
    page.set_content(HTML)
    return Form(page, adp_site("http://127.0.0.1", **given))


def test_a_declared_locator_has_a_dotted_name() -> None:
    """An element is named after its screen and its attribute, and says what a caller must give."""
    assert Form.done.name == "test.form.done"
    assert Form.row.name == "test.form.row"
    assert Form.row.parameters == ("employee_id",)
    assert Form.end_date.parameters == ()


def test_declared_locators_find(page: Page) -> None:
    """Plain, with a parameter, or by the label that the site shows for a field."""
    here = form(page)
    assert here.done.inner_text() == "Done"
    assert here.row(employee_id="1001").all_inner_texts() == ["1001"]
    assert here.end_date.input_value() == "a"


def test_a_site_replaces_a_locator(page: Page) -> None:
    """The site's own text wins, with the same parameters."""
    here = form(
        page,
        locators={
            "test.form.done": 'get_by_role("button", name="Save")',
            "test.form.row": 'get_by_text(re.compile("^{employee_id}$"))',
            "test.form.end_date": 'get_by_label("{label}").and_(locator("input"))',
        },
    )
    assert here.done.inner_text() == "Save"
    assert here.row(employee_id="10012").all_inner_texts() == ["10012"]
    assert here.end_date.input_value() == "a"


def test_a_site_relabels_a_field(page: Page) -> None:
    """A field's other label is told once, in `labels`, and no locator needs to be written."""
    here = form(page, labels={"esp_end_date": "Ende"})
    assert here.end_date.count() == 0


def test_a_text_is_checked_before_it_is_used() -> None:
    """An element refuses a text that could not stand for it, by its own name."""
    with pytest.raises(
        UsageError, match=re.escape("locators.test.form.row, column 1: it does not say {employee_id}")
    ):
        Form.row.check('get_by_role("row")')


def test_a_name_that_nothing_has_is_refused_with_near_ones() -> None:
    """A misspelt name is an error that says what it may have been meant for."""
    with pytest.raises(UsageError, match=r"labels\.esp_end is not known\. Did you mean esp_end_date"):
        merged("labels", LABELS, {"esp_end": "Ende"})


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://online.adp.com/signin/v1/?returnURL=https://evil.test/", "https://online.adp.com"),
        ("https://online.adp.com:443/x", "https://online.adp.com"),
        ("https://online.adp.com@evil.test/", "https://evil.test"),
        ("http://127.0.0.1:8601/#/home", "http://127.0.0.1:8601"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, wanted: str) -> None:
    """Neither a query nor a user part can pass for the portal's address."""
    assert origin(url) == wanted
