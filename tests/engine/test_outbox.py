"""The outbox as a whole, against servers that misbehave: nothing lost, nothing twice, the rest `unknown`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import quote

import pytest

from rpa.adapters.mail_texts import Escalated, Report
from rpa.adapters.smtp import SmtpServer
from rpa.domain.errors import UsageError
from rpa.domain.runs import EventKind
from rpa.engine import audit
from rpa.engine.journal import Journal
from rpa.engine.outbox import NEXT, Attachment, Letter, MailState, Outbox, Queued
from rpa.flows.post import (
    MAKERS,
    Posted,
    Way,
    it_letter,
    log_out_letter,
    message_of,
    report_letter,
    send_letters,
)
from tests.adapters import smtp_servers
from tests.adapters.smtp_servers import PASSWORD, USER, Mailbox, Wire, raw_server, real_server
from tests.engine.sending_process import journal_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TO, COPY = "noc@example.invalid", "deputy@example.invalid"
SIGN_IN = f"{USER}:{quote(PASSWORD, safe='')}@"


@dataclass
class Post:
    """An outbox with its journal, and the way out of it."""

    folder: Path

    def __post_init__(self) -> None:
        self.journal: Journal = journal_in(self.folder)
        self.outbox = Outbox(self.journal)

    def queue(self, key: str = "a report", **more: tuple[Attachment, ...]) -> Queued:
        content = {"kind": "report", "intro": ["All is well."], "columns": [], "rows": [], "closing": []}
        letter = Letter(key=key, to=TO, subject="Report", content=content, **more)
        assert self.outbox.queue("run-1", letter, NOW)
        return self.outbox.waiting()[-1]

    def send(self, url: str, *chosen: int, timeout: float = 5, patience: float = 0) -> Posted:
        server = SmtpServer.of(url, timeout=timeout) if url else None
        way = Way(
            sender="me@example.invalid",
            folder=self.folder / "outbox",
            makers={**MAKERS, "report": with_a_copy},
            server=server,
            patience=patience,
        )
        return send_letters(self.outbox, way, "a test", chosen or None)

    def states(self) -> list[str]:
        return [letter.state.value for letter in self.outbox.letters()]

    def told(self) -> list[str]:
        """The states that the journal tells, in order."""
        events = self.journal.events_of("run-1")
        return [event.data["state"] for event in events if event.kind is EventKind.MAIL_MOVED]


def with_a_copy(queued: Queued, sender: str) -> EmailMessage:
    """The report, to a second recipient as well."""
    message = MAKERS["report"](queued, sender)
    message["Cc"] = COPY
    return message


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@contextmanager
def nobody() -> Iterator[Mailbox]:
    yield Mailbox(port=smtp_servers.free_port())


@contextmanager
def strange_certificate(folder: Path) -> Iterator[Mailbox]:
    with real_server(starttls=smtp_servers.certificate(folder).context) as box:
        yield box


@dataclass(frozen=True)
class Fault:
    """How a server misbehaves, how often it has the mail then, and what the outbox says of it."""

    server: Callable[[Path], AbstractContextManager[Mailbox]]
    state: MailState
    accepted: int = 0
    sign_in: str = ""
    size: int = 0


FAULTS = {
    "connection refused": Fault(lambda _: nobody(), MailState.QUEUED),
    "451 at RCPT": Fault(lambda _: real_server(rcpt={"*": "451 greylisted"}), MailState.QUEUED),
    "550 at RCPT": Fault(lambda _: real_server(rcpt={"*": "550 nobody here"}), MailState.REFUSED),
    "554 at DATA": Fault(lambda _: real_server(data="554 spam"), MailState.REFUSED),
    "drop before DATA": Fault(lambda _: raw_server(smtp_servers.drops_before_data), MailState.QUEUED),
    "drop in DATA": Fault(
        # More than both sockets hold, so that the drop is noticed while there is still mail to send.
        lambda _: raw_server(smtp_servers.drops_in_data),
        MailState.QUEUED,
        size=12_000_000,
    ),
    "drop after DATA": Fault(lambda _: raw_server(smtp_servers.drops_after_data), MailState.UNKNOWN, 1),
    "silence after DATA": Fault(lambda _: raw_server(smtp_servers.silent_after_data), MailState.UNKNOWN, 1),
    "451 after DATA": Fault(lambda _: real_server(data="451 later"), MailState.QUEUED),
    "strange certificate": Fault(strange_certificate, MailState.QUEUED),
    "sign-in refused": Fault(lambda _: real_server(password="another"), MailState.QUEUED, sign_in=SIGN_IN),
    "one of two refused": Fault(lambda _: real_server(rcpt={COPY: "550 gone"}), MailState.SENT, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_lost_and_nothing_doubled(name: str, post: Post, tmp_path: Path) -> None:
    """What the server has is `sent` or `unknown`; the next round sends what it provably lacks."""
    fault = FAULTS[name]
    big = tmp_path / "big.bin"
    big.write_bytes(b"x" * fault.size)
    attached = (Attachment(name="big.bin", type="application/octet-stream", content=big),)
    post.queue(attachments=attached if fault.size else ())
    with fault.server(tmp_path) as box:
        posted = post.send(f"smtp://{fault.sign_in}127.0.0.1:{box.port}", timeout=2)
    (letter,) = post.outbox.letters()
    assert (letter.state, len(box.accepted), letter.attempts) == (fault.state, fault.accepted, 1)
    assert posted.letters == (letter,)
    assert letter.sentence
    assert (COPY in letter.sentence) is (fault.state is MailState.SENT)
    with real_server() as good:
        for _ in range(2):
            post.send(f"smtp://127.0.0.1:{good.port}", timeout=60)
    waited = fault.state is MailState.QUEUED
    assert len(good.accepted) == int(waited)
    assert post.states() == ["sent" if waited else fault.state.value]
    assert audit.verify(post.journal).holds
    head = post.journal.head()
    assert head is not None
    assert head.seq == audit.verify(post.journal).events
    for path in tmp_path.glob("journal*"):
        assert b"c4n4ry" not in path.read_bytes()


def test_a_server_that_is_away_is_asked_once(post: Post) -> None:
    """Where the sign-in is refused, one letter finds out; the others are not even tried."""
    for key in ("a", "b", "c"):
        post.queue(key)
    with real_server(password="another") as box:
        posted = post.send(f"smtp://{SIGN_IN}127.0.0.1:{box.port}")
    assert [letter.attempts for letter in posted.letters] == [1, 0, 0]
    assert post.states() == ["queued"] * 3
    assert "sign-in" in posted.because


def test_a_refused_letter_does_not_hold_up_the_others(post: Post) -> None:
    """A letter that cannot be made is `refused`; the next ones go out; it can be sent later."""
    gone = post.folder / "gone.html"
    post.queue("a", attachments=(Attachment(name="r.html", type="text/html", content=gone),))
    post.queue("b", attachments=(Attachment(name="b.bin", type="application/x-b", content=b"\0\xff"),))
    with real_server() as box:
        url = f"smtp://127.0.0.1:{box.port}"
        post.send(url)
        assert post.states() == ["refused", "sent"]
        gone.write_text("<p>There it is.</p>")
        post.send(url)
        assert post.states() == ["refused", "sent"], "only a person tries it again"
        post.send(url, 1)
    assert post.states() == ["sent", "sent"]
    attached = [
        next(message_from_bytes(content, policy=default).iter_attachments()).get_content()
        for _, content in box.accepted
    ]
    assert attached == [b"\0\xff", "<p>There it is.</p>"]


def test_a_letter_that_makes_no_sense_says_nothing_private(post: Post) -> None:
    """A letter of another version is refused by what is wrong with it; of a sealed one nothing is told."""
    broken = {"kind": "noc-spin-up", "class_name": "ESP"}
    post.outbox.queue("run-1", Letter(key="a", to=TO, subject="s", content=broken), NOW)
    post.outbox.queue(
        "run-1",
        Letter(key="b", to="1001 personal", subject="s", content={"kind": "log-out", "sealed": ""}),
        NOW,
    )
    post.queue()
    with real_server() as box:
        post.send(f"smtp://127.0.0.1:{box.port}")
    assert post.states() == ["refused", "refused", "sent"]
    sentences = [letter.sentence for letter in post.outbox.letters()]
    assert sentences[0].endswith("KeyError")
    assert "sealed" in sentences[1]


def test_without_a_server_letters_become_files(post: Post) -> None:
    """A file for each letter, once: one that was sent and thrown away does not come back."""
    post.queue()
    post.send("")
    (file,) = (post.folder / "outbox").iterdir()
    assert message_from_bytes(file.read_bytes())["X-Unsent"] == "1"
    assert str(file) in post.outbox.letters()[0].sentence
    file.unlink()
    assert post.send("").letters == ()
    assert post.states() == ["written"]
    assert not list((post.folder / "outbox").iterdir())


@pytest.mark.parametrize("state", [MailState.SENT, MailState.UNKNOWN, MailState.DISCARDED, MailState.WRITTEN])
def test_chosen_letters_must_wait_or_be_refused(post: Post, state: MailState) -> None:
    """Asking for a letter by its number sends none that may be with its reader already, or is not wanted."""
    letter = post.queue()
    if state in {MailState.SENT, MailState.UNKNOWN}:
        letter = post.outbox.move(letter, MailState.SENDING) or letter
    assert post.outbox.move(letter, state)
    with real_server() as box, pytest.raises(UsageError, match=state.value):
        post.send(f"smtp://127.0.0.1:{box.port}", letter.id)
    assert box.accepted == []
    with pytest.raises(UsageError, match="no mail 99"):
        post.send("", 99)


def answers_when(may_go_on: threading.Event, has_it: threading.Event) -> Callable[[Wire], None]:
    """A server that takes the mail, and says so when it is let."""

    def conversation(wire: Wire) -> None:
        wire.up_to_data()
        wire.accept()
        has_it.set()
        may_go_on.wait(60)
        wire.say("250 OK")
        wire.hear()

    return conversation


def stalls_before_data(may_go_on: threading.Event, has_it: threading.Event) -> Callable[[Wire], None]:
    """A server that never answers to MAIL."""

    def conversation(wire: Wire) -> None:
        wire.say("220 raw")
        wire.hear()
        wire.say("250 OK")
        wire.hear()
        has_it.set()
        may_go_on.wait(60)

    return conversation


@pytest.mark.parametrize(("server", "accepted"), [(answers_when, 1), (stalls_before_data, 0)])
def test_killed_in_sending(
    post: Post,
    server: Callable[[threading.Event, threading.Event], Callable[[Wire], None]],
    accepted: int,
) -> None:
    """A process that is killed while it sends leaves an `unknown` letter, never sent again by us."""
    post.queue()
    may_go_on, has_it = threading.Event(), threading.Event()
    with raw_server(server(may_go_on, has_it)) as box, real_server() as good:
        command = [sys.executable, "-m", "tests.engine.sending_process", str(post.folder), str(box.port)]
        with subprocess.Popen(command) as process:
            assert has_it.wait(30)
            assert post.states() == ["sending"]
            process.kill()
        may_go_on.set()
        for _ in range(3):
            post.send(f"smtp://127.0.0.1:{good.port}")
    assert post.states() == ["unknown"]
    assert len(box.accepted) + len(good.accepted) == accepted
    assert post.told() == ["sending", "unknown"]


def test_two_processes_send_once(post: Post) -> None:
    """While one sends, another is told so and leaves everything as it is; what waits stays for later."""
    post.queue()
    may_go_on, has_it = threading.Event(), threading.Event()
    with raw_server(answers_when(may_go_on, has_it)) as box, real_server() as good:
        first = Post(post.folder)
        sending = threading.Thread(target=first.send, args=[f"smtp://127.0.0.1:{box.port}"])
        sending.start()
        assert has_it.wait(30)
        post.queue("another")
        posted = post.send(f"smtp://127.0.0.1:{good.port}")
        assert "The mails wait" in posted.because
        assert post.states() == ["sending", "queued"]
        may_go_on.set()
        sending.join(30)
    assert (len(box.accepted), len(good.accepted)) == (1, 0)
    assert post.states() == ["sent", "queued"]


def test_a_patient_sender_waits_for_the_one_before(post: Post) -> None:
    """What was queued too late for the process that sends now goes out with the one that waited for it."""
    post.queue()
    may_go_on, has_it = threading.Event(), threading.Event()
    with raw_server(answers_when(may_go_on, has_it)) as box, real_server() as good:
        first = threading.Thread(target=Post(post.folder).send, args=[f"smtp://127.0.0.1:{box.port}"])
        first.start()
        assert has_it.wait(30)
        post.queue("another")
        threading.Timer(1, may_go_on.set).start()
        posted = post.send(f"smtp://127.0.0.1:{good.port}", patience=30)
        first.join(30)
    assert posted.undelivered == ()
    assert (len(box.accepted), len(good.accepted)) == (1, 1)
    assert post.states() == ["sent", "sent"]


def test_a_late_answer_settles_what_was_given_up(post: Post) -> None:
    """A sender that was taken for dead knows better than `unknown`, but not than a new attempt."""
    claimed = post.outbox.move(post.queue(), MailState.SENDING)
    assert claimed
    given_up = post.outbox.move(claimed, MailState.UNKNOWN)
    assert given_up
    assert post.outbox.move(claimed, MailState.SENT, "took it")
    assert post.states() == ["sent"]
    first = post.outbox.move(post.queue("b"), MailState.SENDING)
    assert first
    waiting = post.outbox.move(first, MailState.QUEUED)
    assert waiting
    assert post.outbox.move(waiting, MailState.SENDING)
    assert post.outbox.move(first, MailState.SENT) is None
    assert post.states() == ["sent", "sending"]


@pytest.mark.parametrize("state", MailState)
def test_states_follow_one_another(post: Post, state: MailState) -> None:
    """A letter comes to `sending` only from where it was provably not sent, and from `sent` nowhere."""
    letter = post.queue()
    for other in set(MailState) - NEXT[MailState.QUEUED]:
        with pytest.raises(ValueError, match="not followed"):
            post.outbox.move(letter, other)
    may_be_sent = state in {MailState.QUEUED, MailState.REFUSED}
    assert (MailState.SENDING in NEXT[state]) is may_be_sent
    assert not NEXT[MailState.SENT]


def test_a_claim_is_one_process_s(post: Post) -> None:
    """Of two that saw a letter waiting, one gets it; the other changes and journals nothing."""
    letter = post.queue()
    assert post.outbox.move(letter, MailState.SENDING)
    assert post.outbox.move(letter, MailState.SENDING) is None
    assert post.outbox.move(letter, MailState.DISCARDED) is None
    assert post.told() == ["sending"]


def test_times_are_in_utc(post: Post) -> None:
    """A letter queued by a clock of another zone is told at the right moment."""
    there = NOW.astimezone(timezone(timedelta(hours=-7)))
    content = {"kind": "report", "intro": [], "columns": [], "rows": [], "closing": []}
    post.outbox.queue("run-1", Letter(key="k", to=TO, subject="s", content=content), there)
    (letter,) = post.outbox.letters()
    assert letter.created_at == NOW


def test_kinds_of_mail(post: Post) -> None:
    """The escalation names agents, deeds and pictures, the notice what to do; a report has its table."""
    agent = Escalated(
        employee_id="1001",
        name="<Smith>, Ann",
        class_name="ESP Whitfield 12/04",
        done="Transferred to Aetna - Contact Center",
        at="11/23/2026 10:12",
        shows="still on ESP Whitfield 12/04",
        pictures=["1001-after.png"],
    )
    about = Report(intro=["Two agents."], columns=["Agent", "Team", "Lack"], rows=[["1001", "L", "AHIP"]])
    letters = [
        it_letter("it", to="it@example.invalid", subject="Roster", agents=[agent]),
        log_out_letter("out", to=TO, name="Ann", class_name="Aetna", after_noc=False),
        report_letter("rep", to=TO, subject="Daily", about=about),
    ]
    way = Way(sender="me@example.invalid", folder=post.folder, makers=MAKERS)
    texts = []
    for letter in letters:
        assert post.outbox.queue("run-1", letter, NOW)
        message = message_of(post.outbox.waiting()[-1], way)
        html, plain = message.get_body(("html",)), message.get_body(("plain",))
        assert html
        assert plain
        texts.append((plain.get_content(), html.get_content()))
    assert texts[0][0] == (
        "Hello IT,\n\nADP was changed for this agent and read back, but BlackDash still does not show it:\n\n"
        "  1001  <Smith>, Ann\n    Class: ESP Whitfield 12/04\n"
        "    Done in ADP: Transferred to Aetna - Contact Center\n    When: 11/23/2026 10:12\n"
        "    BlackDash shows: still on ESP Whitfield 12/04\n    Pictures: 1001-after.png\n\n"
        "Please look why the change does not arrive in BlackDash, and tell us when it is mended.\n\n"
        "Thank you.\n"
    )
    assert "&lt;Smith&gt;, Ann</td>" in texts[0][1]
    assert "Hello Ann,\n\nThe roster of Aetna lists you: now, please log out" in texts[1][0]
    assert texts[2][0] == "Two agents.\n\n  1001  L\n    Lack: AHIP\n"
    assert ">Lack</th>" in texts[2][1]


def test_reason_of_a_run_that_was_taken_back_counts_again(post: Post) -> None:
    """After an undo the same extension asks NOC again, and only that mail goes; a resumed run asks once."""
    letter = Letter(key="noc|class", to=TO, subject="Spin up", content={"kind": "report"})
    assert post.outbox.queue("run-1", letter, NOW)
    assert not post.outbox.queue("run-1", letter, NOW)
    for _ in range(2):  # an undo that is killed and resumed takes it back once
        post.outbox.take_back("run-1", by="run-2")
    assert post.outbox.queue("run-3", letter, NOW)
    post.outbox.take_back("run-1", by="run-2")
    assert not post.outbox.queue("run-3", letter, NOW)
    assert post.outbox.queued_by("noc|class") == "run-3"
    assert [mail.run for mail in post.outbox.waiting()] == ["run-3"]
    assert "run-2" in post.outbox.letters(MailState.DISCARDED)[0].sentence


def test_mail_that_has_gone_is_not_taken_back(post: Post) -> None:
    """What NOC has in its mailbox stays sent, whatever becomes of the run."""
    letter = Letter(key="noc|class", to=TO, subject="Spin up", content={"kind": "report"})
    assert post.outbox.queue("run-1", letter, NOW)
    post.outbox.move(post.outbox.waiting()[0], MailState.WRITTEN)
    post.outbox.take_back("run-1", by="run-2")
    assert [mail.state for mail in post.outbox.letters()] == [MailState.WRITTEN]


def test_each_mail_has_an_id_of_its_own(post: Post) -> None:
    """Also one run's second mail for one reason, after the first was taken back: no server drops it."""
    letter = Letter(key="noc|class", to=TO, subject="Spin up", content={"kind": "report"})
    for _ in range(2):
        assert post.outbox.queue("run-1", letter, NOW)
        post.outbox.take_back("run-1", by="run-2")
    assert post.outbox.queued_by("noc|class") == ""
    assert len({mail.message_id for mail in post.outbox.letters()}) == 2


