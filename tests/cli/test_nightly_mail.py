"""The mail of a night: what a manager must know stands in the mail itself, not in what is attached."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.adapters.mail_texts import Report
from rpa.cli import nightly_check
from rpa.cli.nightly_mail import NOT_LOOKED_AT, mail_of
from rpa.cli.office import Office
from rpa.engine.outbox import Letter, MailState
from rpa.flows.post import report_letter
from rpa.settings import load_settings
from tests.adapters.sample_nights import full_night


def test_what_was_not_looked_at_stands_in_the_mail() -> None:
    """Gaps with the next step, rules that could not be judged, and rows that are carried over."""
    night = full_night()
    mail = mail_of(night)
    intro = "\n".join(mail.intro)
    assert "The roster of ESP Ortiz running could not be read: it shows an error. Look at the class" in intro
    assert night.not_judged
    assert all(one.sentence in intro for one in night.not_judged)
    assert night.compared.carried
    shown = [(row[0], row[2]) for row in mail.rows]
    assert all((row.subject, NOT_LOOKED_AT) in shown for row in night.compared.carried)
    assert len(mail.rows) == len(night.compared.rows) + len(night.compared.carried)


@pytest.mark.parametrize(("kind", "is_told"), [("noc-spin-up", True), ("report", False)])
def test_a_mail_that_only_was_written_to_a_file_waits_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, is_told: bool
) -> None:
    """Without a mail server NOC hears nothing until a person sends the file; a report is read as it is."""
    for name, value in {"RPA_STATE_DIR": str(tmp_path / "state"), "RPA_TODAY": "2026-11-23"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    office = Office(load_settings())
    letter = report_letter(
        "noc:1", to="noc@example.invalid", subject="Spin up", about=Report(intro=["Please."])
    )
    content = {**letter.content, "kind": kind}
    office.outbox.queue(
        "run-1", Letter(key="1", to=letter.to, subject="Spin up", content=content), datetime.now(UTC)
    )
    (queued,) = office.outbox.waiting()
    office.outbox.move(queued, MailState.WRITTEN, "Written; a person sends it.")
    report, _, _ = nightly_check.check(office)
    assert ("mail-unsent" in {row.rule for row in report.compared.rows}) is is_told
