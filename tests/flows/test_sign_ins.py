"""How often a portal is signed in to: a browser of its own is free, a session taken away is not."""

from __future__ import annotations

import pytest

from rpa.domain.errors import SignInNeeded
from rpa.flows.portals import MOST_SIGN_INS_AGAIN, SignIns


def test_session_that_was_lost_is_opened_once_a_row() -> None:
    """The first sign-in is free, one more is allowed in a row, and a second one stops."""
    sign_ins = SignIns("ADP")
    sign_ins.one_more()
    sign_ins.one_more()
    with pytest.raises(SignInNeeded):
        sign_ins.one_more()
    sign_ins.new_row()
    sign_ins.one_more()


def test_new_browser_costs_no_sign_in() -> None:
    """A browser that took over signs in as if it were the first, in any row and however often."""
    sign_ins = SignIns("ADP")
    for _ in range(20):
        sign_ins.new_browser()
        sign_ins.one_more()
    sign_ins.one_more()
    with pytest.raises(SignInNeeded):
        sign_ins.one_more()


def test_sessions_that_end_in_row_after_row_stop() -> None:
    """Somebody who keeps taking the session away needs the account, row by row too."""
    sign_ins = SignIns("ADP")
    sign_ins.one_more()
    for _ in range(MOST_SIGN_INS_AGAIN):
        sign_ins.new_row()
        sign_ins.one_more()
    sign_ins.new_row()
    with pytest.raises(SignInNeeded):
        sign_ins.one_more()
