"""Plans at rest: signed when made, checked when used, used once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from rpa.domain.errors import PlanRefused, UsageError
from rpa.domain.plans import Plan
from rpa.domain.runs import without_secrets
from rpa.engine.journal import Journal, canonical
from rpa.engine.tables import plans
from rpa.private_files import replace_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN = "Nothing was changed. Make the plan again, look at it, and apply the new one."


class PlanStore:
    """The plans in the journal's database, each with a copy in `folder` that people and tools can read."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self._journal = journal
        self._folder = folder

    def keep(self, plan: Plan) -> Path:
        """Sign and store the plan; the path of its readable copy."""
        # What is shown and applied is the plan that is kept; only sentences of others may lose something.
        document = without_secrets(plan.document(), self._journal.clean)
        text = canonical(document)
        with self._journal.transaction() as connection:
            connection.execute(
                insert(plans).values(
                    id=plan.id,
                    created_at=plan.created_at,
                    document=text,
                    mac=self._journal.mac("plan", plan.id, text),
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy = self._folder / f"{plan.id}.json"
        readable = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        replace_whole(copy, readable.encode("utf-8"))
        return copy

    def load(self, named: str) -> Plan:
        """The plan with this id, or of this readable copy, proven untouched: somebody is about to use it.

        Raises UsageError for a plan that does not exist, PlanRefused for one that was changed by hand.
        """
        plan_id = self._id_of(named)
        text = self._proven(plan_id)
        copies = {self._folder / f"{plan_id}.json", Path(named)}
        for copy in copies:
            if copy.is_file() and _canonical_file(copy) != text:
                raise PlanRefused(
                    f"Plan {plan_id} was changed after it was made: {copy} differs.", next_step=AGAIN
                )
        return Plan.from_document(json.loads(text))

    def of_run(self, plan_id: str) -> Plan:
        """The plan of a run: whatever has become of its readable copy, the run is what it was."""
        return Plan.from_document(json.loads(self._proven(plan_id)))

    def _proven(self, plan_id: str) -> str:
        """The plan's text out of the database, as it was signed."""
        found = self._stored(plan_id)
        text = str(found["document"])
        if found["mac"] != self._journal.mac("plan", plan_id, text):
            raise PlanRefused(f"Plan {plan_id} was changed after it was made.", next_step=AGAIN)
        return text

    def use(self, plan: Plan, run: str) -> None:
        """Mark the plan as used by this run, or raise PlanRefused where a run has used it.

        A run that was killed before it began has used nothing. Whoever calls this holds the account's lock,
        so no run of this plan is just beginning.
        """
        self.refuse_used(plan)
        used_by = self._stored(plan.id)["used_by"]
        with self._journal.transaction() as connection:
            mine = connection.execute(
                update(plans)
                .where(plans.c.id == plan.id, plans.c.used_by.is_not_distinct_from(used_by))
                .values(used_by=run)
            )
        if mine.rowcount != 1:
            raise PlanRefused(
                f"Plan {plan.id} is taken by another run.", next_step="Nothing was changed now."
            )

    def refuse_used(self, plan: Plan) -> None:
        """Raise PlanRefused, naming the run, where one that has begun has used the plan."""
        used_by = self._stored(plan.id)["used_by"]
        if used_by and self._journal.has_begun(used_by):
            raise PlanRefused(
                f"Plan {plan.id} was applied already, by run {used_by}.",
                next_step=f"Nothing was changed now. Look at it with: rpa show {used_by}",
            )

    def _id_of(self, named: str) -> str:
        return Path(named).stem if named.endswith(".json") else named

    def _stored(self, plan_id: str) -> Mapping[str, str]:
        with self._journal.engine.connect() as connection:
            found = connection.execute(select(plans).where(plans.c.id == plan_id)).mappings().one_or_none()
        if found is None:
            raise UsageError(
                f"There is no plan {plan_id!r}.",
                next_step="A plan is made by a flow without --apply; its id is printed at the end.",
            )
        return dict(found)


def _canonical_file(path: Path) -> str | None:
    try:
        return canonical(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
