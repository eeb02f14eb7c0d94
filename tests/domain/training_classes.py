"""Training classes: two of one name that end on other days, and one of the uptraining route."""

from __future__ import annotations

from datetime import date

from rpa.domain.rosters import TrainingClass

START = date(2026, 11, 16)


def esp(end: date | None, manager: str = "Maria Ortiz", name: str = "ESP Ortiz 11/16") -> TrainingClass:
    return TrainingClass(
        name=name, campaign="Aetna", manager=manager, start=START, end=end, agents=5, spun_up=True
    )


SHORT, LONG = esp(date(2026, 11, 27)), esp(date(2026, 12, 4))
AETNA = TrainingClass(
    name="Aetna", campaign="Aetna", manager="", start=None, end=None, agents=1, spun_up=True
)
