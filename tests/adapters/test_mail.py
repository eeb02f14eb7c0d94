"""Mails to NOC: what they hold, what they cannot be made to hold, and how they become files."""

from __future__ import annotations

import email
import re
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.adapters.mail import SpinUp, log_out_notice, noc_spin_up, write_eml
from rpa.domain.errors import UsageError

AGENTS = [("1001", "Smith, Ann"), ("1002", "Peña, José")]
MESSAGE_ID = "<0123abcd@rpa.invalid>"
HEADERS = {"From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"}


def spin_up(
    class_name: str = "ESP Whitfield 12/04",
    manager: str = "Dana Whitfield",
    name: str = "Smith, Ann",
    subject: str = "Please spin up",
    to: str = "noc@example.invalid",
    message_id: str = MESSAGE_ID,
) -> EmailMessage:
    about = SpinUp(
        class_name=class_name,
        manager=manager,
        start=date(2026, 11, 30),
        end=date(2026, 12, 4),
        agents=[("1001", name), *AGENTS[1:]],
        campaign="Aetna",
    )
    return noc_spin_up(about, sender="me@example.invalid", to=to, subject=subject, message_id=message_id)


def read_again(message: EmailMessage) -> EmailMessage:
    """The message as the receiving side reads it."""
    return email.message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_noc_gets_class_dates_and_agents() -> None:
    """NOC learns the class, whose it is, its dates, and each agent by id and name."""
    assert part(read_again(spin_up()), "plain").replace("\r\n", "\n") == (
        "Hello NOC,\n\n"
        "please spin up the training class ESP Whitfield 12/04 of ESP manager Dana Whitfield, campaign "
        "Aetna, 11/30/2026 to 12/04/2026. Its roster in BlackDash lists these 2 agents:\n\n"
        "  1001  Smith, Ann\n  1002  Peña, José\n\n"
        "Please confirm when it is done: the agents then log out and in again.\n\nThank you.\n"
    )


def test_html_says_the_same_and_is_escaped() -> None:
    """The HTML alternative lists the same agents, and a name cannot become markup."""
    html = part(read_again(spin_up(name="<script>alert(1)</script>")), "html")
    assert re.search("<td [^>]+>1002</td><td [^>]+>Peña, José</td>", html)
    assert "&lt;script&gt;" in html
    assert "<script" not in html


@given(text=st.text(max_size=60))
def test_no_header_can_be_smuggled_in(text: str) -> None:
    """Whatever stands in a name or a subject, the mail has its own headers and one recipient."""
    evil = f"{text}\r\nBcc: evil@example.invalid\n\rX-Evil: 1\u2028Cc: e@example.invalid"
    message = read_again(spin_up(class_name=evil, manager=evil, name=evil, subject=evil))
    assert set(message.keys()) == HEADERS
    assert message["To"] == "noc@example.invalid"
    for line in part(message, "plain").splitlines():
        assert not line.startswith(("Bcc:", "X-Evil:", "Cc:"))


@pytest.mark.parametrize(
    "to",
    [
        "noc@example.invalid, evil@example.invalid",
        "noc@example.invalid\nBcc: evil@example.invalid",
        "NOC <noc@example.invalid>",
        "noc",
        "",
    ],
)
def test_one_plain_recipient(to: str) -> None:
    """A recipient that is not one plain address is a setting to mend, and no mail is made."""
    with pytest.raises(UsageError, match="no e-mail address"):
        spin_up(to=to)


@pytest.mark.parametrize(
    "message_id", ["", "0123@rpa.invalid", "<a@b>\r\nBcc: e@example.invalid", "<../x@b>"]
)
def test_message_id_is_one(message_id: str) -> None:
    """What keeps mails apart must be a Message-ID and nothing else."""
    with pytest.raises(ValueError, match="no Message-ID"):
        spin_up(message_id=message_id)


def test_file_is_the_mail(tmp_path: Path) -> None:
    """The file is the mail as a mail client opens it, and only this user may read it."""
    path = write_eml(tmp_path / "outbox", spin_up(), "Spin-up of ESP Whitfield 12/04")
    assert path.name.startswith("Spin-up-of-ESP-Whitfield-12-04-")
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["Message-ID"] == MESSAGE_ID
    assert message["X-Unsent"] == "1"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_one_file_for_a_message_id(tmp_path: Path) -> None:
    """A mail that was written is not written again, under whatever name and text; another one is."""
    first = write_eml(tmp_path, spin_up(), "a")
    before = first.read_bytes()
    assert write_eml(tmp_path, spin_up(class_name="Another"), "b") == first
    assert first.read_bytes() == before
    second = write_eml(tmp_path, spin_up(message_id="<another@rpa.invalid>"))
    assert sorted(tmp_path.iterdir()) == sorted([first, second])


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b", "CON:\\x", "é" * 300, ""])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    """Whatever a class is called, its mail lies in the outbox."""
    path = write_eml(tmp_path / "outbox", spin_up(), name)
    assert path.parent == tmp_path / "outbox"
    assert [entry.name for entry in tmp_path.iterdir()] == ["outbox"]


def test_nothing_is_left_of_a_mail_that_failed(tmp_path: Path) -> None:
    """Where the mail cannot be written no half of it remains."""

    class Unwritable(EmailMessage):
        def as_bytes(self, *_: object, **__: object) -> bytes:
            raise OSError("the disk is full")

    message = Unwritable()
    message["Message-ID"] = MESSAGE_ID
    with pytest.raises(OSError, match="full"):
        write_eml(tmp_path, message)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("after_noc", "words"), [(True, "As soon as NOC has confirmed"), (False, "now, please")]
)
def test_agents_learn_when_to_log_out(after_noc: bool, words: str) -> None:
    """Agents log out and in once NOC has confirmed, or at once where no NOC is needed."""
    notice = log_out_notice("ESP Whitfield\n12/04", after_noc=after_noc)
    assert words in notice
    assert "ESP Whitfield 12/04" in notice
    assert "log out of all tools and log in again" in notice
