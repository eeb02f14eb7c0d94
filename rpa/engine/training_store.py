"""The classes that were planned, their rosters and their links, in the journal's database.

Rosters hold personal e-mail addresses, and a join link lets anybody in: both are stored sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Column, DateTime, String, Table, Text, delete, insert, select

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import UsageError
from rpa.domain.training_links import JoinLink
from rpa.domain.trainings import ClassPlan, Session
from rpa.engine.journal import Journal, canonical
from rpa.engine.tables import schema
from rpa.engine.vault import Vault

classes = Table(
    "training_classes",
    schema,
    Column("name", String(100), primary_key=True),
    Column("plan", Text, nullable=False),
    Column("roster", Text, nullable=False),
)

mentors = Table(
    "mentors",
    schema,
    Column("class_name", String(100), primary_key=True),
    Column("assignment", Text, nullable=False),
)

links = Table(
    "training_links",
    schema,
    Column("session", String(200), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
)

_LINK = TypeAdapter(JoinLink)
_PLAN = TypeAdapter(ClassPlan)
_ROSTER = TypeAdapter(tuple[Agent, ...])
_MENTORS = TypeAdapter(dict[EmployeeId, EmployeeId])


class TrainingStore:
    """Plans by the name of their class, and links by the id of their session."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._vault = vault
        schema.create_all(journal.engine, tables=[classes, links, mentors])

    def keep(self, plan: ClassPlan, roster: tuple[Agent, ...]) -> None:
        """Store the plan in place of an earlier one of this class."""
        with self._journal.transaction() as connection:
            connection.execute(delete(classes).where(classes.c.name == plan.name))
            connection.execute(
                insert(classes).values(
                    name=plan.name,
                    plan=canonical(_PLAN.dump_python(plan, mode="json")),
                    roster=self._vault.seal(_ROSTER.dump_json(roster).decode()),
                )
            )

    def forget(self, name: str) -> None:
        """Leave nothing of a class: plan, roster, mentors, links."""
        with self._journal.transaction() as connection:
            connection.execute(delete(classes).where(classes.c.name == name))
            connection.execute(delete(mentors).where(mentors.c.class_name == name))
            connection.execute(delete(links).where(links.c.session.startswith(f"{name}/", autoescape=True)))

    def plans(self) -> tuple[ClassPlan, ...]:
        """Every planned class, by start and name."""
        with self._journal.engine.connect() as connection:
            found = connection.execute(select(classes.c.plan)).scalars().all()
        plans = [_PLAN.validate_json(text) for text in found]
        return tuple(sorted(plans, key=lambda plan: (plan.start, plan.name)))

    def plan(self, name: str) -> ClassPlan:
        """The plan of this class; UsageError where there is none."""
        found = {plan.name: plan for plan in self.plans()}
        if name not in found:
            known = ", ".join(sorted(found)) or "none yet"
            raise UsageError(
                f"There is no class {name!r}.",
                next_step=f"Nothing was changed. Planned are: {known}. `rpa trainings plan` adds one.",
            )
        return found[name]

    def roster(self, name: str) -> tuple[Agent, ...]:
        """The agents of a planned class."""
        query = select(classes.c.roster).where(classes.c.name == name)
        with self._journal.engine.connect() as connection:
            sealed = connection.execute(query).scalar_one()
        return _ROSTER.validate_json(self._vault.open(sealed))

    def rosters(self) -> dict[str, frozenset[EmployeeId]]:
        """The ids of every class's agents, by its name."""
        return {
            plan.name: frozenset(agent.employee_id for agent in self.roster(plan.name))
            for plan in self.plans()
        }

    def mentors(self, name: str) -> dict[EmployeeId, EmployeeId]:
        """Who was assigned to whom in this class, by agent; empty where nobody was."""
        query = select(mentors.c.assignment).where(mentors.c.class_name == name)
        with self._journal.engine.connect() as connection:
            found = connection.execute(query).scalar()
        return {} if found is None else _MENTORS.validate_json(found)

    def mentored_elsewhere(self, name: str) -> dict[str, dict[EmployeeId, EmployeeId]]:
        """Who was assigned to whom in every other class, by its name."""
        query = select(mentors).where(mentors.c.class_name != name)
        with self._journal.engine.connect() as connection:
            found = connection.execute(query).mappings().all()
        return {row["class_name"]: _MENTORS.validate_json(row["assignment"]) for row in found}

    def keep_mentors(self, name: str, assigned: Mapping[EmployeeId, EmployeeId]) -> None:
        """Store who is assigned to whom, so that the next look changes no more than it must."""
        with self._journal.transaction() as connection:
            connection.execute(delete(mentors).where(mentors.c.class_name == name))
            connection.execute(insert(mentors).values(class_name=name, assignment=canonical(dict(assigned))))

    def keep_link(self, session: Session, url: str, now: datetime) -> None:
        """Store the join link of a session, with the days it is for, in place of an earlier one."""
        sealed = self._vault.seal(_LINK.dump_json(JoinLink(url=url, days=session.days)).decode())
        with self._journal.transaction() as connection:
            connection.execute(delete(links).where(links.c.session == session.id))
            connection.execute(insert(links).values(session=session.id, sealed=sealed, entered_at=now))

    def linked(self) -> frozenset[str]:
        """The ids of the sessions that have a link for the days that are planned now."""
        found = self.links()
        return frozenset(
            session.id
            for plan in self.plans()
            for session in plan.sessions
            if session.id in found and found[session.id].is_for(session.days)
        )

    def outdated(self) -> dict[str, tuple[date, ...]]:
        """The sessions whose link was made for other days, and which those are."""
        found = self.links()
        return {
            session.id: found[session.id].days
            for plan in self.plans()
            for session in plan.sessions
            if session.id in found and not found[session.id].is_for(session.days)
        }

    def links(self) -> Mapping[str, JoinLink]:
        """The join links in clear, for invites alone, by session."""
        with self._journal.engine.connect() as connection:
            found = connection.execute(select(links.c.session, links.c.sealed)).all()
        return {session: _LINK.validate_json(self._vault.open(sealed)) for session, sealed in found}