def test_a_refused_mail_is_made_anew_for_its_reason(post: Post) -> None:
    """The address is put right in the settings and the run goes on: the mail goes there, and once."""
    bad = Letter(key="noc", to="nocc@example.invalid", subject="Spin up", content={"kind": "report"})
    good = Letter(key="noc", to=TO, subject="Spin up", content={"kind": "report"})
    assert post.outbox.queue("run-1", bad, NOW)
    refused = post.outbox.move(post.outbox.waiting()[0], MailState.REFUSED, "550 no such user")
    assert refused is not None
    assert not post.outbox.queue("run-2", good, NOW)
    assert post.outbox.queue("run-1", good, NOW)
    (mail,) = post.outbox.letters()
    assert (mail.state, mail.letter.to, mail.run) == (MailState.QUEUED, TO, "run-1")
    assert mail.message_id != refused.message_id
    assert not post.outbox.queue("run-1", good, NOW)
    assert audit.verify(post.journal).holds


@pytest.mark.parametrize("state", [MailState.SENDING, MailState.WRITTEN, MailState.DISCARDED])
def test_no_other_mail_is_made_anew(post: Post, state: MailState) -> None:
    """Whoever may have it, or has said that nobody shall, is not overruled by a later run."""
    letter = Letter(key="noc", to=TO, subject="Spin up", content={"kind": "report"})
    assert post.outbox.queue("run-1", letter, NOW)
    assert post.outbox.move(post.outbox.waiting()[0], state)
    assert not post.outbox.queue("run-2", letter, NOW)
    assert post.states() == [state.value]
