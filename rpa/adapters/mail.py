"""Mails: their text, and how one becomes a file that a person can open and send."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape
from pathlib import Path

from rpa.domain.addresses import address_parts
from rpa.domain.errors import UsageError
from rpa.private_files import replace_whole

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+>")

# Mail programs drop style sheets and keep these.
_LETTERS = "font: 14px/1.5 Segoe UI, Helvetica, Arial, sans-serif; color: #1c2530"
_CELL = "border: 1px solid #c5ccd6; padding: 4px 8px; text-align: left; vertical-align: top"
_HEAD = f"{_CELL}; background: #eef1f5; white-space: nowrap"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinUp:
    """What NOC has to know to spin up a class; of the agents only id and name."""

    class_name: str
    manager: str
    start: date
    end: date
    agents: Sequence[tuple[str, str]]
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of their columns; an empty cell is left out of the plain text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def noc_spin_up(about: SpinUp, *, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """The request to NOC to spin up a class (guide: "Email NOC to have this class 'Spun Up'")."""
    message = new_message(sender=sender, to=to, subject=subject, message_id=message_id)
    return written(
        message,
        ["Hello NOC,", _request(about)],
        Table(("Employee ID", "Name"), about.agents),
        ["Please confirm when it is done: the agents then log out and in again.", "Thank you."],
    )


def written(
    message: EmailMessage, opening: Sequence[str], table: Table | None, closing: Sequence[str]
) -> EmailMessage:
    """The mail with its text, plain and as HTML: paragraphs, a table, paragraphs."""
    before, after = ([one_line(text) for text in texts] for texts in (opening, closing))
    rows = [[one_line(cell) for cell in row] for row in table.rows] if table else []
    listed = ["\n".join(_lines(table.columns, row) for row in rows)] if table and rows else []
    message.set_content("\n\n".join([*before, *listed, *after]) + "\n")
    shown = _html_table(table.columns, rows) if table and rows else ""
    head = f"<meta charset='utf-8'><title>{escape(str(message['Subject']))}</title>"
    body = f"{_paragraphs(before)}{shown}{_paragraphs(after)}"
    message.add_alternative(
        f"<!DOCTYPE html><html lang='en'><head>{head}</head><body style='{_LETTERS}'>{body}</body></html>",
        subtype="html",
    )
    return message


def log_out_notice(class_name: str, *, after_noc: bool) -> str:
    """What the agents must do next, as a text to send to them."""
    name = one_line(class_name)
    when = (
        f"As soon as NOC has confirmed that {name} is spun up"
        if after_noc
        else f"The roster of {name} lists you: now"
    )
    return f"{when}, please log out of all tools and log in again, so that your training environment is kept."


def restart_notice(names: Sequence[str]) -> str:
    """What transferred agents must do next (guide: "have agent restart their computer")."""
    who = "; ".join(map(one_line, names))
    return f"In production now, please have them restart their computer: {who}."


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
    # Mail clients open a message that is marked so as a draft, ready to send.
    replace_whole(path, b"X-Unsent: 1\r\n" + message.as_bytes(policy=SMTP))
    return path


def _request(about: SpinUp) -> str:
    manager = f" of ESP manager {one_line(about.manager)}" if about.manager else ""
    campaign = f", campaign {one_line(about.campaign)}" if about.campaign else ""
    return (
        f"please spin up the training class {one_line(about.class_name)}{manager}{campaign}, "
        f"{about.start:%m/%d/%Y} to {about.end:%m/%d/%Y}. "
        f"Its roster in BlackDash lists these {len(about.agents)} agents:"
    )


def new_message(*, sender: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """A mail without a text yet; ValueError for what is no Message-ID, UsageError for a wrong address."""
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is no Message-ID")
    message = EmailMessage()
    message["From"], message["To"] = _address(sender), _address(to)
    message["Subject"] = one_line(subject)
    message["Message-ID"] = message_id
    return message


def _address(text: str) -> Address:
    """One plain address: a second one, or a further header, cannot hide in it."""
    parts = address_parts(text)
    if parts is None:
        # A private address is not said, not even a wrong one.
        raise UsageError(
            "The sender or the recipient is no e-mail address.",
            next_step="Mend RPA_MAIL__FROM or the mail's recipient.",
        )
    return Address(username=parts[0], domain=parts[1])


def one_line(text: str) -> str:
    """The text without line ends and other signs that a header or a line of a list cannot hold."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(plain.split())


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _lines(columns: Sequence[str], row: Sequence[str]) -> str:
    """A row in plain text: its first two cells name it, the others stand below with their columns."""
    named = f"  {'  '.join(row[:2])}".rstrip()
    below = [f"    {name}: {cell}" for name, cell in zip(columns[2:], row[2:], strict=True) if cell]
    return "\n".join([named, *below])


def _html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th scope='col' style='{_HEAD}'>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<table style='border-collapse: collapse'><tr>{head}</tr>{body}</table>"


def _html_cell(text: str) -> str:
    return f"<td style='{_CELL}'>{escape(text)}</td>"
