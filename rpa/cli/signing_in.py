"""Has a person sign in, and keeps the session for the runs that follow."""

from __future__ import annotations

import sys

import typer

from rpa.cli import output
from rpa.cli.office import Office, accounts, opened
from rpa.engine.passwords import Password
from rpa.engine.reading import named_errors
from rpa.flows.hand_sign_in import wait_for_person
from rpa.flows.portals import ADP, BLACKDASH
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
        if with_password:
            with named_errors(desk.portals):
                desk.portals.adp.enter() if name == ADP else desk.portals.blackdash.classes()
        else:
            output.talk(f"Sign in to {name} in the window that has opened; it closes by itself.")
            access = (desk.portals.adp if name == ADP else desk.portals.blackdash).access
            wait_for_person(desk.sessions.use(name), name, access.site)
            password.forget()
        kept.keep(name, accounts(office.settings)[name], desk.sessions.state(name))
    hours = office.settings.session.hours
    if as_json:
        output.emit({"portal": portal, "kept_hours": hours})
    else:
        output.talk(f"The session of {name} is kept, encrypted, for {hours:g} hours.")
    return 0
