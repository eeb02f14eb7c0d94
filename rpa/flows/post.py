"""Hands the outbox's letters over: to the SMTP server, or as files for a person to send."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from rpa.adapters import mail, mail_texts
from rpa.adapters.mail_texts import Escalated, Report
from rpa.adapters.smtp import Fate, SmtpServer
from rpa.domain.errors import Busy, RpaError, UsageError
from rpa.engine.outbox import Attachment, Letter, MailState, Outbox, Queued

Makers = Mapping[str, Callable[[Queued, str], EmailMessage]]

_STATES = {
    Fate.SENT: MailState.SENT,
    Fate.REFUSED: MailState.REFUSED,
    Fate.LATER: MailState.QUEUED,
    Fate.UNKNOWN: MailState.UNKNOWN,
}
# One letter that cannot be made must not hold up the others.
_UNMADE = (RpaError, OSError, LookupError, TypeError, ValueError)
LOOK_AGAIN = 0.2
# Mail servers refuse from some 10 MB on, and a picture grows by a third on its way.
MOST_ATTACHED = 5_000_000
_SENDABLE = {MailState.QUEUED, MailState.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How mails leave: who they are from, the server, or without one the folder for the files.

    `patience`: seconds to wait for another process that sends now.
    """

    sender: str
    folder: Path
    makers: Makers
    server: SmtpServer | None = None
    patience: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What one round came to: its letters as they stand now; `because` says why some had to wait."""

    letters: tuple[Queued, ...] = ()
    because: str = ""

    @property
    def undelivered(self) -> tuple[Queued, ...]:
        """The letters that were neither sent nor written."""
        gone = {MailState.SENT, MailState.WRITTEN}
        return tuple(letter for letter in self.letters if letter.state not in gone)


def send_letters(
    outbox: Outbox,
    way: Way,
    holder: str,
    chosen: Sequence[int] | None = None,
    *,
    but_of: Collection[str] = (),
) -> Posted:
    """Hand over what waits, or the chosen letters, each at most once; one process at a time.

    What the runs `but_of` have waiting is sent only where it was chosen.

    Never raises for a server that does not take them. UsageError, before anything is sent, where a chosen
    letter is not there, or cannot be sent as it stands.
    """
    if chosen is None and not (outbox.waiting() or outbox.letters(MailState.SENDING)):
        return Posted()
    # Who sends now may have looked at what waits before the last of it was queued.
    once_free = Retrying(
        retry=retry_if_exception_type(Busy),
        stop=stop_after_delay(way.patience),
        wait=wait_fixed(LOOK_AGAIN),
        reraise=True,
    )
    try:
        return once_free(_send_held, outbox, way, holder, chosen, but_of)
    except Busy as busy:
        return Posted(letters=tuple(outbox.waiting()), because=f"The mails wait: {busy.what}")


def message_of(letter: Queued, way: Way) -> EmailMessage:
    """The mail that a letter stands for, its attachments with it; OSError where one of them is gone."""
    message = way.makers[letter.kind](letter, way.sender)
    for attachment in letter.letter.attachments:
        content = attachment.content
        maintype, _, subtype = attachment.type.partition("/")
        message.add_attachment(
            content.read_bytes() if isinstance(content, Path) else content,
            maintype=maintype,
            subtype=subtype,
            filename=attachment.name,
        )
    return message


def it_letter(
    key: str, *, to: str, subject: str, agents: Sequence[Escalated], folder: Path | None = None
) -> Letter:
    """The escalation of these agents to IT, with the pictures that are in the run's folder."""
    content = {"kind": "it-escalation", "agents": [asdict(agent) for agent in agents]}
    names = [name for agent in agents for name in agent.pictures]
    attached = _pictures(folder, names) if folder else ()
    return Letter(key=key, to=to, subject=subject, content=content, attachments=attached)


def _pictures(folder: Path, names: Sequence[str]) -> tuple[Attachment, ...]:
    """Those that are there, as long as a mail server takes them all; the mail names the others."""
    found = []
    left = MOST_ATTACHED
    for path in (folder.absolute() / name for name in names):
        size = path.stat().st_size if path.is_file() else left + 1
        if size <= left:
            found.append(Attachment(name=path.name, type="image/png", content=path))
            left -= size
    return tuple(found)


