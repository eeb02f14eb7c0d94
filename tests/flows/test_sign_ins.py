"""How often a password may be typed: an account that is locked stops everybody's work."""

from __future__ import annotations

import pytest

from rpa.domain.errors import SignInNeeded
from rpa.flows.portal_door import SignIns


def test_password_without_an_answer_is_typed_twice_at_most() -> None:
    """Two sign-ins that the portal does not answer are the last, in whatever row they were."""
    sign_ins = SignIns("ADP")
    sign_ins.new_row()
    sign_ins.one_more()
    sign_ins.new_row()
    sign_ins.one_more()
    sign_ins.new_row()
    with pytest.raises(SignInNeeded, match="no answer"):
        sign_ins.one_more()


def test_password_that_let_us_in_counts_anew() -> None:
    """A sign-in that went through after one without an answer leaves room for another pair."""
    sign_ins = SignIns("ADP")
    for _row in range(2):
        sign_ins.new_row()
        sign_ins.one_more()
        sign_ins.one_more()
        sign_ins.let_in()


def test_session_that_ends_twice_in_a_row_is_not_opened_again() -> None:
    """One agent costs one sign-in more, and the next may have one again, three times in all."""
    sign_ins = SignIns("ADP")
    for _row in range(4):
        sign_ins.new_row()
        sign_ins.one_more()
        sign_ins.let_in()
    sign_ins.new_row()
    with pytest.raises(SignInNeeded, match="again and again"):
        sign_ins.one_more()


def test_session_that_somebody_takes_away_within_an_agent_stops() -> None:
    """The second session that ends under one agent stops the run."""
    sign_ins = SignIns("ADP")
    sign_ins.one_more()
    sign_ins.let_in()
    sign_ins.new_row()
    sign_ins.one_more()
    sign_ins.let_in()
    with pytest.raises(SignInNeeded, match="again and again"):
        sign_ins.one_more()


def test_new_browser_costs_no_sign_in() -> None:
    """A browser that took over signs in as if it were the first, in any row and however often."""
    sign_ins = SignIns("ADP")
    for _ in range(20):
        sign_ins.new_browser()
        sign_ins.one_more()
        sign_ins.let_in()
    sign_ins.one_more()
    sign_ins.let_in()
    with pytest.raises(SignInNeeded, match="again and again"):
        sign_ins.one_more()
