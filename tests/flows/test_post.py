"""Letters that have something with them."""

from __future__ import annotations

from pathlib import Path

from rpa.adapters.mail_texts import Escalated
from rpa.flows.post import MOST_ATTACHED, it_letter


def test_pictures_go_with_the_mail_to_it(tmp_path: Path) -> None:
    """The evidence is attached, as much as mail servers take; what is not there or too big is only named."""
    (tmp_path / "1-filled.png").write_bytes(b"small")
    (tmp_path / "1-after.png").write_bytes(b"0" * MOST_ATTACHED)
    evidence = Escalated(
        employee_id="1",
        name="Someone",
        class_name="Aetna",
        done="transferred",
        at="",
        shows="still listed",
        pictures=("1-filled.png", "1-after.png", "1-gone.png"),
    )
    letter = it_letter("key", to="it@portal.example", subject="Stuck", agents=[evidence], folder=tmp_path)
    assert [one.name for one in letter.attachments] == ["1-filled.png"]
    assert letter.content["agents"][0]["pictures"] == evidence.pictures
