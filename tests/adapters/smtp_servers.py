"""SMTP servers of this machine, and what they accepted: a real one, and one for each way to misbehave."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = 'mail-c4n4ry"/&%'
USER = "robot"


@dataclass
class Mailbox:
    """A server's address, and every mail that it has accepted, as (recipients, bytes)."""

    port: int = 0
    accepted: list[tuple[list[str], bytes]] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)


@dataclass
class Handler:
    """What the real server answers; whatever it takes is in the mailbox before it says so."""

    box: Mailbox
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    must_sign_in: bool = False

    async def handle_RCPT(  # noqa: N802 - the library's names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.rcpt.get(address, self.rcpt.get("*", "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.must_sign_in and not session.authenticated:
            return "530 Sign in first"
        if self.data.startswith("250"):
            self.box.accepted.append((list(envelope.rcpt_tos), envelope.content))
        return self.data


@contextmanager
def real_server(
    *,
    rcpt: dict[str, str] | None = None,
    data: str = "250 OK",
    starttls: ssl.SSLContext | None = None,
    smtps: ssl.SSLContext | None = None,
    password: str = "",
) -> Iterator[Mailbox]:
    """Aiosmtpd on a free port until the block ends."""
    box = Mailbox()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password.decode() == password
        # A server that repeats the sign-in in its answer: nobody may see that.
        shown = given.password.decode() if isinstance(given, LoginPassword) else ""
        return AuthResult(success=right, handled=False, message=None if right else f"535 not {shown}")

    options: dict[str, Any] = {"enable_SMTPUTF8": False, "tls_context": starttls}
    if password:
        options |= {"authenticator": check, "auth_require_tls": starttls is not None}
    controller = Controller(
        Handler(box, rcpt or {}, data, must_sign_in=bool(password)),
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=smtps,
        **options,
    )
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


Conversation = Callable[["Wire"], None]


class Wire:
    """One connection of the raw server."""

    def __init__(self, connection: socket.socket, box: Mailbox) -> None:
        self.connection = connection
        self.box = box
        self.file = connection.makefile("rb")

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def hear(self) -> bytes:
        line = self.file.readline()
        self.box.commands.append(line)
        return line

    def up_to_data(self) -> None:
        """The usual conversation up to the answer 354."""
        self.say("220 raw")
        while not self.hear().upper().startswith(b"DATA"):
            self.say("250 OK")
        self.say("354 go on")

    def data(self) -> bytes:
        """The mail up to its end."""
        lines = []
        while (line := self.file.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)

    def accept(self) -> None:
        """Take the mail, as a server does right before it would say so."""
        self.box.accepted.append(([], self.data()))

    def reset(self) -> None:
        """End the connection at once, whatever is under way."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def raw_server(conversation: Conversation) -> Iterator[Mailbox]:
    """A server that talks as the function says, one connection after the other."""
    listening = socket.create_server(("127.0.0.1", 0))
    # A small window: what is sent beyond it waits for a reader.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    box = Mailbox(port=listening.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                wire = Wire(connection, box)
                with wire.file:
                    try:
                        conversation(wire)
                    except OSError:
                        continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def drops_before_data(wire: Wire) -> None:
    wire.say("220 raw")
    while not wire.hear().upper().startswith(b"DATA"):
        wire.say("250 OK")


def drops_in_data(wire: Wire) -> None:
    wire.up_to_data()
    wire.file.readline()
    wire.reset()


def drops_after_data(wire: Wire) -> None:
    wire.up_to_data()
    wire.accept()


def silent_after_data(wire: Wire) -> None:
    wire.up_to_data()
    wire.accept()
    wire.file.readline()  # until the other side gives up


def babbles_after_data(wire: Wire) -> None:
    wire.up_to_data()
    wire.accept()
    wire.say("what?")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for this machine, its file, and the server's side of it."""

    file: Path
    context: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    """A certificate for 127.0.0.1 and 0.0.0.0 that no one vouches for but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.invalid")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName(
        [x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("0.0.0.0"))]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "mail.pem", folder / "mail.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return Certificate(file, context)
