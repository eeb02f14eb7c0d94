"""The portals as the nightly check asks them: with patience, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rpa.domain.errors import RpaError
from rpa.domain.records import CustomFields, HomeDepartment
from rpa.domain.rosters import TrainingClass
from rpa.engine.reading import Reader
from rpa.flows.portals import Portals


class Dashboard(Protocol):
    """BlackDash as the check needs it; every method may raise an RpaError."""

    def classes(self) -> Sequence[TrainingClass]: ...
    def roster(self, one: TrainingClass) -> frozenset[str]: ...


class Records(Protocol):
    """ADP likewise; RuleRefused where there is not exactly one record."""

    def read(self, employee_id: str) -> tuple[str, CustomFields]: ...
    def home_department(self, employee_id: str) -> HomeDepartment: ...


@dataclass(frozen=True, slots=True)
class RetriedPortals:
    """Both portals for the check, each reading repeated while it fails by the portal's fault."""

    portals: Portals
    reader: Reader[Portals]

    def classes(self) -> Sequence[TrainingClass]:
        return self.reader.read(self.portals.blackdash.classes)

    def roster(self, one: TrainingClass) -> frozenset[str]:
        return self.reader.read(lambda: self.portals.blackdash.roster(one))

    def read(self, employee_id: str) -> tuple[str, CustomFields]:
        return self.reader.read(lambda: self.portals.adp.read(employee_id))

    def home_department(self, employee_id: str) -> HomeDepartment:
        return self.reader.read(lambda: self.portals.adp.home_department(employee_id))


@dataclass(frozen=True, slots=True)
class NoPortals:
    """Portals that cannot be used tonight, for one reason."""

    reason: RpaError

    def classes(self) -> Sequence[TrainingClass]:
        raise self.reason

    def roster(self, one: TrainingClass) -> frozenset[str]:
        del one
        raise self.reason

    def read(self, employee_id: str) -> tuple[str, CustomFields]:
        del employee_id
        raise self.reason

    def home_department(self, employee_id: str) -> HomeDepartment:
        del employee_id
        raise self.reason
