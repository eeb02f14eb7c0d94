"""The JSON shapes of plans and runs, as `--json` prints them (schema_version 1)."""

from __future__ import annotations

from typing import Any

from rpa.domain.plans import Plan, PlanRow
from rpa.domain.runs import Run, RunRow


def plan_document(plan: Plan) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        "plan": plan.id,
        "flow": plan.flow,
        "route": plan.route,
        "file": plan.source,
        "today": plan.today.isoformat(),
        "expires_at": plan.expires_at.isoformat(),
        "rows": [_plan_row(row) for row in plan.rows],
        "counts": plan.counts,
        "notes": list(plan.notes),
    }


def _plan_row(row: PlanRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "employee_id": row.employee_id,
        "name": row.name,
        "outcome": row.outcome.value,
        "before": row.before,
        "after": dict(row.after),
        "reason": row.reason,
        "about": dict(row.about),
    }


def run_document(run: Run) -> dict[str, Any]:
    """A run as JSON."""
    return {
        "run": run.id,
        "plan": run.plan,
        "flow": run.flow,
        "route": run.route,
        "state": run.state,
        "stopped_because": run.stopped_because,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "rows": [_run_row(row) for row in run.rows],
        "rosters": [
            {
                "class": roster.name,
                "listed": list(roster.listed),
                "missing": list(roster.missing),
                **({} if roster.gone is None else {"gone": list(roster.gone)}),
                "headcount": roster.headcount,
            }
            for roster in run.rosters
        ],
        "mails": [
            {"to": mail.to, "subject": mail.subject, "state": mail.state, "sentence": mail.sentence}
            for mail in run.mails
        ],
        "notices": list(run.notices),
        "counts": run.counts,
    }


def _run_row(row: RunRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "employee_id": row.employee_id,
        "name": row.name,
        "outcome": row.outcome.value,
        "before": dict(row.before),
        "after": dict(row.after),
        "found": dict(row.found),
        "reason": row.reason,
        "next_step": row.next_step,
    }
