"""Hands the outbox's letters over: without an SMTP server, as files for a person to send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from rpa.adapters import mail
from rpa.engine.outbox import Outbox, Queued

Makers = Mapping[str, Callable[[Queued, str], EmailMessage]]


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


MAKERS: Makers = {"noc-spin-up": _noc_spin_up, "it-stuck": _it_stuck}


def write_letters(outbox: Outbox, folder: Path, sender: str, makers: Makers = MAKERS) -> list[Path]:
    """A file for each queued letter of these kinds; one that was written before stays as it is."""
    return [
        mail.write_eml(folder, makers[kind](letter, sender))
        for letter in outbox.waiting()
        if (kind := str(letter.letter.content["kind"])) in makers
    ]
