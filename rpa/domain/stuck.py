"""Who is stuck, and why: one table of rules, each a pure condition over the facts of one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rpa.domain import stuck_at_transfer as at_transfer
from rpa.domain import stuck_in_training as in_training
from rpa.domain import stuck_loose_ends as loose_ends
from rpa.domain import stuck_on_uptraining as on_uptraining
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_verdicts import Action, Severity, Verdict

TRACKER, ROSTERS, RECORD, JOURNAL = (Source.TRACKER, Source.ROSTERS, Source.RECORD, Source.JOURNAL)
CALL_CERT = "Call Cert/TBT G2T"
EXTENSION = "ESP Training Environment Extension"
PRODUCTION = "ESP Transfer to Production"
BY_HAND = "by hand"

_EXTEND = Action("Extend the training environment", "extend")
_TRANSFER = Action("Transfer to production", "transfer")
_AGAIN = Action("Check the values in ADP once more; then IT", "transfer", "--again")
_CLEAR = Action("Erase Uptraining Class", "clear-uptraining")
_VERIFY = Action("Look at the rosters; still missing: write to IT", "verify", "--wait")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of being stuck: its condition, what it needs to be judged at all, and what to do about it.

    `uses` is what else it goes by: without one of these it may be silent about somebody who is still stuck.
    """

    name: str
    title: str
    condition: Callable[[Facts, Night], Verdict]
    needs: frozenset[Source]
    severity: Severity
    action: Action
    guide: str
    uses: frozenset[Source] = frozenset()


def _rule(
    condition: Callable[[Facts, Night], Verdict],
    title: str,
    needs: set[Source],
    severity: Severity,
    action: Action,
    guide: str,
    uses: Iterable[Source] = (),
) -> Rule:
    name = condition.__name__.replace("_", "-")
    return Rule(name, title, condition, frozenset(needs), severity, action, guide, frozenset(uses))


NOW, SOON, NOTE = Severity.NOW, Severity.SOON, Severity.NOTE
RULES = (
    _rule(
        in_training.certs_open_at_end,
        "End date reached, Call Certs open",
        {TRACKER},
        NOW,
        _EXTEND,
        EXTENSION,
        uses=(ROSTERS, RECORD),
    ),
    _rule(
        on_uptraining.uptraining_misspelt,
        "Uptraining Class misspelt",
        {RECORD},
        NOW,
        Action("Correct Uptraining Class in ADP by hand: no run wrote it"),
        EXTENSION,
        uses=(TRACKER, ROSTERS, JOURNAL),
    ),
    _rule(
        in_training.extended_not_on_roster,
        "Extended, but on no roster",
        {ROSTERS, RECORD},
        NOW,
        _VERIFY,
        EXTENSION,
        uses=(TRACKER, JOURNAL),
    ),
    _rule(
        at_transfer.transferred_on_roster,
        "Marked transferred, still on a roster",
        {TRACKER, ROSTERS},
        NOW,
        _AGAIN,
        PRODUCTION,
    ),
    _rule(
        at_transfer.transferred_in_training_department,
        "Marked transferred, still counted in training",
        {TRACKER, RECORD},
        NOW,
        _AGAIN,
        PRODUCTION,
        uses=(ROSTERS,),
    ),
    _rule(
        loose_ends.outcome_unknown,
        "A run may have written, nobody knows",
        {JOURNAL},
        NOW,
        Action("Look in ADP and settle the row"),
        BY_HAND,
    ),
    _rule(
        in_training.row_without_roster,
        "In training by ADP, but on no roster",
        {TRACKER, ROSTERS, RECORD},
        SOON,
        _VERIFY,
        EXTENSION,
    ),
    _rule(
        in_training.roster_without_row,
        "On a roster, but not in the tracker",
        {TRACKER, ROSTERS},
        SOON,
        Action("Add the agent to the tracker, or have the class corrected"),
        EXTENSION,
    ),
    _rule(
        at_transfer.complete_on_roster,
        "Complete, still in training",
        {TRACKER, ROSTERS},
        SOON,
        _TRANSFER,
        PRODUCTION,
    ),
    _rule(
        at_transfer.complete_in_training_department,
        "Complete, still counted in training",
        {TRACKER, RECORD},
        SOON,
        _TRANSFER,
        PRODUCTION,
        uses=(ROSTERS,),
    ),
    _rule(
        on_uptraining.uptraining_not_undone,
        "Certs done, uptraining not undone",
        {TRACKER},
        SOON,
        _CLEAR,
        EXTENSION,
        # Not the record: a roster alone may show that it is not undone.
        uses=(ROSTERS, JOURNAL),
    ),
    _rule(
        in_training.no_one_record,
        "No one active record in ADP",
        {RECORD},
        SOON,
        Action("Correct the employee id in the tracker, or take the row out"),
        BY_HAND,
        uses=(TRACKER, ROSTERS, JOURNAL),
    ),
    _rule(
        in_training.rows_doubled,
        "Several rows in the tracker",
        {TRACKER},
        SOON,
        Action("Leave one of the rows"),
        BY_HAND,
    ),
    _rule(
        loose_ends.approval_pending,
        "Waits for approval in ADP",
        {JOURNAL},
        SOON,
        Action("Have it approved"),
        BY_HAND,
    ),
    _rule(
        loose_ends.change_pending,
        "A run to be seen through",
        {JOURNAL},
        SOON,
        Action("rpa resume RUN"),
        BY_HAND,
    ),
    _rule(
        loose_ends.mail_unsent,
        "Mail that has not left",
        {JOURNAL},
        SOON,
        Action("rpa outbox list"),
        BY_HAND,
    ),
    _rule(
        loose_ends.team_behind,
        "Team behind with the tracker",
        {TRACKER},
        SOON,
        Action("Report it"),
        BY_HAND,
    ),
    _rule(
        in_training.call_cert_slow,
        "Needs longer for Call Cert/TBT",
        {TRACKER},
        SOON,
        Action("Forward the invite, or add the agent to another session"),
        CALL_CERT,
    ),
    _rule(
        loose_ends.tracker_write_waiting,
        "Tracker still to be written",
        {JOURNAL},
        SOON,
        Action("Close the tracker in Excel, then: rpa tracker sync"),
        BY_HAND,
    ),
    _rule(
        on_uptraining.uptraining_open,
        "Uptraining open",
        {JOURNAL},
        NOTE,
        Action("Erase it when the Call Certs are done: rpa clear-uptraining"),
        EXTENSION,
    ),
)
RULE_OF = {rule.name: rule for rule in RULES}
# These find a mail or a team; all others find an agent.
NOT_OF_AGENTS = frozenset({"mail-unsent", "team-behind"})
