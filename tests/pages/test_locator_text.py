from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from rpa.domain.errors import UsageError
from rpa.pages.locator_chain import METHODS, PROPERTIES, Chain
from rpa.pages.locator_text import DEEPEST, LONGEST, MOST_STEPS, parse_locator

NAME = "adp.people_page.row"

CODEGEN = [
    'get_by_role("button", name="Done")',
    'page.get_by_role("button", name="Done", exact=True)',
    'get_by_role("button", name=re.compile(r"done|save", re.IGNORECASE))',
    'get_by_role("heading", level=1)',
    'get_by_label("ESP End Date", exact=True)',
    'get_by_placeholder("MM/DD/YYYY")',
    'get_by_text("Fecha de finalización")',
    'get_by_title("Show agents")',
    'get_by_alt_text("smiley")',
    'get_by_test_id("verifUseridBtn")',
    'locator("#adprIframe").content_frame.get_by_label("Search")',
    'frame_locator("iframe[name=\\"legacy\\"]").get_by_role("row").first',
    'locator("#QuickHire_0\\\\.HireDate")',
    "locator(\"sdf-button[aria-label='Done']:not([disabled])\")",
    'get_by_role("row").filter(has_text="10012").nth(-1)',
    'get_by_role("row").filter(has=get_by_role("cell", name="10012", exact=True), has_not_text="x")',
    'get_by_role("row").filter(has_not=page.get_by_text("gone"), visible=True).last',
    'get_by_role("button").and_(get_by_title("Subscribe")).or_(get_by_text("Subscribe")).visible',
    'get_by_text(re.compile("^[0-9]{5}$"))',
]


@pytest.mark.parametrize("text", CODEGEN)
def test_what_codegen_prints_is_understood(text: str, page: Page) -> None:
    """Every form that Playwright's codegen prints for Python becomes a locator."""
    parse_locator(text, NAME).locate(page, {}).count()


