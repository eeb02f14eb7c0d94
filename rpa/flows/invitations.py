"""Sends invites: each address gets each version once, updates and cancellations included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage

from pydantic import TypeAdapter

from rpa.adapters.invites import Attendee, Invite, invite_mail
from rpa.domain.occasions import Guest, Occasion
from rpa.engine.invite_store import InviteStore, Version
from rpa.engine.journal import Journal
from rpa.engine.outbox import Letter, Outbox, Queued
from rpa.engine.vault import Vault

KIND = "invite"
_INVITE = TypeAdapter(Invite)


class Invitations:
    """The invites of one group (a class, the leaders) as they stand, and what they have to become."""

    def __init__(self, journal: Journal, outbox: Outbox, vault: Vault, organizer: str) -> None:
        self._journal = journal
        self._store = InviteStore(journal)
        self._outbox = outbox
        self._vault = vault
        self._organizer = organizer

    def changes(
        self, group: str, occasions: Sequence[Occasion], *, now: datetime, today: date
    ) -> tuple[Version, ...]:
        """The versions that have to be sent so that everybody has what is planned; none for what is over."""
        earlier = self._store.of_class(group)
        wanted = {
            (occasion.uid, self._attendee(guest)): (occasion, guest)
            for occasion in occasions
            for guest in occasion.guests
        }
        asked = [
            self._request(key, *wanted[key], earlier.get(key), now)
            for key in wanted
            if wanted[key][0].ends >= today
        ]
        gone = [
            self._cancellation(version, now)
            for key, version in earlier.items()
            if key not in wanted and not version.cancelled and version.ends >= today
        ]
        return (*(version for version in asked if version), *gone)

    def send(self, versions: Iterable[Version], *, run: str, now: datetime) -> int:
        """Hand the versions to the outbox, after what a crash may have left; how many went there now."""
        self._store.intend(versions)
        return sum(self._hand_over(version, run, now) for version in self._store.unqueued())

    def invite(self, version: Version) -> Invite:
        """What a version says."""
        return _INVITE.validate_json(self._vault.open(version.sealed))

    def _hand_over(self, version: Version, run: str, now: datetime) -> bool:
        letter = Letter(
            key=version.key,
            # The address itself is in the sealed part: no list of mails shows a personal one.
            to=version.who,
            subject=version.subject,
            content={"kind": KIND, "sealed": version.sealed},
        )
        is_new = self._outbox.queue(run, letter, now)
        self._store.mark_queued(version)
        return is_new

    def _attendee(self, guest: Guest) -> str:
        return f"{guest.who} {self._journal.mac('attendee', guest.address)[:12]}"

    def _request(
        self,
        key: tuple[str, str],
        occasion: Occasion,
        guest: Guest,
        earlier: Version | None,
        now: datetime,
    ) -> Version | None:
        """The next version for this guest; None where the one that is there says the same."""
        invite = Invite(
            uid=occasion.uid,
            sequence=earlier.sequence + 1 if earlier else 0,
            stamp=now,
            title=occasion.title,
            description=occasion.description,
            place=occasion.place,
            zone=occasion.zone,
            sittings=occasion.sittings,
            organizer=self._organizer,
            attendee=Attendee(address=guest.address, name=guest.name, opens=guest.opens),
        )
        digest = self._digest(invite)
        if earlier and not earlier.cancelled and earlier.digest == digest:
            return None
        return self._version(key[1], occasion.group, occasion.ends, invite, digest)

    def _cancellation(self, version: Version, now: datetime) -> Version:
        invite = replace(self.invite(version), sequence=version.sequence + 1, stamp=now, cancelled=True)
        return self._version(version.attendee, version.class_name, version.ends, invite, self._digest(invite))

    def _version(self, attendee: str, group: str, ends: date, invite: Invite, digest: str) -> Version:
        return Version(
            uid=invite.uid,
            attendee=attendee,
            class_name=group,
            subject=invite.title,
            sequence=invite.sequence,
            digest=digest,
            cancelled=invite.cancelled,
            ends=ends,
            sealed=self._vault.seal(_INVITE.dump_json(invite).decode()),
        )

    def _digest(self, invite: Invite) -> str:
        """Over what the guest sees, not over when and how often it was sent."""
        said = replace(invite, sequence=0, stamp=datetime.min)  # noqa: DTZ901  no moment at all
        return self._journal.mac("invite", _INVITE.dump_json(said).decode())


def message_of(queued: Queued, sender: str, vault: Vault) -> EmailMessage:
    """The mail that an invite in the outbox stands for."""
    invite = _INVITE.validate_json(vault.open(str(queued.letter.content["sealed"])))
    return invite_mail(invite, sender=sender, message_id=queued.message_id)
