"""What the network says while pages are looked at: refusals, failures, silence, navigations under way."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from rpa.domain.errors import AccessMissing, PortalBusy, PortalFailed

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Response

FORBIDDEN = 403
TOO_MANY = 429
SERVER_ERROR = 500
PATIENCE_WITHOUT_WORD = 5.0
# A portal that names more, or a moment in place of seconds, does not mean it.
LONGEST_REST = 86_400.0
BLOCKED = "net::ERR_BLOCKED_BY_CLIENT"
# A page that is left gives up what it asked for, and the guard what would write.
GIVEN_UP = frozenset({"net::ERR_ABORTED", BLOCKED})
CARRIES_DATA = frozenset({"document", "fetch", "xhr"})


class Network:
    """The last trouble of each portal, until it is forgotten."""

    def __init__(self) -> None:
        self._trouble: dict[str, Response] = {}
        self._silent: set[str] = set()
        self._leading_on: dict[str, Request] = {}

    def listen(self, portal: str, page: Page) -> None:
        """Note what this page of the portal is told from now on."""
        self._leading_on.pop(portal, None)
        page.on("request", lambda request: self._note_navigation(portal, request))
        page.on("response", lambda response: self._note_answer(portal, response))
        page.on("requestfailed", lambda request: self._note_failed(portal, request))

    def forget(self, portal: str) -> None:
        """Start a new reading: what was said before does not explain it."""
        self._trouble.pop(portal, None)
        self._silent.discard(portal)

    def refusal(self, portal: str) -> PortalBusy | AccessMissing | None:
        """What the portal itself says of its refusal; it counts for more than what the page makes of it."""
        answer = self._trouble.get(portal)
        if answer is None or answer.status not in {FORBIDDEN, TOO_MANY}:
            return None
        return told_by(portal, answer)

    def failure(self, portal: str) -> PortalFailed | None:
        """The portal's own failure (5xx), should there be one."""
        answer = self._trouble.get(portal)
        if answer is None or answer.status < SERVER_ERROR:
            return None
        return PortalFailed(f"{portal} answered {answer.status} {answer.status_text}".strip())

    def busy(self) -> PortalBusy | None:
        """The longest rest that any portal has asked for."""
        asked = (_busy(portal, said) for portal, said in self._trouble.items() if said.status == TOO_MANY)
        return max(asked, key=lambda one: one.retry_after, default=None)

    def is_silent(self, portal: str) -> bool:
        """Whether something that was asked for got no answer at all."""
        return portal in self._silent

    def is_leading_on(self, portal: str) -> bool:
        """Whether its page is on the way to another that nobody has answered yet."""
        return portal in self._leading_on

    def _note_navigation(self, portal: str, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._leading_on[portal] = request

    def _note_end(self, portal: str, request: Request) -> None:
        if self._leading_on.get(portal) is request:
            del self._leading_on[portal]

    def _note_answer(self, portal: str, response: Response) -> None:
        self._note_end(portal, response.request)
        tells = response.status in {FORBIDDEN, TOO_MANY} or response.status >= SERVER_ERROR
        if tells and response.request.resource_type in CARRIES_DATA:
            self._trouble[portal] = response

    def _note_failed(self, portal: str, request: Request) -> None:
        self._note_end(portal, request)
        is_ours = request.failure in GIVEN_UP
        if not is_ours and request.resource_type in CARRIES_DATA:
            self._silent.add(portal)


def told_by(portal: str, answer: Response) -> PortalBusy | AccessMissing:
    """The named refusal behind an answer of 403 or 429."""
    if answer.status == TOO_MANY:
        return _busy(portal, answer)
    return AccessMissing(
        f"{portal} does not let this account do this (403).",
        next_step="Ask the administrator for the right, or sign in with an account that has it.",
    )


def _busy(portal: str, answer: Response) -> PortalBusy:
    return PortalBusy(f"{portal} asked to slow down (429)", retry_after=_retry_after(answer))


def _retry_after(answer: Response) -> float:
    """Seconds until the portal wants to be asked again: it says a number, or a moment."""
    said = answer.headers.get("retry-after", "")
    if said.isdecimal():
        return min(float(said), LONGEST_REST)
    try:
        rest = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
        return min(max(0.0, rest), LONGEST_REST)
    except (TypeError, ValueError):
        return PATIENCE_WITHOUT_WORD
