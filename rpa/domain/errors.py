"""Everything that can go wrong, one class for each reaction.

RpaError                    what happened, whether anything was changed, the next step
├── UsageError              the command, a file or a setting is wrong        exit 2, nothing was started
├── RuleRefused             a rule of the work says no for this agent        row `refused`, nothing written
├── PlanRefused             plan stale, tampered, used or drifted whole      exit 3, nothing written
├── Busy                    another process does this now                    exit 4, nothing written
├── TrackerBusy             the tracker cannot be written now; nothing was   its writes wait in the queue
├── SignInNeeded            a person must sign in                            exit 5, run stops
│   └── SignInRefused       the portal said no to user or password           the same, and never typed again
├── BrowserLost             no browser can be kept alive                     run stops, `rpa resume` goes on
├── PortalFailed            a portal did not do its part; nothing written    row `failed`; reads are retried
│   ├── PortalBusy          it said when to come back (429)                  the same, after that time
│   └── SessionLost         the session ended under us                       sign in once, row from its start
├── WrongRecord             the screen shows somebody else                   row `failed`, nothing written
├── AccessMissing           the account lacks a menu or a right              row `failed`, nothing written
├── JournalFailed           what happens can no longer be remembered         run stops before the next step
└── GuardBroken             the dry-run guard did not hold or saw a write    run stops
"""

from __future__ import annotations


class RpaError(Exception):
    """An error told to a person: what happened, and what to do next."""

    exit_code = 1

    def __init__(self, what: str, *, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what} {self.next_step}".strip()


class UsageError(RpaError):
    """The command, an input file or a setting is wrong; nothing was started."""

    exit_code = 2


class RuleRefused(RpaError):
    """A rule of the work says no for this agent; nothing was written."""


class PlanRefused(RpaError):
    """The plan is stale, tampered with, used or drifted as a whole; nothing was written."""

    exit_code = 3


class Busy(RpaError):
    """Another process does now what only one may do at a time; nothing was written."""

    exit_code = 4


class TrackerBusy(RpaError):
    """The tracker cannot be written now (open, locked, changed under us); nothing in it was changed."""


class SignInNeeded(RpaError):
    """A person must sign in before anything can go on."""

    exit_code = 5


class SignInRefused(SignInNeeded):
    """The portal refused user name or password; `sentence` is its own."""

    def __init__(self, what: str, *, sentence: str, next_step: str = "") -> None:
        super().__init__(what, next_step=next_step)
        self.sentence = sentence


class BrowserLost(RpaError):
    """The browser, or the program that drives it, is gone, and a new one did not help."""


class PortalFailed(RpaError):
    """A portal did not do its part while reading; nothing was written."""


class PortalBusy(PortalFailed):
    """The portal asked to come back later; `retry_after` in seconds."""

    def __init__(self, what: str, *, retry_after: float, next_step: str = "") -> None:
        super().__init__(what, next_step=next_step)
        self.retry_after = retry_after


class SessionLost(PortalFailed):
    """The portal session ended under us: timed out, or signed in elsewhere."""


class WrongRecord(RpaError):
    """The screen shows somebody else than the row's employee id; nothing was written."""


class AccessMissing(RpaError):
    """The account lacks a menu or a right that the flow needs."""


class JournalFailed(RpaError):
    """The journal cannot be written (disk full, database gone), so nothing more may be done."""


class GuardBroken(RpaError):
    """The dry-run guard did not hold, or something tried to write during a dry run."""
