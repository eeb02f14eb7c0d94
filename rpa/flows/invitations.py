"""Sends invites: each address gets each version once, updates and cancellations included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        """The versions that have to be sent so that everybody has what is planned; none for what is over.

        An entry of the group that is no occasion any more is cancelled. One that waits for its link stays in
        the calendars as it is, but for those who are no guests any more.
        """
        return self._changes(self._store.of_class(group), occasions, now, today)

    def changes_of(self, occasion: Occasion, *, now: datetime, today: date) -> tuple[Version, ...]:
        """The same of one occasion, whatever else there is in its group."""
        return self._changes(self._store.of_uids([occasion.uid]), [occasion], now, today)

    def _changes(
        self,
        earlier: Mapping[tuple[str, str], Version],
        occasions: Sequence[Occasion],
        now: datetime,
        today: date,
    ) -> tuple[Version, ...]:
        wanted = {
            (occasion.uid, self._attendee(guest.address)): (occasion, guest)
            for occasion in occasions
            for guest in occasion.guests
        }
        asked = [
            self._request(key, *wanted[key], earlier.get(key), now)
            for key in wanted
            if wanted[key][0].ends >= today and not wanted[key][0].waits
        ]
        gone = [
            self._cancellation(version, now)
            for key, version in earlier.items()
            if key not in wanted and not version.cancelled and version.ends >= today
        ]
        return (*(version for version in asked if version), *gone)

    def note_whose(self, group: str, occasions: Sequence[Occasion]) -> None:
        """Remember whose each mailbox is now, also where nothing had to be sent for it."""
        earlier = self._store.of_class(group)
        for occasion in occasions:
            for guest in occasion.guests:
                version = earlier.get((occasion.uid, self._attendee(guest.address)))
                if version and version.who != guest.who:
                    self._store.rename(version, guest.who)

    def left(self, group: str) -> tuple[Version, ...]:
        """The versions that a crash has kept from the outbox; the next sending hands them over."""
        return tuple(version for version in self._store.of_class(group).values() if not version.queued)

    def taken_back(self, uid: str, *, now: datetime, today: date) -> tuple[Version, ...]:
        """What tells everybody who has this entry that it is off; nothing where it is over."""
        return tuple(
            self._cancellation(version, now)
            for version in self._store.of_uids([uid]).values()
            if not version.cancelled and version.ends >= today
        )

    def forget(self, group: str) -> None:
        """Take a group's invites for cancelled without telling anybody: what was sent stays in calendars."""
        self._store.forget(group)

    def is_invited(self, uid: str) -> bool:
        """Whether anybody has this entry."""
        return any(not version.cancelled for version in self._store.of_uids([uid]).values())

    def letters(self, group: str, today: date) -> dict[Version, Queued]:
        """What became of the newest mail to each mailbox of a group, for all that is not over."""
        return self._letters(self._store.of_class(group).values(), today)

    def letters_of(self, uid: str, today: date) -> dict[Version, Queued]:
        """The same of one entry."""
        return self._letters(self._store.of_uids([uid]).values(), today)

    def _letters(self, versions: Iterable[Version], today: date) -> dict[Version, Queued]:
        current = [version for version in versions if version.ends >= today]
        found = self._outbox.of_keys(version.key for version in current)
        return {version: found[version.key] for version in current if version.key in found}

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

    def _attendee(self, address: str) -> str:
        """A mailbox as it is remembered: no server tells addresses apart by upper and lower case."""
        return self._journal.mac("attendee", address.casefold())[:32]

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
        return self._version(key[1], guest.who, occasion.group, occasion.ends, invite, digest)

    def _cancellation(self, version: Version, now: datetime) -> Version:
        invite = replace(self.invite(version), sequence=version.sequence + 1, stamp=now, cancelled=True)
        return replace(
            version,
            subject=invite.title,
            sequence=invite.sequence,
            digest=self._digest(invite),
            cancelled=True,
            sealed=self._sealed(invite),
            key=_key(invite, version.attendee),
            queued=False,
        )

    def _version(
        self, attendee: str, who: str, group: str, ends: date, invite: Invite, digest: str
    ) -> Version:
        return Version(
            uid=invite.uid,
            attendee=attendee,
            who=who,
            class_name=group,
            subject=invite.title,
            sequence=invite.sequence,
            digest=digest,
            cancelled=invite.cancelled,
            ends=ends,
            sealed=self._sealed(invite),
            key=_key(invite, attendee),
        )

    def _sealed(self, invite: Invite) -> str:
        return self._vault.seal(_INVITE.dump_json(invite).decode())

    def _digest(self, invite: Invite) -> str:
        """Over what the guest sees, not over when and how often it was sent."""
        guest = replace(invite.attendee, address=invite.attendee.address.casefold())
        said = replace(invite, sequence=0, stamp=datetime.min, attendee=guest)  # noqa: DTZ901  no moment at all
        return self._journal.mac("invite", _INVITE.dump_json(said).decode())


def _key(invite: Invite, attendee: str) -> str:
    return f"invite|{invite.uid}|{invite.sequence}|{attendee}"


def message_of(queued: Queued, sender: str, vault: Vault) -> EmailMessage:
    """The mail that an invite in the outbox stands for."""
    invite = _INVITE.validate_json(vault.open(str(queued.letter.content["sealed"])))
    return invite_mail(invite, sender=sender, message_id=queued.message_id)
