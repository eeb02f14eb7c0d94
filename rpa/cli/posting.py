"""Sends what waits in the outbox, for every command that has queued a mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from email.message import EmailMessage

from rpa.cli import output
from rpa.cli.office import Office
from rpa.domain.errors import RpaError
from rpa.engine.outbox import MailState, Queued
from rpa.flows.post import MAKERS, Posted, Way, send_letters

MOST_NAMED = 3
PATIENCE = 20.0
WORDS = {
    MailState.SENT: "sent",
    MailState.WRITTEN: "for you to send",
    MailState.UNKNOWN: "sent or not, nobody knows",
}


def post_waiting(office: Office, holder: str) -> Posted:
    """One round for all that waits; never raises, so that no mail spoils what was done before it."""
    try:
        return post(office, holder)
    except (RpaError, OSError) as error:
        return Posted(letters=tuple(office.outbox.waiting()), because=str(error))


def post(office: Office, holder: str, chosen: Sequence[int] | None = None) -> Posted:
    """The same for a command that is about mails: settings that are wrong end it as a UsageError.

    What a half-undone run has waiting is sent only where it was chosen.
    """
    return send_letters(
        office.outbox, way(office), holder, chosen, but_of={letter.run for letter in held_back(office)}
    )


def held_back(office: Office) -> list[Queued]:
    """What waits until the run that it is of is taken back whole, and is then discarded."""
    waiting = office.outbox.waiting()
    half_undone = office.half_undone() if waiting else ()
    return [letter for letter in waiting if letter.run in half_undone]


def way(office: Office) -> Way:
    """How mails leave this site."""

    def invite(letter: Queued, sender: str) -> EmailMessage:
        from rpa.flows import invitations

        return invitations.message_of(letter, sender, office.vault)

    return Way(
        sender=office.settings.mail.from_,
        folder=office.outbox_folder,
        makers={**MAKERS, "invite": invite},
        server=office.mail_server,
        patience=PATIENCE,
    )


def tell(posted: Posted) -> None:
    """What became of the mails, for a person."""
    alike: defaultdict[tuple[MailState, str], list[Queued]] = defaultdict(list)
    for letter in posted.letters:
        # Files have names of their own, which are worth a line only where they are few.
        is_one_of_many = letter.state is MailState.WRITTEN and len(posted.letters) > MOST_NAMED
        sentence = "Written into the outbox's folder." if is_one_of_many else letter.sentence
        alike[letter.state, sentence or posted.because].append(letter)
    for (state, sentence), letters in alike.items():
        output.talk(f"{_names(letters)} {WORDS.get(state, 'not sent')}: {sentence}")
        if state is MailState.UNKNOWN:
            number = letters[0].id
            output.talk(f"Look in the mailbox, then: rpa outbox settle {number} --sent (or --not-sent)")
    if posted.because:
        output.talk(f"{posted.because} `rpa outbox send` tries again.")


def _names(letters: Sequence[Queued]) -> str:
    if len(letters) > MOST_NAMED:
        return f"{len(letters)} mails"
    return ", ".join(f"Mail {letter.id} to {letter.letter.to}" for letter in letters)