HOSTILE = [
    "",
    "   ",
    "page",
    "get_by_role",
    '"get_by_role"',
    "page.evaluate('1')",
    'page.evaluate("document.cookie")',
    'page.goto("http://example.test")',
    'page.context.browser.get_by_role("x")',
    'page.page.get_by_role("button")',
    'get_by_role("button").click()',
    'get_by_role("button").evaluate("e => e.remove()")',
    'get_by_role("button").page.get_by_text("x")',
    'get_by_role("button").first()',
    'get_by_role("button").__class__',
    "get_by_role.__globals__",
    'get_by_role("button").__getattribute__("page")',
    "().__class__.__bases__[0].__subclasses__()",
    '__import__("os").system("true")',
    'eval("1")',
    'open("/etc/passwd").read()',
    'get_by_role(open("/etc/passwd").read())',
    'get_by_role(f"{1+1}")',
    'get_by_text(f"plain")',
    'get_by_text("a" + "b")',
    'get_by_text("%s" % "x")',
    'get_by_text("{0}".format(1))',
    'get_by_text("{employee_id.__class__}")',
    'get_by_text("{employee_id!r}")',
    'get_by_text("{employee_id:>10}")',
    'get_by_text("{0}")',
    'get_by_text("{}")',
    'get_by_text("{{employee_id}}")',
    'get_by_text("{password}")',
    'get_by_text(b"bytes")',
    "get_by_text(None)",
    "get_by_text(1)",
    "get_by_text([])",
    'get_by_text(text="x")',
    'get_by_text("x", exact="yes")',
    'get_by_text("x", exact=1)',
    'get_by_text("x", timeout=5)',
    'get_by_text("x", **{"exact": True})',
    'get_by_text(*["x"])',
    'get_by_text(x := "y")',
    '(x := get_by_text("y"))',
    'lambda: get_by_text("x")',
    '[get_by_text(x) for x in ("a",)]',
    '[get_by_text("x")][0]',
    'get_by_text("x") if True else get_by_text("y")',
    'get_by_text("x") or get_by_text("y")',
    'get_by_text("x"); get_by_text("y")',
    'get_by_text("x"), get_by_text("y")',
    "await get_by_text('x')",
    'yield get_by_text("x")',
    "import os",
    'get_by_text("x") # and so on\nimport os',
    'get_by_text("x")("y")',
    'get_by_text("x").nth("1")',
    'get_by_text("x").nth(True)',
    'get_by_text("x").nth(1.5)',
    'get_by_text("x").nth(99999999)',
    'get_by_text("x").nth(--1)',
    "nth(1)",
    "first",
    "page.first",
    'filter(has_text="x")',
    'frame_locator("#f")',
    'get_by_text("x").content_frame',
    'frame_locator("#f").filter(has_text="x")',
    'get_by_text("x").filter(has=frame_locator("#f").get_by_text("y"))',
    'get_by_text("x").filter(has="y")',
    'get_by_text("x").and_("y")',
    'get_by_role("button", name="a", name="b")',
    'get_by_role("nonsense")',
    'get_by_role("Button")',
    'get_by_role(re.compile("button"))',
    'get_by_text(re.compile("x", re.DEBUG))',
    'get_by_text(re.compile("x", 2))',
    'get_by_text(re.compile("x", flags=re.IGNORECASE))',
    'get_by_text(re.compile("("))',
    'get_by_text(re.compile("(?P<n>x)"))',
    'get_by_text(re.compile("(?i)x"))',
    'get_by_text(re.compile("x{2"))',
    'get_by_text(re.compile(f"x"))',
    'get_by_text(re.compile("a*+"))',
    'get_by_text(re.compile("a{1,2}+b"))',
    'get_by_text(re.compile("(?>a)"))',
    'get_by_text(re.compile("[[a]--b]"))',
    'get_by_text(os.system("x"))',
    'get_by_text(re.sub("x", "y", "z"))',
    'locator("javascript:alert(1)")',
    'locator("xpath=//a")',
    'locator("//a")',
    'locator("(//a)[1]")',
    'locator("..")',
    'locator("text=Done")',
    "locator(\"'Done'\")",
    'locator("internal:control=enter-frame")',
    """locator('internal:text="Ada"i')""",
    """locator('internal:has="x"')""",
    'locator("css:visible=a")',
    'locator("a+b=c")',
    'locator("#a >> xpath=..")',
    'locator("css=#a")',
    'locator("a:hover(")',
    'locator("")',
    'locator(" ")',
    'locator("a { color: red }")',
    'locator("<b>")',
    'locator("a;b")',
    'locator("_react=Button")',
    'frame_locator("xpath=//iframe")',
    'get_by_text("\\ud800")',
    'get_by_text("a\\u200bb")',
    'get_by_text("a\u200bb")',
    'get_by_text("a\u202eb")',
    'get_by_text("a\x00b")',
    '\uff47et_by_role("button")',
    'get_by_r\u043ele("button")',
    'page\uff0eget_by_role("button")',
    'get_by_role("button", n\u00e4me="x")',
    "get_by_text('\\d')" + " " * LONGEST + ".first",
    'get_by_text("' + "x" * LONGEST + '")',
    "(" * 400 + 'get_by_text("x")' + ")" * 400,
    "[" * 900,
    "-" * 900 + "1",
    'get_by_text("x")' + ".first" * (MOST_STEPS + 1),
    'get_by_text("x").and_(' * (DEEPEST + 1) + 'get_by_text("x")' + ")" * (DEEPEST + 1),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_else_is_refused(text: str) -> None:
    """What is not a chain of the whitelist is refused with the element's name, a column and a way out."""
    with pytest.raises(UsageError) as refused:
        parse_locator(text, NAME, (), ("employee_id",))
    assert re.match(r"portals\.toml: locators\.adp\.people_page\.row, column [1-9]\d*: ", refused.value.what)
    assert refused.value.next_step


@pytest.mark.parametrize("source", [r"\*+x", "[*+]+", "a+b", r"\[+", "[]+*]x"])
def test_a_plus_that_is_no_second_quantifier_may_stand(source: str) -> None:
    """An escaped sign, and one in a set, is what the pattern looks for."""
    parse_locator(f'get_by_text(re.compile(r"{source}"))', NAME)


def test_the_error_tells_column_and_choice() -> None:
    """A person is told where the text goes wrong and what may stand there."""
    with pytest.raises(UsageError) as refused:
        parse_locator('get_by_text("ä").filter(has_txt="x")', NAME)
    assert str(refused.value) == (
        "portals.toml: locators.adp.people_page.row, column 33: has_txt cannot stand here. "
        "filter() takes (has_text=pattern or str, has_not_text=pattern or str, has=locator, "
        "has_not=locator, visible=bool)."
    )


def _methods(chain: Chain) -> set[str]:
    inner = [
        value
        for step in chain.steps
        for value in (*step.args, *(value for _, value in step.named))
        if isinstance(value, Chain)
    ]
    return {step.method for step in chain.steps}.union(*(_methods(one) for one in inner))


PIECES = st.sampled_from(
    [
        *METHODS,
        *PROPERTIES,
        *".(),=\"'[]{} \\\n#*",
        *('"button"', '"x"', "name", "exact", "has", "True", "1", "-1", "\u00e9", "\uff47"),
        *("page", "re.compile", "__class__", "evaluate", "lambda: ", "**", ":=", "f"),
    ]
)


@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_whitelisted_or_refused(text: str) -> None:
    """There is no third way: a text becomes calls of the whitelist or the one error."""
    try:
        chain = parse_locator(text, NAME, (), ("employee_id",))
    except UsageError:
        return
    assert _methods(chain) <= {*METHODS, *PROPERTIES}


def test_a_placeholder_takes_the_value_literally(page: Page) -> None:
    """A value with special letters is looked for as it is: in texts, in patterns and in CSS."""
    page.set_content('<p data-id="1.0+">1.0+</p><p data-id="100">100</p>')
    for text in (
        'get_by_text("{employee_id}", exact=True)',
        'get_by_text(re.compile("^{employee_id}$"))',
        "locator(\"p[data-id='{employee_id}']\")",
    ):
        chain = parse_locator(text, NAME, ("employee_id",))
        assert chain.locate(page, {"employee_id": "1.0+"}).all_inner_texts() == ["1.0+"]
    chain = parse_locator("locator(\"p[data-id='{employee_id}']\")", NAME, ("employee_id",))
    assert chain.locate(page, {"employee_id": "']"}).count() == 0


def test_the_value_looked_for_must_stand_in_the_text() -> None:
    """A row's locator that names no employee id would find everybody's row."""
    with pytest.raises(UsageError, match=r"does not say \{employee_id\}"):
        parse_locator('get_by_role("row")', NAME, ("employee_id",))


def test_page_starts_at_the_top(page: Page) -> None:
    """A text is looked up under the screen's root, and from the top when it begins with `page`."""
    page.set_content("<div role=dialog><b>in</b></div><b>out</b>")
    dialog = page.get_by_role("dialog")
    assert parse_locator('locator("b")', NAME).locate(dialog, {}).all_inner_texts() == ["in"]
    assert parse_locator('page.locator("b")', NAME).locate(dialog, {}).count() == 2
