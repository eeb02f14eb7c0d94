"""The validation table that Home Department is picked from, with the near twins that real tables collect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SITES = ("PRV", "SLC", "MEM", "SAT")
CAMPAIGNS = {"CareSource": "511", "Aetna": "510", "Anthem": "520", "Assurance": "544"}
TRAINING = {"PRV": "910", "SLC": "920", "MEM": "930", "SAT": "940"}


@dataclass(frozen=True, slots=True)
class Department:
    """One entry of the table."""

    code: str
    name: str
    active: bool = True

    @property
    def label(self) -> str:
        """The entry as the look-up shows it."""
        return f"{self.code} - {self.name}"


def departments() -> list[Department]:
    """All entries by code; each site and campaign has exactly one that is right."""
    every = [*_office(), *(Department(code, f"Training {site}") for site, code in TRAINING.items())]
    for campaign, code in CAMPAIGNS.items():
        every += _of_campaign(campaign, code)
    return sorted(every, key=lambda one: (one.code, one.name))


def contact_center(campaign: str, site: str) -> str:
    """The department of agents who are on production."""
    return Department(CAMPAIGNS[campaign], f"{campaign} {site} Contact Center").label


def training(site: str) -> str:
    """The department of agents who are still in training."""
    return Department(TRAINING[site], f"Training {site}").label


def _of_campaign(campaign: str, code: str) -> Iterator[Department]:
    for site in SITES:
        yield Department(code, f"{campaign} {site} Contact Center")
        yield Department(f"{code}0", f"{campaign} {site} Contact Center Support")
        yield Department(code, f"{campaign} {site} Back Office")
        yield Department(code, f"{campaign} {site} Contact Centre (closed)", active=False)
    yield Department(code, f"{campaign} SLC2 Contact Center", active=False)


def _office() -> Iterator[Department]:
    for code, name in {
        "700": "Human Resources",
        "710": "Information Technology",
        "999": "Unassigned",
    }.items():
        yield Department(code, name)
