"""temporary"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NewType

EmployeeId = NewType("EmployeeId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    employee_id: EmployeeId
    row: int
    name: str = ""
    site: str = ""
    campaign: str = ""
    esp_manager: str = ""
    esp_start: date | None = None
    esp_end: date | None = None
    cxp_email: str = ""
    personal_email: str = ""


def same_person_name(a: str, b: str) -> bool:
    return sorted(a.replace(",", " ").casefold().split()) == sorted(b.replace(",", " ").casefold().split())
