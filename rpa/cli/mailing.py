"""What `rpa outbox` does: the letters shown, sent, and decided about."""

from __future__ import annotations

import getpass
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from rpa.cli import output, posting
from rpa.cli.office import Office
from rpa.domain.errors import Busy, UsageError
from rpa.engine.outbox import NEXT, MailState, Queued
from rpa.flows.post import message_of
from rpa.settings import load_settings

SETTLED = {MailState.UNKNOWN, MailState.WRITTEN}


def list_letters(state: str | None, *, as_json: bool) -> None:
    """The letters in this state, or all."""
    if state is not None and state not in list(MailState):
        raise UsageError(f"No mail is ever {state!r}.", next_step=f"States are: {', '.join(MailState)}.")
    letters = _office().outbox.letters(MailState(state) if state else None)
    if as_json:
        output.emit({"mails": [_document(letter) for letter in letters]})
        return
    if not letters:
        output.talk("No mails.")
    for letter in letters:
        output.show(_line(letter))


def show_letter(number: int, *, as_json: bool) -> None:
    """One letter with its text."""
    office = _office()
    letter = office.outbox.letter(number)
    is_sealed = "sealed" in letter.letter.content
    message = None if is_sealed else message_of(letter, posting.way(office))
    text = _text(message) if message else ""
    attached = [attachment.name for attachment in letter.letter.attachments]
    if as_json:
        output.emit({**_document(letter), "text": text, "attachments": attached})
        return
    output.show(_line(letter))
    output.show(f"Message-ID {letter.message_id}, of {letter.run}, attempts: {letter.attempts}")
    for name in attached:
        output.show(f"Attached: {name}")
    output.show(f"\n{text}" if text else "Its text holds addresses and a link, and stays sealed.")


def send(numbers: list[int] | None, *, as_json: bool) -> int:
    """Send the letters, or what waits; 0, 1 where some were not sent, 6 where nobody knows of some."""
    office = _office()
    posted = posting.post(office, "rpa outbox send", numbers)
    held = [] if numbers else posting.held_back(office)
    for letter in held:
        output.talk(f"Mail {letter.id} is of {letter.run}, which is being taken back: it waits for that.")
    unknown = [letter for letter in posted.letters if letter.state is MailState.UNKNOWN]
    if numbers is None:
        unknown = office.outbox.letters(MailState.UNKNOWN)
    if as_json:
        told = {letter.id: letter for letter in (*posted.letters, *unknown)}
        output.emit({"mails": [_document(letter) for letter in told.values()], "because": posted.because})
    elif not posted.letters:
        output.talk("No mail waits." if not held else "No other mail waits.")
    posting.tell(posted)
    known = {letter.id for letter in posted.letters}
    for letter in (letter for letter in unknown if letter.id not in known):
        output.talk(f"Mail {letter.id} may have been sent earlier: {letter.sentence}")
    if unknown:
        return 6
    return 1 if posted.undelivered or posted.because else 0


def discard(number: int, *, as_json: bool) -> None:
    """The letter is not to be sent."""
    office = _office()
    _decide(office, office.outbox.letter(number), MailState.DISCARDED, "discarded", as_json=as_json)


def settle(number: int, *, sent: bool | None, as_json: bool) -> None:
    """The letter was sent, or waits again."""
    if sent is None:
        raise UsageError("Was it sent?", next_step="Nothing was changed. Add --sent or --not-sent.")
    office = _office()
    letter = office.outbox.letter(number)
    if letter.state not in SETTLED:
        raise UsageError(
            f"Mail {number} is {letter.state.value}, so there is nothing to settle.",
            next_step="Nothing was changed. Only what is unknown, or written to a file, can be settled.",
        )
    word = "settled as sent" if sent else "settled as not sent"
    _decide(office, letter, MailState.SENT if sent else MailState.QUEUED, word, as_json=as_json)


def _office() -> Office:
    """The office, with nothing left as `sending` by a process that is gone."""
    office = Office(load_settings())
    if office.outbox.letters(MailState.SENDING):
        with suppress(Busy), office.outbox.held("rpa outbox"):
            pass
    return office


def _decide(office: Office, letter: Queued, state: MailState, word: str, *, as_json: bool) -> None:
    who = getpass.getuser()
    moved = None
    if state in NEXT[letter.state]:
        moved = office.outbox.move(letter, state, f"{word} by {who}", by=who)
    if moved is None:
        now = office.outbox.letter(letter.id).state.value
        raise UsageError(f"Mail {letter.id} is {now}: it cannot be {word}.", next_step="Nothing was changed.")
    if as_json:
        output.emit(_document(moved))
    else:
        output.show(_line(moved))


def _line(letter: Queued) -> str:
    about = f"{letter.id}  {letter.state.value}  {letter.letter.to}  {letter.letter.subject}"
    return f"{about}  {letter.sentence}".rstrip()


def _document(letter: Queued) -> dict[str, Any]:
    return {
        "id": letter.id,
        "run": letter.run,
        "kind": letter.kind,
        "to": letter.letter.to,
        "subject": letter.letter.subject,
        "state": letter.state.value,
        "attempts": letter.attempts,
        "sentence": letter.sentence,
        "created_at": letter.created_at.isoformat(timespec="seconds"),
        "changed_at": letter.changed_at.isoformat(timespec="seconds"),
    }


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""
