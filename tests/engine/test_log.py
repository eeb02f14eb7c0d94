"""The log: whole, readable by machines, and without secrets."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from rpa.engine.log import Redaction, kept_log, old_logs

SECRET = 'p4ss "wörd"&/\\'


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    with kept_log(tmp_path / "logs", Redaction([SECRET])) as path:
        yield path


def test_event_is_one_json_line(log_file: Path) -> None:
    """An event is one line of JSON with its time, level and values."""
    structlog.get_logger().warning("picture_not_taken", employee_id="1001")
    (line,) = log_file.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["employee_id"]) == ("picture_not_taken", "warning", "1001")
    assert told["timestamp"].endswith("Z")


def test_secret_is_taken_out_however_it_got_in(log_file: Path) -> None:
    """A secret in a value, in an address, in an error or in a local variable does not reach the file."""

    def fail() -> None:
        typed = SECRET
        raise ValueError(f"could not type {typed}")

    log = structlog.get_logger()
    try:
        fail()
    except ValueError:
        log.exception("failed", address=f"http://x/?p={quote(SECRET, safe='')}", typed=SECRET)
    text = log_file.read_text(encoding="utf-8")
    assert "could not type" in text
    for spelling in (SECRET, quote(SECRET), quote(SECRET, safe=""), json.dumps(SECRET)[1:-1]):
        assert spelling not in text


def test_log_belongs_to_this_user_alone(log_file: Path) -> None:
    """Nobody else can read the log or its folder."""
    assert log_file.stat().st_mode & 0o077 == 0
    assert log_file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "spelled",
    [
        "a b!c'd/e:\"&f",
        "a%20b!c'd%2Fe%3A%22%26f",
        "a%20b!c'd%2fe%3a%22%26f",
        "a%20b%21c%27d%2Fe%3A%22%26f",
        "a+b%21c%27d%2Fe%3A%22%26f",
        "a%20b!c'd/e:%22&f",
        "a b!c'd/e:\\\"&f",
        "a b!c'd/e:\\\\\\\"&f",
        "a b!c&#x27;d/e:&quot;&amp;f",
        "a b!c&#39;d/e:&#34;&amp;f",
        "a b!c'd/e:\"&amp;f",
    ],
    ids=[
        "plain",
        "component",
        "lower",
        "quoted",
        "form",
        "address",
        "json",
        "json in json",
        "html",
        "jinja",
        "text",
    ],
)
def test_every_spelling_is_known(spelled: str) -> None:
    """Browsers, forms, JSON and HTML each write a secret in their own way."""
    assert Redaction(["a b!c'd/e:\"&f"])(f"<{spelled}>") == "<[removed]>"


def test_short_secret_is_no_part_of_an_id() -> None:
    """A password of four digits goes where it stands by itself, and mauls no id that it is a part of."""
    assert Redaction(["1234"])("typed 1234, of 912345 and 1234A: p=1234&x") == (
        "typed [removed], of 912345 and 1234A: p=[removed]&x"
    )


@given(secret=st.text(min_size=6), around=st.text())
def test_redaction_leaves_no_secret(secret: str, around: str) -> None:
    """Whatever the secret is and wherever it stands, it is gone afterwards."""
    if secret not in "[removed]":
        assert secret not in Redaction([secret])(f"{around}{secret}{around}").replace("[removed]", "\0")


def test_log_of_an_earlier_day_has_a_name_of_its_own(tmp_path: Path) -> None:
    """The first command of a day turns the logs over, so that old ones can be purged and found."""
    logs = tmp_path / "logs"
    with kept_log(logs, Redaction([])) as path:
        structlog.get_logger().info("yesterday")
    (logs / "schedule.log").write_text("yesterday")
    before = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    for name in ("rpa.jsonl", "schedule.log"):
        os.utime(logs / name, (before, before))
    for _ in range(2):
        with kept_log(logs, Redaction([])):
            structlog.get_logger().info("today")
    assert old_logs(logs, "rpa.jsonl") == [logs / "rpa-2026-11-20.jsonl"]
    assert "yesterday" in (logs / "rpa-2026-11-20.jsonl").read_text()
    assert path.read_text().count("today") == 2
    assert (logs / "schedule-2026-11-20.log").exists()


def test_more_secrets_can_be_added() -> None:
    """A session that became known later is taken out beside what was known before."""
    assert Redaction(["s3cret-1"]).also(["s3cret-2"])("s3cret-1 s3cret-2") == "[removed] [removed]"
