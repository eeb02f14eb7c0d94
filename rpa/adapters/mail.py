"""Mails: their text, and how one becomes a file that a person can open and send."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinUp:
    """What NOC has to know to spin up a class; of the agents only id and name."""

    class_name: str
    manager: str
    start: date
    end: date
    agents: Sequence[tuple[str, str]]


def noc_spin_up(about: SpinUp, *, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """The request to NOC to spin up a class (guide: "Email NOC to have this class 'Spun Up'")."""
    dates = f"{about.start:%m/%d/%Y} to {about.end:%m/%d/%Y}"
    manager = f" (ESP manager {about.manager})" if about.manager else ""
    opening = (
        f"Hello NOC,\n\nplease spin up the training class {about.class_name}{manager}, {dates}. "
        f"Its roster in BlackDash lists these {len(about.agents)} agents:\n"
    )
    closing = "Please confirm when it is done: the agents then log out and in again.\n\nThank you."
    text = [f"  {agent}  {name}" for agent, name in about.agents]
    rows = "".join(
        f"<tr><td>{escape(agent)}</td><td>{escape(name)}</td></tr>" for agent, name in about.agents
    )
    message = _message(sender=sender, to=to, subject=subject, message_id=message_id)
    message.set_content("\n".join([opening, *text, "", closing, ""]))
    message.add_alternative(
        f"<html><body>{_paragraphs(opening)}<table border='1' cellpadding='4' "
        f"style='border-collapse:collapse'><tr><th>Employee ID</th><th>Name</th></tr>{rows}</table>"
        f"{_paragraphs(closing)}</body></html>",
        subtype="html",
    )
    return message


def log_out_notice(class_name: str, *, after_noc: bool) -> str:
    """What the agents must do next, as a text to send to them."""
    when = f"As soon as NOC has confirmed that {class_name} is spun up" if after_noc else "Now"
    return f"{when}, please log out of all tools and log in again, so that your training environment is kept."


def write_eml(folder: Path, message: EmailMessage) -> Path:
    """The mail as a file named by its Message-ID; one that is there already is left as it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = re.sub(r"[^A-Za-z0-9.-]", "", str(message["Message-ID"]).strip("<>").split("@")[0])
    path = folder / f"{name}.eml"
    if path.exists():
        return path
    waiting = path.with_suffix(".tmp")
    waiting.write_bytes(message.as_bytes(policy=SMTP))
    waiting.chmod(0o600)
    os.replace(waiting, path)  # noqa: PTH105 - named for what it promises: whole, or not there
    return path


def _message(*, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = _one_line(sender), _one_line(to)
    message["Subject"] = _one_line(subject)
    message["Message-ID"] = message_id
    # Mail clients open a message that is marked so as a draft, ready to send.
    message["X-Unsent"] = "1"
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
