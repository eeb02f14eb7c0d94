"""The accounts of the mock portals: locking, and one session each."""

from __future__ import annotations

import pytest

from mock_portals.accounts import Account, Accounts


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(managers=2, seed=1)


@pytest.fixture
def manager(accounts: Accounts) -> Account:
    return accounts.named("adp", "esp.manager")


def test_three_bad_passwords_lock(accounts: Accounts, manager: Account) -> None:
    """The third bad password locks, and then the right one is refused too."""
    tried = [accounts.check("adp", manager.username, "wrong") for _ in range(3)]
    assert tried == ["bad", "bad", "locked"]
    assert accounts.check("adp", manager.username, manager.password) == "locked"


def test_a_good_password_forgives_the_bad_ones(accounts: Accounts, manager: Account) -> None:
    """Only bad passwords in a row lock."""
    words = ["wrong", "wrong", manager.password, "wrong", "wrong", manager.password]
    assert [accounts.check("adp", manager.username, word) for word in words][-1] == "ok"


def test_an_unknown_user_is_never_locked(accounts: Accounts) -> None:
    """Whether a user exists is not told by locking."""
    assert [accounts.check("adp", "nobody", "wrong") for _ in range(5)] == ["bad"] * 5


def test_a_new_sign_in_ends_the_session_before(accounts: Accounts, manager: Account) -> None:
    """An account has one session; the older token remembers that it was kicked."""
    older = accounts.sign_in("adp", manager.username)
    newer = accounts.sign_in("adp", manager.username)
    assert accounts.session("adp", older) is None
    assert accounts.ended_because(older) == "kicked"
    assert accounts.session("adp", newer) is manager
    assert accounts.ended_because(newer) is None


def test_other_accounts_and_the_other_portal_are_not_touched(accounts: Accounts) -> None:
    """Sessions of another user, and of the same name on the other portal, go on."""
    other = accounts.sign_in("adp", "esp.manager2")
    blackdash = accounts.sign_in("blackdash", "esp.manager")
    accounts.sign_in("adp", "esp.manager")
    assert accounts.session("adp", other)
    assert accounts.session("blackdash", blackdash)
    assert accounts.session("adp", blackdash) is None


def test_who_signs_out_was_not_kicked(accounts: Accounts) -> None:
    """A session that its owner ended has no reason to tell."""
    token = accounts.sign_in("adp", "esp.manager")
    accounts.sign_out("adp", token)
    assert accounts.session("adp", token) is None
    assert accounts.ended_because(token) is None


def test_there_is_an_account_of_each_kind(accounts: Accounts) -> None:
    """As many managers as asked for a portal, and one of each special kind."""
    kinds = [(one.portal, one.kind) for one in accounts]
    assert kinds.count(("adp", "manager")) == kinds.count(("blackdash", "manager")) == 2
    assert {("adp", "read_only"), ("adp", "step_up"), ("adp", "interrupted")} <= set(kinds)
    assert ("blackdash", "no_access") in kinds
