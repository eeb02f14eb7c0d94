"""An SMTP server: takes a mail, and tells as much of its fate as can be known."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

from rpa.adapters.mail import one_line
from rpa.domain.errors import UsageError

# Every server takes seven bits; of eight it must be asked.
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
_URL = re.compile(r"(smtps?)://(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?/?", re.DOTALL)
_USUAL_PORTS = {"smtp": 587, "smtps": 465}
_LONGEST_ANSWER = 200
_GO_ON, _DONE = 354, 250
_TROUBLE = (smtplib.SMTPException, OSError)


class Fate(StrEnum):
    """What became of a mail: `later` is provably not accepted now, `unknown` may have been accepted."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sending:
    """The fate of one mail, and a sentence; `is_usable` is False where no other mail would fare better."""

    outcome: Fate
    sentence: str
    is_usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mails are handed in; `timeout` in seconds, for each answer."""

    host: str
    port: int
    is_tls: bool
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    context: ssl.SSLContext = field(repr=False)
    timeout: float = 30

    @classmethod
    def of(cls, url: str, ca_file: Path | None = None, timeout: float = 30) -> SmtpServer:
        """The server of smtp://user:password@host:port or smtps://…; UsageError, which never quotes it."""
        scheme, username, password, host, port = _parts(url)
        try:
            # With a file of its own, only what that file vouches for is trusted.
            context = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise UsageError(
                f"RPA_MAIL__CA_FILE {ca_file} cannot be used: {error.strerror or 'it holds no certificate'}.",
                next_step="No mail was sent. Name a file with the certificates in PEM form.",
            ) from error
        return cls(
            host=host,
            port=port,
            is_tls=scheme == "smtps",
            username=username,
            password=password,
            context=context,
            timeout=timeout,
        )

    def send(self, message: EmailMessage) -> Sending:
        """Hand the mail in, once; never raises for what the server or the network does."""
        try:
            smtp = self._signed_in()
        except _Unfit as unfit:
            return Sending(Fate.LATER, str(unfit), is_usable=False)
        except _TROUBLE as error:
            return Sending(Fate.LATER, self._reason(error), is_usable=False)
        try:
            return self._hand_in(smtp, message)
        finally:
            smtp.close()

    def _signed_in(self) -> smtplib.SMTP:
        smtp = self._connected()
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self.is_tls:
                self._encrypt(smtp)
            if self.username:
                self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _connected(self) -> smtplib.SMTP:
        if self.is_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=self.context)
            smtp.ehlo()
        elif not _is_loopback(self.host):
            raise _Unfit(f"{self._name} offers no encryption (STARTTLS), so nothing was told to it.")

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("auth"):
            raise _Unfit(f"{self._name} takes no sign-in; RPA_MAIL__SMTP_URL has one.")
        try:
            smtp.login(self.username, self.password)
        except smtplib.SMTPAuthenticationError as error:
            # What such an answer says may repeat the sign-in itself.
            raise _Unfit(
                f"{self._name} refused the sign-in ({error.smtp_code}); see RPA_MAIL__SMTP_URL."
            ) from None

    def _hand_in(self, smtp: smtplib.SMTP, message: EmailMessage) -> Sending:
        """From MAIL to the last answer: until all data was sent, nothing can have been accepted."""
        recipients = _addresses(message, "To", "Cc", "Bcc")
        try:
            code, answer = smtp.mail(_addresses(message, "From")[0])
            if code != _DONE:
                return self._not_taken(code, answer, recipients)
            answers = {to: smtp.rcpt(to) for to in recipients}
            refused = {to: said for to, said in answers.items() if said[0] // 100 != 2}  # noqa: PLR2004
            if len(refused) == len(answers):
                # As long as one of them may be taken later, the mail is not refused.
                return self._not_taken(*min(refused.values()), recipients)
            code, answer = smtp.docmd("DATA")
            if code != _GO_ON:
                return self._not_taken(code, answer, recipients)
            smtp.send(_data(message))
        except _TROUBLE as error:
            return Sending(Fate.LATER, self._reason(error))
        return self._answered(smtp, recipients, refused)

    def _answered(
        self, smtp: smtplib.SMTP, recipients: Sequence[str], refused: dict[str, tuple[int, bytes]]
    ) -> Sending:
        try:
            code, answer = smtp.getreply()
        except _TROUBLE:
            return Sending(Fate.UNKNOWN, f"{self._name} got the whole mail and did not answer.")
        if code // 100 in {4, 5}:
            return self._not_taken(code, answer, recipients)
        if code // 100 != 2:  # noqa: PLR2004
            return Sending(Fate.UNKNOWN, f"{self._name} got the whole mail, and its answer is no answer.")
        with suppress(*_TROUBLE):
            smtp.putcmd("QUIT")
        if not refused:
            return Sending(Fate.SENT, f"{self._name} took it.")
        names = ", ".join(f"{to} ({said[0]})" for to, said in refused.items())
        return Sending(Fate.SENT, f"{self._name} took it, but not for {names}.")

    def _not_taken(self, code: int, answer: bytes, recipients: Sequence[str]) -> Sending:
        said = self._said(answer, recipients)
        if code // 100 == 5:  # noqa: PLR2004
            return Sending(Fate.REFUSED, f"{self._name} refused it: {code} {said}")
        return Sending(Fate.LATER, f"{self._name} did not take it now: {code} {said}")

    def _said(self, answer: bytes, recipients: Sequence[str] = ()) -> str:
        """The server's words in one line, without what a person must not read: addresses, the password."""
        text = one_line(answer.decode("utf-8", errors="replace"))
        for hidden in (*recipients, self.password):
            text = text.replace(hidden, "[removed]") if hidden else text
        return text[:_LONGEST_ANSWER]

    def _reason(self, error: Exception) -> str:
        match error:
            case ssl.SSLCertVerificationError():
                return (
                    f"The certificate of {self._name} is not trusted ({error.verify_message}); "
                    f"RPA_MAIL__CA_FILE names one that vouches for it."
                )
            case ssl.SSLError():
                return f"No encrypted connection to {self._name} could be made."
            case smtplib.SMTPResponseException():
                said = error.smtp_error
                words = said if isinstance(said, bytes) else str(said).encode()
                return f"{self._name} did not want to talk: {error.smtp_code} {self._said(words)}"
            case smtplib.SMTPException():
                return f"{self._name} ended the connection before it had the mail."
            case OSError():
                return f"{self._name} cannot be reached: {error.strerror or 'no answer'}."
        raise error

    @property
    def _name(self) -> str:
        return f"{self.host}:{self.port}"


class _Unfit(Exception):
    """This server cannot be used as it is set."""


def password_in(url: str) -> str:
    """The password of such an address, as the server gets it; empty where there is none."""
    found = _URL.fullmatch(url)
    return unquote((found[2] or "").partition(":")[2]) if found else ""


def _parts(url: str) -> tuple[str, str, str, str, int]:
    found = _URL.fullmatch(url)
    wrong = UsageError(
        "RPA_MAIL__SMTP_URL is no smtp://user:password@host:port or smtps://….",
        next_step="No mail was sent. Signs such as @ or % in a password are written as %40 and %25.",
    )
    if found is None:
        raise wrong
    scheme, sign_in, host, port = found.groups()
    username, _, password = (sign_in or "").partition(":")
    if not (unquote(username) + unquote(password)).isascii() or int(port or 1) not in range(1, 65536):
        raise wrong
    return scheme, unquote(username), unquote(password), host.strip("[]"), int(port or _USUAL_PORTS[scheme])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _addresses(message: EmailMessage, *headers: str) -> list[str]:
    found = [header for name in headers for header in message.get_all(name, [])]
    return list(dict.fromkeys(address.addr_spec for header in found for address in header.addresses))


def _data(message: EmailMessage) -> bytes:
    """The mail as DATA wants it, with its end."""
    sent = deepcopy(message)
    del sent["Bcc"]
    if "Date" not in sent:
        sent["Date"] = format_datetime(localtime())
    text = sent.as_bytes(policy=_SEVEN_BITS)
    text = text if text.endswith(b"\r\n") else text + b"\r\n"
    return re.sub(rb"^\.", b"..", text, flags=re.MULTILINE) + b".\r\n"