def log_out_letter(key: str, *, to: str, name: str, class_name: str, after_noc: bool) -> Letter:
    """The notice to one agent to log out and in."""
    content = {"kind": "log-out", "name": name, "class_name": class_name, "after_noc": after_noc}
    return Letter(key=key, to=to, subject=f"{class_name}: please log out and in again", content=content)


def report_letter(key: str, *, to: str, subject: str, about: Report) -> Letter:
    """A report as a letter."""
    return Letter(key=key, to=to, subject=subject, content={"kind": "report", **asdict(about)})


def _send_held(
    outbox: Outbox, way: Way, holder: str, chosen: Sequence[int] | None, but_of: Collection[str]
) -> Posted:
    with outbox.held(holder) as still_mine:
        waiting = [letter for letter in outbox.waiting() if letter.run not in but_of]
        letters = waiting if chosen is None else [_sendable(outbox, one) for one in chosen]
        return _round(outbox, way, letters, still_mine)


def _sendable(outbox: Outbox, number: int) -> Queued:
    letter = outbox.letter(number)
    if letter.state not in _SENDABLE:
        raise UsageError(
            f"Mail {number} is {letter.state.value}, so it is not sent.",
            next_step=f"Nothing was sent. Did it not arrive? rpa outbox settle {number} --not-sent",
        )
    return letter


def _round(outbox: Outbox, way: Way, letters: Sequence[Queued], still_mine: Callable[[], None]) -> Posted:
    standing = {letter.id: letter for letter in letters}
    for letter in letters:
        if letter.kind not in way.makers:
            continue
        still_mine()
        standing[letter.id], because = _post(outbox, way, letter)
        if because:
            return Posted(letters=tuple(standing.values()), because=because)
    return Posted(letters=tuple(standing.values()))


def _post(outbox: Outbox, way: Way, letter: Queued) -> tuple[Queued, str]:
    """The letter after its turn, and why no other needs to be tried, if so."""
    try:
        message = message_of(letter, way)
    except _UNMADE as error:
        moved = outbox.move(
            letter, MailState.REFUSED, f"The mail could not be made: {_reason(letter, error)}"
        )
        return moved or outbox.letter(letter.id), ""
    if way.server:
        return _send(outbox, way.server, letter, message)
    path = mail.write_eml(way.folder, message, _file_name(letter))
    moved = outbox.move(letter, MailState.WRITTEN, f"Written to {path}; a person sends it.")
    return moved or outbox.letter(letter.id), ""


def _file_name(letter: Queued) -> str:
    """What a person finds the mail by; the subject of an invite is that of its session, and names nobody."""
    about = f" {letter.letter.subject}" if "sealed" in letter.letter.content else ""
    return f"{letter.id} {letter.kind}{about}"


def _reason(letter: Queued, error: Exception) -> str:
    if "sealed" in letter.letter.content:
        return "what is sealed in it does not open, or its address is none."
    return str(error) if isinstance(error, (RpaError, OSError)) else type(error).__name__


def _send(outbox: Outbox, server: SmtpServer, letter: Queued, message: EmailMessage) -> tuple[Queued, str]:
    claimed = outbox.move(letter, MailState.SENDING)
    if claimed is None:
        return outbox.letter(letter.id), ""
    sending = server.send(message)
    moved = outbox.move(claimed, _STATES[sending.outcome], sending.sentence)
    return moved or outbox.letter(letter.id), "" if sending.is_usable else sending.sentence


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


def _it_escalation(queued: Queued, sender: str) -> EmailMessage:
    agents = [Escalated(**agent) for agent in queued.letter.content["agents"]]
    return mail_texts.it_escalation(_new_message(queued, sender), agents)


def _log_out(queued: Queued, sender: str) -> EmailMessage:
    content = queued.letter.content
    return mail_texts.log_out(
        _new_message(queued, sender),
        content["class_name"],
        after_noc=content["after_noc"],
        name=content["name"],
    )


def _report(queued: Queued, sender: str) -> EmailMessage:
    about = {name: value for name, value in queued.letter.content.items() if name != "kind"}
    return mail_texts.report(_new_message(queued, sender), Report(**about))


def _new_message(queued: Queued, sender: str) -> EmailMessage:
    return mail.new_message(
        sender=sender, to=queued.letter.to, subject=queued.letter.subject, message_id=queued.message_id
    )


MAKERS: Makers = {
    "noc-spin-up": _noc_spin_up,
    "it-escalation": _it_escalation,
    "log-out": _log_out,
    "report": _report,
}
