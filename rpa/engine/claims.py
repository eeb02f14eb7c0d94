"""Who does the job of a business day: claimed in the journal's database, so that it is done once.

Only whoever holds the job's lock may claim, so a claim that is not done and whose lock is free was left by a
process that died: the next one takes it over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
from rpa.engine.tables import claims


class ClaimState(StrEnum):
    """Where a job of a day stands."""

    CLAIMED = "claimed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the journal says of a day's job; `at` is when it came to this."""

    job: str
    holder: str
    state: ClaimState
    at: datetime


class Claims:
    """The jobs of each business day, each done once however often it is started."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @contextmanager
    def held(self, day: date, job: str, holder: str) -> Iterator[Callable[[], None] | None]:
        """Claim a day's job until the block ends; None where it was done before.

        What is given says that the job is done; without that, and where the block raises, the next start
        takes the job over. Busy where another process holds it now.
        """
        with Lock(self._journal, f"job {job}", doing=f"does {job}").held(holder):
            is_ours = self._take(day, job, holder)
            yield (lambda: self._done(day, job, holder)) if is_ours else None

    def of_day(self, day: date) -> list[Claim]:
        """The claims of a day."""
        query = select(claims).where(claims.c.day == day.isoformat()).order_by(claims.c.job)
        with self._journal.engine.connect() as connection:
            return [
                Claim(
                    job=found["job"],
                    holder=found["holder"],
                    state=ClaimState(found["state"]),
                    at=datetime.fromisoformat(found["at"]),
                )
                for found in connection.execute(query).mappings()
            ]

    def _take(self, day: date, job: str, holder: str) -> bool:
        """Put the claim there, or take over one that is not done; False where it is."""
        values = {"holder": holder, "state": ClaimState.CLAIMED.value, "at": datetime.now(UTC).isoformat()}
        try:
            with self._journal.transaction() as connection:
                connection.execute(insert(claims).values(day=day.isoformat(), job=job, **values))
        except IntegrityError:
            with self._journal.transaction() as connection:
                is_open = and_(
                    claims.c.day == day.isoformat(),
                    claims.c.job == job,
                    claims.c.state == ClaimState.CLAIMED.value,
                )
                return connection.execute(update(claims).where(is_open).values(**values)).rowcount == 1
        return True

    def _done(self, day: date, job: str, holder: str) -> None:
        is_ours = and_(claims.c.day == day.isoformat(), claims.c.job == job, claims.c.holder == holder)
        values = {"state": ClaimState.DONE.value, "at": datetime.now(UTC).isoformat()}
        with self._journal.transaction() as connection:
            connection.execute(update(claims).where(is_ours).values(**values))
