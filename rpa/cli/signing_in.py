"""Has a person sign in, and keeps the session for the runs that follow."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread

import typer

from rpa.cli import output
from rpa.cli.desk import Desk, opened
from rpa.cli.office import Office
from rpa.cli.sites import accounts
from rpa.engine.guard import Guard
from rpa.engine.guard_rules import FOREIGN, origin_of
from rpa.engine.passwords import Password
from rpa.engine.reading import named_errors
from rpa.flows.hand_sign_in import HandSignIn, nothing_said
from rpa.flows.portal_door import ADP, BLACKDASH
from rpa.settings import load_settings


def _ask_again(password: Password) -> None:
    """SignInNeeded for a password that is known as bad, unless a person at the terminal knows better."""
    if trouble := password.trouble():
        if not sys.stdin.isatty():
            raise trouble
        output.talk(trouble.what)
        if not typer.confirm("Three bad passwords lock the account. Type it once more?", err=True):
            raise trouble
        password.forget()


def sign_in(portal: str, *, with_password: bool, as_json: bool) -> int:
    """Keep a session of this portal; 0, or the exit code of why there is none."""
    office = Office(load_settings())
    name = ADP if portal == "adp" else BLACKDASH
    kept = office.kept_sessions
    password = office.password(name)
    if with_password:
        _ask_again(password)
    kept.key()  # before anybody types: what cannot be kept need not be typed
    with opened(office, "a sign-in", visible=not with_password, afresh=True) as desk:
        with named_errors(desk.portals):
            if with_password:
                (desk.portals.adp if name == ADP else desk.portals.blackdash).enter()
            else:
                _by_hand(desk, name)
        if not with_password:
            password.forget()
        kept.keep(name, accounts(office.settings)[name], desk.sessions.state(name))
    hours = office.settings.session.hours
    if as_json:
        output.emit({"portal": portal, "kept_hours": hours})
    else:
        output.talk(f"The session of {name} is kept, encrypted, for {hours:g} hours.")
    return 0


def _by_hand(desk: Desk, name: str) -> None:
    attended = sys.stdin.isatty()
    output.talk(f"Sign in to {name} in the window that has opened; it closes by itself.")
    if attended:
        output.talk(f"Should it stay open although you are inside {name}, press Enter here.")
    access = (desk.portals.adp if name == ADP else desk.portals.blackdash).access
    by_hand = HandSignIn(
        tell=output.talk,
        says_so=_enter_key() if attended else nothing_said,
        blocked=lambda: blocked_sentences(desk.sessions.guard, f"[{name.lower()}]"),
    )
    by_hand.wait(desk.sessions.use(name), name, access.site)


def blocked_sentences(guard: Guard, table: str) -> Iterator[str]:
    """What a sign-in may be waiting for in vain, and where to write that it is needed."""
    for origin in guard.strangers():
        yield f"Nothing is read from {origin}. Should the sign-in need it: [guard] origins in portals.toml."
    for one in guard.surprises():
        mend = f"read_posts under {table}"
        if one.why == FOREIGN:
            mend = f"sign_in_url under {table}, or {origin_of(one.url)} under [guard] origins"
        yield f"{one.method} {one.url} was kept from leaving ({one.why}). Should it sign in: {mend}."


def _enter_key() -> Callable[[], bool]:
    """A function that says whether Enter was pressed since it was last asked."""
    pressed = Event()

    def read() -> None:
        # Not through sys.stdin: a thread that waits in there keeps Python from ending.
        while os.read(sys.stdin.fileno(), 1024):
            pressed.set()

    Thread(target=read, daemon=True).start()

    def asked() -> bool:
        was_pressed = pressed.is_set()
        pressed.clear()
        return was_pressed

    return asked
