"""Signing in: by hand once, with a code, and never at a look-alike address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from rpa.domain.errors import SignInNeeded
from rpa.flows.adp_portal import AdpPortal
from rpa.flows.hand_sign_in import HandSignIn
from rpa.flows.portal_door import ADP, Access
from rpa.pages import adp, blackdash
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS, Site, Timeouts
from tests.conftest import MockPortals
from tests.flows.conftest import Launch
from tests.flows.look_alike import Host, served
from tests.mock_portals.adp_steps import Adp, type_credentials


@pytest.fixture
def hosts() -> Iterator[tuple[Host, Host]]:
    """The portal that is configured, and its look-alike."""
    with served(Host()) as true, served(Host()) as false:
        yield true, false


def site_at(url: str, sign_in: str, paths: object = ADP_PATHS) -> Site:
    """A site whose sign-in page leads astray."""
    assert isinstance(paths, type(ADP_PATHS))
    return Site(
        url=url, sign_in_url=sign_in, paths=paths, labels=LABELS, timeouts=Timeouts(arrive=3, settle=1)
    )


@pytest.mark.parametrize("leave", ["", "next"])
def test_look_alike_gets_no_key_stroke(page: Page, hosts: tuple[Host, Host], leave: str) -> None:
    """Whether the sign-in page is elsewhere at once or moves after the user id, nothing is typed there."""
    true, false = hosts
    there = f"{false.url}/signin/v1/"
    start = f"{true.url}/signin/v1/?leave={leave}&to={there}"
    sign_in = adp.SignInPage(page, site_at(true.url, start))
    if leave:
        sign_in.open()
    else:
        page.goto(there)
    with pytest.raises(SignInNeeded, match="nothing was typed"):
        sign_in.sign_in("me", "s3cret-canary")
    page.wait_for_timeout(300)
    assert false.heard == []
    assert page.url.startswith(false.url)


def test_page_that_moves_while_typing_gets_no_password(page: Page, hosts: tuple[Host, Host]) -> None:
    """BlackDash's one form: a page that leads away as soon as the name is typed never sees the password."""
    true, false = hosts
    start = f"{true.url}/login?leave=typed&to={false.url}/login"
    sign_in = blackdash.SignInPage(page, site_at(true.url, start, BLACKDASH_PATHS)).open()
    with pytest.raises((SignInNeeded, BrowserError)):
        sign_in.sign_in("me", "s3cret-canary")
    page.wait_for_timeout(300)
    assert false.heard == []
    assert not any("s3cret" in one for one in true.heard)


def test_a_person_signs_in_and_the_session_serves_the_next_browser(
    mock: MockPortals, launch: Launch, page: Page
) -> None:
    """What a person has begun, code included, opens the portal in another browser without a password."""
    site = Site(url=mock.adp.url, paths=ADP_PATHS, labels=LABELS, timeouts=Timeouts(arrive=10, settle=1))
    said: list[str] = []
    page.once("domcontentloaded", lambda _: type_credentials(page, Adp(mock)))
    HandSignIn(tell=said.append, minutes=0.5).wait(page, ADP, site)
    assert said == []
    state = page.context.storage_state()
    _, sessions = launch(mock)
    sessions._kept = {ADP: state}
    portal = AdpPortal(sessions, Access(site=site, username=mock.adp.username, password=""))
    agent = mock.state()["employees"][0]["employee_id"]
    assert portal.record(agent).employee_id() == agent


def test_a_person_who_is_inside_is_believed(mock: MockPortals, page: Page) -> None:
    """Where the first page is not as declared, the person's word counts, but only inside the portal."""
    site = Site(
        url=mock.adp.url,
        paths=ADP_PATHS,
        labels=LABELS,
        timeouts=Timeouts(arrive=10, settle=1),
        locators={"adp.home_page.welcome": 'get_by_text("Nowhere")'},
    )
    said: list[str] = []
    by_hand = HandSignIn(
        tell=said.append, says_so=lambda: True, blocked=lambda: ("a host", "a host"), minutes=0.03
    )
    with pytest.raises(SignInNeeded, match="Nobody has signed in"):
        by_hand.wait(page, ADP, site)
    assert said.count("a host") == 1
    assert "no page inside ADP" in said[1]
    type_credentials(page, Adp(mock))
    # The sign-in's own heading begins with the same word.
    page.get_by_role("heading", name="Welcome,").wait_for()
    by_hand.wait(page, ADP, site)


def test_without_password_or_session_a_person_is_asked_for(mock: MockPortals, launch: Launch) -> None:
    """No password and no kept session: nothing is typed, and the sentence names the command."""
    site = Site(url=mock.adp.url, paths=ADP_PATHS, labels=LABELS, timeouts=Timeouts(arrive=10, settle=1))
    _, sessions = launch(mock)
    portal = AdpPortal(sessions, Access(site=site, username=mock.adp.username, password=""))
    with pytest.raises(SignInNeeded, match="rpa login adp"):
        portal.enter()


def test_code_is_asked_for_where_somebody_is_there(mock: MockPortals, launch: Launch) -> None:
    """An account with a one-time code gets in when a person gives it; the password is typed once."""
    account = mock.account("adp", "step_up")
    site = Site(url=mock.adp.url, paths=ADP_PATHS, labels=LABELS, timeouts=Timeouts(arrive=10, settle=1))
    _, sessions = launch(mock)
    access = Access(
        site=site, username=account.username, password=account.password, ask_code=lambda: account.code
    )
    portal = AdpPortal(sessions, access)
    portal.enter()
    assert [one["path"] for one in mock.requests()].count("/signin/v1/password") == 1
