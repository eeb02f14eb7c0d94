"""The tables of the journal's database: events and plans, and what goes by them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

schema = MetaData()

events = Table(
    "events",
    schema,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("run", String(32), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("row", Integer),
    Column("employee_id", String(32), nullable=False, index=True),
    Column("data", Text, nullable=False),
    Column("mac", String(64), nullable=False),
)

plans = Table(
    "plans",
    schema,
    Column("id", String(32), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("document", Text, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("used_by", String(32)),
)

outbox = Table(
    "outbox",
    schema,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("run", String(32), nullable=False, index=True),
    Column("message_id", String(200), nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("message", JSON, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

tracker_cells = Table(
    "tracker_cells",
    schema,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", String(32), nullable=False, index=True),
    Column("employee_id", String(32), nullable=False),
    Column("field", String(200), nullable=False),
    Column("value", String(1000), nullable=False),
    Column("is_date", Boolean, nullable=False),
    Column("seen", Text),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run", "employee_id", "field", "value"),
)

locks = Table(
    "locks",
    schema,
    Column("name", String(300), primary_key=True),
    Column("run", String(32), nullable=False),
    Column("token", String(32), nullable=False),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
)

claims = Table(
    "claims",
    schema,
    Column("day", String(10), nullable=False),
    Column("job", String(100), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", String(40), nullable=False),
    UniqueConstraint("day", "job"),
)

# What portals have said of passwords, each by a keyed hash.
passwords = Table(
    "passwords",
    schema,
    Column("mark", String(64), primary_key=True),
    Column("portal", String(32), nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("refusal", Text),
    Column("at", String(40), nullable=False),
)
