"""The SMTP adapter against servers of this machine: what it sends, to whom, and what it says of it."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from rpa.adapters.mail import new_message
from rpa.adapters.smtp import Fate, SmtpServer, password_in
from rpa.domain.errors import UsageError
from tests.adapters import smtp_servers
from tests.adapters.smtp_servers import PASSWORD, USER, Certificate, Mailbox, raw_server, real_server

SIGN_IN = f"{USER}:{quote(PASSWORD, safe='')}@"
TO = "noc@example.invalid"


def letter(text: str = "Hello José,\n.\n..two dots\nend\n", to: str = TO) -> EmailMessage:
    message = new_message(
        sender="me@example.invalid", to=to, subject="Spin up: Peña", message_id="<1@rpa.invalid>"
    )
    message.set_content(text)
    return message


def server(box: Mailbox, *, scheme: str = "smtp", sign_in: str = "", **options: object) -> SmtpServer:
    return SmtpServer.of(f"{scheme}://{sign_in}127.0.0.1:{box.port}", timeout=5, **options)  # type: ignore[arg-type]


def received(box: Mailbox) -> EmailMessage:
    ((_, content),) = box.accepted
    return email.message_from_bytes(content, policy=policy.default)


@pytest.fixture(scope="module")
def mail_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return smtp_servers.certificate(tmp_path_factory.mktemp("mail"))


def test_the_mail_arrives_as_it_was_written() -> None:
    """Names, lines of dots, subject and Message-ID arrive; a Date is there, and no mark of a draft."""
    with real_server() as box:
        sending = server(box).send(letter())
    assert (sending.outcome, sending.is_usable) == (Fate.SENT, True)
    assert box.accepted[0][0] == [TO]
    message = received(box)
    assert str(message.get_content()).replace("\r\n", "\n") == "Hello José,\n.\n..two dots\nend\n"
    assert (message["Subject"], message["Message-ID"]) == ("Spin up: Peña", "<1@rpa.invalid>")
    assert message["Date"].datetime.tzinfo is not None
    assert "X-Unsent" not in message
    assert box.accepted[0][1].isascii(), "a server that knows nothing of eight bits takes it, too"


def test_lines_of_dots_arrive() -> None:
    """A line of one dot, which ends a mail on the wire, ends none of ours."""
    text = ".\n..\n. \nQUIT\n.\n"
    with real_server() as box:
        assert server(box).send(letter(text)).outcome is Fate.SENT
    assert received(box).get_content().replace("\r\n", "\n") == text


def test_blind_copies_are_blind() -> None:
    """A Bcc recipient gets the mail, and nobody reads of it; the given message stays as it was."""
    message = letter()
    message["Bcc"] = "audit@example.invalid"
    with real_server() as box:
        server(box).send(message)
    assert box.accepted[0][0] == [TO, "audit@example.invalid"]
    assert b"audit@" not in box.accepted[0][1]
    assert message["Bcc"] == "audit@example.invalid"
    assert "Date" not in message


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_encrypted_and_signed_in(scheme: str, mail_certificate: Certificate) -> None:
    """Over STARTTLS and over smtps the server gets the password as it is, signs such as % included."""
    way = {"starttls" if scheme == "smtp" else "smtps": mail_certificate.context}
    with real_server(password=PASSWORD, **way) as box:  # type: ignore[arg-type]
        sending = server(box, scheme=scheme, sign_in=SIGN_IN, ca_file=mail_certificate.file).send(letter())
    assert sending.outcome is Fate.SENT, sending.sentence
    assert len(box.accepted) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_strange_certificate_gets_nothing(scheme: str, mail_certificate: Certificate) -> None:
    """A certificate that nobody vouches for ends the round before the sign-in; the setting is named."""
    way = {"starttls" if scheme == "smtp" else "smtps": mail_certificate.context}
    with real_server(password=PASSWORD, **way) as box:  # type: ignore[arg-type]
        sending = server(box, scheme=scheme, sign_in=SIGN_IN).send(letter())
    assert (sending.outcome, sending.is_usable, box.accepted) == (Fate.LATER, False, [])
    assert "RPA_MAIL__CA_FILE" in sending.sentence


def test_no_encryption_no_password() -> None:
    """A server elsewhere that offers no STARTTLS hears neither the password nor the mail."""

    def plain(wire: smtp_servers.Wire) -> None:
        wire.say("220 raw")
        while wire.hear():
            wire.say("250-raw\r\n250 AUTH PLAIN LOGIN")

    with raw_server(plain) as box:
        # This address leads here, too, and is not one of the loopback's.
        elsewhere = SmtpServer.of(f"smtp://{SIGN_IN}0.0.0.0:{box.port}", timeout=5)
        sending = elsewhere.send(letter())
    assert (sending.outcome, sending.is_usable) == (Fate.LATER, False)
    assert "STARTTLS" in sending.sentence
    assert {command[:4].upper() for command in box.commands} <= {b"EHLO", b"QUIT", b""}


def test_a_refused_sign_in_is_not_quoted() -> None:
    """A server that repeats the password in its answer is not repeated."""
    with real_server(password="another") as box:
        sending = server(box, sign_in=SIGN_IN).send(letter())
    assert (sending.outcome, sending.is_usable, box.accepted) == (Fate.LATER, False, [])
    assert "535" in sending.sentence
    assert PASSWORD not in sending.sentence


def test_an_address_is_not_kept_in_an_answer() -> None:
    """A server's words are kept without the recipient's address, in one line."""
    with real_server(rcpt={"*": f"550 no <{TO}> here"}) as box:
        sending = server(box).send(letter())
    assert sending.outcome is Fate.REFUSED
    assert sending.sentence.endswith("refused it: 550 no <[removed]> here")


@pytest.mark.parametrize(("size", "fate"), [(20_000_000, Fate.LATER), (10, Fate.UNKNOWN)])
def test_a_connection_that_breaks_within_the_mail(size: int, fate: Fate) -> None:
    """As long as the mail's end is with us it was not sent; once the network has it, nobody knows."""
    lines = "x" * 70 + "\n"
    with raw_server(smtp_servers.drops_in_data) as box:
        sending = server(box).send(letter(lines * (size // 71 + 1)))
    assert (sending.outcome, box.accepted) == (fate, [])


def test_an_answer_that_is_none_is_unknown() -> None:
    """Words without a code after the mail leave it open whether it was taken."""
    with raw_server(smtp_servers.babbles_after_data) as box:
        assert server(box).send(letter()).outcome is Fate.UNKNOWN


@pytest.mark.parametrize(
    ("url", "password"),
    [
        (f"smtp://{SIGN_IN}mail.example.invalid", PASSWORD),
        ('smtp://me:p@ss/w"rd@mail.example.invalid:25', 'p@ss/w"rd'),
        ("smtps://mail.example.invalid:465/", ""),
        ("smtp://[::1]:2525", ""),
    ],
)
def test_addresses_of_servers(url: str, password: str) -> None:
    """A password may have any sign, encoded or not, and is known to the filter of what is said."""
    found = SmtpServer.of(url)
    assert (found.password, password_in(url)) == (password, password)
    assert password not in repr(found) or not password
    assert found.port in {25, 465, 587, 2525}


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.invalid",
        "http://c4n4ry:c4n4ry@mail.example.invalid",
        "smtp://me:c4n4ry@mail.example.invalid:99999",
        "smtp://me:c4n4ry@",
        "smtp://me:c4n4ry@a b",
        "smtp://me:c4n4ry-é@mail.example.invalid",
        "smtp://me:c4n4ry@mail.example.invalid\nX",
    ],
)
def test_wrong_addresses_are_not_quoted(url: str) -> None:
    """An address that is none is told by the setting's name, without what stands in it."""
    with pytest.raises(UsageError, match="RPA_MAIL__SMTP_URL") as wrong:
        SmtpServer.of(url)
    assert not re.search("c4n4ry|example", str(wrong.value))


def test_a_missing_certificate_file_is_told(tmp_path: Path) -> None:
    """A CA file that is not there, or holds none, is a setting to mend."""
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(UsageError, match="RPA_MAIL__CA_FILE"):
            SmtpServer.of("smtp://mail.example.invalid", tmp_path / name)
