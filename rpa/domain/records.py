"""What ADP shows of one agent, and what it answers to Done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rpa.domain.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFields:
    """An agent's training values as ADP shows them; compare two with ==."""

    esp_start: date | None
    esp_end: date | None
    graduation: date | None
    uptraining: str

    def as_values(self) -> dict[str, str | None]:
        """The same by field name, as plans and the journal hold it."""
        return {
            "esp_start_date": self.esp_start.isoformat() if self.esp_start else None,
            "esp_end_date": self.esp_end.isoformat() if self.esp_end else None,
            "training_graduation_date": self.graduation.isoformat() if self.graduation else None,
            "uptraining_class": self.uptraining,
        }

    @classmethod
    def from_values(cls, values: Values) -> CustomFields:
        """What `as_values` was made of."""

        def day(field: str) -> date | None:
            text = values.get(field)
            return date.fromisoformat(text) if text else None

        return cls(
            esp_start=day("esp_start_date"),
            esp_end=day("esp_end_date"),
            graduation=day("training_graduation_date"),
            uptraining=values.get("uptraining_class") or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDepartment:
    """Where ADP counts an agent's head, by the entry's full text, and since when."""

    entry: str
    effective: date | None

    def as_values(self) -> dict[str, str | None]:
        """The same by field name, as plans and the journal hold it."""
        return {
            "home_department": self.entry,
            "home_department_effective": self.effective.isoformat() if self.effective else None,
        }


class AnswerKind(StrEnum):
    """What a panel does after Done was pressed.

    SIGNED_OUT: the sign-in page came in its place, and no save was accepted before.
    """

    SAVED = "saved"
    APPROVAL = "approval"
    REJECTED = "rejected"
    SILENT = "silent"
    SIGNED_OUT = "signed out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The portal's answer to Done; `sentence` holds its own words, and is empty where it said nothing."""

    kind: AnswerKind
    sentence: str = ""


Pressed = Mapping[str, Answer | None]
"""The fields of the panels whose Done was pressed, with the answer to it; None where none was seen."""
