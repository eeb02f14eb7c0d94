"""Mails: their text, and how one becomes a file that a person can open and send."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape
from pathlib import Path

from rpa.domain.errors import UsageError

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+>")
_ADDRESS = re.compile(r"([A-Za-z0-9._%+'-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinUp:
    """What NOC has to know to spin up a class; of the agents only id and name."""

    class_name: str
    manager: str
    start: date
    end: date
    agents: Sequence[tuple[str, str]]
    campaign: str = ""


def noc_spin_up(about: SpinUp, *, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """The request to NOC to spin up a class (guide: "Email NOC to have this class 'Spun Up'")."""
    agents = [(_one_line(agent), _one_line(name)) for agent, name in about.agents]
    opening = ["Hello NOC,", _request(about)]
    closing = ["Please confirm when it is done: the agents then log out and in again.", "Thank you."]
    message = _message(sender=sender, to=to, subject=subject, message_id=message_id)
    listed = "\n".join(f"  {agent}  {name}".rstrip() for agent, name in agents)
    message.set_content("\n\n".join([*opening, listed, *closing]) + "\n")
    rows = "".join(f"<tr><td>{escape(agent)}</td><td>{escape(name)}</td></tr>" for agent, name in agents)
    message.add_alternative(
        f"<html><body>{_paragraphs(opening)}<table border='1' cellpadding='4' "
        f"style='border-collapse:collapse'><tr><th>Employee ID</th><th>Name</th></tr>{rows}</table>"
        f"{_paragraphs(closing)}</body></html>",
        subtype="html",
    )
    return message


def log_out_notice(class_name: str, *, after_noc: bool) -> str:
    """What the agents must do next, as a text to send to them."""
    name = _one_line(class_name)
    when = (
        f"As soon as NOC has confirmed that {name} is spun up"
        if after_noc
        else f"The roster of {name} lists you: now"
    )
    return f"{when}, please log out of all tools and log in again, so that your training environment is kept."


def restart_notice(names: Sequence[str]) -> str:
    """What transferred agents must do next, as a text for them (guide: "restart their computer")."""
    who = "; ".join(map(_one_line, names))
    return f"In production now, please have them restart their computer: {who}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An agent who stays in training: where BlackDash lists them, what ADP shows, and what was tried."""

    employee_id: str
    name: str
    classes: Sequence[str]
    shows: Mapping[str, str]
    mended: bool
    waited_minutes: int
    run: str


def it_stuck(about: Stuck, *, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """The escalation to IT, with the evidence (guide: "contact IT and see if something is wrong")."""
    tried = (
        "ADP was checked again in between, and a value that had changed was put right."
        if about.mended
        else "ADP was checked again in between: the values stand as below."
    )
    opening = [
        "Hello IT,",
        _listed_still(about),
        f"The rosters were looked at for {about.waited_minutes} minutes in two waits. {tried}",
        "ADP shows, on a freshly loaded page:",
    ]
    closing = [f"Please see what keeps them there. Our run: {_one_line(about.run)}.", "Thank you."]
    values = [(_one_line(field), _one_line(value)) for field, value in about.shows.items()]
    message = _message(sender=sender, to=to, subject=subject, message_id=message_id)
    listed = "\n".join(f"  {field}: {value}" for field, value in values)
    message.set_content("\n\n".join([*opening, listed, *closing]) + "\n")
    rows = "".join(f"<tr><td>{escape(field)}</td><td>{escape(value)}</td></tr>" for field, value in values)
    message.add_alternative(
        f"<html><body>{_paragraphs(opening)}<table border='1' cellpadding='4' "
        f"style='border-collapse:collapse'>{rows}</table>{_paragraphs(closing)}</body></html>",
        subtype="html",
    )
    return message


def write_eml(folder: Path, message: EmailMessage, name: str = "") -> Path:
    """The mail as a file, whole or not there at all; one with its Message-ID is never written twice.

    `name` makes the file easier to find; what tells mails apart is the Message-ID alone.
    """
    message_id = str(message["Message-ID"])
    mark = sha256(message_id.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if written := next(folder.glob(f"*{mark}.eml"), None):
        return written
    readable = re.sub("[^A-Za-z0-9]+", "-", unicodedata.normalize("NFKD", name))[:60].strip("-")
    path = folder / f"{readable or 'mail'}-{mark}.eml"
    descriptor, waiting = tempfile.mkstemp(dir=folder, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, path)  # noqa: PTH105 - named for what it promises: whole, or not there
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(waiting).unlink()
    return path


def _listed_still(about: Stuck) -> str:
    return (
        f"agent {_one_line(about.employee_id)} {_one_line(about.name)} is transferred to production in ADP, "
        f"but BlackDash still lists them in the training environment: "
        f"{', '.join(map(_one_line, about.classes))}."
    )


def _request(about: SpinUp) -> str:
    manager = f" of ESP manager {_one_line(about.manager)}" if about.manager else ""
    campaign = f", campaign {_one_line(about.campaign)}" if about.campaign else ""
    return (
        f"please spin up the training class {_one_line(about.class_name)}{manager}{campaign}, "
        f"{about.start:%m/%d/%Y} to {about.end:%m/%d/%Y}. "
        f"Its roster in BlackDash lists these {len(about.agents)} agents:"
    )


def _message(*, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is no Message-ID")
    message = EmailMessage()
    message["From"], message["To"] = _address(sender), _address(to)
    message["Subject"] = _one_line(subject)
    message["Message-ID"] = message_id
    # Mail clients open a message that is marked so as a draft, ready to send.
    message["X-Unsent"] = "1"
    return message


def _address(text: str) -> Address:
    """One plain address: a second one, or a further header, cannot hide in it."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{text!r} is no e-mail address.", next_step="Mend RPA_MAIL__FROM or the mail's recipient."
        )
    return Address(username=found[1], domain=found[2])


def _one_line(text: str) -> str:
    """The text without line ends and other signs that a header or a line of a list cannot hold."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(plain.split())


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
