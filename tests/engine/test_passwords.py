"""What a portal has said of a password is known to the next process; the password itself is nowhere."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from rpa.domain.errors import PortalFailed, SignInNeeded, SignInRefused
from rpa.engine.journal import Journal
from rpa.engine.passwords import Password

SENTENCE = "The user ID or password is wrong."


def password(folder: Path, text: str = "s3cret-canary", account: str = "https://a|me") -> Password:
    """The password as a process of its own knows it."""
    return Password(Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"k"), "ADP", account, text)


def use(known: Password, outcome: Exception | None = None, *, sends: bool = True) -> None:
    """One sign-in that ends like this."""
    with known.in_use() as sending:
        if sends:
            sending()
        if outcome is not None:
            raise outcome


def refuse(folder: Path) -> None:
    with pytest.raises(SignInRefused):
        use(password(folder), SignInRefused("ADP did not sign in", sentence=SENTENCE))


def test_refused_password_is_not_typed_by_the_next_process(tmp_path: Path) -> None:
    """A password that was refused once is never typed again, and the sentence says why and what to do."""
    refuse(tmp_path)
    for _ in range(3):
        with pytest.raises(SignInNeeded, match="refused this password") as error:
            use(password(tmp_path))
    assert SENTENCE in error.value.what
    assert "rpa login adp" in error.value.next_step
    assert error.value.exit_code == 5


def test_other_password_and_other_account_are_new(tmp_path: Path) -> None:
    """What was refused says nothing of another password, nor of another account with the same one."""
    refuse(tmp_path)
    use(password(tmp_path, "another"))
    use(password(tmp_path, account="https://a|you"))


def test_person_who_was_let_in_ends_it(tmp_path: Path) -> None:
    """A session that a person has begun takes back what was known against the password."""
    refuse(tmp_path)
    password(tmp_path).forget()
    use(password(tmp_path))


def test_password_without_an_answer_is_typed_twice_at_most(tmp_path: Path) -> None:
    """Two sign-ins that nobody answered are the last, in whichever processes they were."""
    for _ in range(2):
        with pytest.raises(PortalFailed):
            use(password(tmp_path), PortalFailed("no answer"))
    with pytest.raises(SignInNeeded, match="no answer to 2 sign-ins"):
        use(password(tmp_path))


@pytest.mark.parametrize(
    ("outcome", "sends"),
    [
        (None, True),
        (SignInNeeded("a one-time code"), True),
        (SignInNeeded("nothing was typed"), False),
        (PortalFailed("the page did not come"), False),
    ],
)
def test_what_says_nothing_against_it_does_not_count(
    tmp_path: Path, outcome: Exception | None, sends: bool
) -> None:
    """A sign-in that went through, was asked for a code or never sent the password may be repeated."""
    for _ in range(4):
        with suppress(SignInNeeded, PortalFailed):
            use(password(tmp_path), outcome, sends=sends)
        assert password(tmp_path).trouble() is None


def test_process_that_dies_over_it_has_typed_it(tmp_path: Path) -> None:
    """It counts before it is sent: who is killed while the portal thinks has had a try."""
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            use(password(tmp_path), KeyboardInterrupt())  # type: ignore[arg-type]
    assert password(tmp_path).trouble()


def test_password_is_not_in_the_database(tmp_path: Path) -> None:
    """Only a keyed hash of it is kept, which without the key is no help in guessing it."""
    refuse(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        told = "".join(map(str, database.execute("select * from passwords").fetchall()))
    database.close()
    assert "s3cret" not in told
    other = Password(
        Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"x"), "ADP", "https://a|me", "s3cret-canary"
    )
    assert other.trouble() is None
