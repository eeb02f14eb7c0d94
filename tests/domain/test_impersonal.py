"""What tells who somebody is, is covered; what an engineer needs stays."""

from __future__ import annotations

import pytest

from rpa.domain.impersonal import Impersonal

KNOWN = Impersonal.of(["7-1", "42"], ["Alvarez, Dana", "Maria Ortiz", "esp.manager", ""])


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("to dana.alvarez+x@cxp.example.com now", "to (mail) now"),
        ("?to=dana%40cxp.example.com&x", "?to=(mail)&x"),
        ("root@localhost", "(mail)"),
        ("agent 123456789, E10012 and G3ABCDE12345678", "agent ####, #### and ####"),
        ('{"row": "010482"}', '{"row": "####"}'),
        ("/people/10482/edit?id=10482", "/people/####/edit?id=####"),
        ("7-1 of 42, not 7-12 of 421", "#### of ####, not 7-12 of 421"),
        ("Alvarez, Dana; DANA  ALVAREZ; Ortiz, Maria", "(person); (person); (person)"),
        ("signed in as esp.manager", "signed in as (person)"),
    ],
)
def test_people_are_covered(text: str, covered: str) -> None:
    """Addresses and ids by their shape, known ids and names in whatever order and case."""
    assert KNOWN(text) == covered


@pytest.mark.parametrize(
    "text",
    [
        "run-20261123-084012-1f0c of plan-20261123-1f0c3a",
        "2026-11-27T13:36:33.123456Z",
        "Python 3.11.2, playwright 1.65.0, Chromium 142.0.7444.59",
        "510 - Aetna PRV Contact Center",
        '"\\u00410099bc"',
    ],
)
def test_what_is_nobody_stays(text: str) -> None:
    """Moments, versions, departments and the names of runs and plans are left as they are."""
    assert KNOWN(text) == text
