"""ADP > sign in: user id, then password, perhaps a one-time code or a page that can be put off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Self

from playwright.sync_api import Locator

from rpa.domain.errors import PortalFailed, SignInNeeded, SignInRefused
from rpa.pages.adp.addresses import is_inside
from rpa.pages.adp.home_page import HomePage
from rpa.pages.elements import element
from rpa.pages.screen import Screen
from rpa.pages.secret_fields import check_password, type_at_sign_in
from rpa.pages.waiting import whichever


class SignInPage(Screen):
    """The sign-in page; it types what it is given once, keeps nothing and never tries again."""

    screen = "adp.sign_in_page"
    user_id = element(lambda root: root.get_by_label("User ID", exact=True))
    next_button = element(lambda root: root.get_by_role("button", name="Next", exact=True))
    password = element(lambda root: root.get_by_label("Password", exact=True))
    sign_in_button = element(lambda root: root.get_by_role("button", name="Sign in", exact=True))
    alert = element(lambda root: root.get_by_role("alert"), when="the sign-in is refused")
    verify_heading = element(
        lambda root: root.get_by_role("heading", name="Verify Your Identity", exact=True),
        when="a one-time code is asked for",
    )
    send_code_button = element(
        lambda root: root.get_by_role("button", name="Send me a text message", exact=True),
        when="a one-time code is asked for",
    )
    passcode = element(
        lambda root: root.get_by_label("Passcode", exact=True), when="a one-time code is asked for"
    )
    submit_button = element(
        lambda root: root.get_by_role("button", name="Submit", exact=True),
        when="a one-time code is asked for",
    )
    remind_later_button = element(
        lambda root: root.get_by_role("button", name="Remind me later", exact=True),
        when="ADP wants to be told a mobile number",
    )
    sorry_heading = element(
        lambda root: root.get_by_role("heading", name=re.compile("^Sorry")), when="ADP is under maintenance"
    )

    def open(self) -> Self:
        """Go to the portal, which shows this page to whoever is not signed in."""
        self.load(self.site.sign_in_url or self.site.url, "commit")
        return self.arrived()

    def arrived(self) -> Self:
        """Return once the user id can be typed; SignInNeeded where a one-time code is asked for instead."""
        if self._first({"ready": self.user_id, "code": self.verify_heading}) == "code":
            raise self._code_needed()
        return self

    def sign_in(self, username: str, password: str, sending: Callable[[], None] = lambda: None) -> HomePage:
        """Type both and give the home page; SignInNeeded with the portal's sentence otherwise.

        `sending` is called right before the password leaves the page.
        """
        check_password(password, "ADP", "rpa login adp")
        refusal = self._new_alert()
        type_at_sign_in(self.user_id, username, self.site)
        self.next_button.click()
        if self._first({"refused": refusal, "asked": self.password}) == "refused":
            raise self._refused(refusal)
        type_at_sign_in(self.password, password, self.site)
        sending()
        self.sign_in_button.click()
        return self._entered(refusal)

    def asks_for_code(self) -> bool:
        """Whether the portal now waits for a one-time code; asked after sign_in has raised."""
        return self.verify_heading.visible.count() > 0

    def send_code(self) -> None:
        """Have the portal send the one-time code, and wait for the field it goes into."""
        self.send_code_button.click()
        self.passcode.wait_for(timeout=self.site.timeouts.arrive_ms)

    def enter_code(self, code: str) -> HomePage:
        """Type the one-time code and give the home page."""
        refusal = self._new_alert()
        type_at_sign_in(self.passcode, code, self.site)
        self.submit_button.click()
        return self._entered(refusal, {})

    def _entered(self, refusal: Locator, also: dict[str, Locator] | None = None) -> HomePage:
        home = HomePage(self.root, self.site)
        ends = {"refused": refusal, "sorry": self.sorry_heading, "home": home.welcome}
        ends |= {"code": self.verify_heading} if also is None else also
        seen = self._first({**ends, "remind": self.remind_later_button})
        if seen == "remind":
            self.remind_later_button.click()
            seen = self._first(ends)
        if seen == "refused":
            raise self._refused(refusal)
        if seen == "code":
            raise self._code_needed()
        if seen == "sorry":
            raise PortalFailed("ADP says that it is under maintenance or too busy (its sorry page).")
        self.page.wait_for_url(lambda url: is_inside(url, self.site), wait_until="commit")
        return home.arrived()

    def _first(self, things: dict[str, Locator]) -> str:
        return whichever(things, self.site.timeouts.arrive_ms)

    def _new_alert(self) -> Locator:
        """An alert that was not there before: the page may open with one about the last session."""
        shown = self.alert.visible.all_inner_texts()
        return self.alert.filter(has_not_text=shown[0].strip()) if shown else self.alert

    def _refused(self, refusal: Locator) -> SignInRefused:
        sentence = refusal.inner_text().strip()
        return SignInRefused(
            f"ADP did not sign in: {sentence}",
            sentence=sentence,
            next_step="Nothing is tried again: three bad passwords lock the account. Use `rpa login adp`.",
        )

    def _code_needed(self) -> SignInNeeded:
        return SignInNeeded("ADP asks for a one-time code.", next_step="Sign in with `rpa login adp`.")
