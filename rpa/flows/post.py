"""Hands the outbox's letters over: without an SMTP server, as files for a person to send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from rpa.adapters import mail
from rpa.engine.outbox import Outbox, Queued


def write_letters(outbox: Outbox, folder: Path, sender: str) -> list[Path]:
    """A file for each queued letter; one that was written before stays as it is."""
    return [mail.write_eml(folder, message_of(letter, sender)) for letter in outbox.waiting()]


def message_of(queued: Queued, sender: str) -> EmailMessage:
    """The mail that a letter of the outbox stands for."""
    return _MESSAGES[str(queued.letter.content["kind"])](queued, sender)


def _noc_spin_up(queued: Queued, sender: str) -> EmailMessage:
    content = queued.letter.content
    about = mail.SpinUp(
        class_name=content["class_name"],
        manager=content["manager"],
        start=date.fromisoformat(content["start"]),
        end=date.fromisoformat(content["end"]),
        agents=[(agent, name) for agent, name in content["agents"]],
    )
    return mail.noc_spin_up(
        about,
        sender=sender,
        to=queued.letter.to,
        subject=queued.letter.subject,
        message_id=queued.message_id,
    )


def _it_stuck(queued: Queued, sender: str) -> EmailMessage:
    about = {name: value for name, value in queued.letter.content.items() if name != "kind"}
    return mail.it_stuck(
        mail.Stuck(**about),
        sender=sender,
        to=queued.letter.to,
        subject=queued.letter.subject,
        message_id=queued.message_id,
    )


_MESSAGES: Mapping[str, Callable[[Queued, str], EmailMessage]] = {
    "noc-spin-up": _noc_spin_up,
    "it-stuck": _it_stuck,
}
